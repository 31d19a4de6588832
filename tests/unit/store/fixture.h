/*
 * A migrated database for each test, and drafts of batches: what a ledger
 * would write, in a line each.
 */
#ifndef STORE_FIXTURE_H
#define STORE_FIXTURE_H

#include <libpq-fe.h>

#include "base/arena.h"
#include "cases.h"
#include "postgres.h"
#include "store/store.h"

enum {
	PARTITIONS = 8,
};

struct fixture {
	struct postgres *postgres; /* shared by the program's tests */
	char *url;                 /* of a database of this test's own */
	struct store_options options;
	struct store *store;
	struct arena *arena;
};

/** Makes an empty database; not migrated, no store. */
void fixture_open_empty(struct fixture *fixture);

/** Makes a migrated database and a store on it. */
void fixture_open(struct fixture *fixture);

void fixture_close(struct fixture *fixture);

/* A test that is given a database of its own: for CASES_RUN(cases, fixture_check). */
struct fixture_case {
	const char *name;
	void (*check)(const struct fixture *fixture);
};

void fixture_check(void **state);

/** Stops the program's server. Call it last in main(). @return failed */
int fixture_end(int failed);

/** The program's server. */
struct postgres *fixture_postgres(void);

/** Runs SQL on a connection of its own, and fails the test when that fails. */
void fixture_sql(const struct fixture *fixture, const char *sql);

/** Asks for one number. */
int64_t fixture_number(const struct fixture *fixture, const char *sql);

/** Everything that a commit could leave behind, as one number that changes with each of it. */
int64_t fixture_trace(const struct fixture *fixture);

/** Fails the test with the fault's message when code is not what was expected. */
void expect_fault(enum fault_code expected, enum fault_code code, const struct fault *fault);

/** Names of systems that are in one partition, in order. @return arena */
const char **fixture_names(const struct fixture *fixture, int partition, size_t count);

/** Loads one system of which nothing is known. @return the fault's code */
enum fault_code fixture_load(struct store *store, struct arena *arena, const char *system,
	struct store_snapshot *snapshot, struct fault *fault);

/** Gives a snapshot's descriptors back. */
void fixture_unload(struct store_snapshot *snapshot);

/** The partition that a system is in. */
int partition_of(const char *system);

/** The time that a revision of the drafts has. */
int64_t time_of(int64_t revision);

/** A finding's id: "f", then the number. @param[out] id MODEL_FINDING_ID_SIZE bytes */
void finding_id(int number, char *id);

enum {
	DRAFT_MAX = 512,
};

struct draft {
	struct arena *arena;
	struct store_batch batch;
	bool conflicted[DRAFT_MAX];
};

struct draft *draft_new(struct arena *arena);

void draft_system(struct draft *draft, const char *system, int64_t expected, int64_t revision, bool deleted);

/** @param text goes into the body; NULL deletes */
void draft_version(struct draft *draft, const char *system, enum model_kind kind, const char *name,
	int32_t number, int64_t revision, const char *text);

void draft_state(struct draft *draft, const char *system, int finding, int64_t since, int64_t opened,
	const char *text);
void draft_end(
	struct draft *draft, const char *system, int finding, int64_t since, int64_t until, bool resolved);
void draft_event(struct draft *draft, const char *system, int64_t revision, bool last);
void draft_request(struct draft *draft, const char *system, const char *id, const char *text, int64_t at_us);

/** Everything of one push that opens one finding: system, version, finding, two events. */
void draft_push(struct draft *draft, const char *system, int64_t revision);

enum fault_code draft_commit(struct draft *draft, struct store *store, struct fault *fault);

/** Commits and fails the test when that fails. */
void draft_keep(struct draft *draft, struct store *store);

#endif
