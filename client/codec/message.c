/*
 * Nodes to messages: one walk over protobuf-c's descriptors for every message
 * there is and will be. Judges types and ranges, not meaning.
 */
#include "codec/codec.h"

#include <float.h>
#include <math.h>

#include "codec/base64.h"
#include "codec/moment.h"
#include "codec/number.h"
#include "codec/shape.h"

struct filling {
	struct arena *arena;
	const char *file;
	const char *root; /* path of the outermost mapping */
	struct fault *fault;
};

/* A step of the path from the outermost mapping to here; lives on the stack. */
struct step {
	const struct step *parent; /* NULL: the root stands before it */
	const char *name;          /* NULL: an index */
	size_t index;
};

static ProtobufCMessage *fill(struct filling *filling, const struct step *step, const struct codec_node *node,
	const ProtobufCMessageDescriptor *type);

static void print_path(struct buffer *out, const struct filling *filling, const struct step *step)
{
	if (!step) {
		buffer_text(out, filling->root);
		return;
	}
	print_path(out, filling, step->parent);
	if (step->name)
		buffer_print(out, "%s%.100s", out->size ? "." : "", step->name);
	else
		buffer_print(out, "[%zu]", step->index);
}

/* The place of a node, its path made in the arena. */
static struct codec_place place_of(
	struct filling *filling, const struct step *step, const struct codec_node *node)
{
	struct buffer path = {0};
	print_path(&path, filling, step);
	struct codec_place place = {
		filling->file, arena_text(filling->arena, buffer_string(&path)), node->line, node->column};
	buffer_done(&path);
	return place;
}

static bool refuse(struct filling *filling, const struct step *step, const struct codec_node *node,
	const char *reason, const char *text)
{
	const struct codec_place place = place_of(filling, step, node);
	codec_refuse(filling->fault, reason, &place, "%s", text);
	return false;
}

/* Says what was expected and what is there instead. */
static bool refuse_type(
	struct filling *filling, const struct step *step, const struct codec_node *node, const char *wanted)
{
	const char *text;
	switch (node->type) {
	case CODEC_NULL: text = arena_print(filling->arena, "nothing is here; %s is expected", wanted); break;
	case CODEC_SEQUENCE:
		text = arena_print(filling->arena, "this is a list; %s is expected", wanted);
		break;
	case CODEC_MAPPING:
		text = arena_print(filling->arena, "this is a mapping; %s is expected", wanted);
		break;
	default: text = arena_print(filling->arena, "\"%.100s\" is not %s", node->text, wanted); break;
	}
	return refuse(filling, step, node, "WRONG_TYPE", text);
}

/* A scalar that is not in quotes, where only text may be quoted. */
static bool bare(
	struct filling *filling, const struct step *step, const struct codec_node *node, const char *wanted)
{
	if (node->type != CODEC_SCALAR)
		return refuse_type(filling, step, node, wanted);
	if (!node->quoted)
		return true;
	return refuse(filling, step, node, "WRONG_TYPE",
		arena_print(filling->arena,
			"\"%.100s\" is text, because of its quotes; %s stands without them", node->text,
			wanted));
}

static bool refuse_number(struct filling *filling, const struct step *step, const struct codec_node *node,
	enum number_result result, const char *wanted)
{
	switch (result) {
	case NUMBER_NOT_FINITE:
		return refuse(filling, step, node, "OUT_OF_RANGE",
			arena_print(filling->arena, "%.100s is not a finite number", node->text));
	case NUMBER_NOT_WHOLE:
		return refuse(filling, step, node, "WRONG_TYPE",
			arena_print(filling->arena, "%.100s has a fraction; a whole number is expected",
				node->text));
	case NUMBER_TOO_LARGE:
		return refuse(filling, step, node, "OUT_OF_RANGE",
			arena_print(filling->arena, "%.100s is too large for a 64-bit number", node->text));
	default: return refuse_type(filling, step, node, wanted);
	}
}

static bool put_integer(struct filling *filling, const struct step *step, const struct codec_node *node,
	const struct shape_range *range, void *to)
{
	static const char wanted[] = "a whole number";
	if (!bare(filling, step, node, wanted))
		return false;
	int64_t value = 0;
	enum number_result result = number_integer(node->text, &value);
	if (result != NUMBER_OK)
		return refuse_number(filling, step, node, result, wanted);
	if (value < range->min || value > range->max)
		return refuse(filling, step, node, "OUT_OF_RANGE",
			arena_print(filling->arena, "%s is out of range: %lld to %lld", node->text,
				(long long)range->min, (long long)range->max));
	if (range->bits == 32) {
		uint32_t narrow = (uint32_t)value;
		memcpy(to, &narrow, sizeof(narrow));
	} else {
		memcpy(to, &value, sizeof(value));
	}
	return true;
}

