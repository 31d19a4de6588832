/* Frictionless data packages: datapackage.json, each of its resources a data set of its own. */
#include <string.h>

#include "import/columns.h"
#include "import/formats.h"
#include "import/tree.h"

enum {
	NEIGHBOURS_MAX = 1000, /* earlier fields that one is compared with */
};

bool frictionless_looks(const char *head, size_t size)
{
	return memmem(head, size, "\"resources\"", 11) != NULL;
}

/* A key, or the same in some language: "title@de". */
static const char *text_of(const struct codec_node *node, const char *key)
{
	const char *text = tree_text(tree_get(node, key));
	const size_t size = strlen(key);
	for (size_t i = 0; !text && tree_is_mapping(node) && i < node->count; i++)
		if (strncmp(node->keys[i]->text, key, size) == 0 && node->keys[i]->text[size] == '@')
			text = tree_text(node->items[i]);
	return text;
}

/* Types that have no name of their own elsewhere. */
static const char *type_of(const char *type)
{
	if (type && strcmp(type, "year") == 0)
		return "integer";
	return type && strcmp(type, "any") == 0 ? NULL : type;
}

static void read_constraints(struct import *import, const struct draft_place *column,
	const struct codec_node *constraints, const char *path)
{
	static const char *const known[] = {"required", "unique", "minimum", "maximum", "enum", "pattern",
		"minLength", "maxLength", NULL};
	const char *const paths[2] = {
		import_print(import, "%s.minimum", path), import_print(import, "%s.maximum", path)};
	const char *pattern = tree_text(tree_get(constraints, "pattern"));
	bool required;
	columns_range(
		import, column, tree_get(constraints, "minimum"), tree_get(constraints, "maximum"), paths);
	columns_allow(import, column, tree_get(constraints, "enum"), import_print(import, "%s.enum", path));
	if (pattern)
		columns_expect(import, column, import_print(import, "text that matches %s", pattern),
			import_print(import, "%s.pattern", path));
	if (tree_flag(tree_get(constraints, "required"), &required) && required)
		columns_missing(import, column, 0, import_print(import, "%s.required", path));
	tree_leave_unknown(import, constraints, path, known, "this constraint is not known");
}

/* Texts may stand there in several languages: "title@de". */
static void leave_unknown(struct import *import, const struct codec_node *node, const char *path,
	const char *const *known, const char *why)
{
	for (size_t i = 0; tree_is_mapping(node) && i < node->count; i++) {
		const char *key = node->keys[i]->text;
		const char *const *at = known;
		while (*at && (strncmp(*at, key, strlen(*at)) != 0 || !strchr("@", key[strlen(*at)])))
			at++;
		if (!*at && node->items[i]->type != CODEC_NULL)
			import_leave(
				import, *path ? import_print(import, "%s.%s", path, key) : key, "%s", why);
	}
}

/* Which texts stand for a missing value; that blank does goes without saying. */
static void read_missing(struct import *import, const struct draft_place *column,
	const struct codec_node *missing, const char *path)
{
	const char *text = "";
	for (size_t i = 0; tree_is_list(missing) && i < missing->count; i++) {
		const char *one = tree_text(missing->items[i]);
		if (!one)
			one = tree_text(tree_get(missing->items[i], "value"));
		if (one)
			text = import_print(import, "%s%s\"%s\"", text, *text ? ", " : "", one);
	}
	if (*text)
		columns_say(import, column, "interpret_missing",
			import_print(import, "missing where it says %s", text), path);
}

