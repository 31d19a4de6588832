/* A binary heap of timers; each knows its place, so that it can be cleared without a search. */
#include "transport/timers.h"

static void put(struct timers *timers, size_t place, struct timer *timer)
{
	timers->heap[place] = timer;
	timer->place = place;
}

static void rise(struct timers *timers, size_t place)
{
	struct timer *timer = timers->heap[place];
	while (place > 1 && timers->heap[place / 2]->at_us > timer->at_us) {
		put(timers, place, timers->heap[place / 2]);
		place /= 2;
	}
	put(timers, place, timer);
}

static void sink(struct timers *timers, size_t place)
{
	struct timer *timer = timers->heap[place];
	for (;;) {
		size_t below = place * 2;
		if (below > timers->count)
			break;
		if (below < timers->count && timers->heap[below + 1]->at_us < timers->heap[below]->at_us)
			below++;
		if (timers->heap[below]->at_us >= timer->at_us)
			break;
		put(timers, place, timers->heap[below]);
		place = below;
	}
	put(timers, place, timer);
}

void timers_done(struct timers *timers)
{
	free(timers->heap);
	*timers = (struct timers){0};
}

void timers_set(struct timers *timers, struct timer *timer, int64_t at_us, void *owner)
{
	if (timers->count + 1 >= timers->capacity) {
		timers->capacity = timers->capacity ? timers->capacity * 2 : 64;
		timers->heap = realloc(timers->heap, timers->capacity * sizeof(*timers->heap));
		if (!timers->heap)
			abort();
	}
	timer->at_us = at_us;
	timer->owner = owner;
	put(timers, ++timers->count, timer);
	rise(timers, timer->place);
}

void timers_clear(struct timers *timers, struct timer *timer)
{
	size_t place = timer->place;
	if (place == 0)
		return;
	timer->place = 0;
	struct timer *last = timers->heap[timers->count--];
	if (last == timer)
		return;
	put(timers, place, last);
	rise(timers, place);
	sink(timers, last->place);
}

int64_t timers_next_us(const struct timers *timers)
{
	return timers->count ? timers->heap[1]->at_us : INT64_MAX;
}

void *timers_take(struct timers *timers, int64_t now_us)
{
	if (timers_next_us(timers) > now_us)
		return NULL;
	struct timer *timer = timers->heap[1];
	timers_clear(timers, timer);
	return timer->owner;
}
