/*
 * The ledger on a real Postgres: what was acknowledged is there, revisions are
 * contiguous, findings equal a fresh evaluation, events are complete.
 */
#include "ledger/ledger.h"

#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "cases.h"
#include "changes.h"
#include "ledger/view_build.h"
#include "postgres.h"

enum {
	PARTITIONS = 4,
};

static struct postgres *postgres;

/* One server: its hub and its ledger on a database. */
struct server {
	struct store_options store_options;
	struct store_identity identity;
	struct hub *hub;
	struct ledger *ledger;
};

static void server_open(struct server *server, const char *url)
{
	struct fault fault;
	server->store_options = (struct store_options){.url = url,
		.connect_timeout_s = 5,
		.statement_timeout_ms = 10000,
		.lock_timeout_ms = 5000,
		.application_name = "test"};
	if (store_migrate(&server->store_options, PARTITIONS, NULL, &fault))
		fail_msg("%s", fault.message);
	struct store *store = store_new(&server->store_options);
	struct store_head heads[PARTITIONS];
	int64_t positions[PARTITIONS];
	assert_int_equal(store_identity(store, &server->identity, &fault), FAULT_NONE);
	assert_int_equal(store_heads(store, heads, PARTITIONS, &fault), FAULT_NONE);
	for (int i = 0; i < PARTITIONS; i++)
		positions[heads[i].partition] = heads[i].head;
	store_free(store);
	server->hub = hub_new(
		&(struct hub_options){
			.partitions = PARTITIONS, .ring_events = 100000, .ring_bytes = 64 << 20},
		positions);
	struct ledger_options options = {.store = server->store_options,
		.lanes = 2,
		.readers = 2,
		.batch_changes = 16,
		.batch_bytes = 1 << 20,
		.queue_changes = 1000,
		.queue_reads = 100,
		.view_bytes = 64 << 20,
		.follow_interval_ms = 20,
		.tick_interval_ms = 20,
		.hints = true,
		.event_retention_s = 3600,
		.event_limit = 1000000};
	server->ledger = ledger_new(&options, &server->identity, server->hub);
}

static void server_close(struct server *server)
{
	ledger_free(server->ledger);
	hub_free(server->hub);
}

/* ---- one change, waited for ---- */

struct answer {
	int64_t revision;
	int32_t version; /* of the first item */
	bool unchanged;
	size_t opened, changed, resolved;
};

struct call {
	struct ledger_change change;
	pthread_mutex_t lock;
	pthread_cond_t ended;
	bool done;
};

static void *encode(const struct ledger_change *change, const struct ledger_outcome *outcome,
	struct arena *arena, size_t *size)
{
	struct answer *answer = arena_alloc(arena, sizeof(*answer));
	*answer = (struct answer){outcome->revision, 0, outcome->unchanged, outcome->opened_count,
		outcome->changed_count, outcome->resolved_count};
	if (change->action == LEDGER_PUSH)
		answer->version = outcome->versions[0]->version;
	*size = sizeof(*answer);
	return answer;
}

static void done(struct ledger_change *change)
{
	struct call *call = change->context;
	pthread_mutex_lock(&call->lock);
	call->done = true;
	pthread_cond_signal(&call->ended);
	pthread_mutex_unlock(&call->lock);
}

static void submit(struct server *server, struct ledger_change change, struct call *call)
{
	*call = (struct call){.change = change};
	pthread_mutex_init(&call->lock, NULL);
	pthread_cond_init(&call->ended, NULL);
	call->change.encode = encode;
	call->change.done = done;
	call->change.context = call;
	ledger_submit(server->ledger, &call->change);
}

static void await(struct call *call)
{
	pthread_mutex_lock(&call->lock);
	while (!call->done)
		pthread_cond_wait(&call->ended, &call->lock);
	pthread_mutex_unlock(&call->lock);
	pthread_cond_destroy(&call->ended);
	pthread_mutex_destroy(&call->lock);
}

