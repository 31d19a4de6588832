/* The distances of two sets of numbers, against SciPy's ks_2samp, kolmogorov and wasserstein_distance. */
#include "near.h"
#include "statistics/kolmogorov.h"
#include "statistics/wasserstein.h"

#include "cases.h"

enum {
	MOST = 8
};

struct row {
	const char *name;
	double a[MOST];
	size_t a_count;
	double b[MOST];
	int64_t b_weights[MOST]; /* all 0: none */
	size_t b_count;
	double ks;
	double wasserstein;
};

static const struct row rows[] = {
	{"equal sets are nothing apart", {1, 2, 3}, 3, {1, 2, 3}, {0}, 3, 0, 0},
	{"values that repeat are passed together", {1, 2, 2, 3, 8}, 5, {2, 3, 3, 4}, {0}, 4, 0.35, 1.4},
	{"weights are values that repeat", {1, 2, 2, 3, 8}, 5, {2, 3, 4}, {1, 2, 1}, 3, 0.35, 1.4},
	{"sets that do not meet are wholly apart", {1, 2}, 2, {11, 12}, {0}, 2, 1, 10},
	{"constants are their difference apart", {5, 5}, 2, {7}, {0}, 1, 1, 2},
	{"equal constants are nothing apart", {5, 5}, 2, {5}, {3}, 1, 0, 0},
	{"an infinity is the largest value", {1, 2, 3, 4}, 4, {1, 2, 3, INFINITY}, {0}, 4, 0.25, INFINITY},
	{"infinities of equal mass add nothing", {-INFINITY, 1}, 2, {-INFINITY, 2}, {0}, 2, 0.5, 0.5},
	{"nothing is no distance from anything", {1}, 1, {0}, {0}, 0, NAN, NAN},
	{"and the other way round", {0}, 0, {1}, {0}, 1, NAN, NAN},
};

static void check(void **state)
{
	const struct row *row = *state;
	bool weighted = row->b_weights[0] > 0;
	struct statistics_points a = statistics_points(row->a, NULL, row->a_count);
	struct statistics_points b =
		statistics_points(row->b, weighted ? row->b_weights : NULL, row->b_count);
	assert_true(near(statistics_ks(&a, &b), row->ks));
	assert_true(near(statistics_ks(&b, &a), row->ks));
	assert_true(near(statistics_wasserstein(&a, &b), row->wasserstein));
	assert_true(near(statistics_wasserstein_scaled(&a, &b, 2), row->wasserstein / 2));
	assert_true(isnan(statistics_wasserstein_scaled(&a, &b, 0)));
}

struct p_row {
	const char *name;
	double distance;
	double n, m;
	double p;
};

/* With n = m = 2 the root is 1, so that the distance is t; the values are scipy.special.kolmogorov's. */
static const struct p_row ps[] = {
	{"a very small distance shows nothing", 0.2, 2, 2, 0.999999999999495},
	{"a small one by the inverted series", 0.5, 2, 2, 0.9639452436648751},
	{"below the turn", 1.0, 2, 2, 0.26999967167735456},
	{"at the turn", 1.18, 2, 2, 0.1234538094297657},
	{"above the turn", 1.2, 2, 2, 0.11224966667072497},
	{"where one of a thousand is", 1.949, 2, 2, 0.0010037073145687607},
	{"a large one", 3, 2, 2, 3.045995948942526e-08},
	{"a very large one", 8, 2, 2, 5.14441874528483e-56},
	{"both counts go in", 0.1, 900, 100, 0.32910478909781493},
	{"no distance shows nothing", 0, 100, 100, 1},
	{"an empty side shows nothing", 0.5, 0, 100, 1},
	{"what is no distance shows nothing", NAN, 100, 100, 1},
};

static void check_p(void **state)
{
	const struct p_row *row = *state;
	assert_true(near(statistics_ks_p(row->distance, row->n, row->m), row->p));
}

static void check_resolvable(void **state)
{
	(void)state;
	double distance = statistics_ks_resolvable(0.001, 1000, 500);
	assert_true(near_by(statistics_ks_p(distance, 1000, 500), 0.001, 1e-6));
	assert_true(statistics_ks_resolvable(0.001, 0, 500) == 1);
	assert_true(statistics_ks_resolvable(0.001, 2, 2) == 1);
}

int main(void)
{
	static const char *const named[] = {"what can be resolved has just that p-value"};
	struct CMUnitTest tests[CASES_COUNT(rows) + CASES_COUNT(ps) + 1];
	size_t count = CASES_ADD(tests, 0, rows, check);
	count = CASES_ADD(tests, count, ps, check_p);
	count = CASES_ADD(tests, count, named, check_resolvable);
	return CASES_RUN_ALL(tests, count);
}
