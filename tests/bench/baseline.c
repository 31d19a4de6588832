/* Plain libpq: one row of the same bytes and one counter per durable transaction, no gRPC, no evaluation. */
#include <libpq-fe.h>

#include "bench.h"

struct baseline {
	PGconn *connection;
};

static PGresult *check(struct baseline *baseline, PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		give_up("baseline: %s", PQerrorMessage(baseline->connection));
	return result;
}

static void run(struct baseline *baseline, const char *statement)
{
	PQclear(check(baseline, PQexec(baseline->connection, statement)));
}

static PGconn *connect_to(const char *database)
{
	PGconn *connection = PQconnectdb(database);
	if (PQstatus(connection) != CONNECTION_OK)
		give_up("baseline: %s", PQerrorMessage(connection));
	PQclear(PQexec(connection, "SET client_min_messages = warning"));
	return connection;
}

void baseline_prepare(const char *database)
{
	struct baseline baseline = {.connection = connect_to(database)};
	run(&baseline, "DROP SCHEMA IF EXISTS tally_bench CASCADE");
	run(&baseline, "CREATE SCHEMA tally_bench");
	run(&baseline, "CREATE TABLE tally_bench.unit(at bigserial PRIMARY KEY, body bytea NOT NULL)");
	run(&baseline, "CREATE TABLE tally_bench.counter(id int PRIMARY KEY, n bigint NOT NULL)");
	run(&baseline, "INSERT INTO tally_bench.counter SELECT generate_series(0, 999), 0");
	PQfinish(baseline.connection);
}

void baseline_remove(const char *database)
{
	struct baseline baseline = {.connection = connect_to(database)};
	run(&baseline, "DROP SCHEMA tally_bench CASCADE");
	PQfinish(baseline.connection);
}

struct baseline *baseline_open(const char *database)
{
	struct baseline *baseline = calloc(1, sizeof(*baseline));
	if (!baseline)
		abort();
	baseline->connection = connect_to(database);
	PQclear(check(baseline, PQprepare(baseline->connection, "unit",
					"INSERT INTO tally_bench.unit(body) VALUES ($1::bytea)", 1, NULL)));
	PQclear(check(baseline,
		PQprepare(baseline->connection, "count",
			"UPDATE tally_bench.counter SET n = n + 1 WHERE id = pg_backend_pid() % 1000", 0,
			NULL)));
	PQclear(check(baseline, PQprepare(baseline->connection, "begin", "BEGIN", 0, NULL)));
	PQclear(check(baseline, PQprepare(baseline->connection, "commit", "COMMIT", 0, NULL)));
	return baseline;
}

void baseline_commit(struct baseline *baseline, const void *bytes, size_t size)
{
	const char *values[] = {bytes};
	const int lengths[] = {(int)size};
	const int formats[] = {1};
	PQclear(check(baseline, PQexecPrepared(baseline->connection, "begin", 0, NULL, NULL, NULL, 0)));
	PQclear(check(
		baseline, PQexecPrepared(baseline->connection, "unit", 1, values, lengths, formats, 0)));
	PQclear(check(baseline, PQexecPrepared(baseline->connection, "count", 0, NULL, NULL, NULL, 0)));
	PQclear(check(baseline, PQexecPrepared(baseline->connection, "commit", 0, NULL, NULL, NULL, 0)));
}

void baseline_close(struct baseline *baseline)
{
	PQfinish(baseline->connection);
	free(baseline);
}
