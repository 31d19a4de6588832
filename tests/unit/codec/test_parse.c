/* Text to nodes: what is read, and what is refused where. */
#include "codec/codec.h"

#include "cases.h"

#include <fcntl.h>
#include <unistd.h>

struct row {
	const char *name;
	const char *text;
	const char *expected; /* the nodes as one line, or the fault's message */
	size_t size;          /* 0: up to the NUL */
};

/* Writes nodes in a form of their own: scalars 'x', texts "x", nulls ~, with no room for doubt. */
static void print_node(struct buffer *out, const struct codec_node *node)
{
	if (node->type == CODEC_NULL) {
		buffer_text(out, "~");
		return;
	}
	if (node->type == CODEC_SCALAR) {
		buffer_print(out, node->quoted ? "\"%s\"" : "'%s'", node->text);
		return;
	}
	buffer_text(out, node->type == CODEC_MAPPING ? "{" : "[");
	for (size_t i = 0; i < node->count; i++) {
		buffer_text(out, i ? " " : "");
		if (node->type == CODEC_MAPPING)
			buffer_print(out, "%s=", node->keys[i]->text);
		print_node(out, node->items[i]);
	}
	buffer_text(out, node->type == CODEC_MAPPING ? "}" : "]");
}

static void check(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	struct codec_node **documents = NULL;
	size_t count = 0;
	static struct fault fault;
	fault = (struct fault){0};
	struct buffer got = {0};
	size_t size = row->size ? row->size : strlen(row->text);
	if (codec_parse(arena, "f", row->text, size, &documents, &count, &fault) != FAULT_NONE) {
		assert_int_equal(fault.code, FAULT_INVALID);
		buffer_text(&got, fault.message);
	}
	for (size_t i = 0; i < count; i++) {
		buffer_text(&got, i ? " | " : "");
		print_node(&got, documents[i]);
	}
	assert_string_equal(buffer_string(&got), row->expected);
	buffer_done(&got);
	arena_free(arena);
}

