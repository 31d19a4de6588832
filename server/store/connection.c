/*
 * The connection's life: connecting with backoff, preparing and checking
 * every statement, and running lists of statements in pipeline mode. The
 * socket does not block; waiting is bounded even when the server says nothing.
 */
#include "store/connection.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <poll.h>

#include "base/clock.h"
#include "store/connect.h"
#include "store/problem.h"

enum {
	BACKOFF_FIRST_US = 100000,
	BACKOFF_LAST_US = 5000000,
	/* What the server may take beyond its own timeouts before we give it up. */
	SILENCE_MS = 5000,
};

struct connection {
	struct store_options options; /* texts owned */
	PGconn *pg;                   /* NULL: not connected */
	int64_t backoff_us;
	int64_t retry_at_us;  /* steady; not connected again before it */
	char why[600];        /* the last attempt failed */
	struct buffer values; /* of the statement being sent */
	bool decided;         /* a step that decides was sent and not answered */
	bool listens;         /* to other servers' nudges */
};

static char *copy(const char *text)
{
	char *made = strdup(text ? text : "");
	if (!made)
		abort();
	return made;
}

struct connection *connection_new(const struct store_options *options)
{
	struct connection *connection = calloc(1, sizeof(*connection));
	if (!connection)
		abort();
	connection->options = *options;
	connection->options.url = copy(options->url);
	connection->options.application_name = copy(options->application_name);
	return connection;
}

static void drop(struct connection *connection)
{
	if (connection->pg)
		PQfinish(connection->pg);
	connection->pg = NULL;
	connection->listens = false;
}

void connection_free(struct connection *connection)
{
	if (!connection)
		return;
	drop(connection);
	buffer_done(&connection->values);
	free((void *)(uintptr_t)connection->options.url);
	free((void *)(uintptr_t)connection->options.application_name);
	free(connection);
}

bool connection_is_up(const struct connection *connection)
{
	return connection->pg != NULL;
}

/* ---- waiting ---- */

static int silence_ms(const struct connection *connection)
{
	int timeout = connection->options.statement_timeout_ms;
	return timeout > 0 ? timeout + SILENCE_MS : -1;
}

/* Waits until the socket is ready. @return false when nothing came for too long or the socket is gone */
static bool await(struct connection *connection, short events)
{
	int timeout_ms = silence_ms(connection);
	int64_t until_us = clock_steady_us() + (int64_t)timeout_ms * 1000;
	struct pollfd socket = {PQsocket(connection->pg), events, 0};
	for (;;) {
		int ready = poll(&socket, 1, timeout_ms);
		if (ready > 0)
			return true;
		if (ready == 0 || errno != EINTR)
			return false;
		int64_t left_ms = (until_us - clock_steady_us()) / 1000;
		if (timeout_ms >= 0)
			timeout_ms = left_ms > 0 ? (int)left_ms : 0;
	}
}

/* Sends what is queued; takes in what comes meanwhile, or both sides could wait for each other. */
static bool flush(struct connection *connection)
{
	for (;;) {
		int left = PQflush(connection->pg);
		if (left <= 0)
			return left == 0;
		if (!await(connection, POLLIN | POLLOUT) || !PQconsumeInput(connection->pg))
			return false;
	}
}

/* @return false when the connection is lost; else *result is the next one, NULL at a statement's end */
static bool next_result(struct connection *connection, PGresult **result)
{
	while (PQisBusy(connection->pg))
		if (!await(connection, POLLIN) || !PQconsumeInput(connection->pg))
			return false;
	*result = PQgetResult(connection->pg);
	return true;
}

/* Takes the next statement's result and its end. */
static bool whole_result(struct connection *connection, PGresult **result)
{
	PGresult *end = NULL;
	if (!next_result(connection, result) || !*result)
		return false;
	if (PQresultStatus(*result) == PGRES_PIPELINE_SYNC || PQstatus(connection->pg) == CONNECTION_BAD)
		return true;
	if (!next_result(connection, &end))
		return false;
	PQclear(end);
	return true;
}

/* ---- sending ---- */

