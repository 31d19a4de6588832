/* The ledger's parts, as they see each other; for this room only. */
#ifndef LEDGER_PARTS_H
#define LEDGER_PARTS_H

#include <pthread.h>
#include <stdatomic.h>

#include "ledger/cache.h"
#include "ledger/committing.h"
#include "ledger/ledger.h"

struct lane;
struct readers;
struct follower;
struct ticker;

struct ledger {
	/* set at the start, never changed */
	struct ledger_options options;
	struct store_identity identity;
	struct hub *hub;
	struct cache *cache;
	struct committing *committing;
	struct lane **lanes;
	struct readers *readers;
	struct follower *follower;
	struct ticker *ticker;

	/* any thread */
	_Atomic bool up; /* the last contact with the database went well */
};

/* A view to load. */
struct view_load {
	const char *system;
	uint64_t mark;            /* cache_mark() of before */
	struct ledger_view *view; /* out: a reference, of a deleted system too; NULL after a fault */
	struct fault fault;       /* out: store_load()'s */
};

/* Loads views and keeps them. What has not changed since one was dropped is taken from that one. */
void load_views(struct ledger *ledger, struct store *store, struct view_load *loads, size_t count);

/* A lane: changes of its partitions, one batch after the other. */
struct lane *lane_start(struct ledger *ledger);
void lane_submit(struct lane *lane, struct ledger_change *change);
/* Works off what waits, then ends. */
void lane_stop(struct lane *lane);

struct readers *readers_start(struct ledger *ledger);
enum fault_code readers_queue(struct readers *readers, struct ledger_read *read, struct fault *fault);
void readers_stop(struct readers *readers);

struct follower *follower_start(struct ledger *ledger);
/* Looks for others' commits now. Any thread. */
void follower_nudge(struct follower *follower);
/* Something was committed here: tells other servers, soon. Any thread. */
void follower_committed(struct follower *follower);
void follower_stop(struct follower *follower);

struct ticker *ticker_start(struct ledger *ledger);
/* Waits for its changes; the lanes must still run. */
void ticker_stop(struct ticker *ticker);

#endif
