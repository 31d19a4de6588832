/* When the rules about what mapped items carry fire, and when they stay quiet. */
#include "rule_case.h"

#include "cases.h"

#define TM       KIND_TRAINED_MODEL
#define DP       KIND_DATA_PIPELINE
#define DE       KIND_DEVELOPMENT_ENVIRONMENT
#define TD       KIND_TRAINING_DATA
#define PD       KIND_PRODUCTION_DATA
#define RANGE    "api.range"
#define IMAGE    "api.image-shape"
#define UNIT     "api.unit"
#define DANGLING "api.mapping-dangling"

#define MAPPED(rest)                                                                                         \
	"[{'item_name': 'x', 'component_mapping': {'component': 'c', 'data_item': 'y'}, " rest "}]"
#define SPEC(rest) "'item_specification': {" rest "}"
#define INPUT(rest)                                                                                          \
	{                                                                                                    \
		DP, "{'input_spec': " MAPPED(rest) "}"                                                       \
	}
#define OUTPUT(rest)                                                                                         \
	{                                                                                                    \
		TM, "{'output_spec': " MAPPED(rest) "}"                                                      \
	}
#define COMPONENT(spec, rest) "[{'component_name': 'c', '" spec "': [{'item_name': 'y', " rest "}]}]"
#define GIVES(rest)                                                                                          \
	{                                                                                                    \
		DE, "{'upstream_components': " COMPONENT("output_spec", rest) "}"                            \
	}
#define TAKES(rest)                                                                                          \
	{                                                                                                    \
		DE, "{'downstream_components': " COMPONENT("input_spec", rest) "}"                           \
	}
#define IN_SPEC   "data_pipeline:input_spec[0].item_specification."
#define UP_SPEC   "development_environment:upstream_components[0].output_spec[0].item_specification."
#define OUT_SPEC  "trained_model:output_spec[0].item_specification."
#define DOWN_SPEC "development_environment:downstream_components[0].input_spec[0].item_specification."

