/*
 * MLflow models: the MLmodel file, and with it what stands beside it (the
 * environment that it asks for, the run that made it). Of a signature the
 * inputs also stand in for the pipeline's input where nothing else tells it.
 */
#include <string.h>

#include "import/formats.h"
#include "import/packages.h"
#include "import/quantity.h"
#include "import/tree.h"

/* Which package a flavor's version is of, where the flavor has another name. */
static const struct {
	const char *flavor, *package;
} flavor_packages[] = {
	{"sklearn", "scikit-learn"},
	{"pytorch", "torch"},
	{"xgb", "xgboost"},
	{"lgb", "lightgbm"},
	{"cb", "catboost"},
	{"diviner", "diviner"},
	{"spark", "pyspark"},
	{"ag", "autogluon"},
};

static const char *package_of(const char *flavor)
{
	for (size_t i = 0; i < sizeof(flavor_packages) / sizeof(flavor_packages[0]); i++)
		if (strcmp(flavor_packages[i].flavor, flavor) == 0)
			return flavor_packages[i].package;
	return flavor;
}

static void put_version(struct import *import, const struct draft_place *model, const char *package,
	const char *version, const char *path)
{
	struct requirement requirement;
	if (requirement_pip(import->arena, import_print(import, "%s==%s", package, version), &requirement))
		packages_put(import, model, &requirement, path);
	else
		import_leave(import, path, "\"%s\" is no version", version);
}

/* Keys that end in _version are packages' versions; python_version is the language's. */
static void read_versions(struct import *import, const struct draft_place *model,
	const struct codec_node *flavor, const char *path)
{
	static const char ending[] = "_version";
	for (size_t i = 0; i < tree_count(flavor); i++) {
		const char *key = flavor->keys[i]->text, *version = tree_text(flavor->items[i]);
		const size_t size = strlen(key), rest = sizeof(ending) - 1;
		if (size <= rest || strcmp(key + size - rest, ending) != 0 || !version)
			continue;
		const char *at = import_print(import, "%s.%s", path, key);
		const char *name = arena_copy(import->arena, key, size - rest);
		if (strcmp(name, "python") == 0)
			packages_language(import, model, "python", version, NULL, at);
		else
			put_version(import, model, package_of(name), version, at);
	}
}

/* The file that holds the weights, by the flavors' different words. */
static void read_artifact(struct import *import, const struct draft_place *model,
	const struct codec_node *flavor, const char *path)
{
	static const char *const keys[] = {
		"pickled_model", "model_path", "data", "saved_model_dir", "python_model", NULL};
	const char *folder = import_folder(import);
	for (size_t i = 0; keys[i]; i++) {
		const char *file = tree_text(tree_get(flavor, keys[i]));
		if (!file || strpbrk(file, ":\\"))
			continue;
		import_text(import, model, "artifact",
			import_print(import, "%s%s%s", folder ? folder : "", folder ? "/" : "", file),
			import_print(import, "%s.%s", path, keys[i]));
		return;
	}
}

static void read_flavor(struct import *import, const struct draft_place *model, const char *name,
	const struct codec_node *flavor)
{
	const char *path = import_print(import, "flavors.%s", name);
	import_note(import, path, name);
	import_note(import, import_print(import, "%s.loader_module", path),
		tree_text(tree_get(flavor, "loader_module")));
	read_versions(import, model, flavor, path);
	if (strcmp(name, "python_function") == 0)
		return;
	const char *framework = requirement_framework(package_of(name));
	import_add(import, model, "ml_frameworks", framework ? framework : name, path);
	import_text(import, model, "serialization", tree_text(tree_get(flavor, "serialization_format")),
		import_print(import, "%s.serialization_format", path));
	read_artifact(import, model, flavor, path);
}

