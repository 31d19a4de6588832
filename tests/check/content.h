/* What writers push: few words, so that content comes back, findings open, change and resolve. */
#ifndef CHECK_CONTENT_H
#define CHECK_CONTENT_H

#include "base/arena.h"
#include "check.h"
#include "tally/v1/descriptor.pb-c.h"

/**
 * Makes a descriptor.
 *
 * @param kind  one of those that content_kind() gives
 * @param word  0 to below CONTENT_WORDS; what it says
 * @param size  bytes of filling
 * @return arena
 */
Tally__V1__Descriptor *content_make(
	struct arena *arena, const char *system, enum model_kind kind, const char *name, int word, int size);

/** Returns one of the kinds that are written, by chance. */
enum model_kind content_kind(struct dice *dice);

enum {
	CONTENT_WORDS = 4
};

#endif
