/* Descriptors in answers. */
#ifndef SERVICE_DESCRIPTORS_H
#define SERVICE_DESCRIPTORS_H

#include "base/fault.h"
#include "model/descriptor.h"
#include "store/store.h"

/**
 * Makes the API's message of a stored version, with spec and sources when its body was read.
 *
 * @param version  borrowed
 * @return arena; NULL when the body cannot be read
 */
Tally__V1__Descriptor *descriptors_of_row(
	struct arena *arena, const char *system, const struct store_version *version);

/** Returns the versions of rows. @return arena; borrows from the rows */
struct model_versions descriptors_versions(
	struct arena *arena, const struct store_version *rows, size_t count);

#endif
