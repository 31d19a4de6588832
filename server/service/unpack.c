/* Unpacks requests into the call's arena once wire.c has let them through, and packs answers. */
#include "service/unpack.h"

#include "service/wire.h"

static void *allocate(void *arena, size_t size)
{
	return arena_alloc(arena, size);
}

/* The arena frees all at once. */
static void leave(void *arena, void *piece)
{
	(void)arena;
	(void)piece;
}

void *service_unpack(struct rpc_call *call, const ProtobufCMessageDescriptor *type, struct fault *fault)
{
	size_t size = 0;
	const uint8_t *bytes = rpc_request(call, &size);
	if (!bytes)
		size = 0;
	if (!wire_check(type, bytes, size, fault))
		return NULL;
	ProtobufCAllocator allocator = {allocate, leave, rpc_arena(call)};
	static const uint8_t nothing[1];
	void *message = protobuf_c_message_unpack(type, &allocator, size, bytes ? bytes : nothing);
	if (!message)
		fault_set(fault, FAULT_INVALID, "MALFORMED_MESSAGE", "The request is not a %s.", type->name);
	return message;
}

void *service_pack(struct arena *arena, const void *message, size_t *size)
{
	*size = protobuf_c_message_get_packed_size(message);
	uint8_t *bytes = arena_alloc(arena, *size);
	protobuf_c_message_pack(message, bytes);
	return bytes;
}

enum rpc_next service_reply(struct rpc_call *call, const void *message)
{
	size_t size = 0;
	void *bytes = service_pack(rpc_arena(call), message, &size);
	return rpc_reply(call, bytes, size);
}
