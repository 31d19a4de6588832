/* Units of the same bytes, one or many in a transaction. Every transaction is one pipeline with one round
 * trip. */
#include "plain.h"

#include <endian.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bench.h"

enum {
	COUNTERS = 1000,
	EVENT_BYTES = 300,
	OID_BIGINT = 20,
	OID_BYTEA = 17,
};

struct plain {
	PGconn *connection;
	uint8_t event[EVENT_BYTES];
};

/* ---- connections ---- */

static void check(PGconn *connection, PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_PIPELINE_SYNC)
		give_up("libpq: %s", PQerrorMessage(connection));
	PQclear(result);
}

static PGconn *connect_to(const char *database)
{
	PGconn *connection = PQconnectdb(database);
	if (PQstatus(connection) != CONNECTION_OK)
		give_up("libpq: %s", PQerrorMessage(connection));
	check(connection,
		PQexec(connection, "SELECT set_config(name, 'lz4', false) FROM pg_settings WHERE name = "
				   "'default_toast_compression' AND 'lz4' = ANY (enumvals)"));
	check(connection, PQexec(connection, "SET client_min_messages = warning"));
	return connection;
}

void plain_prepare(const char *database)
{
	static const char *const statements[] = {
		"DROP SCHEMA IF EXISTS plain CASCADE",
		"CREATE SCHEMA plain",
		"CREATE TABLE plain.unit(id bigint PRIMARY KEY, body bytea NOT NULL)",
		"CREATE TABLE plain.event(id bigint PRIMARY KEY, body bytea NOT NULL)",
		"CREATE TABLE plain.counter(id int PRIMARY KEY, n bigint NOT NULL) WITH (fillfactor = 20)",
		"INSERT INTO plain.counter SELECT generate_series(0, 999), 0",
	};
	PGconn *connection = connect_to(database);
	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++)
		check(connection, PQexec(connection, statements[i]));
	PQfinish(connection);
}

struct plain *plain_open(const char *database)
{
	static const struct {
		const char *name, *text;
	} statements[] = {
		{"begin", "BEGIN"},
		{"unit", "INSERT INTO plain.unit VALUES ($1::bigint, $2::bytea)"},
		{"event", "INSERT INTO plain.event VALUES ($1::bigint, $2::bytea)"},
		{"count", "UPDATE plain.counter SET n = n + 1 WHERE id = $1::bigint % 1000"},
		{"units", "INSERT INTO plain.unit SELECT * FROM unnest($1::bigint[], $2::bytea[])"},
		{"events", "INSERT INTO plain.event SELECT * FROM unnest($1::bigint[], $2::bytea[])"},
		{"counts",
			"UPDATE plain.counter AS c SET n = n + w.times FROM (SELECT id % 1000 AS id, count(*) AS "
			"times FROM unnest($1::bigint[]) AS u (id) GROUP BY 1) AS w WHERE c.id = w.id"},
		{"commit", "COMMIT"},
	};
	struct plain *plain = calloc(1, sizeof(*plain));
	if (!plain)
		abort();
	for (size_t i = 0; i < EVENT_BYTES; i++)
		plain->event[i] = (uint8_t)random();
	plain->connection = connect_to(database);
	for (size_t i = 0; i < sizeof(statements) / sizeof(statements[0]); i++)
		check(plain->connection,
			PQprepare(plain->connection, statements[i].name, statements[i].text, 0, NULL));
	if (!PQenterPipelineMode(plain->connection))
		give_up("libpq: %s", PQerrorMessage(plain->connection));
	return plain;
}

void plain_close(struct plain *plain)
{
	PQfinish(plain->connection);
	free(plain);
}

/* ---- one transaction ---- */

struct value {
	const void *bytes;
	size_t size;
};

static void send(
	struct plain *plain, const char *statement, const struct value *first, const struct value *second)
{
	const char *values[] = {first ? first->bytes : NULL, second ? second->bytes : NULL};
	const int sizes[] = {first ? (int)first->size : 0, second ? (int)second->size : 0};
	const int formats[] = {1, 1};
	if (!PQsendQueryPrepared(plain->connection, statement, !!first + !!second, values, sizes, formats, 1))
		give_up("libpq: %s", PQerrorMessage(plain->connection));
}

/* Every statement's results, each ended by NULL, then the synchronisation. */
static void finish(struct plain *plain)
{
	if (!PQpipelineSync(plain->connection))
		give_up("libpq: %s", PQerrorMessage(plain->connection));
	for (bool synchronised = false; !synchronised;) {
		PGresult *result = PQgetResult(plain->connection);
		if (!result)
			continue;
		synchronised = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
		check(plain->connection, result);
	}
}

