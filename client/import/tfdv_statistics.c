/*
 * Statistics of TensorFlow Data Validation: profiles of columns whose rows
 * nobody has at hand. Between the edges of a histogram values are spread
 * evenly, and the profile says how wrong a rank can be by that.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "import/columns.h"
#include "import/dataset.h"
#include "import/formats.h"
#include "import/protobuf_wire.h"
#include "profile/member.h"

/* Numbers of fields, as in statistics.proto. */
enum {
	LIST_DATASET = 1,
	DATASET_NAME = 1,
	DATASET_EXAMPLES = 2,
	DATASET_FEATURE = 3,
	FEATURE_NAME = 1,
	FEATURE_TYPE = 2,
	FEATURE_NUMBERS = 3,
	FEATURE_TEXTS = 4,
	FEATURE_BYTES = 5,
	FEATURE_STRUCT = 7,
	FEATURE_PATH = 8,
	COMMON = 1, /* of each kind of statistics */
	COMMON_PRESENT = 1,
	COMMON_MOST = 4,
	COMMON_VALUES = 8,
	NUMBERS_MEAN = 2,
	NUMBERS_DEVIATION = 3,
	NUMBERS_MIN = 5,
	NUMBERS_MAX = 7,
	NUMBERS_HISTOGRAM = 8,
	TEXTS_UNIQUE = 2,
	TEXTS_TOP = 3,
	TEXTS_RANKS = 5,
};

enum {
	FEATURES_MAX = 20000,
	BUCKETS_MAX = 2000,     /* of one histogram */
	STEPS = 10,             /* points that a bucket becomes */
	CATEGORIES_MAX = 10000, /* of one column */
	CATEGORY_SIZE_MAX = 256,
	COUNT_MAX = 1 << 30, /* rows beyond 2^53 could not be told apart; a million million are enough */
};

static const double rows_max = (double)COUNT_MAX * 1024;

struct bucket {
	double low, high, count;
};

struct histogram {
	struct bucket buckets[BUCKETS_MAX];
	size_t count;
	double not_finite;
	bool quantiles; /* else of equal widths */
};

static double double_of(struct wire message, uint32_t number, double otherwise)
{
	struct wire_field field;
	if (!wire_find(message, number, &field) || field.type != WIRE_FIXED64)
		return otherwise;
	return wire_double(&field);
}

/* A count; one that is none is none at all. */
static double count_of(struct wire message, uint32_t number)
{
	struct wire_field field;
	if (!wire_find(message, number, &field) || field.type != WIRE_VARINT)
		return 0;
	const int64_t value = wire_signed(&field);
	return value > 0 && (double)value < rows_max ? (double)value : 0;
}

static bool message_of(struct wire message, uint32_t number, struct wire *inner)
{
	struct wire_field field;
	if (!wire_find(message, number, &field) || field.type != WIRE_BYTES)
		return false;
	*inner = wire_inside(&field);
	return true;
}

static const char *text_of(struct import *import, struct wire message, uint32_t number)
{
	struct wire_field field;
	return wire_find(message, number, &field) ? wire_text(import->arena, &field) : NULL;
}

/* A name, or in newer files the steps of a path. */
static const char *name_of(struct import *import, struct wire feature)
{
	struct wire path;
	struct wire_field step;
	const char *name = text_of(import, feature, FEATURE_NAME), *made = NULL;
	if ((name && *name) || !message_of(feature, FEATURE_PATH, &path))
		return name && *name ? name : NULL;
	for (int i = 0; i < 16 && wire_next(&path, &step); i++) {
		const char *text = wire_text(import->arena, &step);
		if (text && *text)
			made = made ? import_print(import, "%s.%s", made, text) : text;
	}
	return made;
}

/* ---- numbers ---- */

static bool read_histogram(struct wire wire, struct histogram *histogram)
{
	struct wire_field field;
	histogram->count = 0;
	histogram->quantiles = false;
	histogram->not_finite = count_of(wire, 1);
	while (wire_next(&wire, &field)) {
		if (field.number == 4)
			histogram->quantiles = field.value == 1;
		if (field.number != 3 || histogram->count == BUCKETS_MAX)
			continue;
		const struct wire inner = wire_inside(&field);
		const struct bucket bucket = {
			double_of(inner, 1, 0), double_of(inner, 2, 0), double_of(inner, 4, 0)};
		const double before =
			histogram->count ? histogram->buckets[histogram->count - 1].high : bucket.low;
		if (!isfinite(bucket.low) || !isfinite(bucket.high) || !(bucket.count >= 0) ||
			bucket.count > rows_max || bucket.low > bucket.high || bucket.low < before)
			return false;
		histogram->buckets[histogram->count++] = bucket;
	}
	return histogram->count > 0 && !wire.broken;
}

