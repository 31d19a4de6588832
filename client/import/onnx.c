/*
 * ONNX models: what the graph takes and gives, who wrote it, which operators
 * it needs. Only the fields that are looked at are touched, so that weights of
 * gigabytes cost nothing. Weights that stand among the inputs are none.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/map.h"
#include "import/formats.h"
#include "import/packages.h"
#include "import/protobuf_wire.h"
#include "import/quantity.h"
#include "import/tensor.h"

enum {
	TYPES_DEPTH = 8,      /* a sequence of maps of … */
	TENSORS_MAX = 10000,  /* inputs, outputs */
	OPERATORS_MAX = 1000, /* different ones */
};

/* Numbers of fields, as in onnx.proto. */
enum model_field {
	MODEL_IR_VERSION = 1,
	MODEL_PRODUCER_NAME = 2,
	MODEL_PRODUCER_VERSION = 3,
	MODEL_DOMAIN = 4,
	MODEL_VERSION = 5,
	MODEL_DOC = 6,
	MODEL_GRAPH = 7,
	MODEL_OPSET = 8,
	MODEL_METADATA = 14,
};

enum graph_field {
	GRAPH_NODE = 1,
	GRAPH_NAME = 2,
	GRAPH_INITIALIZER = 5,
	GRAPH_DOC = 10,
	GRAPH_INPUT = 11,
	GRAPH_OUTPUT = 12,
	GRAPH_SPARSE_INITIALIZER = 15,
};

enum {
	NODE_OPERATOR = 4,
	NODE_DOMAIN = 7,
	TENSOR_NAME = 8,
	TENSOR_DATA_LOCATION = 14,
	SPARSE_VALUES = 1,
};

struct graph {
	struct map weights;   /* names of initializers */
	struct map operators; /* different ones */
	const char *names[OPERATORS_MAX];
	size_t operator_count;
	int64_t nodes, initializers, inputs;
	bool external; /* some weights are in other files */
};

static const char *text_of(struct import *import, struct wire message, uint32_t number)
{
	struct wire_field field;
	return wire_find(message, number, &field) ? wire_text(import->arena, &field) : NULL;
}

static int64_t integer_of(struct wire message, uint32_t number)
{
	struct wire_field field;
	return wire_find(message, number, &field) ? wire_signed(&field) : 0;
}

static const char *element_type(struct import *import, int64_t number)
{
	static const char *const types[] = {NULL, "FLOAT", "UINT8", "INT8", "UINT16", "INT16", "INT32",
		"INT64", "STRING", "BOOL", "FLOAT16", "DOUBLE", "UINT32", "UINT64", "COMPLEX64", "COMPLEX128",
		"BFLOAT16", "FLOAT8E4M3FN", "FLOAT8E4M3FNUZ", "FLOAT8E5M2", "FLOAT8E5M2FNUZ", "UINT4", "INT4",
		"FLOAT4E2M1"};
	if (number < 1 || (size_t)number >= sizeof(types) / sizeof(types[0]))
		return import_print(import, "type %" PRId64, number);
	return types[number];
}

static void read_shape(struct import *import, struct wire shape, struct tensor *tensor)
{
	struct wire_field field, size;
	while (wire_next(&shape, &field)) {
		if (field.number != 1)
			continue;
		const struct wire dimension = wire_inside(&field);
		if (wire_find(dimension, 1, &size))
			tensor_dimension(tensor, wire_signed(&size), NULL);
		else
			tensor_dimension(tensor, -1, text_of(import, dimension, 2));
	}
}

