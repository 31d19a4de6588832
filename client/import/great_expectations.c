/*
 * Suites of Great Expectations, in the three spellings that its versions have.
 * What must hold of each value becomes the column's bounds; what a profiler
 * wrote down of the whole column (both bounds are the same number) becomes a
 * statistic, because it is what was observed and no rule.
 */
#include <string.h>

#include "import/columns.h"
#include "import/formats.h"
#include "import/tree.h"
#include "model/types.h"

bool great_expectations_looks(const char *head, size_t size)
{
	return memmem(head, size, "\"expectations\"", 14) &&
	       (memmem(head, size, "\"kwargs\"", 8) || memmem(head, size, "expectation_suite_name", 22));
}

/* One expectation. */
struct expectation {
	const char *type, *path, *column;
	const struct codec_node *kwargs;
	double mostly; /* the share of rows that it must hold for; 1 without */
	const struct draft_place *set;
	const char *detail; /* of the row of the table */
};

typedef void expectation_fn(struct import *import, const struct expectation *expectation);

static const char *path_of(struct import *import, const struct expectation *expectation, const char *key)
{
	return import_print(import, "%s.kwargs.%s", expectation->path, key);
}

static const struct draft_place *column_of(struct import *import, const struct expectation *expectation)
{
	return columns_put(import, expectation->set, expectation->column, expectation->path);
}

/* What holds for most rows only bounds none of them: it is said in words. */
static void expect_mostly(struct import *import, const struct expectation *expectation, const char *what)
{
	const char *text = expectation->mostly < 1 ? import_print(import, "%s for at least %.4g %% of rows",
							     what, 100 * expectation->mostly)
						   : what;
	columns_expect(import, column_of(import, expectation), text, expectation->path);
}

static void read_exists(struct import *import, const struct expectation *expectation)
{
	column_of(import, expectation);
}

static const char *bounds_text(
	struct import *import, const struct codec_node *min, const struct codec_node *max)
{
	const char *low = tree_text(min), *high = tree_text(max);
	if (low && high)
		return import_print(import, "%s to %s", low, high);
	return low || high ? import_print(import, "%s %s", low ? "at least" : "at most", low ? low : high)
			   : NULL;
}

static void read_between(struct import *import, const struct expectation *expectation)
{
	const struct codec_node *min = tree_get(expectation->kwargs, "min_value");
	const struct codec_node *max = tree_get(expectation->kwargs, "max_value");
	const char *const paths[2] = {
		path_of(import, expectation, "min_value"), path_of(import, expectation, "max_value")};
	static const char *const strict[] = {"strict_min", "strict_max"};
	bool excluded;
	for (size_t i = 0; i < 2; i++)
		if (tree_flag(tree_get(expectation->kwargs, strict[i]), &excluded) && excluded)
			import_warn(import, path_of(import, expectation, strict[i]),
				"the bound itself is not allowed there, and counts as allowed here");
	const char *text = bounds_text(import, min, max);
	double number;
	if (text && (expectation->mostly < 1 || (min && !tree_number(min, &number)) ||
			    (max && !tree_number(max, &number))))
		expect_mostly(import, expectation, text);
	else if (text)
		columns_range(import, column_of(import, expectation), min, max, paths);
}

/* @return true when both bounds are one number: what a profiler saw */
static bool is_observed(const struct expectation *expectation, double *value)
{
	double max;
	return tree_number(tree_get(expectation->kwargs, "min_value"), value) &&
	       tree_number(tree_get(expectation->kwargs, "max_value"), &max) && *value <= max &&
	       *value >= max;
}

static void read_aggregate(struct import *import, const struct expectation *expectation)
{
	double value;
	const struct codec_node *min = tree_get(expectation->kwargs, "min_value");
	const struct codec_node *max = tree_get(expectation->kwargs, "max_value");
	const char *const paths[2] = {
		path_of(import, expectation, "min_value"), path_of(import, expectation, "max_value")};
	if (is_observed(expectation, &value)) {
		column_of(import, expectation);
		columns_statistic(import, expectation->set, expectation->column, expectation->detail, value,
			expectation->path);
	} else if (strcmp(expectation->detail, "Minimum") == 0 && min) {
		columns_range(import, column_of(import, expectation), min, NULL, paths);
	} else if (strcmp(expectation->detail, "Maximum") == 0 && max) {
		columns_range(import, column_of(import, expectation), NULL, max, paths);
	} else {
		import_note(import, expectation->path, bounds_text(import, min, max));
	}
}

