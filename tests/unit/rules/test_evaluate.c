/*
 * Evaluations over random histories: what is shared must be what a full run
 * gives, to the last byte; and what a peer can make grow stays bounded.
 */
#include <jansson.h>
#include <stdbool.h>

#include "base/buffer.h"
#include "load.h"
#include "random.h"
#include "reads.h"
#include "rules/rules.h"
#include "same.h"

#include "cases.h"

static const char *const names[] = {"default", "other"};

/* One of all kinds: the eight, and what settles findings. */
static enum model_kind random_kind(void)
{
	int kind;
	do
		kind = (int)random_roll(KIND_LIMIT);
	while (!model_kind_known(kind));
	return (enum model_kind)kind;
}

/* Changes one descriptor. */
static void change(struct loaded *loaded)
{
	enum model_kind kind = random_kind();
	const char *name = names[random_roll(CASES_COUNT(names))];
	if (random_roll(4) == 0) {
		load_drop(loaded, kind, name);
		return;
	}
	json_t *object = random_message(model_kind_info(kind)->spec);
	char *text = json_dumps(object, 0);
	load_put(loaded, load_descriptor(kind, name, text, false));
	free(text);
	json_decref(object);
}

/* The rules that fired in any history. */
static bool fired[100];

static void note_fired(const struct rules_evaluation *evaluation)
{
	size_t count;
	const struct model_finding *const *findings = rules_evaluation_findings(evaluation, &count);
	for (size_t i = 0; i < count; i++) {
		for (size_t rule = 0; rule < rules_count(); rule++)
			fired[rule] = fired[rule] || strcmp(rules_at(rule)->id, findings[i]->rule) == 0;
	}
}

/* What settling did in any history. */
static unsigned waived, raised, in_grace, timed;

static void note_settled(const struct rules_evaluation *evaluation)
{
	size_t count;
	const struct model_finding *const *findings = rules_evaluation_findings(evaluation, &count);
	for (size_t i = 0; i < count; i++) {
		waived += findings[i]->waived != NULL;
		in_grace += findings[i]->blocks_from_us != 0;
		raised += findings[i]->severity > rules_find(findings[i]->rule)->severity;
	}
	timed += rules_evaluation_due_us(evaluation) != INT64_MAX;
	if (count > 0)
		random_mention(findings[random_roll((unsigned)count)]->id);
}

static void findings_were_settled_in_every_way(void **state)
{
	(void)state;
	assert_true(waived > 100 && raised > 100 && in_grace > 0 && timed > 100);
}

static void every_rule_fired(void **state)
{
	(void)state;
	for (size_t rule = 0; rule < rules_count(); rule++) {
		if (!fired[rule])
			print_error("%s never fired\n", rules_at(rule)->id);
		assert_true(fired[rule]);
	}
}