static bool send_statement(struct connection *connection, const struct step *step)
{
	struct bound bound;
	statement_bind(step->statement, step->rows, step->count, &connection->values, &bound);
	if (step->statement->apart)
		return PQsendQueryParams(connection->pg, statement_sql(step->statement), bound.count, NULL,
			bound.values, bound.sizes, bound.formats, 1);
	return PQsendQueryPrepared(connection->pg, step->statement->file, bound.count, bound.values,
		bound.sizes, bound.formats, 1);
}

static bool send_steps(struct connection *connection, const struct step *steps, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		/* Before it is sent: sending can fail with all of it gone out already. */
		connection->decided = connection->decided || steps[i].statement->decides;
		if (!send_statement(connection, &steps[i]))
			return false;
	}
	return PQpipelineSync(connection->pg) && flush(connection);
}

/* ---- the schema ---- */

static bool columns_fit(const struct statement *statement, const PGresult *description)
{
	const struct columns *parameters = &statement->parameters, *result = &statement->result;
	if ((size_t)PQnparams(description) != parameters->count)
		return false;
	for (size_t i = 0; i < parameters->count; i++)
		if (PQparamtype(description, (int)i) !=
			column_type(parameters->items[i].field, statement->arrays))
			return false;
	if (result->count && (size_t)PQnfields(description) != result->count)
		return false;
	for (size_t i = 0; i < result->count; i++)
		if (PQftype(description, (int)i) != column_type(result->items[i].field, false) ||
			strcmp(PQfname(description, (int)i), result->items[i].name) != 0)
			return false;
	return true;
}

static bool send_prepares(struct connection *connection)
{
	for (size_t i = 0; statements[i]; i++) {
		const struct statement *statement = statements[i];
		if (statement->apart)
			continue;
		if (!PQsendPrepare(connection->pg, statement->file, statement_sql(statement), 0, NULL) ||
			!PQsendDescribePrepared(connection->pg, statement->file))
			return false;
	}
	return PQpipelineSync(connection->pg) && flush(connection);
}

/* Takes one result of preparing; @return FAULT_NONE and *result, or a fault */
static enum fault_code prepared(
	struct connection *connection, const char *statement, PGresult **result, struct fault *fault)
{
	if (!whole_result(connection, result))
		return problem_of_connection(connection->pg, fault);
	if (PQresultStatus(*result) == PGRES_COMMAND_OK)
		return FAULT_NONE;
	problem_of_result(*result, statement, true, fault);
	return fault->code;
}

static enum fault_code prepare_one(
	struct connection *connection, const struct statement *statement, struct fault *fault)
{
	PGresult *parsed = NULL, *described = NULL;
	enum fault_code code = prepared(connection, statement->file, &parsed, fault);
	if (code == FAULT_NONE)
		code = prepared(connection, statement->file, &described, fault);
	if (code == FAULT_NONE && !columns_fit(statement, described))
		code = fault_set(fault, FAULT_INVALID, "SCHEMA_MISMATCH",
			"the database's schema does not fit %s; run the migrations", statement->file);
	PQclear(parsed);
	PQclear(described);
	return code;
}

static enum fault_code prepare(struct connection *connection, struct fault *fault)
{
	PGresult *sync = NULL;
	if (!send_prepares(connection))
		return problem_of_connection(connection->pg, fault);
	for (size_t i = 0; statements[i]; i++) {
		if (statements[i]->apart)
			continue;
		enum fault_code code = prepare_one(connection, statements[i], fault);
		if (code != FAULT_NONE)
			return code;
	}
	bool whole = whole_result(connection, &sync);
	PQclear(sync);
	return whole ? FAULT_NONE : problem_of_connection(connection->pg, fault);
}

/* ---- connecting ---- */

static void add_ms(char *text, size_t size, int ms)
{
	snprintf(text, size, "%d", ms > 0 ? ms : 0);
}

static enum fault_code set_session(struct connection *connection, struct fault *fault)
{
	const struct store_options *options = &connection->options;
	struct connection_session session;
	add_ms(session.statement_timeout_ms, sizeof(session.statement_timeout_ms),
		options->statement_timeout_ms);
	add_ms(session.lock_timeout_ms, sizeof(session.lock_timeout_ms), options->lock_timeout_ms);
	add_ms(session.idle_timeout_ms, sizeof(session.idle_timeout_ms), options->statement_timeout_ms);
	/* To plan the statements of a small commit takes as long as to run them. */
	snprintf(session.plan_cache_mode, sizeof(session.plan_cache_mode), "%s",
		options->commits ? "force_generic_plan" : "auto");
	struct step step = {&statement_session, &session, 1, NULL};
	enum fault_code code = connection_run(connection, &step, 1, fault);
	steps_done(&step, 1);
	return code;
}

