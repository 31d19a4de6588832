/*
 * How different the shares of two sides are, bin by bin or category by
 * category. Pure; any thread.
 *
 * Both sides come as counts of the same bins, finite and 0 or more. A side
 * without any value makes each measure NaN: it has no shares.
 */
#ifndef STATISTICS_DIVERGENCE_H
#define STATISTICS_DIVERGENCE_H

#include <stddef.h>

/**
 * Population stability index in nats: Σ (q − p) ln(q / p), p the reference's
 * shares and q the current ones; the sum of both Kullback-Leibler divergences.
 * H. Jeffreys, An Invariant Form for the Prior Probability in Estimation
 * Problems, Proceedings of the Royal Society A 186 (1946); N. Siddiqi, Credit
 * Risk Scorecards (2006), for its use on bins.
 *
 * A share of exactly 0 becomes 0.0001 on its own side, and nothing is scaled
 * anew. 0 or more; equal shares, and one single bin, are 0.
 */
double statistics_psi(const double *reference, const double *current, size_t bins);

/**
 * The index that chance alone reaches with the given probability: the χ²
 * quantile with bins − 1 degrees of freedom times (1/n + 1/m). B. Yurdakul,
 * Statistical Properties of Population Stability Index (2018). It holds where
 * every bin has a few values.
 *
 * @param level  of the quantile: 0.99 is reached by 1 of 100 pairs from one distribution
 * @param n, m   values on each side
 * @return 0 with fewer than two bins; infinity when a side is empty
 */
double statistics_psi_chance(size_t bins, double n, double m, double level);

/**
 * Jensen-Shannon distance: the root of the Jensen-Shannon divergence with base
 * 2. J. Lin, Divergence Measures Based on the Shannon Entropy, IEEE
 * Transactions on Information Theory 37 (1991); D. Endres and J. Schindelin
 * (2003), that its root is a metric.
 *
 * In [0, 1]: equal shares are 0 and shares without a bin in common 1. A share
 * of 0 needs no mending.
 */
double statistics_js(const double *reference, const double *current, size_t bins);

/** Largest difference of a bin's two shares, max |p − q|. In [0, 1]. @param[out] at that bin; NULL if of no
 * use */
double statistics_linf(const double *reference, const double *current, size_t bins, size_t *at);

#endif
