/* Which systems have to be looked at again, and when. Looking is the ledger's. */
#include "store/parts.h"

static const struct column due_parameters[] = {
	COLUMN_TIME(struct ask, at_us, "now"),
	COLUMN_INT(struct ask, limit, "limit"),
};
static const struct column due_columns[] = {
	COLUMN_INT(struct store_due, partition, "partition"),
	COLUMN_ID(struct store_due, system, "system"),
};
static const struct column move_parameters[] = {
	COLUMN_INT(struct ask, partition, "partition"),
	COLUMN_TEXT(struct ask, system, "system"),
	COLUMN_LONG(struct ask, revision, "revision"),
	COLUMN_TIME(struct ask, at_us, "due_at"),
};

const struct statement statement_due_systems = {.file = "due_systems.sql",
	.parameters = COLUMNS(struct ask, due_parameters),
	.result = COLUMNS(struct store_due, due_columns)};
const struct statement statement_move_due = {
	.file = "move_due.sql", .parameters = COLUMNS(struct ask, move_parameters)};

enum fault_code store_due_systems(struct store *store, struct arena *arena, int64_t now_us, int limit,
	struct store_due **systems, size_t *count, struct fault *fault)
{
	struct ask ask = {.at_us = now_us, .limit = limit};
	void *rows = NULL;
	enum fault_code code = store_read(store, &statement_due_systems, &ask, arena, &rows, count, fault);
	if (code == FAULT_NONE)
		*systems = rows;
	return code;
}

enum fault_code store_move_due(struct store *store, const struct store_due *system, int64_t revision,
	int64_t due_us, struct fault *fault)
{
	struct ask ask = {.partition = system->partition,
		.system = system->system,
		.revision = revision,
		.at_us = due_us};
	struct step step = {&statement_move_due, &ask, 1, NULL};
	enum fault_code code = store_run(store, &step, 1, fault);
	steps_done(&step, 1);
	return code;
}
