/* How descriptors are named on the command line. */
#include "command/target.h"

#include <string.h>

#include "cases.h"

static const struct target_row {
	const char *name;
	const char *text;
	const char *resource; /* with the system "fraud" */
} target_rows[] = {
	{"a kind's id alone means the default", "trained_model", "systems/fraud/trainedModels/default"},
	{"a document's kind is known", "TrainedModel", "systems/fraud/trainedModels/default"},
	{"a collection is known", "rawData", "systems/fraud/rawData/default"},
	{"hyphens are as good as underscores", "production-environment/eu-west",
		"systems/fraud/productionEnvironments/eu-west"},
	{"a version follows an at sign", "trained_model@3", "systems/fraud/trainedModels/default/versions/3"},
	{"a name and a version go together", "TrainedModel/scorer@12",
		"systems/fraud/trainedModels/scorer/versions/12"},
	{"a resource name brings its own system", "systems/other/rawData/default",
		"systems/other/rawData/default"},
	{"a resource name may have a version", "systems/other/rawData/logs/versions/2",
		"systems/other/rawData/logs/versions/2"},
};

static void check_target(void **state)
{
	const struct target_row *row = *state;
	struct target target;
	struct fault fault;
	char name[MODEL_NAME_SIZE];
	assert_int_equal(target_parse(row->text, &target, &fault), FAULT_NONE);
	assert_string_equal(target_resource(&target, "fraud", name), row->resource);
}

static const struct fault_row {
	const char *name;
	const char *text;
	const char *reason;
	const char *part; /* of the message */
} fault_rows[] = {
	{"a slip names the nearest kind", "traned_model", "KIND_UNKNOWN", "did you mean trained_model?"},
	{"a slip in a document's kind names the nearest one", "TrainedModle", "KIND_UNKNOWN",
		"did you mean TrainedModel?"},
	{"a kind that is near to none names all", "banana", "KIND_UNKNOWN", "production_data"},
	{"a very long kind is refused",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		"KIND_UNKNOWN", "there is no kind"},
	{"a name must be an id", "raw_data/Big", "NAME_INVALID", "\"Big\""},
	{"a name must not be empty", "raw_data/", "NAME_INVALID", "is not a descriptor's name"},
	{"version 0 does not exist", "raw_data@0", "VERSION_INVALID", "\"0\""},
	{"a version must be a number", "raw_data@latest", "VERSION_INVALID", "\"latest\""},
	{"a version must fit", "raw_data@4294967297", "VERSION_INVALID", "4294967297"},
	{"a system's name names no descriptor", "systems/fraud", "NAME_INVALID", "names no descriptor"},
};

static void check_fault(void **state)
{
	const struct fault_row *row = *state;
	struct target target;
	struct fault fault;
	assert_int_equal(target_parse(row->text, &target, &fault), FAULT_INVALID);
	assert_string_equal(fault.reason, row->reason);
	assert_non_null(strstr(fault.message, row->part));
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(target_rows) + CASES_COUNT(fault_rows)];
	size_t count = CASES_ADD(tests, 0, target_rows, check_target);
	return CASES_RUN_ALL(tests, CASES_ADD(tests, count, fault_rows, check_fault));
}
