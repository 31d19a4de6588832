/* Benjamini and Hochberg's correction. */
#include "statistics/correction.h"

#include <math.h>
#include <stdlib.h>

static int compare(const void *a, const void *b)
{
	const struct statistics_p *left = a;
	const struct statistics_p *right = b;
	if (left->p != right->p)
		return left->p < right->p ? -1 : 1;
	return left->place < right->place ? -1 : left->place > right->place;
}

void statistics_correct(struct statistics_p *values, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (isnan(values[i].p))
			values[i].p = 1;
	}
	if (count > 1)
		qsort(values, count, sizeof(values[0]), compare);
	double smallest = 1;
	for (size_t rank = count; rank > 0; rank--) {
		double corrected = values[rank - 1].p * (double)count / (double)rank;
		smallest = fmin(smallest, corrected);
		values[rank - 1].p = smallest;
	}
}
