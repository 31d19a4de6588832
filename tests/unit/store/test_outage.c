/* The database goes away and comes back. */
#include <signal.h>
#include <unistd.h>

#include "fixture.h"

#include "base/clock.h"
#include "model/name.h"

static enum fault_code heads(const struct fixture *fixture, struct fault *fault)
{
	struct store_head list[PARTITIONS];
	return store_heads(fixture->store, list, PARTITIONS, fault);
}

static int64_t elapsed_ms(int64_t since_us)
{
	return (clock_steady_us() - since_us) / 1000;
}

/* Calls until it works. @return milliseconds that it took */
static int64_t wait_for_heads(const struct fixture *fixture)
{
	struct fault fault;
	int64_t since_us = clock_steady_us();
	while (heads(fixture, &fault) != FAULT_NONE) {
		assert_int_equal(fault.code, FAULT_UNAVAILABLE);
		assert_true(elapsed_ms(since_us) < 20000);
		usleep(10000);
	}
	return elapsed_ms(since_us);
}

static void without_a_database_calls_fail_at_once(const struct fixture *fixture)
{
	struct fault fault;
	expect_fault(FAULT_NONE, heads(fixture, &fault), &fault);
	postgres_stop(fixture->postgres);
	int64_t since_us = clock_steady_us();
	for (int i = 0; i < 1000; i++) {
		expect_fault(FAULT_UNAVAILABLE, heads(fixture, &fault), &fault);
		assert_string_equal(fault.reason, "DATABASE_UNAVAILABLE");
		assert_true(fault.message[0]);
	}
	assert_true(elapsed_ms(since_us) < 1000);
	assert_false(store_is_up(fixture->store));
	postgres_start(fixture->postgres);
	assert_true(wait_for_heads(fixture) < 6000);
	assert_true(store_is_up(fixture->store));
}

static void a_restart_between_two_calls_is_not_noticed(const struct fixture *fixture)
{
	struct fault fault;
	expect_fault(FAULT_NONE, heads(fixture, &fault), &fault);
	postgres_stop(fixture->postgres);
	postgres_start(fixture->postgres);
	expect_fault(FAULT_NONE, heads(fixture, &fault), &fault);
}

static void what_was_committed_survives_a_crash(const struct fixture *fixture)
{
	struct fault fault;
	struct draft *draft = draft_new(fixture->arena);
	struct store_snapshot snapshot;
	draft_push(draft, "fraud", 1);
	draft_keep(draft, fixture->store);
	postgres_kill(fixture->postgres);
	postgres_start(fixture->postgres);
	wait_for_heads(fixture);
	expect_fault(
		FAULT_NONE, fixture_load(fixture->store, fixture->arena, "fraud", &snapshot, &fault), &fault);
	assert_int_equal(snapshot.system.revision, 1);
	model_descriptor_unref(snapshot.descriptors[0]);
}

static void a_backend_that_is_ended_is_replaced(const struct fixture *fixture)
{
	struct fault fault;
	expect_fault(FAULT_NONE, heads(fixture, &fault), &fault);
	fixture_sql(fixture, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
			     "WHERE application_name = 'tally test' AND datname = current_database()");
	expect_fault(FAULT_NONE, heads(fixture, &fault), &fault);
}

static void a_server_that_says_nothing_is_given_up(const struct fixture *fixture)
{
	struct fault fault;
	struct store_options options = fixture->options;
	options.statement_timeout_ms = 500;
	struct fixture hasty = *fixture;
	hasty.store = store_new(&options);
	expect_fault(FAULT_NONE, heads(&hasty, &fault), &fault);
	pid_t backend = (pid_t)fixture_number(fixture,
		"SELECT pid FROM pg_stat_activity "
		"WHERE application_name = 'tally test' AND datname = current_database()");
	int64_t since_us = clock_steady_us();
	kill(backend, SIGSTOP);
	enum fault_code code = heads(&hasty, &fault);
	kill(backend, SIGCONT);
	expect_fault(FAULT_UNAVAILABLE, code, &fault);
	assert_true(elapsed_ms(since_us) < 8000);
	expect_fault(FAULT_NONE, heads(&hasty, &fault), &fault);
	store_free(hasty.store);
}

static void a_wrong_address_says_so(const struct fixture *fixture)
{
	static const char *const urls[] = {
		"postgresql://127.0.0.1:1/x", "postgresql:///none?host=/tmp", "not a url"};
	for (size_t i = 0; i < CASES_COUNT(urls); i++) {
		struct store_options options = fixture->options;
		struct fault fault;
		options.url = urls[i];
		struct store *store = store_new(&options);
		expect_fault(FAULT_UNAVAILABLE, store_check(store, &fault), &fault);
		assert_true(strlen(fault.message) > 30);
		assert_null(strchr(fault.message, '\n'));
		store_free(store);
	}
}

static const struct fixture_case plains[] = {
	{"without a database calls fail at once, and work again when it is back",
		without_a_database_calls_fail_at_once},
	{"a restart between two calls is not noticed", a_restart_between_two_calls_is_not_noticed},
	{"what was committed survives a crash of the server", what_was_committed_survives_a_crash},
	{"a backend that is ended is replaced", a_backend_that_is_ended_is_replaced},
	{"a server that says nothing is given up", a_server_that_says_nothing_is_given_up},
	{"an address that is wrong says so in one line", a_wrong_address_says_so},
};

int main(void)
{
	return fixture_end(CASES_RUN(plains, fixture_check));
}
