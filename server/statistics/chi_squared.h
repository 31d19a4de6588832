/* The χ² distribution, and Pearson's test of two rows of counts. Pure; any thread. */
#ifndef STATISTICS_CHI_SQUARED_H
#define STATISTICS_CHI_SQUARED_H

#include <stddef.h>

/**
 * Probability that a χ² variable is above x: Q(freedom/2, x/2), the upper
 * regularised incomplete gamma function; by its series below a + 1 and by its
 * continued fraction above. M. Abramowitz and I. Stegun, Handbook of
 * Mathematical Functions, 26.4.19, 6.5.29 and 6.5.31.
 *
 * @param x        any; infinity gives 0
 * @param freedom  degrees of freedom, above 0
 * @return 0 to 1; 1 for x of 0 or less, for NaN, and without degrees of freedom: nothing is shown then
 */
double statistics_chi_squared_p(double x, double freedom);

/**
 * The value that a χ² variable stays at or below with probability `level`: from
 * E. Wilson and M. Hilferty's approximation (1931) by Newton's method, halving
 * where that would leave what is known.
 *
 * @param level    above 0, below 1
 * @param freedom  degrees of freedom, above 0
 * @return NaN outside of that
 */
double statistics_chi_squared_quantile(double level, double freedom);

/* A test's outcome. */
struct statistics_test {
	double statistic;
	double freedom; /* degrees of it; 0: there was nothing to test */
	double p;
};

/**
 * Pearson's χ² test that two rows of counts come from one distribution, 2 × k
 * without Yates' correction: Σ (observed − expected)² / expected over both
 * rows, k − 1 degrees of freedom. K. Pearson, Philosophical Magazine 50 (1900).
 *
 * Bins that are empty on both sides are not bins. An empty side, or one single
 * bin, is nothing to test: statistic 0, p 1.
 *
 * @param reference, current  counts, finite and 0 or more
 */
struct statistics_test statistics_pearson(const double *reference, const double *current, size_t bins);

#endif
