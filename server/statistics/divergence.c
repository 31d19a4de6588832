/* Divergences of shares. Which bins there are is the caller's business. */
#include "statistics/divergence.h"

#include <math.h>

#include "statistics/chi_squared.h"
#include "statistics/shares.h"

/* What a share of 0 becomes, so that its logarithm is a number. */
static const double nothing = 0.0001;

static double above_zero(double share)
{
	return share == 0 ? nothing : share;
}

double statistics_psi(const double *reference, const double *current, size_t bins)
{
	double n = statistics_sum(reference, bins);
	double m = statistics_sum(current, bins);
	if (!(n > 0) || !(m > 0))
		return NAN;
	double sum = 0;
	for (size_t i = 0; i < bins; i++) {
		double p = above_zero(reference[i] / n);
		double q = above_zero(current[i] / m);
		sum += (q - p) * log(q / p);
	}
	return sum;
}

double statistics_psi_chance(size_t bins, double n, double m, double level)
{
	if (bins < 2)
		return 0;
	if (!(n > 0) || !(m > 0))
		return INFINITY;
	return statistics_chi_squared_quantile(level, (double)(bins - 1)) * (1 / n + 1 / m);
}

/* p log2(p / middle), which is 0 for no share at all. */
static double part(double p, double middle)
{
	return p > 0 ? p * log2(p / middle) : 0;
}

double statistics_js(const double *reference, const double *current, size_t bins)
{
	double n = statistics_sum(reference, bins);
	double m = statistics_sum(current, bins);
	if (!(n > 0) || !(m > 0))
		return NAN;
	double sum = 0;
	for (size_t i = 0; i < bins; i++) {
		double p = reference[i] / n;
		double q = current[i] / m;
		sum += part(p, (p + q) / 2) + part(q, (p + q) / 2);
	}
	return sqrt(fmin(fmax(sum / 2, 0), 1));
}

double statistics_linf(const double *reference, const double *current, size_t bins, size_t *at)
{
	double n = statistics_sum(reference, bins);
	double m = statistics_sum(current, bins);
	if (!(n > 0) || !(m > 0))
		return NAN;
	double largest = -1;
	for (size_t i = 0; i < bins; i++) {
		double difference = fabs(reference[i] / n - current[i] / m);
		if (difference > largest && at)
			*at = i;
		largest = fmax(largest, difference);
	}
	return largest;
}
