/*
 * One transaction's worth of changes: each is applied to what the ones before
 * it left, all are recorded in one batch.
 */
#ifndef LEDGER_ROUND_H
#define LEDGER_ROUND_H

#include "base/map.h"
#include "ledger/parts.h"
#include "ledger/record.h"

/* A system that takes part. */
struct seat {
	const char *system;
	int partition;
	struct store_stamp expected; /* that the database must have */
	struct ledger_view *now;     /* a reference; NULL: it never was */
	uint64_t mark;               /* of the cache, from before `now` */
	bool loaded;                 /* from the store, in this round */
	bool relied_on;              /* something was answered that no commit checks */
	bool written;
	struct fault fault; /* why it could not be loaded */
};

struct round {
	struct ledger *ledger;
	struct store *store;
	struct arena *arena;
	struct record record;
	struct map seats;
	struct seat **order; /* seats in the order they came */
	size_t seat_count;
	struct ledger_view **views; /* references that rows borrow from */
	size_t view_count;
	struct ledger_change **changes;
	size_t change_count;
	int64_t now_us;
};

/** @param changes borrowed; untouched but for their answers and faults */
void round_init(struct round *round, struct ledger *ledger, struct store *store,
	struct ledger_change **changes, size_t count);
void round_done(struct round *round);

/** Applies every change and sets its answer or fault; the round's record is then ready to commit. */
void round_apply(struct round *round);

/**
 * Makes sure of what was answered without writing: that a push changes
 * nothing, or that a change cannot be, may only be so in a view that another
 * server has made old. Forgets such views.
 *
 * @return FAULT_NONE; FAULT_CONFLICT (REVISION_CONFLICT): apply anew; a fault of the store
 */
enum fault_code round_confirm(struct round *round, struct fault *fault);

/** Is there anything to commit? */
bool round_writes(const struct round *round);

/** Before the commit: says which partitions it is to, until round_done(). */
void round_announce(struct round *round);

/** After the commit: keeps the views and hands the events to the hub. */
void round_publish(struct round *round);

/** Forgets cached views of the systems that were written, or only of those in `conflicted` (may be NULL). */
void round_forget(struct round *round, const bool *conflicted);

#endif
