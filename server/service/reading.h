/*
 * What the methods that read have in common: looking at a system that is
 * fresh enough, and asking the store on a reader thread.
 *
 *   look -> (load -> look) -> (wait for a revision -> look) -> the method's own step
 */
#ifndef SERVICE_READING_H
#define SERVICE_READING_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "service/service.h"

struct reading;

/*
 * Runs on a reader thread while the call holds; may use the reading's arena
 * and the method's state.
 *
 * @param[out] fault  set on failure only; ends the call
 */
typedef enum fault_code reading_job_fn(struct reading *reading, struct store *store, struct fault *fault);

/* Does a view answer the question? On the call's thread. */
typedef bool reading_enough_fn(const struct reading *reading, const struct ledger_view *view);

/* The first member of every reading method's state. */
struct reading {
	/* any thread: set by reading_start() */
	struct rpc_call *call;
	struct service *service;
	struct arena *arena;

	/* the call's thread, or the job while the call holds */
	const char *system; /* borrowed until released */
	struct ledger_view *view;
	struct fault *fault; /* arena; of the latest job */
	reading_job_fn *job;
	struct ledger_read read;

	/* the call's thread */
	rpc_step_fn *after_job;
	rpc_step_fn *after_view;
	reading_enough_fn *enough; /* NULL: any view of min_revision or later is */
	int64_t min_revision;
	int64_t until_us; /* steady clock, as all here; 0: not waiting */
	int64_t reload_at_us;
	int64_t reload_every_us;
	bool parked; /* since the view was last found gone */
	const char *systems[1];
	struct hub_filter filter;
	struct hub_waiter waiter;
	struct hub_cursor *cursor;

	pthread_mutex_t lock;
	/* locked */
	bool finished; /* the job */
};

/** Begins; the first thing a reading method does. @return the call's state */
struct reading *reading_start(struct rpc_call *call);

/** Frees what the state holds: the release function of every reading method, or called by it. */
void reading_release(void *state);

/**
 * Gets the view of a system at `min_revision` or later, and then runs a step,
 * which finds it in reading->view. Waits for the revision until shortly before
 * the client's deadline, service->wait_ms without one.
 *
 * Ends the call with NOT_FOUND (SYSTEM_NOT_FOUND), TIMEOUT (REVISION_NOT_REACHED; facts revision,
 * min_revision), UNAVAILABLE (SERVER_STOPPING) or the store's fault.
 *
 * @param system  borrowed until the call is released
 */
enum rpc_next reading_view(
	struct rpc_call *call, const char *system, int64_t min_revision, rpc_step_fn *then);

/**
 * The same, and waits on until a view is enough: also TIMEOUT (VERDICT_UNKNOWN; fact revision).
 *
 * @param enough  NULL: any is
 */
enum rpc_next reading_view_until(struct rpc_call *call, const char *system, int64_t min_revision,
	reading_enough_fn *enough, rpc_step_fn *then);

/** Runs a job on a reader thread, and then a step; a fault of the job ends the call. */
enum rpc_next reading_job(struct rpc_call *call, reading_job_fn *job, rpc_step_fn *then);

/** Returns the partition of the reading's system. */
int reading_partition(const struct reading *reading);

#endif
