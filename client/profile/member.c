/* Members by name, through protobuf-c's descriptors. Knows no kind. */
#include "profile/member.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

static const ProtobufCFieldDescriptor *field_of(const void *message, const char *name)
{
	const ProtobufCMessage *base = message;
	return protobuf_c_message_descriptor_get_field_by_name(base->descriptor, name);
}

static void *at(const void *message, unsigned offset)
{
	return (char *)(uintptr_t)message + offset;
}

void *member_new(struct arena *arena, const ProtobufCMessageDescriptor *type)
{
	ProtobufCMessage *message = arena_alloc(arena, type->sizeof_message);
	protobuf_c_message_init(type, message);
	return message;
}

static void *allocate(void *arena, size_t size)
{
	return arena_alloc(arena, size);
}

/* The arena frees. */
static void keep(void *arena, void *bytes)
{
	(void)arena;
	(void)bytes;
}

void *member_copy(struct arena *arena, const void *message)
{
	const ProtobufCMessage *base = message;
	ProtobufCAllocator allocator = {allocate, keep, arena};
	const size_t size = protobuf_c_message_get_packed_size(base);
	uint8_t *bytes = arena_alloc(arena, size);
	protobuf_c_message_pack(base, bytes);
	void *copy = protobuf_c_message_unpack(base->descriptor, &allocator, size, bytes);
	assert(copy);
	return copy;
}

bool member_known(const void *message, const char *name)
{
	return field_of(message, name) != NULL;
}

void *member_at(const void *message, const char *name)
{
	const ProtobufCFieldDescriptor *field = field_of(message, name);
	return field ? at(message, field->offset) : NULL;
}

const char *member_text(const void *message, const char *name)
{
	char *const *text = member_at(message, name);
	return text && *text ? *text : "";
}

void member_set_text(void *message, const char *name, const char *text)
{
	const char **place = member_at(message, name);
	if (place)
		*place = text;
}

void member_set_message(void *message, const char *name, void *value)
{
	void **place = member_at(message, name);
	if (place)
		*place = value;
}

void member_set_value(void *message, const char *name, const void *value)
{
	const ProtobufCFieldDescriptor *field = field_of(message, name);
	if (!field)
		return;
	/* A field with presence is the only one of its oneof: the case is its number. */
	if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
		*(uint32_t *)at(message, field->quantifier_offset) = field->id;
	const size_t size =
		field->type == PROTOBUF_C_TYPE_BOOL ? sizeof(protobuf_c_boolean) : sizeof(int64_t);
	memcpy(at(message, field->offset), value, size);
}

struct member_list member_list(const void *message, const char *name)
{
	const ProtobufCFieldDescriptor *field = field_of(message, name);
	struct member_list list = {0};
	if (field) {
		list.items = *(void ***)at(message, field->offset);
		list.count = *(size_t *)at(message, field->quantifier_offset);
	}
	return list;
}

void member_set_list(void *message, const char *name, void *items, size_t count)
{
	const ProtobufCFieldDescriptor *field = field_of(message, name);
	if (!field)
		return;
	*(void **)at(message, field->offset) = items;
	*(size_t *)at(message, field->quantifier_offset) = count;
}

const ProtobufCMessageDescriptor *member_type(const void *message, const char *name)
{
	const ProtobufCFieldDescriptor *field = field_of(message, name);
	return field ? field->descriptor : NULL;
}
