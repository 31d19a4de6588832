/* Where columns and lines end. */
#include "command/table.h"

#include <locale.h>
#include <string.h>

#include "cases.h"
#include "command/text.h"

static const struct table_column columns[] = {{"NAME", 8, false}, {"N", 0, true}, {"MESSAGE", 0, false}};

static const struct layout_row {
	const char *name;
	size_t width;
	bool colour;
	const char *cells[3];
	const char *expected;
} layout_rows[] = {
	{"without a terminal a row is one whole line", 0, false,
		{"a-long-name", "12", "a message that is much longer than any line should be"},
		"NAME          N  MESSAGE\n"
		"a-long-name  12  a message that is much longer than any line should be\n"},
	{"on a terminal the last column goes on below itself", 40, false,
		{"name", "1", "words that need more than one line"},
		"NAME  N  MESSAGE\n"
		"name  1  words that need more than one\n"
		"         line\n"},
	{"a column that may be cut is cut before the last one gets too narrow", 36, false,
		{"a-very-long-name", "1", "words that need more than one line"},
		"NAME         N  MESSAGE\n"
		"a-very-lon\xE2\x80\xA6  1  words that need more\n"
		"                than one line\n"},
	{"a column is not cut below its least width unless the terminal is very narrow", 31, false,
		{"a-very-long-name", "1", "words that need more than one line"},
		"NAME    N  MESSAGE\n"
		"a-ver\xE2\x80\xA6  1  words that need more\n"
		"           than one line\n"},
	{"where columns have no room beside each other each cell stands behind its title", 24, false,
		{"a-very-long-name", "1", "words that need more than one line"},
		"NAME     a-very-long-nam\n"
		"         e\n"
		"N        1\n"
		"MESSAGE  words that need\n"
		"         more than one\n"
		"         line\n"},
	{"two columns wide characters count as two", 0, false,
		{"\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E", "1", "x"},
		"NAME    N  MESSAGE\n"
		"\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E  1  x\n"},
	{"combining characters take no column", 0, false, {"e\xCC\x81t\xC3\xA9", "1", "x"},
		"NAME  N  MESSAGE\n"
		"e\xCC\x81t\xC3\xA9   1  x\n"},
	{"what would steer a terminal is shown as a mark", 0, false,
		{"a\x1b[2J", "1", "line\nbreak \xC2\x9B"},
		"NAME   N  MESSAGE\n"
		"a\xEF\xBF\xBD[2J  1  line break \xEF\xBF\xBD\n"},
	{"a missing cell is empty", 0, false, {NULL, "1", NULL},
		"NAME  N  MESSAGE\n"
		"      1\n"},
	{"colours take no column", 0, true, {"a", "1", "x"},
		"\x1b[1mNAME\x1b[0m  \x1b[1mN\x1b[0m  \x1b[1mMESSAGE\x1b[0m\n"
		"\x1b[1;31ma\x1b[0m     1  x\n"},
};

static void check_layout(void **state)
{
	const struct layout_row *row = *state;
	struct arena *arena = arena_new();
	struct buffer out = {0};
	struct table *table = table_new(arena, columns, CASES_COUNT(columns));
	table_add(table, (struct table_cell[]){{row->cells[0], COLOUR_RED}, {row->cells[1], COLOUR_PLAIN},
				 {row->cells[2], COLOUR_PLAIN}});
	assert_int_equal(table_rows(table), 1);
	table_print(table, row->width, row->colour, &out);
	assert_string_equal(buffer_string(&out), row->expected);
	buffer_done(&out);
	arena_free(arena);
}

static const struct line_row {
	const char *name;
	const char *text;
	size_t columns;
	const char *line;
	const char *rest;
} line_rows[] = {
	{"a line ends between words", "one two three", 8, "one two", "three"},
	{"a line may be exactly full", "one two", 7, "one two", ""},
	{"a word that is too long is broken", "abcdefgh", 3, "abc", "defgh"},
	{"a character is never broken", "\xE6\x97\xA5\xE6\x9C\xAC", 1, "\xE6\x97\xA5", "\xE6\x9C\xAC"},
	{"blanks do not begin a line", "one   two", 4, "one", "two"},
	{"nothing is one empty line", "", 5, "", ""},
};

static void check_line(void **state)
{
	const struct line_row *row = *state;
	const char *next;
	size_t size = text_line(row->text, row->columns, &next);
	assert_int_equal(size, strlen(row->line));
	assert_memory_equal(row->text, row->line, size);
	assert_string_equal(next, row->rest);
}

static const struct block_row {
	const char *name;
	struct text_block block;
	const char *text;
	const char *expected;
} block_rows[] = {
	{"a text that fits is one line", {"  ", 2, 4, 20}, "one two three", "  one two three\n"},
	{"the rest stands further in", {"  a  ", 5, 2, 18}, "one two three four five",
		"  a  one two three\n  four five\n"},
	{"what takes no room is not counted", {"\x1b[1m", 0, 0, 13}, "one two three four",
		"\x1b[1mone two three\nfour\n"},
	{"ten columns are always left", {"  a long lead  ", 15, 2, 16}, "one two three",
		"  a long lead  one two\n  three\n"},
	{"nothing is no line", {"  ", 2, 4, 20}, "", ""},
};

static void check_block(void **state)
{
	const struct block_row *row = *state;
	struct buffer out = {0};
	text_block(&out, &row->block, row->text);
	assert_string_equal(buffer_string(&out), row->expected);
	buffer_done(&out);
}

static void text_that_is_not_utf8_becomes_marks(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	assert_string_equal(text_clean(arena, "a\xFF\xC3"), "a\xEF\xBF\xBD\xEF\xBF\xBD");
	arena_free(arena);
}

int main(void)
{
	struct CMUnitTest
		tests[CASES_COUNT(layout_rows) + CASES_COUNT(line_rows) + CASES_COUNT(block_rows) + 1];
	setlocale(LC_CTYPE, "C.UTF-8");
	size_t count = CASES_ADD(tests, 0, layout_rows, check_layout);
	count = CASES_ADD(tests, count, line_rows, check_line);
	count = CASES_ADD(tests, count, block_rows, check_block);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(text_that_is_not_utf8_becomes_marks);
	return CASES_RUN_ALL(tests, count);
}
