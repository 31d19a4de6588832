/* Questions to protobuf-c's descriptors. */
#include "codec/shape.h"

#include <ctype.h>
#include <string.h>

struct shape_range shape_range(ProtobufCType type)
{
	switch (type) {
	case PROTOBUF_C_TYPE_INT32:
	case PROTOBUF_C_TYPE_SINT32:
	case PROTOBUF_C_TYPE_SFIXED32: return (struct shape_range){32, INT32_MIN, INT32_MAX};
	case PROTOBUF_C_TYPE_INT64:
	case PROTOBUF_C_TYPE_SINT64:
	case PROTOBUF_C_TYPE_SFIXED64: return (struct shape_range){64, INT64_MIN, INT64_MAX};
	case PROTOBUF_C_TYPE_UINT32:
	case PROTOBUF_C_TYPE_FIXED32: return (struct shape_range){32, 0, UINT32_MAX};
	case PROTOBUF_C_TYPE_UINT64:
	case PROTOBUF_C_TYPE_FIXED64: return (struct shape_range){64, 0, INT64_MAX};
	default: return (struct shape_range){0};
	}
}

size_t shape_size(ProtobufCType type)
{
	switch (type) {
	case PROTOBUF_C_TYPE_BOOL: return sizeof(protobuf_c_boolean);
	case PROTOBUF_C_TYPE_ENUM: return sizeof(int);
	case PROTOBUF_C_TYPE_FLOAT: return sizeof(float);
	case PROTOBUF_C_TYPE_DOUBLE: return sizeof(double);
	case PROTOBUF_C_TYPE_STRING: return sizeof(char *);
	case PROTOBUF_C_TYPE_MESSAGE: return sizeof(ProtobufCMessage *);
	case PROTOBUF_C_TYPE_BYTES: return sizeof(ProtobufCBinaryData);
	default: return (size_t)shape_range(type).bits / 8;
	}
}

/* Does "LabelsEntry" belong to "labels"? */
static bool entry_name_fits(const char *entry, const char *field)
{
	bool upper = true;
	for (; *field; field++) {
		if (*field == '_') {
			upper = true;
			continue;
		}
		if (*entry++ != (upper ? (char)toupper((unsigned char)*field) : *field))
			return false;
		upper = false;
	}
	return strcmp(entry, "Entry") == 0;
}

bool shape_is_map(const ProtobufCFieldDescriptor *field)
{
	if (field->label != PROTOBUF_C_LABEL_REPEATED || field->type != PROTOBUF_C_TYPE_MESSAGE)
		return false;
	const ProtobufCMessageDescriptor *entry = field->descriptor;
	const char *dot = strrchr(entry->name, '.');
	return entry->n_fields == 2 && strcmp(entry->fields[0].name, "key") == 0 &&
	       strcmp(entry->fields[1].name, "value") == 0 &&
	       entry->fields[0].type == PROTOBUF_C_TYPE_STRING &&
	       entry_name_fits(dot ? dot + 1 : entry->name, field->name);
}

enum shape_known shape_known(const ProtobufCMessageDescriptor *type)
{
	if (strcmp(type->name, "google.protobuf.Timestamp") == 0)
		return SHAPE_TIME;
	return strcmp(type->name, "google.protobuf.Duration") == 0 ? SHAPE_DURATION : SHAPE_ORDINARY;
}

static void *moment_part(const ProtobufCMessage *message, const char *name)
{
	return shape_at(
		message, protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name)->offset);
}

struct moment shape_get_moment(const ProtobufCMessage *message)
{
	struct moment moment;
	memcpy(&moment.seconds, moment_part(message, "seconds"), sizeof(moment.seconds));
	memcpy(&moment.nanos, moment_part(message, "nanos"), sizeof(moment.nanos));
	return moment;
}

void shape_set_moment(ProtobufCMessage *message, const struct moment *moment)
{
	memcpy(moment_part(message, "seconds"), &moment->seconds, sizeof(moment->seconds));
	memcpy(moment_part(message, "nanos"), &moment->nanos, sizeof(moment->nanos));
}
