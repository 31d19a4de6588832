/* Profiles of parts become that of the whole. */
#ifndef PROFILE_MERGE_H
#define PROFILE_MERGE_H

#include "profile/profile.h"

/**
 * Merges two profiles of tables with the same columns, in any order.
 *
 * Counts, smallest and largest, mean and deviation are those of the whole.
 * Points, categories and the number of different texts are those of the whole
 * where both sides are exact and few enough; else within the errors that the
 * result states, which are at most the sum of both sides' and of what the
 * smaller output costs. The row sketch is exactly that of the whole.
 *
 * @param left, right  borrowed by the result
 * @param[out] data    set on success only; columns in the order of the left side
 * @param[out] fault   FAULT_INVALID when a column is on one side only
 */
enum fault_code merge_profiles(struct arena *arena, const struct profile_data *left,
	const struct profile_data *right, struct profile_data *data, struct fault *fault);

#endif