static void read_field(struct import *import, const struct draft_place *data, const struct codec_node *field,
	const struct codec_node *missing, const char *path)
{
	static const char *const known[] = {"name", "type", "title", "description", "format", "constraints",
		"unit", "missingValues", "categories", "categoriesOrdered", "rdfType", "example",
		"trueValues", "falseValues", "bareNumber", "decimalChar", "groupChar", NULL};
	const char *name = tree_text(tree_get(field, "name"));
	if (!name) {
		import_leave(import, path, "a field has its name here");
		return;
	}
	const struct draft_place *column = columns_put(import, data, name, path);
	const char *description = text_of(field, "description");
	import_text(import, column, "field_type", type_of(tree_text(tree_get(field, "type"))),
		import_print(import, "%s.type", path));
	import_text(import, column, "field_description", description ? description : text_of(field, "title"),
		import_print(import, "%s.%s", path, description ? "description" : "title"));
	import_text(import, column, "unit", tree_text(tree_get(field, "unit")),
		import_print(import, "%s.unit", path));
	read_missing(import, column,
		tree_get(field, "missingValues") ? tree_get(field, "missingValues") : missing, path);
	columns_allow(
		import, column, tree_get(field, "categories"), import_print(import, "%s.categories", path));
	read_constraints(
		import, column, tree_get(field, "constraints"), import_print(import, "%s.constraints", path));
	const char *format = tree_text(tree_get(field, "format"));
	if (format && strcmp(format, "default") != 0)
		import_note(import, import_print(import, "%s.format", path), format);
	leave_unknown(import, field, path, known, "this is not known of fields");
}

/* Two columns of one name cannot be told apart. */
static bool is_repeated(const struct codec_node *fields, size_t at)
{
	const char *name = tree_text(tree_get(fields->items[at], "name"));
	/* Who writes thousands of them does so by a program. */
	for (size_t i = at > NEIGHBOURS_MAX ? at - NEIGHBOURS_MAX : 0; name && i < at; i++) {
		const char *other = tree_text(tree_get(fields->items[i], "name"));
		if (other && strcmp(other, name) == 0)
			return true;
	}
	return false;
}

static void read_schema(struct import *import, const struct draft_place *data,
	const struct codec_node *schema, const char *path)
{
	const struct codec_node *fields = tree_get(schema, "fields");
	if (tree_text(schema)) {
		const struct import_file *file = import_open_beside(import, tree_text(schema));
		struct import inner = *import;
		struct fault problem = {0};
		inner.file = file;
		inner.fault = &problem;
		const struct codec_node *top = file ? tree_any(&inner) : NULL;
		if (!top) {
			import_leave(import, path, "%s",
				file ? problem.message
				     : "the schema is in a file that is not beside this one");
			return;
		}
		read_schema(&inner, data, tree_is_mapping(top) ? top : NULL, "schema");
		return;
	}
	for (size_t i = 0; tree_is_list(fields) && i < fields->count; i++) {
		const char *here = import_print(import, "%s.fields[%zu]", path, i);
		if (is_repeated(fields, i))
			import_leave(import, here, "there is a field of this name already");
		else
			read_field(import, data, fields->items[i], tree_get(schema, "missingValues"), here);
	}
	static const char *const keys[] = {"primaryKey", "foreignKeys", "uniqueKeys"};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (tree_get(schema, keys[i]))
			import_note(import, import_print(import, "%s.%s", path, keys[i]),
				tree_text(tree_get(schema, keys[i]))
					? tree_text(tree_get(schema, keys[i]))
					: tree_print(import, tree_get(schema, keys[i])));
}

static void read_licence(struct import *import, const struct draft_place *data, const struct codec_node *list,
	const char *path)
{
	const char *text = "";
	for (size_t i = 0; tree_is_list(list) && i < list->count; i++) {
		const char *name = tree_text(tree_get(list->items[i], "name"));
		const char *title = tree_text(tree_get(list->items[i], "title"));
		if (name || title)
			text = import_print(import, "%s%s%s", text, *text ? ", " : "", name ? name : title);
	}
	import_text(import, data, "data_rights", text, path);
}

/* Digests are MD5 unless they say what they are. */
static void read_digest(struct import *import, const struct draft_place *data, const char *hash,
	const char *version, const char *path)
{
	if (hash)
		import_text(import, data, "dataset_version",
			strchr(hash, ':') ? hash : import_print(import, "md5:%s", hash),
			import_print(import, "%s.hash", path));
	else
		import_text(import, data, "dataset_version", version, "version");
}