/* The kind of a value: a tensor's elements, or "seq(map(INT64, FLOAT))". */
static const char *read_type(struct import *import, struct wire type, struct tensor *tensor, int depth)
{
	struct wire_field field, inner;
	if (depth > TYPES_DEPTH || !wire_next(&type, &field))
		return NULL;
	const struct wire message = wire_inside(&field);
	const char *element = NULL;
	switch (field.number) {
	case 1: /* tensor */
	case 8: /* sparse tensor */
		if (wire_find(message, 2, &inner))
			read_shape(import, wire_inside(&inner), tensor);
		else
			tensor->unranked = true;
		return element_type(import, integer_of(message, 1));
	case 4: /* sequence */
	case 9: /* optional */
		if (wire_find(message, 1, &inner))
			element = read_type(import, wire_inside(&inner), tensor, depth + 1);
		tensor->unranked = true;
		return import_print(
			import, field.number == 4 ? "seq(%s)" : "optional(%s)", element ? element : "?");
	case 5: /* map */
		if (wire_find(message, 2, &inner))
			element = read_type(import, wire_inside(&inner), tensor, depth + 1);
		tensor->unranked = true;
		return import_print(import, "map(%s, %s)", element_type(import, integer_of(message, 1)),
			element ? element : "?");
	default: return NULL;
	}
}

/* Names of weights; only the first bytes of each are touched. */
static void note_weight(struct import *import, struct graph *graph, struct wire tensor)
{
	const char *name = text_of(import, tensor, TENSOR_NAME);
	graph->external |= integer_of(tensor, TENSOR_DATA_LOCATION) == 1;
	graph->initializers++;
	if (name)
		map_put(&graph->weights, name, graph);
}

static void note_operator(struct import *import, struct graph *graph, struct wire node)
{
	const char *name = text_of(import, node, NODE_OPERATOR), *domain = text_of(import, node, NODE_DOMAIN);
	graph->nodes++;
	/* The standard's own operators have no domain, or this one. */
	if (name && domain && *domain && strcmp(domain, "ai.onnx") != 0)
		name = import_print(import, "%s.%s", domain, name);
	if (!name || graph->operator_count == OPERATORS_MAX || map_put(&graph->operators, name, graph))
		return;
	graph->names[graph->operator_count++] = name;
}

static void scan_graph(struct import *import, struct graph *graph, struct wire wire)
{
	struct wire_field field, values;
	while (wire_next(&wire, &field)) {
		if (field.number == GRAPH_INITIALIZER)
			note_weight(import, graph, wire_inside(&field));
		else if (field.number == GRAPH_SPARSE_INITIALIZER &&
			 wire_find(wire_inside(&field), SPARSE_VALUES, &values))
			note_weight(import, graph, wire_inside(&values));
		else if (field.number == GRAPH_NODE)
			note_operator(import, graph, wire_inside(&field));
		else if (field.number == GRAPH_INPUT)
			graph->inputs++;
	}
}

static void put_value(struct import *import, const struct draft_place *model, const char *list,
	struct wire value, const char *path)
{
	struct tensor tensor = {.name = text_of(import, value, 1), .description = text_of(import, value, 3)};
	struct wire_field type;
	if (!tensor.name || !*tensor.name) {
		import_leave(import, path, "a value of the graph has no name");
		return;
	}
	if (wire_find(value, 2, &type))
		tensor.type = read_type(import, wire_inside(&type), &tensor, 0);
	tensor_put(import, model, list, &tensor, path);
	import_note(import, import_print(import, "%s.shape", path), tensor_shape(import, &tensor));
}

/* Where nothing else tells what the pipeline takes, it is what the model does. */
static void put_input(struct import *import, const struct draft_place *model, struct wire value, size_t at)
{
	const enum draft_strength strength = import->strength;
	const char *path = import_print(import, "graph.input[%zu]", at);
	put_value(import, model, "input_signature", value, path);
	import->strength = DRAFT_WEAK;
	put_value(import, import_descriptor(import, KIND_DATA_PIPELINE), "input_spec", value, path);
	import->strength = strength;
}

