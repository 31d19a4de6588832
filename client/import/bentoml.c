/* BentoML's build files: what the service's image has, and what it serves. */
#include <string.h>

#include "import/formats.h"
#include "import/packages.h"
#include "import/tree.h"

static void read_package(
	struct import *import, const struct draft_place *at, const char *text, const char *path)
{
	struct requirement requirement;
	if (*text == '-')
		import_leave(import, path, "an option of pip is not followed: %s", text);
	else if (requirement_pip(import->arena, text, &requirement))
		packages_put(import, at, &requirement, path);
	else
		import_leave(import, path, "\"%s\" is no requirement that pip understands", text);
}

/* A file of packages that the bentofile names. */
static void read_beside(struct import *import, const char *file, const char *format, const char *path)
{
	if (file && !import_open_beside(import, file))
		import_leave(import, path, "%s is not there, so its packages are not known", file);
	else if (file)
		import_beside(import, file, format, KIND_PRODUCTION_ENVIRONMENT);
}

static void read_python(struct import *import, const struct draft_place *at, const struct codec_node *python)
{
	static const char *const known[] = {"packages", "requirements_txt", "pyproject_toml", "lock_packages",
		"pack_git_packages", "index_url", "extra_index_url", "no_index", "trusted_host", "find_links",
		"pip_args", NULL};
	const struct codec_node *list = tree_get(python, "packages");
	const char *file = tree_text(tree_get(python, "requirements_txt"));
	const char *lock = tree_text(tree_get(python, "pyproject_toml"));
	for (size_t i = 0; tree_is_list(list) && i < list->count; i++)
		if (tree_text(list->items[i]))
			read_package(import, at, tree_text(list->items[i]),
				import_print(import, "python.packages[%zu]", i));
	read_beside(import, file, "requirements", "python.requirements_txt");
	read_beside(import, lock, "pyproject", "python.pyproject_toml");
	tree_leave_unknown(import, python, "python", known, "this is not taken from bentofiles");
}

/* 3.10.4 is a release, 3.10 any of its patches. */
static void put_python(struct import *import, const struct draft_place *at, const char *version)
{
	const char *dot = version ? strchr(version, '.') : NULL;
	const bool whole = dot && strchr(dot + 1, '.');
	if (version)
		packages_language(import, at, "python", whole ? version : NULL,
			whole ? NULL : import_print(import, "==%s.*", version), "docker.python_version");
}

static void note_each(struct import *import, const struct codec_node *list, const char *path)
{
	for (size_t i = 0; i < tree_count(list); i++)
		import_note(import,
			tree_is_list(list) ? import_print(import, "%s[%zu]", path, i)
					   : import_print(import, "%s.%s", path, list->keys[i]->text),
			tree_text(list->items[i]));
}

static void read_docker(struct import *import, const struct draft_place *at, const struct codec_node *docker)
{
	static const char *const known[] = {"distro", "python_version", "cuda_version", "system_packages",
		"base_image", "dockerfile_template", "env", NULL};
	const char *file = tree_text(tree_get(docker, "dockerfile_template"));
	import_text(import, at, "image", tree_text(tree_get(docker, "base_image")), "docker.base_image");
	import_note(import, "docker.distro", tree_text(tree_get(docker, "distro")));
	import_note(import, "docker.cuda_version", tree_text(tree_get(docker, "cuda_version")));
	put_python(import, at, tree_text(tree_get(docker, "python_version")));
	note_each(import, tree_get(docker, "system_packages"), "docker.system_packages");
	note_each(import, tree_get(docker, "env"), "docker.env");
	if (file)
		import_leave(import, "docker.dockerfile_template", "the template %s is not read", file);
	tree_leave_unknown(import, docker, "docker", known, "this is not taken from bentofiles");
}

static void read_conda(struct import *import, const struct draft_place *at, const struct codec_node *conda)
{
	const struct codec_node *list = tree_get(conda, "dependencies");
	const char *file = tree_text(tree_get(conda, "environment_yml"));
	struct requirement requirement;
	for (size_t i = 0; tree_is_list(list) && i < list->count; i++) {
		const char *text = tree_text(list->items[i]);
		const char *path = import_print(import, "conda.dependencies[%zu]", i);
		if (text && requirement_conda(import->arena, text, &requirement))
			packages_put(import, at, &requirement, path);
		else
			import_leave(import, path, "a requirement of conda is expected here");
	}
	read_beside(import, file, "conda", "conda.environment_yml");
}

/* models: ["iris:latest", {tag: "iris:v1", alias: iris}] */
static void read_models(struct import *import, const struct draft_place *at, const struct codec_node *list)
{
	for (size_t i = 0; tree_is_list(list) && i < list->count; i++) {
		const char *tag = tree_text(list->items[i]);
		const char *path = import_print(import, "models[%zu]", i);
		if (!tag)
			tag = tree_text(tree_get(list->items[i], "tag"));
		if (i == 0)
			import_text(import, at, "model_artifact", tag, path);
		else if (tag)
			import_leave(import, path, "one model is taken, and %s is another one", tag);
	}
}

static void read_envs(struct import *import, const struct codec_node *list)
{
	for (size_t i = 0; tree_is_list(list) && i < list->count; i++)
		import_note(import, import_print(import, "envs[%zu]", i),
			tree_text(tree_get(list->items[i], "name")));
}

bool bentoml_read(struct import *import)
{
	static const char *const known[] = {"service", "name", "description", "labels", "include", "exclude",
		"python", "docker", "conda", "models", "envs", "args", NULL};
	const struct codec_node *top = tree_yaml_one(import);
	if (!top)
		return false;
	const char *service = tree_text(tree_get(top, "service"));
	if (!service && !tree_get(top, "python") && !tree_get(top, "docker"))
		return import_refuse(
			import, top, "service", "a bentofile names its service here: \"service:Name\"");
	const struct draft_place *at = import_descriptor(import, KIND_PRODUCTION_ENVIRONMENT);
	if (service)
		import_text(import, at, "deployment_mechanism",
			import_print(import, "BentoML service %s", service), "service");
	read_python(import, at, tree_get(top, "python"));
	read_docker(import, at, tree_get(top, "docker"));
	read_conda(import, at, tree_get(top, "conda"));
	read_models(import, at, tree_get(top, "models"));
	read_envs(import, tree_get(top, "envs"));
	note_each(import, tree_get(top, "labels"), "labels");
	import_note(import, "name", tree_text(tree_get(top, "name")));
	import_note(import, "description", tree_text(tree_get(top, "description")));
	tree_leave_unknown(import, top, "", known, "this is not known of bentofiles");
	return true;
}
