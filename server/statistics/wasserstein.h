/* How far values have moved. Pure; any thread. */
#ifndef STATISTICS_WASSERSTEIN_H
#define STATISTICS_WASSERSTEIN_H

#include "statistics/points.h"

/**
 * First Wasserstein distance, also called earth mover's: ∫ |F(x) − G(x)| dx,
 * in the values' unit. S. Vallender, Calculation of the Wasserstein Distance
 * Between Probability Distributions on the Line, Theory of Probability and
 * its Applications 18 (1974).
 *
 * 0 or more; constants are their difference apart. Infinite when mass has to
 * come from or go to an infinity; an infinity of equal mass on both sides adds
 * nothing.
 *
 * @return NaN when either side is empty
 */
double statistics_wasserstein(const struct statistics_points *a, const struct statistics_points *b);

/**
 * The same in standard deviations of the reference, so that columns of
 * different units compare.
 *
 * @param deviation  of the reference, with divisor n
 * @return NaN when either side is empty, or the reference is constant (0): there is no unit then
 */
double statistics_wasserstein_scaled(
	const struct statistics_points *reference, const struct statistics_points *current, double deviation);

#endif
