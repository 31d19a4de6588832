/* Messages in arenas: what every room that handles them needs. */
#ifndef MODEL_MESSAGE_H
#define MODEL_MESSAGE_H

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "google/protobuf/duration.pb-c.h"
#include "google/protobuf/timestamp.pb-c.h"

/** Unpacks a message. @return arena; NULL when the bytes are not one */
void *model_message_unpack(
	struct arena *arena, const ProtobufCMessageDescriptor *type, const void *bytes, size_t size);

/** Packs a message. @param[out] size bytes @return arena */
void *model_message_pack(struct arena *arena, const void *message, size_t *size);

/** Copies a message with all that it holds: what packing and unpacking makes, for a fraction of the work.
 * @return arena */
void *model_message_copy(struct arena *arena, const void *message);

/** Do two messages of one type hold the same: would they pack to the same bytes? NULL is equal to NULL only.
 * Two numbers are the same when their bytes are. */
bool model_message_equal(const void *a, const void *b);

/** The same for one field of two messages of one type: its values, how many, and whether it is there. */
bool model_message_field_equal(const void *a, const void *b, const ProtobufCFieldDescriptor *field);

/** Makes a timestamp of a wall time; NULL for 0. @return arena */
Google__Protobuf__Timestamp *model_timestamp(struct arena *arena, int64_t at_us);

/* The last moment that a timestamp can name: the year 9999 ends. */
#define MODEL_TIME_LAST_US (INT64_C(253402300800) * 1000000 - 1)

/** Returns the wall time of a timestamp, 0 for NULL; what is before 1970 is 1, what is after the year 9999
 * its last moment. */
int64_t model_time_us(const Google__Protobuf__Timestamp *time);

/** Returns the length of a duration, 0 for NULL and for a negative one, at most 10,000 years. */
int64_t model_duration_us(const Google__Protobuf__Duration *duration);

#endif
