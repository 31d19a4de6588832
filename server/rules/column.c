/* Reading profiles and comparing numbers. Categories are column_categories.c. */
#include "rules/column.h"

#include <math.h>
#include <pthread.h>
#include <string.h>

#include "statistics/chi_squared.h"
#include "statistics/divergence.h"
#include "statistics/kolmogorov.h"
#include "statistics/shares.h"
#include "statistics/unseen.h"
#include "statistics/wasserstein.h"

static enum column_type type_of(const Tally__V1__ColumnProfile *profile)
{
	const char *type = profile->inferred_type;
	if (profile->count == profile->missing)
		return COLUMN_EMPTY;
	if (strcmp(type, "int") == 0 || strcmp(type, "float") == 0)
		return COLUMN_NUMBER;
	return strcmp(type, "string") == 0 ? COLUMN_TEXT : COLUMN_UNKNOWN;
}

/* Ascending, finite, with weights that are no debts. */
static bool ascending(const Tally__V1__Quantiles *quantiles)
{
	double last = -INFINITY;
	bool sound = true;
	for (size_t i = 0; i < quantiles->n_values; i++) {
		double value = quantiles->values[i];
		sound = sound && isfinite(value) && value >= last && quantiles->weights[i] >= 0;
		last = value;
	}
	return sound;
}

bool rule_column_points(const struct column_side *side, struct column_points *points)
{
	const Tally__V1__Quantiles *quantiles = side->profile->quantiles;
	if (side->type != COLUMN_NUMBER || !quantiles || quantiles->n_values != quantiles->n_weights ||
		!(quantiles->rank_error >= 0) || !ascending(quantiles))
		return false;
	points->points = statistics_points(quantiles->values, quantiles->weights, quantiles->n_values);
	points->rank_error = fmin(quantiles->rank_error, 1);
	double finite = side->present - (double)side->profile->not_finite;
	return points->points.total > 0 &&
	       fabs(points->points.total - finite) <= points->rank_error * finite + 0.5;
}

/* No negative counts, and together with the rest as many as are present, but for the sketch's error. */
bool rule_column_list(const struct column_side *side, struct column_list *list)
{
	const Tally__V1__ColumnProfile *profile = side->profile;
	double listed = 0;
	for (size_t i = 0; i < profile->n_categories; i++) {
		if (profile->categories[i]->count < 0)
			return false;
		listed += (double)profile->categories[i]->count;
	}
	if (profile->other_count < 0 || profile->category_error < 0)
		return false;
	double error = (double)profile->category_error * (double)profile->n_categories;
	if (listed + (double)profile->other_count > side->present + error)
		return false;
	list->other = fmax(side->present - listed, 0);
	list->complete = profile->n_categories > 0 && list->other == 0 && profile->category_error == 0;
	return true;
}

bool rule_column_read(const Tally__V1__ColumnProfile *profile, struct column_side *side)
{
	*side = (struct column_side){.profile = profile};
	if (!profile || profile->count < 0 || profile->missing < 0 || profile->missing > profile->count)
		return false;
	if (profile->not_finite < 0 || profile->not_finite > profile->count - profile->missing)
		return false;
	side->rows = (double)profile->count;
	side->missing = (double)profile->missing;
	side->present = side->rows - side->missing;
	side->type = type_of(profile);
	return true;
}

bool rule_column_identifies(const struct column_side *reference)
{
	return reference->type == COLUMN_TEXT && reference->profile->distinct > reference->present / 2;
}

/* Of bins of at least a hundredth, and one for the rest. */
enum {
	CHANCE_BINS = 102
};

static double chance_of_one[CHANCE_BINS];
static pthread_once_t chance_known = PTHREAD_ONCE_INIT;

/* With n = m = 2 the sum of their reciprocals is 1. */
static void work_out_chance(void)
{
	for (size_t bins = 0; bins < CHANCE_BINS; bins++)
		chance_of_one[bins] = statistics_psi_chance(bins, 2, 2, COLUMN_CHANCE_LEVEL);
}

double rule_column_chance(size_t bins, double n, double m)
{
	if (bins >= CHANCE_BINS || !(n > 0) || !(m > 0))
		return statistics_psi_chance(bins, n, m, COLUMN_CHANCE_LEVEL);
	pthread_once(&chance_known, work_out_chance);
	return chance_of_one[bins] * (1 / n + 1 / m);
}

