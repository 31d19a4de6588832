/*
 * The bytes of a version as the difference to an earlier version of the same
 * descriptor. Versions say mostly what those before them said, so a difference
 * is small, and all of them are kept for ever.
 *
 * Every difference refers to a version that is stored whole, never to another
 * difference: one version is read with two rows, however long the history.
 */
#ifndef MODEL_DIFFERENCE_H
#define MODEL_DIFFERENCE_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum {
	/* Bytes of a version that others may refer to: below, a row is as small as it gets; above, it would
	 * take memory and time of every push. */
	MODEL_BASE_MIN = 512,
	MODEL_BASE_MAX = 1024 * 1024,
};

/* A version that is stored whole. Immutable and counted. */
struct model_base;

/** Keeps a version's bytes to refer to. @param bytes borrowed; copied @return owned (one reference); NULL
 * when nothing may refer to a version of that size */
struct model_base *model_base_new(int32_t version, const void *bytes, size_t size);

/** NULL is fine for both. */
struct model_base *model_base_ref(struct model_base *base);
void model_base_unref(struct model_base *base);

/** Returns the number of the version. */
int32_t model_base_version(const struct model_base *base);

/** Returns the bytes it keeps in memory, for budgets. 0 for NULL. */
size_t model_base_memory(const struct model_base *base);

/**
 * Makes the difference of bytes to a base: a zstd frame (RFC 8878) with a
 * checksum of the bytes and the base as its prefix.
 *
 * @param[out] difference_size  bytes
 * @return arena; NULL when the bytes should rather be stored whole, for the
 *         difference is not below half of them, or they are more than twice the base
 */
void *model_difference(struct arena *arena, const struct model_base *base, const void *bytes, size_t size,
	size_t *difference_size);

/**
 * Makes the bytes again.
 *
 * @param base        the base's bytes
 * @param difference  as model_difference() made it
 * @param[out] size   bytes
 * @return arena; NULL when it is no difference, or one to another base
 */
void *model_difference_apply(struct arena *arena, const void *base, size_t base_size, const void *difference,
	size_t difference_size, size_t *size);

#endif
