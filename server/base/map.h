/*
 * A hash map from text to pointers. Keys are borrowed from the values, so a
 * key must live as long as its entry. One thread at a time.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct map_entry {
	const char *key; /* NULL: free */
	void *value;
	uint64_t hash;
};

/* All zero is empty and ready. */
struct map {
	struct map_entry *entries;
	size_t capacity; /* a power of two, or 0 */
	size_t count;
};

/** Hashes text with a seed drawn at the process's start: peers cannot choose collisions. */
uint64_t map_hash(const char *text);

/** Frees the table, not the values. */
void map_done(struct map *map);

/** @return the value of the key, or NULL */
void *map_get(const struct map *map, const char *key);

/**
 * Sets the value of a key. The entry's key becomes `key`, also when it
 * existed, so that the old value may go.
 *
 * @return the earlier value, or NULL
 */
void *map_put(struct map *map, const char *key, void *value);

/** @return the value that was removed, or NULL */
void *map_remove(struct map *map, const char *key);

/** Walks the values in no order. Start with *at = 0. @return the next value, or NULL at the end */
void *map_next(const struct map *map, size_t *at);

#endif
