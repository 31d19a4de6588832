/* Which rows and events follow from what a change did. No I/O. */
#ifndef LEDGER_RECORD_H
#define LEDGER_RECORD_H

#include "ledger/apply.h"
#include "store/store.h"

/* A transaction while it is put together; rows and bytes are the arena's. All zero but the arena is empty. */
struct record {
	struct arena *arena;
	struct store_batch batch;
	size_t system_room, version_room, end_room, finding_room, event_room, request_room;
};

/**
 * Adds versions, findings and events of one applied change. The system's own
 * row is added with record_system(), once per batch.
 *
 * @param applied  borrowed until the batch is committed
 */
void record_change(struct record *record, const struct applied *applied, int partition);

/** Adds the system's row as the last change of the batch leaves it. @param expected what the database
 * must have */
void record_system(struct record *record, const struct ledger_view *view, int partition,
	const struct store_stamp *expected);

/** Adds the answer to a request id. @param change borrowed until the batch is committed */
void record_request(struct record *record, const struct ledger_change *change, int partition, int64_t now_us);

#endif
