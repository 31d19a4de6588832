/* xorshift: the same numbers in every run. */
#ifndef TEST_RANDOM_H
#define TEST_RANDOM_H

#include <math.h>
#include <stdint.h>

static uint64_t random_state = UINT64_C(88172645463325252);

static inline uint64_t random_bits(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

/* In [0, 1). */
static inline double random_share(void)
{
	return (double)(random_bits() >> 11) / (double)(UINT64_C(1) << 53);
}

/* Box and Muller. */
static inline double random_normal(void)
{
	return sqrt(-2 * log(1 - random_share())) * cos(6.283185307179586 * random_share());
}

#endif
