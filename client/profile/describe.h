/* From profiles to what a descriptor says of data, and back. */
#ifndef PROFILE_DESCRIBE_H
#define PROFILE_DESCRIBE_H

#include "model/kind.h"
#include "profile/profile.h"

struct describe_settings {
	bool keep_unmapped; /* leave mapping_production_data blank where it is */
};

/** Is it a kind that describes a table: raw, training or production data? */
bool describe_has(enum model_kind kind);

/**
 * Fills a spec with what was measured: the schema in the order of the columns,
 * types, expected values, missing rates, statistics, the label's distribution,
 * the number of instances, version and name of the data set, and all profiles.
 *
 * What people wrote stays: descriptions, units, mappings, declared ranges. A
 * field without a mapping to production data is mapped to the column of its
 * own name. Fields whose column is not in the data go.
 *
 * @param spec  a message of such a kind, empty or with what was known before; changed
 * @param data  borrowed by the spec
 */
void describe_fill(struct arena *arena, void *spec, const struct profile_data *data,
	const struct describe_settings *settings);

/**
 * Reads the profiles that a spec holds; columns without one are left out.
 *
 * @param spec  borrowed by the result
 * @param[out] fault  FAULT_INVALID when a profile contradicts itself
 * @return false when there is no profile in it, or a broken one
 */
bool describe_read(struct arena *arena, const char *file, const void *spec, struct profile_data *data,
	struct fault *fault);

#endif
