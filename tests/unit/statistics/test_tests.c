/* Tests and their p-values, against SciPy's chi2, chi2_contingency and norm, and against counting all
 * shuffles. */
#include <string.h>

#include "near.h"
#include "statistics/chi_squared.h"
#include "statistics/correction.h"
#include "statistics/proportion.h"
#include "statistics/unseen.h"

#include "cases.h"

struct chi_row {
	const char *name;
	double x;
	double freedom;
	double p;
};

static const struct chi_row ps[] = {
	{"one degree, by the series", 0.5, 1, 0.47950012218695337},
	{"one degree at the five percent point", 3.841458820694124, 1, 0.05},
	{"the middle of ten degrees", 10, 10, 0.44049328506521257},
	{"a tail of five degrees", 30, 5, 1.4748581038443073e-05},
	{"far below its degrees", 1.5, 100, 1},
	{"above its degrees", 150, 100, 0.0009039320423540184},
	{"a far tail of many degrees", 1000, 500, 1.2085183611328796e-35},
	{"two degrees are exponential", 0.001, 2, 0.9995001249791693},
	{"what is too small for a number is 0", 2000, 3, 0},
	{"infinity is never reached", INFINITY, 3, 0},
	{"nothing shows nothing", 0, 3, 1},
	{"below nothing shows nothing", -1, 3, 1},
	{"no number shows nothing", NAN, 3, 1},
	{"without degrees there is nothing to show", 5, 0, 1},
};

static void check_p(void **state)
{
	const struct chi_row *row = *state;
	assert_true(near(statistics_chi_squared_p(row->x, row->freedom), row->p));
}

/* x is the quantile, p the level. */
static const struct chi_row quantiles[] = {
	{"the quantile 0.99 of one degree", 6.6348966010212145, 1, 0.99},
	{"the quantile 0.99 of nine degrees", 21.665994333461924, 9, 0.99},
	{"the quantile 0.99 of a thousand degrees", 1106.9689943522174, 1000, 0.99},
	{"the median of two degrees is 2 ln 2", 1.386294361119891, 2, 0.5},
	{"a low quantile", 0.024297585815692732, 3, 0.001},
	{"a high quantile", 112.60809249886348, 50, 0.999999},
	{"level 1 has no quantile", NAN, 3, 1},
	{"level 0 has no quantile", NAN, 3, 0},
	{"no degrees have no quantile", NAN, 0, 0.5},
};

static void check_quantile(void **state)
{
	const struct chi_row *row = *state;
	assert_true(near(statistics_chi_squared_quantile(row->p, row->freedom), row->x));
}

struct pearson_row {
	const char *name;
	double a[4], b[4];
	size_t bins;
	double statistic, freedom, p;
};

static const struct pearson_row pearsons[] = {
	{"two opposite rows", {10, 20, 30}, {30, 20, 10}, 3, 20, 2, 4.539992976248486e-05},
	{"cells of 0 are cells", {10, 0, 1}, {7, 3, 0}, 3, 4.491978609625668, 2, 0.10582279756786592},
	{"a bin that is empty on both sides is none", {10, 0, 20, 30}, {30, 0, 20, 10}, 4, 20, 2,
		4.539992976248486e-05},
	{"equal shares", {1, 2}, {10, 20}, 2, 0, 1, 1},
	{"one bin is nothing to test", {5}, {7}, 1, 0, 0, 1},
	{"an empty side is nothing to test", {0, 0}, {7, 3}, 2, 0, 0, 1},
};

static void check_pearson(void **state)
{
	const struct pearson_row *row = *state;
	struct statistics_test test = statistics_pearson(row->a, row->b, row->bins);
	assert_true(near(test.statistic, row->statistic));
	assert_true(test.freedom == row->freedom);
	assert_true(near(test.p, row->p));
}

struct share_row {
	const char *name;
	double x, n, y, m, p;
};

static const struct share_row shares[] = {
	{"thirty percent beside forty-two", 30, 100, 50, 120, 0.07326407689400845},
	{"the sides may change places", 50, 120, 30, 100, 0.07326407689400845},
	{"equal shares show nothing", 10, 100, 20, 200, 1},
	{"none of both shows nothing", 0, 100, 0, 200, 1},
	{"all of both shows nothing", 100, 100, 200, 200, 1},
	{"an empty side shows nothing", 0, 0, 20, 200, 1},
};

static void check_share(void **state)
{
	const struct share_row *row = *state;
	assert_true(near(statistics_proportions_p(row->x, row->n, row->y, row->m), row->p));
}

static void check_resolvable(void **state)
{
	(void)state;
	assert_true(near(statistics_resolvable(0.001, 100, 400), 0.18394603633490184));
	assert_true(statistics_resolvable(0.001, 0, 400) == 1);
	assert_true(statistics_resolvable(0.001, 1, 1) == 1);
}

struct correction_row {
	const char *name;
	double before[4], after[4];
	size_t count;
};

