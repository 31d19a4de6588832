/*
 * Fails the n-th statement of a commit, for every n, in every way it can
 * fail: nothing is ever written by half, and the fault says what is known.
 * The linker puts __wrap_PQsendQueryPrepared before libpq's own function.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "fixture.h"

#include "base/clock.h"
#include "model/name.h"

enum harm {
	HARM_NONE,
	HARM_REFUSE,    /* libpq cannot send it                                */
	HARM_RAISE,     /* the server answers with an error                    */
	HARM_TERMINATE, /* the server ends the connection instead of running it */
	HARM_CUT,       /* it runs, then the connection is cut                 */
};

static struct {
	enum harm harm;
	int at; /* the statement to harm, from 1; 0: each one */
	int seen;
	const char *state; /* SQLSTATE to raise */
} plan;

int __real_PQsendQueryPrepared(PGconn *pg, const char *name, int count, const char *const *values,
	const int *sizes, const int *formats, int format);
int __wrap_PQsendQueryPrepared(PGconn *pg, const char *name, int count, const char *const *values,
	const int *sizes, const int *formats, int format);

static int raise_instead(PGconn *pg)
{
	char sql[200];
	snprintf(sql, sizeof(sql), "DO $$ BEGIN RAISE EXCEPTION 'as planned' USING ERRCODE = '%s'; END $$",
		plan.state);
	return PQsendQueryParams(pg, sql, 0, NULL, NULL, NULL, NULL, 1);
}

/* Lets the server do it, then takes the connection away with all its answers. */
static void cut(PGconn *pg)
{
	PQsendFlushRequest(pg);
	while (PQflush(pg) == 1)
		usleep(1000);
	usleep(100000);
	int pair[2];
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	close(pair[1]);
	dup2(pair[0], PQsocket(pg));
	close(pair[0]);
}

int __wrap_PQsendQueryPrepared(PGconn *pg, const char *name, int count, const char *const *values,
	const int *sizes, const int *formats, int format)
{
	bool here = plan.harm != HARM_NONE && (++plan.seen == plan.at || plan.at == 0);
	if (here && plan.harm == HARM_REFUSE)
		return 0;
	if (here && plan.harm == HARM_RAISE)
		return raise_instead(pg);
	if (here && plan.harm == HARM_TERMINATE)
		return PQsendQueryParams(
			pg, "SELECT pg_terminate_backend(pg_backend_pid())", 0, NULL, NULL, NULL, NULL, 1);
	int sent = __real_PQsendQueryPrepared(pg, name, count, values, sizes, formats, format);
	if (here && plan.harm == HARM_CUT)
		cut(pg);
	return sent;
}

struct harmed {
	const char *name;
	enum harm harm;
	const char *state;
	enum fault_code before; /* the fault of a statement before COMMIT */
	enum fault_code commit; /* the fault of COMMIT */
	bool kept;              /* is it written when COMMIT is the one? */
};

static const struct harmed table[] = {
	{"a statement that cannot be sent is unavailable and leaves nothing, uncertain at COMMIT",
		HARM_REFUSE, NULL, FAULT_UNAVAILABLE, FAULT_UNCERTAIN, false},
	{"a serialization failure is a conflict and leaves nothing", HARM_RAISE, "40001", FAULT_CONFLICT,
		FAULT_CONFLICT, false},
	{"a deadlock is a conflict and leaves nothing", HARM_RAISE, "40P01", FAULT_CONFLICT, FAULT_CONFLICT,
		false},
	{"a row that exists already is a conflict and leaves nothing", HARM_RAISE, "23505", FAULT_CONFLICT,
		FAULT_CONFLICT, false},
	{"a statement that takes too long is a timeout and leaves nothing", HARM_RAISE, "57014",
		FAULT_TIMEOUT, FAULT_TIMEOUT, false},
	{"a lock that is not got is a timeout and leaves nothing", HARM_RAISE, "55P03", FAULT_TIMEOUT,
		FAULT_TIMEOUT, false},
	{"a full disk is unavailable and leaves nothing", HARM_RAISE, "53100", FAULT_UNAVAILABLE,
		FAULT_UNAVAILABLE, false},
	{"a server that only reads is unavailable and leaves nothing", HARM_RAISE, "25006", FAULT_UNAVAILABLE,
		FAULT_UNAVAILABLE, false},
	{"a table that went away is a mismatch and leaves nothing", HARM_RAISE, "42P01", FAULT_INVALID,
		FAULT_INVALID, false},
	{"an error that nobody expects is internal and leaves nothing", HARM_RAISE, "XX000", FAULT_INTERNAL,
		FAULT_INTERNAL, false},
	{"a backend that is ended is unavailable and leaves nothing, uncertain at COMMIT", HARM_TERMINATE,
		NULL, FAULT_UNAVAILABLE, FAULT_UNCERTAIN, false},
	{"a connection that is cut leaves it uncertain, and nothing unless COMMIT ran", HARM_CUT, NULL,
		FAULT_UNAVAILABLE, FAULT_UNCERTAIN, true},
};

