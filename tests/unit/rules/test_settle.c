/* What policy, waivers and grace make of findings, and when that ends. */
#include <stdio.h>

#include "base/buffer.h"
#include "load.h"
#include "model/message.h"
#include "rules/rules.h"

#include "cases.h"

enum {
	WAIVERS_MAX = 3
};

/* The system has an output without a mapping (a warning), and two columns without one (errors). */
struct row {
	const char *name;
	const char *policy;
	const char *clock;
	const char *waivers[WAIVERS_MAX]; /* named a, b, c */
	/* Each finding of the two rules and of monitoring.overdue: "severity subject", " (waiver)", " from s"
	 */
	const char *found;
	const char *verdict; /* errors warnings waived grace, of these rules */
	int64_t due_s;       /* 0: never */
};

#define PLAIN    "error age, error sex, warning o"
#define NOON     "{'time': {'seconds': 1000}, 'rule_set': 2}"
#define UNTIL(s) "'expire_time': {'seconds': " #s "}, 'reason': 'known'"
#define AGE      "'rule': 'data.training-field-unmapped', 'subject': 'age', "
#define ALL      "'rule': 'data.training-field-unmapped', "
#define UPDATED                                                                                              \
	"{'time': {'seconds': 1000}, 'rule_set': 2, 'earlier_rule_set': 1, 'rule_set_time': {'seconds': 900}}"
#define GRACE(s) "{'new_rule_grace': {'seconds': " #s "}}"
#define SLOW                                                                                                 \
	"{'rules': [{'rule': 'monitoring.overdue', 'severity': 'warning'}], "                                \
	"'new_rule_grace': {'seconds': 300}}"