/* The index over bins of the reference. Each count may be wrong at both of its bin's edges. */
static void index_numbers(const struct column_points *reference, const struct column_points *current,
	enum column_depth depth, struct column_index *index)
{
	double edges[STATISTICS_BINS - 1];
	double p[STATISTICS_BINS];
	double q[STATISTICS_BINS];
	double slack[STATISTICS_BINS];
	size_t edge_count = statistics_edges(&reference->points, edges);
	statistics_bin(&reference->points, edges, edge_count, p);
	statistics_bin(&current->points, edges, edge_count, q);
	index->bins = edge_count + 1;
	index->psi = index->psi_least = statistics_psi(p, q, index->bins);
	if (depth == COLUMN_TELL) {
		index->js = statistics_js(p, q, index->bins);
		index->psi_chance =
			rule_column_chance(index->bins, reference->points.total, current->points.total);
	}
	if (reference->rank_error + current->rank_error > 0) {
		for (size_t i = 0; i < index->bins; i++)
			slack[i] = 2 * (reference->rank_error + current->rank_error);
		statistics_nearest(p, q, slack, index->bins);
		index->psi_least = statistics_psi(p, q, index->bins);
	}
	index->p = statistics_pearson(p, q, index->bins).p;
}

void rule_column_compare_numbers(const struct column_side *reference, const struct column_side *current,
	enum column_depth depth, struct column_numbers *numbers)
{
	struct column_points a;
	struct column_points b;
	*numbers = (struct column_numbers){
		.there = rule_column_points(reference, &a) && rule_column_points(current, &b)};
	if (!numbers->there)
		return;
	numbers->n = a.points.total;
	numbers->m = b.points.total;
	numbers->ks = statistics_ks(&a.points, &b.points);
	numbers->ks_least = fmax(numbers->ks - a.rank_error - b.rank_error, 0);
	numbers->ks_p = statistics_ks_p(numbers->ks_least, numbers->n, numbers->m);
	if (depth == COLUMN_TELL)
		numbers->wasserstein = statistics_wasserstein_scaled(
			&a.points, &b.points, reference->profile->standard_deviation);
	index_numbers(&a, &b, depth, &numbers->index);
}

/* Infinities lie outside of any range that has none. */
static double infinities(const struct column_side *reference, const struct column_side *current)
{
	return reference->profile->not_finite == 0 ? (double)current->profile->not_finite : 0;
}

/* Each side of the range is a question of its own; the smallest answer counts three times. */
static double outside_p(const struct column_outside *outside, double n, double m)
{
	double p = statistics_exceed_p(outside->below, n, m);
	p = fmin(p, statistics_exceed_p(outside->above, n, m));
	p = fmin(p, statistics_exceed_p(outside->infinite, n, m));
	return fmin(3 * p, 1);
}

static bool within(const Tally__V1__ColumnProfile *range, const Tally__V1__ColumnProfile *current)
{
	return current->_min_case && current->_max_case && current->min >= range->min &&
	       current->max <= range->max && current->not_finite == 0;
}

static void count_outside(const struct column_side *reference, const struct column_side *current,
	const struct column_points *points, struct column_outside *outside)
{
	const Tally__V1__ColumnProfile *range = reference->profile;
	struct statistics_outside counts = statistics_outside(&points->points, range->min, range->max);
	double error = points->rank_error * points->points.total;
	outside->infinite = infinities(reference, current);
	outside->share = (counts.below + counts.above + outside->infinite) / current->present;
	outside->below = fmax(counts.below - error, 0);
	outside->above = fmax(counts.above - error, 0);
	outside->p = outside_p(outside, reference->present, current->present);
}

void rule_column_outside(const struct column_side *reference, const struct column_side *current,
	struct column_outside *outside)
{
	const Tally__V1__ColumnProfile *range = reference->profile;
	struct column_points points;
	*outside = (struct column_outside){.p = 1};
	outside->there = reference->type == COLUMN_NUMBER && current->type == COLUMN_NUMBER &&
			 range->_min_case && range->_max_case && range->min <= range->max;
	if (!outside->there || within(range, current->profile))
		return;
	outside->there = rule_column_points(current, &points);
	if (outside->there)
		count_outside(reference, current, &points, outside);
}
