/*
 * How the statements find their rows. A connection plans each once, often
 * while the tables are still empty, and keeps that plan for as long as it
 * lives: a plan that reads a table whole is noticed only when it has grown.
 * The linker puts __wrap_PQsendQueryPrepared before libpq's own function.
 */
#include "fixture.h"

#include "store/connection.h"
#include "store/statement.h"

static const char *const whole[] = {"Seq Scan on ", "Hash Join", "Merge Join",
	/* One version found among all of its descriptor's. */
	"Filter: (version = "};

/* The one table that has one row for ever. */
static const char single[] = "Seq Scan on store ";

static void check_plan(const struct statement *statement, const PGresult *plan)
{
	for (int i = 0; i < PQntuples(plan); i++) {
		const char *line = PQgetvalue(plan, i, 0);
		for (size_t j = 0; j < sizeof(whole) / sizeof(whole[0]); j++)
			if (strstr(line, whole[j]) && !strstr(line, single))
				fail_msg("%s: %s", statement->file, line);
	}
}

/* Partitions are locked in ascending order, which is how two servers' commits never wait for each other. */
static void check_order(const struct statement *statement, const PGresult *plan)
{
	static const char *const lines[] = {
		"Update on partition", "Nested Loop", "Subquery Scan", "GroupAggregate", "Group Key", "Sort"};
	int line = 0;
	if (statement != &statement_insert_events)
		return;
	while (line < PQntuples(plan) && !strstr(PQgetvalue(plan, line, 0), lines[0]))
		line++;
	assert_true(line + (int)CASES_COUNT(lines) <= PQntuples(plan));
	for (size_t i = 0; i < CASES_COUNT(lines); i++)
		if (!strstr(PQgetvalue(plan, line + (int)i, 0), lines[i]))
			fail_msg("%s: %s", statement->file, PQgetvalue(plan, line + (int)i, 0));
}

/* Asks for the plan that serves any parameters. */
static void explain(const struct fixture *fixture, PGconn *pg, const struct statement *statement)
{
	PGresult *prepared = PQprepare(pg, statement->file, statement_sql(statement), 0, NULL);
	assert_int_equal(PQresultStatus(prepared), PGRES_COMMAND_OK);
	PQclear(prepared);
	const char *nulls = "";
	for (size_t i = 0; i < statement->parameters.count; i++)
		nulls = arena_print(fixture->arena, "%s%sNULL", nulls, i ? ", " : "");
	PGresult *plan = PQexec(pg,
		arena_print(fixture->arena, *nulls ? "EXPLAIN EXECUTE \"%s\" (%s)" : "EXPLAIN EXECUTE \"%s\"",
			statement->file, nulls));
	if (PQresultStatus(plan) != PGRES_TUPLES_OK)
		fail_msg("%s: %s", statement->file, PQerrorMessage(pg));
	check_plan(statement, plan);
	check_order(statement, plan);
	PQclear(plan);
}

static void no_statement_reads_a_table_whole(const struct fixture *fixture)
{
	PGconn *pg = PQconnectdb(fixture->url);
	static const char *const settings[] = {"0", "0", "0", "force_generic_plan"};
	PGresult *set = PQexecParams(
		pg, statement_sql(&statement_session), CASES_COUNT(settings), NULL, settings, NULL, NULL, 0);
	assert_int_equal(PQresultStatus(set), PGRES_TUPLES_OK);
	PQclear(set);
	size_t count = 0;
	for (; statements[count]; count++)
		if (!statements[count]->apart)
			explain(fixture, pg, statements[count]);
	assert_true(count > 20);
	PQfinish(pg);
}

/* ---- how often they are planned ---- */

static PGconn *used; /* the connection of the last statement that was sent */

int __real_PQsendQueryPrepared(PGconn *pg, const char *name, int count, const char *const *values,
	const int *sizes, const int *formats, int format);
int __wrap_PQsendQueryPrepared(PGconn *pg, const char *name, int count, const char *const *values,
	const int *sizes, const int *formats, int format);

int __wrap_PQsendQueryPrepared(PGconn *pg, const char *name, int count, const char *const *values,
	const int *sizes, const int *formats, int format)
{
	used = pg;
	return __real_PQsendQueryPrepared(pg, name, count, values, sizes, formats, format);
}

/* Postgres counts, for each connection alone, how often it planned a statement for one run of it. */
static int64_t plans_of_one_run(void)
{
	assert_int_equal(PQexitPipelineMode(used), 1);
	PGresult *result = PQexec(used, "SELECT sum(custom_plans) FROM pg_prepared_statements");
	assert_int_equal(PQresultStatus(result), PGRES_TUPLES_OK);
	int64_t plans = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
	PQclear(result);
	assert_int_equal(PQenterPipelineMode(used), 1);
	return plans;
}

static void a_commit_is_never_planned_again(const struct fixture *fixture)
{
	struct store_options options = fixture->options;
	options.commits = true;
	struct store *store = store_new(&options);
	for (int64_t revision = 1; revision <= 8; revision++) {
		struct draft *draft = draft_new(fixture->arena);
		draft_push(draft, "fraud", revision);
		draft_keep(draft, store);
	}
	if (PQserverVersion(used) >= 140000)
		assert_int_equal(plans_of_one_run(), 1); /* session.sql itself, which settles it */
	store_free(store);
}

static const struct fixture_case rows[] = {
	{"no statement reads a table whole, however empty it is", no_statement_reads_a_table_whole},
	{"a connection that commits keeps one plan of each statement", a_commit_is_never_planned_again},
};

int main(void)
{
	return fixture_end(CASES_RUN(rows, fixture_check));
}