static const struct row rows[] = {
	{"without a policy the rules' own words hold", NULL, NULL, {NULL}, PLAIN, "2 1 0 0", 0},
	{"a policy changes a severity", "{'rules': [{'rule': 'api.output-unmapped', 'severity': 'error'}]}",
		NULL, {NULL}, "error o, error age, error sex", "3 0 0 0", 0},
	{"a policy lowers a severity",
		"{'rules': [{'rule': 'data.training-field-unmapped', 'severity': 'note'}]}", NULL, {NULL},
		"warning o, note age, note sex", "0 1 0 0", 0},
	{"a rule that is off yields nothing",
		"{'rules': [{'rule': 'data.training-field-unmapped', 'off': true}]}", NULL, {NULL},
		"warning o", "0 1 0 0", 0},
	{"a class that is off yields nothing", "{'rules': [{'rule': 'data.*', 'off': true}]}", NULL, {NULL},
		"warning o", "0 1 0 0", 0},
	{"a rule's own entry goes before that of its class",
		"{'rules': [{'rule': 'data.training-field-unmapped'}, {'rule': 'data.*', 'off': true}]}",
		NULL, {NULL}, PLAIN, "2 1 0 0", 0},
	{"a class is not its beginning", "{'rules': [{'rule': 'dat.*', 'off': true}]}", NULL, {NULL}, PLAIN,
		"2 1 0 0", 0},
	{"a rule is off for one column",
		"{'fields': [{'field': 'age', 'rules_off': ['data.training-field-unmapped']}]}", NULL, {NULL},
		"error sex, warning o", "1 1 0 0", 0},
	{"another rule that is off for a column changes nothing",
		"{'fields': [{'field': 'age', 'rules_off': ['data.field-type']}]}", NULL, {NULL}, PLAIN,
		"2 1 0 0", 0},
	{"a waiver holds a rule about a subject", NULL, NOON, {"{" AGE UNTIL(2000) "}"},
		"error age (a), error sex, warning o", "1 1 1 0", 2000},
	{"a waiver without a subject holds all of a rule", NULL, NOON, {"{" ALL UNTIL(2000) "}"},
		"error age (a), error sex (a), warning o", "0 1 2 0", 2000},
	{"a waiver ends at its very moment", NULL, NOON, {"{" AGE UNTIL(1000) "}"}, PLAIN, "2 1 0 0", 0},
	{"a waiver of another subject holds nothing", NULL, NOON,
		{"{'rule': 'data.training-field-unmapped', 'subject': 'ag', " UNTIL(2000) "}"}, PLAIN,
		"2 1 0 0", 2000},
	{"of several waivers the one that ends last counts", NULL, NOON,
		{"{" AGE UNTIL(2000) "}", "{" ALL UNTIL(3000) "}"}, "error age (b), error sex (b), warning o",
		"0 1 2 0", 2000},
	{"of waivers that end together the first name counts", NULL, NOON,
		{"{" AGE UNTIL(2000) "}", "{" AGE UNTIL(2000) "}"}, "error age (a), error sex, warning o",
		"1 1 1 0", 2000},
	{"a warning can be waived", NULL, NOON, {"{'rule': 'api.output-unmapped', " UNTIL(2000) "}"},
		"error age, error sex, warning o (a)", "2 0 1 0", 2000},
	{"a policy and a waiver act together",
		"{'rules': [{'rule': 'data.training-field-unmapped', 'severity': 'warning'}]}", NOON,
		{"{" AGE UNTIL(2000) "}"}, "warning o, warning age (a), warning sex", "0 2 1 0", 2000},
	{"a grace holds errors of rules that are new", GRACE(300), UPDATED, {NULL},
		"error age, error sex, error late from 1200, warning o", "2 1 0 1", 1200},
	{"a grace ends", GRACE(100), UPDATED, {NULL}, "error age, error sex, error late, warning o",
		"3 1 0 0", 0},
	{"without a grace new rules block at once", NULL, UPDATED, {NULL},
		"error age, error sex, error late, warning o", "3 1 0 0", 0},
	{"a system that began with the rules has no grace", GRACE(300), NOON, {NULL},
		"error age, error sex, error late, warning o", "3 1 0 0", 0},
	{"a rule that never judged the system waits where there is a grace", GRACE(300),
		"{'time': {'seconds': 1000}, 'rule_set': 1}", {NULL},
		"error age, error sex, error late from later, warning o", "2 1 0 1", 0},
	{"a waiver goes before a grace", GRACE(300), UPDATED,
		{"{'rule': 'monitoring.overdue', " UNTIL(5000) "}"},
		"error age, error sex, error late (a) from 1200, warning o", "2 1 1 0", 1200},
	{"a grace is for errors", SLOW, UPDATED, {NULL}, "error age, error sex, warning o, warning late",
		"2 2 0 0", 1200},
};

static void print_finding(struct buffer *text, const struct model_finding *finding)
{
	buffer_print(text, "%s%s %s", buffer_string(text)[0] ? ", " : "",
		model_severity_id(finding->severity), finding->subject);
	if (finding->waived)
		buffer_print(text, " (%s)", finding->waived->waiver);
	if (finding->blocks_from_us == MODEL_BLOCKS_LATER)
		buffer_print(text, " from later");
	else if (finding->blocks_from_us)
		buffer_print(text, " from %lld", (long long)finding->blocks_from_us / 1000000);
}

static bool counts(const struct model_finding *finding)
{
	return strcmp(finding->rule, "api.output-unmapped") == 0 ||
	       strcmp(finding->rule, "data.training-field-unmapped") == 0 ||
	       strcmp(finding->rule, "monitoring.overdue") == 0;
}

static void load_system(struct loaded *loaded, const struct row *row)
{
	static const char *const names[WAIVERS_MAX] = {"a", "b", "c"};
	load_text(loaded, KIND_TRAINED_MODEL, "default", "{'output_spec': [{'item_name': 'o'}]}");
	load_text(loaded, KIND_TRAINING_DATA, "default",
		"{'schema': [{'field_name': 'age'}, {'field_name': 'sex'}]}");
	if (row->clock && strstr(row->found, "late"))
		load_text(loaded, KIND_PRODUCTION_DATA, "late", "{'refresh_interval': {'seconds': 1}}");
	if (row->policy)
		load_text(loaded, KIND_POLICY, "default", row->policy);
	if (row->clock)
		load_text(loaded, KIND_CLOCK, "default", row->clock);
	for (size_t i = 0; i < WAIVERS_MAX && row->waivers[i]; i++)
		load_text(loaded, KIND_WAIVER, names[i], row->waivers[i]);
}

