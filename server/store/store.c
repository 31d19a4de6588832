/* A store's life, its identity, and how the reading files run statements. */
#include "store/store.h"

#include "store/parts.h"

enum {
	ATTEMPTS_MAX = 3, /* races lost in a row */
};

struct store *store_new(const struct store_options *options)
{
	struct store *store = calloc(1, sizeof(*store));
	if (!store)
		abort();
	store->connection = connection_new(options);
	return store;
}

void store_free(struct store *store)
{
	if (!store)
		return;
	connection_free(store->connection);
	free(store);
}

enum fault_code store_check(struct store *store, struct fault *fault)
{
	return connection_ready(store->connection, fault);
}

bool store_is_up(const struct store *store)
{
	return connection_is_up(store->connection);
}

enum fault_code store_run(struct store *store, struct step *steps, size_t count, struct fault *fault)
{
	enum fault_code code = connection_ready(store->connection, fault);
	for (int attempt = 1; code == FAULT_NONE; attempt++) {
		struct fault lost; /* a race that is won at last leaves no fault */
		code = connection_run(store->connection, steps, count, &lost);
		if (code != FAULT_NONE && code != FAULT_CONFLICT)
			*fault = lost;
		if (code != FAULT_CONFLICT)
			return code;
		steps_done(steps, count);
		if (attempt == ATTEMPTS_MAX)
			return fault_set(fault, FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE",
				"the database gave way to other writers %d times", ATTEMPTS_MAX);
		code = connection_ready(store->connection, fault);
	}
	return code;
}

enum fault_code store_rows(
	const struct step *step, struct arena *arena, void **rows, size_t *count, struct fault *fault)
{
	size_t found = step_rows(step);
	void *made = arena_array(arena, found, step->statement->result.stride);
	enum fault_code code = step_read(step, arena, made, fault);
	if (code != FAULT_NONE)
		return code;
	*rows = made;
	*count = found;
	return FAULT_NONE;
}

enum fault_code store_read_step(struct store *store, struct step *step, struct arena *arena, void **rows,
	size_t *count, struct fault *fault)
{
	enum fault_code code = store_run(store, step, 1, fault);
	if (code == FAULT_NONE)
		code = store_rows(step, arena, rows, count, fault);
	steps_done(step, 1);
	return code;
}

enum fault_code store_read(struct store *store, const struct statement *statement, const struct ask *ask,
	struct arena *arena, void **rows, size_t *count, struct fault *fault)
{
	struct step step = {statement, ask, 1, NULL};
	return store_read_step(store, &step, arena, rows, count, fault);
}

enum fault_code store_identity(struct store *store, struct store_identity *identity, struct fault *fault)
{
	struct arena *arena = arena_new();
	void *rows = NULL;
	size_t count = 0;
	enum fault_code code = store_read(store, &statement_identity, NULL, arena, &rows, &count, fault);
	if (code == FAULT_NONE && count == 1)
		memcpy(identity, rows, sizeof(*identity));
	else if (code == FAULT_NONE)
		code = fault_set(fault, FAULT_INVALID, "SCHEMA_MISMATCH",
			"the database has no identity; run the migrations");
	arena_free(arena);
	return code;
}
