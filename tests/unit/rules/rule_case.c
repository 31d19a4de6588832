/* Runs one row of a rule's table of cases. */
#include "rule_case.h"

#include "base/buffer.h"
#include "rules/rules.h"

#include "cases.h"
#include "reads.h"

static void print_place(struct buffer *text, const struct model_place *place)
{
	buffer_print(text, " %s", model_kind_info(place->kind)->id);
	if (strcmp(place->name, "default") != 0)
		buffer_print(text, "/%s", place->name);
	buffer_print(text, ":%s", place->field);
}

static char *finding_line(const struct model_finding *finding)
{
	struct buffer text = {0};
	buffer_print(&text, "%s @", finding->subject);
	for (size_t i = 0; i < finding->place_count; i++)
		print_place(&text, &finding->places[i]);
	return buffer_take(&text);
}

static int compare_lines(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What every finding must be, whatever it is about. */
static void check_finding(
	const struct rules_info *info, enum model_severity severity, const struct model_finding *finding)
{
	assert_int_equal(finding->severity, severity ? severity : info->severity);
	assert_int_equal(finding->class, info->class);
	assert_true(finding->teams != 0 && finding->place_count > 0);
	assert_true(strlen(finding->message) > 0 && strlen(finding->rationale) > 0 &&
		    strlen(finding->remedy) > 0);
	assert_int_equal(finding->kinds & ~info->kinds, 0);
}

enum {
	FOUND_MAX = 50
};

/* What one rule found. */
struct found {
	char *lines[FOUND_MAX];
	size_t count;
	bool said;    /* what the row wants to be said */
	bool advised; /* what it wants to be advised */
};

static void add_finding(struct found *found, const struct rule_case *row, const struct model_finding *finding)
{
	assert_true(found->count < FOUND_MAX);
	found->lines[found->count++] = finding_line(finding);
	if (row->says && strstr(finding->message, row->says))
		found->said = true;
	if (row->advises && strstr(finding->remedy, row->advises))
		found->advised = true;
}

/* Findings of one subject are ordered by their ids, which mean nothing here: lines are compared in their own
 * order. */
static void check_found(struct found *found, const struct rule_case *row)
{
	struct buffer text = {0};
	qsort(found->lines, found->count, sizeof(char *), compare_lines);
	for (size_t i = 0; i < found->count; i++) {
		buffer_print(&text, "%s%s", i ? "\n" : "", found->lines[i]);
		free(found->lines[i]);
	}
	assert_string_equal(buffer_string(&text), row->found);
	assert_true(!row->says || found->said);
	assert_true(!row->advises || found->advised);
	buffer_done(&text);
}

void rule_case_check(void **state)
{
	const struct rule_case *row = *state;
	struct loaded loaded = {0};
	for (const struct case_descriptor *at = row->descriptors; at->kind; at++)
		load_text(&loaded, at->kind, at->name ? at->name : "default", at->text);
	const struct rules_info *info = rules_find(row->rule);
	assert_non_null(info);
	struct rules_evaluation *evaluation = rules_evaluate(&loaded.system, NULL);
	struct found found = {0};
	size_t count;
	const struct model_finding *const *findings = rules_evaluation_findings(evaluation, &count);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(findings[i]->rule, row->rule) != 0)
			continue;
		check_finding(info, row->severity, findings[i]);
		add_finding(&found, row, findings[i]);
	}
	check_found(&found, row);
	reads_check_places(evaluation);
	reads_check_rule(&loaded, evaluation, info);
	reads_check_changes(&loaded, evaluation);
	rules_evaluation_unref(evaluation);
	load_done(&loaded);
}
