/*
 * The ledger on a real Postgres: what was acknowledged is there, revisions are
 * contiguous, findings equal a fresh evaluation, events are complete.
 */
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "postgres.h"
#include "server.h"

/* ---- what must hold afterwards ---- */

/* Of one system: revisions 1, 2, 3 … in the order of positions, each ending with its marked event. */
static void check_events(struct server *server, const char *system, int64_t revision)
{
	struct store *store = store_new(&server->store_options);
	struct fault fault;
	int partition = model_partition(system, PARTITIONS);
	int64_t at = 0;
	int64_t expected = 1;
	for (;;) {
		struct model_event *events[100];
		size_t count;
		assert_int_equal(store_events(store, partition, at, 100, events, &count, &fault), FAULT_NONE);
		for (size_t i = 0; i < count; i++) {
			assert_int_equal(events[i]->position, ++at);
			if (strcmp(events[i]->facts.system, system) == 0) {
				assert_int_equal(events[i]->facts.revision, expected);
				expected += events[i]->facts.last;
			}
			model_event_unref(events[i]);
		}
		if (count == 0)
			break;
	}
	assert_int_equal(expected, revision + 1);
	store_free(store);
}

/* ---- tests: each has a server on a database of its own ---- */

struct fixture {
	char *url;
	struct server server;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	fixture->url = postgres_database(server_postgres());
	server_open(&fixture->server, fixture->url, NULL);
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	server_close(&fixture->server);
	free(fixture->url);
	free(fixture);
	return 0;
}

/* How many descriptors of a system were committed together with the one at `index`: they have one time. */
static int committed_with(const struct store_snapshot *snapshot, size_t index)
{
	int count = 0;
	int64_t at_us = model_descriptor_version(snapshot->descriptors[index])->created_at_us;
	for (size_t i = 0; i < snapshot->descriptor_count; i++)
		count += model_descriptor_version(snapshot->descriptors[i])->created_at_us == at_us;
	return count;
}

static void a_batch_is_bounded_in_bytes(void **state)
{
	enum {
		COUNT = 12,
		SIZE = 300 * 1024, /* three of them in a batch of 1 MiB */
	};
	struct fixture *fixture = *state;
	struct server *server = &fixture->server;
	struct arena *arena = arena_new();
	struct call calls[COUNT];
	struct ledger_item items[COUNT];
	assert_int_equal(server_create(server, "s"), FAULT_NONE);
	for (int i = 0; i < COUNT; i++)
		items[i] = raw_data_item(
			arena, arena_print(arena, "d%d", i), arena_print(arena, "%0*d", SIZE, i));
	for (int i = 0; i < COUNT; i++)
		server_submit(server, change_of(arena_new(), LEDGER_PUSH, "s", &items[i], 1), &calls[i]);
	for (int i = 0; i < COUNT; i++) {
		server_await(&calls[i]);
		assert_int_equal(calls[i].change.fault.code, FAULT_NONE);
		arena_free(calls[i].change.arena);
	}
	struct store *store = store_new(&server->store_options);
	struct store_snapshot snapshot = server_load(store, arena, "s");
	assert_int_equal(snapshot.descriptor_count, COUNT + 1); /* the clock comes last */
	for (size_t i = 0; i < COUNT; i++)
		assert_in_range(committed_with(&snapshot, i), 1, 3);
	for (size_t i = 0; i < snapshot.descriptor_count; i++)
		model_descriptor_unref(snapshot.descriptors[i]);
	store_free(store);
	arena_free(arena);
}

static void changes_follow_each_other(void **state)
{
	struct fixture *fixture = *state;
	struct server *server = &fixture->server;
	struct answer answer;
	assert_int_equal(server_push(server, "s", "a", "x", &answer), FAULT_NOT_FOUND);
	assert_int_equal(server_create(server, "s"), FAULT_NONE);
	assert_int_equal(server_create(server, "s"), FAULT_EXISTS);
	assert_int_equal(server_push(server, "s", "a", "x", &answer), FAULT_NONE);
	assert_int_equal(answer.revision, 2);
	assert_int_equal(server_push(server, "s", "a", "x", &answer), FAULT_NONE);
	assert_true(answer.unchanged);
	assert_int_equal(server_push(server, "s", "a", "", &answer), FAULT_NONE);
	assert_int_equal(answer.revision, 3);
	assert_int_equal(answer.version, 2);
	assert_int_equal(answer.opened, 1);
	assert_int_equal(server_check(server, "s"), 3);
	check_events(server, "s", 3);
	server_close(server);

	/* another life of the process goes on where this one stopped */
	server_open(server, fixture->url, NULL);
	assert_int_equal(server_push(server, "s", "a", "x", &answer), FAULT_NONE);
	assert_int_equal(answer.revision, 4);
	assert_int_equal(answer.version, 3);
	assert_int_equal(answer.resolved, 1);
	assert_int_equal(server_check(server, "s"), 4);
	check_events(server, "s", 4);
}

