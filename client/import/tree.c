/* Nodes of YAML and JSON for importers. What they mean is for each format. */
#include "import/tree.h"

#include <string.h>

#include "codec/number.h"
#include "model/types.h"

/* What Helm and other template languages leave in a file that is no YAML yet. */
static bool is_template(const struct import_file *file)
{
	return file->size > 0 && memmem(file->bytes, file->size, "{{", 2) != NULL;
}

bool tree_yaml(struct import *import, struct codec_node ***documents, size_t *count)
{
	struct codec_node **all;
	size_t found;
	if (codec_parse(import->arena, import->file->path, import->file->bytes ? import->file->bytes : "",
		    import->file->size, &all, &found, import->fault) != FAULT_NONE) {
		if (!is_template(import->file) || strcmp(import->fault->reason, "SYNTAX") != 0)
			return false;
		return import_refuse(import, NULL, "",
			"this is a template ({{ … }}), not YAML yet; import what it renders to, e.g. of `helm "
			"template`");
	}
	*count = 0;
	*documents = all;
	for (size_t i = 0; i < found; i++)
		if (all[i]->type != CODEC_NULL)
			all[(*count)++] = all[i];
	return true;
}

const struct codec_node *tree_yaml_one(struct import *import)
{
	struct codec_node **documents;
	size_t count;
	if (!tree_yaml(import, &documents, &count))
		return NULL;
	if (count == 1)
		return documents[0];
	if (count == 0)
		import_refuse(import, NULL, "", "there is nothing in it");
	else
		import_refuse(import, documents[1], "", "one document is expected; a second one starts here");
	return NULL;
}

static struct codec_node *node_of(struct import *import, const json_t *json);

static void fill_list(struct import *import, struct codec_node *node, const json_t *json)
{
	node->type = CODEC_SEQUENCE;
	node->items = arena_array(import->arena, json_array_size(json) + 1, sizeof(struct codec_node *));
	for (size_t i = 0; i < json_array_size(json); i++)
		node->items[node->count++] = node_of(import, json_array_get(json, i));
}

static struct codec_node *scalar(struct import *import, const char *text, size_t size, bool quoted)
{
	struct codec_node *node = arena_alloc(import->arena, sizeof(*node));
	node->type = CODEC_SCALAR;
	node->text = arena_copy(import->arena, text, size);
	node->text_size = size;
	node->quoted = quoted;
	return node;
}

static void fill_mapping(struct import *import, struct codec_node *node, const json_t *json)
{
	const char *key;
	json_t *value;
	node->type = CODEC_MAPPING;
	node->items = arena_array(import->arena, json_object_size(json) + 1, sizeof(struct codec_node *));
	node->keys = arena_array(import->arena, json_object_size(json) + 1, sizeof(struct codec_node *));
	json_object_foreach((json_t *)(uintptr_t)json, key, value)
	{
		node->keys[node->count] = scalar(import, key, strlen(key), true);
		node->items[node->count++] = node_of(import, value);
	}
}

/* Depth is bounded by jansson's own limit. */
static struct codec_node *node_of(struct import *import, const json_t *json)
{
	char text[CODEC_NUMBER_SIZE];
	if (json_is_string(json))
		return scalar(import, json_string_value(json), strlen(json_string_value(json)), true);
	if (json_is_integer(json)) {
		const char *number = import_print(import, "%" JSON_INTEGER_FORMAT, json_integer_value(json));
		return scalar(import, number, strlen(number), false);
	}
	if (json_is_real(json)) {
		codec_number_text(json_real_value(json), text);
		return scalar(import, text, strlen(text), false);
	}
	if (json_is_boolean(json))
		return json_is_true(json) ? scalar(import, "true", 4, false)
					  : scalar(import, "false", 5, false);
	struct codec_node *node = arena_alloc(import->arena, sizeof(*node));
	node->text = "";
	if (json_is_array(json))
		fill_list(import, node, json);
	else if (json_is_object(json))
		fill_mapping(import, node, json);
	return node;
}

const struct codec_node *tree_json_text(
	struct import *import, const char *text, size_t size, const char *path)
{
	json_error_t error;
	if (size > CODEC_SIZE_MAX) {
		import_refuse(import, NULL, path, "the text is too large: at most 16 MiB are read");
		return NULL;
	}
	/* A byte order mark is no JSON, but Windows writes it. */
	const size_t mark = size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
	json_t *json = json_loadb(size ? text + mark : "", size - mark, JSON_DECODE_ANY, &error);
	if (!json && *path) {
		import_refuse(import, NULL, path, "JSON is expected: %s", error.text);
		return NULL;
	}
	if (!json) {
		const struct codec_node at = {
			.line = error.line, .column = error.column > 0 ? error.column : 1};
		import_refuse(import, &at, "", "JSON is expected: %s", error.text);
		return NULL;
	}
	const struct codec_node *node = node_of(import, json);
	json_decref(json);
	return node;
}

