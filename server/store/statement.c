/*
 * The list of all statements, their texts, and the statements that belong to
 * no table.
 */
#include "store/statement.h"

#include <assert.h>

#include "store/connection.h"
#include "store/store.h"

#include "statements.h"

static const struct column session_parameters[] = {
	COLUMN_ID(struct connection_session, statement_timeout_ms, "statement_timeout"),
	COLUMN_ID(struct connection_session, lock_timeout_ms, "lock_timeout"),
	COLUMN_ID(struct connection_session, idle_timeout_ms, "idle_timeout"),
	COLUMN_ID(struct connection_session, plan_cache_mode, "plan_cache_mode"),
};
const struct statement statement_session = {
	.file = "session.sql", .parameters = COLUMNS(struct connection_session, session_parameters)};

const struct statement statement_begin = {.file = "begin.sql"};
const struct statement statement_begin_read = {.file = "begin_read.sql"};
const struct statement statement_commit = {.file = "commit.sql", .decides = true};
const struct statement statement_end_read = {.file = "end_read.sql"};
const struct statement statement_rollback = {.file = "rollback.sql"};

static const struct column identity_columns[] = {
	COLUMN_UUID_ID(struct store_identity, id, "id"),
	COLUMN_SECRET(struct store_identity, secret, "secret"),
	COLUMN_INT(struct store_identity, partitions, "partitions"),
};
const struct statement statement_identity = {
	.file = "identity.sql", .result = COLUMNS(struct store_identity, identity_columns)};

const struct statement *const statements[] = {
	&statement_session,
	&statement_begin,
	&statement_begin_read,
	&statement_commit,
	&statement_end_read,
	&statement_rollback,
	&statement_identity,
	&statement_system,
	&statement_list_systems,
	&statement_stale_systems,
	&statement_partition_systems,
	&statement_partition_versions,
	&statement_partition_findings,
	&statement_head,
	&statement_current_versions,
	&statement_open_findings,
	&statement_version,
	&statement_list_versions,
	&statement_versions_at,
	&statement_whole_versions_at,
	&statement_versions_between,
	&statement_open_findings_at,
	&statement_findings_at,
	&statement_finding,
	&statement_findings_between,
	&statement_heads,
	&statement_events,
	&statement_stretches,
	&statement_request,
	&statement_delete_requests,
	&statement_trim_events,
	&statement_due_systems,
	&statement_move_due,
	&statement_listen,
	&statement_nudge,
	&statement_insert_systems,
	&statement_update_systems,
	&statement_insert_versions,
	&statement_insert_descriptors,
	&statement_end_findings,
	&statement_insert_findings,
	&statement_insert_requests,
	&statement_insert_events,
	&statement_make_migrations,
	&statement_lock_migrations,
	&statement_migrations,
	&statement_add_migration,
	&statement_settled,
	&statement_new_identity,
	&statement_new_partitions,
	NULL,
};

const char *statement_sql(const struct statement *statement)
{
	for (size_t i = 0; i < sizeof(embedded_files) / sizeof(embedded_files[0]); i++)
		if (strcmp(embedded_files[i].name, statement->file) == 0)
			return (const char *)embedded_files[i].bytes;
	assert(0 && "every statement has its file");
	abort();
}

void statement_bind(const struct statement *statement, const void *rows, size_t count, struct buffer *memory,
	struct bound *bound)
{
	const struct columns *parameters = &statement->parameters;
	size_t starts[STATEMENT_PARAMETERS_MAX];
	assert(parameters->count <= STATEMENT_PARAMETERS_MAX);
	buffer_clear(memory);
	for (size_t i = 0; i < parameters->count; i++) {
		const struct column *column = &parameters->items[i];
		int size = 0;
		starts[i] = memory->size;
		if (statement->arrays)
			column_write_array(column, rows, count, parameters->stride, memory);
		else
			size = column_write(column, rows, memory);
		bound->sizes[i] = size == COLUMN_NULL ? COLUMN_NULL : (int)(memory->size - starts[i]);
	}
	bound->count = (int)parameters->count;
	for (size_t i = 0; i < parameters->count; i++) {
		bound->values[i] = bound->sizes[i] == COLUMN_NULL ? NULL : buffer_string(memory) + starts[i];
		bound->formats[i] = 1;
	}
}
