/* Fewer points: never more than asked, and ranks within the error that is stated. */
#include "profile/points.h"

#include "cases.h"

#include <stdlib.h>

#include "random.h"

enum {
	POINTS_MAX = 20000,
};

struct row {
	const char *name;
	size_t count, most;
	int64_t heavy; /* the weight of every hundredth point */
	double error;  /* at most; 0: none at all */
};

static int64_t weight_of(const struct point *points, size_t count, double value)
{
	for (size_t i = 0; i < count; i++) {
		if (points[i].value == value)
			return points[i].weight;
	}
	return 0;
}

static void check(void **state)
{
	static struct point points[POINTS_MAX], all[POINTS_MAX];
	const struct row *row = *state;
	int64_t total = 0, left = 0, here = 0, there = 0;
	double error, largest = 0;
	for (size_t i = 0; i < row->count; i++) {
		all[i] = (struct point){(double)i, i % 100 == 50 ? row->heavy : (int64_t)(i % 7) + 1};
		points[i] = all[i];
		total += all[i].weight;
	}
	const size_t count = points_reduce(points, row->count, row->most, &error);
	assert_true(count <= row->most);
	assert_true(error <= row->error);
	for (size_t i = 0, at = 0; i < row->count; i++) {
		here += all[i].weight;
		for (; at < count && points[at].value <= all[i].value; at++)
			there += points[at].weight;
		largest = fmax(largest, fabs((double)(here - there)) / (double)total);
	}
	for (size_t i = 0; i < count; i++) {
		left += points[i].weight;
		assert_true(i == 0 || points[i].value > points[i - 1].value);
	}
	assert_int_equal(left, total);
	assert_true(largest <= error + 1e-12);
	if (row->count > 50 && row->heavy > total / (int64_t)row->most * 3)
		assert_int_equal(weight_of(points, count, 50), row->heavy);
}

static const struct row rows[] = {
	{"few points stay as they are", 100, 100, 1, 0},
	{"one point more than asked costs little", 101, 100, 1, 0.02},
	{"many points cost about half a share", 20000, 1024, 1, 0.00066},
	{"very few points are possible", 20000, 2, 1, 0.5},
	{"heavy points stay by themselves", 1000, 64, 100000, 0.02},
	{"a single point is one", 1, 2, 5, 0},
	{"nothing is nothing", 0, 2, 5, 0},
};

static void points_of_one_value_become_one(void **state)
{
	(void)state;
	struct point points[] = {{3, 1}, {1, 2}, {3, 4}, {2, 1}, {1, 1}};
	assert_int_equal(points_settle(points, 5), 3);
	assert_true(points[0].value == 1 && points[0].weight == 3);
	assert_true(points[1].value == 2 && points[1].weight == 1);
	assert_true(points[2].value == 3 && points[2].weight == 5);
}

static void the_values_of_deciles_stay(void **state)
{
	(void)state;
	static struct point points[POINTS_MAX];
	double error;
	for (size_t i = 0; i < POINTS_MAX; i++)
		points[i] = (struct point){(double)i, 1};
	const size_t count = points_reduce(points, POINTS_MAX, 256, &error);
	assert_true(count <= 256);
	int64_t below = 0;
	for (size_t i = 0; i + 1 < count; i++) {
		/* The deciles lie between the values of ranks 1999 and 2000, 3999 and 4000, and so on. */
		if (fmod(points[i].value, 2000) == 1999 && points[i].value < 18000) {
			assert_int_equal(points[i].weight, 1);
			assert_int_equal(points[i + 1].weight, 1);
			assert_true(points[i + 1].value == points[i].value + 1);
			assert_true((double)below == points[i].value);
			error += 1;
		}
		below += points[i].weight;
	}
	assert_int_equal((int)error, 9);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + 2];
	size_t count = CASES_ADD(tests, 0, rows, check);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(points_of_one_value_become_one);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(the_values_of_deciles_stay);
	return CASES_RUN_ALL(tests, count);
}