/* Quantiles tell most where most values are; else the histogram of equal widths. */
static bool find_histogram(struct import *import, struct wire numbers, struct histogram **found)
{
	struct wire_field field;
	struct histogram *best = NULL;
	for (int i = 0; i < 16 && wire_next(&numbers, &field);) {
		if (field.number != NUMBERS_HISTOGRAM)
			continue;
		i++;
		struct histogram *one = arena_alloc(import->arena, sizeof(*one));
		if (read_histogram(wire_inside(&field), one) &&
			(!best || (one->quantiles && !best->quantiles)))
			best = one;
	}
	*found = best;
	return best != NULL;
}

/* Points that are made, with the share of all values that is at or below each. */
struct points {
	double *values;
	int64_t *weights;
	size_t count;
	double sum, scale; /* of what was spread so far, and to whole values */
	int64_t given;
};

static void add_point(struct points *points, double value, double count)
{
	points->sum += count;
	/* Weights are whole, and their sum stays right. */
	const int64_t weight = (int64_t)llround(points->sum * points->scale) - points->given;
	if (weight <= 0)
		return;
	points->given += weight;
	if (points->count > 0 && points->values[points->count - 1] >= value) {
		points->weights[points->count - 1] += weight;
		return;
	}
	points->values[points->count] = value;
	points->weights[points->count++] = weight;
}

/* A bucket holds what is above its lower edge; the first one also what is on it. */
static void spread(struct points *points, const struct bucket *bucket, bool first, bool whole)
{
	const double width = bucket->high - bucket->low;
	double steps = whole && width >= 1 && width < STEPS ? floor(width) : STEPS;
	if (width <= 0 || !isfinite(width))
		steps = 1;
	const double parts = steps + (first && width > 0);
	for (double at = first && width > 0 ? 0 : 1; at <= steps; at++) {
		double value = at >= steps ? bucket->high : bucket->low + width * (at / steps);
		if (whole)
			value = round(value);
		add_point(points, value, bucket->count / parts);
	}
}

static Tally__V1__Quantiles *quantiles_of(
	struct import *import, const struct histogram *histogram, double finite, bool whole)
{
	const size_t room = histogram->count * (STEPS + 1);
	struct points points = {arena_array(import->arena, room, sizeof(double)),
		arena_array(import->arena, room, sizeof(int64_t)), 0, 0, 0, 0};
	double total = 0, widest = 0;
	for (size_t i = 0; i < histogram->count; i++) {
		const struct bucket *bucket = &histogram->buckets[i];
		total += bucket->count;
		if (bucket->high > bucket->low)
			widest = fmax(widest, bucket->count);
	}
	if (!(total > 0) || finite < 1)
		return NULL;
	points.scale = finite / total;
	for (size_t i = 0; i < histogram->count; i++)
		spread(&points, &histogram->buckets[i], i == 0, whole);
	Tally__V1__Quantiles *made = member_new(import->arena, &tally__v1__quantiles__descriptor);
	made->values = points.values;
	made->weights = points.weights;
	made->n_values = made->n_weights = points.count;
	made->rank_error = widest / total;
	return made;
}

static void set_moments(Tally__V1__ColumnProfile *profile, struct wire numbers)
{
	const double least = double_of(numbers, NUMBERS_MIN, 0), most = double_of(numbers, NUMBERS_MAX, 0);
	const double mean = double_of(numbers, NUMBERS_MEAN, 0),
		     deviation = double_of(numbers, NUMBERS_DEVIATION, 0);
	if (isfinite(least) && isfinite(most) && least <= most) {
		member_set_value(profile, "min", &least);
		member_set_value(profile, "max", &most);
	}
	if (isfinite(mean))
		member_set_value(profile, "mean", &mean);
	if (isfinite(deviation) && deviation >= 0)
		member_set_value(profile, "standard_deviation", &deviation);
}

static void read_numbers(struct import *import, Tally__V1__ColumnProfile *profile, struct wire numbers)
{
	struct histogram *histogram;
	const int64_t present = profile->count - profile->missing;
	if (present == 0)
		return;
	set_moments(profile, numbers);
	if (!find_histogram(import, numbers, &histogram))
		return;
	profile->not_finite = (int64_t)fmin(histogram->not_finite, (double)present);
	profile->quantiles = quantiles_of(import, histogram, (double)(present - profile->not_finite),
		strcmp(profile->inferred_type, "int") == 0);
}

