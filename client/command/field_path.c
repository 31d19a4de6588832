/* From a path's words to fields of messages, and to the path that was probably meant. */
#include "command/field_path.h"

#include <string.h>

#include "base/nearest.h"

enum {
	DEPTH_MAX = 8 /* of messages; no kind's go deeper */
};

/* ---- the path that was probably meant ---- */

/* Looks for a field of that name further in. @return arena: its path; NULL */
static const char *deeper(
	struct arena *arena, const ProtobufCMessageDescriptor *type, const char *name, int depth)
{
	for (unsigned i = 0; depth < DEPTH_MAX && i < type->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &type->fields[i];
		if (strcmp(field->name, name) == 0)
			return field->name;
		if (field->type != PROTOBUF_C_TYPE_MESSAGE)
			continue;
		const char *rest = deeper(arena, field->descriptor, name, depth + 1);
		if (rest)
			return arena_print(arena, "%s%s.%s", field->name,
				field->label == PROTOBUF_C_LABEL_REPEATED ? "[]" : "", rest);
	}
	return NULL;
}

static const char *near_field(struct arena *arena, const ProtobufCMessageDescriptor *type, const char *name)
{
	const char **names = arena_array(arena, type->n_fields + 1, sizeof(*names));
	for (unsigned i = 0; i < type->n_fields; i++)
		names[i] = type->fields[i].name;
	const char *exact = deeper(arena, type, name, 0);
	return exact ? exact : nearest_word(name, names, type->n_fields);
}

static void refuse(struct arena *arena, enum model_kind kind, const char *before,
	const ProtobufCMessageDescriptor *type, const char *name, struct fault *fault)
{
	const char *near = type ? near_field(arena, type, name) : NULL;
	const char *dot = *before ? "." : "";
	fault_set(fault, FAULT_INVALID, "FIELD_UNKNOWN", "%s has no field %s%s%s%s%s%s%s%s",
		model_kind_info(kind)->id, before, dot, name, near ? "; did you mean " : "",
		near ? before : "", near ? dot : "", near ? near : "", near ? "?" : "");
}

/* ---- reading ---- */

/* Steps over "[...]" where it is closed. */
static const char *past_index(const char *at)
{
	const char *end = *at == '[' ? strchr(at, ']') : NULL;
	return end ? end + 1 : at;
}

const char *field_path_read(struct arena *arena, enum model_kind kind, const char *path, struct fault *fault)
{
	const ProtobufCMessageDescriptor *type = model_kind_info(kind)->spec;
	const char *read = "";
	bool more = *path;
	while (more) {
		size_t size = strcspn(path, ".[");
		const char *name = arena_copy(arena, path, size);
		const ProtobufCFieldDescriptor *field =
			type ? protobuf_c_message_descriptor_get_field_by_name(type, name) : NULL;
		const char *end = past_index(path + size);
		if (!field || (*end && *end != '.')) {
			refuse(arena, kind, read, type, arena_copy(arena, path, strcspn(path, ".")), fault);
			return NULL;
		}
		more = *end == '.';
		path = end + more;
		bool into = more && field->label == PROTOBUF_C_LABEL_REPEATED;
		read = arena_print(arena, "%s%s%s%s", read, *read ? "." : "", name, into ? "[]" : "");
		type = field->type == PROTOBUF_C_TYPE_MESSAGE ? field->descriptor : NULL;
	}
	return read;
}
