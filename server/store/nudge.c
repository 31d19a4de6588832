/*
 * Telling other servers of commits, and hearing of theirs: a hint that saves
 * waiting, never the truth. A server without LISTEN, or a pooler in between,
 * loses nothing but that.
 */
#include "store/parts.h"

/* Not prepared with the rest: where they do not work everything else still does. */
const struct statement statement_listen = {.file = "listen.sql", .apart = true};
const struct statement statement_nudge = {.file = "nudge.sql", .apart = true};

static enum fault_code run(struct store *store, const struct statement *statement, struct fault *fault)
{
	struct step step = {statement, NULL, 0, NULL};
	enum fault_code code = store_run(store, &step, 1, fault);
	steps_done(&step, 1);
	return code;
}

enum fault_code store_listen(struct store *store, struct fault *fault)
{
	enum fault_code code = connection_ready(store->connection, fault);
	if (code != FAULT_NONE || connection_listens(store->connection))
		return code;
	code = run(store, &statement_listen, fault);
	if (code == FAULT_NONE)
		connection_set_listens(store->connection);
	return code;
}

enum fault_code store_nudge(struct store *store, struct fault *fault)
{
	return run(store, &statement_nudge, fault);
}

bool store_await_nudge(struct store *store, int wake, int timeout_ms)
{
	return connection_await_nudge(store->connection, wake, timeout_ms);
}
