/* The first Wasserstein distance on the line. */
#include "statistics/wasserstein.h"

#include <math.h>

static double pass(const struct statistics_points *points, size_t *at, double value)
{
	double weight = 0;
	while (*at < points->count && points->values[*at] <= value)
		weight += statistics_weight(points, (*at)++);
	return weight;
}

/* The smallest value that has not been passed yet. */
static double next(const struct statistics_points *a, size_t i, const struct statistics_points *b, size_t j)
{
	if (i == a->count)
		return b->values[j];
	if (j == b->count)
		return a->values[i];
	return fmin(a->values[i], b->values[j]);
}

double statistics_wasserstein(const struct statistics_points *a, const struct statistics_points *b)
{
	if (!(a->total > 0) || !(b->total > 0))
		return NAN;
	double distance = 0;
	double height = 0;
	double from = 0;
	double below_a = 0;
	double below_b = 0;
	for (size_t i = 0, j = 0; i < a->count || j < b->count;) {
		double value = next(a, i, b, j);
		if (height > 0)
			distance += height * (value - from);
		below_a += pass(a, &i, value);
		below_b += pass(b, &j, value);
		height = fabs(below_a / a->total - below_b / b->total);
		from = value;
	}
	return distance;
}

double statistics_wasserstein_scaled(
	const struct statistics_points *reference, const struct statistics_points *current, double deviation)
{
	if (!(deviation > 0))
		return NAN;
	return statistics_wasserstein(reference, current) / deviation;
}
