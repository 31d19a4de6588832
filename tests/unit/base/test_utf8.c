/* What is text and where it stops being it. */
#include "base/utf8.h"

#include "cases.h"

struct row {
	const char *name;
	const char *bytes;
	size_t size;
	size_t good;
};

#define BYTES(text) text, sizeof(text) - 1

static const struct row rows[] = {
	{"nothing is text", BYTES(""), 0},
	{"ASCII is text", BYTES("abc~"), 4},
	{"two, three and four bytes are text", BYTES("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80"), 9},
	{"the last code point is text", BYTES("\xf4\x8f\xbf\xbf"), 4},
	{"a NUL is not", BYTES("ab\0c"), 2},
	{"a lone continuation is not", BYTES("a\x80"), 1},
	{"a cut sequence is not", BYTES("a\xe2\x82"), 1},
	{"an overlong slash is not", BYTES("\xc0\xaf"), 0},
	{"an overlong three-byte form is not", BYTES("\xe0\x80\xaf"), 0},
	{"an overlong four-byte form is not", BYTES("\xf0\x80\x80\xaf"), 0},
	{"a surrogate is not", BYTES("x\xed\xa0\x80"), 1},
	{"beyond U+10FFFF is not", BYTES("\xf4\x90\x80\x80"), 0},
	{"0xff is not", BYTES("\xff"), 0},
	{"long ASCII is text", BYTES("seventeen letters"), 17},
	{"a NUL after whole words is not", BYTES("0123456701234567\0"), 16},
	{"a NUL within a word is not",
		BYTES("0123\0"
		      "567"),
		4},
	{"0x80 at a word's end is not", BYTES("0123456\x80"), 7},
	{"text may go on after an umlaut", BYTES("0123456701234567\xc3\xa4 01234567 \xc3\xa4"), 30},
	{"0xff after an umlaut and a word is not", BYTES("\xc3\xa4 01234567\xff 0123"), 11},
	{"Latin-1 is not", BYTES("caf\xe9 au lait"), 3},
};

static void check(void **state)
{
	const struct row *row = *state;
	assert_int_equal(utf8_check(row->bytes, row->size), row->good);
}

int main(void)
{
	return CASES_RUN(rows, check);
}