/* Submits and waits. @return the fault's code */
static enum fault_code run(
	struct server *server, struct ledger_change change, struct answer *answer, struct fault *fault)
{
	struct call call;
	submit(server, change, &call);
	await(&call);
	if (fault)
		*fault = call.change.fault;
	if (!call.change.fault.code && answer)
		memcpy(answer, call.change.answer, sizeof(*answer));
	return call.change.fault.code;
}

static enum fault_code create(struct server *server, const char *system)
{
	struct arena *arena = arena_new();
	enum fault_code code =
		run(server, change_of(arena, LEDGER_CREATE_SYSTEM, system, NULL, 0), NULL, NULL);
	arena_free(arena);
	return code;
}

static enum fault_code push(
	struct server *server, const char *system, const char *name, const char *text, struct answer *answer)
{
	struct arena *arena = arena_new();
	struct ledger_item item = raw_data_item(arena, name, text);
	enum fault_code code = run(server, change_of(arena, LEDGER_PUSH, system, &item, 1), answer, NULL);
	arena_free(arena);
	return code;
}

/* ---- what must hold afterwards ---- */

/* The stored findings are those of a fresh evaluation, and they all have their lives. */
static int64_t check_system(struct server *server, const char *system)
{
	struct store *store = store_new(&server->store_options);
	struct arena *arena = arena_new();
	struct store_snapshot snapshot;
	struct fault fault;
	if (store_load(store, arena, model_partition(system, PARTITIONS), system, &snapshot, &fault))
		fail_msg("%s", fault.message);
	struct ledger_view *view = ledger_view_of(&snapshot);
	assert_int_equal(view->stray_count, 0);
	assert_int_equal(snapshot.finding_count, view->finding_count);
	for (size_t i = 0; i < view->finding_count; i++)
		assert_true(view->findings[i].life.opened_revision > 0);
	for (size_t i = 0; i < snapshot.finding_count; i++)
		assert_memory_equal(&ledger_view_finding(view, snapshot.findings[i].id)->finding->digest,
			&snapshot.findings[i].digest, sizeof(struct model_digest));
	int64_t revision = view->revision;
	ledger_view_unref(view);
	arena_free(arena);
	store_free(store);
	return revision;
}

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
	fixture->url = postgres_database(postgres);
	server_open(&fixture->server, fixture->url);
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
	assert_int_equal(create(server, "s"), FAULT_NONE);
	for (int i = 0; i < COUNT; i++)
		items[i] = raw_data_item(
			arena, arena_print(arena, "d%d", i), arena_print(arena, "%0*d", SIZE, i));
	for (int i = 0; i < COUNT; i++)
		submit(server, change_of(arena_new(), LEDGER_PUSH, "s", &items[i], 1), &calls[i]);
	for (int i = 0; i < COUNT; i++) {
		await(&calls[i]);
		assert_int_equal(calls[i].change.fault.code, FAULT_NONE);
		arena_free(calls[i].change.arena);
	}
	struct store *store = store_new(&server->store_options);
	struct store_snapshot snapshot;
	struct fault fault;
	assert_int_equal(store_load(store, arena, model_partition("s", PARTITIONS), "s", &snapshot, &fault),
		FAULT_NONE);
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
	assert_int_equal(push(server, "s", "a", "x", &answer), FAULT_NOT_FOUND);
	assert_int_equal(create(server, "s"), FAULT_NONE);
	assert_int_equal(create(server, "s"), FAULT_EXISTS);
	assert_int_equal(push(server, "s", "a", "x", &answer), FAULT_NONE);
	assert_int_equal(answer.revision, 2);
	assert_int_equal(push(server, "s", "a", "x", &answer), FAULT_NONE);
	assert_true(answer.unchanged);
	assert_int_equal(push(server, "s", "a", "", &answer), FAULT_NONE);
	assert_int_equal(answer.revision, 3);
	assert_int_equal(answer.version, 2);
	assert_int_equal(answer.opened, 1);
	assert_int_equal(check_system(server, "s"), 3);
	check_events(server, "s", 3);
	server_close(server);

	/* another life of the process goes on where this one stopped */
	server_open(server, fixture->url);
	assert_int_equal(push(server, "s", "a", "x", &answer), FAULT_NONE);
	assert_int_equal(answer.revision, 4);
	assert_int_equal(answer.version, 3);
	assert_int_equal(answer.resolved, 1);
	assert_int_equal(check_system(server, "s"), 4);
	check_events(server, "s", 4);
}

