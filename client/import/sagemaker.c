/*
 * What SageMaker's Model Monitor writes: constraints and statistics of a
 * baseline, and violations of them. Statistics hold a sketch of each column's
 * distribution, so they become a profile and drift can be judged without data.
 */
#include <math.h>
#include <string.h>

#include "import/columns.h"
#include "import/formats.h"
#include "import/lines.h"
#include "import/packages.h"
#include "import/sagemaker_capture.h"
#include "import/tree.h"

enum {
	LEVELS_MAX = 62,         /* of a sketch: weights are powers of two */
	POINTS_MAX = 10000,      /* of a profile */
	CATEGORY_SIZE_MAX = 256, /* bytes, as profiles have it */
	CATEGORIES_MAX = 1000,
};

bool sagemaker_looks(const char *head, size_t size)
{
	return memmem(head, size, "\"inferred_type\"", 15) ||
	       memmem(head, size, "\"constraint_check_type\"", 23) ||
	       memmem(head, size, "\"comparison_operator\"", 21) || sagemaker_capture_looks(head, size);
}

/* Counts are written as 24000.0 too. */
static bool read_count(const struct codec_node *node, int64_t *count)
{
	double number;
	if (!tree_number(node, &number) || number < 0 || number > 9e15 || floor(number) < number)
		return false;
	*count = (int64_t)number;
	return true;
}

static const char *type_of(const struct codec_node *feature)
{
	const char *type = tree_text(tree_get(feature, "inferred_type"));
	return type && strcmp(type, "Unknown") != 0 ? type : NULL;
}

/* ---- statistics ---- */

/* A value and how many it stands for. */
struct point {
	double value;
	int64_t weight;
};

static int by_value(const void *a, const void *b)
{
	const struct point *left = a, *right = b;
	return (left->value > right->value) - (left->value < right->value);
}

/* The sketch's levels: a value of level n stands for 2^n. @return how many points; 0 when there is no sketch
 */
static size_t sketch_points(const struct codec_node *kll, struct point *points)
{
	const struct codec_node *levels = tree_at(kll, "sketch.data");
	size_t count = 0;
	for (size_t i = 0; tree_is_list(levels) && i < levels->count && i < LEVELS_MAX; i++)
		for (size_t j = 0; j < tree_count(levels->items[i]); j++) {
			double value;
			if (count == POINTS_MAX || !tree_number(levels->items[i]->items[j], &value))
				return 0;
			points[count++] = (struct point){value, (int64_t)1 << i};
		}
	return count;
}

/* Buckets only tell their ends: the upper one stands for all values in it. @param[out] error the largest
 * share */
static size_t bucket_points(const struct codec_node *kll, struct point *points, double *error)
{
	const struct codec_node *buckets = tree_get(kll, "buckets");
	double all = 0, most = 0;
	size_t count = 0;
	for (size_t i = 0; tree_is_list(buckets) && i < buckets->count && i < POINTS_MAX; i++) {
		struct point *point = &points[count];
		if (!tree_number(tree_get(buckets->items[i], "upper_bound"), &point->value) ||
			!read_count(tree_get(buckets->items[i], "count"), &point->weight))
			return 0;
		all += (double)point->weight;
		most = fmax(most, (double)point->weight);
		count++;
	}
	*error = all > 0 ? most / all : 0;
	return count;
}

/* The error of a KLL sketch of size k at 99 % confidence, as Apache DataSketches measured it. */
static double sketch_error(const struct codec_node *kll)
{
	double k;
	if (!tree_number(tree_at(kll, "sketch.parameters.k"), &k) || !(k >= 8))
		k = 200;
	return 2.296 / pow(k, 0.9021);
}

static void add_quantiles(
	struct import *import, json_t *profile, const struct codec_node *kll, int64_t present)
{
	struct point *points = arena_array(import->arena, POINTS_MAX, sizeof(*points));
	double error = sketch_error(kll);
	size_t count = sketch_points(kll, points);
	int64_t total = 0;
	if (!count)
		count = bucket_points(kll, points, &error);
	qsort(points, count, sizeof(*points), by_value);
	json_t *values = json_array(), *weights = json_array();
	for (size_t i = 0; i < count && total <= present; i++) {
		total += points[i].weight;
		json_array_append_new(values, json_real(points[i].value));
		json_array_append_new(weights, json_integer(points[i].weight));
	}
	/* One whose weights are not those of the values that are there tells nothing. */
	if (count && total == present)
		json_object_set_new(profile, "quantiles",
			json_pack("{s:O, s:O, s:f}", "values", values, "weights", weights, "rank_error",
				error));
	json_decref(values);
	json_decref(weights);
}

