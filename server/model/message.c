/* protobuf-c's allocator on an arena, and copying and comparing, which protobuf-c has not. */
#include "model/message.h"

#include <assert.h>
#include <string.h>

static void *allocate(void *arena, size_t size)
{
	return arena_raw(arena, size); /* as malloc() would give it */
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
	uint8_t *bytes = arena_raw(arena, *size);
	protobuf_c_message_pack(message, bytes);
	return bytes;
}

/* ---- copying ---- */

static ProtobufCBinaryData copy_bytes(struct arena *arena, const ProtobufCBinaryData *bytes)
{
	return (ProtobufCBinaryData){
		bytes->len, bytes->data ? arena_copy(arena, bytes->data, bytes->len) : NULL};
}

/* Makes a value that was copied flat stand on its own. */
static void own_value(struct arena *arena, const ProtobufCFieldDescriptor *field, void *value)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_STRING:
		/* The text of an absent one is shared by all messages. */
		if (*(char **)value && *(char **)value != field->default_value)
			*(char **)value = arena_text(arena, *(char **)value);
		return;
	case PROTOBUF_C_TYPE_BYTES: *(ProtobufCBinaryData *)value = copy_bytes(arena, value); return;
	case PROTOBUF_C_TYPE_MESSAGE:
		if (*(void **)value)
			*(void **)value = model_message_copy(arena, *(void **)value);
		return;
	default: return;
	}
}

static size_t value_size(ProtobufCType type)
{
	static const size_t sizes[] = {
		[PROTOBUF_C_TYPE_INT32] = 4,
		[PROTOBUF_C_TYPE_SINT32] = 4,
		[PROTOBUF_C_TYPE_SFIXED32] = 4,
		[PROTOBUF_C_TYPE_INT64] = 8,
		[PROTOBUF_C_TYPE_SINT64] = 8,
		[PROTOBUF_C_TYPE_SFIXED64] = 8,
		[PROTOBUF_C_TYPE_UINT32] = 4,
		[PROTOBUF_C_TYPE_FIXED32] = 4,
		[PROTOBUF_C_TYPE_UINT64] = 8,
		[PROTOBUF_C_TYPE_FIXED64] = 8,
		[PROTOBUF_C_TYPE_FLOAT] = 4,
		[PROTOBUF_C_TYPE_DOUBLE] = 8,
		[PROTOBUF_C_TYPE_BOOL] = sizeof(protobuf_c_boolean),
		[PROTOBUF_C_TYPE_ENUM] = 4,
		[PROTOBUF_C_TYPE_STRING] = sizeof(char *),
		[PROTOBUF_C_TYPE_BYTES] = sizeof(ProtobufCBinaryData),
		[PROTOBUF_C_TYPE_MESSAGE] = sizeof(void *),
	};
	assert(type < sizeof(sizes) / sizeof(sizes[0]) && sizes[type]);
	return sizes[type];
}

static void own_list(struct arena *arena, const ProtobufCFieldDescriptor *field, void *list, size_t count)
{
	size_t size = value_size(field->type);
	if (count == 0) {
		*(void **)list = NULL;
		return;
	}
	char *values = arena_copy(arena, *(void **)list, count * size);
	*(void **)list = values;
	for (size_t i = 0; i < count; i++)
		own_value(arena, field, values + i * size);
}

static void own_field(struct arena *arena, const ProtobufCFieldDescriptor *field, void *message)
{
	void *value = (char *)message + field->offset;
	const void *quantifier = (char *)message + field->quantifier_offset;
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		own_list(arena, field, value, *(const size_t *)quantifier);
	else if (!(field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) || *(const uint32_t *)quantifier == field->id)
		own_value(arena, field, value);
}

void *model_message_copy(struct arena *arena, const void *message)
{
	const ProtobufCMessageDescriptor *type = ((const ProtobufCMessage *)message)->descriptor;
	ProtobufCMessage *copy = arena_copy(arena, message, type->sizeof_message);
	for (unsigned i = 0; i < type->n_fields; i++)
		own_field(arena, &type->fields[i], copy);
	if (copy->n_unknown_fields)
		copy->unknown_fields = arena_copy(
			arena, copy->unknown_fields, copy->n_unknown_fields * sizeof(*copy->unknown_fields));
	for (unsigned i = 0; i < copy->n_unknown_fields; i++)
		copy->unknown_fields[i].data =
			arena_copy(arena, copy->unknown_fields[i].data, copy->unknown_fields[i].len);
	return copy;
}

