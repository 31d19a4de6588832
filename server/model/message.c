/* protobuf-c's allocator on an arena. */
#include "model/message.h"

static void *allocate(void *arena, size_t size)
{
	return arena_alloc(arena, size);
}

static void release(void *arena, void *piece)
{
	(void)arena;
	(void)piece; /* goes with the arena */
}

void *model_message_unpack(
	struct arena *arena, const ProtobufCMessageDescriptor *type, const void *bytes, size_t size)
{
	ProtobufCAllocator allocator = {allocate, release, arena};
	return protobuf_c_message_unpack(type, &allocator, size, bytes);
}

void *model_message_pack(struct arena *arena, const void *message, size_t *size)
{
	*size = protobuf_c_message_get_packed_size(message);
	uint8_t *bytes = arena_alloc(arena, *size);
	protobuf_c_message_pack(message, bytes);
	return bytes;
}

Google__Protobuf__Timestamp *model_timestamp(struct arena *arena, int64_t at_us)
{
	if (at_us == 0)
		return NULL;
	Google__Protobuf__Timestamp *time = arena_alloc(arena, sizeof(*time));
	google__protobuf__timestamp__init(time);
	time->seconds = at_us / 1000000;
	time->nanos = (int32_t)(at_us % 1000000) * 1000;
	return time;
}
