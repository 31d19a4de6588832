/* Profiles in descriptors. Judges nothing: it writes down what was measured. */
#include "profile/describe.h"

#include <math.h>
#include <string.h>

#include "base/map.h"
#include "profile/check.h"
#include "profile/member.h"
#include "tally/v1/common.pb-c.h"

enum {
	LISTED_VALUES = 12,       /* more are told by their number */
	LABELS_MAX = 50,          /* with more it is no label but a quantity */
	STATISTICS_COLUMNS = 500, /* wider tables have their figures in the profiles only */
	NUMBER_SIZE = 32,
};

bool describe_has(enum model_kind kind)
{
	return kind == KIND_RAW_DATA || kind == KIND_TRAINING_DATA || kind == KIND_PRODUCTION_DATA;
}

/* The types' names in the SEI's schemas. */
static const char *field_type(const char *inferred)
{
	static const char *const names[][2] = {{"int", "Integer"}, {"float", "Float"}, {"string", "String"}};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(names[i][0], inferred) == 0)
			return names[i][1];
	}
	return "";
}

/* Writes a number short enough to read. */
static const char *number_text(struct arena *arena, double value)
{
	char text[NUMBER_SIZE];
	snprintf(text, sizeof(text), fabs(value) < 1e15 && value == floor(value) ? "%.0f" : "%.6g", value);
	return arena_text(arena, text);
}

static const char *listed(struct arena *arena, const Tally__V1__ColumnProfile *profile)
{
	const char *text = "";
	for (size_t i = 0; i < profile->n_categories; i++)
		text = arena_print(arena, "%s%s%s", text, i ? ", " : "", profile->categories[i]->value);
	return text;
}

static const char *expected_values(struct arena *arena, const Tally__V1__ColumnProfile *profile)
{
	const bool all = profile->n_categories > 0 && profile->other_count == 0;
	if (all && profile->n_categories <= LISTED_VALUES)
		return listed(arena, profile);
	if (profile->_min_case)
		return arena_print(arena, "%s to %s", number_text(arena, profile->min),
			number_text(arena, profile->max));
	if (profile->distinct > 0)
		return arena_print(arena, "%s%.0f different texts",
			profile->distinct_error > 0 ? "about " : "", profile->distinct);
	return "";
}

static const char *missing_values(struct arena *arena, const Tally__V1__ColumnProfile *profile)
{
	if (profile->missing == 0)
		return "none";
	return arena_print(arena, "%.3g %% of rows", 100 * (double)profile->missing / (double)profile->count);
}

static bool is_label(const struct profile_data *data, const struct profile_column *column, const void *field)
{
	for (size_t i = 0; i < data->count; i++) {
		if (data->columns[i].label)
			return column->label;
	}
	/* Without --label, what was said before holds. */
	const protobuf_c_boolean *before = member_at(field, "label_field");
	return before && *before;
}

static void fill_field(struct arena *arena, void *field, const struct profile_data *data,
	const struct profile_column *column, const struct describe_settings *settings)
{
	const Tally__V1__ColumnProfile *profile = column->profile;
	const protobuf_c_boolean label = is_label(data, column, field);
	member_set_text(field, "field_name", column->name);
	if (*profile->inferred_type && strcmp(profile->inferred_type, "empty") != 0)
		member_set_text(field, "field_type", field_type(profile->inferred_type));
	member_set_text(field, "expected_values", expected_values(arena, profile));
	member_set_text(field, "missing_values", missing_values(arena, profile));
	member_set_message(field, "profile", column->profile);
	if (label)
		member_set_value(field, "label_field", &label);
	if (!label && !settings->keep_unmapped && !*member_text(field, "mapping_production_data"))
		member_set_text(field, "mapping_production_data", column->name);
}

static void fill_schema(struct arena *arena, void *spec, const struct profile_data *data,
	const struct describe_settings *settings)
{
	const struct member_list before = member_list(spec, "schema");
	struct map named = {0};
	for (size_t i = 0; i < before.count; i++)
		map_put(&named, member_text(before.items[i], "field_name"), before.items[i]);
	void **fields = arena_array(arena, data->count, sizeof(*fields));
	for (size_t i = 0; i < data->count; i++) {
		fields[i] = map_get(&named, data->columns[i].name);
		if (!fields[i])
			fields[i] = member_new(arena, member_type(spec, "schema"));
		fill_field(arena, fields[i], data, &data->columns[i], settings);
	}
	member_set_list(spec, "schema", fields, data->count);
	map_done(&named);
}

