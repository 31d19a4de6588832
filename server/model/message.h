/* Messages in arenas: what every room that handles them needs. */
#ifndef MODEL_MESSAGE_H
#define MODEL_MESSAGE_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "google/protobuf/timestamp.pb-c.h"

/** Unpacks a message. @return arena; NULL when the bytes are not one */
void *model_message_unpack(
	struct arena *arena, const ProtobufCMessageDescriptor *type, const void *bytes, size_t size);

/** Packs a message. @param[out] size bytes @return arena */
void *model_message_pack(struct arena *arena, const void *message, size_t *size);

/** Copies a message with all that it holds: what packing and unpacking makes, for a fraction of the work.
 * @return arena */
void *model_message_copy(struct arena *arena, const void *message);

/** Makes a timestamp of a wall time; NULL for 0. @return arena */
Google__Protobuf__Timestamp *model_timestamp(struct arena *arena, int64_t at_us);

#endif
