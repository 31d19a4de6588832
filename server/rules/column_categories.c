/* Comparing categories: the union of both sides' lists, with what the lists leave out. */
#include "rules/column.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "statistics/chi_squared.h"
#include "statistics/divergence.h"
#include "statistics/shares.h"
#include "statistics/unseen.h"

/* ---- the union of two lists ---- */

/* A side with its list. */
struct lister {
	const struct column_side *side;
	struct column_list list;
};

/* Both sides' counts of every category that either lists, in the order of their texts, and the rest. */
struct both {
	size_t count;       /* categories */
	size_t bins;        /* with one for the rest, where there is any */
	const char **names; /* of the categories */
	double *reference;
	double *current;
	double *slack; /* how far the two shares together may be wrong */
};

static int compare_names(const void *a, const void *b)
{
	const Tally__V1__CategoryCount *left = *(Tally__V1__CategoryCount *const *)a;
	const Tally__V1__CategoryCount *right = *(Tally__V1__CategoryCount *const *)b;
	return strcmp(left->value, right->value);
}

static Tally__V1__CategoryCount **sorted(struct arena *scratch, const Tally__V1__ColumnProfile *profile)
{
	size_t size = profile->n_categories * sizeof(profile->categories[0]);
	Tally__V1__CategoryCount **list = arena_copy(scratch, profile->categories, size);
	if (profile->n_categories > 1)
		qsort(list, profile->n_categories, sizeof(Tally__V1__CategoryCount *), compare_names);
	return list;
}

/* The largest share that a category can have which the list leaves out: no more than the last one in it. */
static double unlisted_share(const struct lister *lister)
{
	const struct column_side *side = lister->side;
	const Tally__V1__ColumnProfile *profile = side->profile;
	double most = lister->list.other;
	for (size_t i = 0; i < profile->n_categories; i++)
		most = fmin(most, (double)profile->categories[i]->count);
	if (profile->category_error > 0 && profile->n_categories > 0 && lister->list.other == 0)
		most = (double)profile->category_error;
	return side->present > 0 ? most / side->present : 0;
}

static double listed_error(const struct column_side *side)
{
	return side->present > 0 ? (double)side->profile->category_error / side->present : 0;
}

/* Adds one category; either count may be absent. */
static void add(struct both *both, const Tally__V1__CategoryCount *reference,
	const Tally__V1__CategoryCount *current, double slack)
{
	size_t at = both->count++;
	both->names[at] = reference ? reference->value : current->value;
	both->reference[at] = reference ? (double)reference->count : 0;
	both->current[at] = current ? (double)current->count : 0;
	both->slack[at] = slack;
}

static struct both make_room(struct arena *scratch, size_t most)
{
	return (struct both){
		.names = arena_array(scratch, most, sizeof(char *)),
		.reference = arena_array(scratch, most, sizeof(double)),
		.current = arena_array(scratch, most, sizeof(double)),
		.slack = arena_array(scratch, most, sizeof(double)),
	};
}

/* Steps through both sorted lists together. */
static void merge(struct arena *scratch, const struct lister *a, const struct lister *b, struct both *both)
{
	const struct column_side *reference = a->side;
	const struct column_side *current = b->side;
	Tally__V1__CategoryCount **left = sorted(scratch, reference->profile);
	Tally__V1__CategoryCount **right = sorted(scratch, current->profile);
	double left_unlisted = unlisted_share(a);
	double right_unlisted = unlisted_share(b);
	double left_error = listed_error(reference);
	double right_error = listed_error(current);
	size_t i = 0;
	size_t j = 0;
	while (i < reference->profile->n_categories || j < current->profile->n_categories) {
		int order = i == reference->profile->n_categories ? 1
			    : j == current->profile->n_categories ? -1
								  : compare_names(&left[i], &right[j]);
		if (order < 0)
			add(both, left[i++], NULL, left_error + right_unlisted);
		else if (order > 0)
			add(both, NULL, right[j++], left_unlisted + right_error);
		else
			add(both, left[i++], right[j++], left_error + right_error);
	}
}

/*
 * What is in no list goes into one bin more. It can hold on one side what is
 * listed on the other, so its two shares say nothing.
 */
static struct both unite(struct arena *scratch, const struct lister *a, const struct lister *b)
{
	struct both both =
		make_room(scratch, a->side->profile->n_categories + b->side->profile->n_categories + 1);
	merge(scratch, a, b, &both);
	both.bins = both.count;
	if (a->list.other > 0 || b->list.other > 0) {
		both.reference[both.bins] = a->list.other;
		both.current[both.bins] = b->list.other;
		both.slack[both.bins++] = 1;
	}
	return both;
}

/* ---- comparing ---- */

