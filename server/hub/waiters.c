/*
 * Who waits, and whom an event wakes. Publishing first puts events into the
 * ring, then announces them here under one lock; a waiter joins under the same
 * lock and is refused when something was announced beyond its cursor. So
 * nothing falls between, and whoever still waits is known to want nothing of
 * what was announced.
 */
#include "hub/inside.h"

#include <string.h>

enum {
	CHUNK = 64 /* events that are looked at without the partition's lock */
};

/* The list that a waiter is in: that of its only system, or the common one. */
static struct hub_waiter **list_of(struct hub *hub, const struct hub_filter *filter)
{
	int index = filter->system_count == 1 ? model_partition(filter->systems[0], HUB_LISTS) : HUB_LISTS;
	return &hub->lists[index];
}

static void join(struct hub *hub, struct hub_waiter *waiter)
{
	struct hub_waiter **list = list_of(hub, waiter->filter);
	waiter->before = NULL;
	waiter->behind = *list;
	if (*list)
		(*list)->before = waiter;
	*list = waiter;
	waiter->waiting = true;
}

/* Takes a waiter off its list and its cursor past what was announced meanwhile: none of it passed. */
static void leave(struct hub *hub, struct hub_waiter *waiter)
{
	if (waiter->before)
		waiter->before->behind = waiter->behind;
	else
		*list_of(hub, waiter->filter) = waiter->behind;
	if (waiter->behind)
		waiter->behind->before = waiter->before;
	waiter->waiting = false;
	struct hub_cursor *cursor = waiter->cursor;
	for (int i = 0; i < hub->partition_count; i++)
		if (hub_cursor_wants(cursor, i) && cursor->positions[i] < hub->partitions[i].announced)
			cursor->positions[i] = hub->partitions[i].announced;
}

static void wake(struct hub *hub, struct hub_waiter *waiter)
{
	leave(hub, waiter);
	waiter->wake(waiter->context);
}

void hub_wait(struct hub *hub, struct hub_waiter *waiter, struct hub_cursor *cursor)
{
	pthread_mutex_lock(&hub->waiting);
	bool news = hub_cursor_is_void(hub, cursor);
	for (int i = 0; i < hub->partition_count && !news; i++)
		news = hub_cursor_wants(cursor, i) && cursor->positions[i] < hub->partitions[i].announced;
	waiter->cursor = cursor;
	if (news)
		waiter->wake(waiter->context);
	else
		join(hub, waiter);
	pthread_mutex_unlock(&hub->waiting);
}

void hub_wait_stop(struct hub *hub, struct hub_waiter *waiter)
{
	pthread_mutex_lock(&hub->waiting);
	if (waiter->waiting)
		leave(hub, waiter);
	pthread_mutex_unlock(&hub->waiting);
}

static void wake_list(struct hub *hub, struct hub_waiter *waiter, const struct model_event *event)
{
	while (waiter) {
		struct hub_waiter *behind = waiter->behind;
		if (event->position > waiter->cursor->positions[event->partition] &&
			hub_filter_passes(waiter->filter, &event->facts))
			wake(hub, waiter);
		waiter = behind;
	}
}

/* Wakes all who want a partition; -1: any. */
static void wake_wanting(struct hub *hub, int partition)
{
	for (int i = 0; i <= HUB_LISTS; i++) {
		struct hub_waiter *waiter = hub->lists[i];
		while (waiter) {
			struct hub_waiter *behind = waiter->behind;
			if (partition < 0 || hub_cursor_wants(waiter->cursor, partition))
				wake(hub, waiter);
			waiter = behind;
		}
	}
}

/*
 * Copies references of what is there to announce.
 *
 * @param[out] events  CHUNK elements; unref each
 * @param[out] first   position of the first of them; when it is beyond announced + 1, the ring has lost some
 */
static size_t news_of(
	struct hub *hub, struct hub_partition *partition, struct model_event **events, int64_t *first)
{
	size_t count = 0;
	pthread_mutex_lock(&partition->lock);
	int64_t head = atomic_load(&partition->head);
	int64_t position = partition->announced + 1;
	int64_t oldest = hub_ring_first(partition);
	if (position < oldest)
		position = oldest <= head ? oldest : head + 1;
	*first = position;
	while (count < CHUNK && position <= head)
		events[count++] = model_event_ref(hub_ring_at(hub, partition, position++));
	pthread_mutex_unlock(&partition->lock);
	return count;
}

void hub_announce(struct hub *hub, int index)
{
	struct hub_partition *partition = &hub->partitions[index];
	struct model_event *events[CHUNK];
	size_t count = 0;
	pthread_mutex_lock(&hub->waiting);
	do {
		int64_t first = 0;
		count = news_of(hub, partition, events, &first);
		if (first > partition->announced + 1)
			wake_wanting(hub, index);
		for (size_t i = 0; i < count; i++) {
			const char *system = events[i]->facts.system;
			wake_list(hub, hub->lists[model_partition(system, HUB_LISTS)], events[i]);
			wake_list(hub, hub->lists[HUB_LISTS], events[i]);
		}
		partition->announced = first + (int64_t)count - 1;
		for (size_t i = 0; i < count; i++)
			model_event_unref(events[i]);
	} while (count > 0);
	pthread_mutex_unlock(&hub->waiting);
}

void hub_wake_all(struct hub *hub)
{
	pthread_mutex_lock(&hub->waiting);
	wake_wanting(hub, -1);
	pthread_mutex_unlock(&hub->waiting);
}
