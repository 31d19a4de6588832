/*
 * Publishers and subscribers on threads of their own, with random revisions,
 * filters and ring sizes. The store is an array that holds all events before
 * the hub does; each partition is published by two threads that overlap, as a
 * lane and the follower do.
 */
#include "cases.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "hub/hub.h"

enum {
	PARTITIONS = 3,
	EVENTS = 3000, /* of each partition */
	SUBSCRIBERS = 6,
	SYSTEMS = 7,
};

static const char *const system_ids[SYSTEMS] = {"a", "b", "c", "d", "e", "f", "g"};

struct world {
	struct hub *hub;
	struct model_event
		*store[PARTITIONS][EVENTS]; /* position i + 1 at i; never changed while threads run */
};

static uint32_t draw(uint64_t *seed, uint32_t below)
{
	*seed = *seed * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)(*seed >> 33) % below;
}

static void fill(struct world *world, uint64_t *seed)
{
	for (int p = 0; p < PARTITIONS; p++) {
		int64_t revision = 1;
		uint32_t system = draw(seed, SYSTEMS);
		for (int i = 0; i < EVENTS; i++) {
			while (model_partition(system_ids[system], PARTITIONS) != p)
				system = draw(seed, SYSTEMS);
			struct model_event_facts facts = {.revision = revision};
			snprintf(facts.system, sizeof(facts.system), "%s", system_ids[system]);
			facts.type = (enum model_event_type)(1 + draw(seed, EVENT_END - 1));
			facts.severity = (uint8_t)draw(seed, SEVERITY_END);
			facts.class = facts.severity ? (uint8_t)(1 + draw(seed, CLASS_END - 1)) : 0;
			facts.teams = facts.severity ? 1 + draw(seed, 31) : 0;
			facts.kinds = draw(seed, 4) ? KIND_BIT(1 + draw(seed, 8)) : 0;
			facts.last = i == EVENTS - 1 || draw(seed, draw(seed, 10) ? 4 : 60) == 0;
			world->store[p][i] = model_event_new(&facts, p, i + 1, &facts, 1 + draw(seed, 30));
			if (facts.last) {
				revision++;
				system = draw(seed, SYSTEMS);
			}
		}
	}
}

/* ---- publishing ---- */

struct publisher {
	pthread_t thread;
	struct world *world;
	int partition;
	uint64_t seed;
};

static void *publish(void *context)
{
	struct publisher *publisher = context;
	int p = publisher->partition;
	struct model_event **all = publisher->world->store[p];
	int at = 0;
	while (at < EVENTS) {
		int from = at > 5 ? at - (int)draw(&publisher->seed, 5) : at;
		int count = 1 + (int)draw(&publisher->seed, 40);
		if (from + count > EVENTS)
			count = EVENTS - from;
		if (!hub_publish(publisher->world->hub, p, all + from, (size_t)count))
			abort();
		at = from + count;
		if (draw(&publisher->seed, 16) == 0)
			at = (int)hub_head(publisher->world->hub, p); /* as the follower asks */
	}
	return NULL;
}

/* ---- subscribing ---- */

struct subscriber {
	pthread_t thread;
	struct world *world;
	uint64_t seed;
	const char *systems[SYSTEMS];
	struct hub_filter filter;
	struct hub_cursor *cursor;
	struct hub_waiter waiter;
	size_t max_events;
	size_t max_bytes;
	int next[PARTITIONS]; /* index of the event that is expected at the earliest */

	pthread_mutex_t lock;
	pthread_cond_t woken;
	bool awake;
};

static void wake(void *context)
{
	struct subscriber *subscriber = context;
	pthread_mutex_lock(&subscriber->lock);
	subscriber->awake = true;
	pthread_cond_signal(&subscriber->woken);
	pthread_mutex_unlock(&subscriber->lock);
}

/* The index of the next event that passes. */
static int passing(const struct subscriber *subscriber, int p, int from)
{
	while (from < EVENTS &&
		!hub_filter_passes(&subscriber->filter, &subscriber->world->store[p][from]->facts))
		from++;
	return from;
}

static bool same_revision(const struct model_event *a, const struct model_event *b)
{
	return a->facts.revision == b->facts.revision && strcmp(a->facts.system, b->facts.system) == 0;
}

/* Exactly the next events that pass, and split only where more of the last one's revision passes. */
static void accept(struct subscriber *subscriber, int p, struct model_event **events, size_t count)
{
	struct model_event **all = subscriber->world->store[p];
	for (size_t i = 0; i < count; i++) {
		int expected = passing(subscriber, p, subscriber->next[p]);
		if (expected == EVENTS || events[i] != all[expected])
			abort();
		subscriber->next[p] = expected + 1;
	}
	int following = passing(subscriber, p, subscriber->next[p]);
	bool more = following < EVENTS && same_revision(events[count - 1], all[following]);
	if (more != subscriber->cursor->inside)
		abort();
	if (more && count > 1 && !same_revision(events[0], events[count - 1]))
		abort(); /* whole revisions go first */
	while (count)
		model_event_unref(events[--count]);
}

/* Reads in pages, as from a database. */
static void read_store(struct subscriber *subscriber)
{
	struct hub_cursor *cursor = subscriber->cursor;
	int p = cursor->next;
	struct model_event *events[64];
	struct hub_take take = {.filter = &subscriber->filter,
		.events = events,
		.max_events = subscriber->max_events,
		.max_bytes = subscriber->max_bytes,
		.position = cursor->positions[p]};
	do {
		for (int left = 1 + (int)draw(&subscriber->seed, 20); left > 0 && take.position < EVENTS;
			left--)
			if (!hub_take_event(&take, subscriber->world->store[p][take.position]))
				break;
	} while (hub_take_unsettled(&take));
	hub_take_end(&take, cursor, p);
	if (take.count)
		accept(subscriber, p, events, take.count);
}

