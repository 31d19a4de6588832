/* MLServer's settings of a model: what it takes and gives, which runtime loads it and from where. */
#include <string.h>

#include "import/formats.h"
#include "import/packages.h"
#include "import/tree.h"

bool mlserver_looks(const char *head, size_t size)
{
	return memmem(head, size, "\"implementation\"", 16) || memmem(head, size, "\"uri\"", 5);
}

/* mlserver_sklearn.SKLearnModel: which framework a runtime is of. */
static const struct {
	const char *runtime, *package;
} runtimes[] = {
	{"mlserver_sklearn", "scikit-learn"},
	{"mlserver_xgboost", "xgboost"},
	{"mlserver_lightgbm", "lightgbm"},
	{"mlserver_catboost", "catboost"},
	{"mlserver_huggingface", "transformers"},
	{"mlserver_onnx", "onnxruntime"},
	{"mlserver_mllib", "pyspark"},
};

static void read_runtime(struct import *import, const struct draft_place *model,
	const struct draft_place *environment, const char *runtime)
{
	for (size_t i = 0; i < sizeof(runtimes) / sizeof(runtimes[0]); i++) {
		if (strncmp(runtime, runtimes[i].runtime, strlen(runtimes[i].runtime)) != 0)
			continue;
		const char *framework = requirement_framework(runtimes[i].package);
		import_add(import, model, "ml_frameworks", framework ? framework : runtimes[i].package,
			"implementation");
	}
	import_text(import, environment, "deployment_mechanism",
		import_print(import, "MLServer with %s", runtime), "implementation");
}

static void read_shape(struct import *import, const struct draft_place *specification,
	const struct codec_node *shape, const char *path)
{
	int64_t size;
	for (size_t i = 0; i < tree_count(shape); i++)
		if (tree_integer(shape->items[i], &size))
			import_add_integer(import, specification, "shape", size, path);
		else
			import_leave(import, path, "the size of a dimension is expected here");
}

static void read_tensors(struct import *import, const struct draft_place *model, const char *field,
	const struct codec_node *list, const char *key)
{
	for (size_t i = 0; tree_is_list(list) && i < list->count; i++) {
		const struct codec_node *tensor = list->items[i];
		const char *name = tree_text(tree_get(tensor, "name"));
		const char *path = import_print(import, "%s[%zu]", key, i);
		if (!name) {
			import_leave(import, path, "a tensor has its name here");
			continue;
		}
		const struct draft_place *item = import_named(import, model, field, "item_name", name, path);
		/* Bytes are texts where their content says so. */
		import_text(import, item, "item_type", tree_text(tree_get(tensor, "datatype")),
			import_print(import, "%s.datatype", path));
		import_note(import, import_print(import, "%s.parameters.content_type", path),
			tree_text(tree_at(tensor, "parameters.content_type")));
		read_shape(import, import_part(import, item, "item_specification"), tree_get(tensor, "shape"),
			import_print(import, "%s.shape", path));
	}
}

/* Models of one project are told apart by the folders that they are in. */
static const struct draft_place *model_of(struct import *import)
{
	const char *slash = strrchr(import->file->path, '/');
	const char *folder =
		slash ? arena_copy(import->arena, import->file->path, (size_t)(slash - import->file->path))
		      : NULL;
	return import_descriptor_of(import, KIND_TRAINED_MODEL, import->subject ? import->subject : folder);
}

bool mlserver_read(struct import *import)
{
	static const char *const known[] = {"name", "implementation", "inputs", "outputs", "parameters",
		"platform", "versions", "max_batch_size", "max_batch_time", "parallel_workers",
		"warm_workers", "cache_enabled", NULL};
	int64_t workers;
	const struct codec_node *top = tree_json(import);
	if (!top)
		return false;
	const char *name = tree_text(tree_get(top, "name")),
		   *runtime = tree_text(tree_get(top, "implementation"));
	if (!tree_is_mapping(top) || (!name && !runtime))
		return import_refuse(import, top, "implementation",
			"settings of MLServer name the model or the runtime that loads it");
	const struct draft_place *model = model_of(import);
	const struct draft_place *environment = import_descriptor(import, KIND_PRODUCTION_ENVIRONMENT);
	import_text(import, model, "model_name", name, "name");
	if (runtime)
		read_runtime(import, model, environment, runtime);
	import_text(import, model, "model_version", tree_text(tree_at(top, "parameters.version")),
		"parameters.version");
	import_text(import, environment, "model_artifact", tree_text(tree_at(top, "parameters.uri")),
		"parameters.uri");
	if (tree_integer(tree_get(top, "parallel_workers"), &workers) && workers > 0)
		import_integer(import, environment, "concurrency", workers, "parallel_workers");
	import_note(import, "max_batch_size", tree_text(tree_get(top, "max_batch_size")));
	read_tensors(import, model, "input_signature", tree_get(top, "inputs"), "inputs");
	read_tensors(import, model, "output_spec", tree_get(top, "outputs"), "outputs");
	tree_leave_unknown(import, top, "", known, "this is not known of MLServer's settings");
	return true;
}
