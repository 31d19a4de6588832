/* MLmodel files: signatures, flavors, and what is refused. */
#include "importing.h"

#include "cases.h"

#include <string.h>

struct row {
	const char *name;
	const char *text;
	const char *expected;
};

static void check(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	assert_string_equal(
		importing_lines(arena, "mlflow", "MLmodel", row->text, strlen(row->text)), row->expected);
	arena_free(arena);
}

static void check_documents(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	assert_string_equal(importing_documents(arena, "mlflow", "churn/MLmodel", row->text), row->expected);
	arena_free(arena);
}

#define FLAVOR "flavors:\n  custom: {}\n"
#define CUSTOM "custom @ flavors.custom\ntrained_model ml_frameworks = custom @ flavors.custom\n"

static const struct row rows[] = {
	{"a model without a signature has no inputs", FLAVOR, CUSTOM},
	{"outputs that are null are not given", FLAVOR "signature: {outputs: null}\n", CUSTOM},
	{"JSON in a folded text is read",
		FLAVOR "signature:\n  outputs: '[{\"type\": \"long\",\n    \"name\": \"label\"}]'\n",
		CUSTOM "trained_model output_spec[label].item_name = label @ signature.outputs[0]\n"
		       "trained_model output_spec[label].item_type = long @ signature.outputs[0].type\n"},
	{"an unquoted Python version keeps its zero", "flavors:\n  python_function: {python_version: 3.10}\n",
		"python_function @ flavors.python_function\n"
		"trained_model languages[python].name = python @ flavors.python_function.python_version\n"
		"trained_model languages[python].version = 3.10 @ flavors.python_function.python_version\n"
		"trained_model model_components[model].programming_languages = Python @ "
		"flavors.python_function.python_version\n"},
	{"a user's path is no model's name", FLAVOR "artifact_path: /home/u/model\n",
		CUSTOM "/home/u/model @ artifact_path\n"},
	{"an unknown key is told", FLAVOR "wheels: 3\n",
		CUSTOM "left wheels: this is not known of MLmodel files\n"},
	{"a file without flavors is refused", "model_uuid: a\n",
		"refused: MLmodel:1:1: flavors: an MLmodel file has a mapping of flavors here\n"},
	{"a signature that is no JSON is refused and gives nothing", FLAVOR "signature: {inputs: '[{'}\n",
		"refused: MLmodel: signature.inputs: JSON is expected: string or '}' expected near end of "
		"file\n"},
	{"broken YAML is refused with its line", "flavors: [\n",
		"refused: MLmodel:2:1: flow sequence without a closing bracket\n"},
};

static const struct row documents[] = {
	{"a signature fills two descriptors, and a tensor has its shape",
		FLAVOR "signature:\n  inputs: '[{\"type\":\"tensor\",\"tensor-spec\":{\"dtype\":\"float64\","
		       "\"shape\":[-1,4]}}]'\n",
		"data_pipeline/default "
		"{\"input_spec\":[{\"item_type\":\"float64\",\"item_specification\":{\"shape\":[-1,4]}}]}\n"
		"trained_model/default {\"ml_frameworks\":[\"custom\"],\"input_signature\":[{\"item_type\":"
		"\"float64\",\"item_specification\":{\"shape\":[-1,4]}}]}\n"},
	{"a flavor's version is its package's",
		"flavors: {sklearn: {sklearn_version: 1.2.2, pickled_model: model.pkl}}\n",
		"trained_model/default "
		"{\"ml_frameworks\":[\"scikit-learn\"],\"system_dependencies\":[\"scikit-learn "
		"1.2.2\"],\"packages\":[{\"name\":\"scikit-learn\",\"version\":\"1.2.2\"}],\"artifact\":"
		"\"churn/model.pkl\"}\n"},
};

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + CASES_COUNT(documents)];
	size_t at = CASES_ADD(tests, 0, rows, check);
	at = CASES_ADD(tests, at, documents, check_documents);
	return CASES_RUN_ALL(tests, at);
}
