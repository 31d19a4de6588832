/* Reads one schema of a value: references, choices with null, arrays and limits. Knows no document around it.
 */
#include "import/json_schema_item.h"

#include <string.h>

#include "import/tree.h"

enum {
	FOLLOWED_MAX = 16,     /* references and choices on the way to a schema */
	PROPERTIES_MAX = 5000, /* of one object */
	DIMENSIONS_MAX = 16,
	PARTS_DEPTH = 2, /* of "allOf" inside "allOf": a part may name itself many times */
};

static bool hex(char c, unsigned *value)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, c | 0x20) : NULL;
	*value = at ? (unsigned)(at - digits) : 0;
	return at != NULL;
}

/* One step of a JSON pointer: ~1 is a slash, ~0 a tilde, %7B a brace. */
static char *unescaped(struct import *import, const char *text, size_t size)
{
	char *made = arena_copy(import->arena, text, size);
	size_t length = 0;
	unsigned high, low;
	for (size_t i = 0; i < size; i++) {
		if (text[i] == '~' && i + 1 < size) {
			made[length++] = text[++i] == '1' ? '/' : '~';
		} else if (text[i] == '%' && i + 2 < size && hex(text[i + 1], &high) &&
			   hex(text[i + 2], &low)) {
			made[length++] = (char)(high * 16 + low);
			i += 2;
		} else {
			made[length++] = text[i];
		}
	}
	made[length] = '\0';
	return made;
}

static struct json_schema step(struct import *import, struct json_schema at, const char *key)
{
	int64_t place = -1;
	if (tree_is_list(at.node)) {
		const struct codec_node number = {.type = CODEC_SCALAR, .text = key};
		const bool well =
			tree_integer(&number, &place) && place >= 0 && (size_t)place < at.node->count;
		at.node = well ? at.node->items[place] : NULL;
	} else {
		at.node = tree_get(at.node, key);
	}
	at.path = import_print(import, "%s%s%s", at.path, *at.path ? "." : "", key);
	return at;
}

/* Where a reference leads; nowhere when it leaves the file. */
static struct json_schema follow(struct import *import, struct json_schema schema, const char *reference)
{
	struct json_schema at = {schema.root, schema.root, ""};
	if (strncmp(reference, "#/", 2) != 0) {
		import_leave(import, schema.path, "\"%s\" is in another file, which is not read", reference);
		return (struct json_schema){schema.root, NULL, schema.path};
	}
	for (const char *from = reference + 2; at.node; from++) {
		const size_t size = strcspn(from, "/");
		at = step(import, at, unescaped(import, from, size));
		from += size;
		if (!*from)
			break;
	}
	if (!at.node)
		import_leave(import, schema.path, "\"%s\" leads nowhere", reference);
	return at;
}

static bool is_null(const struct codec_node *schema)
{
	const char *type = tree_text(tree_get(schema, "type"));
	return type && strcmp(type, "null") == 0;
}

/* The only schema of a choice that is not null; the choice itself when there are several. */
static struct json_schema chosen(
	struct import *import, struct json_schema schema, const char *keyword, bool *nullable)
{
	struct json_schema choice = step(import, schema, keyword), only = {0};
	size_t count = 0;
	for (size_t i = 0; tree_is_list(choice.node) && i < choice.node->count; i++) {
		if (is_null(choice.node->items[i])) {
			if (nullable)
				*nullable = true;
			continue;
		}
		only = step(import, choice, import_print(import, "%zu", i));
		count++;
	}
	return count == 1 ? only : schema;
}