static const struct correction_row corrections[] = {
	{"one value stays", {0.03}, {0.03}, 1},
	{"each is times how many there are, over its rank", {0.01, 0.04, 0.03, 0.5},
		{0.04, 0.16 / 3, 0.16 / 3, 0.5}, 4},
	{"none is above a larger one", {0.02, 0.021, 0.9}, {0.0315, 0.0315, 0.9}, 3},
	{"none is above 1", {0.9, 0.8}, {0.9, 0.9}, 2},
	{"what is no number counts as 1", {NAN, 0.01}, {1, 0.02}, 2},
	{"equal ones stay equal", {0.01, 0.01}, {0.01, 0.01}, 2},
	{"nothing is fine", {0}, {0}, 0},
};

static void check_correction(void **state)
{
	const struct correction_row *row = *state;
	struct statistics_p values[4];
	for (size_t i = 0; i < row->count; i++)
		values[i] = (struct statistics_p){row->before[i], i};
	statistics_correct(values, row->count);
	for (size_t i = 0; i < row->count; i++)
		assert_true(near(values[i].p, row->after[values[i].place]));
}

struct unseen_row {
	const char *name;
	struct statistics_tally tallies[3];
	size_t count;
	double n, m, mass;
	double exact; /* share of all shuffles */
	double most;  /* the bound may be this large */
};

/* exact: by going through all ways to draw n of the n + m values. */
static const struct unseen_row unseen[] = {
	{"many rare categories miss each other often", {{4, 1, 0}, {2, 1, 0}, {1, 6, 0}}, 3, 6, 6, 3,
		0.8701298701298701, 1},
	{"more of them seldom", {{4, 1, 0}, {2, 1, 0}, {1, 6, 0}}, 3, 6, 6, 5, 0.17316017316017315, 0.8},
	{"a large one hardly ever", {{5, 2, 0}, {2, 1, 0}}, 2, 6, 6, 5, 0.015151515151515152, 0.1},
	{"a small one sometimes", {{5, 2, 0}, {2, 1, 0}}, 2, 6, 6, 2, 0.24242424242424243, 1},
};

static void check_unseen(void **state)
{
	const struct unseen_row *row = *state;
	struct statistics_tally tallies[3];
	memcpy(tallies, row->tallies, sizeof(tallies));
	double p = statistics_unseen_p(row->mass, tallies, row->count, row->n, row->m);
	assert_true(p >= row->exact && p <= row->most);
}

static void check_far(void **state)
{
	(void)state;
	/* One category of 500 of 10000 that the first side never met beside one that both know. */
	struct statistics_tally tallies[] = {{500, 1, 0}, {19500, 1, 0}};
	double p = statistics_unseen_p(500, tallies, 2, 10000, 10000);
	assert_true(p < 1e-140 && p >= statistics_exceed_p(500, 10000, 10000) * (1 - 1e-6));
	assert_true(statistics_unseen_p(0, tallies, 2, 10000, 10000) == 1);
	assert_true(statistics_unseen_p(5, tallies, 2, 0, 10000) == 1);
}

static void check_exceed(void **state)
{
	(void)state;
	assert_true(near(statistics_exceed_p(2, 7, 3), 3.0 * 2 / (10 * 9)));
	assert_true(near(statistics_exceed_p(1, 99, 1), 0.01));
	assert_true(statistics_exceed_p(0, 99, 1) == 1);
	assert_true(statistics_exceed_p(4, 7, 3) == 0);
	assert_true(statistics_exceed_p(1, 0, 1) == 1);
}

/* The least share that is beyond chance, and one value less is not. */
static void check_exceed_resolvable(void **state)
{
	(void)state;
	assert_true(near(statistics_exceed_resolvable(0.001, 1000, 1000), 10.0 / 1000));
	assert_true(near(statistics_exceed_resolvable(0.01, 99, 1), 1));
	assert_true(near(statistics_exceed_resolvable(0.001, 1e6, 50), 1.0 / 50));
	assert_true(statistics_exceed_resolvable(0.001, 3, 5) == 1);
	assert_true(statistics_exceed_resolvable(0.001, 0, 5) == 1);
	assert_true(statistics_exceed_resolvable(0.001, 5, 0) == 1);
	for (double n = 50; n < 1e7; n *= 3.7) {
		double k = round(statistics_exceed_resolvable(0.001, n, 5000) * 5000);
		assert_true(statistics_exceed_p(k, n, 5000) <= 0.001);
		assert_true(statistics_exceed_p(k - 1, n, 5000) > 0.001);
	}
}

int main(void)
{
	static const char *const named[] = {"what counts resolve is where the p-value is, at worst",
		"a new category of many values is no chance", "exceeding is counted without putting back",
		"what resolves is the least that chance does not explain"};
	static const CMUnitTestFunction checks[] = {
		check_resolvable, check_far, check_exceed, check_exceed_resolvable};
	struct CMUnitTest tests[100];
	size_t count = CASES_ADD(tests, 0, ps, check_p);
	count = CASES_ADD(tests, count, quantiles, check_quantile);
	count = CASES_ADD(tests, count, pearsons, check_pearson);
	count = CASES_ADD(tests, count, shares, check_share);
	count = CASES_ADD(tests, count, corrections, check_correction);
	count = CASES_ADD(tests, count, unseen, check_unseen);
	for (size_t i = 0; i < CASES_COUNT(named); i++)
		count = cases_add(tests, count, &named[i], 1, sizeof(named[i]), checks[i]);
	return CASES_RUN_ALL(tests, count);
}
