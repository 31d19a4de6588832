/*
 * The views that are in memory, at most so many bytes of them; the least
 * recently used go first. One that is dropped because the system has changed
 * elsewhere stays as a start: what has not changed is taken from it when the
 * system is loaded again. Any thread.
 */
#ifndef LEDGER_CACHE_H
#define LEDGER_CACHE_H

#include "ledger/view.h"

struct cache;

/** @return owned */
struct cache *cache_new(size_t bytes);

/** Frees; references that others hold stay good. NULL is fine. */
void cache_free(struct cache *cache);

/** @return a reference, or NULL */
struct ledger_view *cache_get(struct cache *cache, const char *system);

/** Returns the last view that there was, though it may have been dropped. @return a reference, or NULL */
struct ledger_view *cache_start(struct cache *cache, const char *system);

/**
 * Keeps a view that was just committed, unless a later one is there or may be
 * by now, because the system was dropped since the mark was taken: another
 * server's commit behind this one may be known before it is kept. An earlier
 * view goes in any case.
 *
 * @param view  it takes its own reference
 * @param mark  cache_mark() of before the view was made
 */
void cache_put(struct cache *cache, struct ledger_view *view, uint64_t mark);

/**
 * Keeps a view that was loaded, unless the system was dropped or replaced
 * since the mark was taken: then it may be old already. An earlier view goes
 * in any case, for this one has been shown.
 *
 * @param mark  cache_mark() of before the load
 */
void cache_keep(struct cache *cache, struct ledger_view *view, uint64_t mark);
uint64_t cache_mark(struct cache *cache, const char *system);

/** Drops the view of a system if it is older than a revision; INT64_MAX drops any. It stays as a start. */
void cache_drop(struct cache *cache, const char *system, int64_t before_revision);

/** Drops every view; none stays. */
void cache_clear(struct cache *cache);

#endif
