/*
 * Pairs of public files: what is measured of every column beside what SciPy
 * measures, and what is found of it beside what has to be found.
 */
#include <jansson.h>
#include <math.h>

#include "base/buffer.h"
#include "load.h"
#include "rules/column.h"
#include "rules/rules.h"
#include "tables.h"

#include "cases.h"

enum {
	PAIRS_MAX = 50,
};

static char shared[1000];

struct pair {
	const char *name;
	const json_t *reference;
};

static struct pair pairs[PAIRS_MAX];

/* ---- what is measured ---- */

static void assert_near(const json_t *object, const char *key, double value, double absolute, double relative)
{
	const json_t *expected = json_object_get(object, key);
	if (!json_is_number(expected)) {
		assert_true(isnan(value));
		return;
	}
	double number = json_number_value(expected);
	if (fabs(value - number) > fmax(absolute, relative * fabs(number)))
		print_error("%s: %.12g is not %.12g\n", key, value, number);
	assert_true(fabs(value - number) <= fmax(absolute, relative * fabs(number)));
}

/* Profiles that leave nothing out give what SciPy gives. */
static void check_numbers(
	const json_t *expected, const struct column_side *reference, const struct column_side *current)
{
	struct column_numbers numbers;
	rule_column_compare_numbers(reference, current, COLUMN_TELL, &numbers);
	assert_int_equal(numbers.there, expected != NULL);
	if (!expected)
		return;
	assert_near(expected, "ks", numbers.ks, 1e-11, 0);
	assert_near(expected, "ks_p_kolmogorov", numbers.ks_p, 1e-300, 1e-9);
	assert_near(expected, "psi", numbers.index.psi, 1e-11, 1e-10);
	assert_near(expected, "psi_noise_99", numbers.index.psi_chance, 0, 1e-10);
	assert_near(expected, "js_distance", numbers.index.js, 1e-9, 1e-9);
	assert_near(expected, "wasserstein_norm", numbers.wasserstein, 1e-9, 1e-9);
	struct column_outside outside;
	rule_column_outside(reference, current, &outside);
	assert_near(expected, "cur_outside_ref_range", outside.share, 1e-11, 0);
}

static void check_categories(
	const json_t *expected, const struct column_side *reference, const struct column_side *current)
{
	struct arena *arena = arena_new();
	struct column_categories categories;
	rule_column_compare_categories(arena, reference, current, COLUMN_TELL, &categories);
	assert_int_equal(categories.there, expected != NULL);
	if (expected) {
		assert_near(expected, "linf", categories.linf, 1e-11, 0);
		assert_near(expected, "chi2_p", categories.chi2_p, 1e-300, 1e-9);
		assert_near(expected, "psi_lumped", categories.index.psi, 1e-11, 1e-10);
		assert_near(expected, "psi_lumped_noise_99", categories.index.psi_chance, 0, 1e-10);
		assert_near(expected, "psi_lumped_bins", (double)categories.index.bins, 0, 0);
		assert_near(expected, "js_distance", categories.index.js, 1e-9, 1e-9);
		struct column_unseen unseen;
		rule_column_unseen(arena, reference, current, 0, &unseen);
		assert_near(expected, "new_count", (double)unseen.categories, 0, 0);
		assert_near(expected, "new_mass", unseen.mass / current->present, 1e-11, 0);
	}
	arena_free(arena);
}

static void check_measures(const json_t *columns, const struct loaded *loaded)
{
	const Tally__V1__TrainingData *training =
		model_descriptor_spec(model_system_find(&loaded->system, KIND_TRAINING_DATA, "default"));
	const Tally__V1__ProductionData *production =
		model_descriptor_spec(model_system_find(&loaded->system, KIND_PRODUCTION_DATA, "default"));
	for (size_t i = 0; i < production->n_schema; i++) {
		const char *name = production->schema[i]->field_name;
		struct column_side reference;
		struct column_side current;
		assert_string_equal(name, training->schema[i]->field_name);
		assert_true(rule_column_read(training->schema[i]->profile, &reference));
		assert_true(rule_column_read(production->schema[i]->profile, &current));
		const json_t *drift = json_object_get(json_object_get(columns, name), "drift");
		assert_int_equal(
			rule_column_identifies(&reference), json_is_true(json_object_get(drift, "id_like")));
		if (rule_column_identifies(&reference))
			continue;
		check_numbers(json_object_get(drift, "numeric"), &reference, &current);
		check_categories(json_object_get(drift, "categorical"), &reference, &current);
	}
}

/* ---- what is found ---- */

