/* The two-proportion z test. */
#include "statistics/proportion.h"

#include <math.h>

#include "statistics/chi_squared.h"

double statistics_proportions_p(double x, double n, double y, double m)
{
	if (!(n > 0) || !(m > 0))
		return 1;
	double pooled = (x + y) / (n + m);
	double variance = pooled * (1 - pooled) * (1 / n + 1 / m);
	if (!(variance > 0))
		return 1;
	double z = fabs(x / n - y / m) / sqrt(variance);
	return fmin(erfc(z / sqrt(2)), 1);
}

/* A squared normal variable is χ² with one degree of freedom. */
double statistics_resolvable(double p, double n, double m)
{
	if (!(n > 0) || !(m > 0) || !(p > 0) || !(p < 1))
		return 1;
	double z = sqrt(statistics_chi_squared_quantile(1 - p, 1));
	return fmin(z * sqrt(1 / n + 1 / m) / 2, 1);
}
