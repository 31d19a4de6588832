/* Growing bytes; capacity doubles. */
#include "base/buffer.h"

void buffer_done(struct buffer *buffer)
{
	free(buffer->bytes);
	*buffer = (struct buffer){0};
}

void buffer_clear(struct buffer *buffer)
{
	buffer->size = 0;
	if (buffer->bytes)
		buffer->bytes[0] = '\0';
}

void *buffer_reserve(struct buffer *buffer, size_t size)
{
	if (size > SIZE_MAX / 4 || buffer->size > SIZE_MAX / 4)
		abort();
	size_t needed = buffer->size + size + 1;
	if (needed > buffer->capacity) {
		size_t capacity = buffer->capacity ? buffer->capacity : 64;
		while (capacity < needed)
			capacity *= 2;
		char *bytes = realloc(buffer->bytes, capacity);
		if (!bytes)
			abort();
		buffer->bytes = bytes;
		buffer->capacity = capacity;
	}
	return buffer->bytes + buffer->size;
}

void buffer_add(struct buffer *buffer, const void *bytes, size_t size)
{
	char *to = buffer_reserve(buffer, size);
	if (size)
		memcpy(to, bytes, size);
	buffer->size += size;
	buffer->bytes[buffer->size] = '\0';
}

void buffer_text(struct buffer *buffer, const char *text)
{
	buffer_add(buffer, text, strlen(text));
}

void buffer_vprint(struct buffer *buffer, const char *format, va_list arguments)
{
	va_list again;
	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, arguments);
	if (length < 0)
		abort();
	char *to = buffer_reserve(buffer, (size_t)length);
	vsnprintf(to, (size_t)length + 1, format, again);
	va_end(again);
	buffer->size += (size_t)length;
}

void buffer_print(struct buffer *buffer, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	buffer_vprint(buffer, format, arguments);
	va_end(arguments);
}

const char *buffer_string(const struct buffer *buffer)
{
	return buffer->bytes ? buffer->bytes : "";
}

char *buffer_take(struct buffer *buffer)
{
	buffer_reserve(buffer, 0);
	buffer->bytes[buffer->size] = '\0';
	char *bytes = buffer->bytes;
	*buffer = (struct buffer){0};
	return bytes;
}
