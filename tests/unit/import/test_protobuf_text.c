/* Protobuf's text format: every way to write a field, and what is refused. */
#include "import/protobuf_text.h"

#include "cases.h"

#include <string.h>

#include "import/tree.h"

struct row {
	const char *name;
	const char *text;
	const char *expected; /* JSON, or the refusal */
};

static void check(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	const size_t size = strlen(row->text);
	/* Exactly as large, so that AddressSanitizer sees a read past its end. */
	char *bytes = malloc(size ? size : 1);
	assert_non_null(bytes);
	memcpy(bytes, row->text, size);
	const struct import_file file = file_of_bytes("a.pbtxt", bytes, size);
	struct fault fault = {0};
	struct import import = {.arena = arena, .file = &file, .fault = &fault};
	const struct codec_node *message = protobuf_text(&import);
	assert_string_equal(message ? tree_print(&import, message) : fault.message, row->expected);
	free(bytes);
	arena_free(arena);
}

static const struct row rows[] = {
	{"nothing is an empty message", "", "{}"},
	{"a scalar is a list of one", "a: 1", "{\"a\":[1]}"},
	{"a repeated field is one list", "a: 1 a: 2", "{\"a\":[1,2]}"},
	{"a list in brackets is the same", "a: [1, 2]", "{\"a\":[1,2]}"},
	{"a list and a scalar go together", "a: [1] a: 2", "{\"a\":[1,2]}"},
	{"an empty list is empty", "a: []", "{\"a\":[]}"},
	{"a message needs no colon", "a { b: x }", "{\"a\":[{\"b\":[\"x\"]}]}"},
	{"a message may have a colon", "a: { b: x }", "{\"a\":[{\"b\":[\"x\"]}]}"},
	{"a message may stand in angle brackets", "a < b: x >", "{\"a\":[{\"b\":[\"x\"]}]}"},
	{"a list of messages needs no colon", "a [{ b: 1 }, { b: 2 }]", "{\"a\":[{\"b\":[1]},{\"b\":[2]}]}"},
	{"fields may be parted by commas and semicolons", "a: 1, b: 2; c: 3",
		"{\"a\":[1],\"b\":[2],\"c\":[3]}"},
	{"comments are skipped", "# x\na: 1 # y\n", "{\"a\":[1]}"},
	{"texts that follow each other are one", "a: \"b\" 'c'\n \"d\"", "{\"a\":[\"bcd\"]}"},
	{"escapes are read", "a: \"\\n\\x41\\102\\\"\"", "{\"a\":[\"\\nAB\\\"\"]}"},
	{"bytes that are no text are replaced", "a: \"\\xff\"", "{\"a\":[\"?\"]}"},
	{"a number in quotes stays text", "a: \"1\"", "{\"a\":[\"1\"]}"},
	{"an extension's name keeps its brackets", "[x.y/z]: 1", "{\"[x.y/z]\":[1]}"},
	{"a negative number is read", "a: -1.5", "{\"a\":[-1.5]}"},
	{"an open message is refused with its line", "a {\n b: 1\n",
		"a.pbtxt:3:1: a field's name is expected; the file ends here"},
	{"an open text is refused", "a: \"b\n\"",
		"a.pbtxt:1:1: the quote that ends the text is expected, not \"?\"\""},
	{"a field without a value is refused", "a:", "a.pbtxt:1:1: a value is expected; the file ends here"},
	{"a field without a colon is refused", "a 1", "a.pbtxt:1:1: : or { is expected, not \"1\""},
	{"a brace too many is refused", "a: 1 }", "a.pbtxt:1:1: a field's name is expected, not \"}\""},
};

static void check_depth(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	char text[300];
	memset(text, '{', sizeof(text));
	for (size_t i = 0; i < sizeof(text); i += 2)
		text[i] = 'a';
	const struct import_file file = file_of_bytes("a.pbtxt", text, sizeof(text));
	struct fault fault = {0};
	struct import import = {.arena = arena, .file = &file, .fault = &fault};
	assert_null(protobuf_text(&import));
	assert_string_equal(fault.message, "a.pbtxt:1:1: messages are nested deeper than 64 levels");
	arena_free(arena);
}

int main(void)
{
	static const struct row deep[] = {{"messages inside each other have a limit", "", ""}};
	struct CMUnitTest tests[CASES_COUNT(rows) + 1];
	size_t at = CASES_ADD(tests, 0, rows, check);
	at = CASES_ADD(tests, at, deep, check_depth);
	return CASES_RUN_ALL(tests, at);
}
