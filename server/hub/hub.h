/*
 * Who hears of events. Per partition the hub keeps the recent events in a
 * ring; subscribers pull from it with a cursor and are woken when something
 * for them arrives. It never blocks and knows neither gRPC nor SQL: what the
 * ring no longer has, the caller reads from the store.
 *
 * Any thread may call anything here. A cursor and a filter belong to one
 * subscriber; a filter is not changed once made.
 */
#ifndef HUB_HUB_H
#define HUB_HUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/event.h"
#include "model/finding.h"
#include "model/kind.h"

struct hub;

struct hub_options {
	int partitions;
	size_t ring_events; /* per partition */
	size_t ring_bytes;  /* of all partitions together */
};

/** @param heads  borrowed; where each partition stands: the next event is heads[p] + 1 @return owned */
struct hub *hub_new(const struct hub_options *options, const int64_t *heads);

/** Frees; nobody may wait any more. NULL is fine. */
void hub_free(struct hub *hub);

/**
 * Takes in events of one partition, in order. Events that it has already are
 * passed over, so that two sources may overlap; with a gap nothing is taken.
 *
 * A revision is shown to subscribers when its last event is here.
 *
 * @param events  borrowed; without gaps between them; the hub takes references
 * @return false when the first event is beyond head + 1: bring the missing ones first
 */
bool hub_publish(struct hub *hub, int partition, struct model_event *const *events, size_t count);

/**
 * Goes on behind a position whose events cannot be had any more: the ring is
 * emptied. Subscribers that stand before it then read from the store, which
 * tells them that they are too late.
 */
void hub_skip(struct hub *hub, int partition, int64_t position);

/**
 * Goes back to a position: the store has no longer what came behind it, because
 * it was restored or a replica that was behind took over. The ring is emptied,
 * whoever waits is woken, and every cursor made before is void.
 */
void hub_go_back(struct hub *hub, int partition, int64_t position);

/** Returns the position of the last event taken in of a partition. */
int64_t hub_head(struct hub *hub, int partition);

/* What one subscriber asks for; 0 and NULL mean everything. Conditions are ANDed; an event that lacks what a
 * condition asks about does not pass. */
struct hub_filter {
	const char *const *systems; /* sorted by strcmp, without repeats */
	size_t system_count;
	kind_set kinds;
	uint32_t classes; /* bits (1 << enum model_class) */
	enum model_severity min_severity;
	uint32_t teams; /* TEAM_BIT()s */
	uint32_t types; /* bits (1 << enum model_event_type) */
};

/** Does an event with these facts pass? */
bool hub_filter_passes(const struct hub_filter *filter, const struct model_event_facts *facts);

/* Where a subscriber stands. */
struct hub_cursor {
	int partition_count; /* of the hub */
	uint64_t *wanted;    /* bits: the partitions that its systems are in */
	int64_t *positions;  /* by partition: events up to here are done; 0 where none are wanted */
	int next;            /* partition to look at first, so that a busy one starves nobody */
	unsigned era;        /* hub_cursor_is_void() */
	bool inside; /* a revision of partition `next` did not fit: its next event that passes is still to
		       come */
};

/** Does the cursor want events of this partition? */
static inline bool hub_cursor_wants(const struct hub_cursor *cursor, int partition)
{
	return cursor->wanted[partition / 64] >> (partition % 64) & 1;
}

/**
 * Makes a cursor that stands at the head.
 *
 * @return owned; free with hub_cursor_free()
 */
struct hub_cursor *hub_cursor_new(struct hub *hub, const struct hub_filter *filter);

/** Has the hub gone back since the cursor was made? Then its positions may be those of other events by now.
 */
bool hub_cursor_is_void(struct hub *hub, const struct hub_cursor *cursor);

/** NULL is fine; not while a waiter has it. */
void hub_cursor_free(struct hub_cursor *cursor);

enum hub_pulled {
	HUB_EVENTS, /* some are there */
	HUB_IDLE,   /* the cursor stands at the head */
	HUB_BEHIND, /* read from the store: partition cursor->next, after cursor->positions[cursor->next] */
};

/**
 * Takes the next events that pass, whole revisions where they fit, of one
 * partition, and moves the cursor past all that it looked at.
 *
 * @param max_events  the size of `events`; 1 or more
 * @param max_bytes   stop before the events' bytes exceed it, but take one at least
 * @param[out] events  references for the caller: unref each
 * @param[out] count
 */
enum hub_pulled hub_pull(struct hub *hub, const struct hub_filter *filter, struct hub_cursor *cursor,
	struct model_event **events, size_t max_events, size_t max_bytes, size_t *count);

/**
 * Foresees what a cursor will read from the store after what it reads now.
 *
 * @param partition,position  where it will have come to; what the cursor itself says of this partition is not
 * looked at
 * @return the partition that hub_pull() will be behind in then, as things are now; -1: in none
 */
int hub_next_behind(struct hub *hub, const struct hub_cursor *cursor, int partition, int64_t position);

/** Does the cursor stand at the head, so that there is nothing to pull? */
bool hub_is_at_head(struct hub *hub, const struct hub_cursor *cursor);

/*
 * Gathers events of one partition that pass, in whole revisions: hub_pull()
 * does it with the ring's, whoever reads from the store with those.
 */
struct hub_take {
	/* whoever starts it */
	const struct hub_filter *filter;
	struct model_event **events; /* the caller's; gets references */
	size_t max_events;
	size_t max_bytes;
	int64_t position; /* where the cursor stands; then: looked at up to here */

	/* hub_take_event()'s; zero at the start */
	size_t count; /* of events */
	size_t bytes;
	size_t whole;     /* of them, those whose revision was looked at to its end */
	bool bounded;     /* the end of a revision was seen */
	int64_t boundary; /* the position of the last such end */
	bool full;        /* an event that passes did not fit */
};

/** Looks at the next event. @param event borrowed @return false when it passes but does not fit: end the take
 */
bool hub_take_event(struct hub_take *take, struct model_event *event);

/** Is something taken, but no revision to its end, and room for more? Then look at more events before the
 * end. */
bool hub_take_unsettled(const struct hub_take *take);

/**
 * Ends it: gives back the events of a revision that was not seen to its end,
 * unless that one alone is too large, and moves the cursor.
 */
void hub_take_end(struct hub_take *take, struct hub_cursor *cursor, int partition);

typedef void hub_wake_fn(void *context);

/* One who waits; embedded in the subscriber. */
struct hub_waiter {
	hub_wake_fn *wake; /* called on the publisher's thread, under the hub's lock: only wake, call nothing
			      here */
	void *context;
	const struct hub_filter *filter;
	/* the hub's, under its lock */
	struct hub_cursor *cursor;
	struct hub_waiter *before, *behind;
	bool waiting;
};

/**
 * Waits for an event that passes the waiter's filter and is beyond the cursor.
 * It wakes once, at once when events are beyond the cursor already, whether
 * they pass or not, and when the cursor is void; then pull and wait again.
 *
 * @param cursor  the hub's until hub_wait_stop(): it moves past events that do not pass, so that who waits
 * does not fall behind
 */
void hub_wait(struct hub *hub, struct hub_waiter *waiter, struct hub_cursor *cursor);

/** Stops waiting; afterwards wake is not called and the cursor is the caller's. Fine when it does not wait.
 */
void hub_wait_stop(struct hub *hub, struct hub_waiter *waiter);

/** Wakes everyone who waits, for the end of the server. */
void hub_wake_all(struct hub *hub);

#endif