struct json_schema json_schema_resolve(struct import *import, struct json_schema schema, bool *nullable)
{
	static const char *const choices[] = {"anyOf", "oneOf", "allOf"};
	bool flag;
	for (int steps = 0; steps < FOLLOWED_MAX; steps++) {
		if (nullable && tree_flag(tree_get(schema.node, "nullable"), &flag) && flag)
			*nullable = true;
		const char *reference = tree_text(tree_get(schema.node, "$ref"));
		struct json_schema next = schema;
		if (reference)
			next = follow(import, schema, reference);
		for (size_t i = 0; next.node == schema.node && i < sizeof(choices) / sizeof(choices[0]); i++)
			/* What stands beside a list of one part would be lost with it. */
			if (tree_get(schema.node, choices[i]) && !tree_get(schema.node, "properties"))
				next = chosen(import, schema, choices[i], nullable);
		if (reference && next.node == schema.node)
			break;
		if (next.node == schema.node || !next.node)
			return next;
		schema = next;
	}
	import_leave(import, schema.path,
		"there are more than %d references on the way here, or one leads to itself", FOLLOWED_MAX);
	return (struct json_schema){schema.root, NULL, schema.path};
}

struct json_schema json_schema_get(struct import *import, struct json_schema schema, const char *keyword)
{
	struct json_schema inner = step(import, schema, keyword);
	return inner.node ? json_schema_resolve(import, inner, NULL) : inner;
}

/* Is the name in a list of names? */
static bool is_in(const struct codec_node *list, const char *name)
{
	for (size_t i = 0; tree_is_list(list) && i < list->count; i++)
		if (list->items[i]->type == CODEC_SCALAR && strcmp(list->items[i]->text, name) == 0)
			return true;
	return false;
}

struct gathered {
	struct json_schema_property *items;
	size_t count;
};

static void gather(struct import *import, struct json_schema schema, struct gathered *all, int depth)
{
	const struct json_schema own = step(import, schema, "properties");
	const struct json_schema parts = step(import, schema, "allOf");
	for (size_t i = 0; tree_is_mapping(own.node) && i < own.node->count; i++) {
		const char *name = own.node->keys[i]->text;
		if (all->count == PROPERTIES_MAX) {
			import_leave(import, own.path,
				"there are more than %d properties; the rest is not taken", PROPERTIES_MAX);
			return;
		}
		all->items[all->count++] = (struct json_schema_property){
			name, step(import, own, name), is_in(tree_get(schema.node, "required"), name)};
	}
	for (size_t i = 0; tree_is_list(parts.node) && i < parts.node->count && depth < PARTS_DEPTH; i++) {
		const struct json_schema part = step(import, parts, import_print(import, "%zu", i));
		gather(import, json_schema_resolve(import, part, NULL), all, depth + 1);
	}
}

/* How many there may be, so that room is made for no more. */
static size_t count_properties(struct import *import, struct json_schema schema, int depth)
{
	const struct json_schema parts = step(import, schema, "allOf");
	size_t count = tree_count(tree_get(schema.node, "properties"));
	for (size_t i = 0; tree_is_list(parts.node) && i < parts.node->count && depth < PARTS_DEPTH; i++) {
		const struct json_schema part = step(import, parts, import_print(import, "%zu", i));
		count += count_properties(import, json_schema_resolve(import, part, NULL), depth + 1);
	}
	return count;
}

struct json_schema_property *json_schema_properties(
	struct import *import, struct json_schema schema, size_t *count)
{
	size_t room = count_properties(import, schema, 0);
	room = room < PROPERTIES_MAX ? room : PROPERTIES_MAX;
	struct gathered all = {0};
	*count = 0;
	if (room == 0)
		return NULL;
	all.items = arena_array(import->arena, room, sizeof(*all.items));
	gather(import, schema, &all, 0);
	*count = all.count;
	return all.items;
}

static const char *type_of(struct import *import, struct json_schema schema, bool *nullable)
{
	const struct codec_node *type = tree_get(schema.node, "type");
	const char *only = tree_text(type);
	for (size_t i = 0; tree_is_list(type) && i < type->count; i++) {
		const char *one = tree_text(type->items[i]);
		if (one && strcmp(one, "null") == 0)
			*nullable = true;
		else
			only = only && one ? import_print(import, "%s or %s", only, one) : one;
	}
	return only;
}

bool json_schema_is_array(struct json_schema schema)
{
	const char *type = tree_text(tree_get(schema.node, "type"));
	return tree_get(schema.node, "items") && (!type || strcmp(type, "array") == 0);
}

