/* Which format is which, and the words that they share. */
#include "command/report.h"

#include <assert.h>
#include <ctype.h>
#include <string.h>

#include "command/report_inside.h"
#include "command/words.h"

const char *const report_outputs[] = {"text", "json", "sarif", "junit", "github", "gitlab", "markdown", NULL};

static const struct format {
	const char *name;
	report_fn *print;
} formats[] = {
	{"sarif", report_sarif},
	{"junit", report_junit},
	{"github", report_github},
	{"gitlab", report_gitlab},
	{"markdown", report_markdown},
};

void report_print(const char *format, struct arena *arena, const struct report *report, struct buffer *out)
{
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		if (strcmp(formats[i].name, format) == 0) {
			formats[i].print(arena, report, out);
			return;
		}
	}
	assert(false && "no such format");
}

bool report_fails(const struct report *report, const Tally__V1__Finding *finding)
{
	return !finding->waived && finding->state != TALLY__V1__STATE__STATE_RESOLVED &&
	       finding->severity >= report->fail_on;
}

const char *report_place(struct arena *arena, const Tally__V1__DescriptorRef *place)
{
	const char *name = *place->name ? arena_print(arena, "/%s", place->name) : "";
	const char *version = place->version ? arena_print(arena, "@%d", (int)place->version) : "";
	const char *field = *place->field ? arena_print(arena, ": %s", place->field) : "";
	return arena_print(arena, "%s%s%s%s", words_kind(place->kind), name, version, field);
}

const char *report_file(const Tally__V1__Finding *finding)
{
	for (size_t i = 0; i < finding->n_descriptors; i++) {
		const Tally__V1__Source *source = finding->descriptors[i]->source;
		if (source && *source->file)
			return source->file;
	}
	return NULL;
}

static const char *teams_text(struct arena *arena, const Tally__V1__Finding *finding)
{
	const char *text = "";
	for (size_t i = 0; i < finding->n_teams; i++)
		text = arena_print(arena, "%s%s%s", text, i ? ", " : "", finding->teams[i]);
	return text;
}

static void add_place(struct arena *arena, const Tally__V1__DescriptorRef *place, struct buffer *out)
{
	buffer_print(out, "\n  %s", report_place(arena, place));
	if (*place->value)
		buffer_print(out, " = %s", place->value);
	if (place->source)
		buffer_print(out, " (%s%s%s)", place->source->file, *place->source->path ? ": " : "",
			place->source->path);
}

const char *report_details(struct arena *arena, const Tally__V1__Finding *finding)
{
	struct buffer text = {0};
	buffer_text(&text, finding->message);
	for (size_t i = 0; i < finding->n_descriptors; i++)
		add_place(arena, finding->descriptors[i], &text);
	buffer_print(&text, "\n%s", finding->remedy);
	if (finding->n_teams > 0)
		buffer_print(&text, "\nWhose move it is: %s", teams_text(arena, finding));
	const char *details = arena_text(arena, buffer_string(&text));
	buffer_done(&text);
	return details;
}

/* A finding that is waived says by whom in its waiver; servers before waivers say only that it is. */
const char *report_waiver(struct arena *arena, const Tally__V1__Finding *finding)
{
	(void)arena;
	(void)finding;
	return "waived";
}

static const char *upper(struct arena *arena, const char *word)
{
	char *text = arena_text(arena, word);
	for (char *at = text; *at; at++)
		*at = (char)toupper((unsigned char)*at);
	return text;
}

const char *report_headline(struct arena *arena, const struct report *report)
{
	const char *in = *report->environment ? arena_print(arena, " in %s", report->environment) : "";
	const Tally__V1__Verdict *verdict = report->verdict;
	if (!verdict)
		return arena_print(arena, "%s%s at revision %lld: %s", report->system, in,
			(long long)report->revision, words_count(arena, (int64_t)report->count, "finding"));
	const char *waived =
		verdict->waived_count ? arena_print(arena, ", %d waived", (int)verdict->waived_count) : "";
	return arena_print(arena, "%s%s is %s at revision %lld: %s, %s, %s%s", report->system, in,
		upper(arena, words_decision(verdict->decision)), (long long)report->revision,
		words_count(arena, verdict->error_count, "error"),
		words_count(arena, verdict->warning_count, "warning"),
		words_count(arena, verdict->note_count, "note"), waived);
}
