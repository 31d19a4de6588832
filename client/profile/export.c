/* From a column's sketches to its message. */
#include "profile/profile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "profile/sizes.h"

enum {
	LATIN1_TEXT = FREQUENT_TEXT_MAX / 2, /* two bytes for each */
};

/* Returns how much of the text ends with a whole character within the bound. */
static size_t cut(const char *text, size_t size)
{
	if (size <= FREQUENT_TEXT_MAX)
		return size;
	size = FREQUENT_TEXT_MAX;
	while (size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80)
		size--;
	return size;
}

/* Is it UTF-8 but for a character that the bound cut off? @param[out] good  bytes before that */
static bool is_utf8(const char *bytes, size_t size, size_t *good)
{
	*good = utf8_check(bytes, size);
	return *good == size || (size == FREQUENT_TEXT_MAX && *good + 3 >= size);
}

char *profile_text(struct arena *arena, const char *bytes, size_t size)
{
	size_t good, at = 0;
	if (is_utf8(bytes, cut(bytes, size), &good))
		return arena_copy(arena, bytes, good);
	size = size < LATIN1_TEXT ? size : LATIN1_TEXT;
	char *text = arena_alloc(arena, 2 * size + 1);
	for (size_t i = 0; i < size; i++) {
		const unsigned char byte = (unsigned char)bytes[i];
		if (byte >= 0x80) {
			text[at++] = (char)(0xc0 | byte >> 6);
			text[at++] = (char)(0x80 | (byte & 0x3f));
		} else {
			text[at++] = byte ? (char)byte : ' ';
		}
	}
	return text;
}

/* Words of profile.proto. */
static const char *type_of(const struct column *column, const int64_t *counts)
{
	if (column->phase == COLUMN_TEXTS || counts[COLUMN_TEXT] > 0)
		return "string";
	if (counts[COLUMN_FRACTION] + counts[COLUMN_NOT_FINITE] > 0)
		return "float";
	return counts[COLUMN_WHOLE] > 0 ? "int" : "empty";
}

static bool is_number(const struct frequent_entry *entry)
{
	return entry->class == COLUMN_WHOLE || entry->class == COLUMN_FRACTION;
}

/* Writes the numbers of a counting column as points, and their moments. @return how many points */
static size_t counted_points(const struct column *column, struct point *points, struct moments *moments)
{
	size_t count = 0;
	for (size_t i = 0; i < column->texts.count; i++) {
		const struct frequent_entry *entry = &column->texts.entries[i];
		if (is_number(entry))
			points[count++] = (struct point){column_value(column, entry), entry->count};
	}
	count = points_settle(points, count);
	for (size_t i = 0; i < count; i++)
		moments_add_weighted(moments, points[i].value, points[i].weight);
	return count;
}

static void export_moments(const struct moments *moments, Tally__V1__ColumnProfile *profile)
{
	if (moments->count == 0)
		return;
	profile->_min_case = TALLY__V1__COLUMN_PROFILE___MIN_MIN;
	profile->min = moments->min;
	profile->_max_case = TALLY__V1__COLUMN_PROFILE___MAX_MAX;
	profile->max = moments->max;
	if (!isfinite(moments->mean) || !isfinite(moments->squares))
		return;
	profile->_mean_case = TALLY__V1__COLUMN_PROFILE___MEAN_MEAN;
	profile->mean = moments->mean;
	profile->_standard_deviation_case = TALLY__V1__COLUMN_PROFILE___STANDARD_DEVIATION_STANDARD_DEVIATION;
	profile->standard_deviation = moments_deviation(moments);
}

static Tally__V1__Quantiles *export_points(
	struct arena *arena, struct point *points, size_t count, size_t most, double error)
{
	double reduced;
	count = points_reduce(points, count, most, &reduced);
	Tally__V1__Quantiles *quantiles = arena_alloc(arena, sizeof(*quantiles));
	tally__v1__quantiles__init(quantiles);
	quantiles->n_values = quantiles->n_weights = count;
	quantiles->values = arena_array(arena, count, sizeof(*quantiles->values));
	quantiles->weights = arena_array(arena, count, sizeof(*quantiles->weights));
	for (size_t i = 0; i < count; i++) {
		quantiles->values[i] = points[i].value;
		quantiles->weights[i] = points[i].weight;
	}
	quantiles->rank_error = error + reduced;
	return quantiles;
}

static void export_numbers(struct arena *arena, struct column *column, const struct sizes_output *sizes,
	Tally__V1__ColumnProfile *profile)
{
	const bool counting = column->phase == COLUMN_COUNTING;
	struct moments moments = column->moments;
	const size_t most = counting ? column->texts.count : kll_size(&column->quantiles);
	struct point *points = malloc((most + 1) * sizeof(*points));
	if (!points)
		abort();
	const size_t count =
		counting ? counted_points(column, points, &moments) : kll_points(&column->quantiles, points);
	const double error = counting ? 0 : kll_error(&column->quantiles);
	export_moments(&moments, profile);
	if (count > 0)
		profile->quantiles = export_points(arena, points, count, sizes->points, error);
	free(points);
}

