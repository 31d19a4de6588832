/*
 * DVC's pipelines (dvc.yaml): what prepares the data, what trains, with which
 * parameters, and the metrics that came of it. Digests are dvc_lock.c.
 */
#include <string.h>
#include <strings.h>

#include "codec/number.h"
#include "import/columns.h"
#include "import/dvc.h"
#include "import/formats.h"
#include "import/packages.h"
#include "import/tree.h"

bool dvc_ends_with(const char *text, const char *const *endings)
{
	const size_t size = strlen(text);
	for (; *endings; endings++)
		if (size >= strlen(*endings) && strcasecmp(text + size - strlen(*endings), *endings) == 0)
			return true;
	return false;
}

bool dvc_is_code(const char *path)
{
	static const char *const endings[] = {".py", ".ipynb", ".r", ".sh", ".sql", ".jl", ".scala", ".yaml",
		".yml", ".toml", ".cfg", ".ini", ".c", ".cpp", ".rs", ".go", ".java", ".txt", ".lock", "src",
		"src/", "scripts", "code", NULL};
	return strncmp(path, "src/", 4) == 0 || dvc_ends_with(path, endings);
}

bool dvc_is_model(const char *path)
{
	static const char *const endings[] = {".pkl", ".pickle", ".joblib", ".h5", ".hdf5", ".keras", ".onnx",
		".pt", ".pth", ".ckpt", ".safetensors", ".cbm", ".ubj", ".model", ".tflite", "model",
		"models", "model/", "models/", ".mlmodel", ".bst", NULL};
	/* Features may be pickled too. */
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	return dvc_ends_with(path, endings) && (columns_kind(name) == KIND_NONE || strcasestr(name, "model"));
}

static const char *command_text(struct import *import, const struct codec_node *command)
{
	const char *text = "";
	if (!tree_is_list(command))
		return tree_text(command);
	for (size_t i = 0; i < command->count; i++)
		if (tree_text(command->items[i]))
			text = import_print(
				import, "%s%s%s", text, *text ? " && " : "", tree_text(command->items[i]));
	return text;
}

static enum dvc_work work_of(const char *name, const char *command)
{
	static const char *const evaluate[] = {"eval", "test", "metric", "score", NULL};
	for (size_t i = 0; evaluate[i]; i++)
		if (strcasestr(name, evaluate[i]))
			return DVC_EVALUATE;
	if (strcasestr(name, "train") || strcasestr(name, "fit"))
		return DVC_TRAIN;
	/* A name that tells nothing leaves it to the program that is run. */
	if (command && (strcasestr(command, "train.py") || strcasestr(command, "fit.py")))
		return DVC_TRAIN;
	return command && strcasestr(command, "evaluate.py") ? DVC_EVALUATE : DVC_PREPARE;
}

/* Stages that split or prepare training data are called after it too. */
enum dvc_work dvc_work(struct import *import, const char *name, const struct codec_node *stage)
{
	static const char *const before[] = {"split", "prepare", "prep", "process", "feature", "clean",
		"download", "fetch", "ingest", NULL};
	for (size_t i = 0; before[i]; i++)
		if (strcasestr(name, before[i]))
			return DVC_PREPARE;
	return work_of(name, command_text(import, tree_get(stage, "cmd")));
}

/* A path as seen from the project's top, as pointers and tables name it too. */
const char *dvc_place(struct import *import, const char *path)
{
	const char *slash = strrchr(import->file->path, '/');
	if (*path == '/' || strstr(path, "://") || !slash)
		return path;
	while (strncmp(path, "./", 2) == 0)
		path += 2;
	return import_print(import, "%.*s/%s", (int)(slash - import->file->path), import->file->path, path);
}

void dvc_parameters(struct import *import, const struct draft_place *model, const char *name,
	const struct codec_node *value, const char *path)
{
	if (tree_is_mapping(value)) {
		for (size_t i = 0; i < value->count; i++)
			dvc_parameters(import, model,
				*name ? import_print(import, "%s.%s", name, value->keys[i]->text)
				      : value->keys[i]->text,
				value->items[i], import_print(import, "%s.%s", path, value->keys[i]->text));
		return;
	}
	if (value->type != CODEC_NULL)
		packages_parameter(import, model, name,
			tree_is_list(value) ? tree_print(import, value) : tree_text(value), path);
}

/* One name that a stage asks for, of params.yaml. */
static void take_parameter(struct import *import, const char *file, const struct codec_node *values,
	const char *name, const char *path)
{
	const struct codec_node *value = *name ? tree_at(values, name) : values;
	struct import inner = *import;
	struct import_file named = *import->file;
	if (!values)
		return;
	if (!value) {
		import_leave(import, path, "%s has no parameter %s", file, name);
		return;
	}
	/* What is said is said by that file. */
	const char *slash = strrchr(import->file->path, '/');
	named.path = import_print(import, "%.*s%s", slash ? (int)(slash - import->file->path) + 1 : 0,
		import->file->path, file);
	inner.file = &named;
	dvc_parameters(
		&inner, import_descriptor(import, KIND_TRAINED_MODEL), name, value, *name ? name : "params");
}

