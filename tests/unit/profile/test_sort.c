/* Sorting: as qsort() does it, whatever the numbers. */
#include "profile/sort.h"

#include "cases.h"

#include <stdlib.h>
#include <string.h>

#include "random.h"

typedef double value_fn(size_t at);

static double normal(size_t at)
{
	(void)at;
	return random_normal();
}

static double wide(size_t at)
{
	(void)at;
	return random_normal() * pow(10, (double)(random_bits() % 600) - 300);
}

static double equal(size_t at)
{
	(void)at;
	return -3.5;
}

static double few(size_t at)
{
	(void)at;
	return (double)(random_bits() % 5) - 2;
}

static double near(size_t at)
{
	(void)at;
	return 1 + (double)(random_bits() % 1000000) * 2.220446049250313e-16;
}

static double falling(size_t at)
{
	return -(double)at;
}

static double limits(size_t at)
{
	static const double values[] = {
		1.7976931348623157e308, -1.7976931348623157e308, 0, 5e-324, -5e-324, 1};
	return values[at % CASES_COUNT(values)];
}

struct row {
	const char *name;
	value_fn *value;
};

static int compare(const void *left, const void *right)
{
	const double a = *(const double *)left, b = *(const double *)right;
	return (a > b) - (a < b);
}

static void check(void **state)
{
	static const size_t counts[] = {0, 1, 2, 47, 48, 49, 1000, 5000};
	static double values[5000], expected[5000];
	const struct row *row = *state;
	for (size_t i = 0; i < CASES_COUNT(counts); i++) {
		for (size_t at = 0; at < counts[i]; at++)
			values[at] = row->value(at);
		memcpy(expected, values, sizeof(values));
		qsort(expected, counts[i], sizeof(double), compare);
		sort_doubles(values, counts[i]);
		assert_memory_equal(values, expected, counts[i] * sizeof(double));
	}
}

static const struct row rows[] = {
	{"normal numbers are sorted", normal},
	{"numbers of any size are sorted", wide},
	{"equal numbers are sorted", equal},
	{"few different numbers are sorted", few},
	{"numbers that differ in their last bits are sorted", near},
	{"falling numbers are sorted", falling},
	{"the largest and smallest numbers are sorted", limits},
};

int main(void)
{
	return CASES_RUN(rows, check);
}
