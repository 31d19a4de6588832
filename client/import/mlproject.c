/* MLproject files: the parameters with which a project's steps are run. */
#include "import/formats.h"
#include "import/packages.h"
#include "import/tree.h"

static void read_parameter(struct import *import, const struct draft_place *model, const char *name,
	const struct codec_node *parameter, const char *path)
{
	const char *value = tree_text(parameter);
	if (!value)
		value = tree_text(tree_get(parameter, "default"));
	if (value)
		packages_parameter(import, model, name, value, import_print(import, "%s.default", path));
	else
		import_note(import, path, name);
}

static void read_entry(struct import *import, const struct draft_place *model, const char *name,
	const struct codec_node *entry)
{
	const char *path = import_print(import, "entry_points.%s", name);
	const struct codec_node *parameters = tree_get(entry, "parameters");
	import_text(import, model, "model_training_code", tree_text(tree_get(entry, "command")),
		import_print(import, "%s.command", path));
	for (size_t i = 0; tree_is_mapping(parameters) && i < parameters->count; i++)
		read_parameter(import, model, parameters->keys[i]->text, parameters->items[i],
			import_print(import, "%s.parameters.%s", path, parameters->keys[i]->text));
}

bool mlproject_read(struct import *import)
{
	static const char *const known[] = {
		"name", "entry_points", "conda_env", "python_env", "docker_env", NULL};
	const struct codec_node *top = tree_yaml_one(import);
	if (!top)
		return false;
	if (!tree_is_mapping(top))
		return import_refuse(import, top, "", "an MLproject file is a mapping with entry_points");
	const struct draft_place *model = import_descriptor(import, KIND_TRAINED_MODEL);
	const struct codec_node *entries = tree_get(top, "entry_points");
	import_note(import, "name", tree_text(tree_get(top, "name")));
	for (size_t i = 0; tree_is_mapping(entries) && i < entries->count; i++)
		if (entries->count == 1 || strcmp(entries->keys[i]->text, "main") == 0)
			read_entry(import, model, entries->keys[i]->text, entries->items[i]);
		else
			import_leave(import, import_print(import, "entry_points.%s", entries->keys[i]->text),
				"only the entry point main is taken");
	tree_leave_unknown(import, top, "", known, "this is not known of MLproject files");
	return true;
}
