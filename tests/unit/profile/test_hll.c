/* HyperLogLog: within three standard errors at every size, and what merging and folding must keep. */
#include "profile/hll.h"

#include "cases.h"

#include <math.h>
#include <string.h>

#include "profile/hash.h"

struct row {
	const char *name;
	unsigned bits;
	size_t texts;
};

static void add(struct hll *hll, size_t from, size_t to)
{
	char text[32];
	for (size_t i = from; i < to; i++)
		hll_add(hll, hash_text(text, (size_t)snprintf(text, sizeof(text), "id-%zu", i)));
}

static void check(void **state)
{
	const struct row *row = *state;
	struct hll hll;
	hll_init(&hll, row->bits);
	add(&hll, 0, row->texts);
	add(&hll, 0, row->texts / 2);
	const double estimate = hll_estimate(&hll), texts = (double)row->texts;
	assert_true(fabs(estimate - texts) <= 3 * hll_error(row->bits) * texts + 0.5);
	hll_done(&hll);
}

static const struct row rows[] = {
	{"nothing is nothing", 11, 0},
	{"one text is one", 11, 1},
	{"few texts are counted", 11, 100},
	{"as many texts as registers", 11, 2048},
	{"between few and many there is no gap", 11, 6000},
	{"many texts", 11, 300000},
	{"many texts in few registers", 6, 100000},
	{"many texts in many registers", 14, 1000000},
};

static void joining_is_adding_both(void **state)
{
	(void)state;
	struct hll left, right, both;
	hll_init(&left, 10);
	hll_init(&right, 10);
	hll_init(&both, 10);
	add(&left, 0, 6000);
	add(&right, 4000, 10000);
	add(&both, 0, 10000);
	hll_join(&left, &right);
	assert_memory_equal(left.registers, both.registers, 1024);
	hll_done(&left);
	hll_done(&right);
	hll_done(&both);
}

static void folding_is_having_been_smaller(void **state)
{
	(void)state;
	for (size_t texts = 1; texts < 100000; texts = texts * 3 + 1) {
		struct hll large, small, joined;
		hll_init(&large, 12);
		hll_init(&small, 7);
		hll_init(&joined, 7);
		add(&large, 0, texts);
		add(&small, 0, texts);
		hll_join(&joined, &large);
		hll_fold(&large, 7);
		assert_memory_equal(large.registers, small.registers, 128);
		assert_memory_equal(joined.registers, small.registers, 128);
		hll_done(&large);
		hll_done(&small);
		hll_done(&joined);
	}
}

static void broken_registers_are_refused(void **state)
{
	(void)state;
	struct hll hll;
	uint8_t registers[32] = {0};
	assert_false(hll_read(&hll, registers, 0));
	assert_false(hll_read(&hll, registers, 17));
	assert_false(hll_read(&hll, registers, 8));
	registers[31] = 61;
	assert_false(hll_read(&hll, registers, 32));
	registers[31] = 60;
	assert_true(hll_read(&hll, registers, 32));
	assert_int_equal(hll.bits, 5);
	assert_true(isfinite(hll_estimate(&hll)));
	hll_done(&hll);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + 3];
	size_t count = CASES_ADD(tests, 0, rows, check);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(joining_is_adding_both);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(folding_is_having_been_smaller);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(broken_registers_are_refused);
	return CASES_RUN_ALL(tests, count);
}
