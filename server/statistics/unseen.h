/*
 * What one side has and the other never had: is it new, or was the other side
 * too small to have met it? Both answers are exact in that they ask how n and m
 * values of one distribution, shuffled, fall to the two sides. Pure; any
 * thread.
 */
#ifndef STATISTICS_UNSEEN_H
#define STATISTICS_UNSEEN_H

#include <stddef.h>

/**
 * Probability that the `k` largest of n + m values are all among the m:
 * m (m−1) … (m−k+1) / ((n+m) (n+m−1) … (n+m−k+1)). S. Wilks, Statistical
 * Prediction with Special Reference to the Problem of Tolerance Limits, Annals
 * of Mathematical Statistics 13 (1942). So it is that of k values above the
 * other side's largest; and of k below its smallest.
 *
 * @param k     0 to m
 * @param n, m  values on the side that was exceeded, and on the other
 * @return 0 to 1; 1 for k = 0, or when either side is empty
 */
double statistics_exceed_p(double k, double n, double m);

/**
 * The smallest share of m values that chance puts beyond all n others with a
 * probability of at most p: the least k / m with statistics_exceed_p(k, n, m)
 * ≤ p. It is also what one new category has to have.
 *
 * @param p  above 0, below 1
 * @return 0 to 1; 1 when a side is empty, or so many values resolve nothing
 */
double statistics_exceed_resolvable(double p, double n, double m);

/* So many categories have so many values each, of both sides together. */
struct statistics_tally {
	double size;
	double categories;
	double log_share; /* worked out on the way */
};

/**
 * A bound on the probability that categories which the first side never met
 * carry `mass` or more of the second side's m values. Each category of size c
 * falls whole to the second side with the probability of
 * statistics_exceed_p(c, n, m); shuffling makes these events negatively
 * associated (K. Joag-Dev and F. Proschan, Negative Association of Random
 * Variables, Annals of Statistics 11 (1983)), so that H. Chernoff's bound holds
 * as if they were independent:
 * min over t of exp(−t · mass) Π (1 + π(c) (exp(t c) − 1)).
 *
 * @param mass     values of the second side in categories that only it has
 * @param tallies  of all categories, of both sides together; log_share is filled in
 * @param n, m     values on the first side, and on the second
 * @return 0 to 1; 1 for no mass, or when either side is empty
 */
double statistics_unseen_p(double mass, struct statistics_tally *tallies, size_t count, double n, double m);

#endif