static bool finished(const struct subscriber *subscriber)
{
	for (int p = 0; p < PARTITIONS; p++)
		if (hub_cursor_wants(subscriber->cursor, p) && subscriber->cursor->positions[p] < EVENTS &&
			passing(subscriber, p, subscriber->next[p]) < EVENTS)
			return false;
	return true;
}

static void sleep_until_woken(struct subscriber *subscriber)
{
	hub_wait(subscriber->world->hub, &subscriber->waiter, subscriber->cursor);
	pthread_mutex_lock(&subscriber->lock);
	while (!subscriber->awake)
		pthread_cond_wait(&subscriber->woken, &subscriber->lock);
	subscriber->awake = false;
	pthread_mutex_unlock(&subscriber->lock);
	hub_wait_stop(subscriber->world->hub, &subscriber->waiter);
}

static void *subscribe(void *context)
{
	struct subscriber *subscriber = context;
	while (!finished(subscriber)) {
		struct model_event *events[64];
		size_t count = 0;
		switch (hub_pull(subscriber->world->hub, &subscriber->filter, subscriber->cursor, events,
			subscriber->max_events, subscriber->max_bytes, &count)) {
		case HUB_EVENTS: accept(subscriber, events[0]->partition, events, count); break;
		case HUB_BEHIND: read_store(subscriber); break;
		case HUB_IDLE: sleep_until_woken(subscriber); break;
		}
	}
	return NULL;
}

static void choose(struct subscriber *subscriber, struct world *world, uint64_t *seed)
{
	*subscriber = (struct subscriber){.world = world, .seed = *seed};
	struct hub_filter *filter = &subscriber->filter;
	if (draw(seed, 2)) {
		filter->systems = subscriber->systems;
		for (int i = 0; i < SYSTEMS; i++)
			if (draw(seed, 3) == 0)
				subscriber->systems[filter->system_count++] = system_ids[i];
	}
	if (draw(seed, 3) == 0) {
		filter->kinds = KIND_BIT(1 + draw(seed, 8));
		filter->kinds |= KIND_BIT(1 + draw(seed, 8));
	}
	if (draw(seed, 3) == 0)
		filter->min_severity = (enum model_severity)draw(seed, SEVERITY_END);
	if (draw(seed, 4) == 0)
		filter->classes = draw(seed, 1U << CLASS_END);
	if (draw(seed, 4) == 0)
		filter->teams = draw(seed, 32);
	if (draw(seed, 3) == 0)
		filter->types = draw(seed, 1U << EVENT_END);
	subscriber->max_events = 1 + draw(seed, 64);
	subscriber->max_bytes = 10 + draw(seed, 1000);
	subscriber->cursor = hub_cursor_new(world->hub, filter);
	subscriber->waiter = (struct hub_waiter){.wake = wake, .context = subscriber, .filter = filter};
	pthread_mutex_init(&subscriber->lock, NULL);
	pthread_cond_init(&subscriber->woken, NULL);
}

static void run(uint64_t seed)
{
	static const int64_t heads[PARTITIONS] = {0};
	struct hub_options options = {PARTITIONS, 5 + draw(&seed, 500), 5000 + draw(&seed, 20000)};
	struct world world = {.hub = hub_new(&options, heads)};
	fill(&world, &seed);
	struct subscriber subscribers[SUBSCRIBERS];
	struct publisher publishers[PARTITIONS * 2];
	for (int i = 0; i < SUBSCRIBERS; i++)
		choose(&subscribers[i], &world, &seed);
	for (int i = 0; i < SUBSCRIBERS; i++)
		pthread_create(&subscribers[i].thread, NULL, subscribe, &subscribers[i]);
	for (int i = 0; i < PARTITIONS * 2; i++) {
		publishers[i] = (struct publisher){
			.world = &world, .partition = i % PARTITIONS, .seed = seed + (uint64_t)i};
		pthread_create(&publishers[i].thread, NULL, publish, &publishers[i]);
	}
	for (int i = 0; i < PARTITIONS * 2; i++)
		pthread_join(publishers[i].thread, NULL);
	for (int i = 0; i < SUBSCRIBERS; i++) {
		pthread_join(subscribers[i].thread, NULL);
		hub_cursor_free(subscribers[i].cursor);
		pthread_cond_destroy(&subscribers[i].woken);
		pthread_mutex_destroy(&subscribers[i].lock);
	}
	hub_free(world.hub);
	for (int p = 0; p < PARTITIONS; p++)
		for (int i = 0; i < EVENTS; i++)
			model_event_unref(world.store[p][i]);
}

struct row {
	const char *name;
	uint64_t seed;
};

static const struct row rows[] = {
	{"every subscriber gets exactly what passes, in order, once (1)", 1},
	{"every subscriber gets exactly what passes, in order, once (2)", 22},
	{"every subscriber gets exactly what passes, in order, once (3)", 333},
	{"every subscriber gets exactly what passes, in order, once (4)", 4444},
	{"every subscriber gets exactly what passes, in order, once (5)", 55555},
	{"every subscriber gets exactly what passes, in order, once (6)", 666666},
};

static void check(void **state)
{
	const struct row *row = *state;
	for (uint64_t i = 0; i < 8; i++)
		run(row->seed * 1000 + i);
}

int main(void)
{
	return CASES_RUN(rows, check);
}