static enum fault_code connect_now(struct connection *connection, struct fault *fault)
{
	connection->pg = connect_plain(&connection->options);
	if (!connection->pg || PQstatus(connection->pg) != CONNECTION_OK)
		return problem_of_connection(connection->pg, fault);
	if (PQsetnonblocking(connection->pg, 1) || !PQenterPipelineMode(connection->pg))
		return problem_of_connection(connection->pg, fault);
	enum fault_code code = prepare(connection, fault);
	return code != FAULT_NONE ? code : set_session(connection, fault);
}

static void back_off(struct connection *connection, const struct fault *fault)
{
	int64_t next_us = connection->backoff_us ? connection->backoff_us * 2 : BACKOFF_FIRST_US;
	connection->backoff_us = next_us < BACKOFF_LAST_US ? next_us : BACKOFF_LAST_US;
	connection->retry_at_us = clock_steady_us() + connection->backoff_us;
	snprintf(connection->why, sizeof(connection->why), "%s", fault->message);
}

/* Has the server closed the connection while nobody used it? A look, without waiting. */
static bool is_closed(struct connection *connection)
{
	struct pollfd socket = {PQsocket(connection->pg), POLLIN, 0};
	/* There may be a last message before the end. */
	while (poll(&socket, 1, 0) > 0)
		if (!PQconsumeInput(connection->pg) || PQstatus(connection->pg) == CONNECTION_BAD)
			return true;
	return false;
}

enum fault_code connection_ready(struct connection *connection, struct fault *fault)
{
	if (connection->pg && is_closed(connection))
		drop(connection);
	if (connection->pg)
		return FAULT_NONE;
	if (clock_steady_us() < connection->retry_at_us)
		return fault_set(fault, FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "%s", connection->why);
	enum fault_code code = connect_now(connection, fault);
	if (code != FAULT_NONE) {
		drop(connection);
		back_off(connection, fault);
		return code;
	}
	connection->backoff_us = 0;
	connection->retry_at_us = 0;
	return FAULT_NONE;
}

/* ---- running ---- */

static enum fault_code lost(struct connection *connection, struct fault *fault)
{
	problem_of_connection(connection->pg, fault);
	if (connection->decided)
		fault_set(fault, FAULT_UNCERTAIN, "COMMIT_UNKNOWN",
			"the connection to the database was lost during the commit; "
			"it is not known whether the write was kept");
	drop(connection);
	return fault->code;
}

/* An answer that is no success. The server works in order: an error before COMMIT, or instead of it, ends the
 * commit. */
static enum fault_code failed(
	struct connection *connection, const struct step *step, const PGresult *result, struct fault *fault)
{
	bool from_server = PQresultErrorField(result, PG_DIAG_SQLSTATE) != NULL;
	if (!from_server || (problem_is_fatal(result) && step->statement->decides))
		return lost(connection, fault);
	bool prepared = !step->statement->apart;
	problem_of_result(result, step->statement->file, prepared, fault);
	if (PQstatus(connection->pg) == CONNECTION_BAD || problem_ends_connection(result, prepared))
		drop(connection);
	return fault->code;
}

