/*
 * Triton's config.pbtxt: what the server gives the model and takes from it, on
 * what it runs. The model's own file beside it says what the model takes; this
 * file says what it is given, so the two can disagree.
 */
#include <inttypes.h>
#include <string.h>

#include "import/formats.h"
#include "import/protobuf_text.h"
#include "import/tensor.h"
#include "import/tree.h"

bool triton_looks(const char *head, size_t size)
{
	return memmem(head, size, "input", 5) || memmem(head, size, "output", 6) ||
	       memmem(head, size, "platform", 8) || memmem(head, size, "backend", 7) ||
	       memmem(head, size, "max_batch_size", 14);
}

static const char *text_of(const struct codec_node *message, const char *field)
{
	return tree_text(protobuf_text_first(message, field));
}

static int64_t integer_of(const struct codec_node *message, const char *field, int64_t otherwise)
{
	int64_t value;
	return tree_integer(protobuf_text_first(message, field), &value) ? value : otherwise;
}

/* The dimensions that reach the model: reshaped, and with the batch that the file leaves out. */
static void read_shape(const struct codec_node *item, bool batch, struct tensor *tensor)
{
	const struct codec_node *reshape = protobuf_text_first(item, "reshape");
	const struct codec_node *sizes =
		protobuf_text_all(reshape ? reshape : item, reshape ? "shape" : "dims");
	if (batch)
		tensor_dimension(tensor, -1, NULL);
	for (size_t i = 0; i < tree_count(sizes); i++) {
		int64_t size;
		if (tree_integer(sizes->items[i], &size))
			tensor_dimension(tensor, size, NULL);
	}
}

static const char *data_type(const char *text)
{
	static const char prefix[] = "TYPE_";
	return text && strncmp(text, prefix, sizeof(prefix) - 1) == 0 ? text + sizeof(prefix) - 1 : text;
}

static void read_side(struct import *import, const struct draft_place *at, const char *list,
	const struct codec_node *items, const char *side, bool batch)
{
	for (size_t i = 0; i < tree_count(items); i++) {
		const char *path = import_print(import, "%s[%zu]", side, i);
		struct tensor tensor = {
			.name = text_of(items->items[i], "name"),
			.type = data_type(text_of(items->items[i], "data_type")),
		};
		read_shape(items->items[i], batch, &tensor);
		if (!tensor.name)
			import_leave(import, path, "this has no name");
		else
			tensor_put(import, at, list, &tensor, path);
	}
}

/* A sequence's START and READY are inputs of the model too; the server fills them. */
static void note_controls(struct import *import, const struct codec_node *top)
{
	const struct codec_node *controls =
		protobuf_text_all(protobuf_text_first(top, "sequence_batching"), "control_input");
	for (size_t i = 0; i < tree_count(controls); i++)
		import_note(import, import_print(import, "sequence_batching.control_input[%zu].name", i),
			text_of(controls->items[i], "name"));
}

static void read_tensors(struct import *import, const struct codec_node *top, const struct draft_place *model)
{
	const bool batch = integer_of(top, "max_batch_size", 0) > 0;
	const struct codec_node *inputs = protobuf_text_all(top, "input");
	const struct codec_node *outputs = protobuf_text_all(top, "output");
	const struct codec_node *sequence = protobuf_text_first(top, "sequence_batching");
	/* With a sequence the server gives the model more than is listed here. */
	if (!sequence)
		read_side(import, import_descriptor(import, KIND_DATA_PIPELINE), "output_spec", inputs,
			"input", batch);
	note_controls(import, top);
	import->strength = DRAFT_WEAK;
	read_side(import, model, "input_signature", inputs, "input", batch);
	read_side(import, model, "output_spec", outputs, "output", batch);
	read_side(
		import, import_descriptor(import, KIND_DATA_PIPELINE), "input_spec", inputs, "input", batch);
	import->strength = DRAFT_FIRM;
	if (tree_count(inputs) == 0)
		import_leave(import, "input",
			"there are no inputs in it: the server is to find them out by itself");
	for (size_t i = 0; i < tree_count(outputs); i++) {
		const char *labels = text_of(outputs->items[i], "label_filename");
		const char *name = text_of(outputs->items[i], "name");
		if (labels)
			import_text(import, model, "model_output_interpretation",
				import_print(import, "%s: labels in %s", name ? name : "the output", labels),
				import_print(import, "output[%zu].label_filename", i));
	}
}

/* How platforms and backends call what they load. */
static const struct {
	const char *name, *serialization, *framework, *file;
} platforms[] = {
	{"onnxruntime", "onnx", NULL, "model.onnx"},
	{"tensorflow_savedmodel", "savedmodel", "TensorFlow", "model.savedmodel"},
	{"tensorflow_graphdef", "graphdef", "TensorFlow", "model.graphdef"},
	{"tensorflow", "savedmodel", "TensorFlow", "model.savedmodel"},
	{"pytorch", "torchscript", "PyTorch", "model.pt"},
	{"tensorrt", "tensorrt", "TensorRT", "model.plan"},
	{"openvino", "openvino", "OpenVINO", "model.xml"},
	{"fil", "fil", NULL, NULL},
	{"python", "python", NULL, "model.py"},
};

