/* Weighted points. Knows nothing of sketches. */
#include "profile/points.h"

#include <stdlib.h>

enum {
	DECILES = 9,
	DECILES_FROM = 64, /* points; with fewer, other places need them more */
};

static int compare(const void *left, const void *right)
{
	const double a = ((const struct point *)left)->value;
	const double b = ((const struct point *)right)->value;
	return (a > b) - (a < b);
}

size_t points_settle(struct point *points, size_t count)
{
	size_t kept = 0;
	qsort(points, count, sizeof(*points), compare);
	for (size_t i = 0; i < count; i++) {
		if (kept > 0 && points[kept - 1].value == points[i].value)
			points[kept - 1].weight += points[i].weight;
		else
			points[kept++] = points[i];
	}
	return kept;
}

/* The point that stands for points[from, to): their weighted median, with all of their weight. */
static struct point stand_in(const struct point *points, size_t from, size_t to)
{
	int64_t weight = 0, below = 0;
	for (size_t i = from; i < to; i++)
		weight += points[i].weight;
	size_t at = from;
	while (below + points[at].weight < weight - below - points[at].weight)
		below += points[at++].weight;
	return (struct point){points[at].value, weight};
}

/* Points that stay as they are: those that the deciles lie on or between. */
struct kept {
	size_t places[2 * DECILES];
	size_t count;
};

static void keep(struct kept *kept, size_t place)
{
	if (kept->count == 0 || kept->places[kept->count - 1] < place)
		kept->places[kept->count++] = place;
}

/*
 * Whoever compares distributions in bins makes them of deciles: a value between
 * two of the reference's edges must not move over one.
 */
static struct kept keep_deciles(const struct point *points, size_t count, int64_t total)
{
	struct kept kept = {.count = 0};
	int64_t below = 0;
	size_t at = 0;
	for (int64_t decile = 1; decile <= DECILES; decile++) {
		/* Type 7 of Hyndman and Fan interpolates between the values of this rank and the next. */
		const int64_t rank = (total - 1) / 10 * decile + (total - 1) % 10 * decile / 10;
		while (at + 1 < count && below + points[at].weight <= rank)
			below += points[at++].weight;
		keep(&kept, at);
		if (at + 1 < count && below + points[at].weight <= rank + 1)
			keep(&kept, at + 1);
	}
	return kept;
}

/* How groups are made. */
struct grouping {
	const struct point *points;
	size_t count;
	struct kept kept;
	int64_t share; /* no group of several points weighs more */
};

/* Returns where the group that starts at `from` ends. @param[in,out] next  of those that are kept */
static size_t group_end(const struct grouping *grouping, size_t from, size_t *next, int64_t *weight)
{
	const struct kept *kept = &grouping->kept;
	size_t to = from + 1, end = grouping->count;
	*weight = grouping->points[from].weight;
	if (*next < kept->count && kept->places[*next] == from) {
		(*next)++;
		return to;
	}
	if (*next < kept->count)
		end = kept->places[*next];
	for (; to < end && *weight + grouping->points[to].weight <= grouping->share; to++)
		*weight += grouping->points[to].weight;
	return to;
}

/* Finds the smallest share, in steps of an eighth, that makes few enough groups. */
static void find_share(struct grouping *grouping, size_t most, int64_t total)
{
	int64_t weight;
	grouping->share = total / (int64_t)most + 1;
	for (;; grouping->share += grouping->share / 8 + 1) {
		size_t groups = 0, next = 0;
		for (size_t from = 0; from < grouping->count && groups <= most; groups++)
			from = group_end(grouping, from, &next, &weight);
		if (groups <= most)
			return;
	}
}

size_t points_reduce(struct point *points, size_t count, size_t most, double *error)
{
	int64_t total = 0, widest = 0, weight;
	size_t left = 0, next = 0;
	*error = 0;
	if (count <= most)
		return count;
	for (size_t i = 0; i < count; i++)
		total += points[i].weight;
	struct grouping grouping = {.points = points, .count = count};
	if (most >= DECILES_FROM)
		grouping.kept = keep_deciles(points, count, total);
	find_share(&grouping, most, total);
	for (size_t from = 0, to; from < count; from = to) {
		to = group_end(&grouping, from, &next, &weight);
		if (to > from + 1 && weight > widest)
			widest = weight;
		points[left++] = stand_in(points, from, to);
	}
	*error = total > 0 ? (double)widest / 2 / (double)total : 0;
	return left;
}
