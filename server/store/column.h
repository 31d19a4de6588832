/*
 * Column maps: which member of a row struct is which column or parameter. A
 * map does not compile when the member has another type; that the database
 * agrees is checked when a connection opens.
 */
#ifndef STORE_COLUMN_H
#define STORE_COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/fault.h"
#include "model/digest.h"

/* How a member is kept. Unless said otherwise NULL in the database is our mistake. */
enum field {
	FIELD_INT,     /* int32_t: integer                                   */
	FIELD_LONG,    /* int64_t: bigint                                    */
	FIELD_LONG0,   /* int64_t: bigint, 0 is NULL                         */
	FIELD_BOOL,    /* bool: boolean                                      */
	FIELD_ENUM,    /* an enum: smallint                                  */
	FIELD_BYTE,    /* uint8_t: smallint                                  */
	FIELD_BITS,    /* uint32_t: integer                                  */
	FIELD_TIME,    /* int64_t, µs since 1970: timestamptz, 0 is NULL     */
	FIELD_ID,      /* char[n]: text shorter than n                       */
	FIELD_TEXT,    /* const char *: text; NULL is written as ""          */
	FIELD_DIGEST,  /* struct model_digest: bytea of 32 bytes             */
	FIELD_BYTES,   /* const void *, size_t: bytea, never NULL            */
	FIELD_BYTES0,  /* the same; a NULL pointer is NULL                   */
	FIELD_SECRET,  /* uint8_t[32]: bytea of 32 bytes                     */
	FIELD_UUID,    /* const char *: uuid                                 */
	FIELD_UUID_ID, /* char[37]: uuid                                     */
	FIELD_TEXTS, /* const char *const *, size_t: text[]; NULL pointer is NULL; only as a single parameter
		      */
	FIELD_COUNT
};

struct column {
	const char *name;
	enum field field;
	size_t offset;
	size_t extra; /* FIELD_ID: size of the member; FIELD_BYTES*, FIELD_TEXTS: offset of its size_t */
};

/* A row struct's columns, in the order of the statement. */
struct columns {
	const struct column *items;
	size_t count;
	size_t stride; /* size of the row struct */
};

#define COLUMNS(row, table)                                                                                  \
	{                                                                                                    \
		table, sizeof(table) / sizeof((table)[0]), sizeof(row)                                       \
	}

#define COLUMN_TYPED(row, member, type) (0 * sizeof(char[_Generic(((row *)0)->member, type : 1)]))
#define COLUMN_OF(row, member, name, field, type, extra)                                                     \
	{                                                                                                    \
		name, field, offsetof(row, member) + COLUMN_TYPED(row, member, type), extra                  \
	}

#define COLUMN_INT(row, member, name)    COLUMN_OF(row, member, name, FIELD_INT, int32_t, 0)
#define COLUMN_LONG(row, member, name)   COLUMN_OF(row, member, name, FIELD_LONG, int64_t, 0)
#define COLUMN_LONG0(row, member, name)  COLUMN_OF(row, member, name, FIELD_LONG0, int64_t, 0)
#define COLUMN_BOOL(row, member, name)   COLUMN_OF(row, member, name, FIELD_BOOL, bool, 0)
#define COLUMN_ENUM(row, member, name)   COLUMN_OF(row, member, name, FIELD_ENUM, unsigned, 0)
#define COLUMN_BYTE(row, member, name)   COLUMN_OF(row, member, name, FIELD_BYTE, uint8_t, 0)
#define COLUMN_BITS(row, member, name)   COLUMN_OF(row, member, name, FIELD_BITS, uint32_t, 0)
#define COLUMN_TIME(row, member, name)   COLUMN_OF(row, member, name, FIELD_TIME, int64_t, 0)
#define COLUMN_TEXT(row, member, name)   COLUMN_OF(row, member, name, FIELD_TEXT, const char *, 0)
#define COLUMN_UUID(row, member, name)   COLUMN_OF(row, member, name, FIELD_UUID, const char *, 0)
#define COLUMN_DIGEST(row, member, name) COLUMN_OF(row, member, name, FIELD_DIGEST, struct model_digest, 0)
#define COLUMN_ID(row, member, name)                                                                         \
	COLUMN_OF(row, member, name, FIELD_ID, char *, sizeof(((row *)0)->member))
#define COLUMN_UUID_ID(row, member, name)                                                                    \
	COLUMN_OF(row, member, name, FIELD_UUID_ID, char *, sizeof(((row *)0)->member))
#define COLUMN_SECRET(row, member, name)                                                                     \
	COLUMN_OF(row, member, name, FIELD_SECRET, uint8_t *, sizeof(((row *)0)->member))
#define COLUMN_SIZED(row, member, size, name, field, type)                                                   \
	COLUMN_OF(row, member, name, field, type, offsetof(row, size) + COLUMN_TYPED(row, size, size_t))
#define COLUMN_BYTES(row, member, size, name) COLUMN_SIZED(row, member, size, name, FIELD_BYTES, const void *)
#define COLUMN_BYTES0(row, member, size, name)                                                               \
	COLUMN_SIZED(row, member, size, name, FIELD_BYTES0, const void *)
#define COLUMN_TEXTS(row, member, size, name)                                                                \
	COLUMN_SIZED(row, member, size, name, FIELD_TEXTS, const char *const *)

enum {
	COLUMN_NULL = -1, /* size of a value that is NULL */
	COLUMN_UUID_SIZE = 16,
	COLUMN_SECRET_SIZE = 32,
};

/** Returns the database's type of a field's values. @param array of an array of them? */
unsigned column_type(enum field field, bool array);

/**
 * Appends one value in the database's binary format.
 *
 * @param row  borrowed; the row struct
 * @return its size, or COLUMN_NULL
 */
int column_write(const struct column *column, const void *row, struct buffer *out);

/**
 * Appends the values of a column as one binary array of one dimension.
 *
 * @param rows  borrowed; count row structs
 */
void column_write_array(
	const struct column *column, const void *rows, size_t count, size_t stride, struct buffer *out);

/**
 * Sets a member from a binary value.
 *
 * @param bytes  borrowed; NULL for NULL
 * @param arena  borrowed; texts and bytes are made in it
 * @param row    the row struct
 * @return false when the value does not fit the member
 */
bool column_read(const struct column *column, const void *bytes, size_t size, struct arena *arena, void *row);

/** Reads a UUID's text. @param[out] bytes COLUMN_UUID_SIZE @return false when it is none */
bool column_uuid(const char *text, uint8_t *bytes);

#endif
