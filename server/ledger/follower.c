/*
 * Brings what other servers committed: compares the partitions' heads with
 * the hub's, reads the events between them, forgets views that they made old,
 * and hands them to the hub. It also keeps the house: whether the database is
 * there, events that are past keeping, and request ids that are a day old.
 */
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "ledger/parts.h"

enum {
	PAGE = 500,
	TRIM_PAGE = 10000,
};

#define SECOND_US 1000000LL
#define HOUR_US   (3600 * SECOND_US)
#define TRIM_US   (10 * SECOND_US) /* between two looks for old events */
#define YOUNGEST_US                                                                                          \
	(60 * SECOND_US) /* checkpoints come every 10 s at least: no live token is ever outrun               \
			  */

struct follower {
	struct ledger *ledger;
	struct store *store; /* the follower's thread */
	struct store_head *heads;
	int64_t next_trim_us;     /* steady clock */
	int64_t next_cleaning_us; /* the same */
	pthread_t thread;

	pthread_mutex_t lock;
	pthread_cond_t nudged;
	/* locked */
	bool nudge, stopping;
};

/* This server slept longer than events are kept: what it knew may all be old. */
static void skip(struct follower *follower, const struct store_head *head)
{
	log_warning("events were trimmed before they were seen here",
		log_number("partition", head->partition), log_number("trimmed", head->trimmed));
	cache_clear(follower->ledger->cache);
	hub_skip(follower->ledger->hub, head->partition, head->trimmed);
}

/* Views first: whoever an event wakes must not find an older state. */
static void hand_over(struct follower *follower, int partition, struct model_event **events, size_t count)
{
	for (size_t i = 0; i < count; i++)
		cache_drop(follower->ledger->cache, events[i]->facts.system, events[i]->facts.revision);
	hub_publish(follower->ledger->hub, partition, events, count);
	for (size_t i = 0; i < count; i++)
		model_event_unref(events[i]);
}

static enum fault_code bring(struct follower *follower, const struct store_head *head, struct fault *fault)
{
	struct hub *hub = follower->ledger->hub;
	struct model_event *events[PAGE];
	if (hub_head(hub, head->partition) < head->trimmed)
		skip(follower, head);
	for (int64_t at = 0; (at = hub_head(hub, head->partition)) < head->head;) {
		size_t count;
		enum fault_code code =
			store_events(follower->store, head->partition, at, PAGE, events, &count, fault);
		if (code)
			return code;
		hand_over(follower, head->partition, events, count);
		if (hub_head(hub, head->partition) == at)
			break; /* the next look tells more */
	}
	return FAULT_NONE;
}

static enum fault_code follow(struct follower *follower, struct fault *fault)
{
	size_t count = (size_t)follower->ledger->identity.partitions;
	enum fault_code code = store_heads(follower->store, follower->heads, count, fault);
	for (size_t i = 0; !code && i < count; i++)
		code = bring(follower, &follower->heads[i], fault);
	return code;
}

/* Is it time? Then it is time again after the interval. */
static bool due(int64_t *next_us, int64_t interval_us)
{
	int64_t now_us = clock_steady_us();
	if (now_us < *next_us)
		return false;
	*next_us = now_us + interval_us;
	return true;
}

static void trim(struct follower *follower)
{
	const struct ledger_options *options = &follower->ledger->options;
	int64_t now_us = clock_wall_us();
	struct store_retention retention = {.before_us = now_us - options->event_retention_s * SECOND_US,
		.keep = options->event_limit,
		.young_us = now_us - YOUNGEST_US,
		.limit = TRIM_PAGE};
	int64_t total = 0;
	for (int i = 0; i < follower->ledger->identity.partitions; i++) {
		int64_t removed = 0;
		struct fault fault;
		if (store_trim_events(follower->store, i, &retention, &removed, &fault)) {
			log_warning("old events stay", log_text("detail", fault.message));
			return;
		}
		total += removed;
	}
	if (total)
		log_info("old events trimmed", log_number("count", total));
}

static void forget_requests(struct follower *follower)
{
	int64_t removed = 0;
	struct fault fault;
	if (store_forget_requests(follower->store, clock_wall_us() - 24 * HOUR_US, &removed, &fault))
		log_warning("old request ids stay", log_text("detail", fault.message));
	else if (removed)
		log_info("old request ids removed", log_number("count", removed));
}

static void clean(struct follower *follower)
{
	if (due(&follower->next_trim_us, TRIM_US))
		trim(follower);
	if (due(&follower->next_cleaning_us, HOUR_US))
		forget_requests(follower);
}

/* Says once that the database went or came. */
static void set_up(struct ledger *ledger, bool up, const struct fault *fault)
{
	if (atomic_exchange(&ledger->up, up) == up)
		return;
	if (up)
		log_info("database is back", log_text("by", "follower"));
	else
		log_error("database is away", log_text("fault", fault_name(fault->code)),
			log_text("detail", fault->message));
}

/* @return false when it shall end */
static bool wait_for_turn(struct follower *follower)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	int64_t ns = until.tv_nsec + (int64_t)follower->ledger->options.follow_interval_ms * 1000000;
	until.tv_sec += ns / 1000000000;
	until.tv_nsec = ns % 1000000000;
	pthread_mutex_lock(&follower->lock);
	while (!follower->nudge && !follower->stopping &&
		pthread_cond_timedwait(&follower->nudged, &follower->lock, &until) == 0) {
	}
	follower->nudge = false;
	bool go_on = !follower->stopping;
	pthread_mutex_unlock(&follower->lock);
	return go_on;
}

static void *run(void *context)
{
	struct follower *follower = context;
	do {
		struct fault fault;
		enum fault_code code = follow(follower, &fault);
		set_up(follower->ledger, code == FAULT_NONE, &fault);
		if (code == FAULT_NONE)
			clean(follower);
	} while (wait_for_turn(follower));
	return NULL;
}

struct follower *follower_start(struct ledger *ledger)
{
	struct follower *follower = calloc(1, sizeof(*follower));
	if (!follower)
		abort();
	follower->ledger = ledger;
	follower->store = store_new(&ledger->options.store);
	follower->heads = calloc((size_t)ledger->identity.partitions, sizeof(*follower->heads));
	if (!follower->heads)
		abort();
	pthread_mutex_init(&follower->lock, NULL);
	pthread_condattr_t steady;
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&follower->nudged, &steady);
	pthread_condattr_destroy(&steady);
	if (pthread_create(&follower->thread, NULL, run, follower))
		abort();
	return follower;
}

void follower_nudge(struct follower *follower)
{
	pthread_mutex_lock(&follower->lock);
	follower->nudge = true;
	pthread_cond_signal(&follower->nudged);
	pthread_mutex_unlock(&follower->lock);
}

void follower_stop(struct follower *follower)
{
	pthread_mutex_lock(&follower->lock);
	follower->stopping = true;
	pthread_cond_signal(&follower->nudged);
	pthread_mutex_unlock(&follower->lock);
	pthread_join(follower->thread, NULL);
	store_free(follower->store);
	free(follower->heads);
	pthread_cond_destroy(&follower->nudged);
	pthread_mutex_destroy(&follower->lock);
	free(follower);
}
