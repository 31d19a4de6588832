/*
 * A lane: one thread, one connection. It takes all that waits, commits it as
 * one transaction, publishes, answers; what queued meanwhile is the next batch.
 */
#include <stdlib.h>
#include <time.h>

#include "base/log.h"
#include "ledger/round.h"

enum {
	ATTEMPTS_MAX = 64, /* lost races against other servers in a row */
};

struct lane {
	struct ledger *ledger;
	struct store *store; /* lane */
	pthread_t thread;

	pthread_mutex_t lock;
	pthread_cond_t arrived;
	/* locked */
	struct ledger_change *first, *last;
	int count;
	bool stopping;
};

static void answer(struct ledger_change **changes, size_t count, const struct fault *fault)
{
	for (size_t i = 0; i < count; i++) {
		if (fault && !changes[i]->fault.code)
			changes[i]->fault = *fault;
		changes[i]->done(changes[i]);
	}
}

static bool is_idle(struct lane *lane)
{
	pthread_mutex_lock(&lane->lock);
	bool idle = lane->count == 0;
	pthread_mutex_unlock(&lane->lock);
	return idle;
}

/* Lets the other server have its turn: longer, the more races were lost. */
static void step_back(int attempt)
{
	long us = attempt < 3 ? 0 : 200L * attempt;
	if (us)
		nanosleep(&(struct timespec){.tv_nsec = us * 1000}, NULL);
}

/* What one attempt came to. */
enum attempt {
	ATTEMPT_ANSWERED,
	ATTEMPT_AGAIN,
	ATTEMPT_ALONE, /* one change spoils the batch: each gets a transaction of its own */
};

/* Nothing was written and nobody was answered. */
static enum attempt judge_failure(
	struct round *round, const struct fault *fault, const bool *conflicted, int attempt)
{
	switch (fault->code) {
	case FAULT_CONFLICT:
		round_forget(round, conflicted);
		if (attempt + 1 < ATTEMPTS_MAX)
			return ATTEMPT_AGAIN;
		break;
	case FAULT_UNAVAILABLE:
		if (attempt == 0)
			return ATTEMPT_AGAIN; /* perhaps only this connection had died */
		atomic_store(&round->ledger->up, false);
		break;
	case FAULT_UNCERTAIN: round_forget(round, NULL); break;
	case FAULT_INTERNAL:
	case FAULT_INVALID:
	case FAULT_EXHAUSTED: /* the batch may be too large, not any of its changes */
		if (round->change_count > 1)
			return ATTEMPT_ALONE;
		break;
	default: break;
	}
	log_warning("commit failed", log_text("fault", fault_name(fault->code)),
		log_text("reason", fault->reason), log_text("detail", fault->message),
		log_number("changes", (int64_t)round->change_count), log_number("attempt", attempt + 1));
	answer(round->changes, round->change_count, fault);
	return ATTEMPT_ANSWERED;
}

/* A read of the round failed for want of a connection; the next one may be made anew. */
static bool connection_died(const struct round *round)
{
	for (size_t i = 0; i < round->change_count; i++)
		if (round->changes[i]->fault.code == FAULT_UNAVAILABLE)
			return true;
	return false;
}

static enum attempt try_batch(struct lane *lane, struct ledger_change **changes, size_t count, int attempt)
{
	struct round round;
	round_init(&round, lane->ledger, lane->store, changes, count);
	round_apply(&round);
	enum attempt result = ATTEMPT_ANSWERED;
	bool *conflicted = arena_array(round.arena, round.record.batch.system_count, sizeof(bool));
	struct fault fault;
	round_announce(&round);
	if (attempt == 0 && connection_died(&round))
		result = ATTEMPT_AGAIN;
	else if (round_confirm(&round, &fault) ||
		 (round_writes(&round) &&
			 store_commit(lane->store, &round.record.batch, conflicted, &fault))) {
		result = judge_failure(&round, &fault, conflicted, attempt);
	} else {
		round_publish(&round);
		changes[0]->unhurried = count == 1 && is_idle(lane);
		answer(changes, count, NULL);
	}
	round_done(&round);
	return result;
}