static void add_categories(json_t *profile, const struct codec_node *buckets, int64_t present)
{
	json_t *list = json_array();
	int64_t listed = 0, count;
	for (size_t i = 0; tree_is_list(buckets) && i < buckets->count && i < CATEGORIES_MAX; i++) {
		const struct codec_node *value = tree_get(buckets->items[i], "value");
		const char *text = tree_text(value);
		if (!text || strlen(text) > CATEGORY_SIZE_MAX ||
			!read_count(tree_get(buckets->items[i], "count"), &count) || count > present - listed)
			continue;
		listed += count;
		json_array_append_new(
			list, json_pack("{s:s, s:I}", "value", text, "count", (json_int_t)count));
	}
	if (json_array_size(list)) {
		json_object_set(profile, "categories", list);
		json_object_set_new(profile, "other_count", json_integer(present - listed));
	}
	json_decref(list);
}

static void add_number(json_t *profile, const char *field, const struct codec_node *value)
{
	double number;
	if (tree_number(value, &number))
		json_object_set_new(profile, field, json_real(number));
}

static const struct {
	const char *key, *field, *property;
} numbers[] = {
	{"min", "min", "Minimum"},
	{"max", "max", "Maximum"},
	{"mean", "mean", "Mean"},
	{"std_dev", "standard_deviation", "Standard Deviation"},
};

/* What a column's statistics are as a profile. @return owned; NULL when there are none */
static json_t *profile_of(struct import *import, const struct codec_node *feature)
{
	const struct codec_node *numerical = tree_get(feature, "numerical_statistics");
	const struct codec_node *words = tree_get(feature, "string_statistics");
	const struct codec_node *common = tree_get(numerical ? numerical : words, "common");
	int64_t present, missing;
	double distinct;
	if (!read_count(tree_get(common, "num_present"), &present) ||
		!read_count(tree_get(common, "num_missing"), &missing))
		return NULL;
	const char *type = type_of(feature);
	const bool whole = type && strcmp(type, "Integral") == 0;
	json_t *profile = json_pack("{s:I, s:I, s:s}", "count", (json_int_t)(present + missing), "missing",
		(json_int_t)missing, "inferred_type",
		!numerical ? "string"
		: whole    ? "int"
			   : "float");
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		add_number(profile, numbers[i].field, tree_get(numerical, numbers[i].key));
	if (numerical)
		add_quantiles(import, profile, tree_at(numerical, "distribution.kll"), present);
	add_categories(profile, tree_at(words, "distribution.categorical.buckets"), present);
	if (tree_number(tree_get(words, "distinct_count"), &distinct) && distinct >= 0)
		json_object_set_new(profile, "distinct", json_real(distinct));
	return profile;
}

static void read_statistics(struct import *import, const struct draft_place *data, const char *name,
	const struct draft_place *column, const struct codec_node *feature, const char *path)
{
	const struct codec_node *numerical = tree_get(feature, "numerical_statistics");
	const char *here =
		import_print(import, "%s.%s", path, numerical ? "numerical_statistics" : "string_statistics");
	json_t *profile = profile_of(import, feature);
	double value;
	if (!profile)
		return;
	import_message(import, column, "profile", tree_of_json(import, profile), here);
	json_decref(profile);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (tree_number(tree_get(numerical, numbers[i].key), &value))
			columns_statistic(import, data, name, numbers[i].property, value,
				import_print(import, "%s.%s", here, numbers[i].key));
}

/* ---- constraints ---- */

static void read_constraints(struct import *import, const struct draft_place *column,
	const struct codec_node *feature, const char *path)
{
	double completeness;
	bool positive;
	if (tree_number(tree_get(feature, "completeness"), &completeness))
		columns_missing(
			import, column, 1 - completeness, import_print(import, "%s.completeness", path));
	if (tree_flag(tree_at(feature, "num_constraints.is_non_negative"), &positive) && positive) {
		const char *here = import_print(import, "%s.num_constraints.is_non_negative", path);
		import_number(import, column, "min_value", 0, here);
		columns_expect(import, column, "at least 0", here);
	}
	columns_allow(import, column, tree_at(feature, "string_constraints.domains"),
		import_print(import, "%s.string_constraints.domains", path));
}

static void read_feature(struct import *import, const struct draft_place *data,
	const struct codec_node *feature, const char *path)
{
	static const char *const known[] = {"name", "inferred_type", "completeness", "num_constraints",
		"string_constraints", "numerical_statistics", "string_statistics", NULL};
	const char *name = tree_text(tree_get(feature, "name"));
	if (!name) {
		import_leave(import, path, "a feature has its name here");
		return;
	}
	const struct draft_place *column = columns_put(import, data, name, path);
	import_text(import, column, "field_type", type_of(feature),
		import_print(import, "%s.inferred_type", path));
	read_constraints(import, column, feature, path);
	read_statistics(import, data, name, column, feature, path);
	tree_leave_unknown(import, feature, path, known, "this is not known of SageMaker's features");
}

/* What was found wrong is no part of a descriptor, and yet worth hearing. */
static void read_violations(struct import *import, const struct codec_node *list)
{
	for (size_t i = 0; tree_is_list(list) && i < list->count; i++) {
		const char *name = tree_text(tree_get(list->items[i], "feature_name"));
		const char *check = tree_text(tree_get(list->items[i], "constraint_check_type"));
		const char *text = tree_text(tree_get(list->items[i], "description"));
		import_warn(import, import_print(import, "violations[%zu]", i), "%s of %s failed: %s",
			check ? check : "a check", name ? name : "the data",
			text ? lines_trim(import->arena, text) : "no more is said");
	}
}