/* A system in a partition that is not that of fraud, so that every batch has as many statements. */
static const char *other_system(struct arena *arena, int64_t number)
{
	for (int i = 0;; i++) {
		const char *name = arena_print(arena, "new-%lld-%d", (long long)number, i);
		if (partition_of(name) != partition_of("fraud"))
			return name;
	}
}

/* One change of every kind to a system that exists, with events in two partitions. */
static struct draft *whole_draft(struct arena *arena, int64_t revision)
{
	struct draft *draft = draft_new(arena);
	draft_push(draft, "fraud", revision);
	draft_end(draft, "fraud", (int)revision - 1, revision - 1, revision, true);
	draft_push(draft, other_system(arena, revision), 1);
	draft_request(draft, "fraud",
		arena_print(arena, "0190a1b2-c3d4-4e5f-8a9b-%012lld", (long long)revision), "answer",
		clock_wall_us());
	return draft;
}

/* Are the counts of everything those of whole revisions? */
static void expect_whole(const struct fixture *fixture, int64_t revision)
{
	int64_t wrong = fixture_number(
		fixture, arena_print(fixture->arena,
				 "WITH r (r) AS (VALUES (%lld)) SELECT"
				 " (SELECT count(*) <> r FROM system)::integer" /* one new one with each but
										   the first */
				 " + 10 * (SELECT revision <> r FROM system WHERE system = 'fraud')::integer"
				 " + 100 * (SELECT count(*) <> 2 * r - 1 FROM version)::integer"
				 " + 1000 * (SELECT count(*) <> 2 * r - 1 FROM finding)::integer"
				 " + 10000 * (SELECT count(*) <> r - 1 FROM finding WHERE resolved)::integer"
				 " + 100000 * (SELECT count(*) <> 4 * r - 2 FROM event)::integer"
				 " + 1000000 * (SELECT sum(head) <> 4 * r - 2 FROM partition)::integer"
				 " + 10000000 * (SELECT count(*) <> r - 1 FROM request)::integer FROM r",
				 (long long)revision));
	if (wrong)
		fail_msg("revision %lld is not whole: %lld", (long long)revision, (long long)wrong);
}

static bool is_decision(int at, int statements)
{
	return at == statements;
}

/* COMMIT travels with all before it: when the connection goes, nobody can know here how far the server came.
 */
static enum fault_code expected_fault(const struct harmed *harmed, int at, int statements)
{
	return is_decision(at, statements) || harmed->harm == HARM_CUT ? harmed->commit : harmed->before;
}

/* Harms one statement. @return how many statements a commit has, as far as it came */
static void harm_one(
	const struct fixture *fixture, const struct harmed *harmed, int at, int statements, int64_t *revision)
{
	struct fault fault;
	struct draft *draft = whole_draft(fixture->arena, *revision + 1);
	int64_t before = fixture_trace(fixture);
	expect_fault(FAULT_NONE, store_check(fixture->store, &fault), &fault);
	plan.harm = harmed->harm;
	plan.at = at;
	plan.seen = 0;
	plan.state = harmed->state;
	enum fault_code code = draft_commit(draft, fixture->store, &fault);
	plan.harm = HARM_NONE;
	expect_fault(expected_fault(harmed, at, statements), code, &fault);
	for (size_t i = 0; i < draft->batch.system_count; i++)
		assert_false(draft->conflicted[i]);
	if (is_decision(at, statements) && harmed->kept)
		(*revision)++;
	else
		assert_int_equal(fixture_trace(fixture), before);
	expect_whole(fixture, *revision);
	/* And it goes on as if nothing had been. */
	draft_keep(whole_draft(fixture->arena, *revision + 1), fixture->store);
	expect_whole(fixture, ++*revision);
}

static int count_statements(const struct fixture *fixture, int64_t *revision)
{
	plan.harm = HARM_CUT;
	plan.at = -1;
	plan.seen = 0;
	draft_keep(whole_draft(fixture->arena, ++*revision), fixture->store);
	plan.harm = HARM_NONE;
	return plan.seen;
}