/* May these be few different numbers, all of them listed? Numbers of two types are written in two ways. */
static bool few_numbers(const struct column_side *reference, const struct column_side *current)
{
	const Tally__V1__ColumnProfile *a = reference->profile;
	const Tally__V1__ColumnProfile *b = current->profile;
	return reference->type == COLUMN_NUMBER && current->type == COLUMN_NUMBER && a->n_categories > 0 &&
	       b->n_categories > 0 && a->n_categories <= COLUMN_COUNTED_MAX &&
	       b->n_categories <= COLUMN_COUNTED_MAX && strcmp(a->inferred_type, b->inferred_type) == 0;
}

static bool texts(const struct column_side *reference, const struct column_side *current)
{
	return reference->type == COLUMN_TEXT && current->type == COLUMN_TEXT &&
	       reference->profile->n_categories > 0 && current->profile->n_categories > 0;
}

static bool read_lists(const struct column_side *reference, const struct column_side *current,
	struct lister *a, struct lister *b)
{
	bool numbers = few_numbers(reference, current);
	if (!numbers && !texts(reference, current))
		return false;
	a->side = reference;
	b->side = current;
	if (!rule_column_list(reference, &a->list) || !rule_column_list(current, &b->list))
		return false;
	return !numbers || (a->list.complete && b->list.complete);
}

/* The index has its bins from the reference; the test needs bins that favour neither side. */
static void index_categories(
	struct arena *scratch, const struct both *both, const double *nearest, struct column_index *index)
{
	double *p = arena_array(scratch, both->bins + 1, sizeof(double));
	double *q = arena_array(scratch, both->bins + 1, sizeof(double));
	index->bins = statistics_lump(
		both->reference, both->current, both->bins, STATISTICS_RARE_IN_REFERENCE, p, q);
	index->psi = statistics_psi(p, q, index->bins);
	size_t bins =
		statistics_lump(both->reference, nearest, both->bins, STATISTICS_RARE_IN_REFERENCE, p, q);
	index->psi_least = statistics_psi(p, q, bins);
	bins = statistics_lump(both->reference, nearest, both->bins, STATISTICS_RARE_IN_BOTH, p, q);
	index->p = statistics_pearson(p, q, bins).p;
}

void rule_column_compare_categories(struct arena *scratch, const struct column_side *reference,
	const struct column_side *current, enum column_depth depth, struct column_categories *categories)
{
	struct lister a;
	struct lister b;
	*categories = (struct column_categories){.there = read_lists(reference, current, &a, &b)};
	if (!categories->there)
		return;
	struct both both = unite(scratch, &a, &b);
	double *nearest = arena_copy(scratch, both.current, both.bins * sizeof(double));
	statistics_nearest(both.reference, nearest, both.slack, both.bins);
	size_t at = 0;
	categories->n = reference->present;
	categories->m = current->present;
	categories->linf = statistics_linf(both.reference, both.current, both.bins, &at);
	categories->linf_category = at < both.count ? both.names[at] : "";
	categories->linf_least = statistics_linf(both.reference, nearest, both.bins, NULL);
	categories->chi2_p = statistics_pearson(both.reference, nearest, both.bins).p;
	index_categories(scratch, &both, nearest, &categories->index);
	if (depth == COLUMN_TELL) {
		categories->index.js = statistics_js(both.reference, both.current, both.bins);
		categories->index.psi_chance =
			rule_column_chance(categories->index.bins, categories->n, categories->m);
	}
}

/* ---- categories that only one side has ---- */

static void note_unseen(const struct both *both, double error, struct column_unseen *unseen)
{
	double largest = 0;
	for (size_t i = 0; i < both->count; i++) {
		double sure = both->current[i] - error;
		if (both->reference[i] > 0 || !(sure > 0))
			continue;
		unseen->mass += sure;
		unseen->categories++;
		if (both->current[i] > largest) {
			largest = both->current[i];
			unseen->largest = both->names[i];
		}
	}
}

/* The current side's own rest counts as single values, which chance leaves out most easily. */
static double unseen_p(struct arena *scratch, const struct both *both, const struct column_unseen *unseen,
	const struct column_side *reference, const struct column_side *current)
{
	struct statistics_tally *tallies = arena_array(scratch, both->bins, sizeof(*tallies));
	for (size_t i = 0; i < both->count; i++)
		tallies[i] = (struct statistics_tally){
			.size = both->reference[i] + both->current[i], .categories = 1};
	if (both->bins > both->count)
		tallies[both->count] =
			(struct statistics_tally){.size = 1, .categories = both->current[both->count]};
	return statistics_unseen_p(unseen->mass, tallies, both->bins, reference->present, current->present);
}

void rule_column_unseen(struct arena *scratch, const struct column_side *reference,
	const struct column_side *current, double least, struct column_unseen *unseen)
{
	struct lister a;
	struct lister b;
	*unseen = (struct column_unseen){
		.there = read_lists(reference, current, &a, &b) && a.list.complete, .p = 1};
	if (!unseen->there)
		return;
	struct both both = unite(scratch, &a, &b);
	note_unseen(&both, (double)current->profile->category_error, unseen);
	if (unseen->mass > 0 && unseen->mass >= least * current->present)
		unseen->p = unseen_p(scratch, &both, unseen, reference, current);
}
