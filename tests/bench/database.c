/* libpq, binary results, no errors to handle: whoever measures starts again. */
#include "database.h"

#include <endian.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

struct database {
	PGconn *connection;
};

struct database *database_open(const char *url)
{
	struct database *database = calloc(1, sizeof(*database));
	if (!database)
		abort();
	database->connection = PQconnectdb(url);
	if (PQstatus(database->connection) != CONNECTION_OK)
		give_up("libpq: %s", PQerrorMessage(database->connection));
	return database;
}

void database_close(struct database *database)
{
	PQfinish(database->connection);
	free(database);
}

static PGresult *ask(struct database *database, const char *statement, int count, const char *const *values,
	const int *sizes, const int *formats)
{
	PGresult *result =
		PQexecParams(database->connection, statement, count, NULL, values, sizes, formats, 1);
	ExecStatusType status = PQresultStatus(result);
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		give_up("libpq: %s", PQerrorMessage(database->connection));
	return result;
}

void database_run(struct database *database, const char *statement)
{
	PQclear(ask(database, statement, 0, NULL, NULL, NULL));
}

void database_run_with(
	struct database *database, const char *statement, const void *bytes, size_t size, int64_t number)
{
	uint64_t big = htobe64((uint64_t)number);
	const char *values[] = {bytes, (const char *)&big};
	const int sizes[] = {(int)size, sizeof(big)};
	const int formats[] = {1, 1};
	PQclear(ask(database, statement, 2, values, sizes, formats));
}

static int64_t number_at(const PGresult *result, int row, int column)
{
	uint64_t big = 0;
	if (PQgetlength(result, row, column) == sizeof(big))
		memcpy(&big, PQgetvalue(result, row, column), sizeof(big));
	return (int64_t)be64toh(big);
}

struct database_pair *database_pairs(struct database *database, const char *statement, size_t *count)
{
	PGresult *result = ask(database, statement, 0, NULL, NULL, NULL);
	*count = (size_t)PQntuples(result);
	struct database_pair *pairs = calloc(*count + 1, sizeof(*pairs));
	if (!pairs)
		abort();
	for (size_t i = 0; i < *count; i++)
		pairs[i] = (struct database_pair){number_at(result, (int)i, 0), number_at(result, (int)i, 1)};
	PQclear(result);
	return pairs;
}

void *database_bytes(struct database *database, const char *statement, size_t *size)
{
	PGresult *result = ask(database, statement, 0, NULL, NULL, NULL);
	if (PQntuples(result) != 1)
		give_up("the database has not one row for: %s", statement);
	*size = (size_t)PQgetlength(result, 0, 0);
	void *bytes = malloc(*size + 1);
	if (!bytes)
		abort();
	memcpy(bytes, PQgetvalue(result, 0, 0), *size);
	PQclear(result);
	return bytes;
}
