/* Profiles from outside. Mends nothing. */
#include "profile/check.h"

#include <math.h>

#include "profile/hll.h"

/* Sums of counts stay far from overflow. */
static const int64_t count_max = INT64_MAX / 4;

static const int32_t sketch_max = 65536;

static bool refuse(struct fault *fault, const char *file, const char *name, const char *what)
{
	fault_set(fault, FAULT_INVALID, "PROFILE_BROKEN", "%s: the profile of %s: %s", file, name, what);
	return false;
}

static bool is_count(int64_t count)
{
	return count >= 0 && count <= count_max;
}

static const char *check_quantiles(const Tally__V1__Quantiles *quantiles, int64_t present)
{
	int64_t total = 0;
	if (quantiles->n_values != quantiles->n_weights)
		return "each of the quantiles' values needs a weight";
	for (size_t i = 0; i < quantiles->n_values; i++) {
		if (!isfinite(quantiles->values[i]) ||
			(i > 0 && quantiles->values[i] <= quantiles->values[i - 1]))
			return "the quantiles' values do not ascend";
		if (quantiles->weights[i] < 1 || quantiles->weights[i] > present - total)
			return "the quantiles' weights are not counts of present values";
		total += quantiles->weights[i];
	}
	return isfinite(quantiles->rank_error) && quantiles->rank_error >= 0 ? NULL
									     : "rank_error is no share";
}

static const char *check_categories(const Tally__V1__ColumnProfile *profile, int64_t present)
{
	int64_t total = 0;
	if (!is_count(profile->other_count) || !is_count(profile->category_error))
		return "other_count and category_error are 0 or more";
	for (size_t i = 0; i < profile->n_categories; i++) {
		const int64_t count = profile->categories[i]->count;
		if (count < 0 || count > present - total)
			return "the categories' counts are more than there are present values";
		total += count;
	}
	return NULL;
}

static const char *check_moments(const Tally__V1__ColumnProfile *profile)
{
	if (!isfinite(profile->min) || !isfinite(profile->max) || !isfinite(profile->mean) ||
		!isfinite(profile->standard_deviation))
		return "min, max, mean and standard_deviation are finite numbers";
	if (profile->_min_case && profile->_max_case && profile->min > profile->max)
		return "min is above max";
	return profile->standard_deviation < 0 ? "standard_deviation is 0 or more" : NULL;
}

static const char *check_counts(const Tally__V1__ColumnProfile *profile)
{
	if (!is_count(profile->count) || !is_count(profile->missing) || profile->missing > profile->count)
		return "missing is between 0 and count";
	if (!is_count(profile->not_finite) || profile->not_finite > profile->count - profile->missing)
		return "not_finite is more than there are present values";
	if (!isfinite(profile->distinct) || profile->distinct < 0 || !isfinite(profile->distinct_error) ||
		profile->distinct_error < 0)
		return "distinct is 0 or more";
	return NULL;
}

bool check_column(
	const char *file, const char *name, const Tally__V1__ColumnProfile *profile, struct fault *fault)
{
	const int64_t present = profile->count - profile->missing;
	const char *wrong = check_counts(profile);
	if (!wrong)
		wrong = check_moments(profile);
	if (!wrong && profile->quantiles)
		wrong = check_quantiles(profile->quantiles, present);
	if (!wrong)
		wrong = check_categories(profile, present);
	struct hll hll = {0};
	if (!wrong && profile->distinct_sketch.len > 0 &&
		!hll_read(&hll, profile->distinct_sketch.data, profile->distinct_sketch.len))
		wrong = "distinct_sketch is no sketch of 16 to 16384 registers";
	hll_done(&hll);
	return !wrong || refuse(fault, file, name, wrong);
}

bool check_dataset(const char *file, const Tally__V1__DatasetProfile *profile, struct fault *fault)
{
	const Tally__V1__RowSketch *sketch = profile->row_sketch;
	if (!is_count(profile->rows) || !is_count(profile->ragged_rows))
		return refuse(fault, file, "the data", "rows and ragged_rows are 0 or more");
	if (!sketch)
		return true;
	if (sketch->size < 1 || sketch->size > sketch_max || sketch->n_digests > (size_t)sketch->size)
		return refuse(fault, file, "the data",
			"the row sketch has a size of 1 to 65536, and no more digests than that");
	for (size_t i = 0; i < sketch->n_digests; i++) {
		if (sketch->digests[i] < 0 || (i > 0 && sketch->digests[i] <= sketch->digests[i - 1]))
			return refuse(fault, file, "the data", "the row sketch's digests do not ascend");
	}
	return true;
}
