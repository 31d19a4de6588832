/* MLServer's settings of a model: what it takes and gives, which runtime loads it and from where. */
#include <string.h>

#include "import/formats.h"
#include "import/packages.h"
#include "import/tree.h"

bool mlserver_looks(const char *head, size_t size)
{
	return memmem(head, size, "\"implementation\"", 16) || memmem(head, size, "\"uri\"", 5) ||
	       memmem(head, size, "\"parallel_workers\"", 18) || memmem(head, size, "\"http_port\"", 11);
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
		static const char *const known[] = {"name", "datatype", "shape", "parameters", "tags", NULL};
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
		tree_leave_unknown(import, tensor, path, known, "this is not known of tensors");
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

/* What is of use to those who run it, and has no place. */
static void note_settings(struct import *import, const struct codec_node *top, const char *const *keys)
{
	for (; *keys; keys++)
		import_note(import, *keys, tree_text(tree_at(top, *keys)));
}

static void put_workers(
	struct import *import, const struct draft_place *environment, const struct codec_node *top)
{
	int64_t workers;
	/* 0: it works in the server's own process. */
	if (tree_integer(tree_get(top, "parallel_workers"), &workers) && workers > 0)
		import_integer(import, environment, "concurrency", workers, "parallel_workers");
}

/* settings.json: of the server and all its models. */
static bool read_server(struct import *import, const struct codec_node *top)
{
	static const char *const notes[] = {"http_port", "grpc_port", "metrics_port", "metrics_endpoint",
		"host", "load_models_at_startup", "debug", "server_name", NULL};
	static const char *const known[] = {"http_port", "grpc_port", "metrics_port", "metrics_endpoint",
		"host", "load_models_at_startup", "debug", "server_name", "parallel_workers",
		"server_version", "root_path", "logging_settings", "use_structured_logging",
		"environments_dir", "model_repository_root", "metrics_dir", "metrics_rest_server_prefix",
		"cors_settings", "grpc_max_message_length", NULL};
	const struct draft_place *environment = import_descriptor(import, KIND_PRODUCTION_ENVIRONMENT);
	put_workers(import, environment, top);
	/* The settings of its models tell it better. */
	import->strength = DRAFT_WEAK;
	import_text(import, environment, "deployment_mechanism", "MLServer", "http_port");
	import->strength = DRAFT_FIRM;
	note_settings(import, top, notes);
	tree_leave_unknown(import, top, "", known, "this is not known of MLServer's settings");
	return true;
}

bool mlserver_read(struct import *import)
{
	static const char *const known[] = {"name", "implementation", "inputs", "outputs", "parameters",
		"platform", "versions", "max_batch_size", "max_batch_time", "parallel_workers",
		"warm_workers", "cache_enabled", NULL};
	static const char *const inner[] = {"uri", "version", "content_type", "format", "environment_tarball",
		"environment_path", "extra", NULL};
	static const char *const notes[] = {"platform", "max_batch_size", "max_batch_time", "cache_enabled",
		"parameters.content_type", "parameters.format", "parameters.environment_tarball", NULL};
	const struct codec_node *top = tree_json(import);
	if (!top)
		return false;
	if (!tree_get(top, "implementation") && !tree_get(top, "parameters") &&
		(tree_get(top, "http_port") || tree_get(top, "parallel_workers")))
		return read_server(import, top);
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
	put_workers(import, environment, top);
	note_settings(import, top, notes);
	if (tree_count(tree_at(top, "parameters.extra")))
		import_note(import, "parameters.extra", tree_print(import, tree_at(top, "parameters.extra")));
	read_tensors(import, model, "input_signature", tree_get(top, "inputs"), "inputs");
	read_tensors(import, model, "output_spec", tree_get(top, "outputs"), "outputs");
	tree_leave_unknown(import, tree_get(top, "parameters"), "parameters", inner,
		"this is not known of a model's parameters");
	tree_leave_unknown(import, top, "", known, "this is not known of MLServer's settings");
	return true;
}
