/* The χ² distribution by the incomplete gamma function, and Pearson's test. */
#include "statistics/chi_squared.h"

#include <float.h>
#include <math.h>

#include "statistics/shares.h"

enum {
	STEPS_MAX = 10000 /* of a series; they grow with the root of the degrees of freedom */
};

/* x^a e^−x / Γ(a), which both expansions have in front. */
static double front(double a, double x)
{
	int sign; /* lgamma() would write a global */
	return exp(a * log(x) - x - lgamma_r(a, &sign));
}

/* The lower function: Σ x^n / (a (a+1) … (a+n)). */
static double lower_series(double a, double x)
{
	double term = 1 / a;
	double sum = term;
	for (int n = 1; n < STEPS_MAX && term > sum * DBL_EPSILON / 4; n++) {
		term *= x / (a + n);
		sum += term;
	}
	return front(a, x) * sum;
}

/* The upper function: 1/(x+1−a− 1(1−a)/(x+3−a− …)), by W. Lentz' method of going forward. */
static double upper_fraction(double a, double x)
{
	const double tiny = DBL_MIN / DBL_EPSILON;
	double b = x + 1 - a;
	double c = 1 / tiny;
	double d = 1 / b;
	double value = d;
	for (int n = 1; n < STEPS_MAX; n++) {
		double factor = -n * (n - a);
		b += 2;
		d = factor * d + b;
		d = 1 / (fabs(d) < tiny ? tiny : d);
		c = b + factor / c;
		c = fabs(c) < tiny ? tiny : c;
		value *= c * d;
		if (fabs(c * d - 1) < DBL_EPSILON)
			break;
	}
	return front(a, x) * value;
}

double statistics_chi_squared_p(double x, double freedom)
{
	if (!(x > 0) || !(freedom > 0))
		return 1;
	if (isinf(x))
		return 0;
	double a = freedom / 2;
	double half = x / 2;
	double p = half < a + 1 ? 1 - lower_series(a, half) : upper_fraction(a, half);
	return fmin(fmax(p, 0), 1);
}

/* Where Wilson and Hilferty's approximation puts the quantile; z is that of the normal distribution, roughly.
 */
static double approximation(double upper, double freedom)
{
	double tail = upper < 0.5 ? upper : 1 - upper;
	double t = sqrt(-2 * log(tail));
	double z = t - (2.30753 + 0.27061 * t) / (1 + t * (0.99229 + 0.04481 * t));
	double third = 2 / (9 * freedom);
	double root = 1 - third + (upper < 0.5 ? z : -z) * sqrt(third);
	return freedom * fmax(root * root * root, 1e-12);
}

static double density(double x, double freedom)
{
	return front(freedom / 2, x / 2) / x;
}

/* What is known of the quantile: it lies above low and below high. */
struct bracket {
	double low, high;
};

/* A step of Newton's, or half of the bracket where it would leave that. */
static double step(const struct bracket *bracket, double x, double difference, double slope)
{
	double next = x + difference / slope;
	if (next > bracket->low && next < bracket->high)
		return next;
	return isinf(bracket->high) ? 2 * x : bracket->low + (bracket->high - bracket->low) / 2;
}

enum {
	NEWTON_MAX = 200 /* four or five are usual */
};

double statistics_chi_squared_quantile(double level, double freedom)
{
	if (!(level > 0) || !(level < 1) || !(freedom > 0))
		return NAN;
	double upper = 1 - level;
	double x = approximation(upper, freedom);
	struct bracket bracket = {0, INFINITY};
	for (int i = 0; i < NEWTON_MAX; i++) {
		double difference = statistics_chi_squared_p(x, freedom) - upper;
		if (difference > 0)
			bracket.low = x;
		else
			bracket.high = x;
		double next = step(&bracket, x, difference, density(x, freedom));
		if (fabs(next - x) <= 4 * DBL_EPSILON * x)
			return next;
		x = next;
	}
	return x;
}

struct statistics_test statistics_pearson(const double *reference, const double *current, size_t bins)
{
	struct statistics_test test = {0, 0, 1};
	double n = statistics_sum(reference, bins);
	double m = statistics_sum(current, bins);
	if (!(n > 0) || !(m > 0))
		return test;
	size_t used = 0;
	for (size_t i = 0; i < bins; i++) {
		double both = reference[i] + current[i];
		if (!(both > 0))
			continue;
		/* The squares of both rows over their expectations, put together. */
		double difference = reference[i] * m - current[i] * n;
		test.statistic += difference / (n * both) * difference / m;
		used++;
	}
	test.freedom = used > 1 ? (double)(used - 1) : 0;
	test.p = statistics_chi_squared_p(test.statistic, test.freedom);
	return test;
}
