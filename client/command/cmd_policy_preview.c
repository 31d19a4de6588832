/* tally policy preview: what another policy would change, now and in the past. */
#include <string.h>

#include "command/colour.h"
#include "command/failure.h"
#include "command/input.h"
#include "command/interrupt.h"
#include "command/progress.h"
#include "command/session.h"
#include "command/show.h"
#include "command/table.h"
#include "command/words.h"
#include "document/document.h"
#include "tally/v1/mismatch_service.pb-c.h"

struct preview {
	struct session *session;
	struct document *document;
	const char *system; /* NULL: all of them */
	struct progress progress;
	json_t *effects, *months;
	int64_t systems, alike, newly_blocked, revisions;
	bool ended; /* the last answer has come */
};

/* ---- what is asked ---- */

/* @return the policy's document; NULL after complaining */
static struct document *read_policy(struct session *session)
{
	const char *file = session->options.arguments[0], *text;
	struct document *documents;
	size_t size, count;
	struct fault fault;
	if (input_read(session->arena, file, &text, &size, &fault) ||
		document_read(session->arena, file, text, size, &documents, &count, &fault)) {
		session_fault(&fault);
		return NULL;
	}
	if (count == 1 && documents[0].kind == KIND_POLICY)
		return &documents[0];
	failure_say("%s: has to be one document of kind Policy", file);
	failure_hint("apiVersion: tally/v1, kind: Policy, spec: {rules: [{rule: api.*, severity: warning}]}");
	return NULL;
}

static bool choose_system(struct preview *preview)
{
	struct session *session = preview->session;
	const struct options *given = &session->options;
	if (options_given(given, "all") && options_given(given, "system")) {
		session_usage(session, "--system and --all exclude each other");
		return false;
	}
	if (options_given(given, "all"))
		return true;
	const char *own = preview->document->system;
	preview->system = *own && !options_given(given, "system") ? session_system_id(session, own)
								  : session_system(session);
	return preview->system != NULL;
}

/* The policy's fields as its author knows them. */
static const char *place(void *context, struct arena *arena, const char *field)
{
	const struct document *document = context;
	if (strncmp(field, "policy", 6) != 0)
		return NULL;
	return arena_print(arena, "%s:%d: spec%s", document->file, document_line(document, field), field + 6);
}

/* ---- what is answered ---- */

static json_t *effect_json(const Tally__V1__PolicyEffect *effect)
{
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:i}", "system", words_last(effect->system),
		"before", words_decision(effect->before), "after", words_decision(effect->after), "opened",
		show_findings_json(effect->opened, effect->n_opened), "closed",
		show_findings_json(effect->closed, effect->n_closed), "changed",
		show_findings_json(effect->changed, effect->n_changed), "omitted_findings",
		(int)effect->omitted_findings);
}

static void print_decision(struct session *session, Tally__V1__Decision decision)
{
	enum colour colour = show_decision_colour(decision);
	buffer_print(&session->out, "%s%s%s", colour_start(colour, session->colour), words_decision(decision),
		colour_end(colour, session->colour));
}

static void print_effect(struct session *session, const Tally__V1__PolicyEffect *effect)
{
	buffer_print(&session->out, "%s%s%s: ", colour_start(COLOUR_BOLD, session->colour),
		words_system(session->arena, effect->system), colour_end(COLOUR_BOLD, session->colour));
	print_decision(session, effect->before);
	buffer_text(&session->out, effect->before == effect->after ? ", and stays " : ", would be ");
	print_decision(session, effect->after);
	buffer_text(&session->out, "\n");
	show_changes(session, "would open", effect->opened, effect->n_opened, show_findings_table);
	show_changes(session, "would change", effect->changed, effect->n_changed, show_findings_table);
	show_changes(session, "would close", effect->closed, effect->n_closed, show_resolved_table);
	if (effect->omitted_findings > 0)
		buffer_print(&session->out, "and %s more\n",
			words_count(session->arena, effect->omitted_findings, "finding"));
	buffer_text(&session->out, "\n");
}

static bool is_alike(const Tally__V1__PolicyEffect *effect)
{
	return effect->before == effect->after &&
	       effect->n_opened + effect->n_closed + effect->n_changed == 0 && effect->omitted_findings == 0;
}

static void take_effect(struct preview *preview, const Tally__V1__PolicyEffect *effect)
{
	bool alike = is_alike(effect);
	preview->alike += alike;
	preview->newly_blocked += effect->before != TALLY__V1__DECISION__DECISION_BLOCKED &&
				  effect->after == TALLY__V1__DECISION__DECISION_BLOCKED;
	if (preview->session->json)
		json_array_append_new(preview->effects, effect_json(effect));
	else if (!alike || preview->system)
		print_effect(preview->session, effect);
}

static void take_month(struct preview *preview, struct table *table, const Tally__V1__PolicyMonth *month)
{
	struct arena *arena = preview->session->arena;
	const int64_t figures[] = {month->revisions, month->blocked_before, month->blocked_after,
		month->opened_before, month->opened_after};
	struct table_cell cells[1 + sizeof(figures) / sizeof(figures[0])] = {{month->month, COLOUR_PLAIN}};
	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		cells[i + 1] =
			(struct table_cell){arena_print(arena, "%lld", (long long)figures[i]), COLOUR_PLAIN};
	table_add(table, cells);
	json_array_append_new(preview->months,
		json_pack("{s:s, s:I, s:I, s:I, s:I, s:I}", "month", month->month, "revisions",
			(json_int_t)month->revisions, "blocked_before", (json_int_t)month->blocked_before,
			"blocked_after", (json_int_t)month->blocked_after, "opened_before",
			(json_int_t)month->opened_before, "opened_after", (json_int_t)month->opened_after));
}

