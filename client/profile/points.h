/* A distribution as ascending weighted points, and how to make do with fewer of them. */
#ifndef PROFILE_POINTS_H
#define PROFILE_POINTS_H

#include <stddef.h>
#include <stdint.h>

struct point {
	double value;
	int64_t weight;
};

/** Sorts points by value and makes points of one value one. @return how many are left */
size_t points_settle(struct point *points, size_t count);

/**
 * Makes at most `most` points of many: neighbours whose weights together are
 * small become one, which stands where their weighted median was; a value
 * that carries much by itself stays as it is, and so do the values that the
 * deciles are made of where there may be 64 points or more.
 *
 * @param points     settled; overwritten
 * @param most       2 or more
 * @param[out] error  a rank read off the points is wrong by at most this share
 *                    of all weight; 0 when nothing had to be left out
 * @return how many are left
 */
size_t points_reduce(struct point *points, size_t count, size_t most, double *error);

#endif