/* params: [train.lr, {other.yaml: [a, b]}] */
static void read_parameters(struct import *import, const struct codec_node *list, const char *path)
{
	static const char usual[] = "params.yaml";
	const struct codec_node *values = NULL;
	bool asked = false;
	for (size_t i = 0; i < tree_count(list) && tree_is_list(list); i++) {
		const struct codec_node *item = list->items[i];
		const char *here = import_print(import, "%s[%zu]", path, i);
		if (tree_text(item) && !asked)
			values = dvc_parse_beside(import, usual);
		asked |= tree_text(item) != NULL;
		if (tree_text(item)) {
			take_parameter(import, usual, values, tree_text(item), here);
			continue;
		}
		for (size_t j = 0; tree_is_mapping(item) && j < item->count; j++) {
			const char *file = item->keys[j]->text;
			const struct codec_node *names = item->items[j],
						*others = dvc_parse_beside(import, file);
			if (!tree_count(names))
				take_parameter(import, file, others, "", here);
			for (size_t k = 0; k < tree_count(names); k++)
				if (tree_text(names->items[k]))
					take_parameter(
						import, file, others, tree_text(names->items[k]), here);
		}
	}
}

static void read_parameter_file(struct import *import, const char *file, const char *path)
{
	const struct codec_node *values = dvc_parse_beside(import, file);
	if (values)
		take_parameter(import, file, values, "", path);
	else
		import_leave(import, path, "%s is not there", file);
}

static void put_metrics(
	struct import *import, const char *name, const struct codec_node *value, const char *path)
{
	double number;
	for (size_t i = 0; tree_is_mapping(value) && i < value->count; i++)
		put_metrics(import,
			*name ? import_print(import, "%s.%s", name, value->keys[i]->text)
			      : value->keys[i]->text,
			value->items[i],
			import_print(import, "%s%s%s", path, *path ? "." : "", value->keys[i]->text));
	if (*name && tree_number(value, &number))
		packages_metric(import, import_descriptor(import, KIND_TRAINED_MODEL), "evaluation_metrics",
			name, number, path);
}

static void read_metric_file(struct import *import, const char *name, const char *path)
{
	const struct codec_node *top = dvc_parse_beside(import, name);
	struct import inner = *import;
	struct import_file named = *import->file;
	if (!top) {
		import_note(import, path, name);
		return;
	}
	named.path = dvc_place(import, name);
	inner.file = &named;
	put_metrics(&inner, "", top, "");
}

/* metrics: [a.json, {b.json: {cache: false}}] */
static void read_metrics(struct import *import, const struct dvc_values *values,
	const struct codec_node *list, const char *path)
{
	for (size_t i = 0; tree_is_list(list) && i < list->count; i++) {
		const struct codec_node *item = list->items[i];
		const char *name =
			tree_is_mapping(item) && item->count ? item->keys[0]->text : tree_text(item);
		if (name)
			read_metric_file(import, dvc_resolve(import, values, name),
				import_print(import, "%s[%zu]", path, i));
	}
}

static void read_step(struct import *import, const char *name, const char *command, const char *path)
{
	const enum model_kind kinds[] = {KIND_DATA_PIPELINE, KIND_TRAINING_DATA};
	const char *const lists[] = {"pipeline_steps", "preparation_process"};
	for (size_t i = 0; i < 2; i++) {
		const struct draft_place *step = import_named(import, import_descriptor(import, kinds[i]),
			lists[i], "data_processing_step", name, path);
		import_text(import, step, "data_processing_detail", command,
			import_print(import, "%s.cmd", path));
	}
}

/* A variable that is not known stays in a text; of a loop it has a value for each item. */
static const char *resolved(
	struct import *import, const struct dvc_values *values, const char *text, bool loop, const char *path)
{
	const char *made = dvc_resolve(import, values, text);
	const char *left = made && !loop ? strstr(made, "${") : NULL;
	if (left)
		import_leave(import, path, "nothing here tells what %.*s stands for",
			(int)strcspn(left, "}") + 1, left);
	return made;
}

static void note_whole(
	struct import *import, const struct codec_node *stage, const char *key, const char *path)
{
	const struct codec_node *node = tree_get(stage, key);
	if (node)
		import_note(import, *path ? import_print(import, "%s.%s", path, key) : key,
			tree_text(node) ? tree_text(node) : tree_print(import, node));
}

