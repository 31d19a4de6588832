/* Unpacks requests into the call's arena once wire.c has let them through, and packs answers. */
#include "service/unpack.h"

#include "model/message.h"
#include "service/wire.h"

void *service_unpack(struct rpc_call *call, const ProtobufCMessageDescriptor *type, struct fault *fault)
{
	static const uint8_t nothing[1];
	size_t size = 0;
	const uint8_t *bytes = rpc_request(call, &size);
	if (!bytes) {
		bytes = nothing;
		size = 0;
	}
	if (!wire_check(type, bytes, size, fault))
		return NULL;
	void *message = model_message_unpack(rpc_arena(call), type, bytes, size);
	if (!message)
		fault_set(fault, FAULT_INVALID, "MALFORMED_MESSAGE", "The request is not a %s.", type->name);
	return message;
}

enum rpc_next service_reply(struct rpc_call *call, const void *message)
{
	size_t size = 0;
	void *bytes = model_message_pack(rpc_arena(call), message, &size);
	return rpc_reply(call, bytes, size);
}
