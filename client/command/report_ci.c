/* Annotations: workflow commands of GitHub Actions, and GitLab's Code Quality. */
#include <string.h>

#include "codec/codec.h"
#include "command/report_inside.h"
#include "command/words.h"

enum {
	GITHUB_SHOWN_MAX = 10, /* of each level in one step; GitHub drops the others without a word */
};

/* ---- GitHub ---- */

/* Values of properties end at commas and colons, data only at the line's end. */
static void escape(const char *text, bool property, struct buffer *out)
{
	for (const char *at = text; *at; at++) {
		if (strchr(property ? "%\r\n:," : "%\r\n", *at))
			buffer_print(out, "%%%02X", (unsigned char)*at);
		else
			buffer_add(out, at, 1);
	}
}

static void print_command(
	struct arena *arena, const char *command, const Tally__V1__Finding *finding, struct buffer *out)
{
	const char *file = report_file(finding);
	buffer_print(out, "::%s ", command);
	if (file) {
		buffer_text(out, "file=");
		escape(file, true, out);
		buffer_text(out, ",");
	}
	buffer_text(out, "title=");
	escape(arena_print(arena, "%s %s", finding->rule, finding->subject), true, out);
	buffer_text(out, "::");
	escape(arena_print(arena, "%s\n(%s)", report_details(arena, finding), words_last(finding->name)),
		false, out);
	buffer_text(out, "\n");
}

static bool is_shown(const struct report *report, const Tally__V1__Finding *finding)
{
	return !finding->waived && finding->state != TALLY__V1__STATE__STATE_RESOLVED &&
	       !report_known(report, finding);
}

/* An annotation says error where the gate says no. */
static const char *command_of(const struct report *report, const Tally__V1__Finding *finding)
{
	if (report_fails(report, finding))
		return "error";
	return finding->severity > TALLY__V1__SEVERITY__SEVERITY_NOTE ? "warning" : "notice";
}

/* @return how many there are of this command */
static size_t print_commands(
	struct arena *arena, const struct report *report, const char *command, struct buffer *out)
{
	size_t count = 0;
	for (size_t i = 0; i < report->count; i++) {
		const Tally__V1__Finding *finding = report->findings[i];
		if (!is_shown(report, finding) || strcmp(command_of(report, finding), command) != 0)
			continue;
		if (count++ < GITHUB_SHOWN_MAX)
			print_command(arena, command, finding, out);
	}
	return count;
}

/* Notes would only fill up the page: they are counted. The rest is said where it can be seen. */
void report_github(struct arena *arena, const struct report *report, struct buffer *out)
{
	size_t hidden = 0;
	static const char *const shown[] = {"error", "warning"};
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++) {
		size_t count = print_commands(arena, report, shown[i], out);
		hidden += count > GITHUB_SHOWN_MAX ? count - GITHUB_SHOWN_MAX : 0;
	}
	buffer_text(out, "::notice title=tally::");
	escape(report_headline(arena, report), false, out);
	if (hidden > 0)
		buffer_print(out, "; %zu more than GitHub shows: tally findings %s", hidden, report->system);
	buffer_text(out, "\n");
}

/* ---- GitLab ---- */

static const char *gitlab_severity(const struct report *report, const Tally__V1__Finding *finding)
{
	if (report_fails(report, finding))
		return finding->severity == TALLY__V1__SEVERITY__SEVERITY_ERROR ? "blocker" : "major";
	return finding->severity == TALLY__V1__SEVERITY__SEVERITY_NOTE ? "info" : "minor";
}

/* Every entry needs a file and a line; a descriptor that was written by hand has the name that it is got by.
 */
static json_t *gitlab_location(struct arena *arena, const Tally__V1__Finding *finding)
{
	const char *file = report_file(finding);
	if (!file)
		file = finding->n_descriptors ? report_place(arena, finding->descriptors[0]) : finding->rule;
	return json_pack("{s:s, s:{s:i}}", "path", file, "lines", "begin", 1);
}

static json_t *gitlab_entry(
	struct arena *arena, const struct report *report, const Tally__V1__Finding *finding)
{
	const char *waived =
		finding->waived ? arena_print(arena, " (%s)", report_waiver(arena, finding)) : "";
	return json_pack("{s:s, s:s, s:s, s:s, s:o}", "description",
		arena_print(arena, "%s%s", finding->message, waived), "check_name", finding->rule,
		"fingerprint", words_last(finding->name), "severity", gitlab_severity(report, finding),
		"location", gitlab_location(arena, finding));
}

void report_gitlab(struct arena *arena, const struct report *report, struct buffer *out)
{
	json_t *list = json_array();
	for (size_t i = 0; i < report->count; i++) {
		if (report->findings[i]->state != TALLY__V1__STATE__STATE_RESOLVED)
			json_array_append_new(list, gitlab_entry(arena, report, report->findings[i]));
	}
	codec_print_json(list, out);
	json_decref(list);
}
