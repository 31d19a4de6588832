/* What protobuf-c's descriptors say about a field, in our words. */
#ifndef CODEC_SHAPE_H
#define CODEC_SHAPE_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "codec/moment.h"

/* The whole numbers that a field takes. `bits` is 0 for other types; unsigned 64-bit fields take up to
 * INT64_MAX. */
struct shape_range {
	int bits;
	int64_t min, max;
};

struct shape_range shape_range(ProtobufCType type);

/** Returns the bytes that one value takes in a repeated field's array. */
size_t shape_size(ProtobufCType type);

/** Is it a map<,>? protobuf-c keeps it as repeated FieldEntry messages of key and value. */
bool shape_is_map(const ProtobufCFieldDescriptor *field);

enum shape_known {
	SHAPE_ORDINARY,
	SHAPE_TIME,     /* google.protobuf.Timestamp */
	SHAPE_DURATION, /* google.protobuf.Duration */
};

enum shape_known shape_known(const ProtobufCMessageDescriptor *type);

/* The two fields that Timestamp and Duration have. */
struct moment shape_get_moment(const ProtobufCMessage *message);
void shape_set_moment(ProtobufCMessage *message, const struct moment *moment);

/** Returns the place of a field, or of its presence or count, in a message. */
static inline void *shape_at(const ProtobufCMessage *message, unsigned offset)
{
	return (char *)(uintptr_t)message + offset;
}

#endif
