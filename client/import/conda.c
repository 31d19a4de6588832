/* Conda environments: environment.yml, conda.yaml. */
#include <string.h>

#include "import/formats.h"
#include "import/packages.h"
#include "import/tree.h"

bool conda_looks(const char *head, size_t size)
{
	return memmem(head, size, "dependencies", 12) != NULL;
}

static void read_one(
	struct import *import, const struct draft_place *at, const char *text, bool pip, const char *path)
{
	struct requirement requirement;
	if (pip && *text == '-')
		import_leave(import, path, "an option of pip is not followed: %s", text);
	else if (pip ? requirement_pip(import->arena, text, &requirement)
		     : requirement_conda(import->arena, text, &requirement))
		packages_put(import, at, &requirement, path);
	else
		import_leave(import, path, "\"%s\" is no requirement that %s understands", text,
			pip ? "pip" : "conda");
}

static void read_list(struct import *import, const struct draft_place *at, const struct codec_node *list,
	bool pip, const char *path)
{
	for (size_t i = 0; i < tree_count(list); i++) {
		const struct codec_node *item = list->items[i];
		const char *here = import_print(import, "%s[%zu]", path, i);
		if (tree_text(item))
			read_one(import, at, tree_text(item), pip, here);
		else if (!pip && tree_is_list(tree_get(item, "pip")))
			read_list(import, at, tree_get(item, "pip"), true,
				import_print(import, "%s.pip", here));
		else if (item->type != CODEC_NULL && !tree_is_mapping(item))
			import_leave(import, here, "a requirement is expected here");
	}
}

bool conda_read(struct import *import)
{
	static const char *const known[] = {"name", "channels", "dependencies", "prefix", "variables", NULL};
	const struct codec_node *top = tree_yaml_one(import);
	if (!top)
		return false;
	const struct codec_node *list = tree_get(top, "dependencies");
	if (!tree_is_list(list))
		return import_refuse(import, list ? list : top, "dependencies",
			"a conda environment has a list of packages here");
	import_note(import, "name", tree_text(tree_get(top, "name")));
	read_list(import, import_owner(import, KIND_DEVELOPMENT_ENVIRONMENT), list, false, "dependencies");
	tree_leave_unknown(import, top, "", known, "this is not known of conda environments");
	return true;
}
