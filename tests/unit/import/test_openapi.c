/* OpenAPI documents: which operation, what is wrapped around a row, and what a property says. */
#include "cases.h"
#include "lines_cases.h"

#define API(paths) "{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"T\"}, \"paths\": {" paths "}}"
#define POST(schema)                                                                                           \
	"\"/predict\": {\"post\": {\"requestBody\": {\"content\": {\"application/json\": {\"schema\": " schema \
	"}}}}}"
#define ROW(properties) "{\"type\": \"object\", \"properties\": {" properties "}}"
#define AT              "paths./predict.post.requestBody.content.application/json.schema.properties."
#define UP              "development_environment upstream_components[T].output_spec"
#define OF(text)        "openapi", "openapi.json", text, 0

static const struct lines_case rows[] = {
	{"a property is an item that arrives", OF(API(POST(ROW("\"a\": {\"type\": \"number\"}")))),
		{UP "[a].item_type = number @ " AT "a.type",
			"data_pipeline input_spec[a].item_type = number @ " AT "a.type (weak)",
			"data_pipeline input_spec[a].component_mapping.data_item = a @ " AT "a (weak)"},
		{0}},
	{"rows inside instances are rows",
		OF(API(POST(ROW("\"instances\": {\"type\": \"array\", \"items\": " ROW(
			"\"a\": {\"type\": \"string\"}") "}")))),
		{UP "[a].item_type = string @ " AT "instances.items.properties.a.type"}, {"[instances]"}},
	{"a reference is followed, also with escaped slashes",
		OF("{\"openapi\": \"3.1.0\", \"info\": {\"title\": \"T\"}, \"paths\": {" POST(
			"{\"$ref\": \"#/components/x~1y/R\"}") "}, \"components\": {\"x/y\": {\"R\": " ROW("\"a\": {\"type\": \"boolean\"}") "}}}"),
		{UP "[a].item_type = boolean @ components.x/y.R.properties.a.type"}, {0}},
	{"a reference to itself ends",
		OF("{\"openapi\": \"3.1.0\", \"paths\": {" POST(
			"{\"$ref\": \"#/c\"}") "}, \"c\": "
					       "{\"$ref\": \"#/c\"}}"),
		{"refused: openapi.json: paths./predict.post: its request and its answer have no schema; declare "
		 "their types (in FastAPI as models of pydantic)"},
		{0}},
	{"parts that name themselves many times end",
		OF("{\"openapi\": \"3.1.0\", \"info\": {\"title\": \"T\"}, \"paths\": {" POST(
			"{\"$ref\": \"#/c\"}") "}, "
					       "\"c\": {\"properties\": {\"a\": {\"type\": \"string\"}}, \"allOf\": [{\"$ref\": \"#/c\"}, {\"$ref\": "
					       "\"#/c\"}]}}"),
		{UP "[a].item_type = string @ c.properties.a.type"}, {0}},
	{"nullable of 3.0 may be missing",
		OF(API(POST(
			"{\"required\": [\"a\", \"b\"], \"properties\": {\"a\": {\"type\": \"string\", \"nullable\": "
			"true}, \"b\": {\"type\": \"string\"}}}"))),
		{UP "[a].item_specification.optional_value = true @ " AT "a",
			UP "[b].item_specification.optional_value = false @ " AT "b"},
		{0}},
	{"null among the choices of 3.1 may be missing",
		OF(API(POST(
			"{\"required\": [\"a\", \"b\"], \"properties\": {\"a\": {\"anyOf\": [{\"type\": \"integer\"}, "
			"{\"type\": \"null\"}]}, \"b\": {\"type\": [\"number\", \"null\"]}}}"))),
		{UP "[a].item_type = integer @ " AT "a.anyOf.0.type",
			UP "[b].item_type = number @ " AT "b.type",
			UP "[b].item_specification.optional_value = true @ " AT "b"},
		{"optional_value = false"}},
	{"limits and choices are kept",
		OF(API(POST(ROW(
			"\"a\": {\"type\": \"integer\", \"minimum\": 1, \"exclusiveMaximum\": 9}, \"b\": {\"enum\": "
			"[\"x\", 2], \"maxLength\": 3}")))),
		{UP "[a].item_specification.min_value = 1 @ " AT "a.minimum",
			UP "[a].item_specification.max_value = 9 @ " AT "a.exclusiveMaximum",
			UP "[b].item_specification.allowed_values = x @ " AT "b.enum[0]",
			UP "[b].item_specification.allowed_values = 2 @ " AT "b.enum[1]",
			UP "[b].item_specification.max_length = 3 @ " AT "b.maxLength"},
		{0}},
	{"a list in a row has a shape",
		OF(API(POST(ROW(
			"\"a\": {\"type\": \"array\", \"minItems\": 2, \"maxItems\": 2, \"items\": {\"type\": "
			"\"array\", \"items\": {\"type\": \"number\", \"format\": \"float\"}}}")))),
		{UP "[a].item_type = float @ " AT "a.items.items.type",
			UP "[a].item_specification.shape = 2 @ " AT "a",
			UP "[a].item_specification.shape = -1 @ " AT "a.items"},
		{0}},
	{"query parameters are items too",
		OF(API("\"/predict\": {\"get\": {\"parameters\": [{\"name\": \"a\", \"in\": \"query\", \"required\": true, "
		       "\"schema\": {\"type\": \"number\"}}, {\"name\": \"h\", \"in\": \"header\"}]}}")),
		{UP "[a].item_type = number @ paths./predict.get.parameters.0.schema.type", UP
			"[a].item_specification.optional_value = false @ paths./predict.get.parameters.0.schema"},
		{"[h]"}},
	{"an answer is the model's final output",
		OF(API("\"/score\": {\"post\": {\"responses\": {\"422\": {\"content\": {\"application/json\": {\"schema\": " ROW(
			"\"detail\": {}") "}}}, \"200\": {\"content\": {\"application/json\": {\"schema\": " ROW("\"label\": {\"type\": \"boolean\"}") "}}}}}}")),
		{"trained_model final_output_spec[label].item_type = boolean @ "
		 "paths./score.post.responses.200.content.application/json.schema.properties.label.type"},
		{"detail"}},
	{"the only operation with a body counts whatever it is called",
		OF(API("\"/v\": {\"post\": {\"requestBody\": {\"content\": {\"a/json\": {\"schema\": " ROW(
			"\"a\": {\"type\": \"string\"}") "}}}}}, \"/w\": {\"get\": {}}")),
		{UP "[a].item_type = string @ paths./v.post.requestBody.content.a/json.schema.properties.a.type"},
		{0}},
	{"YAML is read as well", "openapi", "api.yaml",
		"openapi: 3.1.0\ninfo: {title: T}\npaths:\n  /predict:\n    post:\n      requestBody:\n        content:\n"
		"          application/json: {schema: {properties: {a: {type: string}}}}\n",
		0, {UP "[a].item_type = string @ " AT "a.type"}, {0}},
	{"a protocol says nothing of a model",
		OF(API("\"/v2/models/{model_name}/infer\": {\"post\": {\"requestBody\": {}}}")),
		{"refused: openapi.json: paths./v2/models/{model_name}/infer.post: this describes the inference protocol, "
		 "which is the same for every model; import the model's own file instead (MLmodel, model.onnx, "
		 "config.pbtxt)"},
		{0}},
	{"a service without a prediction is refused", OF(API("\"/a\": {\"get\": {}}, \"/b\": {\"get\": {}}")),
		{"refused: openapi.json: paths: no operation here sounds like a prediction (predict, infer, score …), so "
		 "nothing is known of the model from it"},
		{0}},
	{"Swagger is refused with what to do", OF("{\"swagger\": \"2.0\"}"),
		{"refused: openapi.json: swagger: OpenAPI 3.0 or 3.1 is expected; convert it first, e.g. with "
		 "swagger2openapi"},
		{0}},
	{"another file's schema is told", OF(API(POST(ROW("\"a\": {\"$ref\": \"x.json#/A\"}")))),
		{"left " AT "a: \"x.json#/A\" is in another file, which is not read"}, {"item_type"}},
};

int main(void)
{
	return CASES_RUN(rows, lines_case_check);
}
