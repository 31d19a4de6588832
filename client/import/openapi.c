/*
 * OpenAPI 3.0 and 3.1: the operation that asks for a prediction. What it takes
 * arrives at the pipeline from a component of the API's name; what it answers
 * is the model's final output.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "import/formats.h"
#include "import/json_schema_item.h"
#include "import/tree.h"

enum {
	WRAPPERS_MAX = 6, /* objects and lists around the fields of one row */
};

/* The operation that was chosen. */
struct operation {
	const char *route, *method;
	const char *path; /* of it, in the file */
	const struct codec_node *node;
	int score;
};

bool openapi_looks(const char *head, size_t size)
{
	return memmem(head, size, "openapi", 7) || memmem(head, size, "swagger", 7) ||
	       (memmem(head, size, "paths", 5) && memmem(head, size, "responses", 9));
}

/* Words of operations that answer with a prediction; the first ones leave the least doubt. */
static const char *const words[] = {"predict", "infer", "invocations", "score", "scoring", "classif",
	"forecast", "recommend", "detect", "recogni", "estimat", "embed", "completions", "generate",
	"segment", "rank", "transcri", "translat", "summari"};

static int score_of(const char *text)
{
	for (size_t i = 0; text && i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasestr(text, words[i]))
			return (int)(sizeof(words) / sizeof(words[0]) - i);
	return 0;
}

static int score_operation(const char *route, const struct codec_node *node)
{
	/* /predict/health says nothing of what is predicted. */
	static const char *const about[] = {
		"health", "ready", "live", "metadata", "feedback", "explain", "status"};
	const char *last = strrchr(route, '/');
	for (size_t i = 0; i < sizeof(about) / sizeof(about[0]); i++)
		if (last && strcasestr(last, about[i]))
			return 0;
	const int by_route = score_of(route), by_name = score_of(tree_text(tree_get(node, "operationId")));
	const int by_summary = score_of(tree_text(tree_get(node, "summary")));
	return 4 * by_route + 2 * by_name + by_summary;
}

static void consider(struct import *import, struct operation *best, const struct operation *one)
{
	if (one->score == 0)
		return;
	if (best->score > 0)
		import_note(import, best->score >= one->score ? one->path : best->path, "another operation");
	if (one->score > best->score)
		*best = *one;
}

/* Operations that carry data: the one that sounds most like a prediction, or the only one. */
static struct operation find_operation(struct import *import, const struct codec_node *paths)
{
	static const char *const methods[] = {"post", "put", "get"};
	struct operation best = {0}, only = {0};
	size_t posts = 0;
	for (size_t i = 0; tree_is_mapping(paths) && i < paths->count; i++) {
		const char *route = paths->keys[i]->text;
		for (size_t m = 0; m < sizeof(methods) / sizeof(methods[0]); m++) {
			const struct codec_node *node = tree_get(paths->items[i], methods[m]);
			if (!node)
				continue;
			struct operation one = {route, methods[m],
				import_print(import, "paths.%s.%s", route, methods[m]), node,
				score_operation(route, node)};
			if (m == 2 && !tree_get(node, "parameters"))
				continue;
			consider(import, &best, &one);
			if (tree_get(node, "requestBody")) {
				only = one;
				posts++;
			}
		}
	}
	return best.score > 0 || posts != 1 ? best : only;
}

/* The schema of the first content that is JSON, else of the first one. */
static struct json_schema content_schema(struct import *import, struct json_schema body)
{
	const struct json_schema content = json_schema_get(import, body, "content");
	const char *kind = NULL;
	for (size_t i = 0; tree_is_mapping(content.node) && i < content.node->count; i++)
		if (!kind || (!strstr(kind, "json") && strstr(content.node->keys[i]->text, "json")))
			kind = content.node->keys[i]->text;
	if (!kind)
		return (struct json_schema){body.root, NULL, body.path};
	return json_schema_get(import, json_schema_get(import, content, kind), "schema");
}

