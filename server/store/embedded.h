/* A private Postgres, for a tallyd without --database. */
#ifndef STORE_EMBEDDED_H
#define STORE_EMBEDDED_H

#include <stdbool.h>

#include "base/fault.h"

struct store_embedded;

/**
 * Starts the Postgres of a data folder as a child, on a Unix socket inside it,
 * durable, one of its own: makes the cluster on the first start and recovers
 * it after a crash. As root the child runs as user `postgres`. The binaries
 * are found with `pg_config --bindir` or below /usr/lib/postgresql.
 *
 * The child stops when the calling thread ends, however it ends, so call it on
 * the thread that lives as long as the process: main's. It forks: call it
 * before there are other threads and before grpc_init().
 *
 * In the folder: `postgres` (the cluster), `postgres.log`, `socket` and
 * `tallyd.lock`, which keeps a second process out. A folder whose path is too
 * long for a socket has it in a private one below $XDG_RUNTIME_DIR or /tmp.
 *
 * @param data_dir  borrowed; made when missing
 * @param[out] embedded  owned
 * @return FAULT_NONE; FAULT_UNAVAILABLE (EMBEDDED_DATABASE) with what went wrong and what would help
 */
enum fault_code store_embedded_start(
	const char *data_dir, struct store_embedded **embedded, struct fault *fault);

/** Has the server ended by itself? It is not started again: a process with gRPC's threads must not fork. */
bool store_embedded_ended(struct store_embedded *embedded);

/** Returns the URL to reach it. @return borrowed */
const char *store_embedded_url(const struct store_embedded *embedded);

/** Stops the child (fast shutdown, then immediate) and frees. NULL is fine. */
void store_embedded_stop(struct store_embedded *embedded);

#endif
