/* From JSON to descriptors, by walking protobuf-c's own descriptions. */
#include "load.h"

#include <assert.h>
#include <jansson.h>
#include <stdint.h>

/* ---- what stands for "not given" in the SEI's documents ---- */

static bool zero(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	return !value || (json_is_number(value) && json_number_value(value) == 0);
}

/* A group whose deciding members are all 0 was not filled in; otherwise its 0s are values. */
struct group {
	const char *members[4];
	const char *deciding[3];
};

static const struct group groups[] = {
	{{"gpu", "cpu", "memory", "storage"}, {"cpu", "memory", "storage"}},
	{{"min_value", "max_value"}, {"min_value", "max_value"}},
	{{"min_length", "max_length"}, {"min_length", "max_length"}},
	{{"percentage"}, {"label"}},
};

static bool group_given(const json_t *object, const char *key)
{
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		bool member = false;
		for (size_t j = 0; j < 4 && groups[i].members[j]; j++)
			member = member || strcmp(groups[i].members[j], key) == 0;
		for (size_t j = 0; member && j < 3 && groups[i].deciding[j]; j++) {
			if (!zero(object, groups[i].deciding[j]))
				return true;
		}
	}
	return false;
}

static json_t *without_blanks(const json_t *value);

static json_t *object_without_blanks(const json_t *object)
{
	json_t *copy = json_object();
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		bool blank =
			json_is_number(value) && json_number_value(value) == 0 && !group_given(object, key);
		if (!blank)
			json_object_set_new(copy, key, without_blanks(value));
	}
	return copy;
}

static json_t *without_blanks(const json_t *value)
{
	if (json_is_object(value))
		return object_without_blanks(value);
	if (!json_is_array(value))
		return json_deep_copy(value);
	json_t *copy = json_array();
	for (size_t i = 0; i < json_array_size(value); i++)
		json_array_append_new(copy, without_blanks(json_array_get(value, i)));
	return copy;
}

/* ---- messages ---- */

static void *fill(struct arena *arena, const ProtobufCMessageDescriptor *type, const json_t *object);

static size_t size_of(ProtobufCType type)
{
	switch (type) {
	case PROTOBUF_C_TYPE_INT32: return sizeof(int32_t);
	case PROTOBUF_C_TYPE_BOOL: return sizeof(protobuf_c_boolean);
	case PROTOBUF_C_TYPE_BYTES: return sizeof(ProtobufCBinaryData);
	default: return sizeof(int64_t);
	}
}

static void set(struct arena *arena, const ProtobufCFieldDescriptor *field, void *at, const json_t *value)
{
	switch (field->type) {
	case PROTOBUF_C_TYPE_STRING:
		assert(json_is_string(value));
		*(char **)at = arena_text(arena, json_string_value(value));
		break;
	case PROTOBUF_C_TYPE_MESSAGE: *(void **)at = fill(arena, field->descriptor, value); break;
	case PROTOBUF_C_TYPE_BOOL: *(protobuf_c_boolean *)at = json_is_true(value); break;
	case PROTOBUF_C_TYPE_DOUBLE: *(double *)at = json_number_value(value); break;
	case PROTOBUF_C_TYPE_INT32: *(int32_t *)at = (int32_t)json_number_value(value); break;
	case PROTOBUF_C_TYPE_SFIXED64:
	case PROTOBUF_C_TYPE_INT64: *(int64_t *)at = (int64_t)json_number_value(value); break;
	case PROTOBUF_C_TYPE_BYTES: break; /* no rule reads any */
	default: assert(0 && "a type that the descriptors do not use");
	}
}

static void set_list(
	struct arena *arena, const ProtobufCFieldDescriptor *field, char *message, const json_t *list)
{
	size_t size = size_of(field->type);
	size_t count = json_array_size(list);
	char *values = arena_array(arena, count, size);
	for (size_t i = 0; i < count; i++)
		set(arena, field, values + i * size, json_array_get(list, i));
	*(size_t *)(void *)(message + field->quantifier_offset) = count;
	*(void **)(void *)(message + field->offset) = values;
}

static void set_field(
	struct arena *arena, const ProtobufCFieldDescriptor *field, char *message, const json_t *value)
{
	if (field->label == PROTOBUF_C_LABEL_REPEATED) {
		set_list(arena, field, message, value);
		return;
	}
	if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF)
		*(uint32_t *)(void *)(message + field->quantifier_offset) = field->id;
	set(arena, field, message + field->offset, value);
}

