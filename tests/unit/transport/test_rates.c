/* How often an address may call. */
#include "cases.h"

#include <stdlib.h>
#include <string.h>

#include "transport/rates.h"

enum {
	SECOND_US = 1000000
};

/* @return how many of the calls were let in */
static int calls(struct rates *rates, const char *peer, int64_t now_us, int count)
{
	struct fault fault;
	int taken = 0;
	for (int i = 0; i < count; i++)
		taken += rates_take(rates, peer, now_us, &fault) == FAULT_NONE;
	return taken;
}

static void a_rested_address_has_a_second_at_once(struct rates *rates)
{
	assert_int_equal(calls(rates, "ipv4:10.0.0.1:1", 5 * SECOND_US, 1000), 100);
	assert_int_equal(calls(rates, "ipv4:10.0.0.1:1", 5 * SECOND_US + SECOND_US / 2, 1000), 50);
	assert_int_equal(calls(rates, "ipv4:10.0.0.1:1", 60 * SECOND_US, 1000), 100);
}

static void a_steady_rate_goes_on(struct rates *rates)
{
	for (int i = 0; i < 10000; i++)
		assert_int_equal(calls(rates, "ipv4:10.0.0.1:1", SECOND_US + i * (int64_t)10000, 1), 1);
}

static void the_wait_is_told_and_enough(struct rates *rates)
{
	struct fault fault;
	int64_t now_us = 5 * SECOND_US;
	calls(rates, "ipv4:10.0.0.1:1", now_us, 100);
	assert_int_equal(rates_take(rates, "ipv4:10.0.0.1:1", now_us, &fault), FAULT_EXHAUSTED);
	assert_string_equal(fault.reason, "TOO_MANY_REQUESTS");
	assert_in_range(fault.retry_after_ms, 10, 12);
	now_us += fault.retry_after_ms * 1000;
	assert_int_equal(calls(rates, "ipv4:10.0.0.1:1", now_us, 2), 1);
}

static void ports_are_one_address(struct rates *rates)
{
	assert_int_equal(calls(rates, "ipv4:10.0.0.1:1", SECOND_US, 60), 60);
	assert_int_equal(calls(rates, "ipv4:10.0.0.1:2", SECOND_US, 60), 40);
	assert_int_equal(calls(rates, "ipv6:%5B::1%5D:1", SECOND_US, 60), 60);
	assert_int_equal(calls(rates, "ipv6:%5B::1%5D:2", SECOND_US, 60), 40);
}

static void others_are_not_touched(struct rates *rates)
{
	calls(rates, "ipv4:10.0.0.1:1", SECOND_US, 1000);
	assert_int_equal(calls(rates, "ipv4:10.0.0.2:1", SECOND_US, 1000), 100);
}

static void unix_sockets_are_not_counted(struct rates *rates)
{
	assert_int_equal(calls(rates, "unix:", SECOND_US, 1000), 1000);
}

/* Far more addresses than places: who calls too often is still held back, and those that rest are forgotten.
 */
static void many_addresses_need_no_more_memory(struct rates *rates)
{
	char peer[40];
	int taken = 0;
	for (int second = 1; second <= 20; second++)
		for (int i = 0; i < 3000; i++) {
			snprintf(peer, sizeof(peer), "ipv4:10.%d.%d.%d:1", second, i / 250, i % 250);
			taken += calls(rates, peer, second * (int64_t)SECOND_US, 1);
		}
	assert_int_equal(taken, 60000);
	assert_int_equal(calls(rates, "ipv4:10.99.0.1:1", 30 * (int64_t)SECOND_US, 1000), 100);
}

static const struct row {
	const char *name;
	void (*check)(struct rates *rates);
} rows[] = {
	{"a rested address may call a second's worth at once, then at the rate",
		a_rested_address_has_a_second_at_once},
	{"whoever calls at the rate is never refused", a_steady_rate_goes_on},
	{"whoever waits as long as told is let in", the_wait_is_told_and_enough},
	{"the ports of an address are one address", ports_are_one_address},
	{"other addresses are not touched", others_are_not_touched},
	{"Unix sockets are not counted", unix_sockets_are_not_counted},
	{"many addresses need no more memory and keep each other out of nothing",
		many_addresses_need_no_more_memory},
};

static void check(void **state)
{
	const struct row *row = *state;
	struct rates rates;
	rates_init(&rates, 100);
	row->check(&rates);
	rates_done(&rates);
}

int main(void)
{
	return CASES_RUN(rows, check);
}
