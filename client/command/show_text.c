/* What people read of findings and verdicts. */
#include <ctype.h>
#include <string.h>

#include "command/colour.h"
#include "command/show.h"
#include "command/table.h"
#include "command/text.h"
#include "command/words.h"

static const enum colour severity_colours[] = {
	[TALLY__V1__SEVERITY__SEVERITY_UNSPECIFIED] = COLOUR_PLAIN,
	[TALLY__V1__SEVERITY__SEVERITY_NOTE] = COLOUR_CYAN,
	[TALLY__V1__SEVERITY__SEVERITY_WARNING] = COLOUR_YELLOW,
	[TALLY__V1__SEVERITY__SEVERITY_ERROR] = COLOUR_RED,
};

static const enum colour decision_colours[] = {
	[TALLY__V1__DECISION__DECISION_UNSPECIFIED] = COLOUR_YELLOW,
	[TALLY__V1__DECISION__DECISION_ALLOWED] = COLOUR_GREEN,
	[TALLY__V1__DECISION__DECISION_BLOCKED] = COLOUR_RED,
	[TALLY__V1__DECISION__DECISION_UNKNOWN] = COLOUR_YELLOW,
};

#define COLOUR_OF(table, value)                                                                              \
	((size_t)(value) < sizeof(table) / sizeof((table)[0]) ? (table)[(size_t)(value)] : COLOUR_PLAIN)

enum colour show_decision_colour(Tally__V1__Decision decision)
{
	return COLOUR_OF(decision_colours, decision);
}

const char *show_place(struct arena *arena, const char *kind, const char *name)
{
	if (!*name || strcmp(name, "default") == 0)
		return arena_text(arena, kind);
	return arena_print(arena, "%s/%s", kind, name);
}

/* Where the finding has to be mended. */
static const char *where(struct arena *arena, const Tally__V1__Finding *finding)
{
	if (finding->n_descriptors == 0)
		return "";
	const Tally__V1__DescriptorRef *first = finding->descriptors[0];
	const char *place = show_place(arena, words_kind(first->kind), first->name);
	const char *more =
		finding->n_descriptors > 1 ? arena_print(arena, " +%zu", finding->n_descriptors - 1) : "";
	return arena_print(arena, "%s%s%s%s", place, *first->field ? " " : "", first->field, more);
}

/* Short, for the widest row makes the column. */
static const char *severity(struct arena *arena, const Tally__V1__Finding *finding)
{
	const char *word = words_severity(finding->severity);
	if (finding->state == TALLY__V1__STATE__STATE_RESOLVED)
		return arena_print(arena, "%s, resolved", word);
	if (finding->waived)
		return arena_print(arena, "%s, waived", word);
	if (finding->blocks_from)
		return arena_print(arena, "%s, later", word);
	return word;
}

/* With the time from which it blocks. */
static const char *message(struct arena *arena, const Tally__V1__Finding *finding)
{
	if (finding->state == TALLY__V1__STATE__STATE_RESOLVED)
		return finding->message;
	if (finding->waived && finding->waiver)
		return arena_print(arena, "%s (waived until %s)", finding->message,
			words_short_time(arena, finding->waiver->expire_time));
	if (!finding->waived && finding->blocks_from)
		return arena_print(arena, "%s (blocks from %s)", finding->message,
			words_short_time(arena, finding->blocks_from));
	return finding->message;
}

void show_findings_table(struct session *session, Tally__V1__Finding *const *findings, size_t count)
{
	static const struct table_column columns[] = {
		{"SEVERITY", 0, false},
		{"RULE", 24, false},
		{"SUBJECT", 12, false},
		{"WHERE", 12, false},
		{"MESSAGE", 0, false},
	};
	struct table *table = table_new(session->arena, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__Finding *finding = findings[i];
		bool over = finding->waived || finding->state == TALLY__V1__STATE__STATE_RESOLVED;
		enum colour colour = over ? COLOUR_FAINT : COLOUR_OF(severity_colours, finding->severity);
		table_add(table, (struct table_cell[]){{severity(session->arena, finding), colour},
					 {finding->rule, COLOUR_PLAIN}, {finding->subject, COLOUR_PLAIN},
					 {where(session->arena, finding), COLOUR_FAINT},
					 {message(session->arena, finding), COLOUR_PLAIN}});
	}
	table_print(table, session->width, session->colour, &session->out);
}