static void read_stage(struct import *import, const struct dvc_values *values, const char *name,
	const struct codec_node *stage)
{
	static const char *const known[] = {"cmd", "deps", "params", "outs", "metrics", "plots", "desc",
		"wdir", "frozen", "always_changed", "meta", "vars", NULL};
	const char *path = import_print(import, "stages.%s", name);
	const bool loop = tree_get(stage, "foreach") || tree_get(stage, "matrix");
	if (loop) {
		import_leave(import, path, "a stage is taken once, not for each item of its %s",
			tree_get(stage, "matrix") ? "matrix" : "foreach");
		if (tree_get(stage, "do"))
			stage = tree_get(stage, "do");
	} else {
		tree_leave_unknown(import, stage, path, known, "this is not known of DVC's stages");
	}
	const char *command = resolved(import, values, command_text(import, tree_get(stage, "cmd")), loop,
		import_print(import, "%s.cmd", path));
	const enum dvc_work work = dvc_work(import, name, stage);
	import_note(import, import_print(import, "%s.cmd", path), command);
	if (work == DVC_PREPARE)
		read_step(import, name, command, path);
	if (work == DVC_TRAIN) {
		import_text(import, import_descriptor(import, KIND_TRAINED_MODEL), "model_training_code",
			command, import_print(import, "%s.cmd", path));
		read_parameters(import, tree_get(stage, "params"), import_print(import, "%s.params", path));
	} else {
		note_whole(import, stage, "params", path);
	}
	note_whole(import, stage, "plots", path);
	note_whole(import, stage, "desc", path);
	read_metrics(import, values, tree_get(stage, "metrics"), import_print(import, "%s.metrics", path));
}

/* artifacts: what a team gives a name, a type and a description. */
static void read_artifact(struct import *import, const char *name, const struct codec_node *artifact)
{
	const char *path = import_print(import, "artifacts.%s", name);
	const char *type = tree_text(tree_get(artifact, "type")),
		   *file = tree_text(tree_get(artifact, "path"));
	const char *text = tree_text(tree_get(artifact, "desc"));
	const enum model_kind told = columns_kind(file ? file : name);
	const struct draft_place *at;
	if ((type && strcasecmp(type, "model") == 0) || (!type && file && dvc_is_model(file))) {
		at = import_descriptor(import, KIND_TRAINED_MODEL);
		import_text(import, at, "model_name", name, path);
		import_text(import, at, "model_description", text, import_print(import, "%s.desc", path));
		import_text(import, at, "artifact", file, import_print(import, "%s.path", path));
		return;
	}
	if (!type || !strcasestr(type, "data")) {
		import_leave(import, path, "only artifacts of the type model or dataset are taken");
		return;
	}
	at = import_descriptor(import, told == KIND_TRAINING_DATA ? told : KIND_RAW_DATA);
	import_text(import, at, "dataset_name", name, path);
	import_text(import, at, "dataset_description", text, import_print(import, "%s.desc", path));
}

static void read_pipeline(struct import *import, const struct codec_node *top)
{
	static const char *const known[] = {
		"stages", "params", "metrics", "plots", "artifacts", "vars", "datasets", "schema", NULL};
	const struct codec_node *stages = tree_get(top, "stages"), *artifacts = tree_get(top, "artifacts");
	const struct codec_node *files = tree_get(top, "params");
	const struct dvc_values values = dvc_values(import, tree_get(top, "vars"));
	for (size_t i = 0; tree_is_mapping(stages) && i < stages->count; i++)
		read_stage(import, &values, stages->keys[i]->text, stages->items[i]);
	for (size_t i = 0; tree_is_mapping(artifacts) && i < artifacts->count; i++)
		read_artifact(import, artifacts->keys[i]->text, artifacts->items[i]);
	read_metrics(import, &values, tree_get(top, "metrics"), "metrics");
	/* Files of parameters of the whole project, as dvclive writes them. */
	for (size_t i = 0; tree_is_list(files) && i < files->count; i++)
		if (tree_text(files->items[i]))
			read_parameter_file(
				import, tree_text(files->items[i]), import_print(import, "params[%zu]", i));
	note_whole(import, top, "plots", "");
	if (tree_is_mapping(stages))
		import_text(import, import_descriptor(import, KIND_DATA_PIPELINE), "pipeline_code",
			import->file->path, "stages");
	tree_leave_unknown(import, top, "", known, "this is not known of dvc.yaml");
}

/* Before 2.0 stages stood at a lock's top. */
static bool is_old_lock(const struct codec_node *top)
{
	for (size_t i = 0; tree_is_mapping(top) && i < top->count; i++)
		if (!tree_get(top->items[i], "cmd"))
			return false;
	return tree_is_mapping(top) && top->count > 0;
}

bool dvc_read(struct import *import)
{
	static const char *const locks[] = {".lock", NULL}, *const pointers[] = {".dvc", NULL};
	const struct codec_node *top = tree_yaml_one(import);
	if (!top)
		return false;
	const struct codec_node *stages = tree_get(top, "stages");
	if (tree_get(top, "outs") || dvc_ends_with(import->file->name, pointers))
		return dvc_read_pointer(import, top);
	if (is_old_lock(top))
		return dvc_read_lock(import, top);
	if (tree_is_mapping(stages) && (tree_get(top, "schema") || dvc_ends_with(import->file->name, locks)))
		return dvc_read_lock(import, stages);
	if (!tree_is_mapping(stages) && !tree_get(top, "artifacts") && !tree_get(top, "metrics") &&
		!tree_get(top, "plots") && !tree_get(top, "params") && !tree_get(top, "datasets"))
		return import_refuse(import, stages ? stages : top, "stages",
			"a pipeline of DVC has a mapping of stages here");
	read_pipeline(import, top);
	return true;
}
