/* MLServer's settings of models. */
#include "importing.h"

#include "cases.h"

struct row {
	const char *name;
	const char *text;
	const char *says;
	const char *path; /* NULL: churn/model-settings.json */
};

static void check(void **state)
{
	const struct row *row = *state;
	importing_expect(
		"mlserver", row->path ? row->path : "churn/model-settings.json", row->text, row->says);
}

static const struct row rows[] = {
	{"inputs are the model's own signature, with their shapes",
		"{\"name\": \"m\", \"inputs\": [{\"name\": \"x\", \"datatype\": \"FP32\", \"shape\": [-1, 4]}]}",
		"trained_model/churn input_signature[x].item_type = FP32 @ inputs[0].datatype\n"
		"trained_model/churn input_signature[x].item_specification.shape = -1 @ inputs[0].shape\n"
		"trained_model/churn input_signature[x].item_specification.shape = 4 @ inputs[0].shape\n",
		NULL},
	{"outputs are the model's output",
		"{\"name\": \"m\", \"outputs\": [{\"name\": \"y\", \"datatype\": \"INT64\", \"shape\": [1]}]}",
		"trained_model/churn output_spec[y].item_type = INT64 @ outputs[0].datatype\n", NULL},
	{"a runtime tells the framework",
		"{\"name\": \"m\", \"implementation\": \"mlserver_sklearn.SKLearnModel\"}",
		"trained_model/churn ml_frameworks = scikit-learn @ implementation\n"
		"production_environment deployment_mechanism = MLServer with mlserver_sklearn.SKLearnModel @ implementation\n",
		NULL},
	{"a runtime of one's own tells none", "{\"name\": \"m\", \"implementation\": \"mine.Runtime\"}",
		"!ml_frameworks\n", NULL},
	{"the place that it is loaded from is the environment's",
		"{\"name\": \"m\", \"parameters\": {\"uri\": \"./m.joblib\", \"version\": \"v1\"}}",
		"production_environment model_artifact = ./m.joblib @ parameters.uri\n"
		"trained_model/churn model_version = v1 @ parameters.version\n",
		NULL},
	{"workers are how many requests it works on at a time", "{\"name\": \"m\", \"parallel_workers\": 3}",
		"production_environment concurrency = 3 @ parallel_workers\n", NULL},
	{"no workers are not a number of requests", "{\"name\": \"m\", \"parallel_workers\": 0}",
		"!concurrency\n", NULL},
	{"a tensor without a name is told", "{\"name\": \"m\", \"inputs\": [{\"datatype\": \"FP32\"}]}",
		"left inputs[0]: a tensor has its name here\n", NULL},
	{"an unknown key is told", "{\"name\": \"m\", \"wow\": 1}",
		"left wow: this is not known of MLServer's settings\n", NULL},
	{"an unknown parameter is told", "{\"name\": \"m\", \"parameters\": {\"wow\": 1}}",
		"left parameters.wow: this is not known of a model's parameters\n", NULL},
	{"an unknown key of a tensor is told",
		"{\"name\": \"m\", \"inputs\": [{\"name\": \"x\", \"dtype\": \"FP32\"}]}",
		"left inputs[0].dtype: this is not known of tensors\n", NULL},
	{"a content type is understood",
		"{\"name\": \"m\", \"parameters\": {\"content_type\": \"pd\", \"extra\": {\"a\": 1}}, \"max_batch_size\": 5}",
		"pd @ parameters.content_type\n"
		"{\"a\":1} @ parameters.extra\n"
		"5 @ max_batch_size\n"
		"!left\n",
		NULL},
	{"a size that is no number is told",
		"{\"name\": \"m\", \"inputs\": [{\"name\": \"x\", \"shape\": [\"a\"]}]}",
		"left inputs[0].shape: the size of a dimension is expected here\n", NULL},
	{"settings of the server tell its workers",
		"{\"http_port\": 8080, \"parallel_workers\": 4, \"debug\": false}",
		"production_environment concurrency = 4 @ parallel_workers\n"
		"production_environment deployment_mechanism = MLServer @ http_port (weak)\n"
		"8080 @ http_port\n",
		"settings.json"},
	{"an unknown setting of the server is told", "{\"http_port\": 8080, \"wow\": 1}",
		"left wow: this is not known of MLServer's settings\n", "settings.json"},
	{"anything else is refused", "{}",
		"refused: churn/model-settings.json: implementation: settings of MLServer name the model or the runtime that loads it\n",
		NULL},
};

int main(void)
{
	return CASES_RUN(rows, check);
}
