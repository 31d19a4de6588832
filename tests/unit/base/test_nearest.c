/* Slips of the pen. */
#include "base/nearest.h"

#include "cases.h"

struct row {
	const char *name;
	const char *word;
	const char *expected; /* NULL: none is near enough */
};

static const char *const words[] = {"output_spec", "input_spec", NULL, "item_type", "gpu", "item_name"};

static const struct row rows[] = {
	{"a missing letter is found", "outut_spec", "output_spec"},
	{"swapped letters are found", "itme_type", "item_type"},
	{"case does not matter", "GPU", "gpu"},
	{"a substituted letter is found", "input-spec", "input_spec"},
	{"of short words only near ones are found", "cpu", "gpu"},
	{"something else is not found", "documentation", NULL},
	{"an empty word has no neighbour", "", NULL},
	{"a very long word has none",
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", NULL},
};

static void check(void **state)
{
	const struct row *row = *state;
	const char *found = nearest_word(row->word, words, CASES_COUNT(words));
	if (row->expected)
		assert_string_equal(found, row->expected);
	else
		assert_null(found);
}

int main(void)
{
	return CASES_RUN(rows, check);
}
