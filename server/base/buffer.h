/*
 * Bytes that grow. A buffer that is all zero is empty and ready; it belongs to
 * one thread. Its bytes are followed by a NUL that size does not count.
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
	char *bytes; /* NULL while empty */
	size_t size;
	size_t capacity;
};

/** Frees the bytes; the buffer is empty and ready again. */
void buffer_done(struct buffer *buffer);

/** Empties the buffer and keeps its memory. */
void buffer_clear(struct buffer *buffer);

/** Makes room for size more bytes. @return where they go; valid until the next call */
void *buffer_reserve(struct buffer *buffer, size_t size);

/** Appends bytes. */
void buffer_add(struct buffer *buffer, const void *bytes, size_t size);

/** Appends NUL-terminated text. */
void buffer_text(struct buffer *buffer, const char *text);

/** Appends formatted text. */
void buffer_print(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buffer_vprint(struct buffer *buffer, const char *format, va_list arguments);

/** Returns the text, "" when empty. @return borrowed until the next call */
const char *buffer_string(const struct buffer *buffer);

/** Hands the bytes out and leaves the buffer empty. @return owned; free(); never NULL */
char *buffer_take(struct buffer *buffer);

#endif
