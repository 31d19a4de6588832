/* Frequent texts: counted while few, within `lost` when many. */
#include "profile/frequent.h"

#include "cases.h"

#include "profile/hash.h"
#include "random.h"

static struct frequent_entry *find(const struct frequent *frequent, const char *text, size_t size)
{
	return frequent_find(frequent, text, size, hash_word(text, size), hash_text(text, size));
}

static void count(struct frequent *frequent, const char *text, size_t size)
{
	struct frequent_entry *entry = find(frequent, text, size);
	if (!entry) {
		while (frequent_full(frequent, size))
			frequent_purge(frequent);
		entry = frequent_add(frequent, text, size, hash_text(text, size), 0);
	}
	entry->count++;
}

static void texts_are_told_apart_by_all_their_bytes(void **state)
{
	static const char *const texts[] = {"a", "b", "", "ab", "ba", "abcdefgh", "abcdefgi", "abcdefghi",
		"abcdefghj", "abcdefghabcdefgh", "abcdefghabcdefgi", "aaaaaaaaaaaaaaaaaaaaaaaab"};
	(void)state;
	struct frequent frequent;
	frequent_init(&frequent, 4096, 100000);
	for (size_t i = 0; i < CASES_COUNT(texts); i++) {
		for (size_t again = 0; again <= i; again++)
			count(&frequent, texts[i], strlen(texts[i]));
	}
	/* Bytes of value 0 are bytes. */
	count(&frequent, "a\0", 2);
	assert_int_equal(frequent.count, CASES_COUNT(texts) + 1);
	for (size_t i = 0; i < CASES_COUNT(texts); i++)
		assert_int_equal(find(&frequent, texts[i], strlen(texts[i]))->count, i + 1);
	assert_int_equal(frequent.lost, 0);
	frequent_done(&frequent);
}

static void long_texts_are_told_apart_beyond_what_is_kept(void **state)
{
	(void)state;
	char left[400], right[400];
	struct frequent frequent;
	memset(left, 'x', sizeof(left));
	memset(right, 'x', sizeof(right));
	right[399] = 'y';
	frequent_init(&frequent, 16, 10000);
	count(&frequent, left, sizeof(left));
	count(&frequent, right, sizeof(right));
	assert_int_equal(frequent.count, 2);
	assert_int_equal(frequent.text_size, 2 * FREQUENT_TEXT_MAX);
	frequent_done(&frequent);
}

/* Zipf-like: text i about as often as 1 / i. */
static void counts_are_within_the_bound(void **state)
{
	enum {
		TEXTS = 20000,
		DRAWS = 500000
	};
	static int64_t truth[TEXTS];
	(void)state;
	struct frequent frequent;
	int64_t listed = 0;
	random_state = 12;
	frequent_init(&frequent, 256, 100000);
	for (int i = 0; i < DRAWS; i++) {
		char text[32];
		const size_t which = (size_t)(pow(TEXTS, random_share())) - 1;
		truth[which]++;
		count(&frequent, text, (size_t)snprintf(text, sizeof(text), "%zu", which));
		assert_true(frequent.count <= 256);
	}
	assert_true(frequent.lost > 0);
	assert_true(frequent.lost <= 2 * DRAWS / 256);
	for (size_t i = 0; i < TEXTS; i++) {
		char text[32];
		const struct frequent_entry *entry =
			find(&frequent, text, (size_t)snprintf(text, sizeof(text), "%zu", i));
		const int64_t found = entry ? entry->count : 0;
		assert_true(found <= truth[i] && truth[i] - found <= frequent.lost);
		listed += found;
	}
	assert_true(listed <= DRAWS);
	frequent_done(&frequent);
}

static void the_bytes_of_texts_are_bounded_too(void **state)
{
	(void)state;
	struct frequent frequent;
	frequent_init(&frequent, 4096, 2000);
	for (int i = 0; i < 1000; i++) {
		char text[300];
		memset(text, 'x', sizeof(text));
		snprintf(text, sizeof(text), "%d", i);
		count(&frequent, text, sizeof(text));
		assert_true(frequent.text_size <= 2000);
	}
	assert_true(frequent.lost > 0);
	frequent_done(&frequent);
}

static bool is_odd(const struct frequent_entry *entry, void *context)
{
	(void)context;
	return entry->count % 2;
}

static void filtering_keeps_the_rest_as_it_was(void **state)
{
	(void)state;
	struct frequent frequent;
	frequent_init(&frequent, 4096, 100000);
	for (int i = 1; i <= 100; i++) {
		char text[32];
		const size_t size = (size_t)snprintf(text, sizeof(text), "text number %d", i);
		for (int again = 0; again < i; again++)
			count(&frequent, text, size);
	}
	frequent_filter(&frequent, is_odd, NULL);
	assert_int_equal(frequent.count, 50);
	for (int i = 1; i <= 100; i++) {
		char text[32];
		const size_t size = (size_t)snprintf(text, sizeof(text), "text number %d", i);
		const struct frequent_entry *entry = find(&frequent, text, size);
		assert_int_equal(entry ? entry->count : 0, i % 2 ? i : 0);
	}
	frequent_done(&frequent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_told_apart_by_all_their_bytes),
		cmocka_unit_test(long_texts_are_told_apart_beyond_what_is_kept),
		cmocka_unit_test(counts_are_within_the_bound),
		cmocka_unit_test(the_bytes_of_texts_are_bounded_too),
		cmocka_unit_test(filtering_keeps_the_rest_as_it_was),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
