/*
 * What is kept and asked, in Postgres. Structs in and out; no SQL leaves this
 * room. A `struct store` is one connection: it belongs to one thread at a
 * time, and every function blocks on the database, so none is called on a
 * queue thread.
 *
 * Faults, unless a function says otherwise: UNAVAILABLE (DATABASE_UNAVAILABLE)
 * when the database is away or refuses, TIMEOUT (DATABASE_TIMEOUT) when a
 * statement or lock took too long, INTERNAL (DATABASE_ERROR) for our mistakes.
 * A lost connection is made again by the next call, at most once per backoff
 * interval; between attempts calls fail at once.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "model/descriptor.h"
#include "model/digest.h"
#include "model/event.h"
#include "model/finding.h"
#include "model/kind.h"
#include "model/name.h"

struct store;

struct store_options {
	const char *url; /* libpq URL, keyword list or service */
	int connect_timeout_s;
	int statement_timeout_ms;
	int lock_timeout_ms;
	const char *application_name;
	bool commits; /* its connection is there for store_commit(): each statement keeps one plan */
};

/* Fixed when the database is created. */
struct store_identity {
	char id[37];        /* UUID */
	uint8_t secret[32]; /* signs tokens */
	int partitions;
};

/**
 * Brings the schema up to date: migrations that are not in schema_migrations
 * run in order, each in a transaction; several processes at once run each
 * once. On a new database it fixes the identity.
 *
 * @param options     borrowed
 * @param partitions  for a new database
 * @param[out] applied  how many ran; may be NULL
 */
enum fault_code store_migrate(
	const struct store_options *options, int partitions, int *applied, struct fault *fault);

/** Makes a connection object; connects with the first call. @param options borrowed; copied @return owned */
struct store *store_new(const struct store_options *options);

/** Closes and frees. NULL is fine. */
void store_free(struct store *store);

/**
 * Connects if it is not, and prepares every statement, so that a schema that
 * does not fit is found now. FAULT_INVALID (SCHEMA_MISMATCH): run the migrations.
 */
enum fault_code store_check(struct store *store, struct fault *fault);

/** Is the connection up, as far as the last call knows? Does not block. */
bool store_is_up(const struct store *store);

/** Reads what was fixed when the database was created. @param[out] identity set on success only */
enum fault_code store_identity(struct store *store, struct store_identity *identity, struct fault *fault);

/* ---- systems ---- */

/* A row of `system`; text and bytes are arena's when read. */
struct store_system {
	int partition;
	char id[MODEL_ID_SIZE];
	int64_t revision;
	bool deleted;
	int64_t created_at_us;
	int64_t updated_at_us;
	const void *meta; /* packed tally.v1.System with what its owner says of it */
	size_t meta_size;
	const void *verdict; /* packed tally.v1.Verdict of the whole system at this revision */
	size_t verdict_size;
	int64_t due_at_us; /* wall clock; 0: never; only written, store_due_systems() asks for it */
};

/* The open episode of one finding, as needed to go on with it. */
struct store_open_finding {
	char id[MODEL_FINDING_ID_SIZE];
	int64_t since_revision; /* of its latest change */
	struct model_finding_life life;
	struct model_digest digest;
};

/* Everything current of one system, of one moment. */
struct store_snapshot {
	struct store_system system;
	struct model_descriptor **descriptors; /* each owned by the caller: unref; ordered by kind, name */
	size_t descriptor_count;
	/* Versions that deleted descriptors had last, so that numbering goes on. */
	struct model_version *deleted;
	size_t deleted_count;
	struct store_open_finding *findings;
	size_t finding_count;
};

/* One of the systems that store_load() reads. */
struct store_load {
	int partition;
	const char *system;
	/* Borrowed; what the system was once, so that only bodies written since are read: the snapshot shares
	 * the descriptors that are still current. NULL: nothing is known. */
	const struct model_system *known;
	struct store_snapshot snapshot; /* out: without a fault; a deleted system has no descriptors */
	struct fault fault;             /* out: also NOT_FOUND (SYSTEM_NOT_FOUND) */
};

/**
 * Loads the current state of systems, each of one moment.
 *
 * @param arena  borrowed; arrays and text are made in it
 */
