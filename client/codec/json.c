/* Messages to JSON, by the same descriptors. */
#include "codec/codec.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "codec/base64.h"
#include "codec/shape.h"

static json_t *value_json(const ProtobufCFieldDescriptor *field, const void *at);

/* Text of a peer may be anything; JSON holds only UTF-8. */
static json_t *text_json(const char *text)
{
	if (!text)
		text = "";
	json_t *json = json_string(text);
	if (json)
		return json;
	struct buffer clean = {0};
	size_t left = strlen(text);
	while (left) {
		size_t good = utf8_check(text, left);
		buffer_add(&clean, text, good);
		if (good == left)
			break;
		buffer_text(&clean, "\xef\xbf\xbd");
		text += good + 1;
		left -= good + 1;
	}
	json = json_string(buffer_string(&clean));
	buffer_done(&clean);
	return json;
}

static json_t *enum_json(const ProtobufCEnumDescriptor *type, int number)
{
	const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(type, number);
	return value ? json_string(value->name) : json_integer(number);
}

static json_t *bytes_json(const ProtobufCBinaryData *bytes)
{
	char *text = base64_text(bytes->data, bytes->len);
	json_t *json = json_string(text);
	free(text);
	return json;
}

static json_t *message_json(const ProtobufCMessage *message)
{
	char text[MOMENT_TEXT_SIZE];
	enum shape_known known = shape_known(message->descriptor);
	if (known != SHAPE_ORDINARY) {
		const struct moment moment = shape_get_moment(message);
		if (known == SHAPE_TIME ? moment_write_time(&moment, text)
					: moment_write_duration(&moment, text))
			return json_string(text);
	}
	return codec_json(message);
}

static json_t *integer_json(const ProtobufCFieldDescriptor *field, const void *at)
{
	const struct shape_range range = shape_range(field->type);
	if (range.bits == 64)
		return json_integer(*(const int64_t *)at);
	return range.min < 0 ? json_integer(*(const int32_t *)at) : json_integer(*(const uint32_t *)at);
}

static json_t *value_json(const ProtobufCFieldDescriptor *field, const void *at)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_BOOL: return json_boolean(*(const protobuf_c_boolean *)at);
	case PROTOBUF_C_TYPE_ENUM: return enum_json(field->descriptor, *(const int *)at);
	case PROTOBUF_C_TYPE_FLOAT: return json_real((double)*(const float *)at);
	case PROTOBUF_C_TYPE_DOUBLE: return json_real(*(const double *)at);
	case PROTOBUF_C_TYPE_STRING: return text_json(*(char *const *)at);
	case PROTOBUF_C_TYPE_MESSAGE: return message_json(*(ProtobufCMessage *const *)at);
	case PROTOBUF_C_TYPE_BYTES: return bytes_json(at);
	default: return integer_json(field, at);
	}
}

static json_t *list_json(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	const size_t count = *(size_t *)shape_at(message, field->quantifier_offset);
	if (count == 0)
		return NULL;
	const char *values = *(char **)shape_at(message, field->offset);
	json_t *list = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, value_json(field, values + i * shape_size(field->type)));
	return list;
}

static json_t *map_json(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	const size_t count = *(size_t *)shape_at(message, field->quantifier_offset);
	if (count == 0)
		return NULL;
	const ProtobufCMessageDescriptor *type = field->descriptor;
	ProtobufCMessage **entries = *(ProtobufCMessage ***)shape_at(message, field->offset);
	json_t *object = json_object();
	for (size_t i = 0; i < count; i++) {
		json_t *key = text_json(*(char **)shape_at(entries[i], type->fields[0].offset));
		json_object_set_new(object, json_string_value(key),
			value_json(&type->fields[1], shape_at(entries[i], type->fields[1].offset)));
		json_decref(key);
	}
	return object;
}

/* Is a field without presence of its own at its default, so not there? */
static bool is_default(const ProtobufCFieldDescriptor *field, const void *at)
{
	static const char zero[sizeof(int64_t)];
	if (field->type == PROTOBUF_C_TYPE_STRING) {
		const char *text = *(char *const *)at;
		return !text || !text[0];
	}
	if (field->type == PROTOBUF_C_TYPE_MESSAGE)
		return !*(ProtobufCMessage *const *)at;
	if (field->type == PROTOBUF_C_TYPE_BYTES)
		return ((const ProtobufCBinaryData *)at)->len == 0;
	return memcmp(at, zero, shape_size(field->type)) == 0;
}

static json_t *field_json(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	if (shape_is_map(field))
		return map_json(message, field);
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return list_json(message, field);
	const void *at = shape_at(message, field->offset);
	if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
		return *(uint32_t *)shape_at(message, field->quantifier_offset) == field->id
			       ? value_json(field, at)
			       : NULL;
	return is_default(field, at) ? NULL : value_json(field, at);
}

json_t *codec_json(const ProtobufCMessage *message)
{
	json_t *object = json_object();
	for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
		json_t *value = field_json(message, field);
		if (value)
			json_object_set_new(object, field->name, value);
	}
	return object;
}