static void run(void **state)
{
	const struct harmed *harmed = *state;
	struct fixture fixture;
	struct fault fault;
	int64_t revision = 1;
	fixture_open(&fixture);
	struct draft *draft = draft_new(fixture.arena);
	draft_push(draft, "fraud", 1);
	draft_keep(draft, fixture.store);
	expect_fault(FAULT_NONE, store_check(fixture.store, &fault), &fault);
	int statements = count_statements(&fixture, &revision);
	assert_true(statements >= 10);
	for (int at = 1; at <= statements; at++)
		harm_one(&fixture, harmed, at, statements, &revision);
	fixture_close(&fixture);
}

/* ---- reading ---- */

struct raced {
	const char *name;
	int at;
	enum fault_code expected;
};

/* Only a commit is told of a lost race, for only there somebody knows what to do about it. */
static const struct raced races[] = {
	{"a read that loses a race is run again", 1, FAULT_NONE},
	{"a read of several statements that loses a race is run again", 2, FAULT_NONE},
	{"a read that loses every race is unavailable", 0, FAULT_UNAVAILABLE},
};

static void read_again(void **state)
{
	const struct raced *raced = *state;
	struct fixture fixture;
	struct fault fault;
	fixture_open(&fixture);
	struct draft *draft = draft_new(fixture.arena);
	draft_push(draft, "fraud", 1);
	draft_keep(draft, fixture.store);
	plan.harm = HARM_RAISE;
	plan.at = raced->at;
	plan.seen = 0;
	plan.state = "40001";
	struct store_snapshot snapshot;
	fault = (struct fault){0};
	enum fault_code code = fixture_load(fixture.store, fixture.arena, "fraud", &snapshot, &fault);
	plan.harm = HARM_NONE;
	expect_fault(raced->expected, code, &fault);
	assert_int_equal(fault.code, raced->expected);
	if (code == FAULT_NONE) {
		assert_int_equal(snapshot.system.revision, 1);
		fixture_unload(&snapshot);
	}
	fixture_close(&fixture);
}

/* ---- reading a span of revisions ---- */

typedef enum fault_code span_fn(
	const struct fixture *fixture, const struct store_span *span, size_t *count, struct fault *fault);

static enum fault_code whole_versions(
	const struct fixture *fixture, const struct store_span *span, size_t *count, struct fault *fault)
{
	struct store_version *list;
	return store_whole_versions_at(fixture->store, fixture->arena, span, &list, count, fault);
}

static enum fault_code written_versions(
	const struct fixture *fixture, const struct store_span *span, size_t *count, struct fault *fault)
{
	struct store_version *list;
	return store_versions_between(fixture->store, fixture->arena, span, &list, count, fault);
}

static enum fault_code held_findings(
	const struct fixture *fixture, const struct store_span *span, size_t *count, struct fault *fault)
{
	struct store_held *list;
	return store_findings_between(fixture->store, fixture->arena, span, &list, count, fault);
}

struct spanned {
	const char *name;
	span_fn *read;
};

static const struct spanned spans[] = {
	{"a failed read of the versions of a revision says why, and works again", whole_versions},
	{"a failed read of what revisions wrote says why, and works again", written_versions},
	{"a failed read of the findings of revisions says why, and works again", held_findings},
};

/* Each way to fail of the table, before the server has run it. */
static void read_span(void **state)
{
	const struct spanned *spanned = *state;
	struct fixture fixture;
	fixture_open(&fixture);
	struct draft *draft = draft_new(fixture.arena);
	draft_push(draft, "fraud", 1);
	draft_keep(draft, fixture.store);
	struct store_span span = {partition_of("fraud"), "fraud", 1, 1, KIND_EVERY, INT64_MAX};
	span.first -= spanned->read == written_versions; /* what comes after it */
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct fault fault = {0};
		size_t count = 77;
		expect_fault(FAULT_NONE, store_check(fixture.store, &fault), &fault);
		plan.harm = table[i].harm;
		plan.at = 0; /* each one: a read that loses a race is run again */
		plan.state = table[i].state;
		enum fault_code code = spanned->read(&fixture, &span, &count, &fault);
		plan.harm = HARM_NONE;
		enum fault_code expected =
			table[i].before == FAULT_CONFLICT ? FAULT_UNAVAILABLE : table[i].before;
		expect_fault(expected, code, &fault);
		assert_int_equal(fault.code, expected);
		assert_int_equal(count, 77);
		fault = (struct fault){0};
		expect_fault(FAULT_NONE, spanned->read(&fixture, &span, &count, &fault), &fault);
		assert_int_equal(count, 1);
	}
	fixture_close(&fixture);
}

int main(void)
{
	int failed = CASES_RUN(table, run);
	failed += CASES_RUN(races, read_again);
	return fixture_end(failed + CASES_RUN(spans, read_span));
}