static void take_months(struct preview *preview, const Tally__V1__PreviewPolicyResponse *answer)
{
	static const struct table_column columns[] = {{"MONTH", 0, false}, {"REVISIONS", 0, true},
		{"BLOCKED", 0, true}, {"WOULD BE", 0, true}, {"OPENED", 0, true}, {"WOULD HAVE", 0, true}};
	struct session *session = preview->session;
	struct table *table = table_new(session->arena, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < answer->n_months; i++)
		take_month(preview, table, answer->months[i]);
	preview->systems = answer->systems_total;
	preview->revisions = answer->revisions_done;
	preview->ended = true;
	if (session->json)
		return;
	if (!preview->system)
		buffer_print(&session->out, "%s, %lld of them would stay as they are\n\n",
			words_count(session->arena, preview->systems, "system"), (long long)preview->alike);
	table_print(table, session->width, session->colour, &session->out);
}

static enum command_exit take(struct preview *preview, const Tally__V1__PreviewPolicyResponse *answer)
{
	progress_count(&preview->progress, "revisions", answer->revisions_done, answer->revisions_total);
	for (size_t i = 0; i < answer->n_effects; i++)
		take_effect(preview, answer->effects[i]);
	if (answer->systems_done == answer->systems_total)
		take_months(preview, answer);
	if (preview->session->json || preview->session->out.size == 0)
		return COMMAND_WELL;
	progress_end(&preview->progress);
	return session_flush(preview->session);
}

static enum command_exit read_stream(
	struct preview *preview, struct tally_stream *stream, struct tally_error *error)
{
	ProtobufCMessage *message;
	enum command_exit code = COMMAND_WELL;
	while (code == COMMAND_WELL && tally_stream_next(stream, &message, error)) {
		code = take(preview, (const Tally__V1__PreviewPolicyResponse *)message);
		protobuf_c_message_free_unpacked(message, NULL);
	}
	progress_end(&preview->progress);
	return code;
}

static enum command_exit ask(struct preview *preview)
{
	struct session *session = preview->session;
	struct tally_error error = {0};
	Tally__V1__PreviewPolicyRequest request = TALLY__V1__PREVIEW_POLICY_REQUEST__INIT;
	request.parent = session_system_name(session, preview->system ? preview->system : "-");
	request.policy = preview->document->descriptor->policy;
	request.max_revisions = (int32_t)options_number(&session->options, "max-revisions", 0);
	struct interrupt *interrupt = interrupt_new(options_duration_ms(&session->options, "timeout", 0));
	struct tally_stream *stream =
		tally_stream_open(session_client(session), "/tally.v1.MismatchService/PreviewPolicy",
			&request.base, &tally__v1__preview_policy_response__descriptor);
	interrupt_watch(interrupt, stream);
	enum command_exit code = read_stream(preview, stream, &error);
	interrupt_watch(interrupt, NULL);
	tally_stream_free(stream);
	if (code == COMMAND_WELL && !preview->ended) {
		if (interrupt_came(interrupt))
			failure_say("it was ended before all was done");
		else
			failure_call(&error, session->server, preview->system, place, preview->document);
		code = COMMAND_FAILED;
	}
	interrupt_free(interrupt);
	return code;
}

static enum command_exit finish(struct preview *preview)
{
	if (preview->session->json)
		session_json(preview->session,
			json_pack("{s:I, s:I, s:I, s:O, s:O}", "systems", (json_int_t)preview->systems,
				"revisions", (json_int_t)preview->revisions, "newly_blocked",
				(json_int_t)preview->newly_blocked, "effects", preview->effects, "months",
				preview->months));
	return preview->newly_blocked > 0 ? COMMAND_BLOCKED : COMMAND_WELL;
}

static enum command_exit run(struct session *session)
{
	struct preview preview = {.session = session, .document = read_policy(session)};
	if (!preview.document || !choose_system(&preview))
		return COMMAND_FAILED;
	if (options_number(&session->options, "max-revisions", 0) > INT32_MAX)
		return session_usage(session, "--max-revisions: at most 10000 are looked back over");
	preview.effects = json_array();
	preview.months = json_array();
	progress_start(&preview.progress);
	enum command_exit code = ask(&preview);
	if (code == COMMAND_WELL)
		code = finish(&preview);
	json_decref(preview.effects);
	json_decref(preview.months);
	return code;
}

static const struct option options[] = {
	{"system", 0, OPTION_TEXT, "SYSTEM", "else the document's, else $TALLY_SYSTEM", NULL, NULL},
	{"all", 0, OPTION_FLAG, NULL, "all systems", NULL, NULL},
	{"max-revisions", 0, OPTION_NUMBER, "N",
		"look back over at most so many revisions of each system (1000; at most 10000)", NULL, NULL},
	{"timeout", 0, OPTION_DURATION, "TIME", "end after this time, e.g. 5m; else only with ^C", NULL,
		NULL},
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_policy_preview = {
	.name = "policy preview",
	.summary = "Try a policy on the stored history; nothing is stored",
	.arguments = "FILE",
	.about = "What would open, close and count otherwise now, if the policy were pushed; and for each\n"
		 "month how many revisions were blocked and findings opened, and would have been.\n"
		 "Exit codes: 0 no system would be blocked that is not now, 1 at least one would, 2 failed.",
	.options = options,
	.words = WORDS_FILES,
	.least = 1,
	.most = 1,
	.example = "  tally policy preview policy.yaml --system fraud-scoring\n"
		   "  tally policy preview policy.yaml --all --output json",
	.run = run,
};
