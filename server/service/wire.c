/*
 * Walks a message's bytes with its descriptor. It looks at form only: what
 * the values mean is for each method to judge.
 */
#include "service/wire.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdint.h>

#include "base/buffer.h"
#include "base/utf8.h"

enum {
	FIELDS_MAX = 64,      /* in one message type */
	TAG_BYTES_MAX = 5,    /* protobuf-c reads no longer tags ... */
	LENGTH_BYTES_MAX = 5, /* ... and lengths */
	VARINT_BYTES_MAX = 10,
	VALUE_COST = 48,      /* what protobuf-c notes of each value while it unpacks */
	ALLOCATION_COST = 16, /* at most, of rounding one piece up */
};

/* Where the walk is: one for each level, on the stack. */
struct place {
	const struct place *parent;
	const ProtobufCFieldDescriptor *field; /* NULL: the outermost message */
	uint32_t index;                        /* of a repeated field */
};

struct walk {
	const uint8_t *start;
	size_t values;
	uint64_t memory;
	uint64_t memory_max;
	struct fault *fault;
};

struct reader {
	const uint8_t *at;
	const uint8_t *end;
};

/* ---- saying what is wrong ---- */

static void path_print(struct buffer *path, const struct place *place)
{
	if (!place || !place->field)
		return;
	path_print(path, place->parent);
	buffer_print(path, "%s%s", path->size > 0 ? "." : "", place->field->name);
	if (place->field->label == PROTOBUF_C_LABEL_REPEATED)
		buffer_print(path, "[%" PRIu32 "]", place->index);
}

static bool refuse(struct walk *walk, const struct place *place, const uint8_t *at, const char *reason,
	const char *format, ...) __attribute__((format(printf, 5, 6)));

static bool refuse(struct walk *walk, const struct place *place, const uint8_t *at, const char *reason,
	const char *format, ...)
{
	struct buffer path = {0};
	struct buffer text = {0};
	path_print(&path, place);
	va_list arguments;
	va_start(arguments, format);
	buffer_vprint(&text, format, arguments);
	va_end(arguments);
	fault_field(walk->fault, reason, buffer_string(&path), "%s", buffer_string(&text));
	if (path.size == 0)
		fault_set(walk->fault, FAULT_INVALID, reason, "The message %s.", buffer_string(&text));
	fault_add(walk->fault, "offset", "%td", at - walk->start);
	buffer_done(&path);
	buffer_done(&text);
	return false;
}

#define MALFORMED "MALFORMED_MESSAGE"

/* ---- bounds ---- */

static bool spend(struct walk *walk, const struct place *place, const uint8_t *at, uint64_t bytes)
{
	walk->memory += bytes + ALLOCATION_COST;
	if (walk->memory > walk->memory_max)
		return refuse(walk, place, at, "TOO_MANY_VALUES",
			"would take too much memory for its size; send the parts one by one");
	return true;
}

static bool count(struct walk *walk, const struct place *place, const uint8_t *at)
{
	if (++walk->values > WIRE_VALUES_MAX)
		return refuse(
			walk, place, at, "TOO_MANY_VALUES", "has more than %d values", (int)WIRE_VALUES_MAX);
	return spend(walk, place, at, VALUE_COST);
}

/* ---- the wire format ---- */

/* @return how many bytes the number takes, 0 when it is cut off or longer than max */
static size_t varint(const struct reader *reader, size_t max, uint64_t *value)
{
	uint64_t result = 0;
	if (reader->at < reader->end && *reader->at < 0x80) { /* most are */
		*value = *reader->at;
		return 1;
	}
	for (size_t i = 0; i < max && reader->at + i < reader->end; i++) {
		uint8_t byte = reader->at[i];
		result |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (byte < 0x80) {
			*value = result;
			return i + 1;
		}
	}
	return 0;
}

/* Finds where the value that starts at the reader ends; for length-prefixed ones also where its content
 * starts. */
