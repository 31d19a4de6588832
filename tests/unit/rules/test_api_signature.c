/* When the model's own signature disagrees with what it is given, and when it does not. */
#include "rule_case.h"

#include "cases.h"

#define TM        KIND_TRAINED_MODEL
#define DP        KIND_DATA_PIPELINE
#define TD        KIND_TRAINING_DATA
#define SIGNATURE "api.signature"
#define MISSING   "api.signature-missing"

#define MODEL(items)                                                                                         \
	{                                                                                                    \
		TM, "{'input_signature': [" items "]}"                                                       \
	}
#define IN(name, type) "{'item_name': '" name "', 'item_type': '" type "'}"
#define PUTS_OUT(items)                                                                                      \
	{                                                                                                    \
		DP, "{'output_spec': [" items "]}"                                                           \
	}
#define COLUMNS(items)                                                                                       \
	{                                                                                                    \
		TD, "{'schema': [" items "]}"                                                                \
	}
#define COLUMN(name, type) "{'field_name': '" name "', 'field_type': '" type "'}"
#define LABEL(name, type)  "{'field_name': '" name "', 'field_type': '" type "', 'label_field': true}"
#define ARRAY(shape)       "{'item_type': 'float32', 'item_specification': {'shape': [" shape "]}}"

static const struct rule_case rows[] = {
	{"the same names and types agree", SIGNATURE, "", NULL,
		{MODEL(IN("a", "double") ", " IN("b", "string")),
			COLUMNS(COLUMN("b", "String") ", " COLUMN("a", "Float"))}},
	{"integer columns where the signature says double are harmless", SIGNATURE, "", NULL,
		{MODEL(IN("a", "double")), COLUMNS(COLUMN("a", "Integer"))}},
	{"a float column where the signature says long is found", SIGNATURE,
		"a @ training_data:schema[0].field_type trained_model:input_signature[0].item_type",
		"By its signature the trained model takes input \"a\" as long; column \"a\" of the training data is "
		"Float.",
		{MODEL(IN("a", "long")), COLUMNS(COLUMN("a", "Float"))}},
	{"text where the column is numeric is found", SIGNATURE,
		"a @ training_data:schema[0].field_type trained_model:input_signature[0].item_type", NULL,
		{MODEL(IN("a", "string")), COLUMNS(COLUMN("a", "Integer"))}},
	{"an input that is no column is found", SIGNATURE,
		"b @ training_data:schema trained_model:input_signature[0].item_name",
		"the training data has no column of that name.",
		{MODEL(IN("b", "double")), COLUMNS(COLUMN("a", "Float"))}},
	{"an input that may be missing is not asked for", SIGNATURE, "", NULL,
		{MODEL("{'item_name': 'b', 'item_specification': {'optional_value': true}}"),
			COLUMNS(COLUMN("a", "Float"))}},
	{"the label is no input", SIGNATURE,
		"y @ training_data:schema trained_model:input_signature[0].item_name", NULL,
		{MODEL(IN("y", "double")), COLUMNS(LABEL("y", "Float") ", " COLUMN("a", "Float"))}},
	{"more columns than the model takes are fine", SIGNATURE, "", NULL,
		{MODEL(IN("a", "double")), COLUMNS(COLUMN("a", "Float") ", " COLUMN("id", "String"))}},
	{"what the pipeline puts out is compared", SIGNATURE,
		"a @ data_pipeline:output_spec[0].item_type trained_model:input_signature[0].item_type",
		"output \"a\" of the data pipeline is String.",
		{MODEL(IN("a", "double")), PUTS_OUT(IN("a", "String"))}},
	{"another shape is found", SIGNATURE,
		"a @ data_pipeline:output_spec[0].item_specification.shape "
		"trained_model:input_signature[0].item_specification.shape",
		"in the shape -1 x 28; output \"a\" of the data pipeline has the shape -1 x 32.",
		{MODEL("{'item_name': 'a', 'item_specification': {'shape': [-1, 28]}}"),
			PUTS_OUT("{'item_name': 'a', 'item_specification': {'shape': [-1, 32]}}")}},
	{"a dimension of any size agrees", SIGNATURE, "", NULL,
		{MODEL("{'item_name': 'a', 'item_specification': {'shape': [-1, 28]}}"),
			PUTS_OUT("{'item_name': 'a', 'item_specification': {'shape': [64, 28]}}")}},
	{"an array as wide as the columns agrees", SIGNATURE, "", NULL,
		{MODEL(ARRAY("-1, 2")),
			COLUMNS(COLUMN("a", "Float") ", " COLUMN("b", "Float") ", " LABEL("y", "Integer"))}},
	{"an array of another width is found", SIGNATURE,
		"input_signature @ training_data:schema trained_model:input_signature[0].item_specification.shape",
		"takes rows of 4 numbers; the training data has 2 columns.",
		{MODEL(ARRAY("-1, 4")), COLUMNS(COLUMN("a", "Float") ", " COLUMN("b", "Float"))}},
	{"a pipeline that says nothing of its output is a gap", SIGNATURE, "", NULL,
		{MODEL(IN("a", "double")), {DP, "{}"}}},
	{"of two training sets the one that is named counts", SIGNATURE,
		"a @ training_data/new:schema[0].field_type trained_model:input_signature[0].item_type", NULL,
		{{TM, "{'training_data_identifier': 'n', 'input_signature': [" IN("a", "double") "]}"},
			{TD, "{'dataset_identifier': 'o', 'schema': [" COLUMN("a", "Float") "]}", "old"},
			{TD, "{'dataset_identifier': 'n', 'schema': [" COLUMN("a", "String") "]}", "new"}}},
	{"of two training sets none is guessed", SIGNATURE, "", NULL,
		{MODEL(IN("a", "double")), {TD, "{'schema': [" COLUMN("a", "String") "]}", "old"},
			{TD, "{'schema': [" COLUMN("a", "String") "]}", "new"}}},

	{"a boolean answer to a label of 0 and 1 is found", SIGNATURE,
		"p @ trained_model:output_spec[0].item_type training_data:schema[0].field_type",
		"Output \"p\" of the trained model is boolean; the label that it learned, \"y\" of the training "
		"data, is Integer.",
		{{TM, "{'output_spec': [" IN("p", "boolean") "]}"}, COLUMNS(LABEL("y", "Integer"))}},
	{"a probability answers to any label", SIGNATURE, "", NULL,
		{{TM, "{'output_spec': [" IN("p", "double") "]}"}, COLUMNS(LABEL("y", "String"))}},
	{"of two labels none is guessed", SIGNATURE, "", NULL,
		{{TM, "{'output_spec': [" IN("p", "boolean") "]}"},
			COLUMNS(LABEL("y", "Integer") ", " LABEL("z", "Integer"))}},

	{"a stored model without a signature is noted", MISSING,
		"input_signature @ trained_model:input_signature",
		"The trained model says how it is stored, but not what it takes.",
		{{TM, "{'serialization': 'pickle'}"}}},
	{"a model of which nobody says how it is stored is not asked", MISSING, "", NULL, {{TM, "{}"}}},
	{"a stored model with a signature is fine", MISSING, "", NULL,
		{{TM, "{'artifact': 'model.pkl', 'input_signature': [" IN("a", "double") "]}"}}},
};

int main(void)
{
	return CASES_RUN(rows, rule_case_check);
}
