/* Quantiles, edges, bins and ranges of weighted points, against NumPy's values and counting by hand. */
#include "statistics/points.h"

#include "near.h"

#include "cases.h"

enum {
	MOST = 12
};

struct quantile_row {
	const char *name;
	double values[MOST];
	int64_t weights[MOST]; /* all 0: none */
	size_t count;
	double share;
	double quantile;
};

static const struct quantile_row quantiles[] = {
	{"the smallest value is quantile 0", {1, 2, 4, 8}, {0}, 4, 0, 1},
	{"a quantile between two values is interpolated", {1, 2, 4, 8}, {0}, 4, 0.1, 1.3},
	{"the median of four is between the middle ones", {1, 2, 4, 8}, {0}, 4, 0.5, 3},
	{"the largest value is quantile 1", {1, 2, 4, 8}, {0}, 4, 1, 8},
	{"a weight repeats a value", {1, 2, 5, 7, 11}, {1, 3, 1, 1, 1}, 5, 0.75, 6},
	{"a rank inside a weight is that value", {1, 2, 5, 7, 11}, {1, 3, 1, 1, 1}, 5, 0.25, 2},
	{"a point without weight is not there", {1, 2, 3}, {1, 0, 1}, 3, 0.5, 2},
	{"a constant's quantiles are the constant", {0.3}, {10000}, 1, 0.9, 0.3},
	{"a single value is every quantile", {7}, {0}, 1, 0.1, 7},
	{"infinities count as values at the ends", {-INFINITY, 1, 2, 3, INFINITY}, {0}, 5, 0.5, 2},
	{"nothing has no quantile", {0}, {0}, 0, 0.5, NAN},
};

static struct statistics_points points_of(const double *values, const int64_t *weights, size_t count)
{
	int64_t sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += weights[i];
	return statistics_points(values, sum ? weights : NULL, count);
}

static void check_quantile(void **state)
{
	const struct quantile_row *row = *state;
	struct statistics_points points = points_of(row->values, row->weights, row->count);
	double quantile;
	statistics_quantiles(&points, &row->share, 1, &quantile);
	assert_true(near(quantile, row->quantile));
}

struct bins_row {
	const char *name;
	double values[MOST];
	int64_t weights[MOST];
	size_t count;
	size_t edge_count;
	double edges[STATISTICS_BINS];
	double counts[STATISTICS_BINS];
};

static const struct bins_row bins[] = {
	{"ten different values make nine edges and fill ten bins", {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, {0}, 10,
		9, {1.9, 2.8, 3.7, 4.6, 5.5, 6.4, 7.3, 8.2, 9.1}, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
	{"edges that repeat are one, and a value on an edge is below it", {0, 1, 5}, {75, 20, 5}, 3, 2,
		{0, 1}, {75, 20, 5}},
	{"a constant has one edge and all below it", {2.5}, {40}, 1, 1, {2.5}, {40, 0}},
	{"nothing has no edge", {0}, {0}, 0, 0, {0}, {0}},
};

static void check_bins(void **state)
{
	const struct bins_row *row = *state;
	struct statistics_points points = points_of(row->values, row->weights, row->count);
	double edges[STATISTICS_BINS - 1];
	double counts[STATISTICS_BINS];
	assert_int_equal(statistics_edges(&points, edges), row->edge_count);
	for (size_t i = 0; i < row->edge_count; i++)
		assert_true(near(edges[i], row->edges[i]));
	statistics_bin(&points, edges, row->edge_count, counts);
	for (size_t i = 0; i <= row->edge_count; i++)
		assert_true(counts[i] == row->counts[i]);
}

static void check_outside(void **state)
{
	(void)state;
	static const double values[] = {-INFINITY, 0, 1, 2, 3, INFINITY};
	static const int64_t weights[] = {1, 2, 4, 8, 16, 32};
	struct statistics_points points = statistics_points(values, weights, 6);
	struct statistics_outside outside = statistics_outside(&points, 1, 2);
	assert_true(outside.below == 3 && outside.above == 48);
	outside = statistics_outside(&points, -INFINITY, INFINITY);
	assert_true(outside.below == 0 && outside.above == 0);
	points = statistics_points(NULL, NULL, 0);
	outside = statistics_outside(&points, 1, 2);
	assert_true(outside.below == 0 && outside.above == 0);
}

static void check_sort(void **state)
{
	(void)state;
	double values[] = {3, NAN, -1, INFINITY, NAN, 2};
	assert_int_equal(statistics_sort(values, 6), 4);
	assert_true(values[0] == -1 && values[1] == 2 && values[2] == 3 && isinf(values[3]));
	assert_int_equal(statistics_sort(values, 0), 0);
}

int main(void)
{
	static const char *const named[] = {
		"values on the ends of a range are inside", "sorting leaves out what is no number"};
	struct CMUnitTest tests[CASES_COUNT(quantiles) + CASES_COUNT(bins) + 2];
	size_t count = CASES_ADD(tests, 0, quantiles, check_quantile);
	count = CASES_ADD(tests, count, bins, check_bins);
	count = cases_add(tests, count, &named[0], 1, sizeof(named[0]), check_outside);
	count = cases_add(tests, count, &named[1], 1, sizeof(named[1]), check_sort);
	return CASES_RUN_ALL(tests, count);
}