static const struct rule_case rows[] = {
	{"what is sent inside the range is taken", RANGE, "", NULL,
		{INPUT(SPEC("'min_value': 0, 'max_value': 400")),
			GIVES(SPEC("'min_value': 0, 'max_value': 250"))}},
	{"a larger maximum than is taken is found", RANGE, "x @ " IN_SPEC "max_value " UP_SPEC "max_value",
		"max_value of what is sent by output \"y\" of component \"c\" is 400; input \"x\" of the data "
		"pipeline takes at most 250.",
		{INPUT(SPEC("'max_value': 250")), GIVES(SPEC("'max_value': 400"))}},
	{"a smaller minimum than is taken is found", RANGE, "x @ " IN_SPEC "min_value " UP_SPEC "min_value",
		"takes at least 0.", {INPUT(SPEC("'min_value': 0")), GIVES(SPEC("'min_value': -1"))}},
	{"the model sends to its downstream components", RANGE,
		"x @ " OUT_SPEC "max_value " DOWN_SPEC "max_value", "takes at most 1.",
		{OUTPUT(SPEC("'max_value': 100")), TAKES(SPEC("'max_value': 1"))}},
	{"a component that takes more than the model sends is fine", RANGE, "", NULL,
		{OUTPUT(SPEC("'max_value': 1")), TAKES(SPEC("'max_value': 100"))}},
	{"a bound that one side leaves out is a gap", RANGE, "", NULL,
		{INPUT(SPEC("'max_value': 250")), GIVES(SPEC("'min_value': 0"))}},
	{"a longer text than is taken is found", RANGE, "x @ " IN_SPEC "max_length " UP_SPEC "max_length",
		NULL, {INPUT(SPEC("'max_length': 5")), GIVES(SPEC("'max_length': 10"))}},
	{"a value that is not allowed is found by name", RANGE,
		"x @ " IN_SPEC "allowed_values " UP_SPEC "allowed_values",
		"may be \"green\"; input \"x\" of the data pipeline takes \"red\", \"blue\".",
		{INPUT(SPEC("'allowed_values': ['red', 'blue']")),
			GIVES(SPEC("'allowed_values': ['red', 'green']"))}},
	{"fewer values than are allowed are fine", RANGE, "", NULL,
		{INPUT(SPEC("'allowed_values': ['red', 'blue']")),
			GIVES(SPEC("'allowed_values': ['blue']"))}},
	{"a gap where none is taken is found", RANGE,
		"x @ " IN_SPEC "optional_value " UP_SPEC "optional_value", NULL,
		{INPUT(SPEC("'optional_value': false")), GIVES(SPEC("'optional_value': true"))}},

	{"images of one shape agree", IMAGE, "", NULL,
		{INPUT(SPEC("'resolution_x': 64, 'channels': 3, 'image_format': 'PNG'")),
			GIVES(SPEC("'resolution_x': 64, 'channels': 3, 'image_format': 'png'"))}},
	{"another resolution is found", IMAGE, "x @ " IN_SPEC "resolution_x " UP_SPEC "resolution_x",
		"resolution_x of what is sent by output \"y\" of component \"c\" is 640; input \"x\" of the data "
		"pipeline takes 64.",
		{INPUT(SPEC("'resolution_x': 64")), GIVES(SPEC("'resolution_x': 640"))}},
	{"other channels are found", IMAGE, "x @ " OUT_SPEC "channels " DOWN_SPEC "channels", NULL,
		{OUTPUT(SPEC("'channels': 3")), TAKES(SPEC("'channels': 1"))}},
	{"another format is found", IMAGE, "x @ " IN_SPEC "image_format " UP_SPEC "image_format", NULL,
		{INPUT(SPEC("'image_format': 'PNG'")), GIVES(SPEC("'image_format': 'JPG'"))}},
	{"a resolution of 0 was not filled in", IMAGE, "", NULL,
		{INPUT(SPEC("'resolution_x': 64")), GIVES(SPEC("'resolution_x': 0"))}},

	{"spellings of one unit agree", UNIT, "", NULL, {INPUT("'unit': 'm'"), GIVES("'unit': 'Metres'")}},
	{"metres and feet are found", UNIT,
		"x @ data_pipeline:input_spec[0].unit "
		"development_environment:upstream_components[0].output_spec[0].unit",
		"The unit of input \"x\" of the data pipeline is m; output \"y\" of component \"c\", which gives it, "
		"is in ft.",
		{INPUT("'unit': 'm'"), GIVES("'unit': 'ft'")}},
	{"units downstream are compared", UNIT,
		"x @ trained_model:output_spec[0].unit "
		"development_environment:downstream_components[0].input_spec[0].unit",
		NULL, {OUTPUT("'unit': 'EUR'"), TAKES("'unit': 'USD'")}},
	{"a unit that one side leaves out is a gap", UNIT, "", NULL,
		{INPUT("'unit': 'm'"), GIVES("'item_type': 'Float'")}},
	{"fields of training and production data in other units are found", UNIT,
		"distance @ production_data:schema[0].unit training_data:schema[0].unit",
		"Field \"distance\" is in km in the training data; field \"trip\", which it is mapped to, is in "
		"miles in the production data.",
		{{TD, "{'schema': [{'field_name': 'distance', 'unit': 'km', 'mapping_production_data': 'trip'}]}"},
			{PD, "{'schema': [{'field_name': 'trip', 'unit': 'miles'}]}"}}},
	{"fields that are not mapped are not compared", UNIT, "", NULL,
		{{TD, "{'schema': [{'field_name': 'distance', 'unit': 'km'}]}"},
			{PD, "{'schema': [{'field_name': 'distance', 'unit': 'miles'}]}"}}},

	{"a mapping that is there is fine", DANGLING, "", NULL, {INPUT("'unit': ''"), GIVES("'unit': ''")}},
	{"a component that is not there is found", DANGLING,
		"x @ data_pipeline:input_spec[0].component_mapping.component "
		"development_environment:upstream_components",
		"no development environment has such a component with items.",
		{INPUT("'unit': ''"), {DE, "{'upstream_components': []}"}}},
	{"an item that the component does not have is found", DANGLING,
		"x @ trained_model:output_spec[0].component_mapping.data_item "
		"development_environment:downstream_components",
		"no development environment has this item there.",
		{OUTPUT("'unit': ''"),
			{DE, "{'downstream_components': [{'component_name': 'c', 'input_spec': "
			     "[{'item_name': 'z'}]}]}"}}},
	{"half a mapping is left to another rule", DANGLING, "", NULL,
		{{DP, "{'input_spec': [{'item_name': 'x', 'component_mapping': {'component': 'c'}}]}"},
			{DE, "{}"}}},
	{"any environment may have it", DANGLING, "", NULL,
		{INPUT("'unit': ''"), {DE, "{}", "a"},
			{DE, "{'upstream_components': " COMPONENT("output_spec", "'unit': ''") "}", "b"}}},
};

int main(void)
{
	return CASES_RUN(rows, rule_case_check);
}