/* COMMIT of a transaction that failed before says ROLLBACK. */
static bool succeeded(const struct step *step, PGresult *result)
{
	ExecStatusType status = PQresultStatus(result);
	if (step->statement->decides && strcmp(PQcmdStatus(result), "COMMIT") != 0)
		return false;
	return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

static enum fault_code take_step(struct connection *connection, struct step *step, struct fault *fault)
{
	PGresult *result = NULL;
	if (!whole_result(connection, &result)) {
		PQclear(result);
		return lost(connection, fault);
	}
	if (succeeded(step, result)) {
		step->result = result;
		return FAULT_NONE;
	}
	enum fault_code code = failed(connection, step, result, fault);
	PQclear(result);
	return code;
}

/* Reads up to the end of the list, where the pipeline works again. */
static bool take_sync(struct connection *connection)
{
	for (bool done = false; !done;) {
		PGresult *result = NULL;
		if (!whole_result(connection, &result) || PQstatus(connection->pg) == CONNECTION_BAD) {
			PQclear(result);
			drop(connection);
			return false;
		}
		done = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
		PQclear(result);
	}
	return true;
}

enum fault_code connection_run(
	struct connection *connection, struct step *steps, size_t count, struct fault *fault)
{
	enum fault_code code = FAULT_NONE;
	connection->decided = false;
	if (!connection->pg)
		return fault_set(fault, FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "the connection was lost");
	if (!send_steps(connection, steps, count))
		return lost(connection, fault);
	for (size_t i = 0; i < count && code == FAULT_NONE; i++) {
		code = take_step(connection, &steps[i], fault);
		connection->decided =
			connection->decided && !(steps[i].statement->decides && steps[i].result);
	}
	if (!connection->pg)
		return code;
	/* Everything was answered: what happens from here on changes nothing of it. */
	if (take_sync(connection) && code != FAULT_NONE)
		connection_rollback(connection);
	return code;
}

void connection_rollback(struct connection *connection)
{
	if (!connection->pg || PQtransactionStatus(connection->pg) == PQTRANS_IDLE)
		return;
	struct fault fault;
	struct step step = {&statement_rollback, NULL, 0, NULL};
	bool sent = send_steps(connection, &step, 1);
	bool taken = sent && take_step(connection, &step, &fault) == FAULT_NONE && take_sync(connection);
	steps_done(&step, 1);
	if (!taken)
		drop(connection);
}

void steps_done(struct step *steps, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		PQclear(steps[i].result);
		steps[i].result = NULL;
	}
}

/* ---- nudges ---- */

bool connection_listens(const struct connection *connection)
{
	return connection->listens;
}

void connection_set_listens(struct connection *connection)
{
	connection->listens = true;
}

/* Takes the notifications that have come. @return was one of another connection's among them? */
static bool take_nudges(struct connection *connection)
{
	bool told = false;
	PGnotify *notice;
	while (connection->pg && (notice = PQnotifies(connection->pg))) {
		told = told || notice->be_pid != PQbackendPID(connection->pg);
		PQfreemem(notice);
	}
	return told;
}

bool connection_await_nudge(struct connection *connection, int wake, int timeout_ms)
{
	int64_t until_us = clock_steady_us() + (int64_t)timeout_ms * 1000;
	struct pollfd sockets[2] = {{wake, POLLIN, 0}, {-1, POLLIN, 0}}; /* a negative one is passed over */
	bool told;
	while (!(told = take_nudges(connection))) {
		int64_t left_us = until_us - clock_steady_us();
		sockets[1].fd = connection->pg ? PQsocket(connection->pg) : -1;
		int ready = poll(sockets, 2, left_us > 0 ? (int)((left_us + 999) / 1000) : 0);
		if (ready == 0 || sockets[0].revents)
			break;
		/* It ended: the next call connects again. */
		if (ready > 0 &&
			(!PQconsumeInput(connection->pg) || PQstatus(connection->pg) == CONNECTION_BAD)) {
			drop(connection);
			break;
		}
	}
	return told;
}

/* ---- results ---- */

size_t step_rows(const struct step *step)
{
	return (size_t)PQntuples(step->result);
}

int64_t step_written(const struct step *step)
{
	return strtoll(PQcmdTuples(step->result), NULL, 10);
}

static bool read_row(const struct step *step, int number, struct arena *arena, void *row)
{
	const struct columns *columns = &step->statement->result;
	for (size_t i = 0; i < columns->count; i++) {
		int column = (int)i;
		const char *bytes = NULL;
		if (!PQgetisnull(step->result, number, column))
			bytes = PQgetvalue(step->result, number, column);
		size_t size = (size_t)PQgetlength(step->result, number, column);
		if (!column_read(&columns->items[i], bytes, size, arena, row))
			return false;
	}
	return true;
}

enum fault_code step_read(const struct step *step, struct arena *arena, void *rows, struct fault *fault)
{
	for (int i = 0; i < PQntuples(step->result); i++)
		if (!read_row(step, i, arena, (char *)rows + (size_t)i * step->statement->result.stride))
			return fault_set(fault, FAULT_INTERNAL, "DATABASE_ERROR",
				"a row of %s is not as it is written", step->statement->file);
	return FAULT_NONE;
}
