/* Checkpoints of Great Expectations. */
#include "importing.h"

#include "cases.h"

struct row {
	const char *name;
	const char *text;
	const char *says;
};

static void check(void **state)
{
	const struct row *row = *state;
	importing_expect("ge-checkpoint", "checkpoints/c.yml", row->text, row->says);
}

static const struct row rows[] = {
	{"a validation is a test case of the pipeline",
		"name: taxi\n"
		"config_version: 1.0\n"
		"class_name: SimpleCheckpoint\n"
		"validations:\n"
		"- batch_request: {datasource_name: d, data_asset_name: feb.csv}\n"
		"  expectation_suite_name: taxi.demo\n",
		"data_pipeline test_cases[taxi].test_case_name = taxi @ validations[0]\n"
		"data_pipeline test_cases[taxi].tested_property = suite taxi.demo of feb.csv @ validations[0]\n"
		"data_pipeline test_cases[taxi].file = checkpoints/c.yml @ validations[0]\n"
		"!left\n"},
	{"several validations are told apart by their suites",
		"name: c\n"
		"validations: [{expectation_suite_name: a}, {expectation_suite_name: b}]\n",
		"data_pipeline test_cases[c: a].tested_property = suite a @ validations[0]\n"
		"data_pipeline test_cases[c: b].tested_property = suite b @ validations[1]\n"},
	{"a validation without a suite has the checkpoint's",
		"name: c\n"
		"expectation_suite_name: s\n"
		"batch_request: {data_asset_name: t}\n"
		"validations: [{}]\n",
		"data_pipeline test_cases[c].tested_property = suite s of t @ validations[0]\n"},
	{"a checkpoint without validations has its own suite",
		"name: c\n"
		"expectation_suite_name: s\n"
		"validations: []\n",
		"data_pipeline test_cases[c].tested_property = suite s @ expectation_suite_name\n"},
	{"a validation without any suite is told",
		"name: c\n"
		"validations: [{}]\n",
		"left validations[0]: a validation names its suite: expectation_suite_name\n"
		"!test_cases\n"},
	{"since 1.0 definitions are named",
		"{\"name\": \"c\", \"validation_definitions\": [{\"id\": \"1\", \"name\": \"v\"}], \"actions\": []}",
		"data_pipeline test_cases[c].tested_property = validation v @ validation_definitions[0]\n"
		"[] @ actions\n"},
	{"a definition without a name is told", "{\"name\": \"c\", \"validation_definitions\": [{}]}",
		"left validation_definitions[0]: a validation definition has its name here\n"},
	{"a checkpoint without a name is called after its file",
		"validations: [{expectation_suite_name: s}]\n",
		"data_pipeline test_cases[c.yml].test_case_name = c.yml @ validations[0]\n"},
	{"an unknown key is told",
		"validations: []\n"
		"wow: 1\n",
		"left wow: this is not known of checkpoints\n"},
	{"a file without validations is refused", "name: c\n",
		"refused: checkpoints/c.yml:1:1: validations: a checkpoint of Great Expectations has a list of validations here\n"},
	{"validations that are no list are refused", "validations: {a: 1}\n",
		"refused: checkpoints/c.yml:1:14: validations: a checkpoint of Great Expectations has a list of validations here\n"},
};

int main(void)
{
	return CASES_RUN(rows, check);
}
