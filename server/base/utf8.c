/* UTF-8 by the table of RFC 3629, section 4. */
#include "base/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Length of the sequence that starts here, 0 when it is not one. */
static size_t sequence(const unsigned char *at, size_t left)
{
	unsigned char a = at[0];
	if (a == 0)
		return 0;
	if (a < 0x80)
		return 1;
	size_t length = a >= 0xc2 && a <= 0xdf ? 2 : (a & 0xf0) == 0xe0 ? 3 : a >= 0xf0 && a <= 0xf4 ? 4 : 0;
	if (length == 0 || length > left)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((at[i] & 0xc0) != 0x80)
			return 0;
	unsigned char b = at[1];
	if ((a == 0xe0 && b < 0xa0) || (a == 0xed && b > 0x9f) || (a == 0xf0 && b < 0x90) ||
		(a == 0xf4 && b > 0x8f))
		return 0;
	return length;
}

enum {
	WORD = sizeof(uint64_t)
};

#define EVERY_BYTE(value) (UINT64_MAX / 0xff * (value))

static bool is_plain(const unsigned char *at)
{
	uint64_t word;
	memcpy(&word, at, WORD);
	/* A byte of 0 borrows into its highest bit; one above it may too, but then there was a 0. */
	return !((word | (word - EVERY_BYTE(0x01))) & EVERY_BYTE(0x80));
}

/* How many bytes, by whole words, are ASCII without NUL: most text is nothing else. */
static size_t plain(const unsigned char *at, size_t left)
{
	size_t done = 0;
	while (done + WORD <= left && is_plain(at + done))
		done += WORD;
	/* The last word of all overlaps what was looked at. */
	if (left >= WORD && done + WORD > left && is_plain(at + left - WORD))
		return left;
	return done;
}

size_t utf8_check(const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	size_t done = plain(at, size);
	while (done < size) {
		size_t length = sequence(at + done, size - done);
		if (length == 0)
			return done;
		done += length;
		done += plain(at + done, size - done);
	}
	return size;
}
