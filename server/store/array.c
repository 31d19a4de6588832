/*
 * Writing values and arrays in Postgres' binary format, from row structs by
 * their column maps. Postgres checks the values; nothing is judged here.
 */
#include <assert.h>
#include <endian.h>

#include "store/column.h"
#include "store/column_types.h"

static void add16(struct buffer *out, uint16_t value)
{
	value = htobe16(value);
	buffer_add(out, &value, sizeof(value));
}

static void add32(struct buffer *out, uint32_t value)
{
	value = htobe32(value);
	buffer_add(out, &value, sizeof(value));
}

static void add64(struct buffer *out, uint64_t value)
{
	value = htobe64(value);
	buffer_add(out, &value, sizeof(value));
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool column_uuid(const char *text, uint8_t *bytes)
{
	size_t at = 0;
	for (size_t i = 0; i < 36; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (text[i] != '-')
				return false;
			continue;
		}
		int digit = hex_digit(text[i]);
		if (digit < 0)
			return false;
		bytes[at / 2] = (uint8_t)(at % 2 ? bytes[at / 2] | digit : digit << 4);
		at++;
	}
	return text[36] == '\0';
}

static int add_bytes(struct buffer *out, const void *bytes, size_t size)
{
	assert(size <= INT32_MAX);
	buffer_add(out, bytes ? bytes : "", size);
	return (int)size;
}

static int add_uuid(struct buffer *out, const char *text)
{
	uint8_t bytes[COLUMN_UUID_SIZE];
	bool valid = column_uuid(text, bytes);
	assert(valid);
	(void)valid;
	return add_bytes(out, bytes, sizeof(bytes));
}

static int add_texts(struct buffer *out, const char *const *texts, size_t count)
{
	size_t before = out->size;
	const struct column column = {"", FIELD_TEXT, 0, 0};
	if (!texts)
		return COLUMN_NULL;
	column_write_array(&column, texts, count, sizeof(*texts), out);
	return (int)(out->size - before);
}

static int add_time(struct buffer *out, int64_t at_us)
{
	if (at_us == 0)
		return COLUMN_NULL;
	add64(out, (uint64_t)(at_us - COLUMN_EPOCH_US));
	return 8;
}

int column_write(const struct column *column, const void *row, struct buffer *out)
{
	const char *member = (const char *)row + column->offset;
	const size_t *size = (const void *)((const char *)row + column->extra);
	const char *const *text = (const void *)member;
	switch (column->field) {
	case FIELD_INT:
	case FIELD_BITS: return add32(out, *(const uint32_t *)(const void *)member), 4;
	case FIELD_LONG0:
		if (*(const int64_t *)(const void *)member == 0)
			return COLUMN_NULL;
		__attribute__((fallthrough));
	case FIELD_LONG: return add64(out, *(const uint64_t *)(const void *)member), 8;
	case FIELD_BOOL: return add_bytes(out, *(const bool *)member ? "\1" : "\0", 1);
	case FIELD_ENUM: return add16(out, (uint16_t) * (const unsigned *)(const void *)member), 2;
	case FIELD_BYTE: return add16(out, *(const uint8_t *)member), 2;
	case FIELD_TIME: return add_time(out, *(const int64_t *)(const void *)member);
	case FIELD_ID: return add_bytes(out, member, strlen(member));
	case FIELD_TEXT: return add_bytes(out, *text, *text ? strlen(*text) : 0);
	case FIELD_DIGEST:
	case FIELD_SECRET: return add_bytes(out, member, COLUMN_SECRET_SIZE);
	case FIELD_BYTES: return add_bytes(out, *text, *size);
	case FIELD_BYTES0: return *text ? add_bytes(out, *text, *size) : COLUMN_NULL;
	case FIELD_UUID: return add_uuid(out, *text);
	case FIELD_UUID_ID: return add_uuid(out, member);
	case FIELD_TEXTS: return add_texts(out, *(const char *const *const *)(const void *)member, *size);
	case FIELD_COUNT: break;
	}
	abort();
}

void column_write_array(
	const struct column *column, const void *rows, size_t count, size_t stride, struct buffer *out)
{
	bool nullable =
		column->field == FIELD_LONG0 || column->field == FIELD_TIME || column->field == FIELD_BYTES0;
	add32(out, 1); /* dimensions */
	add32(out, nullable);
	add32(out, column_type(column->field, false));
	add32(out, (uint32_t)count);
	add32(out, 1); /* index of the first element */
	for (size_t i = 0; i < count; i++) {
		size_t at = out->size;
		add32(out, 0);
		uint32_t size = htobe32((uint32_t)column_write(column, (const char *)rows + i * stride, out));
		memcpy(out->bytes + at, &size, sizeof(size));
	}
}
