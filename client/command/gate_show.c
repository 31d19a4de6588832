/* What people and programs get of the gate's answer. Decides nothing. */
#include <errno.h>
#include <string.h>

#include "codec/codec.h"
#include "command/colour.h"
#include "command/failure.h"
#include "command/gate.h"
#include "command/report_inside.h"
#include "command/rule_list.h"
#include "command/show.h"
#include "command/text.h"
#include "command/words.h"

/* ---- one finding after the other ---- */

enum {
	INDENT = 4,
};

/* One line, or on a terminal as many as it takes. @param used columns of the first line that are taken; the
 * others are indented */
static void print_wrapped(struct session *session, size_t used, int indent, const char *text)
{
	const char *next = text_clean(session->arena, text);
	size_t width = session->width;
	if (width <= (size_t)indent + used) {
		buffer_print(&session->out, "%s\n", next);
		return;
	}
	for (size_t room = width - used; *next; room = width - (size_t)indent) {
		const char *line = next;
		size_t size = text_line(line, room, &next);
		buffer_print(&session->out, "%.*s\n%*s", (int)size, line, *next ? indent : 0, "");
	}
}

static void print_line(struct session *session, const char *title, const char *text)
{
	if (!*text)
		return;
	buffer_print(&session->out, "%*s%s%s%s ", INDENT, "", colour_start(COLOUR_FAINT, session->colour),
		title, colour_end(COLOUR_FAINT, session->colour));
	print_wrapped(session, INDENT + strlen(title) + 1, 2 * INDENT, text);
}

static void print_place(struct session *session, const Tally__V1__DescriptorRef *place)
{
	struct arena *arena = session->arena;
	const char *value = *place->value ? arena_print(arena, " = %s", place->value) : "";
	const char *from = "";
	if (place->source)
		from = arena_print(arena, " (%s%s%s)", place->source->file, *place->source->path ? ": " : "",
			place->source->path);
	print_line(session, "-", arena_print(arena, "%s%s%s", report_place(arena, place), value, from));
}

static void print_reason(struct session *session, const Tally__V1__Finding *finding)
{
	struct arena *arena = session->arena;
	enum colour colour =
		finding->severity == TALLY__V1__SEVERITY__SEVERITY_ERROR ? COLOUR_RED : COLOUR_YELLOW;
	buffer_print(&session->out, "\n%s%s%s %s %s (%s)\n%*s", colour_start(colour, session->colour),
		words_severity(finding->severity), colour_end(colour, session->colour),
		text_clean(arena, finding->rule), text_clean(arena, finding->subject),
		text_clean(arena, words_last(finding->name)), INDENT, "");
	print_wrapped(session, INDENT, INDENT, finding->message);
	for (size_t i = 0; i < finding->n_descriptors; i++)
		print_place(session, finding->descriptors[i]);
	print_line(session, "Whose move it is:", report_teams(arena, finding));
	print_line(session, "What to do:", finding->remedy);
	print_line(session, "Last passed with:", report_last_passed(arena, finding));
}

void gate_show_reasons(struct session *session, Tally__V1__Finding *const *findings, size_t count, size_t all)
{
	for (size_t i = 0; i < count && i < GATE_REASONS_MAX; i++)
		print_reason(session, findings[i]);
	size_t shown = count < GATE_REASONS_MAX ? count : GATE_REASONS_MAX;
	if (shown < all)
		buffer_print(&session->out, "\nand %s more\n",
			words_count(session->arena, (int64_t)(all - shown), "finding"));
}

/* ---- all of it ---- */

static void show_text(struct session *session, const struct gate_ask *ask, struct gate *gate)
{
	show_verdict_line(session, &gate->verdict);
	if (*ask->scope)
		buffer_print(&session->out, "Judged: %s\n", text_clean(session->arena, ask->scope));
	if (gate->compared) {
		bool what_if = ask->with.count > 0 || ask->version_count > 0;
		show_changes(session, what_if ? "Would open" : "New", gate->opened, gate->opened_count,
			show_findings_table);
		show_changes(session, what_if ? "Would be resolved" : "Gone", gate->resolved,
			gate->resolved_count, show_resolved_table);
	}
	if (gate->failing_count > 0)
		buffer_print(&session->out, "\n%sWhat blocks:%s\n",
			colour_start(COLOUR_BOLD, session->colour), colour_end(COLOUR_BOLD, session->colour));
	gate_show_reasons(session, gate->failing, gate->failing_count, gate->failing_count);
}

static json_t *answer_json(struct arena *arena, const struct gate_ask *ask, const struct gate *gate)
{
	json_t *object = show_verdict_json(&gate->verdict);
	json_object_set_new(object, "judged", json_string(text_clean(arena, ask->scope)));
	json_object_set_new(object, "fail_on", json_string(words_severity(ask->fail_on)));
	if (gate->compared) {
		json_object_set_new(object, "opened", show_findings_json(gate->opened, gate->opened_count));
		json_object_set_new(
			object, "resolved", show_findings_json(gate->resolved, gate->resolved_count));
	}
	json_object_set_new(
		object, "findings", show_findings_json(gate->report.findings, gate->report.count));
	json_object_set_new(object, "omitted_findings", json_integer(gate->omitted));
	return object;
}

static void print(struct session *session, const struct gate_ask *ask, const struct gate *gate,
	const char *format, struct buffer *out)
{
	if (strcmp(format, "json") != 0) {
		report_print(format, session->arena, &gate->report, out);
		return;
	}
	json_t *object = answer_json(session->arena, ask, gate);
	codec_print_json(object, out);
	json_decref(object);
	if (out->size > 0 && out->bytes[out->size - 1] != '\n')
		buffer_text(out, "\n");
}

static bool write_file(const char *file, const struct buffer *text)
{
	FILE *stream = fopen(file, "wb");
	bool well = stream && fwrite(buffer_string(text), 1, text->size, stream) == text->size;
	if (stream)
		well = fclose(stream) == 0 && well;
	if (!well)
		failure_say("%s: %s", file, strerror(errno));
	return well;
}

/* --report FORMAT=FILE. @return false after complaining */
static bool write_report(
	struct session *session, const struct gate_ask *ask, const struct gate *gate, const char *given)
{
	struct buffer text = {0};
	size_t length = strcspn(given, "=");
	print(session, ask, gate, arena_copy(session->arena, given, length), &text);
	bool well = write_file(given + length + 1, &text);
	buffer_done(&text);
	return well;
}

bool gate_show(struct session *session, const struct gate_ask *ask, struct gate *gate)
{
	size_t count;
	struct rule_list rules = {0};
	const char **reports = options_each(&session->options, "report", &count);
	const char *output = options_text(&session->options, "output");
	bool text = !output || strcmp(output, "text") == 0;
	if ((count > 0 || !(text || session->json)) && !rule_list_read(session, &rules))
		return false;
	gate->report.rules = rules.rules;
	gate->report.rule_count = rules.count;
	if (gate->omitted > 0)
		fprintf(stderr, "%d findings are not shown: more than fit into one answer\n", gate->omitted);
	for (size_t i = 0; i < count; i++) {
		if (!write_report(session, ask, gate, reports[i]))
			return false;
	}
	if (text)
		show_text(session, ask, gate);
	else
		print(session, ask, gate, output, &session->out);
	return true;
}
