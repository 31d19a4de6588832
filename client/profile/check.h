/* Is a profile that somebody wrote one that can be counted on? */
#ifndef PROFILE_CHECK_H
#define PROFILE_CHECK_H

#include <stdbool.h>

#include "base/fault.h"
#include "tally/v1/profile.pb-c.h"

/**
 * Checks that counts are 0 or more and add up to no more than there are, that
 * points ascend and have a weight each, and that sketches have a size that
 * exists.
 *
 * @param file, name  for messages
 * @param[out] fault  FAULT_INVALID
 */
bool check_column(
	const char *file, const char *name, const Tally__V1__ColumnProfile *profile, struct fault *fault);

bool check_dataset(const char *file, const Tally__V1__DatasetProfile *profile, struct fault *fault);

#endif