/* ---- texts ---- */

struct categories {
	Tally__V1__CategoryCount **items;
	size_t count;
	int64_t listed;
};

static void add_category(
	struct import *import, struct categories *all, const char *value, double count, int64_t present)
{
	if (!value || !*value || strlen(value) > CATEGORY_SIZE_MAX || all->count == CATEGORIES_MAX ||
		!(count >= 1) || count > (double)(present - all->listed))
		return;
	Tally__V1__CategoryCount *made = member_new(import->arena, &tally__v1__category_count__descriptor);
	made->value = arena_text(import->arena, value);
	made->count = (int64_t)count;
	all->listed += made->count;
	all->items[all->count++] = made;
}

static int by_count(const void *a, const void *b)
{
	const Tally__V1__CategoryCount *left = *(Tally__V1__CategoryCount *const *)a;
	const Tally__V1__CategoryCount *right = *(Tally__V1__CategoryCount *const *)b;
	if (left->count != right->count)
		return left->count > right->count ? -1 : 1;
	return strcmp(left->value, right->value);
}

/* Buckets of one rank each have one text; the list of the most frequent ones is much shorter. */
static void read_ranks(struct import *import, struct wire ranks, struct categories *all, int64_t present)
{
	struct wire_field field, low, high;
	while (wire_next(&ranks, &field)) {
		const struct wire bucket = wire_inside(&field);
		const uint64_t from = wire_find(bucket, 1, &low) ? low.value : 0;
		const uint64_t to = wire_find(bucket, 2, &high) ? high.value : 0;
		if (field.number == 1 && from == to)
			add_category(
				import, all, text_of(import, bucket, 4), double_of(bucket, 5, 0), present);
	}
}

static void read_texts(struct import *import, Tally__V1__ColumnProfile *profile, struct wire texts)
{
	const int64_t present = profile->count - profile->missing;
	struct categories all = {.items = arena_array(import->arena, CATEGORIES_MAX, sizeof(*all.items))};
	struct wire ranks;
	struct wire_field field;
	profile->distinct = count_of(texts, TEXTS_UNIQUE);
	if (message_of(texts, TEXTS_RANKS, &ranks))
		read_ranks(import, ranks, &all, present);
	for (struct wire at = texts; all.count == 0 && wire_next(&at, &field);)
		if (field.number == TEXTS_TOP)
			break;
	if (all.count == 0)
		for (struct wire at = texts; wire_next(&at, &field);)
			if (field.number == TEXTS_TOP)
				add_category(import, &all, text_of(import, wire_inside(&field), 2),
					double_of(wire_inside(&field), 3, 0), present);
	qsort(all.items, all.count, sizeof(*all.items), by_count);
	profile->categories = all.items;
	profile->n_categories = all.count;
	profile->other_count = present - all.listed;
}

/* ---- features ---- */

/* A row may have no value, or several: then no row has one that a profile could count. */
static bool set_counts(struct import *import, Tally__V1__ColumnProfile *profile, struct wire statistics,
	double rows, const char *path)
{
	struct wire common;
	if (!message_of(statistics, COMMON, &common))
		return false;
	if (count_of(common, COMMON_MOST) > 1) {
		import_leave(import, path, "rows have several values each; they are not profiled");
		return false;
	}
	struct wire_field field;
	/* Files that do not count values count rows. */
	const double present = wire_find(common, COMMON_VALUES, &field) ? count_of(common, COMMON_VALUES)
									: count_of(common, COMMON_PRESENT);
	profile->count = (int64_t)fmax(rows, present);
	profile->missing = profile->count - (int64_t)present;
	return true;
}

static Tally__V1__ColumnProfile *read_feature(
	struct import *import, struct wire feature, double rows, const char *path)
{
	static const char *const types[] = {"int", "float", "string"};
	static const uint32_t kinds[] = {FEATURE_NUMBERS, FEATURE_TEXTS, FEATURE_BYTES, FEATURE_STRUCT};
	struct wire_field type = {0};
	struct wire statistics = {0};
	size_t kind = 0;
	wire_find(feature, FEATURE_TYPE, &type);
	while (kind < sizeof(kinds) / sizeof(kinds[0]) && !message_of(feature, kinds[kind], &statistics))
		kind++;
	Tally__V1__ColumnProfile *profile = member_new(import->arena, &tally__v1__column_profile__descriptor);
	if (kind > 1) {
		import_leave(import, path, "only columns of numbers and texts are taken");
		return NULL;
	}
	if (!set_counts(import, profile, statistics, rows, path))
		return NULL;
	profile->inferred_type = (char *)(uintptr_t)(type.value < 3 ? types[type.value] : "string");
	if (profile->count == profile->missing)
		profile->inferred_type = arena_text(import->arena, "");
	if (kind == 0)
		read_numbers(import, profile, statistics);
	else
		read_texts(import, profile, statistics);
	return profile;
}