/* What qsort() compares texts by. */
struct category {
	const struct frequent_entry *entry;
	const char *text;
};

static int compare_categories(const void *left, const void *right)
{
	const struct category *a = left, *b = right;
	if (a->entry->count != b->entry->count)
		return a->entry->count < b->entry->count ? 1 : -1;
	const size_t size_a = frequent_kept(a->entry->size), size_b = frequent_kept(b->entry->size);
	const int order = memcmp(a->text, b->text, size_a < size_b ? size_a : size_b);
	return order ? order : (size_a > size_b) - (size_a < size_b);
}

static struct category *sorted_categories(const struct column *column, size_t *count)
{
	struct category *all = malloc((column->texts.count + 1) * sizeof(*all));
	if (!all)
		abort();
	*count = 0;
	for (size_t i = 0; i < column->texts.count; i++) {
		const struct frequent_entry *entry = &column->texts.entries[i];
		if (entry->class != COLUMN_MISSING)
			all[(*count)++] = (struct category){entry, column->texts.texts + entry->text};
	}
	qsort(all, *count, sizeof(*all), compare_categories);
	return all;
}

static void export_categories(
	struct arena *arena, const struct column *column, size_t most, Tally__V1__ColumnProfile *profile)
{
	size_t count;
	struct category *all = sorted_categories(column, &count);
	count = count < most ? count : most;
	profile->categories = arena_array(arena, count, sizeof(*profile->categories));
	profile->n_categories = count;
	profile->other_count = profile->count - profile->missing;
	profile->category_error = column->texts.lost;
	for (size_t i = 0; i < count; i++) {
		Tally__V1__CategoryCount *category = arena_alloc(arena, sizeof(*category));
		tally__v1__category_count__init(category);
		category->value = profile_text(arena, all[i].text, frequent_kept(all[i].entry->size));
		category->count = all[i].entry->count;
		profile->other_count -= category->count;
		profile->categories[i] = category;
	}
	free(all);
}

static size_t count_distinct(const struct column *column)
{
	size_t count = 0;
	for (size_t i = 0; i < column->texts.count; i++)
		count += column->texts.entries[i].class != COLUMN_MISSING;
	return count;
}

/* The registers are needed to merge, unless what is written tells all texts or all numbers. */
static void export_distinct(struct arena *arena, struct column *column, const struct sizes_output *sizes,
	Tally__V1__ColumnProfile *profile)
{
	if (column->phase == COLUMN_COUNTING) {
		const bool all_texts = profile->n_categories > 0 && profile->other_count == 0;
		const bool all_numbers = profile->quantiles && profile->quantiles->rank_error == 0;
		profile->distinct = (double)count_distinct(column);
		if (all_texts || all_numbers || profile->distinct == 0)
			return;
		hll_init(&column->distinct, column->limits.bits);
		for (size_t i = 0; i < column->texts.count; i++) {
			if (column->texts.entries[i].class != COLUMN_MISSING)
				hll_add(&column->distinct, column->texts.entries[i].hash);
		}
	} else {
		const double present = (double)(profile->count - profile->missing);
		profile->distinct = fmin(round(hll_estimate(&column->distinct)), present);
		profile->distinct_error = hll_error(column->distinct.bits);
	}
	if (column->distinct.bits > sizes->bits)
		hll_fold(&column->distinct, sizes->bits);
	const size_t size = (size_t)1 << column->distinct.bits;
	profile->distinct_sketch.len = size;
	profile->distinct_sketch.data = arena_copy(arena, column->distinct.registers, size);
}

Tally__V1__ColumnProfile *profile_export(
	struct arena *arena, struct column *column, int64_t rows, size_t columns)
{
	const struct sizes_output sizes = sizes_output(columns);
	int64_t counts[COLUMN_CLASSES];
	column_settle(column);
	column_count(column, counts);
	Tally__V1__ColumnProfile *profile = arena_alloc(arena, sizeof(*profile));
	tally__v1__column_profile__init(profile);
	profile->count = rows;
	profile->missing = counts[COLUMN_MISSING];
	profile->inferred_type = arena_text(arena, type_of(column, counts));
	if (strcmp(profile->inferred_type, "string") == 0) {
		export_categories(arena, column, sizes.categories, profile);
	} else {
		profile->not_finite = counts[COLUMN_NOT_FINITE];
		export_numbers(arena, column, &sizes, profile);
		if (column->phase == COLUMN_COUNTING && count_distinct(column) <= sizes.number_categories)
			export_categories(arena, column, sizes.number_categories, profile);
	}
	export_distinct(arena, column, &sizes, profile);
	return profile;
}