void store_load(struct store *store, struct arena *arena, struct store_load *loads, size_t count);

/**
 * Lists systems that are not deleted, by id.
 *
 * @param after  an id; only later ones; "" for the first page
 * @param limit  at most this many
 */
enum fault_code store_list_systems(struct store *store, struct arena *arena, const char *after, int limit,
	struct store_system **systems, size_t *count, struct fault *fault);

/* One revision of a system. A database that was put back may give its number to another one, but not its
 * time. All zero: the system is not there. */
struct store_stamp {
	int64_t revision;
	int64_t updated_at_us; /* wall clock */
};

/* A system at the revision that somebody believes it to have. */
struct store_belief {
	int partition;
	char system[MODEL_ID_SIZE];
	struct store_stamp stamp;
	bool stale; /* out: it is at another one */
};

/** Checks beliefs against what is committed. @param beliefs borrowed; `stale` is set on success only */
enum fault_code store_check_beliefs(
	struct store *store, struct store_belief *beliefs, size_t count, struct fault *fault);

/* A system that has to be looked at again. */
struct store_due {
	int partition;
	char system[MODEL_ID_SIZE];
};

/** Lists systems whose moment has come, the longest due first. @param limit at most this many */
enum fault_code store_due_systems(struct store *store, struct arena *arena, int64_t now_us, int limit,
	struct store_due **systems, size_t *count, struct fault *fault);

/** Sets a system's moment, unless it is no longer at that revision. @param due_us wall clock; 0 for never */
enum fault_code store_move_due(struct store *store, const struct store_due *system, int64_t revision,
	int64_t due_us, struct fault *fault);

/* ---- versions ---- */

/* A version as stored; a deleted one has no body. */
struct store_version {
	struct model_version version;
	bool deleted;
	const void *body; /* NULL unless asked for */
	size_t body_size;
	int32_t base;          /* written: the version that body is the model_difference() to, 0: it is whole;
				  read: the one that it was the difference to, for body is whole then */
	const void *base_body; /* read only; NULL when base is 0 */
	size_t base_body_size;
};

/**
 * Reads one version with its body.
 * @return FAULT_NOT_FOUND (VERSION_NOT_FOUND) when there is none
 */
enum fault_code store_version(struct store *store, struct arena *arena, int partition, const char *system,
	enum model_kind kind, const char *name, int32_t number, struct store_version *version,
	struct fault *fault);

/**
 * Lists versions of one descriptor, newest first, without bodies.
 *
 * @param before  only numbers below it; 0 for the first page
 */
enum fault_code store_list_versions(struct store *store, struct arena *arena, int partition,
	const char *system, enum model_kind kind, const char *name, int32_t before, int limit,
	struct store_version **versions, size_t *count, struct fault *fault);

/** Lists the versions that were current at a revision, deleted ones left out, without bodies, by kind, name.
 */
enum fault_code store_versions_at(struct store *store, struct arena *arena, int partition, const char *system,
	int64_t revision, struct store_version **versions, size_t *count, struct fault *fault);

/* Revisions of one system. */
struct store_span {
	int partition;
	const char *system;
	int64_t first, last;
	kind_set bodies; /* kinds whose versions come with their bodies */
	int64_t bytes;   /* of them, for store_versions_between() */
};

/** Lists the versions that were current at the span's first revision, deleted ones left out, by kind, name.
 */
enum fault_code store_whole_versions_at(struct store *store, struct arena *arena,
	const struct store_span *span, struct store_version **versions, size_t *count, struct fault *fault);

/**
 * Lists the versions that the revisions after the span's first one wrote, up
 * to its last one, deletions too, by revision, kind, name; but no revision
 * behind those whose bodies have span->bytes together.
 */
enum fault_code store_versions_between(struct store *store, struct arena *arena,
	const struct store_span *span, struct store_version **versions, size_t *count, struct fault *fault);

/* ---- findings ---- */

struct store_finding {
	char id[MODEL_FINDING_ID_SIZE];
	bool resolved; /* at the revision asked for */
	struct model_finding_life life;
	const void *body; /* as model_finding_pack() made it */
	size_t body_size;
};

