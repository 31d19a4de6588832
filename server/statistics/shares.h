/* Counts of bins before they are compared: summed, lumped together, brought closer. Pure; any thread. */
#ifndef STATISTICS_SHARES_H
#define STATISTICS_SHARES_H

#include <stddef.h>

/** Returns the sum; 0 of nothing. */
double statistics_sum(const double *counts, size_t count);

/* Which side decides what is rare. */
enum statistics_rare {
	STATISTICS_RARE_IN_REFERENCE, /* as a stability index has its bins from the reference */
	STATISTICS_RARE_IN_BOTH,      /* of both together: fair to both sides, as a test needs it */
};

/**
 * Keeps the bins that have at least one hundredth of the side that decides,
 * and puts all others into one bin more, the last, which is always there.
 *
 * A side that is empty keeps nothing.
 *
 * @param[out] lumped_reference, lumped_current  count + 1 at most; may not overlap the inputs
 * @return how many bins
 */
size_t statistics_lump(const double *reference, const double *current, size_t count,
	enum statistics_rare rare, double *lumped_reference, double *lumped_current);

/**
 * Brings the current counts as near to the reference's shares as an error
 * allows: what differs still is no error's doing. A measure of the result is
 * the least that the true counts can have, bin by bin.
 *
 * @param slack         how far each bin's two shares together may be wrong; NULL: not at all
 * @param[in,out] current  the sum may change with it
 */
void statistics_nearest(const double *reference, double *current, const double *slack, size_t count);

#endif