static void transact(struct plain *plain, const char *const *statements, const struct value *ids,
	const struct value *bodies, const struct value *events)
{
	send(plain, "begin", NULL, NULL);
	send(plain, statements[0], ids, bodies);
	send(plain, statements[1], ids, events);
	send(plain, statements[2], ids, NULL);
	send(plain, "commit", NULL, NULL);
	finish(plain);
}

void plain_commit(struct plain *plain, int64_t turn, const void *body, size_t size)
{
	static const char *const statements[] = {"unit", "event", "count"};
	uint64_t id = htobe64((uint64_t)turn);
	transact(plain, statements, &(struct value){&id, sizeof(id)}, &(struct value){body, size},
		&(struct value){plain->event, EVENT_BYTES});
}

/* ---- many units in one ---- */

/* A binary array, grown as it is filled. */
struct array {
	uint8_t *bytes;
	size_t size, capacity;
};

static void put(struct array *array, const void *bytes, size_t size)
{
	if (array->size + size > array->capacity) {
		array->capacity = 2 * (array->size + size);
		array->bytes = realloc(array->bytes, array->capacity);
		if (!array->bytes)
			abort();
	}
	memcpy(array->bytes + array->size, bytes, size);
	array->size += size;
}

static void put_number(struct array *array, size_t number)
{
	uint32_t big = htobe32((uint32_t)number);
	put(array, &big, sizeof(big));
}

/* One dimension, no NULLs, the type, the length, the lowest index. */
static void array_begin(struct array *array, uint32_t type, int count)
{
	array->size = 0;
	put_number(array, 1);
	put_number(array, 0);
	put_number(array, type);
	put_number(array, (size_t)count);
	put_number(array, 1);
}

static void array_add(struct array *array, const void *bytes, size_t size)
{
	put_number(array, size);
	put(array, bytes, size);
}

static void commit_batch(struct plain *plain, struct plain_run *run, struct array arrays[3])
{
	static const char *const statements[] = {"units", "events", "counts"};
	struct array *ids = &arrays[0], *bodies = &arrays[1], *events = &arrays[2];
	array_begin(ids, OID_BIGINT, run->batch);
	array_begin(bodies, OID_BYTEA, run->batch);
	array_begin(events, OID_BYTEA, run->batch);
	for (int i = 0; i < run->batch; i++) {
		int64_t turn = atomic_fetch_add(&run->turn, 1);
		uint64_t id = htobe64((uint64_t)turn);
		size_t size;
		void *body = run->body(run->context, turn, &size);
		array_add(ids, &id, sizeof(id));
		array_add(bodies, body, size);
		array_add(events, plain->event, EVENT_BYTES);
		free(body);
	}
	transact(plain, statements, &(struct value){ids->bytes, ids->size},
		&(struct value){bodies->bytes, bodies->size}, &(struct value){events->bytes, events->size});
}

static void commit_one(struct plain *plain, struct plain_run *run)
{
	int64_t turn = atomic_fetch_add(&run->turn, 1);
	size_t size;
	void *body = run->body(run->context, turn, &size);
	plain_commit(plain, turn, body, size);
	free(body);
}

/* ---- many connections ---- */

struct worker {
	pthread_t thread;
	struct plain_run *run;
	struct plain *plain;
	int64_t end_us;
};

static void *work(void *context)
{
	struct worker *worker = context;
	struct array arrays[3] = {0};
	while (clock_steady_us() < worker->end_us) {
		if (worker->run->batch > 1)
			commit_batch(worker->plain, worker->run, arrays);
		else
			commit_one(worker->plain, worker->run);
	}
	for (size_t i = 0; i < 3; i++)
		free(arrays[i].bytes);
	return NULL;
}

double plain_rate(struct plain_run *run)
{
	struct worker *workers = calloc((size_t)run->connections, sizeof(*workers));
	if (!workers)
		abort();
	for (int i = 0; i < run->connections; i++)
		workers[i].plain = plain_open(run->database);
	int64_t first_turn = atomic_load(&run->turn);
	int64_t begin_us = clock_steady_us();
	for (int i = 0; i < run->connections; i++) {
		workers[i].run = run;
		workers[i].end_us = begin_us + run->run_us;
		if (pthread_create(&workers[i].thread, NULL, work, &workers[i]))
			abort();
	}
	for (int i = 0; i < run->connections; i++)
		pthread_join(workers[i].thread, NULL);
	double took_us = (double)(clock_steady_us() - begin_us);
	for (int i = 0; i < run->connections; i++)
		plain_close(workers[i].plain);
	free(workers);
	return (double)(atomic_load(&run->turn) - first_turn) * 1e6 / took_us;
}