static void checking_only_stores_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct server *server = &fixture->server;
	create(server, "s");
	struct arena *arena = arena_new();
	struct ledger_item item = raw_data_item(arena, "a", "");
	struct ledger_change change = change_of(arena, LEDGER_PUSH, "s", &item, 1);
	change.validate_only = true;
	struct answer dry, wet;
	assert_int_equal(run(server, change, &dry, NULL), FAULT_NONE);
	assert_int_equal(dry.revision, 2);
	assert_int_equal(check_system(server, "s"), 1);
	change.validate_only = false;
	assert_int_equal(run(server, change, &wet, NULL), FAULT_NONE);
	assert_memory_equal(&dry, &wet, sizeof(dry));
	arena_free(arena);
}

static void a_repeated_request_gets_the_earlier_answer(void **state)
{
	struct fixture *fixture = *state;
	struct server *server = &fixture->server;
	create(server, "s");
	struct arena *arena = arena_new();
	struct ledger_item item = raw_data_item(arena, "a", "");
	struct ledger_change change = change_of(arena, LEDGER_PUSH, "s", &item, 1);
	change.request_id = "01234567-89ab-4cde-8f01-23456789abcd";
	struct answer first, again;
	struct fault fault;
	assert_int_equal(run(server, change, &first, NULL), FAULT_NONE);
	push(server, "s", "a", "other", &again);
	assert_int_equal(run(server, change, &again, NULL), FAULT_NONE);
	assert_memory_equal(&first, &again, sizeof(first));
	assert_int_equal(check_system(server, "s"), 3);
	change.fingerprint.bytes[0] = 1;
	assert_int_equal(run(server, change, &again, &fault), FAULT_INVALID);
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
		enum fault_code code = push(writer->server, writer->system, name, text, &answer);
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
		int64_t last = check_system(&servers[0], systems[s]);
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
		create(server, systems[i]);
	race(server, 1, systems, 3);
}

static void two_servers_lose_nothing(void **state)
{
	struct fixture *fixture = *state;
	struct server servers[2] = {fixture->server};
	server_open(&servers[1], fixture->url);
	const char *const systems[] = {"alpha", "beta"};
	create(&servers[0], "alpha");
	create(&servers[1], "beta");
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

static void a_database_that_goes_comes_back(void **state)
{
	struct fixture *fixture = *state;
	struct server *server = &fixture->server;
	create(server, "s");
	postgres_stop(postgres);
	int64_t begin = clock_steady_us();
	struct answer answer = {0};
	assert_int_equal(push(server, "s", "a", "x", &answer), FAULT_UNAVAILABLE);
	assert_true(clock_steady_us() - begin < 2000000);
	int64_t until = clock_steady_us() + 5000000;
	while (ledger_is_up(server->ledger) && clock_steady_us() < until)
		nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
	assert_false(ledger_is_up(server->ledger));
	assert_int_equal(push(server, "s", "a", "x", &answer), FAULT_UNAVAILABLE);

	postgres_start(postgres);
	enum fault_code code = FAULT_UNAVAILABLE;
	until = clock_steady_us() + 20000000;
	while (code == FAULT_UNAVAILABLE && clock_steady_us() < until) {
		code = push(server, "s", "a", "x", &answer);
		nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	}
	assert_int_equal(code, FAULT_NONE);
	assert_int_equal(answer.revision, 2);
	check_events(server, "s", check_system(server, "s"));
}

static int start_postgres(void **state)
{
	(void)state;
	postgres = postgres_new();
	return 0;
}

static int stop_postgres(void **state)
{
	(void)state;
	postgres_free(postgres);
	return 0;
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
		cmocka_unit_test_setup_teardown(a_database_that_goes_comes_back, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, start_postgres, stop_postgres);
}
