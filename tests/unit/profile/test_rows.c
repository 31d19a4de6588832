/* The row sketch: the smallest digests, each once, and what they tell of two sets' overlap. */
#include "profile/rows.h"

#include "cases.h"

#include <stdbool.h>

#include "profile/hash.h"
#include "random.h"

static int64_t digest(uint64_t row)
{
	return (int64_t)(hash_mix(row ^ HASH_A, HASH_B) >> 1);
}

static void repeated_rows_count_once(void **state)
{
	(void)state;
	struct rows rows;
	rows_init(&rows, 100);
	for (int again = 0; again < 500; again++) {
		for (uint64_t i = 0; i < 50; i++)
			rows_add(&rows, digest(i));
	}
	rows_settle(&rows);
	assert_int_equal(rows.count, 50);
	for (size_t i = 1; i < rows.count; i++)
		assert_true(rows.digests[i] > rows.digests[i - 1]);
	rows_done(&rows);
}

static void only_the_smallest_are_kept(void **state)
{
	(void)state;
	struct rows rows, reversed;
	rows_init(&rows, 64);
	rows_init(&reversed, 64);
	for (uint64_t i = 0; i < 10000; i++) {
		rows_add(&rows, digest(i));
		rows_add(&reversed, digest(9999 - i));
	}
	rows_settle(&rows);
	rows_settle(&reversed);
	assert_int_equal(rows.count, 64);
	assert_int_equal(reversed.count, 64);
	assert_memory_equal(rows.digests, reversed.digests, 64 * sizeof(*rows.digests));
	size_t smaller = 0;
	for (uint64_t i = 0; i < 10000; i++)
		smaller += digest(i) <= rows.digests[63];
	assert_int_equal(smaller, 64);
	rows_done(&rows);
	rows_done(&reversed);
}

static void overlap_is_told_within_three_errors(void **state)
{
	(void)state;
	struct rows train, test;
	rows_init(&train, 2048);
	rows_init(&test, 2048);
	for (uint64_t i = 0; i < 100000; i++)
		rows_add(&train, digest(i));
	for (uint64_t i = 80000; i < 180000; i++)
		rows_add(&test, digest(i));
	rows_settle(&train);
	rows_settle(&test);
	const int64_t limit = train.limit < test.limit ? train.limit : test.limit;
	size_t shared = 0, sample = 0, at = 0;
	for (size_t i = 0; i < test.count && test.digests[i] <= limit; i++) {
		sample++;
		while (at < train.count && train.digests[at] < test.digests[i])
			at++;
		shared += at < train.count && train.digests[at] == test.digests[i];
	}
	const double share = (double)shared / (double)sample;
	assert_true(fabs(share - 0.2) < 3 * sqrt(0.2 * 0.8 / (double)sample));
	rows_done(&train);
	rows_done(&test);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(repeated_rows_count_once),
		cmocka_unit_test(only_the_smallest_are_kept),
		cmocka_unit_test(overlap_is_told_within_three_errors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
