/* Commits that lose, and commits at the same time. */
#include <pthread.h>
#include <stdatomic.h>

#include "fixture.h"

#include "base/clock.h"
#include "model/name.h"

static const char id[] = "0190a1b2-c3d4-4e5f-8a9b-0123456789ab";

static void begin_with(const struct fixture *fixture, const char *const *systems, size_t count)
{
	struct draft *draft = draft_new(fixture->arena);
	for (size_t i = 0; i < count; i++)
		draft_push(draft, systems[i], 1);
	draft_keep(draft, fixture->store);
}

static void only_losers_are_marked(const struct fixture *fixture)
{
	static const char *const systems[] = {"well", "stale", "taken"};
	struct draft *draft = draft_new(fixture->arena);
	struct fault fault;
	begin_with(fixture, systems, 3);
	int64_t before = fixture_trace(fixture);
	draft_push(draft, "well", 2);
	draft_push(draft, "stale", 5);
	draft_push(draft, "taken", 1);
	draft_push(draft, "new", 1);
	expect_fault(FAULT_CONFLICT, draft_commit(draft, fixture->store, &fault), &fault);
	assert_string_equal(fault.reason, "REVISION_CONFLICT");
	assert_false(draft->conflicted[0]);
	assert_true(draft->conflicted[1]);
	assert_true(draft->conflicted[2]);
	assert_false(draft->conflicted[3]);
	assert_int_equal(fixture_trace(fixture), before);
	draft = draft_new(fixture->arena);
	draft_push(draft, "well", 2);
	draft_push(draft, "new", 1);
	draft_keep(draft, fixture->store);
}

static void a_system_that_is_gone_is_marked(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	struct fault fault;
	draft_push(draft, "never", 3);
	expect_fault(FAULT_CONFLICT, draft_commit(draft, fixture->store, &fault), &fault);
	assert_true(draft->conflicted[0]);
}

/* What a restore or a failover leaves: the lost revision's number is given out again. */
static void another_revision_of_the_same_number_is_a_conflict(const struct fixture *fixture)
{
	static const char *const systems[] = {"fraud"};
	struct draft *draft = draft_new(fixture->arena);
	struct fault fault;
	begin_with(fixture, systems, 1);
	fixture_sql(fixture, "UPDATE system SET updated_at = updated_at + interval '1 microsecond'");
	int64_t before = fixture_trace(fixture);
	draft_push(draft, "fraud", 2);
	expect_fault(FAULT_CONFLICT, draft_commit(draft, fixture->store, &fault), &fault);
	assert_string_equal(fault.reason, "REVISION_CONFLICT");
	assert_true(draft->conflicted[0]);
	assert_int_equal(fixture_trace(fixture), before);
	draft->batch.systems[0].expected.updated_at_us++;
	draft_keep(draft, fixture->store);
}

static void another_race_marks_nobody(const struct fixture *fixture)
{
	static const char *const systems[] = {"fraud"};
	struct draft *draft = draft_new(fixture->arena);
	struct fault fault;
	begin_with(fixture, systems, 1);
	int64_t before = fixture_trace(fixture);
	draft_system(draft, "fraud", 1, 2, false);
	draft_version(draft, "fraud", KIND_TRAINED_MODEL, "default", 1, 2, "number one again");
	draft_event(draft, "fraud", 2, true);
	expect_fault(FAULT_CONFLICT, draft_commit(draft, fixture->store, &fault), &fault);
	assert_false(draft->conflicted[0]);
	assert_int_equal(fixture_trace(fixture), before);
}

static void a_request_id_that_is_taken_is_a_conflict(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	struct fault fault;
	draft_push(draft, "fraud", 1);
	draft_request(draft, "fraud", id, "first", clock_wall_us());
	draft_keep(draft, fixture->store);
	int64_t before = fixture_trace(fixture);
	draft = draft_new(fixture->arena);
	draft_push(draft, "fraud", 2);
	draft_request(draft, "fraud", id, "second", clock_wall_us());
	expect_fault(FAULT_CONFLICT, draft_commit(draft, fixture->store, &fault), &fault);
	assert_false(draft->conflicted[0]);
	assert_int_equal(fixture_trace(fixture), before);
}

static void a_request_id_that_is_none_is_invalid(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	struct fault fault;
	draft_request(draft, "fraud", "not a UUID", "x", clock_wall_us());
	expect_fault(FAULT_INVALID, draft_commit(draft, fixture->store, &fault), &fault);
}

