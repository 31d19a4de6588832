/*
 * Brings what other servers committed: compares the partitions' heads with
 * the hub's, reads the events between them, forgets views that they made old,
 * and hands them to the hub. It also keeps the house: whether the database is
 * there, and request ids that are a day old.
 */
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "ledger/parts.h"

enum {
	PAGE = 500,
};

#define HOUR_US (3600LL * 1000000)

struct follower {
	struct ledger *ledger;
	struct store *store; /* the follower's thread */
	struct store_head *heads;
	int64_t next_cleaning_us; /* steady clock */
	pthread_t thread;

	pthread_mutex_t lock;
	pthread_cond_t nudged;
	/* locked */
	bool nudge, stopping;
};

static enum fault_code bring(struct follower *follower, const struct store_head *head, struct fault *fault)
{
	struct hub *hub = follower->ledger->hub;
	struct model_event *events[PAGE];
	int64_t at = hub_head(hub, head->partition);
	while (at < head->head) {
		size_t count;
		enum fault_code code =
			store_events(follower->store, head->partition, at, PAGE, events, &count, fault);
		if (code)
			return code;
		/* Views first: whoever an event wakes must not find an older state. */
		for (size_t i = 0; i < count; i++)
			cache_drop(
				follower->ledger->cache, events[i]->facts.system, events[i]->facts.revision);
		hub_publish(hub, head->partition, events, count);
		for (size_t i = 0; i < count; i++)
			model_event_unref(events[i]);
		if (count == 0)
			break;
		int64_t now_at = hub_head(hub, head->partition);
		if (now_at == at)
			break;
		at = now_at;
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

static void clean(struct follower *follower)
{
	if (clock_steady_us() < follower->next_cleaning_us)
		return;
	follower->next_cleaning_us = clock_steady_us() + HOUR_US;
	int64_t removed = 0;
	struct fault fault;
	if (store_forget_requests(follower->store, clock_wall_us() - 24 * HOUR_US, &removed, &fault))
		log_warning("old request ids stay", log_text("detail", fault.message));
	else if (removed)
		log_info("old request ids removed", log_number("count", removed));
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
