/* Text to documents: the envelope (apiVersion, kind, metadata) is judged here, the spec by the codec. */
#include "document/document.h"

#include "codec/codec.h"
#include "document/document_words.h"
#include "model/name.h"

struct reading {
	struct arena *arena;
	const char *file;
	struct fault *fault;
};

static bool refuse(struct reading *reading, const char *path, const struct codec_node *at, const char *reason,
	const char *text)
{
	const struct codec_place place = {reading->file, path, at->line, at->column};
	codec_refuse(reading->fault, reason, &place, "%s", text);
	return false;
}

/* Refuses keys that are not among the known ones. */
static bool judge_keys(struct reading *reading, const char *path, const struct codec_node *node,
	const char *const *known, size_t count)
{
	for (size_t i = 0; i < node->count; i++) {
		const struct codec_node *key = node->keys[i];
		bool found = false;
		for (size_t k = 0; k < count && !found; k++)
			found = strcmp(key->text, known[k]) == 0;
		if (found)
			continue;
		const struct codec_place place = {reading->file,
			arena_print(reading->arena, "%s%s%.100s", path, *path ? "." : "", key->text),
			key->line, key->column};
		codec_refuse_name(reading->fault, "UNKNOWN_FIELD", &place, "field", key->text, known, count);
		return false;
	}
	return true;
}

/* Gets the text of a key; missing and null leave *text alone. */
static bool read_text(struct reading *reading, const char *path, const struct codec_node *node,
	const char *key, const char **text)
{
	const struct codec_node *value = codec_get(node, key);
	if (!value || value->type == CODEC_NULL)
		return true;
	if (value->type != CODEC_SCALAR)
		return refuse(reading, path, value, "WRONG_TYPE", "text is expected here");
	*text = value->text;
	return true;
}

static bool read_id(struct reading *reading, const char *path, const struct codec_node *node, const char *key,
	const char **id)
{
	const struct codec_node *value = codec_get(node, key);
	if (!read_text(reading, path, node, key, id))
		return false;
	if (!value || value->type == CODEC_NULL || model_id_valid(*id))
		return true;
	return refuse(reading, path, value, "BAD_ID",
		arena_print(reading->arena,
			"\"%.100s\" is no id: 1 to 63 lower-case letters, digits and hyphens, a letter first "
			"and no hyphen last",
			*id));
}

static bool read_sources(
	struct reading *reading, const struct codec_node *metadata, Tally__V1__Descriptor *descriptor)
{
	const struct codec_node *list = codec_get(metadata, "sources");
	if (!list || list->type == CODEC_NULL)
		return true;
	if (list->type != CODEC_SEQUENCE)
		return refuse(reading, "metadata.sources", list, "WRONG_TYPE", "a list is expected here");
	descriptor->sources = arena_array(reading->arena, list->count, sizeof(*descriptor->sources));
	descriptor->n_sources = list->count;
	for (size_t i = 0; i < list->count; i++) {
		descriptor->sources[i] = (Tally__V1__Source *)codec_message(reading->arena, reading->file,
			arena_print(reading->arena, "metadata.sources[%zu]", i), list->items[i],
			&tally__v1__source__descriptor, reading->fault);
		if (!descriptor->sources[i])
			return false;
	}
	return true;
}

static bool read_metadata(struct reading *reading, const struct codec_node *node, struct document *document)
{
	static const char *const known[] = {"system", "name", "ownerTeam", "sources"};
	const struct codec_node *metadata = codec_get(node, "metadata");
	if (!metadata || metadata->type == CODEC_NULL)
		return true;
	if (metadata->type != CODEC_MAPPING)
		return refuse(reading, "metadata", metadata, "WRONG_TYPE",
			"a mapping is expected here: system, name and ownerTeam");
	const char *team = "";
	if (!judge_keys(reading, "metadata", metadata, known, sizeof(known) / sizeof(known[0])) ||
		!read_id(reading, "metadata.system", metadata, "system", &document->system) ||
		!read_id(reading, "metadata.name", metadata, "name", &document->name) ||
		!read_text(reading, "metadata.ownerTeam", metadata, "ownerTeam", &team))
		return false;
	document->descriptor->owner_team = arena_text(reading->arena, team);
	return read_sources(reading, metadata, document->descriptor);
}

