/* ONNX, SavedModel and Triton: what a model takes and gives. The messages were written field by field. */
#include "cases.h"
#include "lines_cases.h"

#define BYTES(text)  text, sizeof(text) - 1
#define TM           "trained_model "
#define TRITON(text) "triton", "config.pbtxt", text, 0

/* A graph with a weight among its inputs, a sequence of maps, and dimensions that are named and not given. */
#define ONNX                                                                                                 \
	"\010\003\022\007\160\171\164\157\162\143\150\032\004\061\056\061\063\072\153\022\005\147\162\141\160\150\012\006\042\004\107\145\155\155\052\007\010\004\020\001\102\001\167\132\030\012\001\170\022\023\012\021\010\001\022\015\012\007\022\005\142\141\164\143\150\012\002\010\010\132\023\012\001\172\022\016\042\014\012\012\052\010\010\007\022\004\012\002\010\001\132\017\012\001\167\022\012\012\010\010\001\022\004\012\002\010\004\142\021\012\001\171\022\014\012\012\010\010\022\006\012\000\012\002\010\001\102\002\020\011"

/* Two inputs that are not in the order of their names, saved by TensorFlow 2.11.0. */
#define SAVED                                                                                                \
	"\010\001\022\225\001\012\017\042\005\163\145\162\166\145\052\006\062\056\061\061\056\060\052\201\001\012\017\163\145\162\166\151\156\147\137\144\145\146\141\165\154\164\022\156\012\033\012\001\142\022\026\012\003\142\072\060\020\011\032\015\022\013\010\377\377\377\377\377\377\377\377\377\001\012\037\012\001\141\022\032\012\003\141\072\060\020\001\032\021\022\013\010\377\377\377\377\377\377\377\377\377\001\022\002\010\003\022\022\012\001\163\022\015\012\003\163\072\060\020\001\032\004\022\002\010\001\032\032\164\145\156\163\157\162\146\154\157\167\057\163\145\162\166\151\156\147\057\160\162\145\144\151\143\164"

