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

static void read_python(struct import *import, const struct draft_place *at, const struct codec_node *python)
{
	const struct codec_node *list = tree_get(python, "packages");
	const char *file = tree_text(tree_get(python, "requirements_txt"));
	const char *lock = tree_text(tree_get(python, "pyproject_toml"));
	for (size_t i = 0; tree_is_list(list) && i < list->count; i++)
		if (tree_text(list->items[i]))
			read_package(import, at, tree_text(list->items[i]),
				import_print(import, "python.packages[%zu]", i));
	if (file)
		import_beside(import, file, "requirements", KIND_PRODUCTION_ENVIRONMENT);
	if (lock)
		import_beside(import, lock, "pyproject", KIND_PRODUCTION_ENVIRONMENT);
}

static void read_docker(struct import *import, const struct draft_place *at, const struct codec_node *docker)
{
	const char *file = tree_text(tree_get(docker, "dockerfile_template"));
	import_text(import, at, "image", tree_text(tree_get(docker, "base_image")), "docker.base_image");
	import_note(import, "docker.distro", tree_text(tree_get(docker, "distro")));
	import_note(import, "docker.cuda_version", tree_text(tree_get(docker, "cuda_version")));
	if (tree_text(tree_get(docker, "python_version")))
		packages_language(import, at, "python", tree_text(tree_get(docker, "python_version")), NULL,
			"docker.python_version");
	if (file)
		import_leave(import, "docker.dockerfile_template", "the template %s is not read", file);
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
	if (file)
		import_beside(import, file, "conda", KIND_PRODUCTION_ENVIRONMENT);
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
	tree_leave_unknown(import, top, "", known, "this is not known of bentofiles");
	return true;
}
