/* When the rules about interfaces fire, and when they stay quiet. */
#include "rule_case.h"

#include "cases.h"

#define TM              KIND_TRAINED_MODEL
#define DP              KIND_DATA_PIPELINE
#define DE              KIND_DEVELOPMENT_ENVIRONMENT
#define OUTPUT_TYPE     "api.output-type"
#define OUTPUT_UNMAPPED "api.output-unmapped"
#define UNFED           "api.downstream-input-unfed"
#define INPUT_TYPE      "api.input-type"
#define INPUT_UNMAPPED  "api.input-unmapped"
#define UNUSED          "api.upstream-output-unused"

#define ITEM(name, type, component, item)                                                                    \
	"{'item_name': '" name "', 'item_type': '" type "', 'component_mapping': {'component': '" component  \
	"', 'data_item': '" item "'}}"
#define OUTPUTS(items)                                                                                       \
	{                                                                                                    \
		TM, "{'output_spec': [" items "]}"                                                           \
	}
#define INPUTS(items)                                                                                        \
	{                                                                                                    \
		DP, "{'input_spec': [" items "]}"                                                            \
	}
#define TAKES(items)                                                                                         \
	{                                                                                                    \
		DE, "{'downstream_components': [{'component_name': 'down', 'input_spec': [" items "]}]}"     \
	}
#define GIVES(items)                                                                                         \
	{                                                                                                    \
		DE, "{'upstream_components': [{'component_name': 'up', 'output_spec': [" items "]}]}"        \
	}
#define THEIRS(name, type) "{'item_name': '" name "', 'item_type': '" type "'}"