/* The value below which half of the numbers are, as far as the points tell. */
static double median(const Tally__V1__Quantiles *quantiles)
{
	int64_t total = 0, below = 0;
	for (size_t i = 0; i < quantiles->n_weights; i++)
		total += quantiles->weights[i];
	for (size_t i = 0; i < quantiles->n_values; i++) {
		below += quantiles->weights[i];
		if (2 * below >= total)
			return quantiles->values[i];
	}
	return 0;
}

static void *statistic(struct arena *arena, const char *field, const char *property, double value)
{
	Tally__V1__FieldStatistic *made = member_new(arena, &tally__v1__field_statistic__descriptor);
	made->field = arena_text(arena, field);
	made->property = arena_text(arena, property);
	made->value = arena_print(arena, "%.12g", value);
	return made;
}

static void fill_statistics(struct arena *arena, void *spec, const struct profile_data *data)
{
	enum {
		PROPERTIES = 5
	};
	void **all = arena_array(arena, PROPERTIES * data->count, sizeof(*all));
	size_t count = 0;
	for (size_t i = 0; i < data->count && data->count <= STATISTICS_COLUMNS; i++) {
		const Tally__V1__ColumnProfile *profile = data->columns[i].profile;
		const char *name = data->columns[i].name;
		if (!profile->_mean_case || !profile->quantiles)
			continue;
		all[count++] = statistic(arena, name, "Minimum", profile->min);
		all[count++] = statistic(arena, name, "Maximum", profile->max);
		all[count++] = statistic(arena, name, "Mean", profile->mean);
		all[count++] = statistic(arena, name, "Median", median(profile->quantiles));
		all[count++] = statistic(arena, name, "Standard Deviation", profile->standard_deviation);
	}
	member_set_list(spec, "statistics", all, count);
}

/* Fills one of the lists of labels, which differ in what else they say of one. */
static void fill_labels(struct arena *arena, void *spec, const char *list,
	const struct profile_column *column, const struct describe_settings *settings)
{
	const Tally__V1__ColumnProfile *profile = column->profile;
	const double present = (double)(profile->count - profile->missing);
	if (!member_known(spec, list) || profile->n_categories == 0 || profile->n_categories > LABELS_MAX ||
		profile->other_count > 0)
		return;
	void **labels = arena_array(arena, profile->n_categories, sizeof(*labels));
	for (size_t i = 0; i < profile->n_categories; i++) {
		const double percentage = 100 * (double)profile->categories[i]->count / present;
		labels[i] = member_new(arena, member_type(spec, list));
		member_set_text(labels[i], "label", profile->categories[i]->value);
		member_set_value(labels[i], "percentage", &percentage);
		if (!settings->keep_unmapped)
			member_set_text(labels[i], "mapping_production_data", profile->categories[i]->value);
	}
	member_set_list(spec, list, labels, profile->n_categories);
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

void describe_fill(struct arena *arena, void *spec, const struct profile_data *data,
	const struct describe_settings *settings)
{
	fill_schema(arena, spec, data, settings);
	if (member_known(spec, "statistics"))
		fill_statistics(arena, spec, data);
	for (size_t i = 0; i < data->count; i++) {
		if (!data->columns[i].label)
			continue;
		fill_labels(arena, spec, "distribution", &data->columns[i], settings);
		fill_labels(arena, spec, "labels_distribution", &data->columns[i], settings);
	}
	member_set_value(spec, "number_of_instances", &data->dataset->rows);
	member_set_message(spec, "profile", data->dataset);
	if (!*member_text(spec, "dataset_name"))
		member_set_text(spec, "dataset_name", base_name(data->file));
	/* Merged data have no digest, and no version that is known. */
	member_set_text(spec, "dataset_version", data->dataset->digest);
}

bool describe_read(struct arena *arena, const char *file, const void *spec, struct profile_data *data,
	struct fault *fault)
{
	const struct member_list schema = member_list(spec, "schema");
	Tally__V1__DatasetProfile *const *dataset = member_at(spec, "profile");
	*data = (struct profile_data){.file = file};
	data->columns = arena_array(arena, schema.count, sizeof(*data->columns));
	for (size_t i = 0; i < schema.count; i++) {
		Tally__V1__ColumnProfile *const *profile = member_at(schema.items[i], "profile");
		const protobuf_c_boolean *label = member_at(schema.items[i], "label_field");
		const char *name = member_text(schema.items[i], "field_name");
		if (!*profile)
			continue;
		if (!check_column(file, name, *profile, fault))
			return false;
		data->columns[data->count++] = (struct profile_column){name, label && *label, *profile};
	}
	if (!dataset || !*dataset) {
		fault_set(fault, FAULT_INVALID, "PROFILE_MISSING",
			"%s: there is no profile of the data in it", file);
		return false;
	}
	data->dataset = *dataset;
	return check_dataset(file, data->dataset, fault);
}
