/* The table of formats, and how a file finds its row. */
#include <ctype.h>
#include <fnmatch.h>
#include <string.h>

#include "import/formats.h"

const struct import_format import_formats[] = {
	{"mlflow", "MLflow models",
		"an MLmodel file, with conda.yaml, python_env.yaml, requirements.txt and its run beside it",
		{"MLmodel", "*_MLmodel"}, NULL, mlflow_read, false},
	{"mlflow-run", "Runs of MLflow", "a run's meta.yaml, with params and metrics beside it",
		{"meta.yaml", "*_meta.yaml"}, mlflow_run_looks, mlflow_run_read, true},
	{"mlproject", "MLflow projects", "an MLproject file", {"MLproject"}, NULL, mlproject_read, false},
	{"kubernetes", "Kubernetes manifests", "objects of Kubernetes and KServe, several to a file",
		{"*.yaml", "*.yml", "*.json"}, kubernetes_looks, kubernetes_read, false},
	{"compose", "Docker Compose files", "docker-compose.yml, compose.yaml",
		{"*compose*.yaml", "*compose*.yml"}, compose_looks, compose_read, false},
	{"conda", "Conda environments", "environment.yml or conda.yaml",
		{"environment.y*ml", "*environment.y*ml", "conda.y*ml", "*.conda.y*ml"}, conda_looks,
		conda_read, false},
	{"python-env", "MLflow's Python environments", "python_env.yaml", {"python_env.y*ml"}, NULL,
		python_env_read, false},
	{"requirements", "Requirements of pip", "requirements.txt",
		{"requirements*.txt", "*requirements.txt", "requirements/*.txt"}, NULL, requirements_read,
		false},
	{"pyproject", "Python projects", "pyproject.toml", {"pyproject.toml", "*.pyproject.toml"}, NULL,
		pyproject_read, false},
	{"dockerfile", "Dockerfiles", "a Dockerfile, with the requirements that it installs",
		{"Dockerfile", "Dockerfile.*", "*.Dockerfile", "Containerfile"}, NULL, dockerfile_read,
		false},
	{"sei", "The SEI's descriptor documents", "trained_model.json and the like, v1.0 to v1.2",
		{"*system_context*.json", "*raw_data*.json", "*training_data*.json", "*data_pipeline*.json",
			"*trained_model*.json", "*development_environment*.json",
			"*production_environment*.json", "*production_data*.json"},
		sei_looks, sei_read, false},
	{"dvc", "DVC's pipelines and pointers",
		"dvc.yaml, dvc.lock with params.yaml and metrics beside them, *.dvc",
		{"dvc.yaml", "*.dvc.yaml", "dvc.lock", "*.dvc.lock", "*.dvc"}, NULL, dvc_read, false},
	{"model-card", "Cards of Hugging Face", "README.md of a model or a data set, with front matter",
		{"README.md", "*model*card*.md", "*data*card*.md"}, model_card_looks, model_card_read, false},
	{"great-expectations", "Suites of Great Expectations", "expectations/*.json", {"*.json"},
		great_expectations_looks, great_expectations_read, false},
	{"ge-checkpoint", "Checkpoints of Great Expectations",
		"checkpoints/*.yml or *.json: which suite is held against which data", {"*.y*ml", "*.json"},
		great_expectations_checkpoint_looks, great_expectations_checkpoint_read, false},
	{"croissant", "Croissant descriptions of data sets", "croissant.json, of versions 0.8 to 1.1",
		{"*.json"}, croissant_looks, croissant_read, false},
	{"frictionless", "Frictionless data packages", "datapackage.json",
		{"datapackage.json", "datapackage.y*ml", "*datapackage.json"}, frictionless_looks,
		frictionless_read, false},
	{"dbt", "Properties of dbt's models", "schema.yml", {"*.yml", "*.yaml"}, dbt_looks, dbt_read, false},
	{"avro", "Avro schemas", "*.avsc", {"*.avsc"}, NULL, avro_read, false},
	{"sagemaker", "SageMaker's baselines",
		"constraints.json, statistics.json, violations and captured requests",
		{"*constraints.json", "*statistics.json", "*constraint_violations.json", "*capture*.jsonl"},
		sagemaker_looks, sagemaker_read, false},
	{"json-schema", "JSON Schemas of data",
		"the schema of a row, a request or an answer, whose name tells which",
		{"*train*schema*.json", "*raw*schema*.json", "*data*schema*.json", "*production*schema*.json",
			"*serving*schema*.json", "*request*schema*.json", "*input*schema*.json",
			"*response*schema*.json", "*output*schema*.json", "*prediction*schema*.json",
			"*row*schema*.json", "*record*schema*.json"},
		json_schema_looks, json_schema_read, false},
	{"bentoml", "BentoML's build files", "bentofile.yaml, with the requirements that it names",
		{"bentofile.y*ml", "*.bentofile.y*ml"}, NULL, bentoml_read, false},
	{"mlserver", "MLServer's settings", "model-settings.json, settings.json",
		{"model-settings.json", "*.model-settings.json", "settings.json"}, mlserver_looks,
		mlserver_read, false},
	{"csv", "Tables of data", "CSV or TSV whose name tells training, test, production or raw data",
		{"*train*.[ct]sv", "*test*.[ct]sv", "*eval*.[ct]sv", "*holdout*.[ct]sv", "*valid*.[ct]sv",
			"*production*.[ct]sv", "*serving*.[ct]sv", "*inference*.[ct]sv", "*requests*.[ct]sv",
			"*raw*.[ct]sv"},
		NULL, csv_read, false},
	{"openapi", "OpenAPI documents", "OpenAPI 3.0 or 3.1 of the prediction service",
		{"*openapi*.json", "*openapi*.y*ml", "*swagger*.json", "*swagger*.y*ml", "api.json",
			"api.y*ml"},
		openapi_looks, openapi_read, false},
	{"prometheus", "Prometheus metrics", "what a service answers at /metrics",
		{"*.prom", "metrics", "*metrics*.txt", "*.openmetrics"}, prometheus_text_looks,
		prometheus_text_read, false},
	{"prometheus-rules", "Prometheus rules", "alerts and recording rules",
		{"*.y*ml", "*.rules", "*.rules.json"}, prometheus_rules_looks, prometheus_rules_read, false},
	{"grafana", "Grafana dashboards", "a dashboard as JSON", {"*.json"}, grafana_looks, grafana_read,
		false},
	{"onnx", "ONNX models", "model.onnx", {"*.onnx"}, NULL, onnx_read, false},
	{"savedmodel", "TensorFlow SavedModels", "saved_model.pb", {"saved_model.pb", "*saved_model.pb"},
		NULL, savedmodel_read, false},
	{"triton", "Triton model configurations", "config.pbtxt", {"config.pbtxt", "*config.pbtxt"},
		triton_looks, triton_read, false},
	{"tfdv-schema", "Schemas of TensorFlow Data Validation", "schema.pbtxt", {"*schema*.pbtxt"},
		tfdv_schema_looks, tfdv_schema_read, false},
	{"tfdv-statistics", "Statistics of TensorFlow Data Validation", "FeatureStats.pb, stats_tfrecord",
		{"*stats*.pb", "*statistics*.pb", "*stats*tfrecord*"}, tfdv_statistics_looks,
		tfdv_statistics_read, false},
	{NULL, NULL, NULL, {NULL}, NULL, NULL, false},
};

