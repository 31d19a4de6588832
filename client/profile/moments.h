/* Mean, standard deviation, smallest and largest of a stream of numbers. */
#ifndef PROFILE_MOMENTS_H
#define PROFILE_MOMENTS_H

#include <stddef.h>
#include <stdint.h>

/* All zero is empty and ready. */
struct moments {
	int64_t count;
	double mean;
	double squares; /* sum of squared distances from the mean */
	double min, max;
};

/** Adds numbers. Two passes over the block, so that it is as exact as a double allows. @param values  finite
 */
void moments_add(struct moments *moments, const double *values, size_t count);

/**
 * Adds what another one holds: Chan, Golub, LeVeque, "Updating formulae and a
 * pairwise algorithm for computing sample variances", 1979.
 */
void moments_join(struct moments *moments, const struct moments *other);

/** Adds one number `weight` times. @param weight 1 or more */
void moments_add_weighted(struct moments *moments, double value, int64_t weight);

/** Returns the standard deviation with divisor n; exactly 0 when all are equal. @param moments not empty */
double moments_deviation(const struct moments *moments);

#endif