static const struct rule_case rows[] = {
	{"spellings of one type agree", OUTPUT_TYPE, "", NULL,
		{OUTPUTS(ITEM("p", "float64", " down", "p_in ")), TAKES(THEIRS("p_in", "Float"))}},
	{"another type is found with both places", OUTPUT_TYPE,
		"p @ trained_model:output_spec[1].item_type "
		"development_environment:downstream_components[0].input_spec[1].item_type",
		"Output \"p\" of the trained model is Integer; input \"p_in\" of component \"down\", which takes it, is "
		"Float.",
		{OUTPUTS(ITEM("q", "Float", "down", "q_in") ", " ITEM("p", "Integer", "down", "p_in")),
			TAKES(THEIRS("q_in", "Float") ", " THEIRS("p_in", "Float"))}},
	{"a type that the model does not give is a gap", OUTPUT_TYPE, "", NULL,
		{OUTPUTS(ITEM("p", "", "down", "p_in")), TAKES(THEIRS("p_in", "Float"))}},
	{"a type that the component does not give is a gap", OUTPUT_TYPE, "", NULL,
		{OUTPUTS(ITEM("p", "Float", "down", "p_in")), TAKES(THEIRS("p_in", " "))}},
	{"an output mapped to nothing that exists has no other type", OUTPUT_TYPE, "", NULL,
		{OUTPUTS(ITEM("p", "Integer", "down", "else") ", " ITEM("q", "Integer", "else", "p_in")),
			TAKES(THEIRS("p_in", "Float"))}},
	{"names do not run together over the border", OUTPUT_TYPE, "", NULL,
		{OUTPUTS(ITEM("p", "Integer", "dow", "np_in")), TAKES(THEIRS("p_in", "Float"))}},
	{"an output without a name is called by its place", OUTPUT_TYPE,
		"output_spec[0] @ trained_model:output_spec[0].item_type "
		"development_environment:downstream_components[0].input_spec[0].item_type",
		NULL, {OUTPUTS(ITEM("", "Integer", "down", "p_in")), TAKES(THEIRS("p_in", "Float"))}},
	{"what leaves the post-processing is compared, not what enters it", OUTPUT_TYPE,
		"label @ trained_model:final_output_spec[0].item_type "
		"development_environment:downstream_components[0].input_spec[0].item_type",
		NULL,
		{{TM, "{'post_processing': true, 'output_spec': [" ITEM("p", "String", "down",
			      "p_in") "], "
				      "'final_output_spec': [" ITEM("label", "Image", "down", "p_in") "]}"},
			TAKES(THEIRS("p_in", "Float"))}},
	{"without post-processing the final outputs are not compared", OUTPUT_TYPE, "", NULL,
		{{TM, "{'post_processing': false, 'final_output_spec': [" ITEM(
			      "label", "Image", "down", "p_in") "]}"},
			TAKES(THEIRS("p_in", "Float"))}},
	{"an output named twice is one finding with every place once", OUTPUT_TYPE,
		"p @ trained_model:output_spec[0].item_type "
		"development_environment:downstream_components[0].input_spec[0].item_type "
		"trained_model:output_spec[1].item_type",
		NULL,
		{OUTPUTS(ITEM("p", "Integer", "down", "p_in") ", " ITEM("p ", "String", "down", "p_in")),
			TAKES(THEIRS("p_in", "Float"))}},
	{"a component that stands twice is compared at both places", OUTPUT_TYPE,
		"p @ trained_model:output_spec[0].item_type "
		"development_environment:downstream_components[1].input_spec[0].item_type",
		NULL,
		{OUTPUTS(ITEM("p", "Integer", "down", "p_in")),
			{DE, "{'downstream_components': ["
			     "{'component_name': 'down', 'input_spec': [" THEIRS(
				     "p_in", "int") "]}, "
						    "{'component_name': 'down', 'input_spec': [" THEIRS(
							    "p_in", "Float") "]}]}"}}},
	{"each environment is compared", OUTPUT_TYPE,
		"p @ trained_model:output_spec[0].item_type "
		"development_environment/b:downstream_components[0].input_spec[0].item_type",
		NULL,
		{OUTPUTS(ITEM("p", "Integer", "down", "p_in")),
			{DE,
				"{'downstream_components': [{'component_name': 'down', 'input_spec': "
				"[" THEIRS("p_in", "Integer") "]}]}",
				"a"},
			{DE,
				"{'downstream_components': [{'component_name': 'down', 'input_spec': "
				"[" THEIRS("p_in", "Float") "]}]}",
				"b"}}},

	{"a mapped output is quiet", OUTPUT_UNMAPPED, "", NULL,
		{OUTPUTS(ITEM("p", "Float", "down", "p_in"))}},
	{"an output without a component is found", OUTPUT_UNMAPPED,
		"p @ trained_model:output_spec[0].component_mapping.component",
		"its component is not given, its data_item \"p_in\"",
		{OUTPUTS(ITEM("p", "Float", " ", "p_in"))}},
	{"an output without a data item is found", OUTPUT_UNMAPPED,
		"p @ trained_model:output_spec[0].component_mapping.data_item", NULL,
		{OUTPUTS(ITEM("p", "Float", "down", ""))}},
	{"an output without any mapping is found", OUTPUT_UNMAPPED,
		"p @ trained_model:output_spec[0].component_mapping", NULL, {OUTPUTS("{'item_name': 'p'}")}},
	{"an output without a name is a matter of completeness", OUTPUT_UNMAPPED, "", NULL,
		{OUTPUTS(ITEM("", "Float", "", ""))}},
	{"with post-processing the final output must be mapped, not the first", OUTPUT_UNMAPPED,
		"label @ trained_model:final_output_spec[0].component_mapping", NULL,
		{{TM, "{'post_processing': true, 'output_spec': [{'item_name': 'p'}], "
		      "'final_output_spec': [{'item_name': 'label'}]}"}}},

	{"a fed input is quiet", UNFED, "", NULL,
		{OUTPUTS(ITEM("p", "Float", "down", "p_in")), TAKES(THEIRS("p_in", "Float"))}},
	{"an input that no output is mapped to is found", UNFED,
		"orphan @ trained_model:output_spec "
		"development_environment:downstream_components[0].input_spec[1].item_name",
		"Input \"orphan\" of downstream component \"down\" is mapped from no output",
		{OUTPUTS(ITEM("p", "Float", "down", "p_in")),
			TAKES(THEIRS("p_in", "Float") ", " THEIRS("orphan", ""))}},
	{"an input without a name is a matter of completeness", UNFED, "", NULL,
		{OUTPUTS(""), TAKES(THEIRS("", "Float"))}},
	{"a component without a name is a matter of completeness", UNFED, "", NULL,
		{OUTPUTS(ITEM("p", "Float", "", "p_in")),
			{DE, "{'downstream_components': [{'component_name': ' ', 'input_spec': [" THEIRS(
				     "p_in", "Float") "]}]}"}}},
	{"the same item of another component does not feed it", UNFED,
		"p_in @ trained_model:output_spec "
		"development_environment:downstream_components[0].input_spec[0].item_name",
		NULL, {OUTPUTS(ITEM("p", "Float", "else", "p_in")), TAKES(THEIRS("p_in", "Float"))}},
	{"an output that post-processing replaces feeds nothing", UNFED,
		"p_in @ trained_model:final_output_spec "
		"development_environment:downstream_components[0].input_spec[0].item_name",
		NULL,
		{{TM, "{'post_processing': true, 'output_spec': [" ITEM("p", "Float", "down", "p_in") "]}"},
			TAKES(THEIRS("p_in", "Float"))}},
	{"any of several models may feed it", UNFED, "", NULL,
		{{TM, "{}", "a"}, {TM, "{'output_spec': [" ITEM("p", "Float", "down", "p_in") "]}", "b"},
			TAKES(THEIRS("p_in", "Float"))}},
	{"two components with an unfed input of one name are one finding", UNFED,
		"in @ trained_model:output_spec "
		"development_environment:downstream_components[0].input_spec[0].item_name "
		"development_environment:downstream_components[1].input_spec[0].item_name",
		"Input \"in\" of downstream component \"b\"",
		{OUTPUTS(""),
			{DE, "{'downstream_components': ["
			     "{'component_name': 'a', 'input_spec': [" THEIRS("in",
				     "") "]}, "
					 "{'component_name': 'b', 'input_spec': [" THEIRS("in", "") "]}]}"}}},

	{"an input of the same type is quiet", INPUT_TYPE, "", NULL,
		{INPUTS(ITEM("v", "String", "up", "v_raw")), GIVES(THEIRS("v_raw", "str"))}},
	{"an input of another type is found", INPUT_TYPE,
		"v @ data_pipeline:input_spec[0].item_type "
		"development_environment:upstream_components[0].output_spec[0].item_type",
		"Input \"v\" of the data pipeline is String; output \"v_raw\" of component \"up\", which gives it, is "
		"Float.",
		{INPUTS(ITEM("v", "String", "up", "v_raw")), GIVES(THEIRS("v_raw", "Float"))}},
	{"JSON Schema's number may be the whole number that is taken", INPUT_TYPE, "", NULL,
		{INPUTS(ITEM("v", "Integer", "up", "v_raw")), GIVES(THEIRS("v_raw", "number"))}},
	{"JSON Schema's integer widens to the number that is taken", INPUT_TYPE, "", NULL,
		{INPUTS(ITEM("v", "double", "up", "v_raw")), GIVES(THEIRS("v_raw", "integer"))}},
	{"JSON Schema's number is no text", INPUT_TYPE,
		"v @ data_pipeline:input_spec[0].item_type "
		"development_environment:upstream_components[0].output_spec[0].item_type",
		"is number", {INPUTS(ITEM("v", "String", "up", "v_raw")), GIVES(THEIRS("v_raw", "number"))}},
	{"the SEI's Integer is not its Float", INPUT_TYPE,
		"v @ data_pipeline:input_spec[0].item_type "
		"development_environment:upstream_components[0].output_spec[0].item_type",
		"is Integer", {INPUTS(ITEM("v", "Float", "up", "v_raw")), GIVES(THEIRS("v_raw", "Integer"))}},
	{"a downstream component is not upstream", INPUT_TYPE, "", NULL,
		{INPUTS(ITEM("v", "String", "down", "v_raw")), TAKES(THEIRS("v_raw", "Float"))}},

	{"a mapped input is quiet", INPUT_UNMAPPED, "", NULL, {INPUTS(ITEM("v", "", "up", "v_raw"))}},
	{"an input without a mapping is found", INPUT_UNMAPPED,
		"v @ data_pipeline:input_spec[1].component_mapping", "is mapped to no upstream output",
		{INPUTS(ITEM("w", "", "up", "w_raw") ", " ITEM("v", "Float", "", ""))}},

	{"a used upstream output is quiet", UNUSED, "", NULL,
		{INPUTS(ITEM("v", "Float", "up", "v_raw")), GIVES(THEIRS("v_raw", "String"))}},
	{"an upstream output that no input is mapped to is found", UNUSED,
		"orphan @ data_pipeline:input_spec "
		"development_environment:upstream_components[0].output_spec[0].item_name",
		"Output \"orphan\" of upstream component \"up\"",
		{INPUTS(""), GIVES(THEIRS("orphan", "Float"))}},
	{"an upstream component without a name is a matter of completeness", UNUSED, "", NULL,
		{INPUTS(""), {DE, "{'upstream_components': [{'output_spec': [" THEIRS("orphan", "") "]}]}"}}},
	{"without a pipeline nothing is said of upstream outputs", UNUSED, "", NULL,
		{GIVES(THEIRS("orphan", "Float"))}},
};

int main(void)
{
	return CASES_RUN(rows, rule_case_check);
}
