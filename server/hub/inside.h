/* What the files of this room share. Nobody else includes it. */
#ifndef HUB_INSIDE_H
#define HUB_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "hub/hub.h"

enum {
	/* Lists of those who wait for one system; a power of two is not needed. */
	HUB_LISTS = 1024
};

struct hub_partition {
	pthread_mutex_t lock;

	/* under lock */
	struct model_event **ring; /* the event at a position is at position % ring_events */
	size_t count;
	size_t bytes;
	int64_t taken; /* position of the last event taken in */

	/* changed under lock, read by anyone */
	_Atomic int64_t head; /* end of the last revision that is here whole: what subscribers see */

	/* under the hub's waiting lock */
	int64_t announced; /* whoever waits has been asked about events up to here */
};

struct hub {
	/* fixed */
	int partition_count;
	size_t ring_events;
	size_t ring_bytes; /* of one partition */
	struct hub_partition *partitions;

	/* changed under waiting, read by anyone */
	_Atomic unsigned era; /* how often it went back */

	/* A partition's lock may be taken under it, never the other way round. */
	pthread_mutex_t waiting;

	/* under waiting */
	struct hub_waiter
		*lists[HUB_LISTS + 1]; /* by the one system's hash; the last one: who wants more than one */
};

/** Asks whoever waits about events of a partition that are new to them. */
void hub_announce(struct hub *hub, int partition);

/** Returns the position of the oldest event in the ring; taken + 1 when it is empty. Under the partition's
 * lock. */
static inline int64_t hub_ring_first(const struct hub_partition *partition)
{
	return partition->taken - (int64_t)partition->count + 1;
}

/** Returns the event at a position that the ring has. Under the partition's lock. */
static inline struct model_event *hub_ring_at(
	const struct hub *hub, const struct hub_partition *partition, int64_t position)
{
	return partition->ring[(uint64_t)position % hub->ring_events];
}

#endif
