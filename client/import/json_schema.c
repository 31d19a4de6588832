/*
 * JSON Schemas of a row of data, of a request or of an answer. What it is of
 * only names tell: the file's, else the schema's title. One schema of a value
 * is json_schema_item.c.
 */
#include <string.h>
#include <strings.h>

#include "import/columns.h"
#include "import/formats.h"
#include "import/json_schema_item.h"
#include "import/tree.h"

enum {
	CHOICES_MAX = 16, /* types of one column that are said */
	TYPES_MAX = 8,    /* lists and choices inside each other */
};

/* Of a program's settings there are many more than of data: the name must tell, too. */
bool json_schema_looks(const char *head, size_t size)
{
	return memmem(head, size, "json-schema.org", 15) && memmem(head, size, "\"properties\"", 12);
}

/* Where fields go that are no columns of data. The first row whose word is in a name counts. */
static const struct role {
	const char *word;
	enum model_kind kind;
	const char *list;
} roles[] = {
	{"response", KIND_TRAINED_MODEL, "final_output_spec"},
	{"request", KIND_DATA_PIPELINE, "input_spec"},
	{"output", KIND_TRAINED_MODEL, "final_output_spec"},
	{"input", KIND_DATA_PIPELINE, "input_spec"},
	{"prediction", KIND_TRAINED_MODEL, "final_output_spec"},
};

static const struct role *role_of(const char *name)
{
	for (size_t i = 0; name && i < sizeof(roles) / sizeof(roles[0]); i++)
		if (strcasestr(name, roles[i].word))
			return &roles[i];
	return NULL;
}

static const char *type_of(
	struct import *import, struct json_schema schema, bool *nullable, const char *none, int depth);

/* Of a choice all types, each once. */
static const char *type_of_choice(struct import *import, struct json_schema schema, bool *nullable, int depth)
{
	static const char *const choices[] = {"anyOf", "oneOf"};
	const char *text = NULL;
	for (size_t i = 0; i < 2; i++) {
		const struct codec_node *list = tree_get(schema.node, choices[i]);
		for (size_t j = 0; tree_is_list(list) && j < list->count && j < CHOICES_MAX; j++) {
			const struct json_schema one = {schema.root, list->items[j],
				import_print(import, "%s.%s.%zu", schema.path, choices[i], j)};
			const char *type = type_of(import, json_schema_resolve(import, one, nullable),
				nullable, NULL, depth + 1);
			if (type && strcmp(type, "null") == 0)
				*nullable = true;
			else if (type && (!text || !strstr(text, type)))
				text = text ? import_print(import, "%s or %s", text, type) : type;
		}
	}
	return text;
}

/* @param none  what an unknown type is called; NULL: it is NULL */
static const char *type_of(
	struct import *import, struct json_schema schema, bool *nullable, const char *none, int depth)
{
	if (depth > TYPES_MAX)
		return none;
	const char *type = json_schema_type(import, schema, nullable);
	bool inner_null = false;
	if (json_schema_is_array(schema))
		return import_print(import, "array(%s)",
			type_of(import, json_schema_get(import, schema, "items"), &inner_null, "any",
				depth + 1));
	if (!type)
		type = type_of_choice(import, schema, nullable, depth);
	if (!type && tree_get(schema.node, "properties"))
		type = "object";
	return type ? type : none;
}

static void put_limits(struct import *import, const struct draft_place *column, struct json_schema schema)
{
	static const char *const exclusive[] = {"exclusiveMinimum", "exclusiveMaximum"};
	const struct codec_node *bounds[2] = {
		tree_get(schema.node, "minimum"), tree_get(schema.node, "maximum")};
	const char *paths[2] = {import_print(import, "%s.minimum", schema.path),
		import_print(import, "%s.maximum", schema.path)};
	const char *pattern = tree_text(tree_get(schema.node, "pattern"));
	struct codec_node *constant = (struct codec_node *)(uintptr_t)tree_get(schema.node, "const");
	for (size_t i = 0; i < 2; i++) {
		const struct codec_node *bound = tree_get(schema.node, exclusive[i]);
		const char *path = import_print(import, "%s.%s", schema.path, exclusive[i]);
		bool flag;
		/* In draft 4 it is a flag beside the bound. */
		if (!bound || (tree_flag(bound, &flag) && !flag))
			continue;
		import_warn(
			import, path, "the bound itself is not allowed there, and counts as allowed here");
		if (!bounds[i] && !tree_flag(bound, &flag)) {
			bounds[i] = bound;
			paths[i] = path;
		}
	}
	columns_range(import, column, bounds[0], bounds[1], paths);
	columns_allow(
		import, column, tree_get(schema.node, "enum"), import_print(import, "%s.enum", schema.path));
	if (tree_text(constant))
		columns_allow(import, column,
			&(struct codec_node){
				.type = CODEC_SEQUENCE, .text = "", .items = &constant, .count = 1},
			import_print(import, "%s.const", schema.path));
	if (pattern)
		columns_expect(import, column, import_print(import, "text that matches %s", pattern),
			import_print(import, "%s.pattern", schema.path));
}