/* The words of the definitions, in their order. */
static const struct {
	const char *flag;
	const char *rule;
	const char *measure; /* that decided; NULL: any */
} flags[] = {
	{"type_changed", "data.type-changed", NULL},
	{"missing_rate", "data.missing-rate", "change of the share of missing values"},
	{"column_absent_in_current", "data.missing-rate", ""},
	{"ks", "data.distribution-drift", "Kolmogorov-Smirnov distance"},
	{"psi", "data.distribution-drift", "population stability index"},
	{"out_of_range", "data.out-of-range", NULL},
	{"linf", "data.distribution-drift", "largest difference of a category's share"},
	{"category_psi", "data.distribution-drift", "population stability index of the categories"},
	{"new_categories", "data.new-categories", NULL},
	{"too_few_rows", "data.sample-too-small", NULL},
};

static bool decided(const struct model_finding *finding, const char *measure)
{
	if (!measure)
		return true;
	if (!*measure)
		return finding->evidence_count == 0;
	for (size_t i = 0; i < finding->evidence_count; i++) {
		if (strcmp(finding->evidence[i].measure, measure) == 0)
			return !strstr(finding->evidence[i].method, "does not decide");
	}
	return false;
}

static void found_flags(const struct rules_evaluation *evaluation, const char *subject, struct buffer *text)
{
	size_t count;
	const struct model_finding *const *findings = rules_evaluation_findings(evaluation, &count);
	for (size_t flag = 0; flag < CASES_COUNT(flags); flag++) {
		for (size_t i = 0; i < count; i++) {
			if (strcmp(findings[i]->subject, subject) == 0 &&
				strcmp(findings[i]->rule, flags[flag].rule) == 0 &&
				decided(findings[i], flags[flag].measure)) {
				buffer_print(text, "%s ", flags[flag].flag);
			}
		}
	}
}

static void expected_flags(const json_t *pair, const char *subject, struct buffer *text)
{
	const json_t *list = json_object_get(json_object_get(pair, "flags"), subject);
	for (size_t flag = 0; flag < CASES_COUNT(flags); flag++) {
		for (size_t i = 0; i < json_array_size(list); i++) {
			if (strcmp(json_string_value(json_array_get(list, i)), flags[flag].flag) == 0) {
				buffer_print(text, "%s ", flags[flag].flag);
			}
		}
	}
}

static void check_flags(const json_t *pair, const struct loaded *loaded)
{
	struct rules_evaluation *evaluation = rules_evaluate(&loaded->system, NULL);
	const char *name;
	json_t *column;
	json_object_foreach((json_t *)(uintptr_t)json_object_get(pair, "columns"), name, column)
	{
		struct buffer found = {0};
		struct buffer expected = {0};
		found_flags(evaluation, name, &found);
		expected_flags(pair, name, &expected);
		if (strcmp(buffer_string(&found), buffer_string(&expected)) != 0)
			print_error("%s: other flags than expected\n", name);
		assert_string_equal(buffer_string(&found), buffer_string(&expected));
		buffer_done(&found);
		buffer_done(&expected);
	}
	rules_evaluation_unref(evaluation);
}

/* ---- the pairs ---- */

static struct model_descriptor *describe(const json_t *pair, const char *side, enum model_kind kind)
{
	struct buffer path = {0};
	struct table table;
	buffer_print(&path, "%s/samples/%s", shared, json_string_value(json_object_get(pair, side)));
	assert_true(table_read(&table, buffer_string(&path), 0, true));
	size_t *rows = calloc(table.count, sizeof(*rows));
	assert_non_null(rows);
	for (size_t i = 0; i < table.count; i++)
		rows[i] = i;
	struct model_descriptor *descriptor = table_describe(&table, kind, rows, table.count);
	free(rows);
	table_done(&table);
	buffer_done(&path);
	return descriptor;
}

static void check(void **state)
{
	const json_t *pair = ((const struct pair *)*state)->reference;
	struct loaded loaded = {0};
	load_put(&loaded, describe(pair, "reference", KIND_TRAINING_DATA));
	load_put(&loaded, describe(pair, "current", KIND_PRODUCTION_DATA));
	check_measures(json_object_get(pair, "columns"), &loaded);
	check_flags(pair, &loaded);
	load_done(&loaded);
}

int main(void)
{
	const char *given = getenv("TALLY_SHARED");
	snprintf(shared, sizeof(shared), "%s", given ? given : TALLY_SOURCE_DIR "/../shared");
	struct buffer path = {0};
	buffer_print(&path, "%s/reference/drift_reference.json", shared);
	json_t *file = json_load_file(buffer_string(&path), 0, NULL);
	if (!file) {
		printf("Skipped: there is no %s.\n", buffer_string(&path));
		buffer_done(&path);
		return 0;
	}
	buffer_done(&path);
	struct CMUnitTest tests[PAIRS_MAX];
	size_t count = 0;
	const char *name;
	json_t *pair;
	json_object_foreach(json_object_get(file, "pairs"), name, pair)
	{
		assert_true(count < PAIRS_MAX);
		pairs[count] = (struct pair){name, pair};
		count++;
	}
	size_t end = cases_add(tests, 0, pairs, count, sizeof(pairs[0]), check);
	int failed = CASES_RUN_ALL(tests, end);
	json_decref(file);
	return failed;
}