static void read_quantiles(struct import *import, const struct expectation *expectation)
{
	const struct codec_node *which = tree_at(expectation->kwargs, "quantile_ranges.quantiles");
	const struct codec_node *ranges = tree_at(expectation->kwargs, "quantile_ranges.value_ranges");
	double quantile, low, high;
	for (size_t i = 0; i < tree_count(which) && i < tree_count(ranges); i++) {
		const struct codec_node *range = ranges->items[i];
		const char *path = path_of(
			import, expectation, import_print(import, "quantile_ranges.value_ranges[%zu]", i));
		if (tree_count(range) != 2 || !tree_number(range->items[0], &low) ||
			!tree_number(range->items[1], &high) || !tree_number(which->items[i], &quantile))
			continue;
		if (low >= high && quantile >= 0.5 && quantile <= 0.5)
			columns_statistic(import, expectation->set, expectation->column, "Median", low, path);
		else
			import_note(import, path, tree_print(import, range));
	}
}

static void read_set(struct import *import, const struct expectation *expectation)
{
	const struct codec_node *values = tree_get(expectation->kwargs, "value_set");
	if (!tree_is_list(values) || values->count == 0)
		return;
	if (expectation->mostly < 1)
		expect_mostly(import, expectation, tree_print(import, values));
	else
		columns_allow(import, column_of(import, expectation), values,
			path_of(import, expectation, "value_set"));
}

/* Of the types that databases and data frames call by many names, the first that is known. */
static void read_types(struct import *import, const struct expectation *expectation)
{
	const struct codec_node *list = tree_get(expectation->kwargs, "type_list");
	const char *known = tree_text(tree_get(expectation->kwargs, "type_"));
	for (size_t i = 0; i < tree_count(list); i++) {
		const char *type = tree_text(list->items[i]);
		if (!type || model_type_of(type) == TYPE_UNKNOWN)
			continue;
		if (known && !model_types_equal(known, type)) {
			import_leave(import, path_of(import, expectation, "type_list"),
				"the types differ in kind, so none is the column's");
			return;
		}
		known = known ? known : type;
	}
	if (!known && tree_count(list))
		known = tree_text(list->items[0]);
	if (known)
		import_text(import, column_of(import, expectation), "field_type", known,
			path_of(import, expectation, list ? "type_list" : "type_"));
}

static void read_present(struct import *import, const struct expectation *expectation)
{
	columns_missing(import, column_of(import, expectation), 1 - expectation->mostly, expectation->path);
}

static void read_pattern(struct import *import, const struct expectation *expectation)
{
	const char *pattern = tree_text(tree_get(expectation->kwargs, expectation->detail));
	if (pattern)
		expect_mostly(import, expectation, import_print(import, "text that matches %s", pattern));
}

static void read_lengths(struct import *import, const struct expectation *expectation)
{
	const struct codec_node *exact = tree_get(expectation->kwargs, "value");
	const char *text = tree_text(exact) ? tree_text(exact)
					    : bounds_text(import, tree_get(expectation->kwargs, "min_value"),
						      tree_get(expectation->kwargs, "max_value"));
	if (text)
		expect_mostly(import, expectation, import_print(import, "text of %s characters", text));
}

static void read_time(struct import *import, const struct expectation *expectation)
{
	import_text(import, column_of(import, expectation), "field_type", "datetime", expectation->path);
}

static void read_columns(struct import *import, const struct expectation *expectation)
{
	const struct codec_node *list = tree_get(expectation->kwargs, expectation->detail);
	for (size_t i = 0; i < tree_count(list); i++)
		if (tree_text(list->items[i]))
			columns_put(import, expectation->set, tree_text(list->items[i]),
				path_of(import, expectation,
					import_print(import, "%s[%zu]", expectation->detail, i)));
}

static void read_rows(struct import *import, const struct expectation *expectation)
{
	int64_t rows;
	double value;
	const struct codec_node *exact = tree_get(expectation->kwargs, "value");
	if (!exact && is_observed(expectation, &value))
		exact = tree_get(expectation->kwargs, "min_value");
	if (tree_integer(exact, &rows))
		import_integer(import, expectation->set, "number_of_instances", rows, expectation->path);
	else
		import_note(import, expectation->path, tree_print(import, expectation->kwargs));
}

static void read_note(struct import *import, const struct expectation *expectation)
{
	if (expectation->column)
		column_of(import, expectation);
	import_note(import, expectation->path, expectation->type);
}

