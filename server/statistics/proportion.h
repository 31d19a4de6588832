/* Two shares, and whether chance makes them so different. Pure; any thread. */
#ifndef STATISTICS_PROPORTION_H
#define STATISTICS_PROPORTION_H

/**
 * Two-sided p-value of the two-proportion z test with the pooled share:
 * z = (x/n − y/m) / √(s (1 − s) (1/n + 1/m)), s = (x + y) / (n + m),
 * p = erfc(|z| / √2). Any textbook; for example J. Fleiss, Statistical Methods
 * for Rates and Proportions.
 *
 * @param x, y  that have the property: 0 to n, 0 to m
 * @param n, m  of that many
 * @return 0 to 1; 1 when a side is empty, or none or all have the property: nothing is shown then
 */
double statistics_proportions_p(double x, double n, double y, double m);

/**
 * How small a difference of shares is that n and m values can tell from chance
 * at a p-value, at worst: z(p) · √(1/n + 1/m) / 2, where shares are near one
 * half.
 *
 * @param p     above 0, below 1
 * @return 0 to 1; 1 when a side is empty
 */
double statistics_resolvable(double p, double n, double m);

#endif
