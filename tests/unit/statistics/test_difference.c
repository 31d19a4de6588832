/* Tolerances, their boundaries, and what rounding must not change. */
#include "statistics/difference.h"

#include <float.h>

#include "cases.h"

struct row {
	const char *name;
	double reference;
	double current;
	bool differ;
};

/* Against max(5 % of |reference|, 1e-9). */
static const struct row numbers[] = {
	{"equal numbers do not differ", 64.3, 64.3, false},
	{"exactly five percent more does not differ", 100, 105, false},
	{"exactly five percent less does not differ", 100, 95, false},
	{"a little over five percent differs", 100, 105.001, true},
	{"five percent in decimal fractions does not differ", 1, 1.05, false},
	{"five percent of a negative reference is five percent of its size", -200, -209, false},
	{"more than five percent of a negative reference differs", -200, -211, true},
	{"the share is of the reference, not of the other number", 95, 100, true},
	{"another sign differs", 3, -3, true},
	{"two zeros do not differ", 0, -0.0, false},
	{"a thousand-millionth beside zero does not differ", 0, 1e-9, false},
	{"more than that beside zero differs", 0, 1.1e-9, true},
	{"the largest numbers of both signs differ", DBL_MAX, -DBL_MAX, true},
};

static void check_number(void **state)
{
	const struct row *row = *state;
	assert_int_equal(statistics_differ(row->reference, row->current, 0.05, 1e-9), row->differ);
}

/* Against 5 percentage points. */
static const struct row shares[] = {
	{"five points more do not differ", 50, 55, false},
	{"five points less do not differ", 50, 45, false},
	{"a little over five points differ", 50, 55.01, true},
	{"five points are no share of the reference", 2, 6.9, false},
	{"five points stay five points in binary fractions", 11.1, 16.1, false},
	{"and the other way round", 64.1, 59.1, false},
	{"everything against nothing differs", 0, 100, true},
};

static void check_share(void **state)
{
	const struct row *row = *state;
	assert_int_equal(statistics_shares_differ(row->reference, row->current, 5), row->differ);
}

struct tolerance_row {
	const char *name;
	double reference;
	double tolerance;
};

static const struct tolerance_row tolerances[] = {
	{"the tolerance of a large reference is its share", 200, 10},
	{"the tolerance of a negative reference is positive", -200, 10},
	{"the tolerance of zero is the absolute one", 0, 1e-9},
};

static void check_tolerance(void **state)
{
	const struct tolerance_row *row = *state;
	assert_true(statistics_tolerance(row->reference, 0.05, 1e-9) == row->tolerance);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(numbers) + CASES_COUNT(shares) + CASES_COUNT(tolerances)];
	size_t count = CASES_ADD(tests, 0, numbers, check_number);
	count = CASES_ADD(tests, count, shares, check_share);
	count = CASES_ADD(tests, count, tolerances, check_tolerance);
	return CASES_RUN_ALL(tests, count);
}