static void an_end_of_what_is_not_open_is_our_mistake(const struct fixture *fixture)
{
	static const char *const systems[] = {"fraud"};
	struct draft *draft = draft_new(fixture->arena);
	struct fault fault;
	begin_with(fixture, systems, 1);
	int64_t before = fixture_trace(fixture);
	draft_push(draft, "fraud", 2);
	draft_end(draft, "fraud", 9, 1, 2, true);
	expect_fault(FAULT_INTERNAL, draft_commit(draft, fixture->store, &fault), &fault);
	assert_string_equal(fault.reason, "DATABASE_ERROR");
	assert_int_equal(fixture_trace(fixture), before);
}

static void events_need_a_partition(const struct fixture *fixture)
{
	static const char *const systems[] = {"fraud"};
	struct draft *draft = draft_new(fixture->arena);
	struct fault fault;
	begin_with(fixture, systems, 1);
	int64_t before = fixture_trace(fixture);
	draft_push(draft, "fraud", 2);
	draft->batch.events[1].partition = PARTITIONS;
	expect_fault(FAULT_INTERNAL, draft_commit(draft, fixture->store, &fault), &fault);
	assert_int_equal(fixture_trace(fixture), before);
}

static void a_batch_may_be_nothing_but_a_request(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	draft_request(draft, "fraud", id, "same as before", clock_wall_us());
	draft_keep(draft, fixture->store);
	draft_keep(draft_new(fixture->arena), fixture->store);
	assert_int_equal(fixture_number(fixture, "SELECT sum(head) FROM partition"), 0);
}

static void too_much_at_once_is_refused(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	struct fault fault;
	draft_push(draft, "fraud", 1);
	draft->batch.events[0].body_size = (size_t)300 << 20; /* not read: the sum comes first */
	expect_fault(FAULT_EXHAUSTED, draft_commit(draft, fixture->store, &fault), &fault);
	assert_string_equal(fault.reason, "BATCH_TOO_LARGE");
}

static void a_lock_that_is_kept_is_a_timeout(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	struct store_options options = fixture->options;
	struct fault fault;
	options.lock_timeout_ms = 200;
	struct store *store = store_new(&options);
	PGconn *other = PQconnectdb(fixture->url);
	PQclear(PQexec(other, "BEGIN"));
	PQclear(PQexec(other, "UPDATE partition SET head = head"));
	draft_push(draft, "fraud", 1);
	expect_fault(FAULT_TIMEOUT, draft_commit(draft, store, &fault), &fault);
	assert_string_equal(fault.reason, "DATABASE_TIMEOUT");
	PQclear(PQexec(other, "ROLLBACK"));
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM system"), 0);
	draft_keep(draft, store);
	PQfinish(other);
	store_free(store);
}

/* ---- at the same time ---- */

enum {
	WRITERS = 4,
	BATCHES = 40,
	SYSTEMS = 3, /* of one writer, in one batch */
};

struct writer {
	pthread_t thread;
	const struct fixture *fixture;
	int number;
	bool shared; /* all writers write the same systems */
	int won;
	struct fault fault; /* of a failure that is none of the expected */
};

static void system_name(const struct writer *writer, int of, char *name)
{
	snprintf(name, MODEL_ID_SIZE, "w%d-%d", writer->shared ? 0 : writer->number, of);
}

/* The ledger's part: looks what is there and writes the next revision. */
static enum fault_code write_next(struct writer *writer, struct store *store, struct arena *arena)
{
	struct draft *draft = draft_new(arena);
	for (int i = 0; i < SYSTEMS; i++) {
		char name[MODEL_ID_SIZE];
		struct store_snapshot snapshot = {0};
		system_name(writer, i, name);
		enum fault_code code = fixture_load(store, arena, name, &snapshot, &writer->fault);
		if (code != FAULT_NONE && code != FAULT_NOT_FOUND)
			return code;
		fixture_unload(&snapshot);
		draft_push(draft, name, snapshot.system.revision + 1);
	}
	return draft_commit(draft, store, &writer->fault);
}

static void *write_all(void *of)
{
	struct writer *writer = of;
	struct store *store = store_new(&writer->fixture->options);
	writer->fault.code = FAULT_NONE;
	for (int i = 0; i < BATCHES; i++) {
		struct arena *arena = arena_new();
		enum fault_code code = write_next(writer, store, arena);
		arena_free(arena);
		writer->won += code == FAULT_NONE;
		if (code != FAULT_NONE && code != FAULT_CONFLICT)
			break;
		writer->fault.code = FAULT_NONE;
	}
	store_free(store);
	return NULL;
}

