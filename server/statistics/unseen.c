/* Chance that one side misses what the other has. All in logarithms: the numbers are very small. */
#include "statistics/unseen.h"

#include <math.h>
#include <stdbool.h>

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

/* The probability falls with k: halving finds where it passes p. */
double statistics_exceed_resolvable(double p, double n, double m)
{
	if (!(n > 0) || !(m > 0) || !(statistics_exceed_p(floor(m), n, m) <= p))
		return 1;
	double above = 0;
	double enough = floor(m);
	while (enough - above > 1) {
		double middle = floor((above + enough) / 2);
		if (statistics_exceed_p(middle, n, m) <= p)
			enough = middle;
		else
			above = middle;
	}
	return enough / m;
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

/* ln of the bound at one t; convex in t. Categories that never fall to one side whole add nothing. */
static double bound_at(double mass, const struct statistics_tally *tallies, size_t count, double t)
{
	const double nothing = -40;
	double sum = -t * mass;
	for (size_t i = 0; i < count; i++) {
		const struct statistics_tally *tally = &tallies[i];
		if (tally->log_share + t * tally->size > nothing)
			sum += tally->categories * log_moment(tally->log_share, t * tally->size);
	}
	return sum;
}

enum {
	SECTIONS = 30 /* each leaves 0.618 of the interval */
};

/* Any t gives a bound; the golden section finds one near the best. */
static double least_bound(double mass, const struct statistics_tally *tallies, size_t count, double high)
{
	const double golden = (sqrt(5) - 1) / 2;
	double low = 0;
	double left = high - golden * (high - low);
	double right = low + golden * (high - low);
	double at_left = bound_at(mass, tallies, count, left);
	double at_right = bound_at(mass, tallies, count, right);
	for (int i = 0; i < SECTIONS; i++) {
		if (at_left < at_right) {
			high = right;
			right = left;
			at_right = at_left;
			left = high - golden * (high - low);
			at_left = bound_at(mass, tallies, count, left);
		} else {
			low = left;
			left = right;
			at_left = at_right;
			right = low + golden * (high - low);
			at_right = bound_at(mass, tallies, count, right);
		}
	}
	return fmin(at_left, at_right);
}

double statistics_unseen_p(double mass, struct statistics_tally *tallies, size_t count, double n, double m)
{
	const double t_max = 50; /* of categories of one value each: more improves nothing */
	if (!(mass > 0) || !(n > 0) || !(m > 0))
		return 1;
	for (size_t i = 0; i < count; i++) {
		bool there = tallies[i].size > 0 && tallies[i].categories > 0;
		tallies[i].log_share = there ? log_exceed(tallies[i].size, n, m) : -INFINITY;
	}
	return fmin(exp(least_bound(mass, tallies, count, t_max)), 1);
}