static bool put_real(struct filling *filling, const struct step *step, const struct codec_node *node,
	ProtobufCType type, void *to)
{
	static const char wanted[] = "a number";
	if (!bare(filling, step, node, wanted))
		return false;
	double value = 0;
	enum number_result result = number_double(node->text, &value);
	if (result == NUMBER_OK && type == PROTOBUF_C_TYPE_FLOAT && fabs(value) > (double)FLT_MAX)
		result = NUMBER_NOT_FINITE;
	if (result != NUMBER_OK)
		return refuse_number(filling, step, node, result, wanted);
	if (type == PROTOBUF_C_TYPE_FLOAT)
		*(float *)to = (float)value;
	else
		*(double *)to = value;
	return true;
}

static bool put_boolean(
	struct filling *filling, const struct step *step, const struct codec_node *node, void *to)
{
	static const char wanted[] = "true or false";
	if (!bare(filling, step, node, wanted))
		return false;
	const bool yes = strcmp(node->text, "true") == 0;
	if (!yes && strcmp(node->text, "false") != 0)
		return refuse_type(filling, step, node, wanted);
	*(protobuf_c_boolean *)to = yes;
	return true;
}

static bool put_enum(struct filling *filling, const struct step *step, const struct codec_node *node,
	const ProtobufCEnumDescriptor *type, void *to)
{
	if (node->type != CODEC_SCALAR)
		return refuse_type(filling, step, node, "one of its names");
	const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value_by_name(type, node->text);
	if (value) {
		*(int *)to = value->value;
		return true;
	}
	const char **names = arena_array(filling->arena, type->n_value_names, sizeof(*names));
	for (unsigned i = 0; i < type->n_value_names; i++)
		names[i] = type->values_by_name[i].name;
	const struct codec_place place = place_of(filling, step, node);
	codec_refuse_name(
		filling->fault, "UNKNOWN_VALUE", &place, "value", node->text, names, type->n_value_names);
	return false;
}

static bool put_text(
	struct filling *filling, const struct step *step, const struct codec_node *node, void *to)
{
	if (node->type != CODEC_SCALAR)
		return refuse_type(filling, step, node, "text");
	*(char **)to = arena_copy(filling->arena, node->text, node->text_size);
	return true;
}

/* Bytes are base64 in text, as in the JSON form of protobuf. */
static bool put_bytes(
	struct filling *filling, const struct step *step, const struct codec_node *node, void *to)
{
	ProtobufCBinaryData *bytes = to;
	if (node->type == CODEC_SCALAR) {
		bytes->data = arena_alloc(filling->arena, strlen(node->text) + 1);
		if (base64_read(node->text, bytes->data, &bytes->len))
			return true;
	}
	return refuse_type(filling, step, node, "base64 text");
}

static ProtobufCMessage *new_message(struct filling *filling, const ProtobufCMessageDescriptor *type)
{
	ProtobufCMessage *message = arena_alloc(filling->arena, type->sizeof_message);
	protobuf_c_message_init(type, message);
	return message;
}

static ProtobufCMessage *read_moment(struct filling *filling, const struct step *step,
	const struct codec_node *node, const ProtobufCMessageDescriptor *type)
{
	const bool time = shape_known(type) == SHAPE_TIME;
	struct moment moment;
	if (node->type != CODEC_SCALAR ||
		!(time ? moment_read_time : moment_read_duration)(node->text, &moment)) {
		refuse_type(filling, step, node,
			time ? "a time like 2026-11-23T04:45:00Z or a date like 2026-11-23"
			     : "a duration like 10s, 90m, 36h or 14d");
		return NULL;
	}
	ProtobufCMessage *message = new_message(filling, type);
	shape_set_moment(message, &moment);
	return message;
}

static bool put_message(struct filling *filling, const struct step *step, const struct codec_node *node,
	const ProtobufCMessageDescriptor *type, void *to)
{
	ProtobufCMessage *message = shape_known(type) == SHAPE_ORDINARY
					    ? fill(filling, step, node, type)
					    : read_moment(filling, step, node, type);
	*(ProtobufCMessage **)to = message;
	return message != NULL;
}

/* Puts one value where a message or a repeated field's array has it. */
static bool put(struct filling *filling, const struct step *step, const struct codec_node *node,
	const ProtobufCFieldDescriptor *field, void *to)
{
	const struct shape_range range = shape_range(field->type);
	if (range.bits)
		return put_integer(filling, step, node, &range, to);
	switch (field->type) {
	case PROTOBUF_C_TYPE_BOOL: return put_boolean(filling, step, node, to);
	case PROTOBUF_C_TYPE_ENUM: return put_enum(filling, step, node, field->descriptor, to);
	case PROTOBUF_C_TYPE_FLOAT:
	case PROTOBUF_C_TYPE_DOUBLE: return put_real(filling, step, node, field->type, to);
	case PROTOBUF_C_TYPE_STRING: return put_text(filling, step, node, to);
	case PROTOBUF_C_TYPE_MESSAGE: return put_message(filling, step, node, field->descriptor, to);
	default: return put_bytes(filling, step, node, to);
	}
}

