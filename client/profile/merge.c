/* Merging, message by message. Reads no file. */
#include "profile/merge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "profile/member.h"
#include "profile/moments.h"
#include "profile/points.h"
#include "profile/rows.h"
#include "profile/sizes.h"

typedef const Tally__V1__ColumnProfile column_profile;

static int64_t present(column_profile *profile)
{
	return profile->count - profile->missing;
}

static bool is_type(column_profile *profile, const char *type)
{
	return strcmp(profile->inferred_type, type) == 0;
}

/* The type of a column that is both: the wider one. */
static const char *joined_type(column_profile *left, column_profile *right)
{
	static const char *const wider[] = {"string", "float", "int"};
	for (size_t i = 0; i < sizeof(wider) / sizeof(wider[0]); i++) {
		if (is_type(left, wider[i]) || is_type(right, wider[i]))
			return wider[i];
	}
	return "empty";
}

static struct moments read_moments(column_profile *profile)
{
	struct moments moments = {.count = present(profile) - profile->not_finite};
	if (moments.count <= 0 || !profile->_min_case || !profile->_max_case || !profile->_mean_case)
		return (struct moments){0};
	moments.mean = profile->mean;
	moments.min = profile->min;
	moments.max = profile->max;
	moments.squares = profile->standard_deviation * profile->standard_deviation * (double)moments.count;
	return moments;
}

static void join_moments(column_profile *left, column_profile *right, Tally__V1__ColumnProfile *joined)
{
	struct moments moments = read_moments(left);
	const struct moments other = read_moments(right);
	moments_join(&moments, &other);
	if (moments.count == 0)
		return;
	const double deviation = moments_deviation(&moments);
	member_set_value(joined, "min", &moments.min);
	member_set_value(joined, "max", &moments.max);
	/* Numbers near the largest double have a mean and no deviation that is one. */
	if (!isfinite(moments.mean) || !isfinite(deviation))
		return;
	member_set_value(joined, "mean", &moments.mean);
	member_set_value(joined, "standard_deviation", &deviation);
}

static size_t add_points(const Tally__V1__Quantiles *quantiles, struct point *points, size_t count)
{
	for (size_t i = 0; quantiles && i < quantiles->n_values; i++)
		points[count++] = (struct point){quantiles->values[i], quantiles->weights[i]};
	return count;
}

/* A rank is off by what both sides are, each on its own part. */
static double joined_error(column_profile *left, column_profile *right)
{
	const double here = (double)present(left), there = (double)present(right);
	const double error_here = left->quantiles ? left->quantiles->rank_error : 0;
	const double error_there = right->quantiles ? right->quantiles->rank_error : 0;
	return here + there > 0 ? (error_here * here + error_there * there) / (here + there) : 0;
}

static void join_quantiles(struct arena *arena, column_profile *left, column_profile *right, size_t most,
	Tally__V1__ColumnProfile *joined)
{
	const size_t room = (left->quantiles ? left->quantiles->n_values : 0) +
			    (right->quantiles ? right->quantiles->n_values : 0);
	if (room == 0)
		return;
	struct point *points = arena_array(arena, room, sizeof(*points));
	double reduced;
	size_t count = add_points(right->quantiles, points, add_points(left->quantiles, points, 0));
	count = points_settle(points, count);
	count = points_reduce(points, count, most, &reduced);
	Tally__V1__Quantiles *quantiles = member_new(arena, &tally__v1__quantiles__descriptor);
	quantiles->n_values = quantiles->n_weights = count;
	quantiles->values = arena_array(arena, count, sizeof(*quantiles->values));
	quantiles->weights = arena_array(arena, count, sizeof(*quantiles->weights));
	for (size_t i = 0; i < count; i++) {
		quantiles->values[i] = points[i].value;
		quantiles->weights[i] = points[i].weight;
	}
	quantiles->rank_error = joined_error(left, right) + reduced;
	joined->quantiles = quantiles;
}

/* Are all texts of the column among its categories? */
static bool lists_all(column_profile *profile)
{
	return present(profile) == 0 || (profile->n_categories > 0 && profile->other_count == 0);
}

/* How much a text's count may be too low on a side: of one that it does not list, all that occurred there. */
static int64_t uncounted(column_profile *side)
{
	if (lists_all(side))
		return side->category_error;
	if (side->n_categories == 0)
		return present(side);
	const int64_t most = side->categories[side->n_categories - 1]->count + side->category_error;
	return most < side->other_count ? most : side->other_count;
}

