/*
 * How many different texts there are, from their hashes: HyperLogLog.
 *
 * P. Flajolet, E. Fusy, O. Gandouet, F. Meunier, "HyperLogLog: the analysis of
 * a near-optimal cardinality estimation algorithm", AofA 2007. Relative
 * standard error 1.04 / sqrt(registers), for any number of texts: the
 * estimator is O. Ertl's, "New cardinality estimation algorithms for
 * HyperLogLog sketches", 2017 (arXiv:1702.01284), algorithm 6, which needs no
 * correction tables. Sketches of one size merge register by register, and one
 * folds into a smaller size.
 */
#ifndef PROFILE_HLL_H
#define PROFILE_HLL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	HLL_BITS_MIN = 4,
	HLL_BITS_MAX = 14,
};

struct hll {
	uint8_t *registers; /* 2^bits; NULL before hll_init() */
	unsigned bits;
};

/** Makes an empty sketch of 2^bits registers. */
void hll_init(struct hll *hll, unsigned bits);

/** Frees it. All zero is fine. */
void hll_done(struct hll *hll);

/** Adds a text by its hash. */
static inline void hll_add(struct hll *hll, uint64_t hash)
{
	const uint64_t place = hash >> (64 - hll->bits);
	const uint64_t rest = hash << hll->bits | UINT64_C(1) << (hll->bits - 1);
	const uint8_t rank = (uint8_t)(__builtin_clzll(rest) + 1);
	if (rank > hll->registers[place])
		hll->registers[place] = rank;
}

/** Returns the estimate. */
double hll_estimate(const struct hll *hll);

/** Returns the relative standard error. */
double hll_error(unsigned bits);

/** Sets registers from an exported sketch. @return false when its size is no power of two in the range or a
 * register is out of range; nothing to free then */
bool hll_read(struct hll *hll, const void *registers, size_t size);

/** Adds what another sketch holds, folding the larger one down. */
void hll_join(struct hll *hll, const struct hll *other);

/** Makes it smaller. @param bits  HLL_BITS_MIN up to its own */
void hll_fold(struct hll *hll, unsigned bits);

#endif
