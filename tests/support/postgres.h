/*
 * A throw-away Postgres for tests: a cluster of its own in a temporary folder,
 * reached over a Unix socket there, not durable. As root it runs as user
 * `postgres`. Several test programs may run at the same time; each has its own.
 *
 *   unit_test(ledger commit ROOMS … LABEL db SOURCES ${PROJECT_SOURCE_DIR}/tests/support/postgres.c)
 *
 * What goes wrong here ends the program with a sentence on standard error.
 * The server dies with the thread that started it, however that ends.
 */
#ifndef SUPPORT_POSTGRES_H
#define SUPPORT_POSTGRES_H

#include <stdbool.h>
#include <sys/types.h>

struct postgres;

/** Is there a Postgres on this machine (pg_config --bindir, /usr/lib/postgresql)? */
bool postgres_found(void);

/** Makes a cluster and starts it. @return owned; postgres_free() */
struct postgres *postgres_new(void);

/**
 * Makes a cluster that writes as durably as one in earnest, for measuring, and notes when each transaction
 * was committed.
 *
 * @param port  its URLs lead to this free port of the loopback; 0: to the Unix socket
 * @return owned; postgres_free()
 */
struct postgres *postgres_new_durable(int port);

/** Stops the server and removes the folder. NULL is fine. */
void postgres_free(struct postgres *postgres);

/** Returns the URL of database `postgres` of the cluster. @return borrowed */
const char *postgres_url(const struct postgres *postgres);

/** Makes an empty database with a name of its own. @return owned: its URL; free() */
char *postgres_database(struct postgres *postgres);

/** Stops the server (fast: connections end, data are written). */
void postgres_stop(struct postgres *postgres);

/** Kills the server and all its processes at once, as a power cut would; the next start recovers. */
void postgres_kill(struct postgres *postgres);

/** Starts a stopped or killed server again on the same data. */
void postgres_start(struct postgres *postgres);

/** Returns the folder that the cluster is in, and that goes with it. @return borrowed */
const char *postgres_folder(const struct postgres *postgres);

/** Returns the postmaster's process id. */
pid_t postgres_pid(const struct postgres *postgres);

/** Returns the folder that holds the server's programs, "" without one. @return borrowed */
const char *postgres_programs(void);

#endif
