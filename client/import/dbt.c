/* Properties of dbt's models, seeds and sources: schema.yml. Each table is a data set of its own. */
#include <string.h>

#include "import/columns.h"
#include "import/formats.h"
#include "import/tree.h"

/* They were renamed in 1.8. */
static const char *const test_keys[] = {"tests", "data_tests"};

/* Is there a line that begins with the key? */
static bool has_key(const char *head, size_t size, const char *key)
{
	const size_t length = strlen(key);
	const char *end = head + size;
	for (const char *at = head; (at = memmem(at, (size_t)(end - at), key, length)); at += length)
		if (at == head || at[-1] == '\n')
			return true;
	return false;
}

bool dbt_looks(const char *head, size_t size)
{
	/* Since 1.5 the version may be left out; then only what columns have tells it from other files. */
	if (!memmem(head, size, "name:", 5) ||
		(!has_key(head, size, "version: 2") &&
			(!memmem(head, size, " columns:", 9) || !memmem(head, size, "tests:", 6))))
		return false;
	return has_key(head, size, "models:") || has_key(head, size, "sources:") ||
	       has_key(head, size, "seeds:") || has_key(head, size, "snapshots:");
}

static void read_accepted(struct import *import, const struct draft_place *column,
	const struct codec_node *arguments, const char *path)
{
	/* Since 1.10 arguments may stand in a mapping of that name. */
	if (tree_get(arguments, "arguments"))
		arguments = tree_get(arguments, "arguments");
	columns_allow(import, column, tree_get(arguments, "values"), import_print(import, "%s.values", path));
}

static void read_range(struct import *import, const struct draft_place *column,
	const struct codec_node *arguments, const char *path)
{
	if (tree_get(arguments, "arguments"))
		arguments = tree_get(arguments, "arguments");
	const char *const paths[2] = {
		import_print(import, "%s.min_value", path), import_print(import, "%s.max_value", path)};
	columns_range(
		import, column, tree_get(arguments, "min_value"), tree_get(arguments, "max_value"), paths);
}

/* unique, not_null, {accepted_values: {values: […]}}, {dbt_utils.accepted_range: …} */
static void read_test(struct import *import, const struct draft_place *column, const struct codec_node *test,
	const char *path)
{
	const bool with = tree_is_mapping(test) && test->count > 0;
	const char *name = with ? test->keys[0]->text : tree_text(test);
	const struct codec_node *arguments = with ? test->items[0] : NULL;
	const char *here = with ? import_print(import, "%s.%s", path, name) : path;
	if (!name)
		return;
	if (strcmp(name, "not_null") == 0)
		columns_missing(import, column, 0, here);
	else if (strcmp(name, "accepted_values") == 0)
		read_accepted(import, column, arguments, here);
	else if (strstr(name, "accepted_range") || strstr(name, "expect_column_values_to_be_between"))
		read_range(import, column, arguments, here);
	else if (strcmp(name, "unique") == 0 || strcmp(name, "relationships") == 0)
		import_note(import, path, name);
	else
		import_leave(import, path, "no descriptor has a place for the test %s", name);
}

/* Text of Jinja is a reference, no description. @return NULL for it, and told */
static const char *plain(struct import *import, const char *text, const char *path)
{
	if (!text || !strstr(text, "{{"))
		return text;
	import_leave(import, path, "this refers to a text elsewhere, which is not read");
	return NULL;
}

static void read_constraints(struct import *import, const struct draft_place *column,
	const struct codec_node *list, const char *path)
{
	for (size_t i = 0; tree_is_list(list) && i < list->count; i++) {
		const char *type = tree_text(tree_get(list->items[i], "type"));
		const char *here = import_print(import, "%s.constraints[%zu]", path, i);
		if (type && strcmp(type, "not_null") == 0)
			columns_missing(import, column, 0, here);
		else
			import_note(import, here, tree_print(import, list->items[i]));
	}
}