static void run_batch(struct lane *lane, struct ledger_change **changes, size_t count)
{
	enum attempt result = ATTEMPT_AGAIN;
	for (int attempt = 0; result == ATTEMPT_AGAIN; attempt++) {
		step_back(attempt);
		result = try_batch(lane, changes, count, attempt);
	}
	for (size_t i = 0; result == ATTEMPT_ALONE && i < count; i++)
		run_batch(lane, &changes[i], 1);
}

/* What a change adds to a batch, of what a peer can make large. */
static size_t change_bytes(const struct ledger_change *change)
{
	size_t bytes = change->meta_size;
	for (size_t i = 0; i < change->item_count; i++)
		bytes += change->items[i].body_size;
	return bytes;
}

/* Is there room for the first change that waits? One alone always has room. */
static bool fits(const struct lane *lane, size_t taken, size_t bytes)
{
	const struct ledger_options *options = &lane->ledger->options;
	return taken == 0 || (taken < (size_t)options->batch_changes &&
				     bytes + change_bytes(lane->first) <= options->batch_bytes);
}

/* Waits for changes and takes up to a batch of them. @return 0 when the lane ends */
static size_t take(struct lane *lane, struct ledger_change **changes)
{
	size_t taken = 0, bytes = 0;
	pthread_mutex_lock(&lane->lock);
	while (!lane->first && !lane->stopping)
		pthread_cond_wait(&lane->arrived, &lane->lock);
	while (lane->first && fits(lane, taken, bytes)) {
		bytes += change_bytes(lane->first);
		changes[taken++] = lane->first;
		lane->first = lane->first->next;
		lane->count--;
	}
	if (!lane->first)
		lane->last = NULL;
	pthread_mutex_unlock(&lane->lock);
	return taken;
}

static void *run(void *context)
{
	struct lane *lane = context;
	struct ledger_change **changes =
		calloc((size_t)lane->ledger->options.batch_changes, sizeof(struct ledger_change *));
	if (!changes)
		abort();
	size_t count;
	while ((count = take(lane, changes)))
		run_batch(lane, changes, count);
	free(changes);
	return NULL;
}

struct lane *lane_start(struct ledger *ledger)
{
	struct lane *lane = calloc(1, sizeof(*lane));
	if (!lane)
		abort();
	lane->ledger = ledger;
	struct store_options options = ledger->options.store;
	options.commits = true;
	lane->store = store_new(&options);
	pthread_mutex_init(&lane->lock, NULL);
	pthread_cond_init(&lane->arrived, NULL);
	if (pthread_create(&lane->thread, NULL, run, lane))
		abort();
	return lane;
}

static bool queue(struct lane *lane, struct ledger_change *change)
{
	pthread_mutex_lock(&lane->lock);
	bool room = lane->count < lane->ledger->options.queue_changes;
	if (room) {
		change->next = NULL;
		*(lane->last ? &lane->last->next : &lane->first) = change;
		lane->last = change;
		lane->count++;
		pthread_cond_signal(&lane->arrived);
	}
	pthread_mutex_unlock(&lane->lock);
	return room;
}

void lane_submit(struct lane *lane, struct ledger_change *change)
{
	change->fault = (struct fault){0};
	if (!atomic_load(&lane->ledger->up))
		fault_set(&change->fault, FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE",
			"the database is away; nothing was stored");
	else if (queue(lane, change))
		return; /* it is the lane's now, and may have ended already */
	else
		fault_set(&change->fault, FAULT_EXHAUSTED, "QUEUE_FULL",
			"%d changes wait already; nothing was stored", lane->ledger->options.queue_changes);
	change->done(change);
}

void lane_stop(struct lane *lane)
{
	pthread_mutex_lock(&lane->lock);
	lane->stopping = true;
	pthread_cond_signal(&lane->arrived);
	pthread_mutex_unlock(&lane->lock);
	pthread_join(lane->thread, NULL);
	store_free(lane->store);
	pthread_cond_destroy(&lane->arrived);
	pthread_mutex_destroy(&lane->lock);
	free(lane);
}