static void *fill(struct arena *arena, const ProtobufCMessageDescriptor *type, const json_t *object)
{
	char *message = arena_alloc(arena, type->sizeof_message);
	protobuf_c_message_init(type, message);
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		const ProtobufCFieldDescriptor *field =
			protobuf_c_message_descriptor_get_field_by_name(type, key);
		if (!field && strcmp(key, "version") != 0) {
			fprintf(stderr, "%s has no field %s\n", type->name, key);
			abort();
		}
		if (field)
			set_field(arena, field, message, value);
	}
	return message;
}

struct model_descriptor *load_descriptor(enum model_kind kind, const char *name, const char *json, bool sei)
{
	json_t *given = json_loads(json, 0, NULL);
	if (!json_is_object(given)) {
		json_decref(given);
		return NULL;
	}
	json_t *object = sei ? without_blanks(given) : json_incref(given);
	struct arena *arena = arena_new();
	Tally__V1__Descriptor message = TALLY__V1__DESCRIPTOR__INIT;
	message.spec_case = (Tally__V1__Descriptor__SpecCase)(kind + 1);
	message.system_context = fill(arena, model_kind_info(kind)->spec, object);
	struct model_version version = {.kind = kind,
		.name = name,
		.version = 1,
		.revision = 1,
		.owner_team = "",
		.author = "",
		.author_team = "",
		.change_note = ""};
	size_t size;
	void *body = model_descriptor_pack(arena, &message, &size, &version.digest);
	struct model_descriptor *descriptor = model_descriptor_new(&version, body, size);
	assert(descriptor);
	arena_free(arena);
	json_decref(object);
	json_decref(given);
	return descriptor;
}

/* ---- systems ---- */

void load_drop(struct loaded *loaded, enum model_kind kind, const char *name)
{
	struct model_descriptor *descriptor = model_system_find(&loaded->system, kind, name);
	size_t at = 0;
	while (at < loaded->system.count && loaded->descriptors[at] != descriptor)
		at++;
	if (at == loaded->system.count)
		return;
	model_descriptor_unref(descriptor);
	loaded->system.count--;
	memmove(loaded->descriptors + at, loaded->descriptors + at + 1,
		(loaded->system.count - at) * sizeof(loaded->descriptors[0]));
}

static bool before(const struct model_version *a, const struct model_version *b)
{
	return a->kind != b->kind ? a->kind < b->kind : strcmp(a->name, b->name) < 0;
}

void load_put(struct loaded *loaded, struct model_descriptor *descriptor)
{
	const struct model_version *version = model_descriptor_version(descriptor);
	loaded->system.id = "test";
	loaded->system.descriptors = loaded->descriptors;
	load_drop(loaded, version->kind, version->name);
	assert(loaded->system.count < LOADED_MAX);
	size_t at = loaded->system.count++;
	while (at > 0 && before(version, model_descriptor_version(loaded->descriptors[at - 1]))) {
		loaded->descriptors[at] = loaded->descriptors[at - 1];
		at--;
	}
	loaded->descriptors[at] = descriptor;
}

void load_text(struct loaded *loaded, enum model_kind kind, const char *name, const char *text)
{
	struct arena *arena = arena_new();
	char *json = arena_text(arena, text);
	for (char *at = json; *at; at++) {
		if (*at == '\'')
			*at = '"';
	}
	struct model_descriptor *descriptor = load_descriptor(kind, name, json, false);
	if (!descriptor) {
		fprintf(stderr, "not JSON: %s\n", json);
		abort();
	}
	load_put(loaded, descriptor);
	arena_free(arena);
}

void load_done(struct loaded *loaded)
{
	for (size_t i = 0; i < loaded->system.count; i++)
		model_descriptor_unref(loaded->descriptors[i]);
	*loaded = (struct loaded){0};
}

char *load_file(const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return NULL;
	fseek(file, 0, SEEK_END);
	size_t size = (size_t)ftell(file);
	rewind(file);
	char *text = calloc(1, size + 1);
	if (!text || fread(text, 1, size, file) != size)
		abort();
	fclose(file);
	return text;
}