static void check(void **state)
{
	const struct row *row = *state;
	struct loaded loaded = {0};
	load_system(&loaded, row);
	struct rules_evaluation *evaluation = rules_evaluate(&loaded.system, NULL);
	size_t count;
	const struct model_finding *const *findings = rules_evaluation_findings(evaluation, &count);
	const struct model_finding *these[20];
	size_t these_count = 0;
	struct buffer text = {0};
	for (size_t i = 0; i < count; i++) {
		if (!counts(findings[i]))
			continue;
		these[these_count++] = findings[i];
		print_finding(&text, findings[i]);
	}
	assert_string_equal(buffer_string(&text), row->found);
	struct model_verdict verdict;
	rules_judge(&loaded.system, these, these_count, NULL, &verdict);
	char told[50];
	snprintf(told, sizeof(told), "%d %d %d %d", verdict.counts[SEVERITY_ERROR],
		verdict.counts[SEVERITY_WARNING], verdict.waived, verdict.grace);
	assert_string_equal(told, row->verdict);
	assert_int_equal(verdict.blocking_count, verdict.counts[SEVERITY_ERROR]);
	int64_t due_us = rules_evaluation_due_us(evaluation);
	assert_int_equal(due_us == INT64_MAX ? 0 : due_us / 1000000, row->due_s);
	buffer_done(&text);
	rules_evaluation_unref(evaluation);
	load_done(&loaded);
}

/* ---- one at a time ---- */

/* The first finding of the rule in what the policy and the waiver leave. */
static const struct model_finding *first_of(const struct rules_evaluation *evaluation, const char *rule)
{
	size_t count;
	const struct model_finding *const *findings = rules_evaluation_findings(evaluation, &count);
	for (size_t i = 0; i < count; i++)
		if (strcmp(findings[i]->rule, rule) == 0)
			return findings[i];
	return NULL;
}

static void a_waiver_names_a_finding(void **state)
{
	(void)state;
	struct loaded loaded = {0};
	load_text(&loaded, KIND_TRAINED_MODEL, "default", "{'output_spec': [{'item_name': 'o'}]}");
	struct rules_evaluation *before = rules_evaluate(&loaded.system, NULL);
	const struct model_finding *open = first_of(before, "api.output-unmapped");
	assert_non_null(open);
	char text[200];
	snprintf(text, sizeof(text), "{'finding': '%s', 'waived_by': 'ann', " UNTIL(5) "}", open->id);
	load_text(&loaded, KIND_WAIVER, "w", text);
	struct rules_evaluation *after = rules_evaluate(&loaded.system, before);
	const struct model_finding *held = first_of(after, "api.output-unmapped");
	assert_string_equal(held->id, open->id);
	const struct model_descriptor *waiver = model_system_find(&loaded.system, KIND_WAIVER, "w");
	assert_true(rules_waiver_is_about(model_descriptor_spec(waiver), open));
	assert_false(rules_waiver_is_about(
		model_descriptor_spec(waiver), first_of(before, "completeness.descriptor-missing")));
	assert_string_equal(held->waived->reason, "known");
	assert_string_equal(held->waived->by, "ann");
	assert_true(held->waived->until_us == 5000000);
	assert_memory_not_equal(&held->digest, &open->digest, sizeof(held->digest));
	rules_evaluation_unref(before);
	rules_evaluation_unref(after);
	load_done(&loaded);
}

