/* Open addressing with linear probing and backward-shift removal. */
#include "base/map.h"

#include <pthread.h>
#include <sys/random.h>

static uint64_t seed;
static pthread_once_t seeded = PTHREAD_ONCE_INIT;

static void draw_seed(void)
{
	if (getrandom(&seed, sizeof(seed), 0) != (ssize_t)sizeof(seed))
		seed = 0x9e3779b97f4a7c15U;
}

static uint64_t mix(uint64_t h)
{
	h ^= h >> 32;
	h *= 0xd6e8feb86659fd93U;
	h ^= h >> 32;
	return h;
}

uint64_t map_hash(const char *text)
{
	pthread_once(&seeded, draw_seed);
	uint64_t h = seed;
	for (const unsigned char *at = (const unsigned char *)text; *at; at++)
		h = (h ^ *at) * 0x100000001b3U;
	return mix(h);
}

void map_done(struct map *map)
{
	free(map->entries);
	*map = (struct map){0};
}

/* The entry of the key, or the free one where it would go. */
static size_t place(const struct map *map, const char *key, uint64_t hash)
{
	size_t at = hash & (map->capacity - 1);
	while (map->entries[at].key &&
		(map->entries[at].hash != hash || strcmp(map->entries[at].key, key) != 0))
		at = (at + 1) & (map->capacity - 1);
	return at;
}

static void grow(struct map *map)
{
	struct map wider = {.capacity = map->capacity ? map->capacity * 2 : 16, .count = map->count};
	wider.entries = calloc(wider.capacity, sizeof(*wider.entries));
	if (!wider.entries)
		abort();
	for (size_t i = 0; i < map->capacity; i++) {
		const struct map_entry *entry = &map->entries[i];
		if (entry->key)
			wider.entries[place(&wider, entry->key, entry->hash)] = *entry;
	}
	free(map->entries);
	*map = wider;
}

void *map_get(const struct map *map, const char *key)
{
	if (map->count == 0)
		return NULL;
	return map->entries[place(map, key, map_hash(key))].value;
}

void *map_put(struct map *map, const char *key, void *value)
{
	if ((map->count + 1) * 4 > map->capacity * 3)
		grow(map);
	uint64_t hash = map_hash(key);
	struct map_entry *entry = &map->entries[place(map, key, hash)];
	void *earlier = entry->value;
	if (!entry->key)
		map->count++;
	*entry = (struct map_entry){key, value, hash};
	return earlier;
}

void *map_remove(struct map *map, const char *key)
{
	if (map->count == 0)
		return NULL;
	size_t hole = place(map, key, map_hash(key));
	void *value = map->entries[hole].value;
	if (!map->entries[hole].key)
		return NULL;
	size_t mask = map->capacity - 1;
	for (size_t at = (hole + 1) & mask; map->entries[at].key; at = (at + 1) & mask) {
		size_t home = map->entries[at].hash & mask;
		if (((at - home) & mask) >= ((at - hole) & mask)) {
			map->entries[hole] = map->entries[at];
			hole = at;
		}
	}
	map->entries[hole] = (struct map_entry){0};
	map->count--;
	return value;
}

void *map_next(const struct map *map, size_t *at)
{
	while (*at < map->capacity) {
		const struct map_entry *entry = &map->entries[(*at)++];
		if (entry->key)
			return entry->value;
	}
	return NULL;
}
