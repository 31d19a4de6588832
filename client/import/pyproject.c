/* pyproject.toml: what a Python project requires, in the words of PEP 621 and of Poetry. */
#include <stdlib.h>
#include <string.h>

#include "import/formats.h"
#include "import/packages.h"
#include "import/toml.h"
#include "import/tree.h"

static void put(struct import *import, const struct draft_place *at, const char *text, const char *path)
{
	struct requirement requirement;
	if (requirement_pip(import->arena, text, &requirement))
		packages_put(import, at, &requirement, path);
	else
		import_leave(import, path, "\"%.100s\" is no requirement that pip understands", text);
}

static void read_project(
	struct import *import, const struct draft_place *at, const struct codec_node *project)
{
	const char *python = tree_text(tree_get(project, "requires-python"));
	const struct codec_node *list = tree_get(project, "dependencies");
	const struct codec_node *optional = tree_get(project, "optional-dependencies");
	import_note(import, "project.name", tree_text(tree_get(project, "name")));
	if (python)
		packages_language(import, at, "python", NULL, python, "project.requires-python");
	for (size_t i = 0; tree_is_list(list) && i < list->count; i++)
		if (tree_text(list->items[i]))
			put(import, at, tree_text(list->items[i]),
				import_print(import, "project.dependencies[%zu]", i));
	for (size_t i = 0; tree_is_mapping(optional) && i < optional->count; i++)
		import_note(import,
			import_print(import, "project.optional-dependencies.%s", optional->keys[i]->text),
			tree_print(import, optional->items[i]));
}

/* ^1.2.3 is >=1.2.3,<2.0: up to the next number at the first one that is not 0; ~1.2 is >=1.2,<1.3. */
static const char *range_of(struct import *import, const char *text)
{
	const char *version = text + 1 + strspn(text + 1, " ");
	long parts[3] = {0};
	int count = 0;
	for (const char *at = version; count < 3;) {
		char *end;
		parts[count] = strtol(at, &end, 10);
		if (end == at)
			return NULL;
		count++;
		if (*end != '.')
			break;
		at = end + 1;
	}
	int step = *text == '~' ? (count > 1 ? 1 : 0) : 0;
	while (*text == '^' && step < count - 1 && parts[step] == 0)
		step++;
	return step == 0 ? import_print(import, ">=%s,<%ld", version, parts[0] + 1)
	       : step == 1
		       ? import_print(import, ">=%s,<%ld.%ld", version, parts[0], parts[1] + 1)
		       : import_print(import, ">=%s,<%ld.%ld.%ld", version, parts[0], parts[1], parts[2] + 1);
}

/* Poetry's versions as PEP 440 writes them. @return NULL when it is none */
static const char *poetry_specifier(struct import *import, const char *text)
{
	if (strcmp(text, "*") == 0)
		return "";
	if (*text == '^' || (*text == '~' && text[1] != '='))
		return range_of(import, text);
	return strchr("<>=!~", *text) ? text : import_print(import, "==%s", text);
}

static void read_poetry(struct import *import, const struct draft_place *at, const struct codec_node *list)
{
	for (size_t i = 0; tree_is_mapping(list) && i < list->count; i++) {
		const char *name = list->keys[i]->text, *text = tree_text(list->items[i]);
		const char *path = import_print(import, "tool.poetry.dependencies.%s", name);
		if (!text)
			text = tree_text(tree_get(list->items[i], "version"));
		const char *specifier = text ? poetry_specifier(import, text) : NULL;
		if (!specifier)
			import_leave(import, path, "a version is expected here, such as \"^1.2\"");
		else if (strcmp(name, "python") == 0)
			packages_language(import, at, "python", NULL, specifier, path);
		else
			put(import, at, import_print(import, "%s%s", name, specifier), path);
	}
}

bool pyproject_read(struct import *import)
{
	const struct codec_node *top = toml_parse(import);
	if (!top)
		return false;
	const struct draft_place *at = import_owner(import, KIND_DEVELOPMENT_ENVIRONMENT);
	const struct codec_node *project = tree_get(top, "project");
	const struct codec_node *poetry = tree_at(top, "tool.poetry.dependencies");
	read_project(import, at, project);
	read_poetry(import, at, poetry);
	if (!project && !poetry)
		import_leave(import, "project", "neither [project] nor [tool.poetry.dependencies] is there");
	return true;
}
