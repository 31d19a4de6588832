/* When which revision of a system was received, and how long after its commit that was. */
#ifndef BENCH_RECEIPTS_H
#define BENCH_RECEIPTS_H

#include <stddef.h>
#include <stdint.h>

#include "database.h"

struct receipts;

/** @return owned */
struct receipts *receipts_new(void);
void receipts_free(struct receipts *receipts);

/** Forgets what it has. */
void receipts_clear(struct receipts *receipts);

/** Returns how many it has. */
size_t receipts_count(const struct receipts *receipts);

/** Notes one. @param revision any number that the receipts and the commits share */
void receipts_add(struct receipts *receipts, int64_t revision, int64_t received_at_us);

/* The time at which the transaction of a row was committed, in SQL. */
#define RECEIPTS_COMMITTED_AT "(extract(epoch FROM pg_xact_commit_timestamp(xmin)) * 1000000)::bigint"

/** Notes each event of a SubscribeResponse, received now. A streams_message_fn without its stream. */
void receipts_add_message(struct receipts *receipts, const uint8_t *bytes, size_t size);

/**
 * Says how long after the commits the receipts came, in milliseconds.
 *
 * The database notes the time of a commit (track_commit_timestamp) just before it writes it to the disk, so
 * what the disk takes is part of it.
 *
 * @param commits  a statement that gives revision and RECEIPTS_COMMITTED_AT, ordered; borrowed
 * @param[out] p50_ms
 * @param[out] p99_ms
 * @return the number of receipts
 */
size_t receipts_after_commit(struct receipts *receipts, struct database *database, const char *commits,
	double *p50_ms, double *p99_ms);

/** As receipts_after_commit(), with `revision` the time of sending. */
size_t receipts_after_sending(struct receipts *receipts, double *p50_ms, double *p99_ms);

#endif
