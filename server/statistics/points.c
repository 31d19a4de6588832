/* Order statistics of weighted points. Knows nothing of where the points come from. */
#include "statistics/points.h"

#include <math.h>
#include <stdlib.h>

struct statistics_points statistics_points(const double *values, const int64_t *weights, size_t count)
{
	struct statistics_points points = {.values = values, .weights = weights, .count = count};
	for (size_t i = 0; i < count; i++)
		points.total += statistics_weight(&points, i);
	return points;
}

static int compare(const void *a, const void *b)
{
	double left = *(const double *)a;
	double right = *(const double *)b;
	return left < right ? -1 : left > right;
}

size_t statistics_sort(double *values, size_t count)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		if (!isnan(values[i]))
			values[kept++] = values[i];
	}
	if (kept > 1)
		qsort(values, kept, sizeof(values[0]), compare);
	return kept;
}

/* A place in the row of all values: those before point `at` are `before`. */
struct cursor {
	const struct statistics_points *points;
	size_t at;
	double before;
};

/* The value at a rank from 0. Ranks asked for must not descend. */
static double value_at(struct cursor *cursor, double rank)
{
	const struct statistics_points *points = cursor->points;
	while (cursor->at + 1 < points->count) {
		double end = cursor->before + statistics_weight(points, cursor->at);
		if (rank < end)
			break;
		cursor->before = end;
		cursor->at++;
	}
	return points->values[cursor->at];
}

/* From the nearer end, so that two equal values give exactly that value. */
static double between(double low, double high, double part)
{
	if (low == high)
		return low;
	if (part < 0.5)
		return low + (high - low) * part;
	return high - (high - low) * (1 - part);
}

void statistics_quantiles(
	const struct statistics_points *points, const double *shares, size_t count, double *values)
{
	struct cursor cursor = {.points = points};
	for (size_t i = 0; i < count; i++) {
		if (!(points->total > 0)) {
			values[i] = NAN;
			continue;
		}
		double rank = (points->total - 1) * shares[i];
		double whole = floor(rank);
		double low = value_at(&cursor, whole);
		struct cursor next = cursor;
		double high = value_at(&next, fmin(whole + 1, points->total - 1));
		values[i] = between(low, high, rank - whole);
	}
}

size_t statistics_edges(const struct statistics_points *reference, double *edges)
{
	double shares[STATISTICS_BINS - 1];
	double quantiles[STATISTICS_BINS - 1];
	for (size_t i = 0; i < STATISTICS_BINS - 1; i++)
		shares[i] = (double)(i + 1) / STATISTICS_BINS;
	statistics_quantiles(reference, shares, STATISTICS_BINS - 1, quantiles);
	size_t count = 0;
	for (size_t i = 0; i < STATISTICS_BINS - 1; i++) {
		if (!isnan(quantiles[i]) && (count == 0 || quantiles[i] > edges[count - 1]))
			edges[count++] = quantiles[i];
	}
	return count;
}

void statistics_bin(
	const struct statistics_points *points, const double *edges, size_t edge_count, double *counts)
{
	size_t bin = 0;
	for (size_t i = 0; i <= edge_count; i++)
		counts[i] = 0;
	for (size_t i = 0; i < points->count; i++) {
		while (bin < edge_count && points->values[i] > edges[bin])
			bin++;
		counts[bin] += statistics_weight(points, i);
	}
}

struct statistics_outside statistics_outside(const struct statistics_points *points, double low, double high)
{
	struct statistics_outside outside = {0, 0};
	for (size_t i = 0; i < points->count && points->values[i] < low; i++)
		outside.below += statistics_weight(points, i);
	for (size_t i = points->count; i > 0 && points->values[i - 1] > high; i--)
		outside.above += statistics_weight(points, i - 1);
	return outside;
}
