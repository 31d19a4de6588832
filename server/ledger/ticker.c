/*
 * Lets time go on: looks for systems whose moment has come and has each looked
 * at again by a change like any other. Several servers may do so at once: the
 * first one's revision leaves nothing to do for the others.
 */
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/log.h"
#include "ledger/parts.h"

enum {
	TICKS_MAX = 100, /* systems at a time */
};

struct ticker {
	struct ledger *ledger;
	struct store *store; /* the ticker's thread */
	pthread_t thread;

	pthread_mutex_t lock;
	pthread_cond_t changed;
	/* locked */
	size_t waiting; /* changes that have not ended */
	bool stopping;
};

/* One system's turn. The lane fills it before it says that the change has ended. */
struct tick {
	struct ledger_change change;
	struct ticker *ticker;
	bool unchanged;
	int64_t revision;
	int64_t due_us;
};

/* On the lane. */
static void *note(const struct ledger_change *change, const struct ledger_outcome *outcome,
	struct arena *arena, size_t *size)
{
	struct tick *tick = change->context;
	tick->unchanged = outcome->unchanged;
	tick->revision = outcome->revision;
	tick->due_us = outcome->due_us;
	*size = 0;
	return arena_alloc(arena, 0);
}

/* On the lane. */
static void ended(struct ledger_change *change)
{
	const struct tick *tick = change->context;
	struct ticker *ticker = tick->ticker;
	pthread_mutex_lock(&ticker->lock);
	if (--ticker->waiting == 0)
		pthread_cond_signal(&ticker->changed);
	pthread_mutex_unlock(&ticker->lock);
}

static void submit(struct ticker *ticker, struct tick *tick, const struct store_due *due)
{
	static const struct model_principal nobody = {"", ""};
	tick->ticker = ticker;
	tick->change = (struct ledger_change){
		.action = LEDGER_TICK,
		.system = due->system,
		.etag = "",
		.request_id = "",
		.change_note = "",
		.principal = &nobody,
		.arena = arena_new(),
		.encode = note,
		.done = ended,
		.context = tick,
	};
	pthread_mutex_lock(&ticker->lock);
	ticker->waiting++;
	pthread_mutex_unlock(&ticker->lock);
	ledger_submit(ticker->ledger, &tick->change);
}

static void wait_for_all(struct ticker *ticker)
{
	pthread_mutex_lock(&ticker->lock);
	while (ticker->waiting > 0)
		pthread_cond_wait(&ticker->changed, &ticker->lock);
	pthread_mutex_unlock(&ticker->lock);
}

/* What came to no revision wrote no row: without its next moment it would be due for ever. */
static bool settle(struct ticker *ticker, const struct tick *tick, const struct store_due *due)
{
	struct fault fault = tick->change.fault;
	if (!fault.code && tick->unchanged)
		store_move_due(ticker->store, due, tick->revision,
			tick->due_us == INT64_MAX ? 0 : tick->due_us, &fault);
	if (fault.code && fault.code != FAULT_NOT_FOUND)
		log_warning("a system was not looked at in its time", log_text("system", due->system),
			log_text("detail", fault.message));
	return fault.code == FAULT_NONE;
}

/* @return is there more that can be done at once? */
static bool look(struct ticker *ticker)
{
	struct arena *arena = arena_new();
	struct store_due *due = NULL;
	size_t count = 0;
	size_t settled = 0;
	struct fault fault;
	if (atomic_load(&ticker->ledger->up) &&
		store_due_systems(ticker->store, arena, clock_wall_us(), TICKS_MAX, &due, &count, &fault))
		log_warning("systems are not looked at in their time", log_text("detail", fault.message));
	struct tick *ticks = arena_array(arena, count, sizeof(*ticks));
	for (size_t i = 0; i < count; i++)
		submit(ticker, &ticks[i], &due[i]);
	wait_for_all(ticker);
	for (size_t i = 0; i < count; i++) {
		settled += settle(ticker, &ticks[i], &due[i]);
		arena_free(ticks[i].change.arena);
	}
	arena_free(arena);
	return settled == TICKS_MAX;
}

/* @return false when it shall end */
static bool wait_for_turn(struct ticker *ticker)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	int64_t ns = until.tv_nsec + (int64_t)ticker->ledger->options.tick_interval_ms * 1000000;
	until.tv_sec += ns / 1000000000;
	until.tv_nsec = ns % 1000000000;
	pthread_mutex_lock(&ticker->lock);
	while (!ticker->stopping && pthread_cond_timedwait(&ticker->changed, &ticker->lock, &until) == 0) {
	}
	bool go_on = !ticker->stopping;
	pthread_mutex_unlock(&ticker->lock);
	return go_on;
}

static void *run(void *context)
{
	struct ticker *ticker = context;
	while (wait_for_turn(ticker)) {
		while (look(ticker)) {
		}
	}
	return NULL;
}

struct ticker *ticker_start(struct ledger *ledger)
{
	struct ticker *ticker = calloc(1, sizeof(*ticker));
	if (!ticker)
		abort();
	ticker->ledger = ledger;
	ticker->store = store_new(&ledger->options.store);
	pthread_mutex_init(&ticker->lock, NULL);
	pthread_condattr_t steady;
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&ticker->changed, &steady);
	pthread_condattr_destroy(&steady);
	if (pthread_create(&ticker->thread, NULL, run, ticker))
		abort();
	return ticker;
}

void ticker_stop(struct ticker *ticker)
{
	pthread_mutex_lock(&ticker->lock);
	ticker->stopping = true;
	pthread_cond_signal(&ticker->changed);
	pthread_mutex_unlock(&ticker->lock);
	pthread_join(ticker->thread, NULL);
	store_free(ticker->store);
	pthread_cond_destroy(&ticker->changed);
	pthread_mutex_destroy(&ticker->lock);
	free(ticker);
}
