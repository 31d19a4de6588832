/*
 * Checkpoints of Great Expectations: which suite is held against which data
 * before a pipeline goes on. Each such pair is a test case of the pipeline.
 */
#include <string.h>

#include "import/formats.h"
#include "import/tree.h"

bool great_expectations_checkpoint_looks(const char *head, size_t size)
{
	if (memmem(head, size, "validation_definitions", 22))
		return true;
	return memmem(head, size, "validations", 11) && memmem(head, size, "expectation_suite_name", 22);
}

static void put_case(
	struct import *import, const char *name, const char *suite, const char *asset, const char *path)
{
	const struct draft_place *test = import_named(import, import_descriptor(import, KIND_DATA_PIPELINE),
		"test_cases", "test_case_name", name, path);
	const char *text = suite ? import_print(import, "suite %s", suite) : NULL;
	if (asset)
		text = import_print(import, "%s%s%s", text ? text : "", text ? " of " : "", asset);
	import_text(import, test, "tested_property", text, path);
	import_text(import, test, "file", import->file->path, path);
}

static const char *asset_of(const struct codec_node *request)
{
	static const char *const keys[] = {"data_asset_name", "datasource_name", "name"};
	const char *asset = NULL;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]) && !asset; i++)
		asset = tree_text(tree_get(request, keys[i]));
	return asset;
}

/* validations: [{batch_request: {…}, expectation_suite_name: s}], and what all of them have at the top. */
static void read_validations(
	struct import *import, const struct codec_node *top, const struct codec_node *list, const char *name)
{
	const char *usual = tree_text(tree_get(top, "expectation_suite_name"));
	for (size_t i = 0; i < list->count; i++) {
		const struct codec_node *one = list->items[i], *request = tree_get(one, "batch_request");
		const char *path = import_print(import, "validations[%zu]", i);
		const char *suite = tree_text(tree_get(one, "expectation_suite_name"));
		if (!suite)
			suite = usual;
		if (!suite) {
			import_leave(import, path, "a validation names its suite: expectation_suite_name");
			continue;
		}
		put_case(import, list->count > 1 ? import_print(import, "%s: %s", name, suite) : name, suite,
			asset_of(request ? request : tree_get(top, "batch_request")), path);
	}
	if (list->count == 0 && usual)
		put_case(import, name, usual, asset_of(tree_get(top, "batch_request")),
			"expectation_suite_name");
}

/* Since 1.0 what is validated stands in files of their own, which are only named here. */
static void read_definitions(struct import *import, const struct codec_node *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++) {
		const char *path = import_print(import, "validation_definitions[%zu]", i);
		const char *definition = tree_text(list->items[i]);
		if (!definition)
			definition = tree_text(tree_get(list->items[i], "name"));
		if (definition)
			put_case(import,
				list->count > 1 ? import_print(import, "%s: %s", name, definition) : name,
				NULL, import_print(import, "validation %s", definition), path);
		else
			import_leave(import, path, "a validation definition has its name here");
	}
}

bool great_expectations_checkpoint_read(struct import *import)
{
	static const char *const known[] = {"name", "config_version", "class_name", "module_name",
		"template_name", "run_name_template", "expectation_suite_name", "batch_request",
		"validations", "id", "ge_cloud_id", "expectation_suite_ge_cloud_id", "expectation_suite_id",
		"evaluation_parameters", "suite_parameters", "runtime_configuration",
		"validation_definitions", "profilers", "result_format", "action_list", "actions",
		"site_names", "slack_webhook", "notify_on", "notify_with", NULL};
	static const char *const actions[] = {"action_list", "actions"};
	const struct codec_node *top = tree_any(import);
	if (!top)
		return false;
	const struct codec_node *list = tree_get(top, "validations");
	const struct codec_node *definitions = tree_get(top, "validation_definitions");
	const char *name = tree_text(tree_get(top, "name"));
	if (!tree_is_list(list) && !tree_is_list(definitions))
		return import_refuse(import, list ? list : top, "validations",
			"a checkpoint of Great Expectations has a list of validations here");
	if (!name)
		name = import->file->name;
	if (tree_is_list(list))
		read_validations(import, top, list, name);
	if (tree_is_list(definitions))
		read_definitions(import, definitions, name);
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (tree_get(top, actions[i]))
			import_note(import, actions[i], tree_print(import, tree_get(top, actions[i])));
	tree_leave_unknown(import, top, "", known, "this is not known of checkpoints");
	return true;
}