void show_resolved_table(struct session *session, Tally__V1__Finding *const *findings, size_t count)
{
	static const struct table_column columns[] = {
		{"SEVERITY", 0, false}, {"RULE", 24, false}, {"SUBJECT", 12, false}, {"WHERE", 0, false}};
	struct table *table = table_new(session->arena, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__Finding *finding = findings[i];
		table_add(table, (struct table_cell[]){{words_severity(finding->severity), COLOUR_FAINT},
					 {finding->rule, COLOUR_PLAIN}, {finding->subject, COLOUR_PLAIN},
					 {where(session->arena, finding), COLOUR_FAINT}});
	}
	table_print(table, session->width, session->colour, &session->out);
}

void show_changes(struct session *session, const char *title, Tally__V1__Finding **findings, size_t count,
	show_table_fn *show)
{
	size_t graver = 0;
	if (count == 0)
		return;
	show_sort_findings(findings, count);
	while (graver < count && findings[graver]->severity > TALLY__V1__SEVERITY__SEVERITY_NOTE)
		graver++;
	buffer_print(&session->out, "\n%s%s%s: %s", colour_start(COLOUR_BOLD, session->colour), title,
		colour_end(COLOUR_BOLD, session->colour),
		words_count(session->arena, (int64_t)count, "finding"));
	if (graver < count)
		buffer_print(&session->out, ", of them %s",
			words_count(session->arena, (int64_t)(count - graver), "note"));
	buffer_text(&session->out, "\n");
	if (graver > 0)
		show(session, findings, graver);
}

static const char *upper(struct arena *arena, const char *word)
{
	char *text = arena_text(arena, word);
	for (char *c = text; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	return text;
}

static void print_kinds(
	struct session *session, const char *title, const Tally__V1__Kind *kinds, size_t count)
{
	if (count == 0)
		return;
	buffer_text(&session->out, title);
	for (size_t i = 0; i < count; i++)
		buffer_print(&session->out, "%s %s", i > 0 ? "," : "", words_kind(kinds[i]));
	buffer_text(&session->out, "\n");
}

void show_verdict_line(struct session *session, const Tally__V1__Verdict *verdict)
{
	struct arena *arena = session->arena;
	enum colour colour = COLOUR_OF(decision_colours, verdict->decision);
	const char *environment = text_clean(arena, verdict->environment);
	buffer_print(&session->out, "%s%s%s: %s%s%s at revision %lld: %s, %s, %s",
		text_clean(arena, words_last(verdict->system)), *environment ? " in " : "", environment,
		colour_start(colour, session->colour), upper(arena, words_decision(verdict->decision)),
		colour_end(colour, session->colour), (long long)verdict->revision,
		words_count(arena, verdict->error_count, "error"),
		words_count(arena, verdict->warning_count, "warning"),
		words_count(arena, verdict->note_count, "note"));
	if (verdict->waived_count > 0)
		buffer_print(&session->out, ", %d waived", (int)verdict->waived_count);
	if (verdict->grace_count > 0)
		buffer_print(
			&session->out, ", %d of new rules that do not block yet", (int)verdict->grace_count);
	buffer_text(&session->out, "\n");
	print_kinds(session, "Not pushed yet:", verdict->missing_kinds, verdict->n_missing_kinds);
	print_kinds(session, "Needed before the answer can be yes:", verdict->needed_kinds,
		verdict->n_needed_kinds);
}
