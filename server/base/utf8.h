/* Is it text? */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

/**
 * Checks that bytes are UTF-8 (RFC 3629: shortest forms, no surrogates, up to
 * U+10FFFF) without a NUL character.
 *
 * @return size when all is well, else the offset of the first bad byte
 */
size_t utf8_check(const void *bytes, size_t size);

#endif