static int compare_ids(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Ordered, and no id twice. */
static void assert_sound(const struct rules_evaluation *evaluation)
{
	size_t count;
	const struct model_finding *const *findings = rules_evaluation_findings(evaluation, &count);
	const char **ids = calloc(count + 1, sizeof(*ids));
	assert_non_null(ids);
	for (size_t i = 0; i < count; i++) {
		ids[i] = findings[i]->id;
		assert_true(i == 0 || model_finding_compare(findings[i - 1], findings[i]) < 0);
	}
	qsort(ids, count, sizeof(*ids), compare_ids);
	for (size_t i = 1; i < count; i++)
		assert_string_not_equal(ids[i - 1], ids[i]);
	free(ids);
}

/* Two systems that differ in their policies: what only one of them runs, the other shares. */
static void evaluations_beside_each_other_are_the_full_ones(void **state)
{
	(void)state;
	random_seed(99);
	struct loaded own = {0}, tried = {0};
	struct rules_evaluation *one = NULL, *other = NULL;
	for (unsigned step = 0; step < 200; step++) {
		change(&own);
		load_done(&tried);
		for (size_t i = 0; i < own.system.count; i++)
			load_put(&tried, model_descriptor_ref(own.descriptors[i]));
		load_text(&tried, KIND_POLICY, "default",
			"{'data': {'psi': 0.01, 'ks': 0.9, 'new_categories': 0.3}, "
			"'rules': [{'rule': 'completeness.*', 'severity': 'error'}, {'rule': 'api.*', 'off': true}]}");
		struct rules_evaluation *next = rules_evaluate(&own.system, one);
		struct rules_evaluation *beside = rules_evaluate_beside(&tried.system, other, next);
		struct rules_evaluation *full = rules_evaluate(&tried.system, NULL);
		same_assert(beside, full);
		assert_sound(beside);
		rules_evaluation_unref(full);
		rules_evaluation_unref(one);
		rules_evaluation_unref(other);
		one = next;
		other = beside;
	}
	rules_evaluation_unref(one);
	rules_evaluation_unref(other);
	load_done(&own);
	load_done(&tried);
}

struct history {
	const char *name;
	uint64_t seed;
	unsigned steps;
};

static const struct history histories[] = {
	{"an incremental evaluation is the full one, first history", 0x9e3779b97f4a7c15, 300},
	{"an incremental evaluation is the full one, second history", 0xd1b54a32d192ed03, 300},
	{"an incremental evaluation is the full one, third history", 44, 300},
};

static void check_history(void **state)
{
	const struct history *history = *state;
	random_seed(history->seed);
	struct loaded loaded = {0};
	struct rules_evaluation *earlier = rules_evaluate(&loaded.system, NULL);
	for (unsigned step = 0; step < history->steps; step++) {
		for (unsigned left = 1 + random_roll(2); left > 0; left--)
			change(&loaded);
		struct rules_evaluation *next = rules_evaluate(&loaded.system, earlier);
		struct rules_evaluation *full = rules_evaluate(&loaded.system, NULL);
		same_assert(next, full);
		assert_sound(next);
		reads_check_places(next);
		for (size_t i = 0; i < 4; i++)
			reads_check_rule(&loaded, next, rules_at((4 * step + i) % rules_count()));
		note_fired(next);
		note_settled(next);
		rules_evaluation_unref(full);
		rules_evaluation_unref(earlier);
		earlier = next;
	}
	rules_evaluation_unref(earlier);
	load_done(&loaded);
}

/* Is it of a rule that reads raw data? Rules that look at one kind at a time run again for that one only. */
static bool may_be_new(const struct model_finding *finding)
{
	return finding->kinds & KIND_BIT(KIND_RAW_DATA) || finding->class == CLASS_PROVENANCE;
}

/* The findings of all but one kind's rules are the very same ones. */
static void unchanged_rules_are_shared(void **state)
{
	(void)state;
	random_seed(7);
	struct loaded loaded = {0};
	for (unsigned i = 0; i < 100; i++)
		change(&loaded);
	for (unsigned i = 0; i < CASES_COUNT(names); i++) { /* what settles findings copies them */
		load_drop(&loaded, KIND_POLICY, names[i]);
		load_drop(&loaded, KIND_WAIVER, names[i]);
	}
	load_text(&loaded, KIND_RAW_DATA, "default", "{}");
	struct rules_evaluation *first = rules_evaluate(&loaded.system, NULL);
	load_text(&loaded, KIND_RAW_DATA, "default", "{'dataset_name': 'new'}");
	struct rules_evaluation *second = rules_evaluate(&loaded.system, first);
	size_t count;
	const struct model_finding *const *findings = rules_evaluation_findings(first, &count);
	size_t later_count;
	const struct model_finding *const *later = rules_evaluation_findings(second, &later_count);
	assert_int_equal(later_count, count - 1); /* the name is no longer missing */
	for (size_t i = 0, j = 0; i < count; i++) {
		if (may_be_new(findings[i]))
			continue;
		while (may_be_new(later[j]))
			j++;
		assert_ptr_equal(findings[i], later[j++]);
	}
	rules_evaluation_unref(first);
	findings = rules_evaluation_findings(rules_evaluation_ref(second), &count);
	rules_evaluation_unref(second);
	assert_true(strlen(findings[0]->message) > 0); /* shared ones outlive the first evaluation */
	rules_evaluation_unref(second);
	load_done(&loaded);
}

/* A rule that runs again and finds the same has its findings kept; one that finds something else has not. */
static void the_same_again_is_shared(void **state)
{
	(void)state;
	struct loaded loaded = {0};
	load_text(&loaded, KIND_RAW_DATA, "default", "{'dataset_version': '1'}");
	struct rules_evaluation *first = rules_evaluate(&loaded.system, NULL);
	load_text(&loaded, KIND_RAW_DATA, "default", "{'dataset_version': '2'}");
	struct rules_evaluation *second = rules_evaluate(&loaded.system, first);
	load_text(&loaded, KIND_RAW_DATA, "default", "{'dataset_version': '2', 'dataset_name': 'new'}");
	struct rules_evaluation *third = rules_evaluate(&loaded.system, second);
	size_t counts[3], shared = 0;
	const struct model_finding *const *findings = rules_evaluation_findings(first, &counts[0]);
	const struct model_finding *const *again = rules_evaluation_findings(second, &counts[1]);
	const struct model_finding *const *other = rules_evaluation_findings(third, &counts[2]);
	assert_int_equal(counts[1], counts[0]);
	for (size_t i = 0; i < counts[0]; i++)
		assert_ptr_equal(again[i], findings[i]);
	assert_int_equal(counts[2], counts[0] - 1);
	for (size_t i = 0; i < counts[0]; i++)
		for (size_t j = 0; j < counts[2]; j++)
			shared += findings[i] == other[j];
	assert_true(shared > 0 && shared < counts[2]);
	rules_evaluation_unref(first);
	rules_evaluation_unref(second);
	rules_evaluation_unref(third);
	load_done(&loaded);
}

/* ---- bounds ---- */

/* A model whose outputs have no mapping. */
static void load_outputs(struct loaded *loaded, size_t count, const char *format)
{
	struct buffer text = {0};
	buffer_text(&text, "{'output_spec': [");
	for (size_t i = 0; i < count; i++)
		buffer_print(&text, "%s{'item_name': '%s%zu'}", i ? ", " : "", format, i);
	buffer_text(&text, "]}");
	load_text(loaded, KIND_TRAINED_MODEL, "default", buffer_string(&text));
	buffer_done(&text);
}

static size_t count_rule(
	const struct rules_evaluation *evaluation, const char *rule, const struct model_finding **last)
{
	size_t count;
	size_t found = 0;
	const struct model_finding *const *findings = rules_evaluation_findings(evaluation, &count);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(findings[i]->rule, rule) != 0)
			continue;
		*last = findings[i];
		found++;
	}
	return found;
}

