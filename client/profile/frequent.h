/*
 * How often each text occurs: every one of them while there are few, the
 * frequent ones when there are many.
 *
 * When the table is full, the median of its counts is taken off every count
 * and what is left with nothing goes: J. Misra, D. Gries, "Finding repeated
 * elements", 1982, in the batched form of D. Anderson et al., "A
 * high-performance algorithm for identifying frequent items in data streams",
 * IMC 2017. It keeps the same facts as Space-Saving (A. Metwally, D. Agrawal,
 * A. El Abbadi, ICDT 2005) and merges like it (P. Agarwal et al., "Mergeable
 * summaries", PODS 2012).
 *
 * A count is too low by at most `lost`, which is at most 2 n / e for n texts
 * and e entries in a full table; a text that is not there occurred at most
 * `lost` times. 0 while none was dropped.
 */
#ifndef PROFILE_FREQUENT_H
#define PROFILE_FREQUENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
	FREQUENT_TEXT_MAX = 256, /* bytes that are kept of a text */
	FREQUENT_ENTRIES_MIN = 16,
	FREQUENT_ENTRIES_MAX = 32768,
};

struct frequent_entry {
	uint64_t hash;
	uint64_t word; /* the text's first 8 bytes: hash_word() */
	int64_t count;
	uint32_t text; /* place in frequent.texts; min(size, FREQUENT_TEXT_MAX) bytes */
	uint32_t size; /* of the whole text */
	uint8_t class; /* the holder's */
};

/* A slot is the hash's upper half and 1 + the entry's place in 16 bits each; 0 is free. */
struct frequent {
	struct frequent_entry *entries;
	uint32_t *slots;
	char *texts;
	size_t count, room;           /* entries */
	size_t text_size, text_room;  /* bytes */
	size_t mask;                  /* slots - 1 */
	size_t entries_max, text_max; /* it is full at either */
	int64_t lost;
};

/** Makes an empty table. @param entries_max  FREQUENT_ENTRIES_MIN to _MAX @param text_max  bytes in all */
void frequent_init(struct frequent *frequent, size_t entries_max, size_t text_max);

/** Frees it. All zero is fine. */
void frequent_done(struct frequent *frequent);

static inline size_t frequent_kept(size_t size)
{
	return size < FREQUENT_TEXT_MAX ? size : FREQUENT_TEXT_MAX;
}

/**
 * Finds a text.
 *
 * @param word  hash_word() of it
 * @param hash  hash_text() of it
 * @return borrowed until the next change; NULL when it is not there
 */
static inline struct frequent_entry *frequent_find(
	const struct frequent *frequent, const char *text, size_t size, uint64_t word, uint64_t hash)
{
	for (size_t at = hash & frequent->mask;; at = (at + 1) & frequent->mask) {
		const uint32_t slot = frequent->slots[at];
		if (slot == 0)
			return NULL;
		if (slot >> 16 != hash >> 48)
			continue;
		struct frequent_entry *entry = &frequent->entries[(slot & 0xffff) - 1];
		if (entry->word != word || entry->size != size)
			continue;
		if (size <= 8 || (entry->hash == hash && memcmp(frequent->texts + entry->text, text,
								 frequent_kept(size)) == 0))
			return entry;
	}
}

/** Is there room for one more text of this size? */
static inline bool frequent_full(const struct frequent *frequent, size_t size)
{
	return frequent->count == frequent->entries_max ||
	       frequent->text_size + frequent_kept(size) > frequent->text_max;
}

/** Adds a text that is not there and for which there is room, with count 0. @return borrowed as above */
struct frequent_entry *frequent_add(
	struct frequent *frequent, const char *text, size_t size, uint64_t hash, uint8_t class);

/** Makes room as the head of this file says: at least half of the entries go. */
void frequent_purge(struct frequent *frequent);

/** Allows no more than so many entries from now on, and makes room until they are no more. */
void frequent_shrink(struct frequent *frequent, size_t entries_max);

/** Drops the entries for which `keep` is false. What they counted is the caller's to keep. */
void frequent_filter(struct frequent *frequent,
	bool (*keep)(const struct frequent_entry *entry, void *context), void *context);

#endif
