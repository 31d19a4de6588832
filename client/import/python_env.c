/* python_env.yaml, which MLflow writes beside a model: the Python, and where its requirements are. */
#include <string.h>

#include "import/formats.h"
#include "import/packages.h"
#include "import/tree.h"

bool python_env_read(struct import *import)
{
	static const char *const known[] = {"python", "build_dependencies", "dependencies", NULL};
	const struct codec_node *top = tree_yaml_one(import);
	if (!top)
		return false;
	if (!tree_is_mapping(top))
		return import_refuse(import, top, "", "a mapping with python is expected");
	const struct draft_place *at = import_owner(import, KIND_DEVELOPMENT_ENVIRONMENT);
	const char *python = tree_text(tree_get(top, "python"));
	const struct codec_node *list = tree_get(top, "dependencies");
	struct requirement requirement;
	if (python)
		packages_language(import, at, "python", python, NULL, "python");
	for (size_t i = 0; i < tree_count(list); i++) {
		const char *text = tree_text(list->items[i]);
		const char *path = import_print(import, "dependencies[%zu]", i);
		if (text && strncmp(text, "-r ", 3) == 0)
			import_beside(import, text + 3, "requirements", import->part);
		else if (text && requirement_pip(import->arena, text, &requirement))
			packages_put(import, at, &requirement, path);
		else
			import_leave(import, path, "a requirement is expected here");
	}
	tree_leave_unknown(import, top, "", known, "this is not known of python_env.yaml");
	return true;
}
