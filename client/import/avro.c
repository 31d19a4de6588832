/*
 * Avro schemas: a record is what one event or row looks like. Types that are
 * named are known from where they are defined on.
 */
#include <string.h>

#include "base/map.h"
#include "import/columns.h"
#include "import/formats.h"
#include "import/tree.h"

enum {
	DEPTH_MAX = 32, /* types inside types */
};

/* What a type comes down to. */
struct avro_type {
	const char *text;                 /* as a field's type: int, timestamp, array(double) */
	const struct codec_node *symbols; /* of an enumeration */
	bool optional;                    /* null is one of several */
	const char *elsewhere;            /* a name that is in it and is not defined here */
};

/* The names that were defined so far. */
struct names {
	struct map by_name; /* -> node of the type */
};

static struct avro_type type_of(
	struct import *import, struct names *names, const struct codec_node *node, int depth);

/* Of several types null only says that a value may be missing. */
static struct avro_type type_of_union(
	struct import *import, struct names *names, const struct codec_node *node, int depth)
{
	struct avro_type found = {0};
	bool optional = false;
	for (size_t i = 0; i < node->count; i++) {
		const char *name = tree_text(node->items[i]);
		if (name && strcmp(name, "null") == 0) {
			optional = true;
			continue;
		}
		const struct avro_type one = type_of(import, names, node->items[i], depth + 1);
		const char *unknown = found.elsewhere ? found.elsewhere : one.elsewhere;
		if (found.text && one.text)
			found = (struct avro_type){
				.text = import_print(import, "%s or %s", found.text, one.text)};
		else if (one.text)
			found = one;
		found.elsewhere = unknown;
	}
	/* What is known of it is not all. */
	if (found.elsewhere)
		found.text = NULL;
	found.optional = optional || found.optional;
	return found;
}

/* Logical types say what a number or bytes mean. */
static const char *logical(const char *name)
{
	static const struct {
		const char *start, *type;
	} types[] = {
		{"timestamp", "timestamp"},
		{"local-timestamp", "timestamp"},
		{"date", "date"},
		{"time-", "time"},
		{"decimal", "decimal"},
		{"big-decimal", "decimal"},
		{"uuid", "string"},
	};
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strncmp(name, types[i].start, strlen(types[i].start)) == 0)
			return types[i].type;
	return name;
}

/* A type that is built in or was defined before; one that another file defines tells nothing. */
static struct avro_type type_of_name(struct import *import, struct names *names, const char *name, int depth)
{
	static const char *const built_in[] = {
		"null", "boolean", "int", "long", "float", "double", "bytes", "string"};
	const struct codec_node *named = map_get(&names->by_name, name);
	const char *type = tree_text(tree_get(named, "type"));
	for (size_t i = 0; i < sizeof(built_in) / sizeof(built_in[0]); i++)
		if (strcmp(built_in[i], name) == 0)
			return (struct avro_type){.text = name};
	if (!type)
		return (struct avro_type){.elsewhere = name};
	/* A record may hold itself. */
	if (strcmp(type, "record") == 0)
		return (struct avro_type){.text = type};
	return type_of(import, names, named, depth + 1);
}

static void define(struct import *import, struct names *names, const struct codec_node *node)
{
	const char *name = tree_text(tree_get(node, "name")), *space = tree_text(tree_get(node, "namespace"));
	if (!name)
		return;
	map_put(&names->by_name, name, (void *)(uintptr_t)node);
	if (space)
		map_put(&names->by_name, import_print(import, "%s.%s", space, name), (void *)(uintptr_t)node);
}