struct reader {
	pthread_t thread;
	const struct fixture *fixture;
	atomic_bool stop;
	int64_t seen[PARTITIONS];
	bool gap;
};

static bool read_partition(struct reader *reader, struct store *store, int partition)
{
	struct model_event *events[64];
	struct fault fault;
	size_t count = 0;
	if (store_events(store, partition, reader->seen[partition], 64, events, &count, &fault) != FAULT_NONE)
		return false;
	for (size_t i = 0; i < count; i++) {
		reader->gap = reader->gap || events[i]->position != ++reader->seen[partition];
		model_event_unref(events[i]);
	}
	return count > 0;
}

/* Follows the events while they are written: one that shows up late would be a gap first. */
static void *follow(void *of)
{
	struct reader *reader = of;
	struct store *store = store_new(&reader->fixture->options);
	for (bool more = true; more || !atomic_load(&reader->stop);) {
		bool stopped = atomic_load(&reader->stop);
		more = false;
		for (int i = 0; i < PARTITIONS; i++)
			more = read_partition(reader, store, i) || more;
		more = more || !stopped;
	}
	store_free(store);
	return NULL;
}

static int run_writers(const struct fixture *fixture, struct writer *writers, bool shared)
{
	int won = 0;
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){.fixture = fixture, .number = i, .shared = shared};
		assert_int_equal(pthread_create(&writers[i].thread, NULL, write_all, &writers[i]), 0);
	}
	for (int i = 0; i < WRITERS; i++) {
		pthread_join(writers[i].thread, NULL);
		expect_fault(FAULT_NONE, writers[i].fault.code, &writers[i].fault);
		won += writers[i].won;
	}
	return won;
}

static void positions_are_without_gaps_and_in_commit_order(const struct fixture *fixture)
{
	struct writer writers[WRITERS];
	struct reader reader = {.fixture = fixture};
	int64_t seen = 0;
	assert_int_equal(pthread_create(&reader.thread, NULL, follow, &reader), 0);
	int won = run_writers(fixture, writers, false);
	atomic_store(&reader.stop, true);
	pthread_join(reader.thread, NULL);
	assert_int_equal(
		won, WRITERS * BATCHES); /* nobody writes what another does: a deadlock would be a conflict */
	assert_false(reader.gap);
	for (int i = 0; i < PARTITIONS; i++)
		seen += reader.seen[i];
	assert_int_equal(seen, WRITERS * BATCHES * SYSTEMS * 2);
	assert_int_equal(fixture_number(fixture, "SELECT sum(head) FROM partition"), seen);
}

static void no_update_is_lost(const struct fixture *fixture)
{
	struct writer writers[WRITERS];
	int won = run_writers(fixture, writers, true);
	assert_true(won >= BATCHES / 2);
	assert_int_equal(fixture_number(fixture, "SELECT min(revision) FROM system"), won);
	assert_int_equal(fixture_number(fixture, "SELECT max(revision) FROM system"), won);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM version"), won * SYSTEMS);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM event"), won * SYSTEMS * 2);
}

static const struct fixture_case plains[] = {
	{"a revision that is not as expected fails the batch and marks only its system",
		only_losers_are_marked},
	{"a system that is expected and is not there is marked", a_system_that_is_gone_is_marked},
	{"another revision of the number that is expected is a conflict",
		another_revision_of_the_same_number_is_a_conflict},
	{"another race marks nobody", another_race_marks_nobody},
	{"a request id that is taken is a conflict", a_request_id_that_is_taken_is_a_conflict},
	{"a request id that is no UUID is invalid", a_request_id_that_is_none_is_invalid},
	{"the end of a finding that is not open leaves nothing", an_end_of_what_is_not_open_is_our_mistake},
	{"events of a partition that does not exist leave nothing", events_need_a_partition},
	{"a batch may be nothing but a request, or nothing", a_batch_may_be_nothing_but_a_request},
	{"more than Postgres takes at once is refused", too_much_at_once_is_refused},
	{"a lock that another keeps is a timeout and leaves nothing", a_lock_that_is_kept_is_a_timeout},
	{"positions are without gaps and in the order of commits",
		positions_are_without_gaps_and_in_commit_order},
	{"writers of the same systems lose no update", no_update_is_lost},
};

int main(void)
{
	return fixture_end(CASES_RUN(plains, fixture_check));
}
