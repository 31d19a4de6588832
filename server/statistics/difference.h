/* Do two single numbers differ by more than a tolerance? Pure; any thread. */
#ifndef STATISTICS_DIFFERENCE_H
#define STATISTICS_DIFFERENCE_H

#include <stdbool.h>

/**
 * Returns how far a number may be from the reference: max(relative · |reference|, absolute).
 *
 * @param reference  finite
 * @param relative   0 or more; 0.05 means 5 %
 * @param absolute   0 or more, in the reference's unit; what counts around a reference of 0
 */
double statistics_tolerance(double reference, double relative, double absolute);

/**
 * Is |current − reference| above statistics_tolerance()? A difference of
 * exactly the tolerance is not: rounding of decimal fractions to binary ones
 * (1e-12 of the larger number) is allowed for, so that 1.05 is within 5 % of 1.
 *
 * @param reference, current  finite
 */
bool statistics_differ(double reference, double current, double relative, double absolute);

/**
 * Is |current − reference| above `points` percentage points? Exactly so many are not.
 *
 * @param reference, current  shares in percent, finite
 * @param points              0 or more
 */
bool statistics_shares_differ(double reference, double current, double points);

#endif
