/*
 * How changes are applied and committed. The ledger owns systems: it knows the
 * current state of each one in use, applies changes to it, has it evaluated,
 * and commits many changes in one transaction. It knows neither gRPC nor SQL.
 *
 * Threads: lanes (each with a connection; a partition belongs to one lane),
 * readers (each with a connection), the follower, which brings what other
 * servers commit, and the ticker, which lets time go on.
 */
#ifndef LEDGER_LEDGER_H
#define LEDGER_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "hub/hub.h"
#include "ledger/view.h"
#include "model/principal.h"
#include "store/store.h"

struct ledger;

struct ledger_options {
	struct store_options store; /* borrowed until ledger_free() */
	int lanes;
	int readers;
	int batch_changes;      /* changes in one transaction, at most */
	size_t batch_bytes;     /* of descriptors in one transaction, at most, unless one change has more */
	int queue_changes;      /* changes that wait in one lane, at most */
	int queue_reads;        /* reads that wait, at most */
	size_t view_bytes;      /* memory of all views; least recently used systems go first */
	int follow_interval_ms; /* how often other servers' commits are looked for */
	bool hints;             /* tell other servers of commits at once, and hear of theirs */
	int tick_interval_ms;   /* how often systems are looked for whose time has come */
	int event_retention_s;  /* events older than this are trimmed */
	int event_limit;        /* and those beyond so many of a partition's newest */
};

/**
 * Starts the threads.
 *
 * @param identity  borrowed; copied
 * @param hub       borrowed until ledger_free(); gets every event after its commit
 * @return owned
 */
struct ledger *ledger_new(
	const struct ledger_options *options, const struct store_identity *identity, struct hub *hub);

/** Finishes what waits, stops the threads and frees. NULL is fine. */
void ledger_free(struct ledger *ledger);

const struct store_identity *ledger_identity(const struct ledger *ledger);

/** Can changes be committed, as far as is known? Does not block. */
bool ledger_is_up(struct ledger *ledger);

/* ---- changes ---- */

enum ledger_action {
	LEDGER_CREATE_SYSTEM,
	LEDGER_DELETE_SYSTEM,
	LEDGER_PUSH,
	LEDGER_DELETE_DESCRIPTOR,
	LEDGER_TICK, /* the time has come to look again; the ledger's own */
};

/* One descriptor of a push, or the one to delete. Borrowed. */
struct ledger_item {
	enum model_kind kind;
	const char *name;
	const char *etag; /* that the current version must have; "" for no check */
	const char *owner_team;
	const Tally__V1__Descriptor *message; /* NULL for deleting */
	const void *body;                     /* what model_descriptor_pack() made of it */
	size_t body_size;
	struct model_digest digest;
};

struct ledger_change;
struct ledger_outcome;

/**
 * Packs the answer of a change; runs on the lane before the commit, so that a
 * repeat of the request id can be given the same bytes.
 *
 * @param arena  the change's
 * @param[out] size
 * @return arena
 */
typedef void *ledger_encode_fn(const struct ledger_change *change, const struct ledger_outcome *outcome,
	struct arena *arena, size_t *size);

/* Runs on the lane when the change has ended; it may only wake, or send the answer where nothing waits for
 * the lane. */
typedef void ledger_done_fn(struct ledger_change *change);

struct ledger_change {
	/* caller: set before ledger_submit(), untouched until done */
	enum ledger_action action;
	const char *system;
	const struct ledger_item *items;
	size_t item_count;
	const void *meta; /* LEDGER_CREATE_SYSTEM: packed tally.v1.System */
	size_t meta_size;
	const char *etag; /* LEDGER_DELETE_SYSTEM: "" for no check */
	bool validate_only;
	const char *request_id;          /* "" for none; else a UUID in lower case */
	struct model_digest fingerprint; /* of method and request, for repeats */
	const char *change_note;
	const struct model_principal *principal;
	int64_t deadline_us; /* clock_steady_us(); a change still waiting then is dropped; 0: none */
	struct arena *arena; /* the lane makes the answer in it */
	ledger_encode_fn *encode;
	ledger_done_fn *done;
	void *context;

	/* ledger: set when done is called */
	const void *answer; /* arena */
	size_t answer_size;
	struct fault fault; /* code FAULT_NONE on success */
	bool unhurried;     /* nothing waits for the lane: done may take as long as sending the answer */

	struct ledger_change *next; /* the ledger's */
};

/* What a change did, for its answer. Borrowed during encode. */
struct ledger_outcome {
	const struct ledger_view *view; /* after the change */
	const struct ledger_view *before;
	int64_t revision;
	bool unchanged;
	const struct model_version *const *versions; /* of each item, in the request's order */
	const struct ledger_finding *const *opened;
	size_t opened_count;
	const struct ledger_finding *const *changed;
	size_t changed_count;
	const struct ledger_finding *const *resolved; /* with life.resolved_revision set */
	size_t resolved_count;
	int64_t due_us; /* ledger_view_due_us() of the view after, also where a tick left the one before */
};

/**
 * Hands a change to its lane. done is called exactly once, on the lane, or
 * here when it cannot be queued (FAULT_EXHAUSTED when the lane is full,
 * FAULT_UNAVAILABLE when the database is away).
 *
 * Faults of a change: NOT_FOUND (SYSTEM_NOT_FOUND, DESCRIPTOR_NOT_FOUND), EXISTS (SYSTEM_EXISTS), CONFLICT
 * (ETAG_MISMATCH; REVISION_CONFLICT after several lost races), INVALID (REQUEST_ID_REUSED), UNCERTAIN
 * (COMMIT_UNKNOWN), UNAVAILABLE, EXHAUSTED (QUEUE_FULL, TOO_MANY_DESCRIPTORS, TOO_MANY_NAMES), TIMEOUT.
 */
void ledger_submit(struct ledger *ledger, struct ledger_change *change);

/* ---- reading ---- */

/**
 * Returns the view of a system if it is in memory. Never blocks.
 *
 * @return a reference: ledger_view_unref(); NULL when it must be loaded
 */
struct ledger_view *ledger_view_cached(struct ledger *ledger, const char *system);

/**
 * Loads the view of a system from the store and keeps it. On a reader.
 *
 * @param[out] view  a reference
 * @return FAULT_NONE, FAULT_NOT_FOUND (SYSTEM_NOT_FOUND), also when it is deleted, or the store's fault
 */
enum fault_code ledger_load(struct ledger *ledger, struct store *store, const char *system,
	struct ledger_view **view, struct fault *fault);

struct ledger_read;

/* Runs on a reader with its connection; must leave its result in the read's owner and then wake it. */
typedef void ledger_read_fn(struct ledger_read *read, struct store *store);

struct ledger_read {
	ledger_read_fn *run;
	void *context;
	struct ledger_read *next; /* the ledger's */
};

/**
 * Queues a read.
 *
 * @param read  borrowed until run has been called
 * @return FAULT_NONE; FAULT_EXHAUSTED (QUEUE_FULL): run will not be called
 */
enum fault_code ledger_read(struct ledger *ledger, struct ledger_read *read, struct fault *fault);

#endif
