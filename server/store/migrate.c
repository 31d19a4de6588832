/*
 * Brings the schema up to date. Each migration is a transaction of its own
 * that begins with a lock on the table of migrations and looks then what is
 * left to do, so that several processes at once run each once. When all is
 * done already, nothing is locked and nothing written: a server may start
 * with a role that cannot change the schema.
 */
#include <libpq-fe.h>
#include <sys/random.h>

#include "base/log.h"
#include "store/connect.h"
#include "store/migration.h"
#include "store/problem.h"
#include "store/statement.h"
#include "store/store.h"

enum {
	TABLE_TRIES = 5,
};

struct versions {
	const char *const *items;
	size_t count;
};

static const struct column versions_parameters[] = {
	COLUMN_TEXTS(struct versions, items, count, "versions"),
};
static const struct column version_columns[] = {
	COLUMN_ID(struct migration, version, "version"),
};
struct settled {
	bool settled;
};
static const struct column settled_columns[] = {
	COLUMN_BOOL(struct settled, settled, "settled"),
};
static const struct column identity_parameters[] = {
	COLUMN_UUID_ID(struct store_identity, id, "id"),
	COLUMN_SECRET(struct store_identity, secret, "secret"),
	COLUMN_INT(struct store_identity, partitions, "partitions"),
};

const struct statement statement_make_migrations = {.file = "make_migrations.sql", .apart = true};
const struct statement statement_lock_migrations = {.file = "lock_migrations.sql", .apart = true};
const struct statement statement_migrations = {.file = "migrations.sql",
	.parameters = COLUMNS(struct versions, versions_parameters),
	.result = COLUMNS(struct migration, version_columns),
	.apart = true};
const struct statement statement_add_migration = {
	.file = "add_migration.sql", .parameters = COLUMNS(struct migration, version_columns), .apart = true};
const struct statement statement_settled = {
	.file = "settled.sql", .result = COLUMNS(struct settled, settled_columns), .apart = true};
const struct statement statement_new_identity = {.file = "new_identity.sql",
	.parameters = COLUMNS(struct store_identity, identity_parameters),
	.apart = true};
const struct statement statement_new_partitions = {.file = "new_partitions.sql", .apart = true};

/* One run of store_migrate(). */
struct run {
	PGconn *pg;
	struct arena *arena;
	struct versions versions; /* all that the program has */
	struct fault *fault;
};

static enum fault_code judge(const struct run *run, PGresult *result, const char *what)
{
	ExecStatusType status = PQresultStatus(result);
	if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
		return FAULT_NONE;
	if (!PQresultErrorField(result, PG_DIAG_SQLSTATE))
		return problem_of_connection(run->pg, run->fault);
	return problem_of_result(result, what, false, run->fault);
}

/* Runs one statement. @param[out] result owned, also on failure; NULL when nobody wants it */
static enum fault_code run_statement(
	const struct run *run, const struct statement *statement, const void *row, PGresult **result)
{
	struct buffer memory = {0};
	struct bound bound;
	statement_bind(statement, row, 1, &memory, &bound);
	PGresult *got = PQexecParams(run->pg, statement_sql(statement), bound.count, NULL, bound.values,
		bound.sizes, bound.formats, 1);
	buffer_done(&memory);
	enum fault_code code = judge(run, got, statement->file);
	if (result)
		*result = got;
	else
		PQclear(got);
	return code;
}

static enum fault_code run_script(const struct run *run, const char *name, const char *sql, size_t size)
{
	PGresult *result = PQexec(run->pg, arena_copy(run->arena, sql, size));
	enum fault_code code = judge(run, result, name);
	PQclear(result);
	return code;
}

/* @param[out] version the first that has not run, "" when all have */
static enum fault_code next_pending(const struct run *run, char *version, size_t size, bool *no_table)
{
	PGresult *result = NULL;
	enum fault_code code = run_statement(run, &statement_migrations, &run->versions, &result);
	const char *state = code == FAULT_NONE ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);
	*no_table = state && strcmp(state, "42P01") == 0;
	version[0] = '\0';
	if (code == FAULT_NONE && PQntuples(result) > 0)
		snprintf(version, size, "%.*s", PQgetlength(result, 0, 0), PQgetvalue(result, 0, 0));
	PQclear(result);
	return code;
}

static bool is_settled(const struct run *run)
{
	PGresult *result = NULL;
	enum fault_code code = run_statement(run, &statement_settled, NULL, &result);
	bool settled = code == FAULT_NONE && PQgetvalue(result, 0, 0)[0];
	PQclear(result);
	return settled;
}

