/*
 * Times that something waits for, nearest first. The queue's thread only: the
 * C core has no timer of its own, so the queue is asked to return in time.
 */
#ifndef TRANSPORT_TIMERS_H
#define TRANSPORT_TIMERS_H

#include <stddef.h>
#include <stdint.h>

/* Embedded in what waits. All zero is not set. */
struct timer {
	int64_t at_us;
	size_t place; /* in the heap, from 1; 0: not set */
	void *owner;
};

/* All zero is empty and ready. */
struct timers {
	struct timer **heap; /* borrowed entries; the first one is at 1 */
	size_t count;
	size_t capacity;
};

/** Frees the heap, not what is in it. */
void timers_done(struct timers *timers);

/** Sets a timer that is not set. @param timer borrowed until it is cleared or taken */
void timers_set(struct timers *timers, struct timer *timer, int64_t at_us, void *owner);

/** Clears a timer; fine when it is not set. */
void timers_clear(struct timers *timers, struct timer *timer);

/** Returns the nearest time, INT64_MAX when there is none. */
int64_t timers_next_us(const struct timers *timers);

/** Takes out the nearest timer if its time has come. @return its owner, or NULL */
void *timers_take(struct timers *timers, int64_t now_us);

#endif