static bool read_version(struct reading *reading, const struct codec_node *node)
{
	const char *version = NULL;
	if (!read_text(reading, "apiVersion", node, "apiVersion", &version))
		return false;
	if (!version)
		return refuse(reading, "", node, "MISSING_FIELD",
			codec_get(node, "version")
				? "apiVersion is missing; an SEI document is read by `tally import sei`"
				: "apiVersion is missing; a document starts with "
				  "apiVersion: " DOCUMENT_API_VERSION);
	if (strcmp(version, DOCUMENT_API_VERSION) != 0)
		return refuse(reading, "apiVersion", codec_get(node, "apiVersion"), "UNKNOWN_VALUE",
			arena_print(reading->arena, "\"%.100s\" is not understood; %s is", version,
				DOCUMENT_API_VERSION));
	return true;
}

static bool read_kind(struct reading *reading, const struct codec_node *node, struct document *document)
{
	const char *kinds[KIND_LIMIT];
	size_t count = 0;
	for (int kind = KIND_NONE + 1; kind < KIND_LIMIT; kind++)
		if (model_kind_known(kind) && kind != KIND_CLOCK)
			kinds[count++] = model_kind_info((enum model_kind)kind)->document;
	const char *text = NULL;
	if (!read_text(reading, "kind", node, "kind", &text))
		return false;
	if (!text)
		return refuse(reading, "", node, "MISSING_FIELD", "kind is missing, e.g. kind: TrainedModel");
	document->kind = model_kind_by_document(text);
	if (document->kind != KIND_NONE)
		return true;
	const struct codec_node *value = codec_get(node, "kind");
	const struct codec_place place = {reading->file, "kind", value->line, value->column};
	codec_refuse_name(reading->fault, "UNKNOWN_VALUE", &place, "kind", text, kinds, count);
	return false;
}

static bool read_spec(struct reading *reading, const struct codec_node *node, struct document *document)
{
	const struct codec_node *spec = codec_get(node, "spec");
	if (!spec || spec->type == CODEC_NULL)
		return refuse(reading, "", spec ? spec : node, "MISSING_FIELD", "spec is missing or empty");
	ProtobufCMessage *message = codec_message(reading->arena, reading->file, "spec", spec,
		model_kind_info(document->kind)->spec, reading->fault);
	if (message)
		document->descriptor = document_descriptor(reading->arena, document->kind, message);
	return message != NULL;
}

static bool read_one(struct reading *reading, const struct codec_node *node, struct document *document)
{
	/* status is what the server knows of a version; `tally get -o json` adds it, a push leaves it out */
	static const char *const known[] = {"apiVersion", "kind", "metadata", "spec", "status"};
	*document = (struct document){.file = arena_text(reading->arena, reading->file),
		.line = node->line,
		.node = node,
		.system = "",
		.name = "default"};
	if (node->type != CODEC_MAPPING)
		return refuse(reading, "", node, "WRONG_TYPE",
			"a document is a mapping of apiVersion, kind, metadata and spec");
	return read_version(reading, node) && read_kind(reading, node, document) &&
	       judge_keys(reading, "", node, known, sizeof(known) / sizeof(known[0])) &&
	       read_spec(reading, node, document) && read_metadata(reading, node, document);
}

enum fault_code document_read(struct arena *arena, const char *file, const char *text, size_t size,
	struct document **documents, size_t *count, struct fault *fault)
{
	struct codec_node **nodes;
	size_t node_count;
	enum fault_code code = codec_parse(arena, file, text, size, &nodes, &node_count, fault);
	if (code != FAULT_NONE)
		return code;
	struct reading reading = {arena, file, fault};
	struct document *list = arena_array(arena, node_count, sizeof(*list));
	size_t found = 0;
	for (size_t i = 0; i < node_count; i++) {
		if (nodes[i]->type == CODEC_NULL)
			continue;
		if (!read_one(&reading, nodes[i], &list[found]))
			return FAULT_INVALID;
		found++;
	}
	if (found == 0) {
		const struct codec_place place = {file, "", 1, 1};
		return codec_refuse(fault, "EMPTY", &place, "there is no document in it");
	}
	*documents = list;
	*count = found;
	return FAULT_NONE;
}

Tally__V1__Descriptor *document_descriptor(struct arena *arena, enum model_kind kind, ProtobufCMessage *spec)
{
	const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field_by_name(
		&tally__v1__descriptor__descriptor, model_kind_info(kind)->id);
	Tally__V1__Descriptor *descriptor = arena_alloc(arena, sizeof(*descriptor));
	tally__v1__descriptor__init(descriptor);
	descriptor->spec_case = (Tally__V1__Descriptor__SpecCase)field->id;
	*(ProtobufCMessage **)(void *)((char *)descriptor + field->offset) = spec;
	return descriptor;
}
