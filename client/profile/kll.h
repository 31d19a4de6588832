/*
 * The distribution of a stream of numbers in bounded memory: KLL.
 *
 * Z. Karnin, K. Lang, E. Liberty, "Optimal quantile approximation in streams",
 * FOCS 2016 (arXiv:1603.05346). Levels of compactors: a full one is sorted and
 * every second item, from a random first one on, moves up with twice the
 * weight. Capacities shrink by 2/3 from the top level down, to no less than a
 * quarter of the top one's, so that sorting pays; larger lower levels only make
 * the error smaller.
 *
 * The rank of any value is off by at most kll_error(k) of all values, with
 * probability 0.99; by nothing as long as no level was compacted. The random
 * bits come from a seed: the same stream gives the same sketch.
 */
#ifndef PROFILE_KLL_H
#define PROFILE_KLL_H

#include <stddef.h>
#include <stdint.h>

#include "profile/points.h"

enum {
	KLL_LEVELS_MAX = 60,
	KLL_K_MIN = 64,
};

struct kll_level {
	double *items;
	size_t count, room;
};

struct kll {
	size_t k; /* capacity of the top level */
	unsigned height;
	uint64_t random;
	int64_t count; /* values that it stands for */
	struct kll_level levels[KLL_LEVELS_MAX];
	int compacted; /* something was thrown away */
};

/** Makes an empty sketch. @param k  KLL_K_MIN or more */
void kll_init(struct kll *kll, size_t k, uint64_t seed);

/** Frees it. All zero is fine. */
void kll_done(struct kll *kll);

/** Adds numbers. @param values  finite, no -0 */
void kll_add(struct kll *kll, const double *values, size_t count);

/** Adds one number `weight` times. @param weight 1 or more */
void kll_add_weighted(struct kll *kll, double value, int64_t weight);

/** Returns how many points kll_points() writes at most. */
size_t kll_size(const struct kll *kll);

/** Writes what it holds. @param[out] points  settled @return how many */
size_t kll_points(const struct kll *kll, struct point *points);

/**
 * Returns the share by which a rank may be wrong: 2.296 / k^0.9723, what
 * Apache DataSketches measured for this shape of sketch at 99 % confidence
 * (KllHelper.getNormalizedRankError).
 */
double kll_error(const struct kll *kll);

#endif
