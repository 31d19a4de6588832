/* Many tests at once. Pure; any thread. */
#ifndef STATISTICS_CORRECTION_H
#define STATISTICS_CORRECTION_H

#include <stddef.h>

/* One p-value on its way; `place` is the caller's, to find its own again. */
struct statistics_p {
	double p;
	size_t place;
};

/**
 * Corrects p-values for how many there are: of n the r-th smallest becomes
 * p · n / r, and none more than a larger one. What is then below a level are
 * findings of which at most that share is expected to be false. Y. Benjamini
 * and Y. Hochberg, Controlling the False Discovery Rate, Journal of the Royal
 * Statistical Society B 57 (1995).
 *
 * One value stays as it is. NaN counts as 1.
 *
 * @param[in,out] values  comes back ordered by p
 */
void statistics_correct(struct statistics_p *values, size_t count);

#endif
