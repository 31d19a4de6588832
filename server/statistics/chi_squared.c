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

/* A value whose upper probability is at most `upper`: from the approximation, doubled until it is. */
static double bound(double upper, double freedom)
{
	double third = 2 / (9 * freedom);
	double high = freedom * pow(1 - third + 3 * sqrt(third), 3);
	while (statistics_chi_squared_p(high, freedom) > upper && high < DBL_MAX / 2)
		high *= 2;
	return high;
}

double statistics_chi_squared_quantile(double level, double freedom)
{
	if (!(level > 0) || !(level < 1) || !(freedom > 0))
		return NAN;
	double upper = 1 - level;
	double low = 0;
	double high = bound(upper, freedom);
	for (;;) {
		double middle = low + (high - low) / 2;
		if (!(middle > low) || !(middle < high))
			return middle;
		if (statistics_chi_squared_p(middle, freedom) > upper)
			low = middle;
		else
			high = middle;
	}
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
