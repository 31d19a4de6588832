/* Counts of bins before they are compared. */
#include "statistics/shares.h"

#include <math.h>

/* Bins with less than this share are lumped together. */
static const double rare_share = 0.01;

double statistics_sum(const double *counts, size_t count)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += counts[i];
	return sum;
}

size_t statistics_lump(const double *reference, const double *current, size_t count,
	enum statistics_rare rare, double *lumped_reference, double *lumped_current)
{
	double total = statistics_sum(reference, count);
	if (rare == STATISTICS_RARE_IN_BOTH)
		total += statistics_sum(current, count);
	size_t kept = 0;
	double other_reference = 0;
	double other_current = 0;
	for (size_t i = 0; i < count; i++) {
		double deciding = reference[i] + (rare == STATISTICS_RARE_IN_BOTH ? current[i] : 0);
		if (total > 0 && deciding / total >= rare_share) {
			lumped_reference[kept] = reference[i];
			lumped_current[kept++] = current[i];
		} else {
			other_reference += reference[i];
			other_current += current[i];
		}
	}
	lumped_reference[kept] = other_reference;
	lumped_current[kept++] = other_current;
	return kept;
}

void statistics_nearest(const double *reference, double *current, const double *slack, size_t count)
{
	double n = statistics_sum(reference, count);
	double m = statistics_sum(current, count);
	if (!slack || !(n > 0) || !(m > 0))
		return;
	for (size_t i = 0; i < count; i++) {
		double p = reference[i] / n;
		double q = current[i] / m;
		if (fabs(q - p) <= slack[i])
			q = p;
		else
			q += q < p ? slack[i] : -slack[i];
		current[i] = q * m;
	}
}
