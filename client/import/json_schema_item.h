/* One property of a JSON Schema as an item of a descriptor. OpenAPI's schemas are nearly the same. */
#ifndef IMPORT_JSON_SCHEMA_ITEM_H
#define IMPORT_JSON_SCHEMA_ITEM_H

#include "import/import.h"

/* A schema and where it stands. */
struct json_schema {
	const struct codec_node *root; /* what "$ref": "#/…" starts from */
	const struct codec_node *node; /* NULL: there is none */
	const char *path;
};

/**
 * Follows references, and takes null out of a choice ("anyOf": […, null]).
 *
 * @param[out] nullable  set to true where null is allowed, else left alone; may be NULL
 */
struct json_schema json_schema_resolve(struct import *import, struct json_schema schema, bool *nullable);

/** The resolved schema of a keyword, e.g. "items". Its node is NULL where there is none. */
struct json_schema json_schema_get(struct import *import, struct json_schema schema, const char *keyword);

/** Gathers an object's properties, also of "allOf". @return arena; in the order of the file */
struct json_schema_property {
	const char *name;
	struct json_schema schema;
	bool required;
} * json_schema_properties(struct import *import, struct json_schema schema, size_t *count);

/**
 * Tells the type of a resolved schema: its format where that says more, several
 * with "or" between them.
 *
 * @param[out] nullable  set to true where null is one of them, else left alone
 * @return arena; NULL when it states none
 */
const char *json_schema_type(struct import *import, struct json_schema schema, bool *nullable);

/** Is it a list, of what its "items" are? */
bool json_schema_is_array(struct json_schema schema);

/**
 * Puts type, description, ranges, lengths, allowed values, the shape of
 * arrays and whether it may be missing into an item.
 *
 * @param item      an Item or a ComponentItem that has its name
 * @param property  as in the schema
 */
void json_schema_put(
	struct import *import, const struct draft_place *item, const struct json_schema_property *property);

#endif
