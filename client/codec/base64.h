/* Base64 of RFC 4648, with padding. */
#ifndef CODEC_BASE64_H
#define CODEC_BASE64_H

#include <stdbool.h>
#include <stddef.h>

/** Writes bytes as text. @return owned: free() */
char *base64_text(const void *bytes, size_t size);

/**
 * Reads text.
 *
 * @param[out] bytes  room for strlen(text)
 * @param[out] size   set on success only
 * @return false when it is not base64
 */
bool base64_read(const char *text, void *bytes, size_t *size);

#endif