const struct codec_node *tree_of_json(struct import *import, const json_t *json)
{
	return node_of(import, json);
}

const struct codec_node *tree_json(struct import *import)
{
	return tree_json_text(import, import->file->bytes, import->file->size, "");
}

const struct codec_node *tree_any(struct import *import)
{
	for (size_t i = 0; i < import->file->size; i++) {
		const char c = import->file->bytes[i];
		if (c == '{' || c == '[')
			return tree_json(import);
		if (c != ' ' && c != '\t' && c != '\r' && c != '\n' && !strchr("\xef\xbb\xbf", c))
			break;
	}
	return tree_yaml_one(import);
}

const struct codec_node *tree_get(const struct codec_node *node, const char *key)
{
	const struct codec_node *value = node ? codec_get(node, key) : NULL;
	return value && value->type != CODEC_NULL ? value : NULL;
}

/* One step: a key of a mapping or a place in a list. */
static const struct codec_node *step(const struct codec_node *node, const char *key)
{
	int64_t at;
	if (!node || node->type != CODEC_SEQUENCE)
		return tree_get(node, key);
	if (number_integer(key, &at) != NUMBER_OK || at < 0 || (size_t)at >= node->count)
		return NULL;
	return node->items[at]->type != CODEC_NULL ? node->items[at] : NULL;
}

const struct codec_node *tree_at(const struct codec_node *node, const char *keys)
{
	char key[128];
	while (node && *keys) {
		size_t size = strcspn(keys, ".");
		if (size >= sizeof(key))
			return NULL;
		memcpy(key, keys, size);
		key[size] = '\0';
		node = step(node, key);
		keys += size + (keys[size] == '.');
	}
	return node;
}

const char *tree_text(const struct codec_node *node)
{
	return node && node->type == CODEC_SCALAR && !model_blank(node->text) ? node->text : NULL;
}

const char *tree_text_at(const struct codec_node *node, const char *keys)
{
	return tree_text(tree_at(node, keys));
}

bool tree_number(const struct codec_node *node, double *value)
{
	return node && node->type == CODEC_SCALAR && !node->quoted &&
	       number_double(node->text, value) == NUMBER_OK;
}

bool tree_integer(const struct codec_node *node, int64_t *value)
{
	return node && node->type == CODEC_SCALAR && !node->quoted &&
	       number_integer(node->text, value) == NUMBER_OK;
}

bool tree_flag(const struct codec_node *node, bool *value)
{
	if (!node || node->type != CODEC_SCALAR || node->quoted)
		return false;
	*value = strcmp(node->text, "true") == 0;
	return *value || strcmp(node->text, "false") == 0;
}

size_t tree_count(const struct codec_node *node)
{
	return node ? node->count : 0;
}

bool tree_is_mapping(const struct codec_node *node)
{
	return node && node->type == CODEC_MAPPING;
}

bool tree_is_list(const struct codec_node *node)
{
	return node && node->type == CODEC_SEQUENCE;
}

static json_t *json_of(const struct codec_node *node)
{
	double number;
	bool flag;
	if (node->type == CODEC_NULL)
		return json_null();
	if (node->type == CODEC_SCALAR && tree_flag(node, &flag))
		return json_boolean(flag);
	if (node->type == CODEC_SCALAR) {
		int64_t whole;
		if (tree_integer(node, &whole) && !strpbrk(node->text, ".eE"))
			return json_integer(whole);
		return tree_number(node, &number) ? json_real(number) : json_string(node->text);
	}
	json_t *json = node->type == CODEC_SEQUENCE ? json_array() : json_object();
	for (size_t i = 0; i < node->count; i++) {
		if (node->type == CODEC_SEQUENCE)
			json_array_append_new(json, json_of(node->items[i]));
		else
			json_object_set_new(json, node->keys[i]->text, json_of(node->items[i]));
	}
	return json;
}

const char *tree_print(struct import *import, const struct codec_node *node)
{
	json_t *json = json_of(node);
	char *text = json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY | JSON_REAL_PRECISION(15));
	const char *kept = arena_text(import->arena, text);
	free(text);
	json_decref(json);
	return kept;
}

void tree_leave_unknown(struct import *import, const struct codec_node *node, const char *path,
	const char *const *known, const char *why)
{
	for (size_t i = 0; tree_is_mapping(node) && i < node->count; i++) {
		const char *const *at = known;
		while (*at && strcmp(*at, node->keys[i]->text) != 0)
			at++;
		if (!*at && node->items[i]->type != CODEC_NULL)
			import_leave(import,
				import_print(import, "%s%s%s", path, *path ? "." : "", node->keys[i]->text),
				"%s", why);
	}
}
