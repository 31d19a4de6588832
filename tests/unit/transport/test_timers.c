/* The heap of timers against a plain search. */
#include "cases.h"

#include "transport/timers.h"

enum {
	COUNT = 200,
};

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static int64_t earliest(const struct timer *timers)
{
	int64_t at_us = INT64_MAX;
	for (size_t i = 0; i < COUNT; i++)
		if (timers[i].place && timers[i].at_us < at_us)
			at_us = timers[i].at_us;
	return at_us;
}

static void the_nearest_comes_first(void **state)
{
	(void)state;
	struct timers timers = {0};
	struct timer all[COUNT] = {0};
	uint32_t seed = 7;
	for (int round = 0; round < 20000; round++) {
		struct timer *timer = &all[next_random(&seed) % COUNT];
		if (timer->place)
			timers_clear(&timers, timer);
		else
			timers_set(&timers, timer, next_random(&seed) % 1000, timer);
		timers_clear(&timers, &(struct timer){0}); /* not set: nothing happens */
		assert_int_equal(timers_next_us(&timers), earliest(all));
		if (round % 7 == 0) {
			int64_t at_us = timers_next_us(&timers);
			const struct timer *taken = timers_take(&timers, 300);
			assert_int_equal(taken != NULL, at_us <= 300);
			assert_true(!taken || (taken->at_us == at_us && taken->place == 0));
		}
	}
	timers_done(&timers);
}

static void none_is_never(void **state)
{
	(void)state;
	struct timers timers = {0};
	assert_true(timers_next_us(&timers) == INT64_MAX);
	assert_null(timers_take(&timers, INT64_MAX - 1));
}

static const struct row {
	const char *name;
	CMUnitTestFunction check;
} rows[] = {
	{"the nearest comes first", the_nearest_comes_first},
	{"none is never", none_is_never},
};

static void check(void **state)
{
	const struct row *row = *state;
	row->check(NULL);
}

int main(void)
{
	return CASES_RUN(rows, check);
}
