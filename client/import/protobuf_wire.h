/*
 * Walks protobuf's wire format over bytes in place: nothing is copied or
 * allocated, so that a model of gigabytes costs only the fields that are
 * looked at. Knows no schema.
 */
#ifndef IMPORT_PROTOBUF_WIRE_H
#define IMPORT_PROTOBUF_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum wire_type {
	WIRE_VARINT = 0,
	WIRE_FIXED64 = 1,
	WIRE_BYTES = 2, /* text, bytes, messages, packed numbers */
	WIRE_FIXED32 = 5,
};

/* A message that is being walked. */
struct wire {
	const uint8_t *at, *end;
	bool broken; /* it ended in the middle of a field, or a tag was none */
};

struct wire_field {
	uint32_t number;
	enum wire_type type;
	uint64_t value;       /* of a varint or of fixed bits */
	const uint8_t *bytes; /* WIRE_BYTES; borrowed */
	size_t size;
};

/** Starts with a message's bytes. @param bytes borrowed; may be NULL when size is 0 */
struct wire wire_of(const void *bytes, size_t size);

/** Starts with the message inside a field; one that is no WIRE_BYTES is empty. */
struct wire wire_inside(const struct wire_field *field);

/** Gets the next field; groups of proto2 are skipped. @return false at the end, or when it is broken */
bool wire_next(struct wire *wire, struct wire_field *field);

/** Finds the first field of that number from here on. @return false when there is none */
bool wire_find(struct wire wire, uint32_t number, struct wire_field *field);

/** Copies a field's text. @return arena; NULL when it is no UTF-8 text or larger than 64 KiB */
const char *wire_text(struct arena *arena, const struct wire_field *field);

/** What a field's bits mean. */
int64_t wire_signed(const struct wire_field *field);
double wire_double(const struct wire_field *field);
float wire_float(const struct wire_field *field);

/** Gets the next varint of a packed field. Start with wire_inside(). @return false at the end */
bool wire_packed(struct wire *wire, uint64_t *value);

#endif
