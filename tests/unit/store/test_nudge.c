/* Servers on one database tell each other of commits. */
#include <sys/eventfd.h>
#include <unistd.h>

#include "fixture.h"

#include "base/clock.h"

struct pair {
	struct store *one, *other;
	int wake;
};

static void must(enum fault_code code, const struct fault *fault)
{
	expect_fault(FAULT_NONE, code, fault);
}

static bool awaited(const struct pair *pair, int timeout_ms)
{
	return store_await_nudge(pair->one, pair->wake, timeout_ms);
}

static void another_server_is_heard(const struct fixture *fixture, const struct pair *pair)
{
	struct fault fault;
	(void)fixture;
	must(store_nudge(pair->other, &fault), &fault);
	assert_true(awaited(pair, 5000));
	assert_false(awaited(pair, 0));
}

static void a_hint_between_other_calls_is_kept(const struct fixture *fixture, const struct pair *pair)
{
	struct store_head heads[PARTITIONS];
	struct fault fault;
	(void)fixture;
	must(store_nudge(pair->other, &fault), &fault);
	for (int i = 0; i < 5; i++)
		must(store_heads(pair->one, heads, PARTITIONS, &fault), &fault);
	assert_true(awaited(pair, 0));
}

static void ones_own_is_not(const struct fixture *fixture, const struct pair *pair)
{
	struct fault fault;
	(void)fixture;
	must(store_nudge(pair->one, &fault), &fault);
	assert_false(awaited(pair, 200));
}

static void a_new_connection_listens_again(const struct fixture *fixture, const struct pair *pair)
{
	struct fault fault;
	fixture_sql(fixture, "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
			     "WHERE application_name = 'tally test' AND datname = current_database()");
	int64_t since_us = clock_steady_us();
	assert_false(awaited(pair, 5000));
	assert_true(clock_steady_us() - since_us < 4000000); /* the loss ends the wait */
	must(store_listen(pair->one, &fault), &fault);
	must(store_nudge(pair->other, &fault), &fault);
	assert_true(awaited(pair, 5000));
}

static void a_wake_ends_the_wait(const struct fixture *fixture, const struct pair *pair)
{
	uint64_t one = 1;
	(void)fixture;
	int64_t since_us = clock_steady_us();
	assert_int_equal(write(pair->wake, &one, sizeof(one)), sizeof(one));
	assert_false(awaited(pair, 5000));
	assert_true(clock_steady_us() - since_us < 4000000);
}

struct row {
	const char *name;
	void (*run)(const struct fixture *fixture, const struct pair *pair);
};

static const struct row rows[] = {
	{"a server hears of another one's commit, once", another_server_is_heard},
	{"what another server tells between other calls is kept", a_hint_between_other_calls_is_kept},
	{"a server does not hear of its own commits", ones_own_is_not},
	{"a lost connection ends the wait, and a new one listens again", a_new_connection_listens_again},
	{"a descriptor that can be read ends the wait", a_wake_ends_the_wait},
};

static void run(void **state)
{
	const struct row *row = *state;
	struct fixture fixture;
	struct fault fault;
	fixture_open(&fixture);
	struct pair pair = {store_new(&fixture.options), store_new(&fixture.options),
		eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
	must(store_listen(pair.one, &fault), &fault);
	must(store_listen(pair.one, &fault), &fault);
	row->run(&fixture, &pair);
	store_free(pair.one);
	store_free(pair.other);
	close(pair.wake);
	fixture_close(&fixture);
}

int main(void)
{
	return fixture_end(CASES_RUN(rows, run));
}