/* The formats that say more than the type; all others are kept beside it. */
const char *json_schema_type(struct import *import, struct json_schema schema, bool *nullable)
{
	static const char *const formats[][2] = {{"int32", "int32"}, {"int64", "int64"}, {"float", "float"},
		{"double", "double"}, {"date-time", "datetime"}, {"date", "date"}, {"binary", "binary"}};
	const char *type = type_of(import, schema, nullable);
	const char *format = tree_text(tree_get(schema.node, "format"));
	for (size_t i = 0; format && type && i < sizeof(formats) / sizeof(formats[0]); i++)
		if (strcmp(formats[i][0], format) == 0)
			return formats[i][1];
	return type;
}

/* Takes arrays off, each a dimension. @return what is in the innermost */
static struct json_schema put_shape(
	struct import *import, const struct draft_place *specification, struct json_schema schema)
{
	for (int i = 0; i < DIMENSIONS_MAX && json_schema_is_array(schema); i++) {
		int64_t least, most;
		const bool fixed = tree_integer(tree_get(schema.node, "minItems"), &least) &&
				   tree_integer(tree_get(schema.node, "maxItems"), &most) && least == most;
		import_add_integer(import, specification, "shape", fixed ? most : -1, schema.path);
		schema = json_schema_get(import, schema, "items");
	}
	return schema;
}

static void put_limits(
	struct import *import, const struct draft_place *specification, struct json_schema schema)
{
	static const char *const numbers[][2] = {{"minimum", "min_value"}, {"maximum", "max_value"},
		{"exclusiveMinimum", "min_value"}, {"exclusiveMaximum", "max_value"}};
	static const char *const lengths[][2] = {{"minLength", "min_length"}, {"maxLength", "max_length"}};
	double number;
	int64_t length;
	/* From 3.1 on an exclusive limit is a number; beside a plain one it adds nothing that has a place. */
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (tree_number(tree_get(schema.node, numbers[i][0]), &number) &&
			(i < 2 || !tree_get(schema.node, numbers[i - 2][0])))
			import_number(import, specification, numbers[i][1], number,
				import_print(import, "%s.%s", schema.path, numbers[i][0]));
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		if (tree_integer(tree_get(schema.node, lengths[i][0]), &length))
			import_integer(import, specification, lengths[i][1], length,
				import_print(import, "%s.%s", schema.path, lengths[i][0]));
	const struct codec_node *values = tree_get(schema.node, "enum");
	for (size_t i = 0; tree_is_list(values) && i < values->count; i++)
		if (values->items[i]->type == CODEC_SCALAR)
			import_add(import, specification, "allowed_values", values->items[i]->text,
				import_print(import, "%s.enum[%zu]", schema.path, i));
	import_add(import, specification, "allowed_values", tree_text(tree_get(schema.node, "const")),
		import_print(import, "%s.const", schema.path));
}

void json_schema_put(
	struct import *import, const struct draft_place *item, const struct json_schema_property *property)
{
	bool nullable = false;
	const struct json_schema schema = json_schema_resolve(import, property->schema, &nullable);
	const struct draft_place *specification = import_part(import, item, "item_specification");
	const struct json_schema inner = put_shape(import, specification, schema);
	const char *type = json_schema_type(import, inner, &nullable);
	const char *about = tree_text(tree_get(property->schema.node, "description"));
	if (!about)
		about = tree_text(tree_get(schema.node, "description"));
	import_text(import, item, "item_description", about, schema.path);
	import_text(import, item, "item_type", type, import_print(import, "%s.type", inner.path));
	import_text(import, item, "unit", tree_text(tree_get(schema.node, "x-unit")), schema.path);
	put_limits(import, specification, inner);
	import_flag(import, specification, "optional_value", !property->required || nullable, schema.path);
	size_t inside = 0;
	json_schema_properties(import, inner, &inside);
	if (inside > 0)
		import_leave(import, inner.path, "the fields inside an object are not taken");
}