const struct import_format *import_format_named(const char *name)
{
	for (const struct import_format *row = import_formats; row->name; row++)
		if (strcmp(row->name, name) == 0)
			return row;
	return NULL;
}

/* The last parts of a path, as many as the pattern has. */
static const char *tail(const char *path, const char *pattern)
{
	size_t slashes = 0;
	for (const char *at = pattern; *at; at++)
		slashes += *at == '/';
	const char *from = path + strlen(path);
	while (from > path) {
		if (from[-1] == '/' && slashes-- == 0)
			break;
		from--;
	}
	return from;
}

static bool name_fits(const struct import_format *row, const char *path)
{
	for (size_t i = 0; i < IMPORT_NAMES_MAX && row->names[i]; i++)
		if (fnmatch(row->names[i], tail(path, row->names[i]), FNM_CASEFOLD | FNM_PATHNAME) == 0)
			return true;
	return false;
}

const struct import_format *import_format_candidate(const char *path, size_t *at)
{
	while (import_formats[*at].name) {
		const struct import_format *row = &import_formats[(*at)++];
		if (name_fits(row, path))
			return row;
	}
	return NULL;
}

const struct import_format *import_recognise(const struct import_file *file)
{
	const size_t size = file->size < IMPORT_HEAD_SIZE ? file->size : IMPORT_HEAD_SIZE;
	size_t at = 0;
	const struct import_format *row;
	while ((row = import_format_candidate(file->path, &at)))
		if (!row->looks || (size > 0 && row->looks(file->bytes, size)))
			return row;
	return NULL;
}
