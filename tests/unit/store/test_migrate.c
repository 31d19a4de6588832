/* The schema: migrations, and that the statements fit it. */
#include <dirent.h>
#include <pthread.h>

#include "fixture.h"
#include "store/migration.h"
#include "store/statement.h"

static void migrate(const struct fixture *fixture, int expected)
{
	struct fault fault;
	int applied = -1;
	expect_fault(FAULT_NONE, store_migrate(&fixture->options, PARTITIONS, &applied, &fault), &fault);
	assert_int_equal(applied, expected);
}

static void migrates_a_new_database(void **state)
{
	struct fixture fixture;
	struct fault fault;
	struct store_identity first, second;
	struct store_head heads[PARTITIONS];
	(void)state;
	fixture_open_empty(&fixture);
	migrate(&fixture, (int)migration_count());
	fixture.store = store_new(&fixture.options);
	expect_fault(FAULT_NONE, store_identity(fixture.store, &first, &fault), &fault);
	assert_int_equal(first.partitions, PARTITIONS);
	assert_int_equal(strlen(first.id), 36);
	assert_int_equal(first.id[14], '4');
	expect_fault(FAULT_NONE, store_heads(fixture.store, heads, PARTITIONS, &fault), &fault);
	for (int i = 0; i < PARTITIONS; i++)
		assert_true(heads[i].partition == i && heads[i].head == 0 && heads[i].trimmed == 0);
	expect_fault(FAULT_NONE, store_migrate(&fixture.options, PARTITIONS * 2, NULL, &fault), &fault);
	expect_fault(FAULT_NONE, store_identity(fixture.store, &second, &fault), &fault);
	assert_memory_equal(&first, &second, sizeof(first));
	fixture_close(&fixture);
}

static void goes_up_down_and_up(void **state)
{
	struct fixture fixture;
	(void)state;
	fixture_open_empty(&fixture);
	migrate(&fixture, (int)migration_count());
	for (size_t i = migration_count(); i-- > 0;)
		fixture_sql(&fixture, migration_at(i).down);
	assert_int_equal(
		fixture_number(&fixture, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), 1);
	fixture_sql(&fixture, "DELETE FROM schema_migrations");
	migrate(&fixture, (int)migration_count());
	migrate(&fixture, 0);
	fixture_close(&fixture);
}

struct migrator {
	pthread_t thread;
	const struct fixture *fixture;
	enum fault_code code;
	struct fault fault;
	int applied;
};

static void *migrate_once(void *of)
{
	struct migrator *migrator = of;
	migrator->code =
		store_migrate(&migrator->fixture->options, PARTITIONS, &migrator->applied, &migrator->fault);
	return NULL;
}

static void migrates_once_for_many(void **state)
{
	struct fixture fixture;
	struct migrator migrators[8] = {0};
	int applied = 0;
	(void)state;
	fixture_open_empty(&fixture);
	for (size_t i = 0; i < CASES_COUNT(migrators); i++) {
		migrators[i].fixture = &fixture;
		assert_int_equal(pthread_create(&migrators[i].thread, NULL, migrate_once, &migrators[i]), 0);
	}
	for (size_t i = 0; i < CASES_COUNT(migrators); i++) {
		pthread_join(migrators[i].thread, NULL);
		expect_fault(FAULT_NONE, migrators[i].code, &migrators[i].fault);
		applied += migrators[i].applied;
	}
	assert_int_equal(applied, migration_count());
	assert_int_equal(fixture_number(&fixture, "SELECT count(*) FROM store"), 1);
	assert_int_equal(fixture_number(&fixture, "SELECT count(*) FROM partition"), PARTITIONS);
	assert_int_equal(
		fixture_number(&fixture, "SELECT count(*) FROM schema_migrations"), migration_count());
	fixture_close(&fixture);
}

