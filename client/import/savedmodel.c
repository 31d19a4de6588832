/*
 * TensorFlow SavedModel: saved_model.pb. Of the signatures the one that
 * serving uses counts; the others are noted. Variables and graphs are never
 * looked at.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "import/formats.h"
#include "import/packages.h"
#include "import/protobuf_wire.h"
#include "import/tensor.h"

enum {
	SAVED_META_GRAPH = 2,
	META_INFO = 1,
	META_SIGNATURE = 5,
	INFO_TAG = 4,
	INFO_TENSORFLOW_VERSION = 5,
	SIGNATURE_INPUT = 1,
	SIGNATURE_OUTPUT = 2,
	SIGNATURE_METHOD = 3,
	TENSOR_NAME = 1,
	TENSOR_TYPE = 2,
	TENSOR_SHAPE = 3,
	TENSORS_MAX = 10000, /* of one side of a signature */
};

/* An entry of a map in the wire format: key and message. */
struct entry {
	const char *key;
	struct wire value;
};

static const char *text_of(struct import *import, struct wire message, uint32_t number)
{
	struct wire_field field;
	return wire_find(message, number, &field) ? wire_text(import->arena, &field) : NULL;
}

static bool read_entry(struct import *import, const struct wire_field *field, struct entry *entry)
{
	const struct wire wire = wire_inside(field);
	struct wire_field value;
	entry->key = text_of(import, wire, 1);
	if (!entry->key || !*entry->key || !wire_find(wire, 2, &value))
		return false;
	entry->value = wire_inside(&value);
	return true;
}

static const char *data_type(struct import *import, uint64_t number)
{
	static const char *const types[] = {NULL, "float", "double", "int32", "uint8", "int16", "int8",
		"string", "complex64", "int64", "bool", "qint8", "quint8", "qint32", "bfloat16", "qint16",
		"quint16", "uint16", "complex128", "half", "resource", "variant", "uint32", "uint64"};
	enum {
		REFERENCE = 100, /* is added for variables */
	};
	if (number > REFERENCE)
		number -= REFERENCE;
	if (number == 0 || number >= sizeof(types) / sizeof(types[0]))
		return number == 0 ? NULL : import_print(import, "type %" PRIu64, number);
	return types[number];
}

static void read_shape(struct import *import, struct wire shape, struct tensor *tensor)
{
	struct wire_field field, size;
	while (wire_next(&shape, &field)) {
		if (field.number == 3 && field.value)
			tensor->unranked = true;
		if (field.number != 2)
			continue;
		const struct wire dimension = wire_inside(&field);
		/* A size of 0 is not written. */
		const int64_t known = wire_find(dimension, 1, &size) ? wire_signed(&size) : 0;
		tensor_dimension(tensor, known, text_of(import, dimension, 2));
	}
}

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->key, ((const struct entry *)b)->key);
}

/* A map's entries have no order of their own. */
static struct entry *entries(struct import *import, struct wire signature, uint32_t side, size_t *count)
{
	struct wire_field field;
	size_t room = 0;
	for (struct wire at = signature; wire_next(&at, &field);)
		room += field.number == side;
	room = room < TENSORS_MAX ? room : TENSORS_MAX;
	struct entry *all = arena_array(import->arena, room + 1, sizeof(*all));
	*count = 0;
	while (*count < room && wire_next(&signature, &field))
		if (field.number == side && read_entry(import, &field, &all[*count]))
			(*count)++;
	qsort(all, *count, sizeof(*all), by_key);
	return all;
}

static void put_side(struct import *import, const struct draft_place *at, const char *list,
	struct wire signature, const char *path, uint32_t side)
{
	size_t count;
	const struct entry *all = entries(import, signature, side, &count);
	for (size_t i = 0; i < count; i++) {
		struct tensor tensor = {.name = all[i].key};
		struct wire_field field;
		const char *where = import_print(import, "%s.%s[%s]", path,
			side == SIGNATURE_INPUT ? "inputs" : "outputs", all[i].key);
		if (wire_find(all[i].value, TENSOR_TYPE, &field))
			tensor.type = data_type(import, field.value);
		if (wire_find(all[i].value, TENSOR_SHAPE, &field))
			read_shape(import, wire_inside(&field), &tensor);
		else
			tensor.unranked = true;
		tensor_put(import, at, list, &tensor, where);
	}
}

/* How likely a signature is the one that is served. */
static int rank(const char *key)
{
	static const char *const names[] = {"serving_default", "predict", "serving", NULL};
	if (strncmp(key, "__saved_model", 13) == 0)
		return 0;
	for (int i = 0; names[i]; i++)
		if (strcmp(names[i], key) == 0)
			return 10 - i;
	return 1;
}