static void read_column(struct import *import, const struct draft_place *data, const struct codec_node *node,
	const char *path)
{
	static const char *const known[] = {"name", "description", "data_type", "tests", "data_tests",
		"constraints", "quote", "tags", "meta", "config", "docs", "policy_tags", NULL};
	const char *name = tree_text(tree_get(node, "name")), *description;
	if (!name) {
		import_leave(import, path, "a column has its name here");
		return;
	}
	const struct draft_place *column = columns_put(import, data, name, path);
	const char *here = import_print(import, "%s.description", path);
	description = plain(import, tree_text(tree_get(node, "description")), here);
	import_text(import, column, "field_description", description, here);
	import_text(import, column, "field_type", tree_text(tree_get(node, "data_type")),
		import_print(import, "%s.data_type", path));
	for (size_t i = 0; i < 2; i++) {
		const struct codec_node *tests = tree_get(node, test_keys[i]);
		for (size_t j = 0; tree_is_list(tests) && j < tests->count; j++)
			read_test(import, column, tests->items[j],
				import_print(import, "%s.%s[%zu]", path, test_keys[i], j));
	}
	read_constraints(import, column, tree_get(node, "constraints"), path);
	tree_leave_unknown(import, node, path, known, "this is not taken from dbt's columns");
}

/* Tests of whole tables have no place; that there are some is worth knowing. */
static void leave_tests(struct import *import, const struct codec_node *table, const char *path)
{
	for (size_t i = 0; i < 2; i++) {
		const struct codec_node *tests = tree_get(table, test_keys[i]);
		for (size_t j = 0; tree_is_list(tests) && j < tests->count; j++) {
			const struct codec_node *test = tests->items[j];
			const char *name =
				tree_is_mapping(test) && test->count ? test->keys[0]->text : tree_text(test);
			import_leave(import, import_print(import, "%s.%s[%zu]", path, test_keys[i], j),
				"no descriptor has a place for the test %s of a whole table",
				name ? name : "that has no name");
		}
	}
}

static void read_table(struct import *import, const struct codec_node *table, const char *path)
{
	static const char *const known[] = {"name", "description", "columns", "tests", "data_tests", "config",
		"docs", "meta", "tags", "identifier", "loaded_at_field", "freshness", "quoting", "external",
		"access", "group", "latest_version", "versions", "constraints", NULL};
	const char *name = tree_text(tree_get(table, "name"));
	const struct codec_node *columns = tree_get(table, "columns");
	if (!name) {
		import_leave(import, path, "a table has its name here");
		return;
	}
	if (!tree_count(columns) && !tree_text(tree_get(table, "description")))
		return;
	const enum model_kind kind =
		columns_kind(name) == KIND_TRAINING_DATA ? KIND_TRAINING_DATA : KIND_RAW_DATA;
	const struct draft_place *data = import_descriptor_of(import, kind, name);
	const char *here = import_print(import, "%s.description", path);
	const char *description = plain(import, tree_text(tree_get(table, "description")), here);
	import_text(import, data, "dataset_identifier", name, import_print(import, "%s.name", path));
	import_text(import, data, "dataset_name", name, import_print(import, "%s.name", path));
	import_text(import, data, "dataset_description", description, here);
	for (size_t i = 0; tree_is_list(columns) && i < columns->count; i++)
		read_column(
			import, data, columns->items[i], import_print(import, "%s.columns[%zu]", path, i));
	leave_tests(import, table, path);
	tree_leave_unknown(import, table, path, known, "this is not taken from dbt's tables");
}

static size_t read_tables(
	struct import *import, const struct codec_node *top, const char *list, const char *prefix)
{
	const struct codec_node *tables = tree_get(top, list);
	for (size_t i = 0; tree_is_list(tables) && i < tables->count; i++)
		read_table(import, tables->items[i], import_print(import, "%s%s[%zu]", prefix, list, i));
	return tree_is_list(tables);
}

bool dbt_read(struct import *import)
{
	static const char *const known[] = {"version", "models", "seeds", "snapshots", "sources", NULL};
	const struct codec_node *top = tree_yaml_one(import);
	if (!top)
		return false;
	const struct codec_node *sources = tree_get(top, "sources");
	size_t lists = read_tables(import, top, "models", "") + read_tables(import, top, "seeds", "") +
		       read_tables(import, top, "snapshots", "") + tree_is_list(sources);
	for (size_t i = 0; tree_is_list(sources) && i < sources->count; i++)
		read_tables(import, sources->items[i], "tables", import_print(import, "sources[%zu].", i));
	if (!lists)
		return import_refuse(import, top, "models",
			"properties of dbt have lists of models, seeds, snapshots or sources here");
	tree_leave_unknown(import, top, "", known, "this is not taken from dbt's properties");
	return true;
}
