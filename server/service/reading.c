/*
 * Views that are fresh enough and say enough, and jobs on reader threads. It decides nothing
 * about what is read.
 *
 * A job's end and the hub's wake both arrive as rpc_wake(). A call that waited
 * at the hub may still have such a wake to come when it starts a job, so a
 * wake alone does not say that the job has ended: `finished` does, and its
 * lock keeps the call from going on before the job has let go of it.
 */
#include "service/reading.h"

#include <inttypes.h>

#include "base/clock.h"

enum {
	RELOAD_FIRST_US = 100 * 1000,
	RELOAD_LAST_US = 2000 * 1000,
	ANSWER_US = 50 * 1000, /* kept of the client's deadline for telling it why */
};

static enum rpc_next look(struct rpc_call *call);
static enum rpc_next judge(struct rpc_call *call);
static enum rpc_next await_revision(struct rpc_call *call);
static enum rpc_next woken(struct rpc_call *call);
static enum rpc_next job_ended(struct rpc_call *call);

struct reading *reading_start(struct rpc_call *call)
{
	struct reading *reading = rpc_state(call);
	reading->call = call;
	reading->service = rpc_context(call);
	reading->arena = rpc_arena(call);
	pthread_mutex_init(&reading->lock, NULL);
	return reading;
}

void reading_release(void *state)
{
	struct reading *reading = state;
	if (!reading->call)
		return;
	hub_wait_stop(reading->service->hub, &reading->waiter);
	hub_cursor_free(reading->cursor);
	if (reading->view)
		ledger_view_unref(reading->view);
	pthread_mutex_destroy(&reading->lock);
}

int reading_partition(const struct reading *reading)
{
	return model_partition(reading->system, reading->service->identity->partitions);
}

/* ---- the view ---- */

enum rpc_next reading_view(struct rpc_call *call, const char *system, int64_t min_revision, rpc_step_fn *then)
{
	return reading_view_until(call, system, min_revision, NULL, then);
}

enum rpc_next reading_view_until(struct rpc_call *call, const char *system, int64_t min_revision,
	reading_enough_fn *enough, rpc_step_fn *then)
{
	struct reading *reading = rpc_state(call);
	reading->system = system;
	reading->min_revision = min_revision;
	reading->enough = enough;
	reading->after_view = then;
	return look(call);
}

/* Is the view what is waited for? That a system is gone is an answer too. */
static bool is_enough(const struct reading *reading, const struct ledger_view *view)
{
	if (ledger_view_revision(view) < reading->min_revision)
		return false;
	return !reading->enough || ledger_view_deleted(view) || reading->enough(reading, view);
}

static enum fault_code load(struct reading *reading, struct store *store, struct fault *fault)
{
	return ledger_load(reading->service->ledger, store, reading->system, &reading->view, fault);
}

static enum rpc_next look(struct rpc_call *call)
{
	struct reading *reading = rpc_state(call);
	reading->view = ledger_view_cached(reading->service->ledger, reading->system);
	if (!reading->view)
		return reading_job(call, load, judge);
	return judge(call);
}

static enum rpc_next judge(struct rpc_call *call)
{
	struct reading *reading = rpc_state(call);
	if (!is_enough(reading, reading->view))
		return await_revision(call);
	if (ledger_view_deleted(reading->view)) {
		struct fault fault;
		fault_set(&fault, FAULT_NOT_FOUND, "SYSTEM_NOT_FOUND", "there is no system %s",
			reading->system);
		fault_add(&fault, "system", "%s", reading->system);
		return rpc_fail(call, &fault);
	}
	rpc_then(call, reading->after_view);
	return RPC_MORE;
}

/* ---- waiting for a revision ---- */

static int64_t wait_until(struct rpc_call *call, int64_t now_us)
{
	struct reading *reading = rpc_state(call);
	int64_t deadline_us = rpc_deadline_us(call);
	if (deadline_us == INT64_MAX)
		return now_us + (int64_t)reading->service->wait_ms * 1000;
	int64_t left_us = deadline_us - now_us;
	return deadline_us - (left_us / 4 < ANSWER_US ? left_us / 4 : ANSWER_US);
}

static enum rpc_next give_up(struct rpc_call *call, int64_t revision)
{
	struct reading *reading = rpc_state(call);
	struct fault fault;
	if (revision >= reading->min_revision) {
		fault_set(&fault, FAULT_TIMEOUT, "VERDICT_UNKNOWN",
			"%s is at revision %" PRId64 " and its verdict was not known in time",
			reading->system, revision);
		fault_add(&fault, "system", "%s", reading->system);
		fault_add(&fault, "revision", "%" PRId64, revision);
		return rpc_fail(call, &fault);
	}
	fault_set(&fault, FAULT_TIMEOUT, "REVISION_NOT_REACHED",
		"%s is at revision %" PRId64 " and did not reach %" PRId64 " in time", reading->system,
		revision, reading->min_revision);
	fault_add(&fault, "system", "%s", reading->system);
	fault_add(&fault, "revision", "%" PRId64, revision);
	fault_add(&fault, "min_revision", "%" PRId64, reading->min_revision);
	return rpc_fail(call, &fault);
}