/**
 * Loads every finding that was open in a system at one revision, and with
 * `resolved` also the last state of those that were resolved by then. Life is
 * as it was known at that revision.
 *
 * @param revision    1 or more
 * @param[out] list   set on success only; ordered by id
 */
enum fault_code store_findings_at(struct store *store, struct arena *arena, int partition, const char *system,
	int64_t revision, bool resolved, struct store_finding **list, size_t *count, struct fault *fault);

/* A state of a finding and how long it held. */
struct store_held {
	struct store_finding finding;
	int64_t since_revision;
	int64_t until_revision; /* the first one at which it does not hold; INT64_MAX: it still does */
};

/** Loads the states that held at any of the span's revisions, first and last included, by id and since when.
 */
enum fault_code store_findings_between(struct store *store, struct arena *arena,
	const struct store_span *span, struct store_held **list, size_t *count, struct fault *fault);

/** Reads the latest state of one finding. @return FAULT_NOT_FOUND (FINDING_NOT_FOUND) when there is none */
enum fault_code store_finding(struct store *store, struct arena *arena, int partition, const char *system,
	const char *finding, struct store_finding *out, struct fault *fault);

/* ---- events ---- */

enum {
	STORE_EVENTS_BYTES_MAX = 512 * 1024
};

struct store_head {
	int partition;
	int64_t head;    /* position of the last event; 0: none yet */
	int64_t trimmed; /* events up to this position are gone */
};

/** Reads the heads of all partitions, ascending. @param[out] heads array of identity.partitions elements, the
 * caller's */
enum fault_code store_heads(struct store *store, struct store_head *heads, size_t count, struct fault *fault);

/**
 * Reads events of one partition in order, at most STORE_EVENTS_BYTES_MAX of
 * them, but one in any case.
 *
 * @param after   positions above it
 * @param limit   at most this many
 * @param[out] events  the caller's array of `limit` elements; each owned: unref
 * @param[out] count   how many were there
 * @return also FAULT_OUT_OF_RANGE (EVENTS_TRIMMED, fact "trimmed") when `after` is below what was trimmed
 */
enum fault_code store_events(struct store *store, int partition, int64_t after, int limit,
	struct model_event **events, size_t *count, struct fault *fault);

/* Events of one partition: after a position and up to another. */
struct store_stretch {
	int partition;
	int64_t after;
	int64_t until;
};

/**
 * Reads stretches of events at once, one after the other and each in order: of
 * all together at most STORE_EVENTS_BYTES_MAX, but the first of each in any
 * case. What has been trimmed is missing.
 *
 * @param stretches  ascending by partition, each partition once; none empty
 * @param[out] events  the caller's array, as many as there are positions in the stretches; each owned: unref
 * @param[out] count   how many were there
 */
enum fault_code store_stretches(struct store *store, const struct store_stretch *stretches,
	size_t stretch_count, struct model_event **events, size_t *count, struct fault *fault);

/* Which events may go. */
struct store_retention {
	int64_t before_us; /* wall clock; older ones go                             */
	int64_t keep;      /* and those beyond so many of a partition's newest      */
	int64_t young_us;  /* wall clock; but none that is younger than this        */
	int32_t limit;     /* looks at so many at a time, so that it is short       */
};

/**
 * Deletes the oldest events of one partition that may go, whole revisions
 * from the front only, and moves its `trimmed` with them. Writers of the
 * partition do not wait for the deletion.
 *
 * @param[out] removed  how many; set on success only
 */
enum fault_code store_trim_events(struct store *store, int partition, const struct store_retention *retention,
	int64_t *removed, struct fault *fault);

/* One system of a partition's state. */
struct store_state {
	struct store_system system;
	struct store_finding *findings; /* the open ones, ordered by id */
	size_t finding_count;
	struct model_version *versions; /* current */
	size_t version_count;
};

/* Takes the states of some systems, borrowed for the call. @return FAULT_NONE, or a fault that ends the
 * reading
 */
typedef enum fault_code store_state_fn(
	void *context, const struct store_state *states, size_t count, struct fault *fault);

