/* What SageMaker's Model Monitor writes: doubles for counts, sketches, constraints. */
#include "importing.h"

#include "cases.h"

struct row {
	const char *name;
	const char *text;
	const char *says;
	const char *path; /* NULL: statistics.json */
};

static void check(void **state)
{
	const struct row *row = *state;
	importing_expect("sagemaker", row->path ? row->path : "statistics.json", row->text, row->says);
}

static const struct row rows[] = {
	{"a count that is written as a fraction is whole",
		"{\"version\": 0.0, \"dataset\": {\"item_count\": 24000.0}, \"features\": [{\"name\": \"a\"}]}",
		"training_data number_of_instances = 24000 @ dataset.item_count\n", NULL},
	{"a type is the column's",
		"{\"version\": 0.0, \"dataset\": {\"item_count\": 24000.0}, \"features\": [{\"name\": \"a\", \"inferred_type\": \"Integral\"}]}",
		"training_data schema[column a].field_type = Integral @ features[0].inferred_type\n", NULL},
	{"a type that is unknown is none",
		"{\"version\": 0.0, \"dataset\": {\"item_count\": 24000.0}, \"features\": [{\"name\": \"a\", \"inferred_type\": \"Unknown\"}]}",
		"!field_type\n", NULL},
	{"completeness is the share that is there",
		"{\"version\": 0.0, \"dataset\": {\"item_count\": 24000.0}, \"features\": [{\"name\": \"a\", \"completeness\": 0.9}]}",
		"training_data schema[column a].missing_values = at most 10 % of rows @ features[0].completeness\n",
		NULL},
	{"what is never negative is at least 0",
		"{\"version\": 0.0, \"dataset\": {\"item_count\": 24000.0}, \"features\": [{\"name\": \"a\", \"num_constraints\": {\"is_non_negative\": true}}]}",
		"training_data schema[column a].min_value = 0 @ features[0].num_constraints.is_non_negative\n",
		NULL},
	{"what may be negative has no bound",
		"{\"version\": 0.0, \"dataset\": {\"item_count\": 24000.0}, \"features\": [{\"name\": \"a\", \"num_constraints\": {\"is_non_negative\": false}}]}",
		"!min_value\n", NULL},
	{"domains are the only values",
		"{\"version\": 0.0, \"dataset\": {\"item_count\": 24000.0}, \"features\": [{\"name\": \"a\", \"string_constraints\": {\"domains\": [\"x\", \"y\"]}}]}",
		"training_data schema[column a].allowed_values = y @ features[0].string_constraints.domains[1]\n",
		NULL},
	{"statistics are the training data's",
		"{\"version\": 0.0, \"dataset\": {\"item_count\": 24000.0}, \"features\": [{\"name\": \"a\", \"inferred_type\": \"Fractional\", \"numerical_statistics\": {\"common\": {\"num_present\": 4.0, \"num_missing\": 1.0}, \"mean\": 2.5, \"std_dev\": 1.5, \"min\": 1.0, \"max\": 4.0, \"distribution\": {\"kll\": {}}}}]}",
		"training_data statistics[column a Mean].value = 2.5 @ features[0].numerical_statistics.mean\n"
		"training_data statistics[column a Standard Deviation].value = 1.5 @ features[0].numerical_statistics.std_dev\n",
		NULL},
	{"statistics of production are production data's",
		"{\"version\": 0.0, \"dataset\": {\"item_count\": 24000.0}, \"features\": [{\"name\": \"a\"}]}",
		"production_data number_of_instances = 24000 @ dataset.item_count\n",
		"production/statistics.json"},
	{"violations are told",
		"{\"violations\": [{\"feature_name\": \"a\", \"constraint_check_type\": \"data_type_check\", \"description\": \"bad\"}]}",
		"warned violations[0]: data_type_check of a failed: bad\n", NULL},
	{"captured requests are production data, in which the request is a text",
		"{\"captureData\": {\"endpointInput\": {\"encoding\": \"JSON\", \"data\": \"{\\\"instances\\\": [{\\\"a\\\": 1, \\\"b\\\": 2.5}, {\\\"a\\\": 2, \\\"b\\\": null}]}\"}}, \"eventMetadata\": {\"inferenceTime\": \"2019-11-24T07:30:50Z\"}}\n"
		"{\"captureData\": {\"endpointInput\": {\"encoding\": \"JSON\", \"data\": \"{\\\"instances\\\": [{\\\"a\\\": 1}]}\"}}, \"eventMetadata\": {\"inferenceTime\": \"2019-11-24T07:29:00Z\"}}\n",
		"production_data number_of_instances = 3 @ captureData.endpointInput.data\n"
		"production_data schema[column a].field_type = integer @ line 1.captureData.endpointInput.data.instances[0].a\n"
		"production_data schema[column b].field_type = number @ line 1.captureData.endpointInput.data.instances[0].b\n"
		"2019-11-24T07:29:00Z to 2019-11-24T07:30:50Z @ eventMetadata.inferenceTime\n",
		"captured-data.jsonl"},
	{"a captured field has the wider of its types",
		"{\"captureData\": {\"endpointInput\": {\"encoding\": \"JSON\", \"data\": \"[{\\\"a\\\": 1, \\\"b\\\": 1}, {\\\"a\\\": 2.5, \\\"b\\\": \\\"x\\\"}]\"}}}",
		"production_data schema[column a].field_type = number @ line 1.captureData.endpointInput.data[0].a\n"
		"production_data schema[column b].field_type = mixed @ line 1.captureData.endpointInput.data[0].b\n"
		"!integer\n",
		"captured-data.jsonl"},
	{"captured numbers without names are rows without columns",
		"{\"captureData\": {\"endpointInput\": {\"encoding\": \"JSON\", \"data\": \"{\\\"instances\\\": [1.0, 2.0, 5.0]}\"}}, \"eventMetadata\": {\"inferenceTime\": \"2019-11-24T07:30:50Z\"}}",
		"production_data number_of_instances = 3 @ captureData.endpointInput.data\n"
		"!schema\n",
		"captured-data.jsonl"},
	{"a captured table has a row in each line",
		"{\"captureData\": {\"endpointInput\": {\"encoding\": \"CSV\", \"data\": \"1,2\\n3,4\\n\"}}, \"eventMetadata\": {\"inferenceTime\": \"2019-11-24T07:30:50Z\"}}",
		"production_data number_of_instances = 2 @ captureData.endpointInput.data\n",
		"captured-data.jsonl"},
	{"captured bytes are told, and then rows are not counted",
		"{\"captureData\": {\"endpointInput\": {\"encoding\": \"BASE64\", \"data\": \"AAAA\"}}, \"eventMetadata\": {\"inferenceTime\": \"2019-11-24T07:30:50Z\"}}",
		"left line 1.captureData.endpointInput.data: a request in JSON or CSV is expected here\n"
		"!number_of_instances\n",
		"captured-data.jsonl"},
	{"a captured answer without its request is told", "{\"captureData\": {\"endpointOutput\": {}}}",
		"left line 1: a captured request has its captureData.endpointInput here\n"
		"!number_of_instances\n",
		"captured-data.jsonl"},
	{"what must not fall below a threshold is a goal",
		"{\"version\": 0.0, \"binary_classification_constraints\": {\"recall\": {\"threshold\": 0.5, \"comparison_operator\": \"LessThanThreshold\"}}}",
		"trained_model algorithm_metrics[recall greater or equal than 0.5].operator = greater or equal than @ binary_classification_constraints.recall.comparison_operator\n"
		"trained_model algorithm_metrics[recall greater or equal than 0.5].threshold = 0.5 @ binary_classification_constraints.recall.threshold\n",
		NULL},
	{"what must not rise above a threshold is a goal",
		"{\"regression_constraints\": {\"mae\": {\"threshold\": 2.0, \"comparison_operator\": \"GreaterThanThreshold\"}}}",
		"trained_model algorithm_metrics[mae less or equal than 2].operator = less or equal than @ regression_constraints.mae.comparison_operator\n",
		NULL},
	{"a threshold that is null asks for nothing",
		"{\"regression_constraints\": {\"mae\": {\"threshold\": null, \"comparison_operator\": \"GreaterThanThreshold\"}}}",
		"!algorithm_metrics\n", NULL},
	{"measured quality is the model's, and a matrix is told",
		"{\"multiclass_classification_metrics\": {\"accuracy\": {\"value\": 0.9}, \"confusion_matrix\": {\"0\": {}}}}",
		"trained_model evaluation_metrics[accuracy].result = 0.9 @ multiclass_classification_metrics.accuracy.value\n"
		"left multiclass_classification_metrics.confusion_matrix: only a metric that is one number is taken\n",
		NULL},
	{"settings of the monitoring are understood",
		"{\"features\": [], \"monitoring_config\": {\"distribution_constraints\": {\"comparison_threshold\": 0.1}}}",
		"0.1 @ monitoring_config.distribution_constraints.comparison_threshold\n"
		"!left\n",
		NULL},
	{"an unknown key is told", "{\"features\": [], \"wow\": 1}",
		"left wow: this is not known of SageMaker's baselines\n", NULL},
	{"a file without features is refused", "{}",
		"refused: statistics.json: features: constraints and statistics of SageMaker have a list of features here\n",
		NULL},
};

int main(void)
{
	return CASES_RUN(rows, check);
}
