/* Moments of numbers. Knows no column. */
#include "profile/moments.h"

#include <math.h>

void moments_join(struct moments *moments, const struct moments *other)
{
	if (other->count == 0)
		return;
	if (moments->count == 0) {
		*moments = *other;
		return;
	}
	const double here = (double)moments->count, there = (double)other->count;
	const double apart = other->mean - moments->mean;
	const double share = there / (here + there);
	moments->mean += apart * share;
	moments->squares += other->squares + apart * apart * here * share;
	moments->count += other->count;
	moments->min = fmin(moments->min, other->min);
	moments->max = fmax(moments->max, other->max);
}

void moments_add(struct moments *moments, const double *values, size_t count)
{
	if (count == 0)
		return;
	struct moments block = {.count = (int64_t)count, .min = values[0], .max = values[0]};
	/* Distances from the first value: sums of them neither overflow early nor lose what is small. */
	double sum = 0, distance = 0;
	for (size_t i = 0; i < count; i++) {
		sum += values[i] - values[0];
		block.min = values[i] < block.min ? values[i] : block.min;
		block.max = values[i] > block.max ? values[i] : block.max;
	}
	block.mean = values[0] + sum / (double)count;
	for (size_t i = 0; i < count; i++) {
		distance = values[i] - block.mean;
		block.squares += distance * distance;
	}
	moments_join(moments, &block);
}

void moments_add_weighted(struct moments *moments, double value, int64_t weight)
{
	moments_join(moments, &(struct moments){weight, value, 0, value, value});
}

double moments_deviation(const struct moments *moments)
{
	return moments->min == moments->max ? 0 : sqrt(moments->squares / (double)moments->count);
}
