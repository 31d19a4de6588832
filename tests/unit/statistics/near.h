/* Comparing floating-point results with values that were worked out elsewhere. */
#ifndef STATISTICS_NEAR_H
#define STATISTICS_NEAR_H

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

/* Equal to a relative 1e-9, or both NaN, or the same infinity. Says so when not. */
static inline bool near_by(double value, double expected, double relative)
{
	bool same = isnan(expected)
			    ? isnan(value)
			    : value == expected || fabs(value - expected) <= relative * fabs(expected);
	if (!same)
		printf("%.17g is not %.17g\n", value, expected);
	return same;
}

static inline bool near(double value, double expected)
{
	return near_by(value, expected, 1e-9);
}

#endif