static int compare_categories(const void *left, const void *right)
{
	const Tally__V1__CategoryCount *a = *(Tally__V1__CategoryCount *const *)left;
	const Tally__V1__CategoryCount *b = *(Tally__V1__CategoryCount *const *)right;
	if (a->count != b->count)
		return a->count < b->count ? 1 : -1;
	return strcmp(a->value, b->value);
}

static void add_category(struct arena *arena, struct map *named, const Tally__V1__CategoryCount *category,
	Tally__V1__ColumnProfile *joined)
{
	Tally__V1__CategoryCount *known = map_get(named, category->value);
	if (!known) {
		known = member_new(arena, &tally__v1__category_count__descriptor);
		known->value = category->value;
		map_put(named, known->value, known);
		joined->categories[joined->n_categories++] = known;
	}
	known->count += category->count;
}

static void join_categories(struct arena *arena, column_profile *left, column_profile *right, size_t most,
	Tally__V1__ColumnProfile *joined)
{
	struct map named = {0};
	joined->categories =
		arena_array(arena, left->n_categories + right->n_categories, sizeof(*joined->categories));
	for (size_t i = 0; i < left->n_categories; i++)
		add_category(arena, &named, left->categories[i], joined);
	for (size_t i = 0; i < right->n_categories; i++)
		add_category(arena, &named, right->categories[i], joined);
	map_done(&named);
	qsort(joined->categories, joined->n_categories, sizeof(*joined->categories), compare_categories);
	if (joined->n_categories > most)
		joined->n_categories = most;
	joined->other_count = present(joined);
	for (size_t i = 0; i < joined->n_categories; i++)
		joined->other_count -= joined->categories[i]->count;
	joined->category_error = uncounted(left) + uncounted(right);
}

/* Makes the sketch of a side, from its own or from all that it has. @return false when that cannot be */
static bool make_sketch(column_profile *profile, struct hll *hll)
{
	if (profile->distinct_sketch.len > 0)
		return hll_read(hll, profile->distinct_sketch.data, profile->distinct_sketch.len);
	if (!lists_all(profile))
		return false;
	hll_init(hll, HLL_BITS_MAX);
	for (size_t i = 0; i < profile->n_categories; i++) {
		const char *text = profile->categories[i]->value;
		hll_add(hll, hash_text(text, strlen(text)));
	}
	return true;
}

static void join_sketches(
	struct arena *arena, struct hll *hll, const struct hll *other, Tally__V1__ColumnProfile *joined)
{
	hll_join(hll, other);
	const size_t size = (size_t)1 << hll->bits;
	joined->distinct = fmin(round(hll_estimate(hll)), (double)present(joined));
	joined->distinct_error = hll_error(hll->bits);
	joined->distinct_sketch.len = size;
	joined->distinct_sketch.data = arena_copy(arena, hll->registers, size);
}

/*
 * Without sketches only bounds are known: as many as the side with more has,
 * and no more than both together. The middle is off by half of the rest.
 */
static void guess_distinct(column_profile *left, column_profile *right, Tally__V1__ColumnProfile *joined)
{
	const double least = fmax(left->distinct, right->distinct);
	const double most = left->distinct + right->distinct;
	joined->distinct = (least + most) / 2;
	joined->distinct_error = joined->distinct > 0 ? (most - least) / 2 / joined->distinct : 0;
}

static void join_distinct(
	struct arena *arena, column_profile *left, column_profile *right, Tally__V1__ColumnProfile *joined)
{
	struct hll here = {0}, there = {0};
	const bool numbers = joined->quantiles && joined->quantiles->rank_error == 0;
	if (lists_all(joined) && lists_all(left) && lists_all(right))
		joined->distinct = (double)joined->n_categories;
	else if (numbers && !is_type(joined, "string"))
		joined->distinct = (double)joined->quantiles->n_values + (joined->not_finite > 0);
	else if (make_sketch(left, &here) && make_sketch(right, &there))
		join_sketches(arena, &here, &there, joined);
	else
		guess_distinct(left, right, joined);
	hll_done(&here);
	hll_done(&there);
}

static Tally__V1__ColumnProfile *join_columns(
	struct arena *arena, column_profile *left, column_profile *right, const struct sizes_output *sizes)
{
	Tally__V1__ColumnProfile *joined = member_new(arena, &tally__v1__column_profile__descriptor);
	joined->count = left->count + right->count;
	joined->missing = left->missing + right->missing;
	joined->inferred_type = arena_text(arena, joined_type(left, right));
	const bool texts = is_type(joined, "string");
	if (!texts) {
		joined->not_finite = left->not_finite + right->not_finite;
		join_moments(left, right, joined);
		join_quantiles(arena, left, right, sizes->points, joined);
	}
	if (texts || (lists_all(left) && lists_all(right)))
		join_categories(arena, left, right, sizes->categories, joined);
	if (!texts && joined->n_categories > sizes->number_categories) {
		joined->n_categories = 0;
		joined->other_count = joined->category_error = 0;
	}
	join_distinct(arena, left, right, joined);
	return joined;
}