static const struct lines_case rows[] = {
	{"a weight is no input", "onnx", "model.onnx", BYTES(ONNX),
		{TM "input_signature[x].item_type = FLOAT @ graph.input[0]", "3 @ graph.input"}, {"[w]"}},
	{"a dimension with a name or without one is any", "onnx", "model.onnx", BYTES(ONNX),
		{TM "input_signature[x].item_specification.shape = -1 @ graph.input[0]",
			TM "input_signature[x].item_specification.shape = 8 @ graph.input[0]",
			TM
			"input_signature[x].item_specification.other_value = dimensions batch, 8 @ graph.input[0]",
			"?, 1 @ graph.output[0].shape",
			TM "output_spec[y].item_type = STRING @ graph.output[0]"},
		{0}},
	{"a sequence of maps is one type without a shape", "onnx", "model.onnx", BYTES(ONNX),
		{TM "input_signature[z].item_type = seq(map(INT64, FLOAT)) @ graph.input[1]"},
		{"input_signature[z].item_specification"}},
	{"who wrote it is a framework with its version", "onnx", "model.onnx", BYTES(ONNX),
		{TM "ml_frameworks = PyTorch @ producer_name",
			TM "packages[torch].version = 1.13 @ producer_version",
			TM "serialization = onnx @ the file", TM "artifact = model.onnx @ the file"},
		{0}},
	{"a model that was cut short is refused", "onnx", "model.onnx", ONNX, sizeof(ONNX) - 3,
		{"refused: model.onnx: this is no ONNX model, or it was cut short"}, {0}},
	{"text is no model", "onnx", "model.onnx", "version https://git-lfs.github.com/spec/v1\n", 0,
		{"refused: model.onnx: this is no ONNX model, or it was cut short"}, {0}},
	{"a message without a graph is refused", "onnx", "model.onnx", BYTES("\010\003"),
		{"refused: model.onnx: this is no ONNX model: there is no graph in it"}, {0}},
	{"a signature's tensors have types and shapes", "savedmodel", "m/saved_model.pb", BYTES(SAVED),
		{"trained_model/m input_signature[a].item_type = float @ signature_def[serving_default].inputs[a]",
			"trained_model/m input_signature[a].item_specification.shape = 3 @ "
			"signature_def[serving_default].inputs[a]",
			"trained_model/m input_signature[b].item_type = int64 @ signature_def[serving_default].inputs[b]",
			"trained_model/m output_spec[s].item_type = float @ signature_def[serving_default].outputs[s]"},
		{0}},
	{"the version that saved it is a package's, and its folder the artifact", "savedmodel",
		"m/saved_model.pb", BYTES(SAVED),
		{"trained_model/m packages[tensorflow].version = 2.11.0 @ meta_info_def.tensorflow_version",
			"trained_model/m artifact = m @ the file"},
		{0}},
	{"what is no SavedModel is refused", "savedmodel", "saved_model.pb", BYTES("\010\001"),
		{"refused: saved_model.pb: this is no SavedModel: there is no graph in it"}, {0}},
	{"the batch that Triton leaves out is a dimension",
		TRITON("max_batch_size: 8 input { name: \"x\" data_type: TYPE_FP32 dims: [ 3, 4 ] }"),
		{"data_pipeline output_spec[x].item_type = FP32 @ input[0]",
			"data_pipeline output_spec[x].item_specification.shape = -1 @ input[0]",
			"data_pipeline output_spec[x].item_specification.shape = 3 @ input[0]",
			TM "input_signature[x].item_type = FP32 @ input[0] (weak)"},
		{0}},
	{"without batches there is none",
		TRITON("max_batch_size: 0 input { name: \"x\" data_type: TYPE_FP32 dims: 3 }"),
		{"data_pipeline output_spec[x].item_specification.shape = 3 @ input[0]"}, {"shape = -1"}},
	{"the model gets the shape that it is given anew, with or without a colon",
		TRITON("input [ { name: \"x\" dims: [ 9 ] reshape: { shape: [ 3, 3 ] } }, { name: \"y\" dims: 1 reshape { shape: "
		       "[ ] } } ]"),
		{"data_pipeline output_spec[x].item_specification.shape = 3 @ input[0]",
			"data_pipeline output_spec[y].item_name = y @ input[1]"},
		{"shape = 9", "shape = 1"}},
	{"comments and fields with commas and semicolons between them are read",
		TRITON("# a comment\nname: \"n\" # another\ninput [ { name: \"x\", dims: [ 1 ]; } ]"),
		{TM "model_name = n @ name",
			"data_pipeline output_spec[x].item_specification.shape = 1 @ input[0]"},
		{0}},
	{"a group on GPUs needs those that it names, else one",
		TRITON("name: \"n\" instance_group [ { kind: KIND_GPU count: 3 gpus: [ 0, 1 ] } ]"),
		{TM "computing_resource_reqs.gpu = 2 @ instance_group",
			"production_environment concurrency = 6 @ instance_group (weak)"},
		{0}},
	{"groups on the CPU need no GPU", TRITON("name: \"n\" instance_group { kind: KIND_CPU }"),
		{TM "computing_resource_reqs.gpu = 0 @ instance_group"}, {0}},
	{"without groups nothing is known of GPUs", TRITON("name: \"n\" platform: \"tensorrt_plan\""),
		{TM "serialization = tensorrt @ platform", TM "ml_frameworks = TensorRT @ platform"},
		{"gpu"}},
	{"batches and labels are said in words",
		TRITON("max_batch_size: 8 dynamic_batching { preferred_batch_size: [ 4, 8 ] max_queue_delay_microseconds: 100 } "
		       "output { name: \"y\" dims: 1 label_filename: \"l.txt\" }"),
		{TM "data_buffering_reqs = requests are put together in batches of up to 8, preferably 4, 8; one waits for "
		    "others at most 100 µs @ dynamic_batching",
			TM "model_output_interpretation = y: labels in l.txt @ output[0].label_filename"},
		{0}},
	{"a sequence's controls are filled by the server, so inputs are not held against the model",
		TRITON("input { name: \"x\" dims: 1 } sequence_batching { control_input { name: \"START\" } }"),
		{"START @ sequence_batching.control_input[0].name"}, {"data_pipeline output_spec"}},
	{"a name that is not the folder's is told", "triton", "a/config.pbtxt", "name: \"b\"", 0,
		{"warned name: the model is called b and its folder a; Triton loads it only when both are the same"},
		{0}},
	{"text of another schema is refused", TRITON("feature { x: 1 }"),
		{"refused: config.pbtxt: a configuration of a model of Triton is expected: name, platform or backend, input, "
		 "output"},
		{0}},
};

int main(void)
{
	return CASES_RUN(rows, lines_case_check);
}
