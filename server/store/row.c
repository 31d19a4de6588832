/*
 * Reading of values in Postgres' binary format into row structs by their
 * column maps, and which types of the database the fields have.
 */
#include <endian.h>

#include "store/column.h"
#include "store/column_types.h"

/* Object ids of pg_type that are fixed for ever (catalog/pg_type.dat): of a value, of an array of them. */
static const unsigned types[FIELD_COUNT][2] = {
	[FIELD_INT] = {23, 1007},
	[FIELD_LONG] = {20, 1016},
	[FIELD_LONG0] = {20, 1016},
	[FIELD_BOOL] = {16, 1000},
	[FIELD_ENUM] = {21, 1005},
	[FIELD_BYTE] = {21, 1005},
	[FIELD_BITS] = {23, 1007},
	[FIELD_TIME] = {1184, 1185},
	[FIELD_ID] = {25, 1009},
	[FIELD_TEXT] = {25, 1009},
	[FIELD_DIGEST] = {17, 1001},
	[FIELD_BYTES] = {17, 1001},
	[FIELD_BYTES0] = {17, 1001},
	[FIELD_SECRET] = {17, 1001},
	[FIELD_UUID] = {2950, 2951},
	[FIELD_UUID_ID] = {2950, 2951},
	[FIELD_TEXTS] = {1009, 0},
};

unsigned column_type(enum field field, bool array)
{
	return types[field][array];
}

/* Sizes of the values; 0: any. */
static const size_t sizes[FIELD_COUNT] = {
	[FIELD_INT] = 4,
	[FIELD_LONG] = 8,
	[FIELD_LONG0] = 8,
	[FIELD_BOOL] = 1,
	[FIELD_ENUM] = 2,
	[FIELD_BYTE] = 2,
	[FIELD_BITS] = 4,
	[FIELD_TIME] = 8,
	[FIELD_DIGEST] = MODEL_DIGEST_SIZE,
	[FIELD_SECRET] = COLUMN_SECRET_SIZE,
	[FIELD_UUID_ID] = COLUMN_UUID_SIZE,
};

static uint16_t take16(const void *bytes)
{
	uint16_t value;
	memcpy(&value, bytes, sizeof(value));
	return be16toh(value);
}

static uint32_t take32(const void *bytes)
{
	uint32_t value;
	memcpy(&value, bytes, sizeof(value));
	return be32toh(value);
}

static uint64_t take64(const void *bytes)
{
	uint64_t value;
	memcpy(&value, bytes, sizeof(value));
	return be64toh(value);
}

static bool take_id(const void *bytes, size_t size, char *member, size_t room)
{
	if (size >= room)
		return false;
	memcpy(member, bytes, size);
	member[size] = '\0';
	return true;
}

static void take_uuid(const uint8_t *bytes, char *member)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < COLUMN_UUID_SIZE; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*member++ = '-';
		*member++ = digits[bytes[i] >> 4];
		*member++ = digits[bytes[i] & 15];
	}
	*member = '\0';
}

/* NULL leaves the member zero, where the field allows it. */
static bool take_null(const struct column *column, char *row)
{
	switch (column->field) {
	case FIELD_LONG0:
	case FIELD_TIME: memset(row + column->offset, 0, sizeof(int64_t)); return true;
	case FIELD_BYTES0:
		memset(row + column->offset, 0, sizeof(void *));
		memset(row + column->extra, 0, sizeof(size_t));
		return true;
	default: return false;
	}
}

bool column_read(const struct column *column, const void *bytes, size_t size, struct arena *arena, void *row)
{
	char *member = (char *)row + column->offset;
	void *target = member;
	if (!bytes)
		return take_null(column, row);
	if (sizes[column->field] && size != sizes[column->field])
		return false;
	switch (column->field) {
	case FIELD_INT:
	case FIELD_BITS: *(uint32_t *)target = take32(bytes); return true;
	case FIELD_LONG:
	case FIELD_LONG0: *(uint64_t *)target = take64(bytes); return true;
	case FIELD_BOOL: *(bool *)target = *(const char *)bytes != 0; return true;
	case FIELD_ENUM: *(unsigned *)target = take16(bytes); return true;
	case FIELD_BYTE: *(uint8_t *)target = (uint8_t)take16(bytes); return take16(bytes) <= UINT8_MAX;
	case FIELD_TIME: *(int64_t *)target = (int64_t)take64(bytes) + COLUMN_EPOCH_US; return true;
	case FIELD_ID: return take_id(bytes, size, member, column->extra);
	case FIELD_TEXT: *(const char **)target = arena_copy(arena, bytes, size); return true;
	case FIELD_DIGEST:
	case FIELD_SECRET: memcpy(member, bytes, size); return true;
	case FIELD_BYTES:
	case FIELD_BYTES0:
		*(const void **)target = arena_copy(arena, bytes, size);
		*(size_t *)(void *)((char *)row + column->extra) = size;
		return true;
	case FIELD_UUID_ID: take_uuid(bytes, member); return true;
	case FIELD_UUID:
	case FIELD_TEXTS:
	case FIELD_COUNT: break;
	}
	return false;
}