static void put_values(
	struct import *import, const struct draft_place *model, const struct graph *graph, struct wire wire)
{
	struct wire_field field;
	size_t inputs = 0, outputs = 0;
	while (wire_next(&wire, &field)) {
		if (field.number == GRAPH_INPUT && inputs < TENSORS_MAX) {
			const char *name = text_of(import, wire_inside(&field), 1);
			/* Before IR version 4 every weight is an input as well. */
			if (!name || !map_get(&graph->weights, name))
				put_input(import, model, wire_inside(&field), inputs);
			inputs++;
		} else if (field.number == GRAPH_OUTPUT && outputs < TENSORS_MAX) {
			put_value(import, model, "output_spec", wire_inside(&field),
				import_print(import, "graph.output[%zu]", outputs));
			outputs++;
		}
	}
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void note_graph(struct import *import, struct graph *graph)
{
	qsort(graph->names, graph->operator_count, sizeof(graph->names[0]), by_text);
	const struct {
		const char *path;
		int64_t count;
	} counts[] = {{"graph.node", graph->nodes}, {"graph.initializer", graph->initializers},
		{"graph.input", graph->inputs}};
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++)
		import_note_quantity(import, counts[i].path, (double)counts[i].count, NULL);
	for (size_t i = 0; i < graph->operator_count; i++)
		import_note(import, "graph.node.op_type", graph->names[i]);
}

static void read_graph(struct import *import, const struct draft_place *model, struct wire wire)
{
	struct graph *graph = arena_alloc(import->arena, sizeof(*graph));
	scan_graph(import, graph, wire);
	put_values(import, model, graph, wire);
	note_graph(import, graph);
	import_note(import, "graph.name", text_of(import, wire, GRAPH_NAME));
	if (graph->external)
		import_warn(import, "graph.initializer",
			"weights are in other files, which must lie beside the model where it is loaded");
	map_done(&graph->weights);
	map_done(&graph->operators);
}

/* Which package writes under a producer's name, where that is the framework of the training. */
static void put_producer(
	struct import *import, const struct draft_place *model, const char *name, const char *version)
{
	static const struct {
		const char *producer, *package, *framework;
		bool versioned; /* its version is the package's */
	} producers[] = {
		{"pytorch", "torch", "PyTorch", true},
		{"skl2onnx", "scikit-learn", "scikit-learn", false},
		{"tf2onnx", "tensorflow", "TensorFlow", false},
		{"keras2onnx", "keras", "Keras", false},
		{"onnx-caffe2", "caffe2", "Caffe2", false},
		{"CNTK", "cntk", "CNTK", true},
		{"OnnxMLTools", NULL, NULL, false},
	};
	struct requirement requirement;
	import_note(import, "producer_name", name);
	import_note(import, "producer_version", version);
	for (size_t i = 0; name && i < sizeof(producers) / sizeof(producers[0]); i++) {
		if (strcmp(producers[i].producer, name) != 0 || !producers[i].framework)
			continue;
		const char *known = requirement_framework(producers[i].package);
		import_add(import, model, "ml_frameworks", known ? known : producers[i].framework,
			"producer_name");
		if (producers[i].versioned && version && *version &&
			requirement_pip(import->arena,
				import_print(import, "%s==%s", producers[i].package, version), &requirement))
			packages_put(import, model, &requirement, "producer_version");
	}
}

static void read_opset(struct import *import, struct wire opset, size_t at)
{
	const char *domain = text_of(import, opset, 1);
	const char *path = import_print(import, "opset_import[%zu]", at);
	import_note(import, import_print(import, "%s.domain", path), domain ? domain : "");
	import_note_quantity(
		import, import_print(import, "%s.version", path), (double)integer_of(opset, 2), NULL);
}

/* Exporters keep names and authors there. */
static void read_metadata(struct import *import, const struct draft_place *model, struct wire entry)
{
	static const char *const fields[][2] = {{"model_name", "model_name"}, {"name", "model_name"},
		{"description", "model_description"}, {"short_description", "model_description"}};
	const char *key = text_of(import, entry, 1), *value = text_of(import, entry, 2);
	if (!key || !*key)
		return;
	const char *path = import_print(import, "metadata_props.%s", key);
	import_note(import, path, value);
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strcmp(fields[i][0], key) == 0)
			import_text(import, model, fields[i][1], value, path);
}