static bool read_dataset(struct import *import, struct wire dataset, struct profile_data *data)
{
	struct wire_field field;
	size_t room = 0;
	const double rows = count_of(dataset, DATASET_EXAMPLES);
	for (struct wire at = dataset; wire_next(&at, &field);)
		room += field.number == DATASET_FEATURE;
	room = room < FEATURES_MAX ? room : FEATURES_MAX;
	data->columns = arena_array(import->arena, room + 1, sizeof(*data->columns));
	data->dataset = member_new(import->arena, &tally__v1__dataset_profile__descriptor);
	data->dataset->rows = (int64_t)rows;
	while (data->count < room && wire_next(&dataset, &field)) {
		if (field.number != DATASET_FEATURE)
			continue;
		const struct wire feature = wire_inside(&field);
		const char *name = name_of(import, feature);
		const char *path = import_print(import, "feature %s", name ? name : "without a name");
		struct profile_column *column = &data->columns[data->count];
		column->name = name;
		column->profile = name ? read_feature(import, feature, rows, path) : NULL;
		data->count += column->profile != NULL;
	}
	return data->count > 0;
}

static void put_dataset(struct import *import, const struct profile_data *data, const char *name)
{
	const enum model_kind kind = dataset_kind(import, name);
	import_note_quantity(import, "num_examples", (double)data->dataset->rows, NULL);
	if (kind != KIND_TRAINED_MODEL) {
		dataset_put(import, kind, data);
		return;
	}
	dataset_put_test(import, data);
	import_leave(
		import, name, "of a test set only the number of rows has a place; its columns are not taken");
}

/* In a pipeline's output only the folder tells: Split-train/FeatureStats.pb. */
static const char *telling_name(struct import *import)
{
	const char *folder = import_folder(import);
	if (columns_kind(import->file->name) == KIND_NONE && columns_kind(folder) != KIND_NONE)
		return folder;
	return import->file->name;
}

/* The first record of a TFRecord file, which is what the library writes: length, checksum, record, checksum.
 */
static struct wire start(const struct import_file *file)
{
	enum {
		HEAD = 12,
		TAIL = 4,
	};
	uint64_t size = 0;
	for (size_t i = 0; i < 8 && file->size > HEAD + TAIL; i++)
		size |= (uint64_t)(unsigned char)file->bytes[i] << (8 * i);
	if (size > 0 && size <= file->size && size + HEAD + TAIL <= file->size)
		return wire_of(file->bytes + HEAD, (size_t)size);
	return wire_of(file->bytes, file->size);
}

bool tfdv_statistics_looks(const char *head, size_t size)
{
	struct wire_field field;
	const struct import_file file = {.bytes = head, .size = size};
	struct wire wire = start(&file);
	/* The head may be a part of the first field only. */
	return (size > 0 && head[0] == '\x0a') || (wire_next(&wire, &field) && field.number == LIST_DATASET);
}

bool tfdv_statistics_read(struct import *import)
{
	struct wire wire = start(import->file);
	struct wire_field field;
	size_t taken = 0, seen = 0;
	for (struct wire at = wire; wire_next(&at, &field);)
		seen += field.number == LIST_DATASET;
	while (wire_next(&wire, &field)) {
		struct profile_data data = {.file = ""};
		if (field.number != LIST_DATASET || field.type != WIRE_BYTES ||
			!read_dataset(import, wire_inside(&field), &data))
			continue;
		const char *name = text_of(import, wire_inside(&field), DATASET_NAME);
		data.file = name ? name : "";
		/* Several of one file are told apart by their own names. */
		put_dataset(import, &data, seen > 1 && name && *name ? name : telling_name(import));
		taken++;
	}
	if (wire.broken || taken == 0)
		return import_refuse(import, NULL, "",
			"these are no statistics of TensorFlow Data Validation (FeatureStats.pb), or they were cut "
			"short");
	return true;
}