/* ---- comparing ---- */

static bool same_bytes(const void *a, size_t a_size, const void *b, size_t b_size)
{
	return a_size == b_size && (a_size == 0 || memcmp(a, b, a_size) == 0);
}

static bool same_value(ProtobufCType type, const void *a, const void *b)
{
	if (type == PROTOBUF_C_TYPE_STRING) {
		const char *left = *(const char *const *)a, *right = *(const char *const *)b;
		return left == right || strcmp(left, right) == 0;
	}
	if (type == PROTOBUF_C_TYPE_BYTES) {
		const ProtobufCBinaryData *left = a, *right = b;
		return same_bytes(left->data, left->len, right->data, right->len);
	}
	if (type == PROTOBUF_C_TYPE_MESSAGE)
		return model_message_equal(*(const void *const *)a, *(const void *const *)b);
	return memcmp(a, b, value_size(type)) == 0;
}

static bool same_list(ProtobufCType type, const char *a, const char *b, size_t count)
{
	size_t size = value_size(type);
	for (size_t i = 0; i < count; i++)
		if (!same_value(type, a + i * size, b + i * size))
			return false;
	return true;
}

bool model_message_field_equal(const void *a, const void *b, const ProtobufCFieldDescriptor *field)
{
	const char *left = (const char *)a + field->offset, *right = (const char *)b + field->offset;
	const void *left_is = (const char *)a + field->quantifier_offset;
	const void *right_is = (const char *)b + field->quantifier_offset;
	if (field->label == PROTOBUF_C_LABEL_REPEATED) {
		size_t count = *(const size_t *)left_is;
		return count == *(const size_t *)right_is &&
		       same_list(field->type, *(const char *const *)(const void *)left,
			       *(const char *const *)(const void *)right, count);
	}
	if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
		bool chosen = *(const uint32_t *)left_is == field->id;
		if (chosen != (*(const uint32_t *)right_is == field->id))
			return false;
		return !chosen || same_value(field->type, left, right);
	}
	return same_value(field->type, left, right);
}

static bool same_unknown(const ProtobufCMessageUnknownField *a, const ProtobufCMessageUnknownField *b)
{
	return a->tag == b->tag && a->wire_type == b->wire_type &&
	       same_bytes(a->data, a->len, b->data, b->len);
}

bool model_message_equal(const void *a, const void *b)
{
	const ProtobufCMessage *left = a, *right = b;
	if (!left || !right)
		return left == right;
	assert(left->descriptor == right->descriptor);
	for (unsigned i = 0; i < left->descriptor->n_fields; i++)
		if (!model_message_field_equal(left, right, &left->descriptor->fields[i]))
			return false;
	if (left->n_unknown_fields != right->n_unknown_fields)
		return false;
	for (unsigned i = 0; i < left->n_unknown_fields; i++)
		if (!same_unknown(&left->unknown_fields[i], &right->unknown_fields[i]))
			return false;
	return true;
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

/* Both parts must be what their messages allow: a fraction of a second is below one. */
static int64_t us_of(int64_t seconds, int32_t nanos)
{
	return seconds * 1000000 + (nanos > 0 ? nanos % 1000000000 / 1000 : 0);
}

int64_t model_time_us(const Google__Protobuf__Timestamp *time)
{
	if (!time)
		return 0;
	if (time->seconds < 0 || (time->seconds == 0 && time->nanos < 1000))
		return 1;
	if (time->seconds > MODEL_TIME_LAST_US / 1000000)
		return MODEL_TIME_LAST_US;
	return us_of(time->seconds, time->nanos);
}

int64_t model_duration_us(const Google__Protobuf__Duration *duration)
{
	const int64_t longest = INT64_C(315576000000); /* seconds: 10,000 years, as durations have at most */
	if (!duration || duration->seconds < 0)
		return 0;
	if (duration->seconds >= longest)
		return longest * 1000000;
	return us_of(duration->seconds, duration->nanos);
}