static const struct model_finding *find_subject(
	const struct rules_evaluation *evaluation, const char *subject)
{
	size_t count;
	const struct model_finding *const *findings = rules_evaluation_findings(evaluation, &count);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(findings[i]->subject, subject) == 0)
			return findings[i];
	}
	return NULL;
}

static void too_many_findings_are_counted(void **state)
{
	(void)state;
	struct loaded loaded = {0};
	load_outputs(&loaded, 10050, "output");
	struct rules_evaluation *evaluation = rules_evaluate(&loaded.system, NULL);
	const struct model_finding *last = NULL;
	assert_int_equal(count_rule(evaluation, "api.output-unmapped", &last), 10001);
	const struct model_finding *more = find_subject(evaluation, "(more)");
	assert_non_null(more);
	assert_non_null(strstr(more->message, "10050 times"));
	const struct model_finding *gap = find_subject(evaluation, "output_spec.item_type");
	assert_non_null(gap);
	assert_int_equal(gap->place_count, 1000);
	assert_non_null(strstr(gap->message, "in 10050 places"));
	rules_evaluation_unref(evaluation);
	load_done(&loaded);
}

static void long_names_are_cut_at_a_character(void **state)
{
	(void)state;
	struct buffer name = {0};
	buffer_text(&name, "xx");
	for (size_t i = 0; i < 500; i++)
		buffer_text(&name, "ä");
	struct loaded loaded = {0};
	load_outputs(&loaded, 1, buffer_string(&name));
	struct rules_evaluation *evaluation = rules_evaluate(&loaded.system, NULL);
	const struct model_finding *finding = NULL;
	assert_int_equal(count_rule(evaluation, "api.output-unmapped", &finding), 1);
	assert_int_equal(strlen(finding->subject), 300 + strlen("…"));
	assert_string_equal(finding->subject + 298, "ä…");
	rules_evaluation_unref(evaluation);
	load_done(&loaded);
	buffer_done(&name);
}

/* Many things of one name on both sides: not all are compared with all. */
static void repeated_names_stay_cheap(void **state)
{
	(void)state;
	struct buffer outputs = {0};
	struct buffer inputs = {0};
	buffer_text(&outputs, "{'output_spec': [");
	buffer_text(&inputs, "{'downstream_components': [{'component_name': 'c', 'input_spec': [");
	for (size_t i = 0; i < 3000; i++) {
		buffer_print(&outputs,
			"%s{'item_name': 'o', 'item_type': 'int', 'component_mapping': {'component': 'c', "
			"'data_item': 'i'}}",
			i ? ", " : "");
		buffer_print(&inputs, "%s{'item_name': 'i', 'item_type': 'Float'}", i ? ", " : "");
	}
	buffer_text(&outputs, "]}");
	buffer_text(&inputs, "]}]}");
	struct loaded loaded = {0};
	load_text(&loaded, KIND_TRAINED_MODEL, "default", buffer_string(&outputs));
	load_text(&loaded, KIND_DEVELOPMENT_ENVIRONMENT, "default", buffer_string(&inputs));
	struct rules_evaluation *evaluation = rules_evaluate(&loaded.system, NULL);
	const struct model_finding *finding = find_subject(evaluation, "o");
	assert_non_null(finding);
	assert_true(finding->place_count > 16 && finding->place_count <= 1000);
	rules_evaluation_unref(evaluation);
	load_done(&loaded);
	buffer_done(&outputs);
	buffer_done(&inputs);
}

static const struct CMUnitTest single[] = {
	{"some histories waive, raise and delay findings", findings_were_settled_in_every_way, NULL, NULL,
		NULL},
	{"every rule fired in some history", every_rule_fired, NULL, NULL, NULL},
	{"rules whose kinds did not change are not run again", unchanged_rules_are_shared, NULL, NULL, NULL},
	{"evaluations of two systems that share are the full ones",
		evaluations_beside_each_other_are_the_full_ones, NULL, NULL, NULL},
	{"findings that a rule makes again are shared", the_same_again_is_shared, NULL, NULL, NULL},
	{"findings past the bound are counted in one more", too_many_findings_are_counted, NULL, NULL, NULL},
	{"a long name is cut at a character's end", long_names_are_cut_at_a_character, NULL, NULL, NULL},
	{"many things of one name stay within the bounds", repeated_names_stay_cheap, NULL, NULL, NULL},
};

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(histories) + CASES_COUNT(single)];
	size_t count = CASES_ADD(tests, 0, histories, check_history);
	for (size_t i = 0; i < CASES_COUNT(single); i++)
		tests[count++] = single[i];
	return CASES_RUN_ALL(tests, count);
}
