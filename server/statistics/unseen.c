/* Chance that one side misses what the other has. All in logarithms: the numbers are very small. */
#include "statistics/unseen.h"

#include <math.h>

/* ln x!; lgamma() would write a global. */
static double log_factorial(double x)
{
	int sign;
	return lgamma_r(x + 1, &sign);
}

/* ln of the probability of statistics_exceed_p(). */
static double log_exceed(double k, double n, double m)
{
	if (k > m)
		return -INFINITY;
	return log_factorial(m) - log_factorial(m - k) - log_factorial(n + m) + log_factorial(n + m - k);
}

double statistics_exceed_p(double k, double n, double m)
{
	if (!(k > 0) || !(n > 0) || !(m > 0))
		return 1;
	return fmin(exp(log_exceed(k, n, m)), 1);
}

/* ln(1 + π (e^(tc) − 1)), when ln π is given. */
static double log_moment(double log_share, double exponent)
{
	const double large = 30; /* from where the 1 is lost in rounding */
	double grown = log_share + exponent;
	if (grown > large)
		return grown;
	return log1p(exp(grown) - exp(log_share));
}

struct shuffle {
	double mass;
	const struct statistics_tally *tallies;
	size_t count;
	double n, m;
};

/* ln of the bound at one t; convex in t. */
static double bound_at(const struct shuffle *shuffle, double t)
{
	double sum = -t * shuffle->mass;
	for (size_t i = 0; i < shuffle->count; i++) {
		const struct statistics_tally *tally = &shuffle->tallies[i];
		double log_share = log_exceed(tally->size, shuffle->n, shuffle->m);
		if (tally->size > 0 && log_share > -INFINITY)
			sum += tally->categories * log_moment(log_share, t * tally->size);
	}
	return sum;
}

enum {
	SECTIONS = 40 /* each leaves 0.618 of the interval */
};

/* Any t gives a bound; the golden section finds one near the best. */
static double least_bound(const struct shuffle *shuffle, double high)
{
	const double golden = (sqrt(5) - 1) / 2;
	double low = 0;
	double left = high - golden * (high - low);
	double right = low + golden * (high - low);
	double at_left = bound_at(shuffle, left);
	double at_right = bound_at(shuffle, right);
	for (int i = 0; i < SECTIONS; i++) {
		if (at_left < at_right) {
			high = right;
			right = left;
			at_right = at_left;
			left = high - golden * (high - low);
			at_left = bound_at(shuffle, left);
		} else {
			low = left;
			left = right;
			at_left = at_right;
			right = low + golden * (high - low);
			at_right = bound_at(shuffle, right);
		}
	}
	return fmin(at_left, at_right);
}

double statistics_unseen_p(
	double mass, const struct statistics_tally *tallies, size_t count, double n, double m)
{
	const double t_max = 50; /* of categories of one value each: more improves nothing */
	if (!(mass > 0) || !(n > 0) || !(m > 0))
		return 1;
	struct shuffle shuffle = {mass, tallies, count, n, m};
	return fmin(exp(least_bound(&shuffle, t_max)), 1);
}
