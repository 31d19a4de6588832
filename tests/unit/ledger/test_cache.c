/* The cache of views: newest wins, budget holds, an old load is not kept. */
#include "ledger/cache.h"

#include "cases.h"
#include "ledger/view_build.h"

static struct ledger_view *view(const char *system, int64_t revision, size_t memory)
{
	struct ledger_view *made = ledger_view_new(system);
	made->revision = revision;
	arena_alloc(made->arena, memory);
	return made;
}

static void put(struct cache *cache, const char *system, int64_t revision)
{
	struct ledger_view *made = view(system, revision, 10000);
	cache_put(cache, made, cache_mark(cache, system));
	ledger_view_unref(made);
}

static int64_t held(struct cache *cache, const char *system)
{
	struct ledger_view *found = cache_get(cache, system);
	int64_t revision = found ? ledger_view_revision(found) : 0;
	ledger_view_unref(found);
	return revision;
}

static void a_later_view_replaces_an_earlier_one(void **state)
{
	(void)state;
	struct cache *cache = cache_new(1 << 20);
	put(cache, "a", 2);
	put(cache, "a", 1);
	assert_int_equal(held(cache, "a"), 2);
	put(cache, "a", 3);
	assert_int_equal(held(cache, "a"), 3);
	cache_drop(cache, "a", 3);
	assert_int_equal(held(cache, "a"), 3);
	cache_drop(cache, "a", 4);
	assert_int_equal(held(cache, "a"), 0);
	cache_free(cache);
}

static int64_t start(struct cache *cache, const char *system)
{
	struct ledger_view *found = cache_start(cache, system);
	int64_t revision = found ? ledger_view_revision(found) : 0;
	ledger_view_unref(found);
	return revision;
}

static void one_that_is_dropped_is_still_a_start(void **state)
{
	(void)state;
	struct cache *cache = cache_new(1 << 20);
	assert_int_equal(start(cache, "a"), 0);
	put(cache, "a", 5);
	assert_int_equal(start(cache, "a"), 5);
	cache_drop(cache, "a", 6);
	assert_int_equal(held(cache, "a"), 0);
	assert_int_equal(start(cache, "a"), 5);
	put(cache, "a", 3); /* the database was put back */
	assert_int_equal(held(cache, "a"), 3);
	assert_int_equal(start(cache, "a"), 3);
	cache_clear(cache);
	assert_int_equal(start(cache, "a"), 0);
	cache_free(cache);
}

static void a_start_counts_and_goes_like_any_other(void **state)
{
	(void)state;
	struct cache *cache = cache_new(45000);
	put(cache, "a", 1);
	cache_drop(cache, "a", 2);
	put(cache, "b", 1);
	put(cache, "c", 1);
	assert_int_equal(start(cache, "a"), 1);
	put(cache, "d", 1);
	assert_int_equal(start(cache, "a"), 0);
	assert_int_equal(held(cache, "b"), 1);
	cache_free(cache);
}

/* Drops of what is no longer shown are news to loads under way all the same. */
static void a_start_that_is_dropped_again_stops_loads_under_way(void **state)
{
	(void)state;
	struct cache *cache = cache_new(1 << 20);
	put(cache, "a", 5);
	cache_drop(cache, "a", 6);
	struct ledger_view *loaded = view("a", 6, 100);
	uint64_t mark = cache_mark(cache, "a");
	cache_drop(cache, "a", 7);
	cache_keep(cache, loaded, mark);
	assert_int_equal(held(cache, "a"), 0);
	ledger_view_unref(loaded);
	cache_free(cache);
}

static void the_least_recently_used_goes_first(void **state)
{
	(void)state;
	struct cache *cache = cache_new(45000);
	put(cache, "a", 1);
	put(cache, "b", 1);
	put(cache, "c", 1);
	assert_int_equal(held(cache, "a"), 1);
	put(cache, "d", 1);
	assert_int_equal(held(cache, "b"), 0);
	assert_int_equal(held(cache, "a"), 1);
	assert_int_equal(held(cache, "c"), 1);
	assert_int_equal(held(cache, "d"), 1);
	cache_free(cache);
}

static void one_that_is_larger_than_the_budget_is_kept_alone(void **state)
{
	(void)state;
	struct cache *cache = cache_new(100);
	put(cache, "a", 1);
	assert_int_equal(held(cache, "a"), 1);
	put(cache, "b", 1);
	assert_int_equal(held(cache, "a"), 0);
	assert_int_equal(held(cache, "b"), 1);
	cache_free(cache);
}