static bool value_bounds(struct walk *walk, const struct place *place, const struct reader *reader,
	unsigned wire_type, struct reader *content)
{
	uint64_t number = 0;
	size_t left = (size_t)(reader->end - reader->at);
	size_t head = 0;
	size_t size = 0;
	switch (wire_type) {
	case PROTOBUF_C_WIRE_TYPE_VARINT:
		size = varint(reader, VARINT_BYTES_MAX, &number);
		if (size == 0)
			return refuse(walk, place, reader->at, MALFORMED,
				"holds a number that is cut off or too long");
		break;
	case PROTOBUF_C_WIRE_TYPE_64BIT: size = 8; break;
	case PROTOBUF_C_WIRE_TYPE_32BIT: size = 4; break;
	case PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED:
		head = varint(reader, LENGTH_BYTES_MAX, &number);
		if (head == 0 || number > INT32_MAX)
			return refuse(walk, place, reader->at, MALFORMED,
				"has a length that is cut off or too long");
		size = (size_t)number;
		break;
	default:
		return refuse(walk, place, reader->at, MALFORMED,
			"has wire type %u, which proto3 does not use", wire_type);
	}
	if (size > left - head)
		return refuse(
			walk, place, reader->at, MALFORMED, "ends %zu bytes too early", size - (left - head));
	*content = (struct reader){reader->at + head, reader->at + head + size};
	return true;
}

static unsigned wire_type_of(ProtobufCType type)
{
	switch (type) {
	case PROTOBUF_C_TYPE_STRING:
	case PROTOBUF_C_TYPE_BYTES:
	case PROTOBUF_C_TYPE_MESSAGE: return PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
	case PROTOBUF_C_TYPE_SFIXED32:
	case PROTOBUF_C_TYPE_FIXED32:
	case PROTOBUF_C_TYPE_FLOAT: return PROTOBUF_C_WIRE_TYPE_32BIT;
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_FIXED64:
	case PROTOBUF_C_TYPE_DOUBLE: return PROTOBUF_C_WIRE_TYPE_64BIT;
	default: return PROTOBUF_C_WIRE_TYPE_VARINT;
	}
}

/* ---- values ---- */

static bool check_text(struct walk *walk, const struct place *place, const struct reader *text)
{
	size_t size = (size_t)(text->end - text->at);
	size_t bad = utf8_check(text->at, size);
	if (bad < size)
		return refuse(walk, place, text->at + bad, "NOT_UTF8",
			"is not UTF-8 without NUL: byte %zu is 0x%02x", bad, text->at[bad]);
	return spend(walk, place, text->at, size + 1);
}

static bool check_finite(struct walk *walk, const struct place *place, const struct reader *bytes)
{
	double number = 0;
	if (place->field->type == PROTOBUF_C_TYPE_FLOAT) {
		float single = 0;
		memcpy(&single, bytes->at, sizeof(single));
		number = (double)single;
	} else {
		memcpy(&number, bytes->at, sizeof(number));
	}
	if (!isfinite(number))
		return refuse(walk, place, bytes->at, "NOT_FINITE", "must be a finite number, not %s",
			isnan(number) ? "NaN"
			: number < 0  ? "-Infinity"
				      : "Infinity");
	return true;
}

static bool check_enum(struct walk *walk, const struct place *place, const struct reader *bytes)
{
	uint64_t number = 0;
	varint(bytes, VARINT_BYTES_MAX, &number);
	const ProtobufCEnumDescriptor *type = place->field->descriptor;
	int value = (int)(uint32_t)number;
	if (!protobuf_c_enum_descriptor_get_value(type, value))
		return refuse(walk, place, bytes->at, "UNKNOWN_ENUM_VALUE", "%d is not a value of %s", value,
			type->short_name);
	return true;
}

static bool walk_message(struct walk *walk, const ProtobufCMessageDescriptor *type,
	const struct reader *bytes, const struct place *place, int depth);

/* A value that stands alone: not packed with others. */
static bool check_value(struct walk *walk, const struct place *place, const struct reader *content, int depth)
{
	switch (place->field->type) {
	case PROTOBUF_C_TYPE_STRING: return check_text(walk, place, content);
	case PROTOBUF_C_TYPE_BYTES:
		return spend(walk, place, content->at, (uint64_t)(content->end - content->at));
	case PROTOBUF_C_TYPE_MESSAGE:
		return walk_message(walk, place->field->descriptor, content, place, depth + 1);
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE: return check_finite(walk, place, content);
	case PROTOBUF_C_TYPE_ENUM: return check_enum(walk, place, content);
	default: return true;
	}
}

static bool check_packed(struct walk *walk, struct place *place, const struct reader *packed, uint32_t *seen)
{
	unsigned wire_type = wire_type_of(place->field->type);
	for (struct reader rest = *packed; rest.at < rest.end;) {
		struct reader content = {0};
		place->index = (*seen)++;
		if (!count(walk, place, rest.at) || !value_bounds(walk, place, &rest, wire_type, &content) ||
			!check_value(walk, place, &content, 0))
			return false;
		rest.at = content.end;
	}
	return true;
}

