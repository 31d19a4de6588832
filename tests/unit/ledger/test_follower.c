/* How often the follower asks the database, and for how much at a time. */
#include <stdatomic.h>
#include <time.h>

#include "base/clock.h"
#include "cases.h"
#include "postgres.h"
#include "server.h"

enum {
	HINTS = 200,
	SYSTEMS = 30,
	LOOK_US = 10000, /* between two looks */
	PATIENCE_US = 5000000,
};

/* ---- the linker puts these before the store's own ---- */

static _Atomic int looks, reads;

enum fault_code __real_store_heads(
	struct store *store, struct store_head *heads, size_t count, struct fault *fault);
enum fault_code __wrap_store_heads(
	struct store *store, struct store_head *heads, size_t count, struct fault *fault);
enum fault_code __real_store_stretches(struct store *store, const struct store_stretch *stretches,
	size_t stretch_count, struct model_event **events, size_t *count, struct fault *fault);
enum fault_code __wrap_store_stretches(struct store *store, const struct store_stretch *stretches,
	size_t stretch_count, struct model_event **events, size_t *count, struct fault *fault);

enum fault_code __wrap_store_heads(
	struct store *store, struct store_head *heads, size_t count, struct fault *fault)
{
	atomic_fetch_add(&looks, 1);
	return __real_store_heads(store, heads, count, fault);
}

enum fault_code __wrap_store_stretches(struct store *store, const struct store_stretch *stretches,
	size_t stretch_count, struct model_event **events, size_t *count, struct fault *fault)
{
	atomic_fetch_add(&reads, 1);
	return __real_store_stretches(store, stretches, stretch_count, events, count, fault);
}

/* ---- tests ---- */

static void pause_ms(long ms)
{
	nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

static void look_only_when_told(struct ledger_options *options)
{
	options->follow_interval_ms = 60000;
}

static void tell_nobody(struct ledger_options *options)
{
	options->hints = false;
}

/* Until the looks that a start brings are over: none in so many milliseconds. */
static void settle(void)
{
	for (int before = -1; before != atomic_load(&looks); pause_ms(200))
		before = atomic_load(&looks);
}

static void many_hints_make_few_looks(void **state)
{
	(void)state;
	struct server server;
	struct fault fault;
	char *url = postgres_database(server_postgres());
	server_open(&server, url, look_only_when_told);
	struct store *other = store_new(&server.store_options);
	settle();
	int before = atomic_load(&looks);
	int64_t begin_us = clock_steady_us();
	for (int i = 0; i < HINTS; i++) {
		assert_int_equal(store_nudge(other, &fault), FAULT_NONE);
		pause_ms(1);
	}
	pause_ms(100);
	int made = atomic_load(&looks) - before;
	assert_true(made >= 2);
	assert_true(made <= 1 + (clock_steady_us() - begin_us) / LOOK_US);
	store_free(other);
	server_close(&server);
	free(url);
}

static bool knows_all_of(struct server *server, struct server *other)
{
	for (int i = 0; i < PARTITIONS; i++)
		if (hub_head(server->hub, i) != hub_head(other->hub, i))
			return false;
	return true;
}

static void events_of_all_partitions_come_in_one_read(void **state)
{
	(void)state;
	struct server server, other;
	struct fault fault;
	char *url = postgres_database(server_postgres());
	server_open(&server, url, look_only_when_told);
	settle();
	server_open(&other, url, tell_nobody);
	for (int i = 0; i < SYSTEMS; i++) {
		char system[16];
		snprintf(system, sizeof(system), "s%d", i);
		assert_int_equal(server_create(&other, system), FAULT_NONE);
	}
	int before = atomic_load(&reads);
	struct store *store = store_new(&server.store_options);
	assert_int_equal(store_nudge(store, &fault), FAULT_NONE);
	for (int64_t until_us = clock_steady_us() + PATIENCE_US; !knows_all_of(&server, &other);) {
		assert_true(clock_steady_us() < until_us);
		pause_ms(1);
	}
	assert_int_equal(atomic_load(&reads) - before, 1);
	store_free(store);
	server_close(&other);
	server_close(&server);
	free(url);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_hints_make_few_looks),
		cmocka_unit_test(events_of_all_partitions_come_in_one_read),
	};
	return cmocka_run_group_tests(tests, server_start_postgres, server_stop_postgres);
}