static bool find_signature(struct import *import, struct wire graph, struct entry *best)
{
	struct wire_field field;
	struct entry one;
	best->key = NULL;
	while (wire_next(&graph, &field)) {
		if (field.number != META_SIGNATURE || !read_entry(import, &field, &one))
			continue;
		import_note(import, import_print(import, "signature_def[%s].method_name", one.key),
			text_of(import, one.value, SIGNATURE_METHOD));
		/* Of equals the first by name, for a map has no order. */
		if (rank(one.key) > 0 &&
			(!best->key || rank(one.key) > rank(best->key) ||
				(rank(one.key) == rank(best->key) && strcmp(one.key, best->key) < 0)))
			*best = one;
	}
	return best->key != NULL;
}

static void put_signature(
	struct import *import, const struct draft_place *model, const struct entry *signature)
{
	const char *path = import_print(import, "signature_def[%s]", signature->key);
	put_side(import, model, "input_signature", signature->value, path, SIGNATURE_INPUT);
	put_side(import, model, "output_spec", signature->value, path, SIGNATURE_OUTPUT);
	const enum draft_strength strength = import->strength;
	import->strength = DRAFT_WEAK;
	put_side(import, import_descriptor(import, KIND_DATA_PIPELINE), "input_spec", signature->value, path,
		SIGNATURE_INPUT);
	import->strength = strength;
}

static void put_version(struct import *import, const struct draft_place *model, struct wire graph)
{
	struct wire_field info;
	struct requirement requirement;
	const char *path = "meta_info_def.tensorflow_version";
	const char *version = wire_find(graph, META_INFO, &info)
				      ? text_of(import, wire_inside(&info), INFO_TENSORFLOW_VERSION)
				      : NULL;
	import_add(import, model, "ml_frameworks", "TensorFlow", "the file");
	import_note(import, path, version);
	if (version && *version &&
		requirement_pip(import->arena, import_print(import, "tensorflow==%s", version), &requirement))
		packages_put(import, model, &requirement, path);
}

/* The graph that is tagged for serving, else the first one. */
static bool find_graph(struct import *import, struct wire *wire, struct wire *graph)
{
	struct wire_field field, info, tag;
	bool found = false, serve = false;
	while (wire_next(wire, &field)) {
		if (field.number != SAVED_META_GRAPH || field.type != WIRE_BYTES)
			continue;
		bool tagged = false;
		if (wire_find(wire_inside(&field), META_INFO, &info))
			for (struct wire at = wire_inside(&info); wire_next(&at, &tag);) {
				const char *text =
					tag.number == INFO_TAG ? wire_text(import->arena, &tag) : NULL;
				import_note(import, "meta_info_def.tags", text);
				tagged |= text && strcmp(text, "serve") == 0;
			}
		if (!found || (tagged && !serve))
			*graph = wire_inside(&field);
		found = true;
		serve |= tagged;
	}
	return found && !wire->broken;
}

/* A SavedModel is its folder; under Triton that is name/1/model.savedmodel. */
static void set_subject(struct import *import)
{
	const char *slash = strrchr(import->file->path, '/');
	if (import->subject || !slash || !strstr(import->file->name, ".pb"))
		return;
	const char *folder =
		arena_copy(import->arena, import->file->path, (size_t)(slash - import->file->path));
	/* TensorFlow loads no other name; such a file was put aside, perhaps beside others. */
	if (strcmp(import->file->name, "saved_model.pb") != 0)
		folder = arena_copy(
			import->arena, import->file->path, strlen(import->file->path) - strlen(".pb"));
	for (int i = 0; i < 2 && import_open_beside(import, "../../config.pbtxt") && strrchr(folder, '/');
		i++)
		folder = arena_copy(import->arena, folder, (size_t)(strrchr(folder, '/') - folder));
	import->subject = folder;
}

bool savedmodel_read(struct import *import)
{
	struct wire wire = wire_of(import->file->bytes, import->file->size), graph;
	struct entry signature;
	if (!find_graph(import, &wire, &graph))
		return import_refuse(import, NULL, "",
			wire.broken ? "this is no SavedModel, or it was cut short"
				    : "this is no SavedModel: there is no graph in it");
	set_subject(import);
	if (import_open_beside(import, "MLmodel") || import_open_beside(import, "../../MLmodel"))
		import->strength = DRAFT_WEAK;
	const struct draft_place *model = import_descriptor(import, KIND_TRAINED_MODEL);
	put_version(import, model, graph);
	if (find_signature(import, graph, &signature))
		put_signature(import, model, &signature);
	else
		import_warn(import, "signature_def",
			"the model has no signature, so TensorFlow Serving cannot serve it; save it with one");
	import_text(import, model, "serialization", "savedmodel", "the file");
	const char *folder = import_model_folder(import);
	import_text(import, model, "artifact", folder ? folder : import->file->name, "the file");
	return true;
}