/* ---- what the model's quality is held against ---- */

/* A constraint says what is wrong, a descriptor what must be. */
static const struct {
	const char *wrong, *must;
} operators[] = {
	{"LessThanThreshold", "greater or equal than"},
	{"LessThanOrEqualToThreshold", "greater than"},
	{"GreaterThanThreshold", "less or equal than"},
	{"GreaterThanOrEqualToThreshold", "less than"},
};

static void read_threshold(
	struct import *import, const char *name, const struct codec_node *limit, const char *path)
{
	const char *wrong = tree_text(tree_get(limit, "comparison_operator")), *must = NULL;
	double threshold;
	for (size_t i = 0; wrong && i < sizeof(operators) / sizeof(operators[0]); i++)
		if (strcmp(operators[i].wrong, wrong) == 0)
			must = operators[i].must;
	/* Without a threshold nothing is asked for. */
	if (!tree_number(tree_get(limit, "threshold"), &threshold) || !must) {
		import_note(import, path, tree_print(import, limit));
		return;
	}
	const struct draft_place *metric = import_item(import, import_descriptor(import, KIND_TRAINED_MODEL),
		"algorithm_metrics", import_print(import, "%s %s %.17g", name, must, threshold), path);
	import_text(import, metric, "metric", name, path);
	import_text(import, metric, "operator", must, import_print(import, "%s.comparison_operator", path));
	import_number(import, metric, "threshold", threshold, import_print(import, "%s.threshold", path));
}

/* binary_classification_constraints: {accuracy: {threshold, comparison_operator}}, …_metrics: {accuracy:
 * {value}} */
static bool read_quality(struct import *import, const struct codec_node *top)
{
	static const char *const kinds[] = {
		"regression", "binary_classification", "multiclass_classification"};
	size_t found = 0;
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		const char *limited = import_print(import, "%s_constraints", kinds[k]);
		const char *measured = import_print(import, "%s_metrics", kinds[k]);
		const struct codec_node *limits = tree_get(top, limited), *values = tree_get(top, measured);
		found += tree_is_mapping(limits) + tree_is_mapping(values);
		for (size_t i = 0; tree_is_mapping(limits) && i < limits->count; i++)
			read_threshold(import, limits->keys[i]->text, limits->items[i],
				import_print(import, "%s.%s", limited, limits->keys[i]->text));
		for (size_t i = 0; tree_is_mapping(values) && i < values->count; i++) {
			const char *path = import_print(import, "%s.%s", measured, values->keys[i]->text);
			double value;
			if (tree_number(tree_get(values->items[i], "value"), &value))
				packages_metric(import, import_descriptor(import, KIND_TRAINED_MODEL),
					"evaluation_metrics", values->keys[i]->text, value,
					import_print(import, "%s.value", path));
			else
				import_leave(import, path, "only a metric that is one number is taken");
		}
	}
	return found > 0;
}

static void note_monitoring(struct import *import, const struct codec_node *config, const char *path)
{
	for (size_t i = 0; tree_is_mapping(config) && i < config->count; i++) {
		const char *here = import_print(import, "%s.%s", path, config->keys[i]->text);
		if (tree_is_mapping(config->items[i]))
			note_monitoring(import, config->items[i], here);
		else
			import_note(import, here, tree_text(config->items[i]));
	}
}

bool sagemaker_read(struct import *import)
{
	static const char *const known[] = {
		"version", "dataset", "features", "monitoring_config", "schema_version", NULL};
	const char *bytes = import->file->bytes;
	if (bytes && sagemaker_capture_looks(bytes, import->file->size))
		return sagemaker_capture_read(import);
	const struct codec_node *top = tree_json(import);
	if (!top)
		return false;
	const struct codec_node *features = tree_get(top, "features");
	if (tree_is_list(tree_get(top, "violations"))) {
		read_violations(import, tree_get(top, "violations"));
		return true;
	}
	if (!tree_is_list(features) && read_quality(import, top))
		return true;
	if (!tree_is_list(features))
		return import_refuse(import, features ? features : top, "features",
			"constraints and statistics of SageMaker have a list of features here");
	int64_t rows;
	const enum model_kind kind = columns_kind(import->file->path) == KIND_PRODUCTION_DATA
					     ? KIND_PRODUCTION_DATA
					     : KIND_TRAINING_DATA;
	const struct draft_place *data = import_descriptor(import, kind);
	if (read_count(tree_at(top, "dataset.item_count"), &rows))
		import_integer(import, data, "number_of_instances", rows, "dataset.item_count");
	for (size_t i = 0; i < features->count; i++)
		read_feature(import, data, features->items[i], import_print(import, "features[%zu]", i));
	note_monitoring(import, tree_get(top, "monitoring_config"), "monitoring_config");
	tree_leave_unknown(import, top, "", known, "this is not known of SageMaker's baselines");
	return true;
}
