/* Reflection over protobuf-c messages: presence, counts and blankness. */
#include "rules/fields.h"

#include <assert.h>
#include <stdint.h>

#include "model/types.h"

static const void *member(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	return (const char *)message + field->offset;
}

static unsigned quantifier(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	return *(const unsigned *)(const void *)((const char *)message + field->quantifier_offset);
}

const ProtobufCFieldDescriptor *fields_find(
	const ProtobufCMessageDescriptor *type, const char *name, size_t size)
{
	for (unsigned i = 0; i < type->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &type->fields[i];
		if (field->name[0] == name[0] && strncmp(field->name, name, size) == 0 &&
			field->name[size] == '\0')
			return field;
	}
	assert(false && "no such field");
	abort();
}

size_t fields_count(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return *(const size_t *)(const void *)((const char *)message + field->quantifier_offset);
	if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
		return quantifier(message, field) == field->id;
	return 1;
}

/* Strings and messages are pointers, and a repeated field is an array of them. */
static const void *pointer(
	const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, size_t index)
{
	assert(field->type == PROTOBUF_C_TYPE_STRING || field->type == PROTOBUF_C_TYPE_MESSAGE);
	const void *const *at = member(message, field);
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return ((const void *const *)*at)[index];
	return *at;
}

const char *fields_text(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, size_t index)
{
	return pointer(message, field, index);
}

const ProtobufCMessage *fields_message(
	const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, size_t index)
{
	return pointer(message, field, index);
}

const ProtobufCMessageDescriptor *fields_type(const ProtobufCFieldDescriptor *field)
{
	assert(field->type == PROTOBUF_C_TYPE_MESSAGE);
	return field->descriptor;
}

double fields_number(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	const void *at = member(message, field);
	switch (field->type) {
	case PROTOBUF_C_TYPE_DOUBLE: return *(const double *)at;
	case PROTOBUF_C_TYPE_INT64: return (double)*(const int64_t *)at;
	case PROTOBUF_C_TYPE_INT32: return *(const int32_t *)at;
	default: assert(false && "a number of another type"); return 0;
	}
}

bool fields_true(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	assert(field->type == PROTOBUF_C_TYPE_BOOL);
	return fields_count(message, field) && *(const protobuf_c_boolean *)member(message, field);
}

static bool message_blank(const ProtobufCMessage *message, bool zero_blank)
{
	if (!message)
		return true;
	for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
		if (field->type != PROTOBUF_C_TYPE_BOOL && !fields_blank(message, field, zero_blank))
			return false;
	}
	return true;
}

static bool value_blank(
	const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, size_t index, bool zero_blank)
{
	if (field->type == PROTOBUF_C_TYPE_STRING)
		return model_blank(fields_text(message, field, index));
	if (field->type == PROTOBUF_C_TYPE_MESSAGE)
		return message_blank(fields_message(message, field, index), zero_blank);
	return zero_blank && fields_number(message, field) == 0;
}

bool fields_blank(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, bool zero_blank)
{
	size_t count = message ? fields_count(message, field) : 0;
	for (size_t i = 0; i < count; i++) {
		if (!value_blank(message, field, i, zero_blank))
			return false;
	}
	return true;
}