static bool read_flavors(struct import *import, const struct draft_place *model, const struct codec_node *top)
{
	const struct codec_node *flavors = tree_get(top, "flavors");
	if (!tree_is_mapping(flavors))
		return import_refuse(import, flavors ? flavors : top, "flavors",
			"an MLmodel file has a mapping of flavors here");
	for (size_t i = 0; i < flavors->count; i++)
		read_flavor(import, model, flavors->keys[i]->text, flavors->items[i]);
	/* With several flavors python_function only wraps the other one. */
	const struct codec_node *generic = tree_get(flavors, "python_function");
	if (generic && flavors->count == 1)
		read_artifact(import, model, generic, "flavors.python_function");
	return true;
}

static void read_shape(struct import *import, const struct draft_place *specification,
	const struct codec_node *shape, const char *path)
{
	int64_t size;
	for (size_t i = 0; i < tree_count(shape); i++)
		if (tree_integer(shape->items[i], &size))
			import_add_integer(import, specification, "shape", size, path);
}

/* Arrays, objects and maps of MLflow 2.10 and later: the type is kept as the text of its JSON. */
static const char *type_text(struct import *import, const struct codec_node *column)
{
	const char *type = tree_text(tree_get(column, "type"));
	const struct codec_node *items = tree_get(column, "items"), *values = tree_get(column, "values");
	if (items && type)
		return import_print(import, "%s(%s)", type, type_text(import, items));
	if (values && type)
		return import_print(import, "%s(%s)", type, type_text(import, values));
	return type ? type : "unknown";
}

/* One column or tensor. */
static void read_item(struct import *import, const struct draft_place *at, const char *list,
	const struct codec_node *column, const char *path)
{
	const char *name = tree_text(tree_get(column, "name"));
	const struct draft_place *item = name ? import_named(import, at, list, "item_name", name, path)
					      : import_item(import, at, list, strrchr(path, '['), path);
	const struct draft_place *specification = import_part(import, item, "item_specification");
	const struct codec_node *tensor = tree_get(column, "tensor-spec");
	bool required;
	if (tensor) {
		import_text(import, item, "item_type", tree_text(tree_get(tensor, "dtype")),
			import_print(import, "%s.tensor-spec.dtype", path));
		read_shape(import, specification, tree_get(tensor, "shape"),
			import_print(import, "%s.tensor-spec.shape", path));
	} else {
		import_text(import, item, "item_type", type_text(import, column),
			import_print(import, "%s.type", path));
	}
	if (tree_flag(tree_get(column, "required"), &required))
		import_flag(import, specification, "optional_value", !required,
			import_print(import, "%s.required", path));
	if (tree_get(column, "properties"))
		import_leave(import, import_print(import, "%s.properties", path),
			"the fields inside an object are not taken");
}

/* A side of the signature: JSON inside a YAML text. @return false with a fault; *items NULL when not given */
static bool parse_side(struct import *import, const struct codec_node *signature, const char *side,
	const struct codec_node **items)
{
	const struct codec_node *text = tree_get(signature, side);
	const char *path = import_print(import, "signature.%s", side);
	*items = NULL;
	if (!text)
		return true;
	if (text->type != CODEC_SCALAR)
		return import_refuse(import, text, path, "a text that holds JSON is expected here");
	*items = tree_json_text(import, text->text, text->text_size, path);
	if (!*items)
		return false;
	if ((*items)->type == CODEC_NULL)
		*items = NULL;
	else if ((*items)->type != CODEC_SEQUENCE)
		return import_refuse(import, text, path, "a list of columns or tensors is expected here");
	return true;
}

static void read_items(struct import *import, const struct draft_place *at, const char *list,
	const struct codec_node *items, const char *side)
{
	for (size_t i = 0; i < tree_count(items); i++)
		read_item(import, at, list, items->items[i],
			import_print(import, "signature.%s[%zu]", side, i));
}

static void note_parameters(struct import *import, const struct codec_node *parameters)
{
	for (size_t i = 0; i < tree_count(parameters); i++)
		import_note(import, import_print(import, "signature.params[%zu]", i),
			tree_print(import, parameters->items[i]));
}