/*
 * A known field. `seen` counts its values in this message. A message that
 * comes twice where one belongs is legal protobuf, to be merged; no serializer
 * sends it, and merging in an arena would take memory with the square of it.
 */
static bool check_field(struct walk *walk, struct place *place, const struct reader *content,
	unsigned wire_type, int depth, uint32_t *seen)
{
	const ProtobufCFieldDescriptor *field = place->field;
	unsigned expected = wire_type_of(field->type);
	bool repeated = field->label == PROTOBUF_C_LABEL_REPEATED;
	place->index = *seen;
	if (wire_type != expected) {
		if (repeated && wire_type == PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED)
			return check_packed(walk, place, content, seen);
		return refuse(walk, place, content->at, MALFORMED, "has wire type %u instead of %u",
			wire_type, expected);
	}
	if (*seen > 0 && !repeated && field->type == PROTOBUF_C_TYPE_MESSAGE)
		return refuse(walk, place, content->at, MALFORMED, "is there twice");
	(*seen)++;
	return check_value(walk, place, content, depth);
}

/* @return bytes of the tag, 0 after a refusal */
static size_t read_tag(struct walk *walk, const struct place *place, const struct reader *rest,
	uint32_t *number, unsigned *wire_type)
{
	uint64_t tag = 0;
	size_t size = varint(rest, TAG_BYTES_MAX, &tag);
	if (size == 0 || tag > UINT32_MAX || tag >> 3 == 0) {
		refuse(walk, place, rest->at, MALFORMED, "holds a field tag that is cut off or out of range");
		return 0;
	}
	*number = (uint32_t)(tag >> 3);
	*wire_type = (unsigned)(tag & 7);
	return size;
}

/* Fields come in order, mostly: the one that was last or its successor is tried first. @return NULL: unknown
 */
static const ProtobufCFieldDescriptor *find_field(
	const ProtobufCMessageDescriptor *type, const ProtobufCFieldDescriptor *last, uint32_t number)
{
	const ProtobufCFieldDescriptor *end = type->fields + type->n_fields;
	const ProtobufCFieldDescriptor *next = last ? last : type->fields;
	for (int tries = 2; tries > 0 && next < end; tries--, next++)
		if (next->id == number)
			return next;
	return protobuf_c_message_descriptor_get_field(type, number);
}

static bool walk_message(struct walk *walk, const ProtobufCMessageDescriptor *type,
	const struct reader *bytes, const struct place *place, int depth)
{
	const ProtobufCFieldDescriptor *last = NULL;
	uint32_t seen[FIELDS_MAX];
	assert(type->n_fields <= FIELDS_MAX);
	memset(seen, 0, type->n_fields * sizeof(seen[0]));
	if (depth > WIRE_DEPTH_MAX)
		return refuse(walk, place, bytes->at, "TOO_DEEP", "is nested deeper than %d messages",
			(int)WIRE_DEPTH_MAX);
	if (!spend(walk, place, bytes->at, type->sizeof_message + sizeof(void *)))
		return false;
	for (struct reader rest = *bytes; rest.at < rest.end;) {
		uint32_t number = 0;
		unsigned wire_type = 0;
		size_t tag_size = read_tag(walk, place, &rest, &number, &wire_type);
		if (tag_size == 0)
			return false;
		const ProtobufCFieldDescriptor *field = find_field(type, last, number);
		last = field ? field : last;
		size_t at = field ? (size_t)(field - type->fields) : 0;
		struct place here = {.parent = place, .field = field, .index = field ? seen[at] : 0};
		struct reader content = {0};
		rest.at += tag_size;
		if (!count(walk, field ? &here : place, rest.at) ||
			!value_bounds(walk, field ? &here : place, &rest, wire_type, &content))
			return false;
		if (field && !check_field(walk, &here, &content, wire_type, depth, &seen[at]))
			return false;
		/* protobuf-c keeps a copy of what it does not know. */
		if (!field && !spend(walk, place, content.at,
				      (uint64_t)(content.end - rest.at) + sizeof(void *) * 4))
			return false;
		rest.at = content.end;
	}
	return true;
}

bool wire_check(const ProtobufCMessageDescriptor *type, const void *bytes, size_t size, struct fault *fault)
{
	struct reader reader = {bytes, (const uint8_t *)bytes + size};
	struct walk walk = {
		.start = bytes,
		.memory_max = WIRE_MEMORY_START + (uint64_t)size * WIRE_MEMORY_FACTOR,
		.fault = fault,
	};
	struct place outermost = {0};
	if (size == 0)
		return true;
	return walk_message(&walk, type, &reader, &outermost, 1);
}
