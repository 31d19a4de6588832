/* JSON Schemas of rows, requests and answers. */
#include "importing.h"

#include "cases.h"

struct row {
	const char *name;
	const char *path;
	const char *text;
	const char *says;
};

static void check(void **state)
{
	const struct row *row = *state;
	importing_expect("json-schema", row->path, row->text, row->says);
}

static const struct row rows[] = {
	{"a property is a column", "row_schema.json", "{\"properties\": {\"a\": {\"type\": \"number\"}}}",
		"raw_data schema[column a].field_name = a @ properties.a\n"
		"raw_data schema[column a].field_type = number @ properties.a.type\n"},
	{"a name tells training data", "train.schema.json",
		"{\"title\": \"T\", \"description\": \"d\", \"properties\": {\"a\": {\"type\": \"string\"}}, \"required\": [\"a\"]}",
		"training_data dataset_name = T @ title\n"
		"training_data dataset_description = d @ description\n"
		"training_data schema[column a].missing_values = none @ properties.a\n"},
	{"a name tells a request", "request.schema.json",
		"{\"properties\": {\"a\": {\"type\": \"integer\"}}}",
		"data_pipeline input_spec[a].item_type = integer @ properties.a.type\n"
		"data_pipeline input_spec[a].item_specification.optional_value = true @ properties.a\n"},
	{"a name tells an answer", "response.schema.json",
		"{\"properties\": {\"p\": {\"type\": \"number\", \"maximum\": 1}}, \"required\": [\"p\"]}",
		"trained_model final_output_spec[p].item_type = number @ properties.p.type\n"
		"trained_model final_output_spec[p].item_specification.max_value = 1 @ properties.p.maximum\n"},
	{"a title tells where the name does not", "a.json",
		"{\"title\": \"PredictionRequest\", \"properties\": {\"a\": {\"type\": \"integer\"}}}",
		"data_pipeline input_spec[a].item_type = integer @ properties.a.type\n"},
	{"a list of rows is one row's schema", "a.json",
		"{\"type\": \"array\", \"items\": {\"properties\": {\"a\": {\"type\": \"boolean\"}}}}",
		"raw_data schema[column a].field_type = boolean @ items.properties.a.type\n"},
	{"a reference is followed", "a.json",
		"{\"properties\": {\"a\": {\"$ref\": \"#/$defs/x\"}}, \"$defs\": {\"x\": {\"type\": \"integer\"}}}",
		"raw_data schema[column a].field_type = integer @ $defs.x.type\n"},
	{"a reference into another file is told", "a.json",
		"{\"properties\": {\"a\": {\"$ref\": \"b.json#/x\"}}}",
		"left properties.a: \"b.json#/x\" is in another file, which is not read\n"
		"!field_type\n"},
	{"null beside a type says that it may be missing", "train.json",
		"{\"properties\": {\"a\": {\"type\": [\"string\", \"null\"]}}, \"required\": [\"a\"]}",
		"training_data schema[column a].field_type = string @ properties.a.type\n"
		"!missing_values\n"},
	{"a choice has all its types", "a.json",
		"{\"properties\": {\"a\": {\"oneOf\": [{\"type\": \"string\"}, {\"type\": \"array\", \"items\": {\"type\": \"number\"}}]}}}",
		"raw_data schema[column a].field_type = string or array(number) @ properties.a\n"},
	{"a format that says more is the type", "a.json",
		"{\"properties\": {\"a\": {\"type\": \"string\", \"format\": \"date-time\"}}}",
		"raw_data schema[column a].field_type = datetime @ properties.a.type\n"},
	{"bounds are the column's", "a.json", "{\"properties\": {\"a\": {\"minimum\": 0, \"maximum\": 1.5}}}",
		"raw_data schema[column a].min_value = 0 @ properties.a.minimum\n"
		"raw_data schema[column a].max_value = 1.5 @ properties.a.maximum\n"
		"raw_data schema[column a].expected_values = 0 to 1.5 @ properties.a.minimum\n"},
	{"an exclusive bound is taken and told", "a.json",
		"{\"properties\": {\"a\": {\"exclusiveMinimum\": 0}}}",
		"raw_data schema[column a].min_value = 0 @ properties.a.exclusiveMinimum\n"
		"warned properties.a.exclusiveMinimum: the bound itself is not allowed there, and counts as allowed here\n"},
	{"an exclusive bound of draft 4 is told", "a.json",
		"{\"properties\": {\"a\": {\"minimum\": 0, \"exclusiveMinimum\": true}}}",
		"raw_data schema[column a].min_value = 0 @ properties.a.minimum\n"
		"warned properties.a.exclusiveMinimum: the bound itself is not allowed there, and counts as allowed here\n"},
	{"an enumeration is the only values", "a.json",
		"{\"properties\": {\"a\": {\"enum\": [\"x\", 2, null]}}}",
		"raw_data schema[column a].allowed_values = x @ properties.a.enum[0]\n"
		"raw_data schema[column a].allowed_values = 2 @ properties.a.enum[1]\n"},
	{"a constant is the only value", "a.json", "{\"properties\": {\"a\": {\"const\": \"x\"}}}",
		"raw_data schema[column a].allowed_values = x @ properties.a.const[0]\n"},
	{"an object inside is told", "a.json",
		"{\"properties\": {\"a\": {\"type\": \"array\", \"items\": {\"properties\": {\"b\": {}}}}}}",
		"raw_data schema[column a].field_type = array(object) @ properties.a.type\n"
		"left properties.a: the fields inside an object are not taken\n"},
	{"a keyword that is not taken is told", "a.json", "{\"properties\": {\"a\": {\"multipleOf\": 2}}}",
		"left properties.a.multipleOf: this is not taken from JSON Schemas\n"},
	{"a property without a schema is a column without a type", "a.json",
		"{\"properties\": {\"a\": true}}",
		"raw_data schema[column a].field_name = a @ properties.a\n"
		"!field_type\n"},
	{"a schema of lists inside lists ends", "a.json",
		"{\"properties\": {\"a\": {\"$ref\": \"#/d\"}}, \"d\": {\"items\": {\"$ref\": \"#/d\"}}}",
		"raw_data schema[column a].field_name = a @ properties.a\n"},
	{"a schema of one value is refused", "a.json", "{\"type\": \"string\"}",
		"refused: a.json: properties: the schema of a row is expected: an object with properties, or a list of such\n"},
	{"what is no schema is refused", "a.json", "[1]",
		"refused: a.json: properties: the schema of a row is expected: an object with properties, or a list of such\n"},
};

int main(void)
{
	return CASES_RUN(rows, check);
}
