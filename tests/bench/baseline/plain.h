/*
 * Plain libpq, beside which pushes are measured: the same bytes in a row, an
 * event of 300 bytes in another and a counter that goes up, durably. No gRPC,
 * no evaluation. Bodies are compressed as tallyd's are: with lz4 where the
 * server has it.
 */
#ifndef BASELINE_PLAIN_H
#define BASELINE_PLAIN_H

#include <stddef.h>
#include <stdint.h>

struct plain;

/* Makes the body of the unit `turn`. @param[out] size bytes @return owned: free() */
typedef void *plain_body_fn(void *context, int64_t turn, size_t *size);

/** Makes the tables anew. */
void plain_prepare(const char *database);

/** Connects. @return owned */
struct plain *plain_open(const char *database);
void plain_close(struct plain *plain);

/** Commits one unit in one transaction, sent in one go. */
void plain_commit(struct plain *plain, int64_t turn, const void *body, size_t size);

struct plain_run {
	const char *database;
	int connections;
	int batch; /* units in one transaction; more than 1: binary arrays */
	int64_t run_us;
	plain_body_fn *body;
	void *context;        /* body's; several threads use it */
	_Atomic int64_t turn; /* of the next unit */
};

/** Commits units as fast as it goes. @return units per second */
double plain_rate(struct plain_run *run);

#endif
