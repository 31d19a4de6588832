/* One running tallyd: every room made and wired, and taken down again. */
#ifndef MAIN_SERVER_H
#define MAIN_SERVER_H

#include "base/fault.h"
#include "config/config.h"

struct server;

/**
 * Starts everything in order: database, schema, hub, ledger, listeners. A
 * database that is away is waited for, as long as `stop` stays false.
 *
 * @param config  borrowed until server_stop()
 * @param stop    borrowed for the call; asks it to give up
 * @param[out] server  owned
 */
enum fault_code server_start(
	const struct config *config, bool (*stop)(void), struct server **server, struct fault *fault);

/**
 * Tells health checks how the database does. Call it often.
 *
 * @return false when the embedded database has ended: only a new start helps
 */
bool server_watch(struct server *server);

/** Drains within the grace period, then takes everything down in the opposite order. NULL is fine. */
void server_stop(struct server *server, int grace_ms);

/** Runs the migrations and returns. @param[out] applied how many ran */
enum fault_code server_migrate(const struct config *config, int *applied, struct fault *fault);

#endif
