/* The rings: making them, taking events in, letting the oldest go. Who hears of it is waiters.c. */
#include "hub/inside.h"

#include <assert.h>
#include <stdlib.h>

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count, size);
	if (!memory)
		abort();
	return memory;
}

struct hub *hub_new(const struct hub_options *options, const int64_t *heads)
{
	assert(options->partitions > 0);
	struct hub *hub = allocate(1, sizeof(*hub));
	hub->partition_count = options->partitions;
	hub->ring_events = options->ring_events ? options->ring_events : 1;
	hub->ring_bytes = options->ring_bytes / (size_t)options->partitions;
	hub->partitions = allocate((size_t)options->partitions, sizeof(*hub->partitions));
	pthread_mutex_init(&hub->waiting, NULL);
	for (int i = 0; i < hub->partition_count; i++) {
		struct hub_partition *partition = &hub->partitions[i];
		pthread_mutex_init(&partition->lock, NULL);
		partition->ring = allocate(hub->ring_events, sizeof(struct model_event *));
		partition->taken = heads[i];
		atomic_init(&partition->head, heads[i]);
		partition->announced = heads[i];
	}
	return hub;
}

/* Lets the oldest event go. */
static void drop(struct hub *hub, struct hub_partition *partition)
{
	struct model_event *oldest = hub_ring_at(hub, partition, hub_ring_first(partition));
	partition->count--;
	partition->bytes -= oldest->size;
	model_event_unref(oldest);
}

void hub_free(struct hub *hub)
{
	if (!hub)
		return;
	for (int i = 0; i < hub->partition_count; i++) {
		struct hub_partition *partition = &hub->partitions[i];
		while (partition->count)
			drop(hub, partition);
		free(partition->ring);
		pthread_mutex_destroy(&partition->lock);
	}
	pthread_mutex_destroy(&hub->waiting);
	free(hub->partitions);
	free(hub);
}

static void append(struct hub *hub, struct hub_partition *partition, struct model_event *event)
{
	if (partition->count == hub->ring_events)
		drop(hub, partition);
	partition->taken = event->position;
	partition->ring[(uint64_t)event->position % hub->ring_events] = model_event_ref(event);
	partition->count++;
	partition->bytes += event->size;
	while (partition->bytes > hub->ring_bytes)
		drop(hub, partition);
	if (event->facts.last)
		atomic_store(&partition->head, event->position);
}

bool hub_publish(struct hub *hub, int index, struct model_event *const *events, size_t count)
{
	assert(index >= 0 && index < hub->partition_count);
	struct hub_partition *partition = &hub->partitions[index];
	pthread_mutex_lock(&partition->lock);
	int64_t head = atomic_load(&partition->head);
	bool joins = count == 0 || events[0]->position <= partition->taken + 1;
	for (size_t i = 0; joins && i < count; i++) {
		assert(events[i]->position == events[0]->position + (int64_t)i);
		if (events[i]->position == partition->taken + 1)
			append(hub, partition, events[i]);
	}
	bool news = atomic_load(&partition->head) > head;
	pthread_mutex_unlock(&partition->lock);
	if (news)
		hub_announce(hub, index);
	return joins;
}

void hub_skip(struct hub *hub, int index, int64_t position)
{
	struct hub_partition *partition = &hub->partitions[index];
	pthread_mutex_lock(&partition->lock);
	bool skips = position > partition->taken;
	if (skips) {
		while (partition->count)
			drop(hub, partition);
		partition->taken = position;
		atomic_store(&partition->head, position);
	}
	pthread_mutex_unlock(&partition->lock);
	if (skips)
		hub_wake_all(hub);
}

void hub_go_back(struct hub *hub, int index, int64_t position)
{
	struct hub_partition *partition = &hub->partitions[index];
	pthread_mutex_lock(&hub->waiting);
	pthread_mutex_lock(&partition->lock);
	while (partition->count)
		drop(hub, partition);
	partition->taken = position;
	atomic_store(&partition->head, position);
	pthread_mutex_unlock(&partition->lock);
	partition->announced = position;
	atomic_fetch_add(&hub->era, 1);
	pthread_mutex_unlock(&hub->waiting);
	hub_wake_all(hub);
}

int64_t hub_head(struct hub *hub, int index)
{
	struct hub_partition *partition = &hub->partitions[index];
	pthread_mutex_lock(&partition->lock);
	int64_t taken = partition->taken;
	pthread_mutex_unlock(&partition->lock);
	return taken;
}