/* What store_state() is asked for. */
struct store_state_ask {
	int partition;
	const char *const *systems; /* ids, or NULL for all of the partition; deleted ones are left out */
	size_t system_count;
	store_state_fn *take;
	void *context;
};

/**
 * Reads the state of a partition's systems and its head, of one moment, by id.
 * The systems come some at a time, so that a partition may be large.
 *
 * @param ask  borrowed
 * @param[out] head  position that the state includes
 * @return also what `take` returned
 */
enum fault_code store_state(
	struct store *store, const struct store_state_ask *ask, int64_t *head, struct fault *fault);

/* ---- other servers on the same database ---- */

/**
 * Asks the database to be told of other servers' commits; again after the
 * connection was made anew, else it does nothing. Hints may be lost.
 */
enum fault_code store_listen(struct store *store, struct fault *fault);

/** Tells other servers that something was committed. */
enum fault_code store_nudge(struct store *store, struct fault *fault);

/**
 * Waits until another server tells of a commit, the connection is lost, the
 * descriptor can be read, or the time is over. It does not connect.
 *
 * @param wake  borrowed; a file descriptor
 * @return true when another server told of a commit
 */
bool store_await_nudge(struct store *store, int wake, int timeout_ms);

/* ---- idempotency ---- */

struct store_request {
	struct model_digest fingerprint; /* of the request's content and method */
	const void *answer;
	size_t answer_size;
};

/** Looks a request id up, not older than 24 h. @return FAULT_NOT_FOUND when it is new */
enum fault_code store_request(struct store *store, struct arena *arena, int partition, const char *system,
	const char *request_id, struct store_request *request, struct fault *fault);

/* ---- writing ---- */

struct store_system_write {
	struct store_system system;  /* as it shall be */
	struct store_stamp expected; /* what it must have now */
};

struct store_version_write {
	int partition;
	const char *system;
	struct store_version version; /* body NULL: the descriptor is deleted */
};

struct store_finding_end {
	int partition;
	const char *system;
	const char *finding;
	int64_t since_revision; /* which episode row */
	int64_t until_revision;
	int64_t until_at_us;
	bool resolved; /* false: another state of it follows */
};

struct store_finding_write {
	int partition;
	const char *system;
	const struct model_finding *finding;
	int64_t since_revision;
	int64_t since_at_us;
	int64_t opened_revision;
	int64_t opened_at_us;
	const void *body;
	size_t body_size;
};

struct store_event_write {
	int partition;
	struct model_event_facts facts;
	const void *body;
	size_t body_size;
	int64_t position; /* out: set when the commit succeeded */
};

struct store_request_write {
	int partition;
	const char *system;
	const char *request_id;
	struct store_request request;
	int64_t created_at_us;
};

/* Everything that one transaction writes. Borrowed all through. */
struct store_batch {
	struct store_system_write *systems; /* each system once, with its last revision of the batch */
	size_t system_count;
	struct store_version_write *versions;
	size_t version_count;
	struct store_finding_end *ends;
	size_t end_count;
	struct store_finding_write *findings;
	size_t finding_count;
	struct store_event_write *events; /* in order; of one system in the order of its revisions */
	size_t event_count;
	struct store_request_write *requests;
	size_t request_count;
};

/**
 * Commits a batch in one transaction, all or nothing. An end whose row is
 * written by the same batch works. Positions are given out under the
 * partitions' rows, in ascending order of partition.
 *
 * @param batch  borrowed; positions of its events are set on success
 * @param[out] conflicted  one bool for each of batch->systems, the caller's; set on FAULT_CONFLICT: true
 * where the expected revision was not found (none is true when the database refused for another race: retry
 * all)
 * @return FAULT_NONE; FAULT_CONFLICT (REVISION_CONFLICT): nothing was written, reload; FAULT_UNCERTAIN
 *         (COMMIT_UNKNOWN): the connection was lost before COMMIT, which travels with the batch, was
 * answered; else nothing was written
 */
enum fault_code store_commit(
	struct store *store, struct store_batch *batch, bool *conflicted, struct fault *fault);

/** Deletes request ids that were made before a wall time. @param[out] removed how many */
enum fault_code store_forget_requests(
	struct store *store, int64_t before_us, int64_t *removed, struct fault *fault);

#endif
