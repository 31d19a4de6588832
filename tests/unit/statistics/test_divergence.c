/* Measures of shares, against SciPy's jensenshannon and sums written out. */
#include "statistics/divergence.h"

#include "near.h"
#include "statistics/shares.h"

#include "cases.h"

enum {
	MOST = 6
};

struct row {
	const char *name;
	double reference[MOST];
	double current[MOST];
	size_t bins;
	double psi;
	double js;
	double linf;
};

static const struct row rows[] = {
	{"equal shares of different counts are nothing apart", {5, 3, 2}, {500, 300, 200}, 3, 0, 0, 0},
	/* 0.3 ln 2.5 · 2 */
	{"shares that swap", {50, 30, 20}, {20, 30, 50}, 3, 0.549774439124493, 0.30954095367714807, 0.3},
	/* 0.1 ln(1/0.9) + (0.0001 − 0.1) ln(0.0001/0.1): nothing is scaled anew */
	{"a share of nothing becomes a ten-thousandth on its side", {90, 10}, {100, 0}, 2, 0.7006208039360982,
		0.22781387210026416, 0.1},
	{"a bin empty on both sides adds nothing", {50, 30, 20, 0}, {20, 30, 50, 0}, 4, 0.549774439124493,
		0.30954095367714807, 0.3},
	/* 2 (0.0001 − 1) ln 0.0001 */
	{"shares without a bin in common", {4, 0}, {0, 9}, 2, 18.418838675, 1, 1},
	{"one single bin holds all of both", {4}, {9}, 1, 0, 0, 0},
	{"an empty reference has no shares", {0, 0}, {1, 2}, 2, NAN, NAN, NAN},
	{"an empty current side has no shares", {1, 2}, {0, 0}, 2, NAN, NAN, NAN},
	{"no bins are no shares", {0}, {0}, 0, NAN, NAN, NAN},
};

static void check(void **state)
{
	const struct row *row = *state;
	assert_true(near(statistics_psi(row->reference, row->current, row->bins), row->psi));
	assert_true(near_by(statistics_js(row->reference, row->current, row->bins), row->js, 1e-8));
	assert_true(near(statistics_linf(row->reference, row->current, row->bins, NULL), row->linf));
}

static void check_at(void **state)
{
	(void)state;
	size_t at = 9;
	statistics_linf((double[]){5, 4, 1}, (double[]){5, 1, 4}, 3, &at);
	assert_int_equal(at, 1);
}

static void check_chance(void **state)
{
	(void)state;
	assert_true(near(statistics_psi_chance(10, 1000, 500, 0.99), 21.665994333461924 * 0.003));
	assert_true(near(statistics_psi_chance(2, 10000, 10000, 0.99), 0.0013269793202042429));
	assert_true(statistics_psi_chance(1, 10, 10, 0.99) == 0);
	assert_true(isinf(statistics_psi_chance(5, 0, 10, 0.99)));
}

static void check_lump(void **state)
{
	(void)state;
	const double reference[] = {960, 10, 9, 21, 0};
	const double current[] = {5, 0, 1, 2, 92};
	double p[6];
	double q[6];
	assert_int_equal(statistics_lump(reference, current, 5, STATISTICS_RARE_IN_REFERENCE, p, q), 4);
	assert_true(p[0] == 960 && p[1] == 10 && p[2] == 21 && p[3] == 9);
	assert_true(q[0] == 5 && q[1] == 0 && q[2] == 2 && q[3] == 93);
	assert_int_equal(statistics_lump(reference, current, 5, STATISTICS_RARE_IN_BOTH, p, q), 4);
	assert_true(p[2] == 0 && p[3] == 19 && q[2] == 92 && q[3] == 1);
	assert_int_equal(statistics_lump(current + 1, current + 1, 1, STATISTICS_RARE_IN_BOTH, p, q), 1);
}

static void check_nearest(void **state)
{
	(void)state;
	const double reference[] = {50, 30, 20};
	double current[] = {600, 250, 150};
	statistics_nearest(reference, current, (double[]){0.02, 0.1, 0.01}, 3);
	assert_true(near(current[0], 580) && near(current[1], 300) && near(current[2], 160));
	statistics_nearest(reference, current, NULL, 3);
	assert_true(near(current[0], 580));
}

int main(void)
{
	static const char *const named[] = {"the largest difference says where it is",
		"chance reaches the quantile of chi squared",
		"rare bins share the last one, and the side that decides is told",
		"an error brings shares together, but not past each other"};
	static const CMUnitTestFunction checks[] = {check_at, check_chance, check_lump, check_nearest};
	struct CMUnitTest tests[CASES_COUNT(rows) + CASES_COUNT(named)];
	size_t count = CASES_ADD(tests, 0, rows, check);
	for (size_t i = 0; i < CASES_COUNT(named); i++)
		count = cases_add(tests, count, &named[i], 1, sizeof(named[i]), checks[i]);
	return CASES_RUN_ALL(tests, count);
}