/* What dbmate up leaves behind: the tables and its own table of versions, but no identity. */
static void takes_over_from_dbmate(void **state)
{
	struct fixture fixture;
	struct fault fault;
	struct store_identity identity;
	char sql[200];
	(void)state;
	fixture_open_empty(&fixture);
	fixture_sql(&fixture, "CREATE TABLE schema_migrations (version varchar NOT NULL PRIMARY KEY)");
	for (size_t i = 0; i < migration_count(); i++) {
		struct migration migration = migration_at(i);
		fixture_sql(&fixture, arena_copy(fixture.arena, migration.up, migration.up_size));
		snprintf(sql, sizeof(sql), "INSERT INTO schema_migrations VALUES ('%s')", migration.version);
		fixture_sql(&fixture, sql);
	}
	migrate(&fixture, 0);
	fixture.store = store_new(&fixture.options);
	expect_fault(FAULT_NONE, store_identity(fixture.store, &identity, &fault), &fault);
	fixture_close(&fixture);
}

static void needs_no_rights_when_done(void **state)
{
	struct fixture fixture;
	struct fault fault;
	char url[300];
	(void)state;
	fixture_open(&fixture);
	fixture_sql(&fixture, "DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN");
	fixture_sql(
		&fixture, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO reader");
	snprintf(url, sizeof(url), "%s", fixture.url);
	char *user = strstr(url, "user=tally");
	assert_non_null(user);
	memcpy(user, "user=reader", sizeof("user=reader"));
	struct store_options options = fixture.options;
	options.url = url;
	int applied = -1;
	expect_fault(FAULT_NONE, store_migrate(&options, PARTITIONS, &applied, &fault), &fault);
	assert_int_equal(applied, 0);
	struct store *store = store_new(&options);
	expect_fault(FAULT_NONE, store_check(store, &fault), &fault);
	store_free(store);
	fixture_sql(&fixture, "DROP OWNED BY reader; DROP ROLE reader");
	fixture_close(&fixture);
}

static void a_failing_migration_leaves_nothing(void **state)
{
	struct fixture fixture;
	struct fault fault;
	(void)state;
	fixture_open_empty(&fixture);
	fixture_sql(&fixture, "CREATE TABLE request (mine integer)");
	expect_fault(FAULT_INVALID, store_migrate(&fixture.options, PARTITIONS, NULL, &fault), &fault);
	assert_string_equal(fault.reason, "SCHEMA_MISMATCH");
	assert_int_equal(
		fixture_number(&fixture, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), 2);
	assert_int_equal(fixture_number(&fixture, "SELECT count(*) FROM schema_migrations"), 0);
	fixture_sql(&fixture, "DROP TABLE request");
	migrate(&fixture, (int)migration_count());
	fixture_close(&fixture);
}

static void an_unreachable_database_is_unavailable(void **state)
{
	struct fault fault;
	struct store_options options = {.url = "host=/nowhere", .connect_timeout_s = 2};
	(void)state;
	expect_fault(FAULT_UNAVAILABLE, store_migrate(&options, PARTITIONS, NULL, &fault), &fault);
	assert_string_equal(fault.reason, "DATABASE_UNAVAILABLE");
}

/* ---- statements ---- */

/* Those that a connection prepares itself were checked by it; the others are checked here. */
static void check_apart(PGconn *pg, const struct statement *statement)
{
	PGresult *result = PQprepare(pg, statement->file, statement_sql(statement), 0, NULL);
	/* LOCK and CREATE have no plan, but are parsed. */
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", statement->file, PQerrorMessage(pg));
	PQclear(result);
	result = PQdescribePrepared(pg, statement->file);
	assert_int_equal(PQnparams(result), statement->parameters.count);
	for (int i = 0; i < PQnparams(result); i++)
		assert_int_equal(PQparamtype(result, i),
			column_type(statement->parameters.items[i].field, statement->arrays));
	for (int i = 0; i < (int)statement->result.count; i++)
		assert_int_equal(PQftype(result, i), column_type(statement->result.items[i].field, false));
	PQclear(result);
}

static void every_statement_fits(void **state)
{
	struct fixture fixture;
	struct fault fault;
	(void)state;
	fixture_open(&fixture);
	assert_false(store_is_up(fixture.store));
	expect_fault(FAULT_NONE, store_check(fixture.store, &fault), &fault);
	assert_true(store_is_up(fixture.store));
	PGconn *pg = PQconnectdb(fixture.url);
	for (size_t i = 0; statements[i]; i++)
		if (statements[i]->apart)
			check_apart(pg, statements[i]);
	PQfinish(pg);
	fixture_close(&fixture);
}

static bool is_listed(const char *file)
{
	for (size_t i = 0; statements[i]; i++)
		if (strcmp(statements[i]->file, file) == 0)
			return true;
	return false;
}

static void every_file_is_a_statement(void **state)
{
	DIR *folder = opendir(TALLY_SOURCE_DIR "/server/store/sql");
	size_t files = 0, listed = 0;
	(void)state;
	assert_non_null(folder);
	for (struct dirent *entry; (entry = readdir(folder));) {
		if (entry->d_name[0] == '.')
			continue;
		files++;
		if (!is_listed(entry->d_name))
			fail_msg("%s is no statement", entry->d_name);
	}
	closedir(folder);
	while (statements[listed])
		listed++;
	assert_int_equal(files, listed);
}

static void every_file_opens_with_a_sentence_and_its_parameters(void **state)
{
	(void)state;
	for (size_t i = 0; statements[i]; i++) {
		const char *sql = statement_sql(statements[i]);
		size_t parameters = 0;
		if (strncmp(sql, "-- ", 3) != 0)
			fail_msg("%s has no sentence", statements[i]->file);
		for (const char *at = sql; (at = strstr(at, "-- $")); at++)
			parameters++;
		if (parameters != statements[i]->parameters.count)
			fail_msg("%s does not say its parameters", statements[i]->file);
	}
}

struct misfit {
	const char *name;
	const char *sql;
};

static const struct misfit misfits[] = {
	{"a column that is missing is found when the connection opens",
		"ALTER TABLE event DROP COLUMN teams"},
	{"a column of another type is found when the connection opens",
		"ALTER TABLE system ALTER COLUMN revision TYPE integer"},
	{"a column that an array cannot fill is found when the connection opens",
		"ALTER TABLE request ALTER COLUMN request_id TYPE text"},
	{"a table that is missing is found when the connection opens", "DROP TABLE finding"},
};

static void finds_a_misfit(void **state)
{
	const struct misfit *misfit = *state;
	struct fixture fixture;
	struct fault fault;
	fixture_open(&fixture);
	fixture_sql(&fixture, misfit->sql);
	expect_fault(FAULT_INVALID, store_check(fixture.store, &fault), &fault);
	assert_string_equal(fault.reason, "SCHEMA_MISMATCH");
	assert_false(store_is_up(fixture.store));
	fixture_close(&fixture);
}

struct plain {
	const char *name;
	void (*run)(void **state);
};

static const struct plain plains[] = {
	{"a new database gets its tables, identity and partitions, once", migrates_a_new_database},
	{"migrations go up, down and up again", goes_up_down_and_up},
	{"several that start at once migrate once", migrates_once_for_many},
	{"a database that dbmate migrated is taken over", takes_over_from_dbmate},
	{"a migrated database is used by a role that cannot change the schema", needs_no_rights_when_done},
	{"a migration that fails leaves nothing of itself", a_failing_migration_leaves_nothing},
	{"a database that is not there is unavailable", an_unreachable_database_is_unavailable},
	{"every statement prepares and has the types of its maps", every_statement_fits},
	{"every file is a statement", every_file_is_a_statement},
	{"every file opens with a sentence and its parameters",
		every_file_opens_with_a_sentence_and_its_parameters},
};

static void run_plain(void **state)
{
	const struct plain *plain = *state;
	plain->run(state);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(plains) + CASES_COUNT(misfits)];
	size_t count = CASES_ADD(tests, 0, plains, run_plain);
	count = CASES_ADD(tests, count, misfits, finds_a_misfit);
	return fixture_end(CASES_RUN_ALL(tests, count));
}