static const struct {
	const char *type; /* behind expect_ */
	expectation_fn *read;
	const char *detail;
	bool table; /* it is of the whole table */
} table[] = {
	{"column_to_exist", read_exists, NULL, false},
	{"column_values_to_be_between", read_between, NULL, false},
	{"column_min_to_be_between", read_aggregate, "Minimum", false},
	{"column_max_to_be_between", read_aggregate, "Maximum", false},
	{"column_mean_to_be_between", read_aggregate, "Mean", false},
	{"column_median_to_be_between", read_aggregate, "Median", false},
	{"column_stdev_to_be_between", read_aggregate, "Standard Deviation", false},
	{"column_sum_to_be_between", read_aggregate, "Sum", false},
	{"column_quantile_values_to_be_between", read_quantiles, NULL, false},
	{"column_values_to_be_in_set", read_set, NULL, false},
	{"column_distinct_values_to_be_in_set", read_set, NULL, false},
	{"column_distinct_values_to_equal_set", read_set, NULL, false},
	{"column_values_to_be_in_type_list", read_types, NULL, false},
	{"column_values_to_be_of_type", read_types, NULL, false},
	{"column_values_to_not_be_null", read_present, NULL, false},
	{"column_values_to_match_regex", read_pattern, "regex", false},
	{"column_values_to_match_like_pattern", read_pattern, "like_pattern", false},
	{"column_values_to_match_strftime_format", read_time, NULL, false},
	{"column_values_to_be_dateutil_parseable", read_time, NULL, false},
	{"column_value_lengths_to_be_between", read_lengths, NULL, false},
	{"column_value_lengths_to_equal", read_lengths, NULL, false},
	{"column_values_to_be_unique", read_note, NULL, false},
	{"column_unique_value_count_to_be_between", read_note, NULL, false},
	{"column_proportion_of_unique_values_to_be_between", read_note, NULL, false},
	{"table_columns_to_match_ordered_list", read_columns, "column_list", true},
	{"table_columns_to_match_set", read_columns, "column_set", true},
	{"table_row_count_to_equal", read_rows, NULL, true},
	{"table_row_count_to_be_between", read_rows, NULL, true},
};

static void dispatch(struct import *import, struct expectation *expectation)
{
	static const char start[] = "expect_";
	const char *type = expectation->type;
	if (strncmp(type, start, sizeof(start) - 1) == 0)
		type += sizeof(start) - 1;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (strcmp(table[i].type, type) != 0)
			continue;
		expectation->detail = table[i].detail;
		if (table[i].table || expectation->column)
			table[i].read(import, expectation);
		else
			import_leave(import, expectation->path, "it names no column");
		return;
	}
	import_leave(import, expectation->path, "no descriptor has a place for %s", expectation->type);
}

static void read_expectation(
	struct import *import, const struct draft_place *set, const struct codec_node *node, const char *path)
{
	struct expectation expectation = {.path = path, .set = set, .mostly = 1};
	expectation.type = tree_text(tree_get(node, "type"));
	if (!expectation.type)
		expectation.type = tree_text(tree_get(node, "expectation_type"));
	expectation.kwargs = tree_get(node, "kwargs");
	expectation.column = tree_text(tree_get(expectation.kwargs, "column"));
	if (!expectation.type) {
		import_leave(import, path, "an expectation has its type here");
		return;
	}
	if (tree_text(tree_get(expectation.kwargs, "row_condition"))) {
		import_leave(import, path, "what holds for some rows only is not taken");
		return;
	}
	if (!tree_number(tree_get(expectation.kwargs, "mostly"), &expectation.mostly))
		expectation.mostly = 1;
	dispatch(import, &expectation);
}

bool great_expectations_read(struct import *import)
{
	const struct codec_node *top = tree_any(import);
	if (!top)
		return false;
	const struct codec_node *list = tree_get(top, "expectations");
	const char *name = tree_text(tree_get(top, "expectation_suite_name"));
	const char *key = name ? "expectation_suite_name" : "name";
	if (!tree_is_list(list))
		return import_refuse(import, list ? list : top, "expectations",
			"a suite of Great Expectations has a list of expectations here");
	if (!name)
		name = tree_text(tree_get(top, "name"));
	const enum model_kind kind = columns_kind(name) == KIND_RAW_DATA ? KIND_RAW_DATA : KIND_TRAINING_DATA;
	const struct draft_place *set = import_descriptor(import, kind);
	import_note(import, "meta.great_expectations_version",
		tree_text(tree_at(top, "meta.great_expectations_version")));
	for (size_t i = 0; i < list->count; i++)
		read_expectation(import, set, list->items[i], import_print(import, "expectations[%zu]", i));
	/* A suite is a test of the data that a pipeline lets through. */
	const struct draft_place *test =
		import_named(import, import_descriptor(import, KIND_DATA_PIPELINE), "test_cases",
			"test_case_name", name ? name : import->file->name, name ? key : "expectations");
	import_text(import, test, "tested_property", "what is expected of the data", "expectations");
	import_text(import, test, "file", import->file->path, "expectations");
	return true;
}
