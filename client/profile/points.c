/* Weighted points. Knows nothing of sketches. */
#include "profile/points.h"

#include <stdlib.h>

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

/* Returns where the group that starts at `from` ends: it weighs at most one share, or is one point. */
static size_t group_end(const struct point *points, size_t from, size_t count, int64_t share, int64_t *weight)
{
	size_t to = from + 1;
	*weight = points[from].weight;
	for (; to < count && *weight + points[to].weight <= share; to++)
		*weight += points[to].weight;
	return to;
}

/* Returns the smallest share, in steps of an eighth, that makes few enough groups. */
static int64_t find_share(const struct point *points, size_t count, size_t most, int64_t total)
{
	int64_t share = total / (int64_t)most + 1, weight;
	for (;; share += share / 8 + 1) {
		size_t groups = 0;
		for (size_t from = 0; from < count && groups <= most; groups++)
			from = group_end(points, from, count, share, &weight);
		if (groups <= most)
			return share;
	}
}

size_t points_reduce(struct point *points, size_t count, size_t most, double *error)
{
	int64_t total = 0, widest = 0, weight;
	size_t kept = 0;
	*error = 0;
	if (count <= most)
		return count;
	for (size_t i = 0; i < count; i++)
		total += points[i].weight;
	const int64_t share = find_share(points, count, most, total);
	for (size_t from = 0, to; from < count; from = to) {
		to = group_end(points, from, count, share, &weight);
		if (to > from + 1 && weight > widest)
			widest = weight;
		points[kept++] = stand_in(points, from, to);
	}
	*error = total > 0 ? (double)widest / 2 / (double)total : 0;
	return kept;
}