static void a_load_that_was_overtaken_is_not_kept(void **state)
{
	(void)state;
	struct cache *cache = cache_new(1 << 20);
	struct ledger_view *old = view("a", 5, 100);

	uint64_t mark = cache_mark(cache, "a");
	cache_drop(cache, "a", 6); /* another server committed 6 */
	cache_keep(cache, old, mark);
	assert_int_equal(held(cache, "a"), 0);

	mark = cache_mark(cache, "a");
	put(cache, "a", 6);
	cache_drop(cache, "a", INT64_MAX);
	cache_keep(cache, old, mark);
	assert_int_equal(held(cache, "a"), 0);

	mark = cache_mark(cache, "a");
	cache_keep(cache, old, mark);
	assert_int_equal(held(cache, "a"), 5);

	struct ledger_view *shown = view("a", 7, 100);
	cache_keep(cache, shown, mark - 1);
	assert_int_equal(held(cache, "a"), 0);
	ledger_view_unref(shown);
	ledger_view_unref(old);
	cache_free(cache);
}

static void a_commit_that_was_overtaken_is_not_kept(void **state)
{
	(void)state;
	struct cache *cache = cache_new(1 << 20);
	put(cache, "a", 4);
	uint64_t mark = cache_mark(cache, "a");
	struct ledger_view *committed = view("a", 5, 100);
	cache_drop(cache, "a", 6); /* the follower: another server committed 6 right behind our 5 */
	cache_put(cache, committed, mark);
	assert_int_equal(held(cache, "a"), 0);

	put(cache, "a", 4); /* somebody loaded it before 5 was committed */
	cache_put(cache, committed, mark);
	assert_int_equal(held(cache, "a"), 0);

	mark = cache_mark(cache, "a");
	cache_put(cache, committed, mark);
	assert_int_equal(held(cache, "a"), 5);
	ledger_view_unref(committed);
	cache_free(cache);
}

static void the_next_views_of_others_take_nothing_away(void **state)
{
	(void)state;
	struct cache *cache = cache_new(64 << 20);
	char others[3000][16]; /* some share the mark with it */
	size_t count = sizeof(others) / sizeof(others[0]);
	for (size_t i = 0; i < count; i++) {
		snprintf(others[i], sizeof(others[i]), "other-%zu", i);
		put(cache, others[i], 1);
	}
	put(cache, "a", 4);
	uint64_t mark = cache_mark(cache, "a");
	for (size_t i = 0; i < count; i++)
		put(cache, others[i], 2);
	struct ledger_view *committed = view("a", 5, 100);
	cache_put(cache, committed, mark);
	assert_int_equal(held(cache, "a"), 5);
	assert_int_equal(held(cache, others[0]), 2);
	ledger_view_unref(committed);
	cache_free(cache);
}

static void clearing_drops_all_and_loads_under_way(void **state)
{
	(void)state;
	struct cache *cache = cache_new(1 << 20);
	struct ledger_view *old = view("b", 5, 100);
	put(cache, "a", 1);
	uint64_t mark = cache_mark(cache, "b");
	cache_clear(cache);
	cache_keep(cache, old, mark);
	assert_int_equal(held(cache, "a"), 0);
	assert_int_equal(held(cache, "b"), 0);
	ledger_view_unref(old);
	cache_free(cache);
}

static void who_holds_a_view_keeps_it(void **state)
{
	(void)state;
	struct cache *cache = cache_new(1 << 20);
	put(cache, "a", 1);
	struct ledger_view *held_view = cache_get(cache, "a");
	cache_free(cache);
	assert_string_equal(ledger_view_system(held_view)->id, "a");
	ledger_view_unref(held_view);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_later_view_replaces_an_earlier_one),
		cmocka_unit_test(one_that_is_dropped_is_still_a_start),
		cmocka_unit_test(a_start_counts_and_goes_like_any_other),
		cmocka_unit_test(a_start_that_is_dropped_again_stops_loads_under_way),
		cmocka_unit_test(the_least_recently_used_goes_first),
		cmocka_unit_test(one_that_is_larger_than_the_budget_is_kept_alone),
		cmocka_unit_test(a_load_that_was_overtaken_is_not_kept),
		cmocka_unit_test(a_commit_that_was_overtaken_is_not_kept),
		cmocka_unit_test(the_next_views_of_others_take_nothing_away),
		cmocka_unit_test(clearing_drops_all_and_loads_under_way),
		cmocka_unit_test(who_holds_a_view_keeps_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
