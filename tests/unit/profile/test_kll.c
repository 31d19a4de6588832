/* KLL: exact while small, within its bound when large, the same in every run. */
#include "profile/kll.h"

#include "cases.h"

#include <stdlib.h>

#include "random.h"

typedef double value_fn(size_t at, size_t count);

static double ascending(size_t at, size_t count)
{
	(void)count;
	return (double)at;
}

static double descending(size_t at, size_t count)
{
	return (double)(count - at);
}

static double uniform(size_t at, size_t count)
{
	(void)at;
	(void)count;
	return random_share();
}

static double normal(size_t at, size_t count)
{
	(void)at;
	(void)count;
	return random_normal();
}

static double with_ties(size_t at, size_t count)
{
	(void)at;
	(void)count;
	return floor(exp(3 * random_normal()));
}

static double one(size_t at, size_t count)
{
	(void)at;
	(void)count;
	return 42;
}

struct row {
	const char *name;
	size_t count, k;
	value_fn *value;
};

static int compare(const void *left, const void *right)
{
	const double a = *(const double *)left, b = *(const double *)right;
	return (a > b) - (a < b);
}

/* The largest difference of both distribution functions, over all values. @param sorted ascending */
static double largest_error(
	const double *sorted, size_t count, const struct point *points, size_t point_count)
{
	double largest = 0;
	int64_t below = 0;
	size_t at = 0;
	for (size_t i = 0; i < count; i++) {
		if (i + 1 < count && sorted[i + 1] == sorted[i])
			continue;
		for (; at < point_count && points[at].value <= sorted[i]; at++)
			below += points[at].weight;
		largest = fmax(largest, fabs((double)below - (double)(i + 1)) / (double)count);
	}
	return largest;
}

static void check(void **state)
{
	const struct row *row = *state;
	struct kll kll;
	double *values = malloc(row->count * sizeof(*values));
	assert_non_null(values);
	random_state = 4711;
	kll_init(&kll, row->k, 7);
	for (size_t i = 0; i < row->count; i++)
		values[i] = row->value(i, row->count);
	for (size_t i = 0; i < row->count; i += 256)
		kll_add(&kll, values + i, row->count - i < 256 ? row->count - i : 256);
	qsort(values, row->count, sizeof(*values), compare);
	struct point *points = malloc((kll_size(&kll) + 1) * sizeof(*points));
	assert_non_null(points);
	const size_t count = kll_points(&kll, points);
	int64_t weight = 0;
	for (size_t i = 0; i < count; i++)
		weight += points[i].weight;
	assert_int_equal(weight, row->count);
	assert_true(largest_error(values, row->count, points, count) <= kll_error(&kll) + 1e-12);
	/* 3 k for the levels that shrink, a quarter of k for each of those that do not. */
	assert_true(kll_size(&kll) <= 3 * row->k + row->k / 4 * 24);
	free(points);
	free(values);
	kll_done(&kll);
}

static const struct row rows[] = {
	{"no number is no point", 0, 256, one},
	{"few numbers are kept as they are", 200, 256, uniform},
	{"one number again and again is one point", 100000, 256, one},
	{"ascending numbers are within the bound", 300000, 256, ascending},
	{"descending numbers are within the bound", 300000, 256, descending},
	{"uniform numbers are within the bound", 1000000, 1024, uniform},
	{"normal numbers are within the bound", 1000000, 4096, normal},
	{"numbers with ties are within the bound", 300000, 4096, with_ties},
	{"a small sketch of many numbers is within its bound", 1000000, 64, uniform},
};

static void few_numbers_have_no_error(void **state)
{
	(void)state;
	struct kll kll;
	kll_init(&kll, 256, 1);
	for (int i = 0; i < 255; i++)
		kll_add(&kll, &(double){i}, 1);
	assert_true(kll_error(&kll) == 0);
	kll_add(&kll, &(double){0}, 1);
	kll_add(&kll, &(double){1}, 1);
	assert_true(kll_error(&kll) > 0);
	kll_done(&kll);
}

static void weighted_numbers_count_as_often(void **state)
{
	(void)state;
	struct kll kll;
	struct point points[2000];
	kll_init(&kll, 256, 1);
	for (int i = 1; i <= 50; i++)
		kll_add_weighted(&kll, i, i);
	const size_t count = kll_points(&kll, points);
	assert_int_equal(count, 50);
	for (int i = 1; i <= 50; i++)
		assert_int_equal(points[i - 1].weight, i);
	kll_add_weighted(&kll, 1000, INT64_C(1) << 40);
	for (int i = 0; i < 5000; i++)
		kll_add(&kll, &(double){i}, 1);
	assert_true(kll_size(&kll) < 2000);
	int64_t weight = 0;
	for (size_t i = 0, all = kll_points(&kll, points); i < all; i++)
		weight += points[i].weight;
	assert_true(weight == (INT64_C(1) << 40) + 50 * 51 / 2 + 5000);
	kll_done(&kll);
}

static void the_same_numbers_give_the_same_points(void **state)
{
	(void)state;
	struct point points[2][8000];
	size_t counts[2];
	for (int run = 0; run < 2; run++) {
		struct kll kll;
		random_state = 99;
		kll_init(&kll, 256, 5);
		for (int i = 0; i < 100000; i++)
			kll_add(&kll, &(double){random_share()}, 1);
		counts[run] = kll_points(&kll, points[run]);
		kll_done(&kll);
	}
	assert_int_equal(counts[0], counts[1]);
	assert_memory_equal(points[0], points[1], counts[0] * sizeof(points[0][0]));
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + 3];
	size_t count = CASES_ADD(tests, 0, rows, check);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(few_numbers_have_no_error);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(weighted_numbers_count_as_often);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(the_same_numbers_give_the_same_points);
	return CASES_RUN_ALL(tests, count);
}