static void read_platform(
	struct import *import, const struct codec_node *top, const struct draft_place *model)
{
	const char *platform = text_of(top, "platform"), *backend = text_of(top, "backend");
	const char *word = platform ? platform : backend, *path = platform ? "platform" : "backend";
	const char *file = text_of(top, "default_model_filename"), *folder = import_folder(import);
	size_t i = 0;
	const size_t count = sizeof(platforms) / sizeof(platforms[0]);
	while (word && i < count && strncmp(word, platforms[i].name, strlen(platforms[i].name)) != 0)
		i++;
	import_note(import, path, word);
	if (word && i < count) {
		import_text(import, model, "serialization", platforms[i].serialization, path);
		if (platforms[i].framework)
			import_add(import, model, "ml_frameworks", platforms[i].framework, path);
	}
	if (!file && word && i < count)
		file = platforms[i].file;
	import->strength = DRAFT_WEAK;
	if (file)
		import_text(import, model, "artifact",
			import_print(import, "%s%s1/%s", folder ? folder : "", folder ? "/" : "", file),
			text_of(top, "default_model_filename") ? "default_model_filename" : path);
	import_text(import, import_descriptor(import, KIND_PRODUCTION_ENVIRONMENT), "deployment_platform",
		"Triton Inference Server", "the file");
	import->strength = DRAFT_FIRM;
}

/* How many devices a group names; without any it runs on each that is there, so one will do. */
static int64_t devices(const struct codec_node *group)
{
	const size_t named = tree_count(protobuf_text_all(group, "gpus"));
	return named ? (int64_t)named : 1;
}

static void read_instances(
	struct import *import, const struct codec_node *top, const struct draft_place *model)
{
	const struct codec_node *groups = protobuf_text_all(top, "instance_group");
	int64_t gpus = 0, instances = 0;
	bool known = tree_count(groups) > 0;
	for (size_t i = 0; i < tree_count(groups); i++) {
		const char *kind = text_of(groups->items[i], "kind"),
			   *path = import_print(import, "instance_group[%zu]", i);
		const int64_t count = integer_of(groups->items[i], "count", 1);
		const bool gpu = kind && strcmp(kind, "KIND_GPU") == 0;
		import_note(import, import_print(import, "%s.kind", path), kind);
		import_note_quantity(import, import_print(import, "%s.count", path), (double)count, NULL);
		known = known && (gpu || (kind && strcmp(kind, "KIND_CPU") == 0));
		if (gpu && devices(groups->items[i]) > gpus)
			gpus = devices(groups->items[i]);
		/* So many that the sum means nothing are no number of copies. */
		instances += count > 0 && count <= 10000 && instances < 1000000
				     ? count * (gpu ? devices(groups->items[i]) : 1)
				     : 0;
	}
	if (known)
		import_integer(import, import_part(import, model, "computing_resource_reqs"), "gpu", gpus,
			"instance_group");
	if (instances > 0) {
		import->strength = DRAFT_WEAK;
		import_integer(import, import_descriptor(import, KIND_PRODUCTION_ENVIRONMENT), "concurrency",
			instances, "instance_group");
		import->strength = DRAFT_FIRM;
	}
}

static void read_batching(
	struct import *import, const struct codec_node *top, const struct draft_place *model)
{
	const struct codec_node *batching = protobuf_text_first(top, "dynamic_batching");
	const struct codec_node *sizes = protobuf_text_all(batching, "preferred_batch_size");
	const char *text = import_print(import, "requests are put together in batches of up to %" PRId64,
		integer_of(top, "max_batch_size", 0));
	if (!batching)
		return;
	for (size_t i = 0; i < tree_count(sizes); i++)
		text = import_print(import, "%s%s%s", text, i ? ", " : ", preferably ",
			tree_text(sizes->items[i]) ? tree_text(sizes->items[i]) : "?");
	const char *delay = text_of(batching, "max_queue_delay_microseconds");
	if (delay)
		text = import_print(import, "%s; one waits for others at most %s µs", text, delay);
	import_text(import, model, "data_buffering_reqs", text, "dynamic_batching");
}

static void set_subject(struct import *import)
{
	const char *slash = strrchr(import->file->path, '/');
	if (!import->subject && slash)
		import->subject =
			arena_copy(import->arena, import->file->path, (size_t)(slash - import->file->path));
}

static void check_name(struct import *import, const char *name)
{
	const char *folder = import_folder(import);
	if (name && folder && strcmp(name, folder) != 0)
		import_warn(import, "name",
			"the model is called %s and its folder %s; Triton loads it only when both are "
			"the same",
			name, folder);
}

bool triton_read(struct import *import)
{
	static const char *const known[] = {"name", "platform", "backend", "max_batch_size", "input",
		"output", "instance_group", "dynamic_batching", "sequence_batching", "default_model_filename",
		"version_policy", "optimization", "parameters", "model_warmup", "batch_input", "batch_output",
		"runtime", "model_operations", "model_transaction_policy", "response_cache",
		"cc_model_filenames", "metric_tags", "model_repository_agents", NULL};
	const struct codec_node *top = protobuf_text(import);
	if (!top)
		return false;
	set_subject(import);
	const struct draft_place *model = import_descriptor(import, KIND_TRAINED_MODEL);
	const char *name = text_of(top, "name"), *batch = text_of(top, "max_batch_size");
	if (!protobuf_text_first(top, "input") && !protobuf_text_first(top, "output") &&
		!text_of(top, "platform") && !text_of(top, "backend") && !name)
		return import_refuse(import, NULL, "",
			"a configuration of a model of Triton is expected: name, platform "
			"or backend, input, output");
	import_text(import, model, "model_name", name, "name");
	import_note(import, "max_batch_size", batch);
	check_name(import, name);
	read_tensors(import, top, model);
	read_platform(import, top, model);
	read_instances(import, top, model);
	read_batching(import, top, model);
	tree_leave_unknown(import, top, "", known, "this is not taken from a Triton configuration");
	return true;
}