static void read_resource(struct import *import, const struct codec_node *top, size_t at, bool only)
{
	static const char *const known[] = {"name", "path", "type", "profile", "$schema", "title",
		"description", "format", "mediatype", "encoding", "bytes", "hash", "sources", "licenses",
		"schema", "dialect", "languages", "homepage", "stats", "rows", "fields", "scheme", "control",
		"layout", "compression", "innerpath", "publicationDate", "identifier", NULL};
	const struct codec_node *resource = tree_get(top, "resources")->items[at];
	const char *path = import_print(import, "resources[%zu]", at);
	const char *name = tree_text(tree_get(resource, "name"));
	const enum model_kind told = name ? columns_kind(name) : KIND_NONE;
	const enum model_kind kind = told == KIND_TRAINING_DATA ? told : KIND_RAW_DATA;
	if (!tree_is_mapping(resource)) {
		import_leave(import, path, "a resource is expected here");
		return;
	}
	const struct draft_place *data =
		only || !name ? columns_set(import, kind) : import_descriptor_of(import, kind, name);
	const char *description = text_of(resource, "description");
	import_text(import, data, "dataset_identifier", name, import_print(import, "%s.name", path));
	import_text(import, data, "dataset_name",
		text_of(resource, "title") ? text_of(resource, "title") : name,
		import_print(import, "%s.%s", path, text_of(resource, "title") ? "title" : "name"));
	import_text(import, data, "dataset_description",
		description ? description : text_of(top, "description"),
		description ? import_print(import, "%s.description", path) : "description");
	read_digest(import, data, tree_text(tree_get(resource, "hash")), tree_text(tree_get(top, "version")),
		path);
	import_note(import, import_print(import, "%s.path", path), tree_text(tree_get(resource, "path")));
	import_note(import, import_print(import, "%s.bytes", path), tree_text(tree_get(resource, "bytes")));
	int64_t rows;
	if (tree_integer(tree_at(resource, "stats.rows"), &rows) ||
		tree_integer(tree_get(resource, "rows"), &rows))
		import_integer(
			import, data, "number_of_instances", rows, import_print(import, "%s.rows", path));
	read_schema(import, data, tree_get(resource, "schema"), import_print(import, "%s.schema", path));
	leave_unknown(import, resource, path, known, "this is not known of resources");
	if (kind != KIND_RAW_DATA)
		return;
	const bool own = tree_get(resource, "licenses") != NULL;
	read_licence(import, data, tree_get(own ? resource : top, "licenses"),
		own ? import_print(import, "%s.licenses", path) : "licenses");
	const char *start = tree_text(tree_at(top, "temporal.start")),
		   *end = tree_text(tree_at(top, "temporal.end"));
	if (start && end)
		import_text(import, import_part(import, data, "metadata"), "timeframe",
			import_print(import, "%s to %s", start, end), "temporal");
}

bool frictionless_read(struct import *import)
{
	static const char *const known[] = {"name", "id", "title", "description", "resources", "licenses",
		"version", "profile", "$schema", "temporal", "homepage", "contributors", "sources",
		"keywords", "created", "image", "spatial", NULL};
	const struct codec_node *top = tree_any(import);
	if (!top)
		return false;
	const struct codec_node *list = tree_get(top, "resources");
	if (!tree_is_list(list) || list->count == 0)
		return import_refuse(import, list ? list : top, "resources",
			"a data package has a list of at least one resource here");
	import_note(import, "name", tree_text(tree_get(top, "name")));
	for (size_t i = 0; i < list->count; i++)
		read_resource(import, top, i, list->count == 1);
	import_note(import, "version", tree_text(tree_get(top, "version")));
	leave_unknown(import, top, "", known, "this is not known of data packages");
	return true;
}