static void checking_only_stores_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct server *server = &fixture->server;
	server_create(server, "s");
	struct arena *arena = arena_new();
	struct ledger_item item = raw_data_item(arena, "a", "");
	struct ledger_change change = change_of(arena, LEDGER_PUSH, "s", &item, 1);
	change.validate_only = true;
	struct answer dry, wet;
	assert_int_equal(server_run(server, change, &dry, NULL), FAULT_NONE);
	assert_int_equal(dry.revision, 2);
	assert_int_equal(server_check(server, "s"), 1);
	change.validate_only = false;
	assert_int_equal(server_run(server, change, &wet, NULL), FAULT_NONE);
	assert_memory_equal(&dry, &wet, sizeof(dry));
	arena_free(arena);
}

static void a_repeated_request_gets_the_earlier_answer(void **state)
{
	struct fixture *fixture = *state;
	struct server *server = &fixture->server;
	server_create(server, "s");
	struct arena *arena = arena_new();
	struct ledger_item item = raw_data_item(arena, "a", "");
	struct ledger_change change = change_of(arena, LEDGER_PUSH, "s", &item, 1);
	change.request_id = "01234567-89ab-4cde-8f01-23456789abcd";
	struct answer first, again;
	struct fault fault;
	assert_int_equal(server_run(server, change, &first, NULL), FAULT_NONE);
	server_push(server, "s", "a", "other", &again);
	assert_int_equal(server_run(server, change, &again, NULL), FAULT_NONE);
	assert_memory_equal(&first, &again, sizeof(first));
	assert_int_equal(server_check(server, "s"), 3);
	change.fingerprint.bytes[0] = 1;
	assert_int_equal(server_run(server, change, &again, &fault), FAULT_INVALID);
	assert_string_equal(fault.reason, "REQUEST_ID_REUSED");
	arena_free(arena);
}

/* ---- many writers ---- */

struct writer {
	struct server *server;
	const char *system;
	int number, pushes;
	int64_t *revisions; /* acknowledged */
};

static void *write_much(void *context)
{
	struct writer *writer = context;
	for (int i = 0; i < writer->pushes; i++) {
		char name[16], text[32] = "";
		struct answer answer;
		snprintf(name, sizeof(name), "w%d", writer->number % 3);
		if (i % 3)
			snprintf(text, sizeof(text), "%d-%d", writer->number, i);
		enum fault_code code = server_push(writer->server, writer->system, name, text, &answer);
		assert_int_equal(code, FAULT_NONE);
		writer->revisions[i] = answer.unchanged ? 0 : answer.revision;
	}
	return NULL;
}

enum {
	WRITERS = 8,
	PUSHES = 40,
};

/* Writers of two servers push to the systems; every acknowledged revision is there once. */
static void race(struct server *servers, size_t server_count, const char *const *systems, size_t system_count)
{
	pthread_t threads[WRITERS];
	struct writer writers[WRITERS];
	int64_t revisions[WRITERS][PUSHES];
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){&servers[(size_t)i % server_count],
			systems[((size_t)i / server_count) % system_count], i, PUSHES, revisions[i]};
		pthread_create(&threads[i], NULL, write_much, &writers[i]);
	}
	for (int i = 0; i < WRITERS; i++)
		pthread_join(threads[i], NULL);
	for (size_t s = 0; s < system_count; s++) {
		int64_t last = server_check(&servers[0], systems[s]);
		check_events(&servers[0], systems[s], last);
		bool *seen = calloc((size_t)last + 1, sizeof(bool));
		for (int i = 0; i < WRITERS; i++) {
			for (int j = 0; writers[i].system == systems[s] && j < PUSHES; j++) {
				int64_t revision = revisions[i][j];
				assert_true(revision <= last);
				assert_false(revision && seen[revision]);
				seen[revision] = true;
			}
		}
		for (int64_t revision = 2; revision <= last; revision++)
			assert_true(seen[revision]);
		free(seen);
	}
}