static struct json_schema answer_schema(struct import *import, struct json_schema operation)
{
	const struct json_schema responses = json_schema_get(import, operation, "responses");
	for (size_t i = 0; tree_is_mapping(responses.node) && i < responses.node->count; i++) {
		const char *status = responses.node->keys[i]->text;
		if (*status != '2')
			continue;
		const struct json_schema found =
			content_schema(import, json_schema_get(import, responses, status));
		if (found.node)
			return found;
	}
	return content_schema(import, json_schema_get(import, responses, "default"));
}

/* Keys under which servers keep the rows, also where others stand beside them. */
static bool is_wrapper(const char *name)
{
	static const char *const names[] = {"instances", "inputs", "dataframe_records", "rows", "records",
		"predictions", "outputs", "results", "result", "data", "features", NULL};
	for (size_t i = 0; names[i]; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* Does a row stand in it: an object with fields, or a list of such? */
static bool holds_row(struct import *import, struct json_schema schema)
{
	size_t count = 0;
	if (json_schema_is_array(schema))
		schema = json_schema_get(import, schema, "items");
	json_schema_properties(import, schema, &count);
	return count > 0;
}

/* Goes through what is wrapped around one row's fields. */
static struct json_schema row_schema(struct import *import, struct json_schema schema)
{
	for (int i = 0; i < WRAPPERS_MAX; i++) {
		size_t count;
		struct json_schema next = {0};
		const struct json_schema_property *all = json_schema_properties(import, schema, &count);
		if (json_schema_is_array(schema) && holds_row(import, schema))
			next = json_schema_get(import, schema, "items");
		for (size_t at = 0; at < count && !next.node; at++) {
			const struct json_schema inner = json_schema_resolve(import, all[at].schema, NULL);
			if ((count == 1 || is_wrapper(all[at].name)) && holds_row(import, inner))
				next = inner;
		}
		if (!next.node)
			return schema;
		schema = next;
	}
	return schema;
}

/* What a request or an answer consists of. */
struct fields {
	const struct json_schema_property *items;
	size_t count;
};

static struct fields body_fields(struct import *import, struct json_schema schema, const char *name)
{
	struct fields fields = {0};
	if (!schema.node)
		return fields;
	schema = row_schema(import, schema);
	fields.items = json_schema_properties(import, schema, &fields.count);
	if (fields.count > 0)
		return fields;
	struct json_schema_property *one = arena_alloc(import->arena, sizeof(*one));
	const char *title = tree_text(tree_get(schema.node, "title"));
	*one = (struct json_schema_property){title ? title : name, schema, true};
	return (struct fields){one, 1};
}

/* FastAPI makes query parameters of a function's plain arguments. */
static struct fields parameter_fields(struct import *import, struct json_schema operation)
{
	const struct json_schema list = json_schema_get(import, operation, "parameters");
	struct fields fields = {0};
	if (tree_count(list.node) == 0)
		return fields;
	struct json_schema_property *items = arena_array(import->arena, list.node->count, sizeof(*items));
	for (size_t i = 0; tree_is_list(list.node) && i < list.node->count; i++) {
		const struct json_schema one = json_schema_get(import, list, import_print(import, "%zu", i));
		const char *name = tree_text(tree_get(one.node, "name"));
		const char *where = tree_text(tree_get(one.node, "in"));
		bool required = false;
		if (!name || !where || strcmp(where, "query") != 0)
			continue;
		tree_flag(tree_get(one.node, "required"), &required);
		struct json_schema schema = {
			one.root, tree_get(one.node, "schema"), import_print(import, "%s.schema", one.path)};
		items[fields.count++] = (struct json_schema_property){name, schema, required};
	}
	fields.items = items;
	return fields;
}

static void put_request(
	struct import *import, const struct fields *fields, const char *component, const char *path)
{
	const struct draft_place *environment = import_descriptor(import, KIND_DEVELOPMENT_ENVIRONMENT);
	const struct draft_place *pipeline = import_descriptor(import, KIND_DATA_PIPELINE);
	const struct draft_place *upstream =
		import_named(import, environment, "upstream_components", "component_name", component, path);
	for (size_t i = 0; i < fields->count; i++) {
		const struct json_schema_property *field = &fields->items[i];
		json_schema_put(import,
			import_named(import, upstream, "output_spec", "item_name", field->name,
				field->schema.path),
			field);
	}
	/* The model's own signature says the same of what it takes: then the two are held against each other.
	 */
	import->strength = DRAFT_WEAK;
	for (size_t i = 0; i < fields->count; i++) {
		const struct json_schema_property *field = &fields->items[i];
		const struct draft_place *item = import_named(
			import, pipeline, "input_spec", "item_name", field->name, field->schema.path);
		const struct draft_place *mapping = import_part(import, item, "component_mapping");
		import_text(import, mapping, "component", component, field->schema.path);
		import_text(import, mapping, "data_item", field->name, field->schema.path);
		json_schema_put(import, item, field);
	}
	import->strength = DRAFT_FIRM;
}

static void put_answer(struct import *import, const struct fields *fields)
{
	const struct draft_place *model = import_descriptor(import, KIND_TRAINED_MODEL);
	for (size_t i = 0; i < fields->count; i++) {
		const struct json_schema_property *field = &fields->items[i];
		json_schema_put(import,
			import_named(import, model, "final_output_spec", "item_name", field->name,
				field->schema.path),
			field);
	}
}

/* A protocol's document is the same for every model: its fields are tensors of any name. */
static bool is_protocol(const char *route)
{
	return strstr(route, "{model_name}") || strstr(route, "{MODEL_NAME}") || strstr(route, "${MODEL");
}

static bool read_operation(
	struct import *import, const struct codec_node *top, const struct operation *chosen)
{
	const struct json_schema operation = {top, chosen->node, chosen->path};
	const char *title = tree_text_at(top, "info.title");
	const struct json_schema request =
		content_schema(import, json_schema_get(import, operation, "requestBody"));
	struct fields takes = body_fields(import, request, "body");
	if (!request.node)
		takes = parameter_fields(import, operation);
	const struct fields gives = body_fields(import, answer_schema(import, operation), "answer");
	if (takes.count == 0 && gives.count == 0)
		return import_refuse(import, chosen->node, chosen->path,
			"its request and its answer have no schema; declare their types (in FastAPI as "
			"models of pydantic)");
	put_request(import, &takes, title ? title : "prediction service", chosen->path);
	put_answer(import, &gives);
	import_note(import, chosen->path, chosen->route);
	return true;
}

bool openapi_read(struct import *import)
{
	const struct codec_node *top = tree_any(import);
	if (!top)
		return false;
	const char *version = tree_text(tree_get(top, "openapi"));
	if (tree_get(top, "swagger"))
		return import_refuse(import, tree_get(top, "swagger"), "swagger",
			"OpenAPI 3.0 or 3.1 is expected; convert it first, e.g. with swagger2openapi");
	if (!version || version[0] != '3')
		return import_refuse(
			import, top, "openapi", "the version of OpenAPI is expected here: 3.0 or 3.1");
	const struct operation chosen = find_operation(import, tree_get(top, "paths"));
	if (!chosen.node)
		return import_refuse(import, top, "paths",
			"no operation here sounds like a prediction (predict, infer, score …), so nothing is "
			"known of the model from it");
	if (is_protocol(chosen.route))
		return import_refuse(import, chosen.node, chosen.path,
			"this describes the inference protocol, which is the same for every model; import the "
			"model's own file instead (MLmodel, model.onnx, config.pbtxt)");
	import_note(import, "openapi", version);
	import_note(import, "info.version", tree_text_at(top, "info.version"));
	return read_operation(import, top, &chosen);
}