static bool put_list(struct filling *filling, const struct step *step, const struct codec_node *node,
	const ProtobufCFieldDescriptor *field, ProtobufCMessage *message)
{
	if (node->type != CODEC_SEQUENCE)
		return refuse_type(filling, step, node, "a list");
	if (node->count == 0)
		return true;
	char *values = arena_array(filling->arena, node->count, shape_size(field->type));
	for (size_t i = 0; i < node->count; i++) {
		const struct step item = {step, NULL, i};
		if (!put(filling, &item, node->items[i], field, values + i * shape_size(field->type)))
			return false;
	}
	*(size_t *)shape_at(message, field->quantifier_offset) = node->count;
	*(void **)shape_at(message, field->offset) = values;
	return true;
}

static bool put_map(struct filling *filling, const struct step *step, const struct codec_node *node,
	const ProtobufCFieldDescriptor *field, ProtobufCMessage *message)
{
	if (node->type != CODEC_MAPPING)
		return refuse_type(filling, step, node, "a mapping");
	const ProtobufCMessageDescriptor *type = field->descriptor;
	ProtobufCMessage **entries = arena_array(filling->arena, node->count, sizeof(*entries));
	for (size_t i = 0; i < node->count; i++) {
		const struct step item = {step, node->keys[i]->text, 0};
		entries[i] = new_message(filling, type);
		*(char **)shape_at(entries[i], type->fields[0].offset) =
			arena_copy(filling->arena, node->keys[i]->text, node->keys[i]->text_size);
		if (!put(filling, &item, node->items[i], &type->fields[1],
			    shape_at(entries[i], type->fields[1].offset)))
			return false;
	}
	*(size_t *)shape_at(message, field->quantifier_offset) = node->count;
	*(void **)shape_at(message, field->offset) = entries;
	return true;
}

/* Notes the presence of an optional field; of a oneof's fields only one may be given. */
static bool mark_present(struct filling *filling, const struct step *step, const struct codec_node *node,
	const ProtobufCFieldDescriptor *field, ProtobufCMessage *message)
{
	if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
		uint32_t *chosen = shape_at(message, field->quantifier_offset);
		if (*chosen)
			return refuse(filling, step, node, "CONTRADICTION",
				arena_print(filling->arena, "%s is given already; only one of the two may be",
					protobuf_c_message_descriptor_get_field(message->descriptor, *chosen)
						->name));
		*chosen = field->id;
	} else if (field->label == PROTOBUF_C_LABEL_OPTIONAL && field->type != PROTOBUF_C_TYPE_STRING &&
		   field->type != PROTOBUF_C_TYPE_MESSAGE) {
		*(protobuf_c_boolean *)shape_at(message, field->quantifier_offset) = true;
	}
	return true;
}

static bool put_field(struct filling *filling, const struct step *step, const struct codec_node *node,
	const ProtobufCFieldDescriptor *field, ProtobufCMessage *message)
{
	if (node->type == CODEC_NULL)
		return true;
	if (shape_is_map(field))
		return put_map(filling, step, node, field, message);
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		return put_list(filling, step, node, field, message);
	return mark_present(filling, step, node, field, message) &&
	       put(filling, step, node, field, shape_at(message, field->offset));
}

static bool refuse_unknown(struct filling *filling, const struct step *parent, const struct codec_node *key,
	const ProtobufCMessageDescriptor *type)
{
	const char **names = arena_array(filling->arena, type->n_fields, sizeof(*names));
	for (unsigned i = 0; i < type->n_fields; i++)
		names[i] = type->fields[i].name;
	const struct step step = {parent, key->text, 0};
	const struct codec_place place = place_of(filling, &step, key);
	codec_refuse_name(filling->fault, "UNKNOWN_FIELD", &place, "field", key->text, names, type->n_fields);
	return false;
}

static ProtobufCMessage *fill(struct filling *filling, const struct step *step, const struct codec_node *node,
	const ProtobufCMessageDescriptor *type)
{
	if (node->type != CODEC_MAPPING) {
		refuse_type(filling, step, node, "a mapping");
		return NULL;
	}
	ProtobufCMessage *message = new_message(filling, type);
	for (size_t i = 0; i < node->count; i++) {
		const struct codec_node *key = node->keys[i];
		const ProtobufCFieldDescriptor *field =
			protobuf_c_message_descriptor_get_field_by_name(type, key->text);
		const struct step inner = {step, key->text, 0};
		if (!(field ? put_field(filling, &inner, node->items[i], field, message)
			    : refuse_unknown(filling, step, key, type)))
			return NULL;
	}
	return message;
}

ProtobufCMessage *codec_message(struct arena *arena, const char *file, const char *path,
	const struct codec_node *node, const ProtobufCMessageDescriptor *type, struct fault *fault)
{
	struct filling filling = {arena, file, path, fault};
	return fill(&filling, NULL, node, type);
}