static struct avro_type type_of(
	struct import *import, struct names *names, const struct codec_node *node, int depth)
{
	const char *name = tree_text(node), *known = tree_text(tree_get(node, "logicalType"));
	if (depth > DEPTH_MAX)
		return (struct avro_type){.text = "…"};
	if (tree_is_list(node))
		return type_of_union(import, names, node, depth);
	if (name)
		return type_of_name(import, names, name, depth);
	if (known)
		return (struct avro_type){.text = logical(known)};
	define(import, names, node);
	const struct codec_node *type = tree_get(node, "type");
	const char *text = tree_text(type);
	if (!text)
		return type ? type_of(import, names, type, depth + 1) : (struct avro_type){0};
	if (strcmp(text, "enum") == 0)
		return (struct avro_type){.text = "string", .symbols = tree_get(node, "symbols")};
	if (strcmp(text, "array") == 0 || strcmp(text, "map") == 0) {
		const struct avro_type inner =
			type_of(import, names, tree_get(node, *text == 'a' ? "items" : "values"), depth + 1);
		return (struct avro_type){
			.text = import_print(import, "%s(%s)", text, inner.text ? inner.text : "any")};
	}
	return (struct avro_type){.text = text};
}

static void read_field(struct import *import, struct names *names, const struct draft_place *data,
	const struct codec_node *field, const char *path)
{
	const char *name = tree_text(tree_get(field, "name"));
	const struct avro_type type = type_of(import, names, tree_get(field, "type"), 0);
	if (!name || (!type.text && !type.elsewhere)) {
		import_leave(import, path, "a field has a name and a type");
		return;
	}
	const char *here = import_print(import, "%s.type", path);
	const struct draft_place *column = columns_put(import, data, name, path);
	import_text(import, column, "field_type", type.text, here);
	import_text(import, column, "field_description", tree_text(tree_get(field, "doc")),
		import_print(import, "%s.doc", path));
	columns_allow(import, column, type.symbols, import_print(import, "%s.symbols", here));
	if (!type.optional)
		columns_missing(import, column, 0, here);
	if (tree_get(field, "default"))
		import_note(import, import_print(import, "%s.default", path),
			tree_print(import, tree_get(field, "default")));
	if (type.elsewhere)
		import_leave(import, here, "the type %s is not defined in this file", type.elsewhere);
	else if (strstr(type.text, "record"))
		import_leave(import, here, "the fields inside a field are not taken");
}

static void read_record(struct import *import, const struct codec_node *record, const char *prefix)
{
	struct names names = {0};
	const struct codec_node *fields = tree_get(record, "fields");
	const char *name = tree_text(tree_get(record, "name"));
	enum model_kind kind = columns_kind(import->file->name);
	if (kind == KIND_NONE || kind == KIND_TRAINED_MODEL)
		kind = name ? columns_kind(name) : KIND_NONE;
	if (kind == KIND_NONE || kind == KIND_TRAINED_MODEL)
		kind = KIND_RAW_DATA;
	const struct draft_place *data = import_descriptor_of(import, kind, name);
	if (kind != KIND_PRODUCTION_DATA) {
		import_text(import, data, "dataset_name", name, import_print(import, "%sname", prefix));
		import_text(import, data, "dataset_description", tree_text(tree_get(record, "doc")),
			import_print(import, "%sdoc", prefix));
	}
	define(import, &names, record);
	for (size_t i = 0; tree_is_list(fields) && i < fields->count; i++)
		read_field(import, &names, data, fields->items[i],
			import_print(import, "%sfields[%zu]", prefix, i));
	map_done(&names.by_name);
}

static bool is_record(const struct codec_node *node)
{
	const char *type = tree_text(tree_get(node, "type"));
	return type && (strcmp(type, "record") == 0 || strcmp(type, "error") == 0) &&
	       tree_is_list(tree_get(node, "fields"));
}

bool avro_read(struct import *import)
{
	const struct codec_node *top = tree_json(import);
	size_t records = 0;
	if (!top)
		return false;
	if (is_record(top)) {
		read_record(import, top, "");
		return true;
	}
	for (size_t i = 0; tree_is_list(top) && i < top->count; i++)
		if (is_record(top->items[i])) {
			read_record(import, top->items[i], import_print(import, "[%zu].", i));
			records++;
		}
	if (!records)
		return import_refuse(import, top, "type",
			"a record with its fields is expected; a schema of anything else describes no columns");
	return true;
}