/* What a keyword says that is not known may be more than what is taken. */
static void leave_keywords(struct import *import, struct json_schema schema)
{
	static const char *const known[] = {"type", "format", "title", "description", "default", "examples",
		"example", "$comment", "$id", "$ref", "deprecated", "readOnly", "writeOnly", "nullable",
		"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "enum", "const", "pattern",
		"minLength", "maxLength", "items", "minItems", "maxItems", "anyOf", "oneOf", "allOf",
		"properties", "required", "additionalProperties", "x-unit", NULL};
	tree_leave_unknown(import, schema.node, schema.path, known, "this is not taken from JSON Schemas");
}

static void put_column(
	struct import *import, const struct draft_place *set, const struct json_schema_property *property)
{
	bool nullable = false;
	const struct json_schema schema = json_schema_resolve(import, property->schema, &nullable);
	const struct draft_place *column = columns_put(import, set, property->name, property->schema.path);
	const char *about = tree_text(tree_get(property->schema.node, "description"));
	const char *type = type_of(import, schema, &nullable, NULL, 0);
	import_text(import, column, "field_type", type,
		tree_get(schema.node, "type") ? import_print(import, "%s.type", schema.path) : schema.path);
	import_text(import, column, "field_description",
		about ? about : tree_text(tree_get(schema.node, "description")),
		import_print(import, "%s.description", about ? property->schema.path : schema.path));
	import_text(import, column, "unit", tree_text(tree_get(schema.node, "x-unit")),
		import_print(import, "%s.x-unit", schema.path));
	put_limits(import, column, schema);
	if (property->required && !nullable)
		columns_missing(import, column, 0, property->schema.path);
	if (type && strstr(type, "object"))
		import_leave(import, schema.path, "the fields inside an object are not taken");
	leave_keywords(import, schema);
}

static void put_data(struct import *import, const struct codec_node *top, const char *told,
	const struct json_schema_property *fields, size_t count)
{
	enum model_kind kind = columns_kind(told);
	if (kind == KIND_NONE || kind == KIND_TRAINED_MODEL)
		kind = KIND_RAW_DATA;
	const struct draft_place *set = columns_set(import, kind);
	if (kind != KIND_PRODUCTION_DATA) {
		import_text(import, set, "dataset_name", tree_text(tree_get(top, "title")), "title");
		import_text(import, set, "dataset_description", tree_text(tree_get(top, "description")),
			"description");
	}
	for (size_t i = 0; i < count; i++)
		put_column(import, set, &fields[i]);
}

bool json_schema_read(struct import *import)
{
	const struct codec_node *top = tree_any(import);
	if (!top)
		return false;
	const char *title = tree_text(tree_get(top, "title"));
	const struct role *role = role_of(import->file->name);
	if (!role && columns_kind(import->file->name) == KIND_NONE)
		role = role_of(title);
	struct json_schema row = json_schema_resolve(import, (struct json_schema){top, top, ""}, NULL);
	if (json_schema_is_array(row))
		row = json_schema_get(import, row, "items");
	size_t count = 0;
	const struct json_schema_property *fields = json_schema_properties(import, row, &count);
	if (count == 0)
		return import_refuse(import, tree_is_mapping(top) ? tree_get(top, "properties") : top,
			"properties",
			"the schema of a row is expected: an object with properties, or a list of such");
	if (!role) {
		put_data(import, top,
			columns_kind(import->file->name) != KIND_NONE ? import->file->name : title, fields,
			count);
		return true;
	}
	const struct draft_place *at = import_descriptor(import, role->kind);
	for (size_t i = 0; i < count; i++)
		json_schema_put(import,
			import_named(
				import, at, role->list, "item_name", fields[i].name, fields[i].schema.path),
			&fields[i]);
	return true;
}