/* Numbers and lists of the model's own message. @return whether there is a graph in it */
static bool read_model(struct import *import, const struct draft_place *model, struct wire *wire)
{
	struct wire_field field;
	size_t opsets = 0;
	bool graph = false;
	while (wire_next(wire, &field)) {
		if (field.number == MODEL_GRAPH && field.type == WIRE_BYTES && !graph) {
			read_graph(import, model, wire_inside(&field));
			graph = true;
		} else if (field.number == MODEL_OPSET) {
			read_opset(import, wire_inside(&field), opsets++);
		} else if (field.number == MODEL_METADATA) {
			read_metadata(import, model, wire_inside(&field));
		} else if (field.number == MODEL_IR_VERSION) {
			import_note_quantity(import, "ir_version", (double)wire_signed(&field), NULL);
		} else if (field.number == MODEL_VERSION && wire_signed(&field) != 0) {
			import_text(import, model, "model_version",
				import_print(import, "%" PRId64, wire_signed(&field)), "model_version");
		}
	}
	return graph && !wire->broken;
}

static const char *without_ending(struct import *import)
{
	const char *end = strrchr(import->file->name, '.');
	const size_t ending = end ? strlen(end) : 0;
	return arena_copy(import->arena, import->file->path, strlen(import->file->path) - ending);
}

/* Are there other models in the folder? */
static bool several_beside(struct import *import)
{
	size_t count = 0, models = 0;
	const char **names = import_list_beside(import, ".", &count);
	for (size_t i = 0; names && i < count; i++) {
		const char *end = strrchr(names[i], '.');
		models += end && strcasecmp(end, ".onnx") == 0;
	}
	return models > 1;
}

/* Its folder, or the folder above where that is a model of Triton's repository (name/1/model.onnx). */
static void set_subject(struct import *import)
{
	const char *slash = strrchr(import->file->path, '/');
	if (import->subject || !slash)
		return;
	const char *folder =
		arena_copy(import->arena, import->file->path, (size_t)(slash - import->file->path));
	const char *above = strrchr(folder, '/');
	if (several_beside(import))
		folder = without_ending(import);
	else if (above && import_open_beside(import, "../config.pbtxt"))
		folder = arena_copy(import->arena, folder, (size_t)(above - folder));
	import->subject = folder;
}

static const char *artifact(struct import *import)
{
	const char *folder = import_model_folder(import);
	return import_print(import, "%s%s%s", folder ? folder : "", folder ? "/" : "", import->file->name);
}

bool onnx_read(struct import *import)
{
	struct wire wire = wire_of(import->file->bytes, import->file->size);
	set_subject(import);
	/* What MLflow says of a model that it keeps as ONNX names the same tensors. */
	if (import_open_beside(import, "MLmodel"))
		import->strength = DRAFT_WEAK;
	const struct draft_place *model = import_descriptor(import, KIND_TRAINED_MODEL);
	const char *domain = text_of(import, wire, MODEL_DOMAIN);
	put_producer(import, model, text_of(import, wire, MODEL_PRODUCER_NAME),
		text_of(import, wire, MODEL_PRODUCER_VERSION));
	import_note(import, "domain", domain);
	import_text(import, model, "model_description", text_of(import, wire, MODEL_DOC), "doc_string");
	if (!read_model(import, model, &wire))
		return import_refuse(import, NULL, "",
			wire.broken ? "this is no ONNX model, or it was cut short"
				    : "this is no ONNX model: there is no graph in it");
	import_text(import, model, "serialization", "onnx", "the file");
	import_text(import, model, "artifact", artifact(import), "the file");
	/* What it takes on a disk it needs there at least. */
	import->strength = DRAFT_WEAK;
	import_quantity(import, import_part(import, model, "computing_resource_reqs"), "storage",
		quantity_gigabytes((double)import->file->size),
		import_print(import, "%zu bytes", import->file->size), "the file");
	return true;
}