/* Two who make the same table at once: one of them gets an error, but the table is there. */
static enum fault_code make_table(const struct run *run)
{
	enum fault_code code = FAULT_NONE;
	for (int i = 0; i < TABLE_TRIES; i++) {
		code = run_statement(run, &statement_make_migrations, NULL, NULL);
		if (code == FAULT_NONE || PQstatus(run->pg) == CONNECTION_BAD)
			break;
	}
	return code;
}

static void draw_identity(struct store_identity *identity, int partitions)
{
	uint8_t bytes[COLUMN_UUID_SIZE];
	struct column column = COLUMN_UUID_ID(struct store_identity, id, "id");
	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes) ||
		getrandom(identity->secret, sizeof(identity->secret), 0) != (ssize_t)sizeof(identity->secret))
		abort();
	bytes[6] = (uint8_t)((bytes[6] & 0x0f) | 0x40); /* RFC 9562, version 4: random */
	bytes[8] = (uint8_t)((bytes[8] & 0x3f) | 0x80);
	column_read(&column, bytes, sizeof(bytes), NULL, identity);
	identity->partitions = partitions;
}

static enum fault_code settle(const struct run *run, int partitions)
{
	struct store_identity identity;
	draw_identity(&identity, partitions);
	enum fault_code code = run_statement(run, &statement_new_identity, &identity, NULL);
	memset(&identity, 0, sizeof(identity));
	return code != FAULT_NONE ? code : run_statement(run, &statement_new_partitions, NULL, NULL);
}

static enum fault_code run_migration(const struct run *run, const char *version)
{
	struct migration migration = migration_at(0);
	for (size_t i = 0; i < migration_count(); i++)
		if (strcmp(migration_at(i).version, version) == 0)
			migration = migration_at(i);
	enum fault_code code = run_script(run, version, migration.up, migration.up_size);
	if (code == FAULT_NONE)
		code = run_statement(run, &statement_add_migration, &migration, NULL);
	return code;
}

/* One transaction: the next migration, or after the last one what a new database needs. */
static enum fault_code advance(const struct run *run, int partitions, bool *applied, bool *done)
{
	struct migration next = {0};
	bool no_table = false;
	enum fault_code code = run_script(run, "begin", "BEGIN", 5);
	if (code == FAULT_NONE)
		code = run_statement(run, &statement_lock_migrations, NULL, NULL);
	if (code == FAULT_NONE)
		code = next_pending(run, next.version, sizeof(next.version), &no_table);
	*applied = code == FAULT_NONE && next.version[0];
	*done = code == FAULT_NONE && !next.version[0];
	if (*applied)
		code = run_migration(run, next.version);
	else if (*done)
		code = settle(run, partitions);
	if (code == FAULT_NONE)
		code = run_script(run, "commit", "COMMIT", 6);
	if (code == FAULT_NONE && *applied)
		log_info("migrated the database", log_text("version", next.version));
	return code;
}

static enum fault_code migrate(const struct run *run, int partitions, int *applied)
{
	char version[32];
	bool no_table = false, done = false;
	enum fault_code code = next_pending(run, version, sizeof(version), &no_table);
	if (code == FAULT_NONE && !version[0] && is_settled(run))
		return FAULT_NONE;
	if (no_table)
		code = make_table(run);
	while (code == FAULT_NONE && !done) {
		bool one = false;
		code = advance(run, partitions, &one, &done);
		*applied += code == FAULT_NONE && one;
	}
	return code;
}

enum fault_code store_migrate(
	const struct store_options *options, int partitions, int *applied, struct fault *fault)
{
	int count = 0;
	struct run run = {.pg = connect_plain(options), .arena = arena_new(), .fault = fault};
	const char **items = arena_array(run.arena, migration_count(), sizeof(*items));
	for (size_t i = 0; i < migration_count(); i++)
		items[i] = arena_text(run.arena, migration_at(i).version);
	run.versions = (struct versions){items, migration_count()};
	enum fault_code code = FAULT_UNAVAILABLE;
	if (run.pg && PQstatus(run.pg) == CONNECTION_OK)
		code = migrate(&run, partitions, &count);
	else
		problem_of_connection(run.pg, fault);
	PQfinish(run.pg);
	arena_free(run.arena);
	if (code == FAULT_NONE && applied)
		*applied = count;
	return code;
}
