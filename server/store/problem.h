/* What went wrong in the database, as a fault. */
#ifndef STORE_PROBLEM_H
#define STORE_PROBLEM_H

#include <libpq-fe.h>
#include <stdbool.h>

#include "base/fault.h"

/**
 * Fills a fault from an error that the server sent.
 *
 * @param statement  what was running, for the message
 * @param prepared   it was prepared before, so that the schema may have changed under it
 */
enum fault_code problem_of_result(
	const PGresult *result, const char *statement, bool prepared, struct fault *fault);

/** Did the server say that it closes the connection? */
bool problem_is_fatal(const PGresult *result);

/** Is the connection closed or of no use any more after this error? */
bool problem_ends_connection(const PGresult *result, bool prepared);

/** Fills UNAVAILABLE from what libpq says about the connection. */
enum fault_code problem_of_connection(const PGconn *pg, struct fault *fault);

#endif
