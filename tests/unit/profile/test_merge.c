/* Merging parts equals profiling the whole, within what is stated. */
#include "profile/merge.h"

#include "cases.h"

#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "summary.h"

struct row {
	const char *name;
	const char *left, *right, *whole;
};

static struct profile_data profile_of(struct arena *arena, const char *text, size_t size)
{
	static struct fault fault;
	struct profile_data data;
	const struct profile_settings settings = {.header = 1};
	struct source *source = source_memory(text, size, 65536);
	if (profile_read(arena, source, &settings, &data, &fault))
		fail_msg("%s", fault.message);
	source_free(source);
	return data;
}

static void check(void **state)
{
	const struct row *row = *state;
	static struct fault fault;
	struct arena *arena = arena_new();
	struct buffer got = {0}, expected = {0};
	const struct profile_data left = profile_of(arena, row->left, strlen(row->left));
	const struct profile_data right = profile_of(arena, row->right, strlen(row->right));
	struct profile_data merged;
	if (merge_profiles(arena, &left, &right, &merged, &fault)) {
		assert_string_equal(fault.message, row->whole);
	} else {
		const struct profile_data whole = profile_of(arena, row->whole, strlen(row->whole));
		summarise(&merged, &got);
		summarise(&whole, &expected);
		assert_string_equal(buffer_string(&got), buffer_string(&expected));
		for (size_t i = 0; i < whole.count; i++)
			assert_true(
				whole.columns[i].profile->distinct == merged.columns[i].profile->distinct);
		assert_int_equal(whole.dataset->row_sketch->n_digests, merged.dataset->row_sketch->n_digests);
	}
	buffer_done(&got);
	buffer_done(&expected);
	arena_free(arena);
}

static const struct row rows[] = {
	{"numbers and texts", "a,b\n1,x\n2,y\n", "a,b\n2,y\n3,z\n", "a,b\n1,x\n2,y\n2,y\n3,z\n"},
	{"columns in another order", "a,b\n1,x\n", "b,a\ny,2\n", "a,b\n1,x\n2,y\n"},
	{"whole numbers and fractions are fractions", "a\n1\n2\n", "a\n1.5\n", "a\n1\n2\n1.5\n"},
	{"nothing and numbers are numbers", "a\n?\n", "a\n1\n", "a\n?\n1\n"},
	{"a part without rows adds nothing", "a,b\n1,2\n", "a,b\n", "a,b\n1,2\n"},
	{"what is missing, ragged or not finite adds up", "a,b\n1,inf\n?,2\n1\n", "a,b\n1,inf\n1,2,3\n",
		"a,b\n1,inf\n?,2\n1\n1,inf\n1,2,3\n"},
	{"another column is refused", "a,b\n1,2\n", "a,c\n1,2\n",
		"column \"b\" of memory is not in memory: only parts of one table merge"},
	{"one column more is refused", "a\n1\n", "a,c\n1,2\n",
		"column \"c\" of memory is not in memory: only parts of one table merge"},
};

/* ---- large ---- */

enum {
	PARTS = 3,
	PART_ROWS = 20000,
	ALL_ROWS = PARTS * PART_ROWS,
};

static int compare(const void *left, const void *right)
{
	const double a = *(const double *)left, b = *(const double *)right;
	return (a > b) - (a < b);
}

static void make_part(struct buffer *text, int part, double *numbers)
{
	buffer_text(text, "number,word,mixed\n");
	for (int i = 0; i < PART_ROWS; i++) {
		char number[40];
		const int word = (int)pow(5000, random_share());
		snprintf(number, sizeof(number), "%.7f", part + random_normal());
		numbers[i] = strtod(number, NULL);
		buffer_print(text, "%s,w%d,", number, word);
		buffer_print(text, part == 1 && i == 5 ? "text\n" : "%d\n", i % 9000);
	}
}

