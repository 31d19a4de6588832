/* Kolmogorov and Smirnov's test. */
#include "statistics/kolmogorov.h"

#include <math.h>

/* One walk over both sides at a time: all equal values are passed before the functions are compared. */
static double pass(const struct statistics_points *points, size_t *at, double value)
{
	double weight = 0;
	while (*at < points->count && points->values[*at] <= value)
		weight += statistics_weight(points, (*at)++);
	return weight;
}

double statistics_ks(const struct statistics_points *a, const struct statistics_points *b)
{
	if (!(a->total > 0) || !(b->total > 0))
		return NAN;
	double below_a = 0;
	double below_b = 0;
	double distance = 0;
	for (size_t i = 0, j = 0; i < a->count && j < b->count;) {
		double value = a->values[i] < b->values[j] ? a->values[i] : b->values[j];
		below_a += pass(a, &i, value);
		below_b += pass(b, &j, value);
		double here = fabs(below_a / a->total - below_b / b->total);
		distance = here > distance ? here : distance;
	}
	return distance;
}

/* Where both series need only a few terms. */
static const double turn = 1.18;

enum {
	TERMS_MAX = 20
};

static double large(double t)
{
	double sum = 0;
	for (int j = 1; j <= TERMS_MAX; j++) {
		double term = exp(-2.0 * j * j * t * t);
		sum += j % 2 ? term : -term;
		if (term == 0)
			break;
	}
	return 2 * sum;
}

static double small(double t)
{
	const double pi = acos(-1);
	double sum = 0;
	for (int j = 1; j <= TERMS_MAX; j++) {
		double odd = 2.0 * j - 1;
		sum += exp(-odd * odd * pi * pi / (8 * t * t));
	}
	return 1 - sqrt(2 * pi) / t * sum;
}

double statistics_ks_p(double distance, double n, double m)
{
	if (!(n > 0) || !(m > 0) || !(distance > 0))
		return 1;
	double t = sqrt(n * m / (n + m)) * distance;
	return fmin(fmax(t < turn ? small(t) : large(t), 0), 1);
}

double statistics_ks_resolvable(double p, double n, double m)
{
	if (!(n > 0) || !(m > 0) || !(p > 0))
		return 1;
	return fmin(sqrt(-log(p / 2) / 2) / sqrt(n * m / (n + m)), 1);
}
