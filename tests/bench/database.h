/* Asking and filling the database directly, past tallyd. */
#ifndef BENCH_DATABASE_H
#define BENCH_DATABASE_H

#include <stddef.h>
#include <stdint.h>

struct database;

/** Connects; what goes wrong here and below ends the program. @return owned */
struct database *database_open(const char *url);
void database_close(struct database *database);

/** Runs a statement. */
void database_run(struct database *database, const char *statement);

/** One row of two numbers, NULL as 0. */
struct database_pair {
	int64_t first, second;
};

/** Reads rows of two bigints. @param[out] count @return owned: free() */
struct database_pair *database_pairs(struct database *database, const char *statement, size_t *count);

/** Reads one value's bytes. @param[out] size @return owned: free() */
void *database_bytes(struct database *database, const char *statement, size_t *size);

/** Runs a statement with one bytea, $1, and one bigint, $2. */
void database_run_with(
	struct database *database, const char *statement, const void *bytes, size_t size, int64_t number);

#endif
