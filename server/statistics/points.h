/*
 * A distribution of numbers as ascending points, each of which stands for
 * some values: the values themselves, or what a profile keeps of them. Pure;
 * any thread.
 */
#ifndef STATISTICS_POINTS_H
#define STATISTICS_POINTS_H

#include <stddef.h>
#include <stdint.h>

/*
 * Borrowed all through. Values ascend (equal ones may follow each other) and
 * are no NaN; an infinity is a value like another wherever only the order
 * counts. Weights are 0 or more.
 */
struct statistics_points {
	const double *values;
	const int64_t *weights; /* as many as values; NULL: each point is one value */
	size_t count;
	double total; /* of the weights: how many values these are */
};

/** Puts points together and sums their weights. No points make an empty distribution. */
struct statistics_points statistics_points(const double *values, const int64_t *weights, size_t count);

/** Returns how many values point `at` stands for. @param at below count */
static inline double statistics_weight(const struct statistics_points *points, size_t at)
{
	return points->weights ? (double)points->weights[at] : 1;
}

/**
 * Makes any numbers into points' values: leaves out NaN and sorts the rest.
 *
 * @param values  changed in place
 * @return how many are left, at the front
 */
size_t statistics_sort(double *values, size_t count);

/**
 * Reads off quantiles: linear interpolation between order statistics, type 7
 * of Hyndman and Fan, Sample Quantiles in Statistical Packages, The American
 * Statistician 50 (1996), as R and NumPy have it by default. Of weighted
 * points it is the quantile of each value repeated as often as it weighs.
 *
 * A constant distribution gives its constant. Beside an infinity the result
 * may be infinite, or NaN between two of opposite sign.
 *
 * @param shares       ascending, 0 to 1
 * @param[out] values  as many as shares; NaN each when there are no values
 */
void statistics_quantiles(
	const struct statistics_points *points, const double *shares, size_t count, double *values);

enum {
	STATISTICS_BINS = 10 /* of the reference's quantiles, at most */
};

/**
 * Makes the inner edges of bins that hold a tenth of the reference each: its
 * quantiles 0.1 to 0.9 without repeats. A constant reference has one edge.
 *
 * @param[out] edges  STATISTICS_BINS - 1 of them at most
 * @return how many; bins are one more. 0 when there are no values, or none that can be an edge
 */
size_t statistics_edges(const struct statistics_points *reference, double *edges);

/**
 * Counts the values of each bin: x is in bin i when edge[i-1] < x <= edge[i];
 * the outer bins are open, so infinities are in them.
 *
 * @param edges        ascending, different
 * @param[out] counts  edge_count + 1; all 0 when there are no values
 */
void statistics_bin(
	const struct statistics_points *points, const double *edges, size_t edge_count, double *counts);

/* Values that lie outside a range. */
struct statistics_outside {
	double below;
	double above;
};

/** Counts the values below `low` and above `high`; the ends are inside. An empty distribution has none. */
struct statistics_outside statistics_outside(const struct statistics_points *points, double low, double high);

#endif
