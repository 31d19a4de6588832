/* The largest distance of two distribution functions, and how often chance makes it. Pure; any thread. */
#ifndef STATISTICS_KOLMOGOROV_H
#define STATISTICS_KOLMOGOROV_H

#include "statistics/points.h"

/**
 * Two-sided, two-sample Kolmogorov-Smirnov statistic: sup |F(x) − G(x)| over
 * all x, of the empirical distribution functions. N. Smirnov, Table for
 * Estimating the Goodness of Fit of Empirical Distributions, Annals of
 * Mathematical Statistics 19 (1948).
 *
 * In [0, 1]; equal constants are 0 apart, different ones 1. Infinities count
 * as the smallest and the largest value. Of points that a sketch keeps it is
 * off by at most the sum of the two sketches' rank errors.
 *
 * @return NaN when either side is empty
 */
double statistics_ks(const struct statistics_points *a, const struct statistics_points *b);

/**
 * Probability that two samples of one continuous distribution are that far
 * apart: Q(√(nm/(n+m)) · distance), with the Kolmogorov series
 * Q(t) = 2 Σ (−1)^(j−1) exp(−2 j² t²). For small t, where it converges slowly,
 * the series that the theta function's inversion makes of it:
 * Q(t) = 1 − √(2π)/t Σ exp(−(2j−1)² π² / (8 t²)). A. Kolmogorov, Sulla
 * determinazione empirica di una legge di distribuzione (1933); both forms in
 * W. Feller, Annals of Mathematical Statistics 19 (1948).
 *
 * An asymptotic: too large, thus on the safe side, where values repeat.
 *
 * @param distance  0 to 1
 * @param n, m      values on each side
 * @return 0 to 1; 1 when a side is empty or the distance is NaN: nothing is shown then
 */
double statistics_ks_p(double distance, double n, double m);

/**
 * The smallest distance that has a p-value of at most p with that many values:
 * the series' first term solved, √(−ln(p/2) / 2) / √(nm/(n+m)).
 *
 * @param p  above 0, at most 0.1, where the second term is below the twelfth digit
 * @return 0 to 1; 1 when a side is empty or too small for any distance
 */
double statistics_ks_resolvable(double p, double n, double m);

#endif