/* Both are columns of one finding: it goes only when all columns of one side are off. */
static void a_column_is_found_by_its_place(void **state)
{
	(void)state;
	struct loaded loaded = {0};
	load_text(&loaded, KIND_TRAINING_DATA, "default",
		"{'schema': [{'field_name': 'age', 'field_type': 'int', 'mapping_production_data': 'years'}]}");
	load_text(&loaded, KIND_PRODUCTION_DATA, "default",
		"{'schema': [{'field_name': 'years', 'field_type': 'String'}]}");
	struct rules_evaluation *evaluation = rules_evaluate(&loaded.system, NULL);
	assert_non_null(first_of(evaluation, "data.field-type"));
	rules_evaluation_unref(evaluation);
	load_text(&loaded, KIND_POLICY, "default",
		"{'fields': [{'field': 'years', 'rules_off': ['data.field-type']}]}");
	evaluation = rules_evaluate(&loaded.system, NULL);
	assert_null(first_of(evaluation, "data.field-type"));
	rules_evaluation_unref(evaluation);
	load_done(&loaded);
}

/* Raised to errors, the rule's kinds are needed; what is off needs none. */
static void a_policy_decides_what_is_missed(void **state)
{
	(void)state;
	struct loaded loaded = {0};
	struct model_verdict verdict;
	load_text(&loaded, KIND_POLICY, "default",
		"{'rules': [{'rule': 'purpose.*', 'off': true}, {'rule': 'environment.*', 'off': true}, "
		"{'rule': 'api.*', 'off': true}, {'rule': 'resources.*', 'off': true}, {'rule': 'monitoring.*', "
		"'off': true}, {'rule': 'data.*', 'off': true}, {'rule': 'testing.*', 'off': true}, {'rule': "
		"'provenance.*', 'off': true}]}");
	rules_judge(&loaded.system, NULL, 0, NULL, &verdict);
	assert_int_equal(verdict.decision, DECISION_ALLOWED);
	load_text(&loaded, KIND_POLICY, "default",
		"{'rules': [{'rule': '*', 'off': true}, {'rule': 'purpose.*', 'severity': 'error'}]}");
	rules_judge(&loaded.system, NULL, 0, NULL, &verdict);
	assert_int_equal(verdict.decision, DECISION_UNKNOWN);
	load_done(&loaded);
}

static void the_clock_moves(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct loaded loaded = {0};
	assert_true(rules_clock_behind(&loaded.system));
	Tally__V1__Clock *clock = rules_clock_next(arena, &loaded.system, true, 7000000);
	assert_int_equal(clock->rule_set, RULES_SET);
	assert_int_equal(clock->earlier_rule_set, 0);
	assert_int_equal(rules_clock_next(arena, &loaded.system, false, 7000000)->earlier_rule_set, 1);

	load_text(&loaded, KIND_CLOCK, "default", UPDATED);
	assert_false(rules_clock_behind(&loaded.system));
	assert_true(rules_now_us(&loaded.system) == 1000000000);
	clock = rules_clock_next(arena, &loaded.system, false, 2000000000);
	assert_int_equal(clock->time->seconds, 2000);
	assert_int_equal(clock->rule_set_time->seconds, 900);
	assert_int_equal(clock->earlier_rule_set, 1);

	load_text(&loaded, KIND_CLOCK, "default",
		"{'time': {'seconds': 1000}, 'rule_set': 1, 'earlier_rule_set': 0}");
	assert_true(rules_clock_behind(&loaded.system));
	clock = rules_clock_next(arena, &loaded.system, false, 2000000000);
	assert_int_equal(clock->rule_set_time->seconds, 2000);
	assert_int_equal(clock->earlier_rule_set, 1);
	arena_free(arena);
	load_done(&loaded);
}

static const struct CMUnitTest single[] = {
	{"a waiver names a finding, which says who waived it and why", a_waiver_names_a_finding, NULL, NULL,
		NULL},
	{"a rule is off for a column by its name in the production data", a_column_is_found_by_its_place,
		NULL, NULL, NULL},
	{"a policy decides which missing kinds leave a verdict unknown", a_policy_decides_what_is_missed,
		NULL, NULL, NULL},
	{"the clock notes a new set of rules with its time", the_clock_moves, NULL, NULL, NULL},
};

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + CASES_COUNT(single)];
	size_t count = CASES_ADD(tests, 0, rows, check);
	for (size_t i = 0; i < CASES_COUNT(single); i++)
		tests[count++] = single[i];
	return CASES_RUN_ALL(tests, count);
}
