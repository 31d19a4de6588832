/*
 * Requests as a peer may send them. What wire_check() lets through, protobuf-c
 * must be able to read within the promised memory, and what it packs again
 * must be let through too.
 */
#include <assert.h>
#include <stdint.h>

#include "base/arena.h"
#include "service/wire.h"
#include "tally/v1/descriptor_service.pb-c.h"
#include "tally/v1/event_service.pb-c.h"
#include "tally/v1/mismatch_service.pb-c.h"
#include "tally/v1/system.pb-c.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct budget {
	struct arena *arena;
	size_t taken;
};

static void *allocate(void *context, size_t size)
{
	struct budget *budget = context;
	budget->taken += size;
	return arena_alloc(budget->arena, size);
}

static void leave(void *context, void *piece)
{
	(void)context;
	(void)piece;
}

static void check(const ProtobufCMessageDescriptor *type, const uint8_t *data, size_t size)
{
	struct fault fault;
	if (!wire_check(type, data, size, &fault)) {
		assert(fault.code == FAULT_INVALID && fault.reason && fault.message[0]);
		return;
	}
	struct budget budget = {arena_new(), 0};
	ProtobufCAllocator allocator = {allocate, leave, &budget};
	ProtobufCMessage *message = protobuf_c_message_unpack(type, &allocator, size, data);
	assert(message);
	assert(budget.taken <= WIRE_MEMORY_START + size * WIRE_MEMORY_FACTOR);
	size_t packed_size = protobuf_c_message_get_packed_size(message);
	uint8_t *packed = arena_alloc(budget.arena, packed_size);
	protobuf_c_message_pack(message, packed);
	bool again = wire_check(type, packed, packed_size, &fault);
	assert(again || fault.reason);
	arena_free(budget.arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const ProtobufCMessageDescriptor *const types[] = {
		&tally__v1__push_descriptors_request__descriptor,
		&tally__v1__create_system_request__descriptor,
		&tally__v1__list_findings_request__descriptor,
		&tally__v1__subscribe_request__descriptor,
	};
	if (size == 0)
		return 0;
	check(types[data[0] % (sizeof(types) / sizeof(types[0]))], data + 1, size - 1);
	return 0;
}