static Tally__V1__RowSketch *join_rows(
	struct arena *arena, const Tally__V1__RowSketch *left, const Tally__V1__RowSketch *right)
{
	if (!left || !right || left->n_columns != right->n_columns)
		return NULL;
	for (size_t i = 0; i < left->n_columns; i++) {
		if (strcmp(left->columns[i], right->columns[i]) != 0)
			return NULL;
	}
	struct rows rows;
	rows_init(&rows, (size_t)(left->size < right->size ? left->size : right->size));
	for (size_t i = 0; i < left->n_digests; i++)
		rows_add(&rows, left->digests[i]);
	for (size_t i = 0; i < right->n_digests; i++)
		rows_add(&rows, right->digests[i]);
	rows_settle(&rows);
	Tally__V1__RowSketch *joined = member_new(arena, &tally__v1__row_sketch__descriptor);
	joined->size = (int32_t)rows.size;
	joined->n_digests = rows.count;
	joined->digests = arena_copy(arena, rows.digests, rows.count * sizeof(*rows.digests));
	joined->n_columns = left->n_columns;
	joined->columns = left->columns;
	rows_done(&rows);
	return joined;
}

static bool is_before(const Google__Protobuf__Timestamp *left, const Google__Protobuf__Timestamp *right)
{
	return left->seconds < right->seconds ||
	       (left->seconds == right->seconds && left->nanos < right->nanos);
}

/* A window that one side does not know is not known of both. */
static void join_windows(const Tally__V1__DatasetProfile *left, const Tally__V1__DatasetProfile *right,
	Tally__V1__DatasetProfile *joined)
{
	if (left->window_start && right->window_start)
		joined->window_start = is_before(right->window_start, left->window_start)
					       ? right->window_start
					       : left->window_start;
	if (left->window_end && right->window_end)
		joined->window_end =
			is_before(left->window_end, right->window_end) ? right->window_end : left->window_end;
}

static Tally__V1__DatasetProfile *join_datasets(
	struct arena *arena, const Tally__V1__DatasetProfile *left, const Tally__V1__DatasetProfile *right)
{
	Tally__V1__DatasetProfile *joined = member_new(arena, &tally__v1__dataset_profile__descriptor);
	joined->rows = left->rows + right->rows;
	joined->ragged_rows = left->ragged_rows + right->ragged_rows;
	joined->row_sketch = join_rows(arena, left->row_sketch, right->row_sketch);
	join_windows(left, right, joined);
	return joined;
}

static enum fault_code one_side_only(const struct profile_data *has, const struct profile_data *lacks,
	const char *column, struct fault *fault)
{
	return fault_set(fault, FAULT_INVALID, "COLUMNS_DIFFER",
		"column \"%s\" of %s is not in %s: only parts of one table merge", column, has->file,
		lacks->file);
}

enum fault_code merge_profiles(struct arena *arena, const struct profile_data *left,
	const struct profile_data *right, struct profile_data *data, struct fault *fault)
{
	const struct sizes_output sizes = sizes_output(left->count);
	struct profile_column *columns = arena_array(arena, left->count, sizeof(*columns));
	struct map named = {0};
	enum fault_code code = FAULT_NONE;
	for (size_t i = 0; i < right->count; i++)
		map_put(&named, right->columns[i].name, &right->columns[i]);
	for (size_t i = 0; i < left->count && !code; i++) {
		const struct profile_column *other = map_remove(&named, left->columns[i].name);
		columns[i] = left->columns[i];
		if (other)
			columns[i].profile =
				join_columns(arena, left->columns[i].profile, other->profile, &sizes);
		else
			code = one_side_only(left, right, left->columns[i].name, fault);
	}
	size_t at = 0;
	const struct profile_column *rest = map_next(&named, &at);
	if (!code && rest)
		code = one_side_only(right, left, rest->name, fault);
	map_done(&named);
	if (code)
		return code;
	*data = (struct profile_data){.file = left->file,
		.dataset = join_datasets(arena, left->dataset, right->dataset),
		.columns = columns,
		.count = left->count};
	return FAULT_NONE;
}
