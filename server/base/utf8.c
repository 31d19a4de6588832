/* UTF-8 by the table of RFC 3629, section 4. */
#include "base/utf8.h"

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

size_t utf8_check(const void *bytes, size_t size)
{
	const unsigned char *at = bytes;
	size_t done = 0;
	while (done < size) {
		size_t length = sequence(at + done, size - done);
		if (length == 0)
			return done;
		done += length;
	}
	return size;
}
