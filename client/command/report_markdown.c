/*
 * A comment on a pull request. Its first line is a marker that stays the same
 * for one system and environment, so that a script can find the comment and
 * write it anew.
 */
#include <string.h>

#include "command/report_inside.h"
#include "command/words.h"

enum {
	MARKDOWN_BYTES_MAX = 60000, /* a comment on GitHub has at most 65,536 characters */
};

/* Text of a peer must neither end a cell nor become a tag, a link or a mention. */
static void escape(const char *text, struct buffer *out)
{
	for (const char *at = text; *at; at++) {
		if (*at == '\n' || *at == '\r')
			buffer_text(out, " ");
		else if (strchr("\\`*_{}[]<>|~#", *at))
			buffer_print(out, "\\%c", *at);
		else if (*at == '@')
			buffer_text(out, "&#64;");
		else
			buffer_add(out, at, 1);
	}
}

static void print_place(struct arena *arena, const Tally__V1__DescriptorRef *place, struct buffer *out)
{
	escape(report_place(arena, place), out);
	if (*place->value) {
		buffer_text(out, " = ");
		escape(place->value, out);
	}
	if (place->source) {
		buffer_text(out, " (");
		escape(place->source->file, out);
		buffer_text(out, ")");
	}
}

static void print_row(struct arena *arena, const Tally__V1__Finding *finding, struct buffer *out)
{
	buffer_text(out, "| ");
	escape(finding->rule, out);
	buffer_text(out, "<br>");
	escape(finding->subject, out);
	buffer_text(out, " | ");
	escape(finding->message, out);
	for (size_t i = 0; i < finding->n_descriptors && i < 3; i++) {
		buffer_text(out, "<br>");
		print_place(arena, finding->descriptors[i], out);
	}
	buffer_text(out, " | ");
	escape(report_teams(arena, finding), out);
	buffer_text(out, " | ");
	escape(finding->waived ? report_waiver(arena, finding) : finding->remedy, out);
	if (*report_last_passed(arena, finding)) {
		buffer_text(out, "<br>Last passed with: ");
		escape(report_last_passed(arena, finding), out);
	}
	if (finding->blocks_from) {
		buffer_text(out, "<br>Does not block before ");
		escape(words_short_time(arena, finding->blocks_from), out);
	}
	buffer_text(out, " |\n");
}

typedef bool choose_fn(const struct report *report, const Tally__V1__Finding *finding);

/* One table of findings; what is folded is opened by a click. */
struct section {
	const char *title;
	const char *last_column;
	choose_fn *choose;
	bool folded;
};

static bool is_open(const Tally__V1__Finding *finding)
{
	return finding->state != TALLY__V1__STATE__STATE_RESOLVED;
}

static bool is_waived(const struct report *report, const Tally__V1__Finding *finding)
{
	(void)report;
	return is_open(finding) && finding->waived;
}

static bool is_other(const struct report *report, const Tally__V1__Finding *finding)
{
	return is_open(finding) && !finding->waived && !report_fails(report, finding);
}

static const struct section sections[] = {
	{"To be mended", "What to do", report_fails, false},
	{"Also found", "What to do", is_other, true},
	{"Waived", "Why", is_waived, true},
};

static size_t count_section(const struct report *report, const struct section *section)
{
	size_t count = 0;
	for (size_t i = 0; i < report->count; i++)
		count += section->choose(report, report->findings[i]);
	return count;
}

static void print_section(
	struct arena *arena, const struct report *report, const struct section *section, struct buffer *out)
{
	size_t count = count_section(report, section), shown = 0;
	if (count == 0)
		return;
	buffer_print(out, section->folded ? "\n<details><summary>%s: %zu</summary>\n" : "\n**%s: %zu**\n",
		section->title, count);
	buffer_print(out, "\n| Finding | What is wrong | Whose move it is | %s |\n|---|---|---|---|\n",
		section->last_column);
	for (size_t i = 0; i < report->count && out->size < MARKDOWN_BYTES_MAX; i++) {
		if (!section->choose(report, report->findings[i]))
			continue;
		print_row(arena, report->findings[i], out);
		shown++;
	}
	if (shown < count)
		buffer_print(out, "\nand %zu more: `tally findings %s`\n", count - shown, report->system);
	if (section->folded)
		buffer_text(out, "\n</details>\n");
}

static void print_missing(const struct report *report, struct buffer *out)
{
	if (!report->verdict || report->verdict->n_missing_kinds == 0)
		return;
	buffer_text(out, "\nNot pushed yet:");
	for (size_t i = 0; i < report->verdict->n_missing_kinds; i++) {
		buffer_text(out, i ? ", " : " ");
		escape(words_kind(report->verdict->missing_kinds[i]), out);
	}
	buffer_text(out, "\n");
}

void report_markdown(struct arena *arena, const struct report *report, struct buffer *out)
{
	buffer_print(out, "<!-- tally %s %s -->\n### Tally: ", report->system, report->environment);
	escape(report_headline(arena, report), out);
	buffer_text(out, "\n");
	print_missing(report, out);
	for (size_t i = 0; i < sizeof(sections) / sizeof(sections[0]); i++)
		print_section(arena, report, &sections[i], out);
}
