/*
 * A server without its transport, for tests: a hub and a ledger on a real
 * database, and changes that are waited for. What fails here fails the test.
 */
#ifndef LEDGER_SERVER_H
#define LEDGER_SERVER_H

#include <pthread.h>

#include "cases.h"
#include "changes.h"
#include "ledger/ledger.h"
#include "postgres.h"

enum {
	PARTITIONS = 4,
};

struct server {
	struct store_options store_options;
	struct store_identity identity;
	struct hub *hub;
	struct ledger *ledger;
};

/** A group's set-up and teardown: a Postgres for all of its tests. */
int server_start_postgres(void **state);
int server_stop_postgres(void **state);

/** Returns that Postgres. @return borrowed */
struct postgres *server_postgres(void);

/** Migrates the database and starts. @param url borrowed until server_close() @param tune NULL: as it is */
void server_open(struct server *server, const char *url, void (*tune)(struct ledger_options *options));
void server_close(struct server *server);

struct answer {
	int64_t revision;
	int32_t version; /* of the first item */
	bool unchanged;
	size_t opened, changed, resolved;
};

struct call {
	struct ledger_change change;
	pthread_mutex_t lock;
	pthread_cond_t ended;
	bool done;
};

/** Hands a change to the ledger. @param[out] call must stay until server_await() */
void server_submit(struct server *server, struct ledger_change change, struct call *call);

/** Waits until the ledger has answered. */
void server_await(struct call *call);

/** Submits and waits. @param answer,fault NULL: not wanted @return the fault's code */
enum fault_code server_run(
	struct server *server, struct ledger_change change, struct answer *answer, struct fault *fault);

enum fault_code server_create(struct server *server, const char *system);

/** Pushes raw data with this text. @param answer NULL: not wanted */
enum fault_code server_push(
	struct server *server, const char *system, const char *name, const char *text, struct answer *answer);

/** Loads a system of which nothing is known. @return its descriptors are the caller's */
struct store_snapshot server_load(struct store *store, struct arena *arena, const char *system);

/** Checks that a system's stored findings are those of a fresh evaluation. @return its revision */
int64_t server_check(struct server *server, const char *system);

#endif
