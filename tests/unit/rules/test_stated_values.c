/* When data have values that are stated not to occur, and when they have not. */
#include "rule_case.h"

#include "cases.h"

#define RD     KIND_RAW_DATA
#define TD     KIND_TRAINING_DATA
#define PD     KIND_PRODUCTION_DATA
#define STATED "data.stated-values"

/* A schema of one field; `stated` and what follows it end with commas. */
#define FIELD(stated, profile) "{'schema': [{'field_name': 'f', " stated "'profile': " profile "}]}"
#define NAMED(name, profile)   "{'schema': [{'field_name': '" name "', 'profile': " profile "}]}"
#define SEEN(low, high)        "{'count': 100, 'inferred_type': 'int', 'min': " low ", 'max': " high "}"
#define COUNTS(type, listed)   "{'count': 100, 'inferred_type': '" type "', 'categories': [" listed "]}"
#define A                      "{'value': 'a', 'count': 98}"
#define OTHER                  "{'value': 'b', 'count': 2}"

static const struct rule_case rows[] = {
	{"values at the bounds are fine", STATED, "", NULL,
		{{TD, FIELD("'min_value': 0, 'max_value': 9, ", SEEN("0", "9"))}}},
	{"a value below is found in the data that state it", STATED,
		"f @ training_data:schema[0].profile training_data:schema[0].min_value",
		"Field \"f\" of the training data should be at least 0; its profile has -1.",
		{{TD, FIELD("'min_value': 0, ", SEEN("-1", "9"))}}},
	{"a value above is found in raw data", STATED,
		"f @ raw_data:schema[0].profile raw_data:schema[0].max_value",
		"should be at most 8; its profile has 9", {{RD, FIELD("'max_value': 8, ", SEEN("0", "9"))}}},
	{"both ends are one finding with every place", STATED,
		"f @ production_data:schema[0].profile production_data:schema[0].min_value "
		"production_data:schema[0].max_value",
		NULL, {{PD, FIELD("'min_value': 1, 'max_value': 8, ", SEEN("0", "9"))}}},
	{"a profile without numbers says nothing of bounds", STATED, "", NULL,
		{{TD, FIELD("'max_value': 8, ", COUNTS("string", A))}}},
	{"a statement without a profile is no finding", STATED, "", NULL,
		{{TD, "{'schema': [{'field_name': 'f', 'max_value': 8}]}"}}},
	{"a profile without a statement is no finding", STATED, "", NULL, {{TD, FIELD("", SEEN("0", "9"))}}},

	{"values that are allowed are fine", STATED, "", NULL,
		{{TD, FIELD("'allowed_values': ['a', ' b '], ", COUNTS("string", A ", " OTHER))}}},
	{"a value that is not allowed is found with its share", STATED,
		"f @ training_data:schema[0].profile training_data:schema[0].allowed_values",
		"should be \"a\"; its profile has \"b\", 2 % of the values",
		{{TD, FIELD("'allowed_values': ['a'], ", COUNTS("string", A ", " OTHER))}}},
	{"numbers are the same however they are written", STATED, "", NULL,
		{{TD, FIELD("'allowed_values': ['1', '2'], ",
			      COUNTS("float",
				      "{'value': '1.0', 'count': 60}, {'value': '02', 'count': 40}"))}}},
	{"a number that is not allowed is found", STATED,
		"f @ training_data:schema[0].profile training_data:schema[0].allowed_values",
		"should be one of \"1\", \"2\"; its profile has \"0\", 40 % of the values",
		{{TD, FIELD("'allowed_values': ['1', '2'], ",
			      COUNTS("int", "{'value': '1', 'count': 60}, {'value': '0', 'count': 40}"))}}},
	{"a profile that contradicts itself is compared with nothing", STATED, "", NULL,
		{{TD, FIELD("'allowed_values': ['a'], ",
			      "{'count': 1, 'missing': 2, 'inferred_type': 'string', 'categories': [" OTHER
			      "]}")}}},

	{"what arrives is held against what training states", STATED,
		"f @ production_data:schema[0].profile training_data:schema[0].max_value",
		"Field \"f\" of the training data should be at most 8; the production data have 9.",
		{{TD, FIELD("'max_value': 8, ", SEEN("0", "8"))}, {PD, NAMED("f", SEEN("0", "9"))}}},
	{"the mapping tells which field arrives", STATED,
		"f @ production_data:schema[0].profile training_data:schema[0].max_value", NULL,
		{{TD, FIELD("'max_value': 8, 'mapping_production_data': 'g', ", SEEN("0", "8"))},
			{PD, NAMED("g", SEEN("0", "9"))}}},
	{"a field of another name is another field", STATED, "", NULL,
		{{TD, FIELD("'max_value': 8, 'mapping_production_data': 'g', ", SEEN("0", "8"))},
			{PD, NAMED("f", SEEN("0", "9"))}}},
	{"what keeps to the statement may arrive", STATED, "", NULL,
		{{TD, FIELD("'max_value': 8, 'allowed_values': ['1'], ",
			      COUNTS("int", "{'value': '1', 'count': 100}"))},
			{PD, NAMED("f", COUNTS("int", "{'value': '1', 'count': 100}"))}}},
};

int main(void)
{
	return CASES_RUN(rows, rule_case_check);
}
