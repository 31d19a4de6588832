/*
 * One connection: it is made and made again, keeps its statements prepared,
 * and runs lists of them in one round trip.
 */
#ifndef STORE_CONNECTION_H
#define STORE_CONNECTION_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/fault.h"
#include "store/statement.h"
#include "store/store.h"

struct connection;

/* Parameters of session.sql. */
struct connection_session {
	char statement_timeout_ms[16];
	char lock_timeout_ms[16];
	char idle_timeout_ms[16];
	char plan_cache_mode[24];
};

/* One statement of a list. */
struct step {
	const struct statement *statement;
	const void *rows; /* borrowed; what its parameters are taken from */
	size_t count;     /* of rows, for a statement that takes arrays */
	PGresult *result; /* out: owned; NULL when it was not reached or failed */
};

/** @param options borrowed; copied @return owned; connects later */
struct connection *connection_new(const struct store_options *options);

/** Closes and frees. NULL is fine. */
void connection_free(struct connection *connection);

/** Connects unless it is connected or failed to a short while ago. @return also INVALID (SCHEMA_MISMATCH) */
enum fault_code connection_ready(struct connection *connection, struct fault *fault);

bool connection_is_up(const struct connection *connection);

/**
 * Runs statements in order in one round trip; after one that fails none of
 * the others runs. A transaction that is open after a failure is rolled back.
 * Call steps_done() afterwards whatever is returned: the results before a
 * failure are kept.
 *
 * @return FAULT_NONE, a fault of store.h, CONFLICT for a lost race, or UNCERTAIN when a step that decides was
 * sent and the connection was lost before its answer
 */
enum fault_code connection_run(
	struct connection *connection, struct step *steps, size_t count, struct fault *fault);

/** Rolls an open transaction back; where that fails the connection is closed. */
void connection_rollback(struct connection *connection);

/** Has LISTEN been run on this very connection? See connection_set_listens(). */
bool connection_listens(const struct connection *connection);
void connection_set_listens(struct connection *connection);

/** See store_await_nudge(). */
bool connection_await_nudge(struct connection *connection, int wake, int timeout_ms);

/** Frees the results. */
void steps_done(struct step *steps, size_t count);

/** Returns the number of rows that a step returned. */
size_t step_rows(const struct step *step);

/** Returns how many rows a step without result wrote. */
int64_t step_written(const struct step *step);

/**
 * Reads all rows of a step into an array of its statement's row structs.
 *
 * @param rows  step_rows() elements, the caller's
 * @return FAULT_NONE or INTERNAL (DATABASE_ERROR)
 */
enum fault_code step_read(const struct step *step, struct arena *arena, void *rows, struct fault *fault);

/* Runs steps, reads the result of each into an arena array; see step_read(). */
#define STEP_COUNT(steps) (sizeof(steps) / sizeof((steps)[0]))

#endif