static bool read_signature(
	struct import *import, const struct draft_place *model, const struct codec_node *top)
{
	const struct codec_node *signature = tree_get(top, "signature"), *inputs, *outputs, *parameters;
	if (!signature)
		return true;
	if (!parse_side(import, signature, "inputs", &inputs) ||
		!parse_side(import, signature, "outputs", &outputs) ||
		!parse_side(import, signature, "params", &parameters))
		return false;
	read_items(import, model, "input_signature", inputs, "inputs");
	read_items(import, model, "output_spec", outputs, "outputs");
	note_parameters(import, parameters);
	import->strength = DRAFT_WEAK;
	read_items(import, import_descriptor(import, KIND_DATA_PIPELINE), "input_spec", inputs, "inputs");
	import->strength = DRAFT_FIRM;
	return true;
}

static void read_identity(
	struct import *import, const struct draft_place *model, const struct codec_node *top)
{
	const char *uuid = tree_text(tree_get(top, "model_uuid")), *run = tree_text(tree_get(top, "run_id"));
	const char *artifact = tree_text(tree_get(top, "artifact_path"));
	import_text(import, model, "model_version", uuid ? uuid : run, uuid ? "model_uuid" : "run_id");
	import_note(import, "run_id", run);
	import_text(import, model, "training_date", tree_text(tree_get(top, "utc_time_created")),
		"utc_time_created");
	/* "model" is what MLflow's examples call every model; a path is its author's machine. */
	if (artifact && !strpbrk(artifact, "/\\:") && strcmp(artifact, "model") != 0)
		import_text(import, model, "model_name", artifact, "artifact_path");
	else
		import_note(import, "artifact_path", artifact);
	import_note(import, "mlflow_version", tree_text(tree_get(top, "mlflow_version")));
}

/* What it takes on a disk it needs there at least. */
static void read_size(struct import *import, const struct draft_place *model, const struct codec_node *top)
{
	const char *text = tree_text(tree_get(top, "model_size_bytes"));
	double bytes;
	if (!text)
		return;
	if (!quantity_bytes(text, &bytes))
		import_leave(import, "model_size_bytes", "\"%s\" is no number of bytes", text);
	else
		import_quantity(import, import_part(import, model, "computing_resource_reqs"), "storage",
			quantity_gigabytes(bytes), text, "model_size_bytes");
}

static const char *const known[] = {"flavors", "signature", "model_uuid", "run_id", "utc_time_created",
	"artifact_path", "mlflow_version", "model_size_bytes", "model_id", "prompts", "metadata",
	"is_signature_from_type_hint", "type_hint_from_example", "saved_input_example_info",
	"databricks_runtime", "resources", "auth_policy", "env_vars", "name", "is_instance", "params", "tags",
	NULL};

/* Models of one project are told apart by the folders that they are in. */
static void set_subject(struct import *import)
{
	const char *slash = strrchr(import->file->path, '/');
	if (!import->subject && slash)
		import->subject =
			arena_copy(import->arena, import->file->path, (size_t)(slash - import->file->path));
}

bool mlflow_read(struct import *import)
{
	const struct codec_node *top = tree_yaml_one(import);
	if (!top)
		return false;
	set_subject(import);
	const struct draft_place *model = import_descriptor(import, KIND_TRAINED_MODEL);
	if (!read_flavors(import, model, top) || !read_signature(import, model, top))
		return false;
	read_identity(import, model, top);
	read_size(import, model, top);
	tree_leave_unknown(import, top, "", known, "this is not known of MLmodel files");
	import_beside(import, "conda.yaml", "conda", KIND_TRAINED_MODEL);
	import_beside(import, "python_env.yaml", "python-env", KIND_TRAINED_MODEL);
	import_beside(import, "requirements.txt", "requirements", KIND_TRAINED_MODEL);
	import_beside(import, "../../meta.yaml", "mlflow-run", KIND_TRAINED_MODEL);
	import_beside(import, "../meta.yaml", "mlflow-run", KIND_TRAINED_MODEL);
	return true;
}
