/*
 * What a peer sent, looked at before protobuf-c sees it: protobuf-c has no
 * recursion limit, checks no text, and says of a bad message only that it is
 * bad.
 */
#ifndef SERVICE_WIRE_H
#define SERVICE_WIRE_H

#include <stdbool.h>
#include <stddef.h>

#include <protobuf-c/protobuf-c.h>

#include "base/fault.h"

enum {
	WIRE_DEPTH_MAX = 32,         /* messages inside messages; the outermost is 1 */
	WIRE_VALUES_MAX = 1000000,   /* fields and packed elements of one message, all levels together */
	WIRE_MEMORY_FACTOR = 24,     /* what unpacking may take, in sizes of the message ... */
	WIRE_MEMORY_START = 1 << 20, /* ... and bytes that are always granted */
};

/**
 * Checks that bytes are a well-formed message of a type: the wire format and
 * each known field's wire type, depth, the number of values and the memory
 * that they would take, text that is UTF-8 without NUL, finite numbers, known
 * enum values, and no message field twice that cannot be repeated. Unknown
 * fields are passed over.
 *
 * @param type       borrowed; at most 64 fields in each message below it
 * @param bytes      borrowed
 * @param[out] fault set on failure only: INVALID with MALFORMED_MESSAGE, TOO_DEEP, TOO_MANY_VALUES, NOT_UTF8,
 *                   NOT_FINITE or UNKNOWN_ENUM_VALUE, the field's path, and fact "offset" in bytes
 * @return true when all is well
 */
bool wire_check(const ProtobufCMessageDescriptor *type, const void *bytes, size_t size, struct fault *fault);

#endif