static double largest_error(const double *sorted, const Tally__V1__Quantiles *quantiles)
{
	double largest = 0;
	int64_t below = 0;
	size_t at = 0;
	for (size_t i = 0; i < ALL_ROWS; i++) {
		if (i + 1 < ALL_ROWS && sorted[i + 1] == sorted[i])
			continue;
		for (; at < quantiles->n_values && quantiles->values[at] <= sorted[i]; at++)
			below += quantiles->weights[at];
		largest = fmax(largest, fabs((double)below - (double)(i + 1)) / ALL_ROWS);
	}
	return largest;
}

static int64_t count_of(const Tally__V1__ColumnProfile *profile, const char *text)
{
	for (size_t i = 0; i < profile->n_categories; i++) {
		if (strcmp(profile->categories[i]->value, text) == 0)
			return profile->categories[i]->count;
	}
	return 0;
}

static void compare_texts(const Tally__V1__ColumnProfile *merged, const Tally__V1__ColumnProfile *whole)
{
	for (size_t i = 0; i < whole->n_categories; i++) {
		const Tally__V1__CategoryCount *category = whole->categories[i];
		const int64_t count = count_of(merged, category->value);
		if (count == 0)
			continue;
		assert_true(count <= category->count + whole->category_error);
		assert_true(category->count - count <= merged->category_error);
	}
	assert_true(fabs(merged->distinct - whole->distinct) <=
		    3 * (merged->distinct_error + whole->distinct_error) * whole->distinct);
}

static void many_values_are_within_what_is_stated(void **state)
{
	(void)state;
	static double numbers[ALL_ROWS];
	static struct fault fault;
	struct arena *arena = arena_new();
	struct buffer whole_text = {0};
	struct profile_data merged = {0};
	random_state = 1234;
	for (int part = 0; part < PARTS; part++) {
		struct buffer text = {0};
		make_part(&text, part, numbers + (ptrdiff_t)part * PART_ROWS);
		buffer_text(&whole_text, part ? strchr(text.bytes, '\n') + 1 : text.bytes);
		const struct profile_data next = profile_of(arena, text.bytes, text.size);
		if (part == 0)
			merged = next;
		else
			assert_int_equal(merge_profiles(arena, &merged, &next, &merged, &fault), FAULT_NONE);
		buffer_done(&text);
	}
	const struct profile_data whole = profile_of(arena, whole_text.bytes, whole_text.size);
	const Tally__V1__ColumnProfile *number = profile_find(&merged, "number")->profile;
	const Tally__V1__ColumnProfile *expected = profile_find(&whole, "number")->profile;
	qsort(numbers, ALL_ROWS, sizeof(*numbers), compare);
	assert_true(number->min == expected->min && number->max == expected->max);
	assert_true(fabs(number->mean - expected->mean) < 1e-12);
	assert_true(fabs(number->standard_deviation - expected->standard_deviation) < 1e-12);
	assert_true(largest_error(numbers, number->quantiles) <= number->quantiles->rank_error);
	assert_true(number->quantiles->rank_error < 0.005);
	compare_texts(number, expected);
	compare_texts(profile_find(&merged, "word")->profile, profile_find(&whole, "word")->profile);
	const Tally__V1__ColumnProfile *mixed = profile_find(&merged, "mixed")->profile;
	assert_string_equal(mixed->inferred_type, "string");
	compare_texts(mixed, profile_find(&whole, "mixed")->profile);
	const Tally__V1__RowSketch *left = merged.dataset->row_sketch, *right = whole.dataset->row_sketch;
	assert_int_equal(left->n_digests, right->n_digests);
	assert_memory_equal(left->digests, right->digests, left->n_digests * sizeof(*left->digests));
	buffer_done(&whole_text);
	arena_free(arena);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + 1];
	size_t count = CASES_ADD(tests, 0, rows, check);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(many_values_are_within_what_is_stated);
	return CASES_RUN_ALL(tests, count);
}
