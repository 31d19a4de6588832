/* What the files of this room share about a store. */
#ifndef STORE_PARTS_H
#define STORE_PARTS_H

#include "store/connection.h"
#include "store/store.h"

struct store {
	struct connection *connection;
};

/**
 * Connects if need be and runs the steps: what every function but store_commit() does. See connection_run().
 * Steps that lose a race are run again, for nothing was decided from what they found before.
 *
 * @return never FAULT_CONFLICT
 */
enum fault_code store_run(struct store *store, struct step *steps, size_t count, struct fault *fault);

/**
 * Runs one statement and reads all its rows.
 *
 * @param[out] rows   arena; an array of the statement's row struct
 * @param[out] count  how many
 */
enum fault_code store_read(struct store *store, const struct statement *statement, const struct ask *ask,
	struct arena *arena, void **rows, size_t *count, struct fault *fault);

/** The same for a step that is made already, such as one that takes arrays. */
enum fault_code store_read_step(struct store *store, struct step *step, struct arena *arena, void **rows,
	size_t *count, struct fault *fault);

/** Reads the rows of a step that ran into an arena array. */
enum fault_code store_rows(
	const struct step *step, struct arena *arena, void **rows, size_t *count, struct fault *fault);

/** Puts whole bodies in the place of differences. @return FAULT_INTERNAL where one does not fit its base */
enum fault_code store_make_whole(
	struct arena *arena, struct store_version *versions, size_t count, struct fault *fault);

#endif
