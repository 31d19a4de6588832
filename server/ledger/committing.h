/*
 * Which partitions a lane of this process is committing to. Between a commit
 * and its publishing the database is ahead of this process: the follower would
 * take the lane's own events for another server's, read them again and forget
 * the views that the lane is about to keep. So it leaves those partitions to
 * their lanes for a moment. A lane that finds another server's events missing
 * says so, and then the follower does not wait, however busy the lane is.
 *
 * One lane begins and ends a partition; any thread may ask.
 */
#ifndef LEDGER_COMMITTING_H
#define LEDGER_COMMITTING_H

#include <stdbool.h>
#include <stdint.h>

struct committing;

/** @return owned; free with committing_free() */
struct committing *committing_new(int partitions);

/** Frees. NULL is fine. */
void committing_free(struct committing *committing);

/** A commit to the partition is about to be sent. @param now_us steady clock, above 0 */
void committing_begin(struct committing *committing, int partition, int64_t now_us);

/** It is published, or there is nothing to publish. */
void committing_end(struct committing *committing, int partition);

/** Others' events are missing before ours: the follower shall not wait the next time, whatever begins
 * meanwhile. */
void committing_behind(struct committing *committing, int partition);

/**
 * Is a lane about to publish what the database is ahead by? One that takes
 * longer than a moment is not waited for. Ask after reading the partition's
 * head from the database and before asking the hub for its own: then what was
 * published in between is seen.
 *
 * @param now_us  steady clock
 */
bool committing_waits(struct committing *committing, int partition, int64_t now_us);

#endif
