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

bool report_known(const struct report *report, const Tally__V1__Finding *finding)
{
	return report->known && map_get(report->known, finding->name);
}

bool report_fails(const struct report *report, const Tally__V1__Finding *finding)
{
	return !finding->waived && !finding->blocks_from &&
	       finding->state != TALLY__V1__STATE__STATE_RESOLVED && finding->severity >= report->fail_on &&
	       !report_known(report, finding);
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

const char *report_teams(struct arena *arena, const Tally__V1__Finding *finding)
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
		buffer_print(&text, "\nWhose move it is: %s", report_teams(arena, finding));
	if (*report_last_passed(arena, finding))
		buffer_print(&text, "\nLast passed with: %s", report_last_passed(arena, finding));
	if (finding->blocks_from)
		buffer_print(&text, "\nThe rule is new: it does not block before %s",
			words_short_time(arena, finding->blocks_from));
	const char *details = arena_text(arena, buffer_string(&text));
	buffer_done(&text);
	return details;
}

const char *report_last_passed(struct arena *arena, const Tally__V1__Finding *finding)
{
	const char *text = "";
	for (size_t i = 0; i < finding->n_last_passed; i++)
		text = arena_print(
			arena, "%s%s%s", text, i ? ", " : "", report_place(arena, finding->last_passed[i]));
	return text;
}

const char *report_waiver(struct arena *arena, const Tally__V1__Finding *finding)
{
	const Tally__V1__FindingWaiver *waiver = finding->waiver;
	return waiver ? arena_print(arena, "waived by %s until %s: %s", waiver->waived_by,
				words_short_time(arena, waiver->expire_time), waiver->reason)
		      : "waived";
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
	const char *scope = report->scope && *report->scope ? arena_print(arena, " (%s)", report->scope) : "";
	if (!verdict)
		return arena_print(arena, "%s%s at revision %lld: %s", report->system, in,
			(long long)report->revision, words_count(arena, (int64_t)report->count, "finding"));
	const char *waived =
		verdict->waived_count ? arena_print(arena, ", %d waived", (int)verdict->waived_count) : "";
	return arena_print(arena, "%s%s is %s at revision %lld: %s, %s, %s%s%s", report->system, in,
		upper(arena, words_decision(verdict->decision)), (long long)report->revision,
		words_count(arena, verdict->error_count, "error"),
		words_count(arena, verdict->warning_count, "warning"),
		words_count(arena, verdict->note_count, "note"), waived, scope);
}
