/* Tolerances for single numbers. Knows nothing of where they come from. */
#include "statistics/difference.h"

#include <math.h>

/* Shares of a number that reading it and its neighbour from decimal text may have moved them. */
static const double rounding = 1e-12;

double statistics_tolerance(double reference, double relative, double absolute)
{
	return fmax(relative * fabs(reference), absolute);
}

static bool apart(double reference, double current, double tolerance)
{
	double slack = rounding * fmax(fabs(reference), fabs(current));
	return fabs(current - reference) > tolerance + slack;
}

bool statistics_differ(double reference, double current, double relative, double absolute)
{
	return apart(reference, current, statistics_tolerance(reference, relative, absolute));
}

bool statistics_shares_differ(double reference, double current, double points)
{
	return apart(reference, current, points);
}