static const struct row rows[] = {
	{"block style is read", "a: 1\nb:\n  - x\n  - \"y\"\n", "{a='1' b=['x' \"y\"]}", 0},
	{"JSON is read", "{\"a\": [1, -2.5e3, true, null, \"\"]}", "{a=['1' '-2.5e3' 'true' ~ \"\"]}", 0},
	{"JSON may be indented with tabs", "{\n\t\"a\": 1,\n\t\"b\":\t[1,\n\t2]\n}\n", "{a='1' b=['1' '2']}",
		0},
	{"JSON escapes are read, surrogate pairs too", "{\"a\": \"\\ud83d\\ude00\\/\\u00e9\\t\"}",
		"{a=\"\xf0\x9f\x98\x80/\xc3\xa9\t\"}", 0},
	{"what stands without quotes keeps its text", "v: 3.10\nd: 2024-06-01\ny: yes\n",
		"{v='3.10' d='2024-06-01' y='yes'}", 0},
	{"nothing, ~ and null are null", "a:\nb: ~\nc: null\nd: Null\n", "{a=~ b=~ c=~ d=~}", 0},
	{"a quoted null is text", "a: \"null\"\nb: ''\n", "{a=\"null\" b=\"\"}", 0},
	{"!!str makes text", "a: !!str 12\nb: !!int 12\n", "{a=\"12\" b='12'}", 0},
	{"literal and folded text is read", "a: |\n  x\n  y\nb: >-\n  x\n  y\n", "{a=\"x\ny\n\" b=\"x y\"}",
		0},
	{"several documents are read", "a: 1\n---\nb: 2\n...\n---\n- 3\n", "{a='1'} | {b='2'} | ['3']", 0},
	{"a document may be empty", "---\n---\na: 1\n", "~ | {a='1'}", 0},
	{"an empty text has no documents", "", "", 0},
	{"only comments are no documents", "# nothing\n\n# here\n", "", 0},
	{"a byte order mark is skipped",
		"\xef\xbb\xbf"
		"a: 1\n",
		"{a='1'}", 0},
	{"CRLF ends lines", "a: 1\r\nb: x y\r\n", "{a='1' b='x y'}", 0},
	{"aliases are written out", "a: &x {b: 1}\nc: *x\nd: *x\n", "{a={b='1'} c={b='1'} d={b='1'}}", 0},
	{"an anchor belongs to its document", "a: &x 1\n---\nb: *x\n",
		"f:3:5: the alias *x has no anchor before it", 0},
	{"merge keys are merged, the nearer wins",
		"a: &x {p: 1, q: 2}\nb: &y {q: 3, r: 4}\nc:\n  <<: [*x, *y]\n  p: 9\nd: {<<: *y, s: 5}\n",
		"{a={p='1' q='2'} b={q='3' r='4'} c={p='9' q='2' r='4'} d={s='5' q='3' r='4'}}", 0},
	{"a quoted << is a name", "\"<<\": 1\n", "{<<='1'}", 0},

	{"an unclosed list is refused", "a: [1, 2\n", "f:2:1: flow sequence without a closing bracket", 0},
	{"an unclosed quote is refused", "a: 1\nb: \"x\n",
		"f:2:5: double-quoted scalar without closing quote", 0},
	{"a tab as indentation is refused", "a:\n\tb: 1\n",
		"f:2:1: tab character may not be used as indentation", 0},
	{"a wrong indentation is refused", "a: 1\n   b: 2\n", "f:1:4: invalid multiline plain key", 0},
	{"a mapping inside a line is refused", "a: b: c\n",
		"f:1:5: invalid nested block mapping on the same line", 0},
	{"bytes that are not UTF-8 are refused", "a: 1\nb: \xc3\xa9\xff\n",
		"f:2:5: byte 0xff is not UTF-8 text", 0},
	{"UTF-16 is refused",
		"\xff\xfe"
		"a",
		"f:1:1: byte 0xff is not UTF-8 text", 0},
	{"a NUL is refused", "a: \0\n", "f:1:4: byte 0x00 is not UTF-8 text", 5},
	{"an escaped NUL is refused", "a: \"x\\0y\"\n",
		"f:1:4: this holds a character that is not text, such as NUL", 0},
	{"half a surrogate pair is refused", "a: \"\\ud800\"\n",
		"f:1:5: double-quoted scalar has invalid UTF8 escape", 0},
	{"a repeated key is refused with both lines", "a: 1\nb: 2\na: 3\n",
		"f:3:1: \"a\" stands here again; it was given in line 1", 0},
	{"a repeated key is refused in JSON", "{\"a\": 1,\n \"a\": 2}",
		"f:2:2: \"a\" stands here again; it was given in line 1", 0},
	{"a repeated merge key is refused", "x: &x {a: 1}\ny:\n  <<: *x\n  <<: *x\n",
		"f:4:3: \"<<\" stands here again; it was given in line 3", 0},
	{"a merge of a scalar is refused", "a:\n  <<: 1\n",
		"f:2:7: << takes a mapping, or a list of mappings", 0},
	{"an alias without anchor is refused", "a: *x\n", "f:1:5: the alias *x has no anchor before it", 0},
	{"a value that holds itself is refused", "a: &x [*x]\n",
		"f:1:9: the alias *x has no anchor before it", 0},
	{"a list as key is refused", "? [a]\n: b\n", "f:1:3: a key must be plain text", 0},
	{"a foreign tag is refused", "a: !python/object x\n",
		"f:1:19: tags (!...) other than !!str are not understood", 0},
	{"two JSON documents in a row are refused", "{\"a\": 1}{\"b\": 2}", "f:1:9: missing document start",
		0},
};

/* A text that the test makes: `head`, `repeated` many times, `tail`. */
struct large {
	const char *name;
	const char *head;
	const char *repeated;
	size_t times;
	const char *tail;
	const char *reason; /* NULL: it is read */
};

