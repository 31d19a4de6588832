/* A map for finding views and a list for forgetting them. */
#include "ledger/cache.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/map.h"
#include "ledger/view_build.h"

struct entry {
	struct ledger_view *view;
	size_t memory;
	bool dropped; /* only a start for the next load */
	struct entry *newer, *older;
};

enum {
	MARKS = 1024 /* a power of two; systems that share one only load once more */
};

struct cache {
	pthread_mutex_t lock;
	size_t budget;
	/* locked */
	struct map entries;
	uint64_t marks[MARKS]; /* by hash of the system: how often a view of it went without a successor */
	struct entry *newest, *oldest;
	size_t memory;
};

struct cache *cache_new(size_t bytes)
{
	struct cache *cache = calloc(1, sizeof(*cache));
	if (!cache)
		abort();
	pthread_mutex_init(&cache->lock, NULL);
	cache->budget = bytes;
	return cache;
}

static uint64_t *mark_of(struct cache *cache, const char *system)
{
	return &cache->marks[map_hash(system) & (MARKS - 1)];
}

static void unlink_entry(struct cache *cache, struct entry *entry)
{
	*(entry->newer ? &entry->newer->older : &cache->newest) = entry->older;
	*(entry->older ? &entry->older->newer : &cache->oldest) = entry->newer;
}

static void link_newest(struct cache *cache, struct entry *entry)
{
	entry->newer = NULL;
	entry->older = cache->newest;
	*(cache->newest ? &cache->newest->newer : &cache->oldest) = entry;
	cache->newest = entry;
}

static void remove_entry(struct cache *cache, struct entry *entry)
{
	++*mark_of(cache, entry->view->system.id);
	map_remove(&cache->entries, entry->view->system.id);
	unlink_entry(cache, entry);
	cache->memory -= entry->memory;
	ledger_view_unref(entry->view);
	free(entry);
}

void cache_free(struct cache *cache)
{
	if (!cache)
		return;
	while (cache->oldest)
		remove_entry(cache, cache->oldest);
	map_done(&cache->entries);
	pthread_mutex_destroy(&cache->lock);
	free(cache);
}

static struct entry *current_entry(const struct cache *cache, const char *system)
{
	struct entry *entry = map_get(&cache->entries, system);
	return entry && !entry->dropped ? entry : NULL;
}

struct ledger_view *cache_get(struct cache *cache, const char *system)
{
	pthread_mutex_lock(&cache->lock);
	struct entry *entry = current_entry(cache, system);
	struct ledger_view *view = entry ? ledger_view_ref(entry->view) : NULL;
	if (entry && entry != cache->newest) {
		unlink_entry(cache, entry);
		link_newest(cache, entry);
	}
	pthread_mutex_unlock(&cache->lock);
	return view;
}

struct ledger_view *cache_start(struct cache *cache, const char *system)
{
	pthread_mutex_lock(&cache->lock);
	const struct entry *entry = map_get(&cache->entries, system);
	struct ledger_view *view = entry ? ledger_view_ref(entry->view) : NULL;
	pthread_mutex_unlock(&cache->lock);
	return view;
}

/*
 * The view's successor takes its place, unlinked. The mark stays: whoever
 * comes with an older view meets this one, for as long as it is here.
 */
static void replace(struct cache *cache, struct entry *entry, struct ledger_view *view, size_t memory)
{
	unlink_entry(cache, entry);
	cache->memory += memory - entry->memory;
	map_remove(&cache->entries, view->system.id);
	ledger_view_unref(entry->view);
	entry->view = ledger_view_ref(view);
	entry->memory = memory;
	entry->dropped = false;
	map_put(&cache->entries, view->system.id, entry); /* the key was the earlier view's */
}

static void put(struct cache *cache, struct ledger_view *view, size_t memory)
{
	struct entry *entry = map_get(&cache->entries, view->system.id);
	if (entry && !entry->dropped && entry->view->revision > view->revision)
		return;
	if (entry) {
		replace(cache, entry, view, memory);
	} else {
		entry = calloc(1, sizeof(*entry));
		if (!entry)
			abort();
		*entry = (struct entry){.view = ledger_view_ref(view), .memory = memory};
		map_put(&cache->entries, view->system.id, entry);
		cache->memory += memory;
	}
	link_newest(cache, entry);
	/* The newest stays even if it alone is too large: somebody is about to use it. */
	while (cache->memory > cache->budget && cache->oldest != cache->newest)
		remove_entry(cache, cache->oldest);
}

static void drop_before(struct cache *cache, const char *system, int64_t revision)
{
	struct entry *entry = current_entry(cache, system);
	if (entry && entry->view->revision >= revision)
		return;
	++*mark_of(cache, system);
	if (entry)
		entry->dropped = true;
}

void cache_put(struct cache *cache, struct ledger_view *view, uint64_t mark)
{
	size_t memory = ledger_view_memory(view);
	pthread_mutex_lock(&cache->lock);
	if (*mark_of(cache, view->system.id) == mark)
		put(cache, view, memory);
	else
		drop_before(cache, view->system.id, view->revision);
	pthread_mutex_unlock(&cache->lock);
}

uint64_t cache_mark(struct cache *cache, const char *system)
{
	pthread_mutex_lock(&cache->lock);
	uint64_t mark = *mark_of(cache, system);
	pthread_mutex_unlock(&cache->lock);
	return mark;
}

void cache_keep(struct cache *cache, struct ledger_view *view, uint64_t mark)
{
	size_t memory = ledger_view_memory(view);
	pthread_mutex_lock(&cache->lock);
	const struct entry *entry = current_entry(cache, view->system.id);
	if (*mark_of(cache, view->system.id) == mark)
		put(cache, view, memory);
	else if (entry && entry->view->revision < view->revision)
		drop_before(cache, view->system.id, view->revision);
	pthread_mutex_unlock(&cache->lock);
}

void cache_drop(struct cache *cache, const char *system, int64_t before_revision)
{
	pthread_mutex_lock(&cache->lock);
	drop_before(cache, system, before_revision);
	pthread_mutex_unlock(&cache->lock);
}

void cache_clear(struct cache *cache)
{
	pthread_mutex_lock(&cache->lock);
	while (cache->oldest)
		remove_entry(cache, cache->oldest);
	for (size_t i = 0; i < MARKS; i++)
		cache->marks[i]++; /* of loads under way too */
	pthread_mutex_unlock(&cache->lock);
}