static void start_waiting(struct rpc_call *call, int64_t now_us)
{
	struct reading *reading = rpc_state(call);
	reading->systems[0] = reading->system;
	reading->filter = (struct hub_filter){.systems = reading->systems, .system_count = 1};
	reading->until_us = wait_until(call, now_us);
	reading->reload_every_us = RELOAD_FIRST_US;
	/* What was in memory may be old: another server may have written. What was just loaded is not. */
	reading->reload_at_us = reading->fault ? now_us + RELOAD_FIRST_US : now_us;
}

static void wake(void *call)
{
	rpc_wake(call);
}

/* The cursor is made before the view is looked at: what comes between the two wakes at once. */
static enum rpc_next watch(struct rpc_call *call)
{
	struct reading *reading = rpc_state(call);
	struct hub *hub = reading->service->hub;
	hub_cursor_free(reading->cursor);
	reading->cursor = hub_cursor_new(hub, &reading->filter);
	struct ledger_view *view = ledger_view_cached(reading->service->ledger, reading->system);
	/* A view that is gone was made old by somebody; but where views do not stay in memory it is always
	 * gone. */
	bool again = view ? is_enough(reading, view) : reading->parked;
	reading->parked = !again;
	if (view)
		ledger_view_unref(view);
	if (again) {
		rpc_then(call, look);
		return RPC_MORE;
	}
	reading->waiter.wake = wake;
	reading->waiter.context = call;
	reading->waiter.filter = &reading->filter;
	hub_wait(hub, &reading->waiter, reading->cursor);
	rpc_then(call, woken);
	return rpc_park(
		call, reading->reload_at_us < reading->until_us ? reading->reload_at_us : reading->until_us);
}

static enum rpc_next await_revision(struct rpc_call *call)
{
	struct reading *reading = rpc_state(call);
	int64_t now_us = clock_steady_us();
	int64_t revision = ledger_view_revision(reading->view);
	ledger_view_unref(reading->view);
	reading->view = NULL;
	struct fault fault;
	if (reading->until_us == 0)
		start_waiting(call, now_us);
	if (rpc_draining(call)) {
		fault_set(&fault, FAULT_UNAVAILABLE, "SERVER_STOPPING", "the server stops; ask another one");
		return rpc_fail(call, &fault);
	}
	if (rpc_cancelled(call)) {
		fault_set(&fault, FAULT_CANCELLED, "CANCELLED", "nobody waits for the answer any more");
		return rpc_fail(call, &fault);
	}
	if (now_us >= reading->until_us)
		return give_up(call, revision);
	if (now_us < reading->reload_at_us)
		return watch(call);
	reading->reload_at_us = now_us + reading->reload_every_us;
	if (reading->reload_every_us < RELOAD_LAST_US)
		reading->reload_every_us *= 2;
	return reading_job(call, load, judge);
}

static enum rpc_next woken(struct rpc_call *call)
{
	struct reading *reading = rpc_state(call);
	hub_wait_stop(reading->service->hub, &reading->waiter);
	return look(call);
}

/* ---- jobs ---- */

/* On the reader thread. */
static void run_job(struct ledger_read *read, struct store *store)
{
	struct reading *reading = read->context;
	reading->job(reading, store, reading->fault);
	pthread_mutex_lock(&reading->lock);
	reading->finished = true;
	rpc_wake(reading->call);
	pthread_mutex_unlock(&reading->lock);
}

enum rpc_next reading_job(struct rpc_call *call, reading_job_fn *job, rpc_step_fn *then)
{
	struct reading *reading = rpc_state(call);
	if (!reading->fault)
		reading->fault = arena_alloc(reading->arena, sizeof(*reading->fault));
	reading->fault->code = FAULT_NONE;
	reading->job = job;
	reading->after_job = then;
	reading->finished = false;
	reading->read = (struct ledger_read){.run = run_job, .context = reading};
	if (ledger_read(reading->service->ledger, &reading->read, reading->fault))
		return rpc_fail(call, reading->fault);
	rpc_then(call, job_ended);
	return rpc_hold(call);
}

static enum rpc_next job_ended(struct rpc_call *call)
{
	struct reading *reading = rpc_state(call);
	pthread_mutex_lock(&reading->lock);
	bool finished = reading->finished;
	pthread_mutex_unlock(&reading->lock);
	if (!finished) {
		rpc_then(call, job_ended);
		return rpc_hold(call);
	}
	if (reading->fault->code)
		return rpc_fail(call, reading->fault);
	rpc_then(call, reading->after_job);
	return RPC_MORE;
}