static void check_large(void **state)
{
	const struct large *row = *state;
	struct buffer text = {0};
	buffer_text(&text, row->head);
	for (size_t i = 0; i < row->times; i++)
		buffer_text(&text, row->repeated);
	buffer_text(&text, row->tail);
	struct arena *arena = arena_new();
	struct codec_node **documents;
	size_t count;
	static struct fault fault;
	enum fault_code code = codec_parse(arena, "f", text.bytes, text.size, &documents, &count, &fault);
	assert_int_equal(code, row->reason ? FAULT_INVALID : FAULT_NONE);
	if (row->reason)
		assert_string_equal(fault.reason, row->reason);
	arena_free(arena);
	buffer_done(&text);
}

static const struct large larges[] = {
	{"64 levels are read", "", "[", 64,
		"]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]", NULL},
	{"65 levels are refused", "", "[", 65, "", "TOO_DEEP"},
	{"a million levels are refused", "", "[", 1000 * 1000, "", "TOO_DEEP"},
	{"a million levels of block lists are refused", "", "- ", 1000 * 1000, "x", "TOO_DEEP"},
	{"a million levels of keys are refused", "", "? ", 1000 * 1000, "x", "TOO_DEEP"},
	{"deep values put together from aliases are refused",
		"a: &a [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n"
		"b: &b [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[*a]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n"
		"c: [[[[[[*b]]]]]]\n",
		"", 0, "", "TOO_DEEP"},
	{"16 MiB and a byte are refused", "# ", "x", 16 * 1024 * 1024 - 1, "", "TOO_LARGE"},
	{"a comment of 16 MiB is read", "# ", "x", 16 * 1024 * 1024 - 2, "", NULL},
	{"1000 empty lines in a block are read", "a: |\n x\n", "\n", 1000, " y\n", NULL},
	{"100,000 empty lines are refused, and at once", "a: |\n x\n", " \n", 100 * 1000, " y\n",
		"TOO_LARGE"},
	{"100,000 empty lines that end in CRLF are refused", "a: |\n x\n", "\r\n", 100 * 1000, " y\n",
		"TOO_LARGE"},
	{"100,000 lines that end in CR are refused", "a: |\n x\n", "\r", 100 * 1000, " y\n", "TOO_LARGE"},
	{"an endless directive is refused, and at once", "", "%", 1000 * 1000, "", "TOO_LARGE"},
	{"400,000 values are read", "[", "1,", 400 * 1000, "]", NULL},
	{"more than 2,000,000 values are refused", "[", "1,", 2000 * 1000, "]", "TOO_LARGE"},
	{"a billion laughs are refused",
		"a: &a [l,l,l,l,l,l,l,l,l]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c "
		"[*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
		"d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"
		"f: &f [*e,*e,*e,*e,*e,*e,*e,*e,*e]\ng: &g [*f,*f,*f,*f,*f,*f,*f,*f,*f]\n",
		"", 0, "", "TOO_LARGE"},
	{"a long text written out often is refused",
		"a: &a "
		"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
		"xxxxxxxx\n"
		"b: [",
		"*a,", 200 * 1000, "]\n", "TOO_LARGE"},
};

/* libfyaml would like to tell the terminal; what it says belongs into the fault. */
static void nothing_is_printed(void **state)
{
	(void)state;
	char path[] = "/tmp/tally-codec-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	int kept = dup(2);
	dup2(fd, 2);
	struct arena *arena = arena_new();
	struct codec_node **documents;
	size_t count;
	static struct fault fault;
	codec_parse(arena, "f", "a: [1\nb: {", 10, &documents, &count, &fault);
	codec_parse(arena, "f", "a:\n\tb: @", 8, &documents, &count, &fault);
	arena_free(arena);
	dup2(kept, 2);
	close(kept);
	assert_int_equal(lseek(fd, 0, SEEK_END), 0);
	close(fd);
	unlink(path);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + CASES_COUNT(larges) + 1];
	size_t count = CASES_ADD(tests, 0, rows, check);
	count = CASES_ADD(tests, count, larges, check_large);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(nothing_is_printed);
	return CASES_RUN_ALL(tests, count);
}