static void many_writers_lose_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct server *server = &fixture->server;
	const char *const systems[] = {"alpha", "beta", "gamma"};
	for (int i = 0; i < 3; i++)
		server_create(server, systems[i]);
	race(server, 1, systems, 3);
}

static void two_servers_lose_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct server servers[2] = {fixture->server};
	server_open(&servers[1], fixture->url, NULL);
	const char *const systems[] = {"alpha", "beta"};
	server_create(&servers[0], "alpha");
	server_create(&servers[1], "beta");
	race(servers, 2, systems, 2);

	/* each server's hub catches up with the other's commits */
	int64_t until = clock_steady_us() + 5000000;
	for (int partition = 0; partition < PARTITIONS; partition++)
		while (hub_head(servers[0].hub, partition) != hub_head(servers[1].hub, partition) &&
			clock_steady_us() < until)
			nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	for (int partition = 0; partition < PARTITIONS; partition++)
		assert_int_equal(hub_head(servers[0].hub, partition), hub_head(servers[1].hub, partition));
	server_close(&servers[1]);
}

static void see_nothing_by_itself(struct ledger_options *options)
{
	options->follow_interval_ms = 60000;
	options->hints = false;
}

/* @param[out] descriptors  of the system's data "a" and "b" in the view that is in memory */
static struct ledger_view *look(struct server *server, const struct model_descriptor *descriptors[2])
{
	struct ledger_view *view = ledger_view_cached(server->ledger, "s");
	assert_non_null(view);
	descriptors[0] = model_system_find(ledger_view_system(view), KIND_RAW_DATA, "a");
	descriptors[1] = model_system_find(ledger_view_system(view), KIND_RAW_DATA, "b");
	return view;
}

static void what_another_server_left_alone_is_not_read_again(void **state)
{
	struct fixture *fixture = *state;
	struct server *other = &fixture->server;
	struct server server;
	const struct model_descriptor *before[2], *after[2];
	server_open(&server, fixture->url, see_nothing_by_itself);
	assert_int_equal(server_create(&server, "s"), FAULT_NONE);
	assert_int_equal(server_push(&server, "s", "a", "", NULL), FAULT_NONE);
	assert_int_equal(server_push(&server, "s", "b", "", NULL), FAULT_NONE);
	struct ledger_view *old = look(&server, before);
	assert_int_equal(server_push(other, "s", "b", "text", NULL), FAULT_NONE);
	assert_int_equal(server_push(&server, "s", "c", "", NULL), FAULT_NONE);
	struct ledger_view *view = look(&server, after);
	assert_int_equal(ledger_view_revision(view), 5);
	assert_ptr_equal(after[0], before[0]);
	assert_ptr_not_equal(after[1], before[1]);
	assert_int_equal(model_descriptor_version(after[1])->version, 2);
	assert_int_equal(server_check(&server, "s"), 5);
	ledger_view_unref(view);
	ledger_view_unref(old);
	server_close(&server);
}

static void a_database_that_goes_comes_back(void **state)
{
	struct fixture *fixture = *state;
	struct server *server = &fixture->server;
	server_create(server, "s");
	postgres_stop(server_postgres());
	int64_t begin = clock_steady_us();
	struct answer answer = {0};
	assert_int_equal(server_push(server, "s", "a", "x", &answer), FAULT_UNAVAILABLE);
	assert_true(clock_steady_us() - begin < 2000000);
	int64_t until = clock_steady_us() + 5000000;
	while (ledger_is_up(server->ledger) && clock_steady_us() < until)
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	assert_false(ledger_is_up(server->ledger));
	assert_int_equal(server_push(server, "s", "a", "x", &answer), FAULT_UNAVAILABLE);

	postgres_start(server_postgres());
	enum fault_code code = FAULT_UNAVAILABLE;
	until = clock_steady_us() + 20000000;
	while (code == FAULT_UNAVAILABLE && clock_steady_us() < until) {
		code = server_push(server, "s", "a", "x", &answer);
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	}
	assert_int_equal(code, FAULT_NONE);
	assert_int_equal(answer.revision, 2);
	check_events(server, "s", server_check(server, "s"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(changes_follow_each_other, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_batch_is_bounded_in_bytes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(checking_only_stores_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_repeated_request_gets_the_earlier_answer, set_up, tear_down),
		cmocka_unit_test_setup_teardown(many_writers_lose_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(two_servers_lose_nothing, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_another_server_left_alone_is_not_read_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_database_that_goes_comes_back, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, server_start_postgres, server_stop_postgres);
}
