/* When a value is written so that rules cannot read it, and when it is only unusual. */
#include "rule_case.h"

#include "cases.h"

#define SC      KIND_SYSTEM_CONTEXT
#define RD      KIND_RAW_DATA
#define DP      KIND_DATA_PIPELINE
#define TD      KIND_TRAINING_DATA
#define TM      KIND_TRAINED_MODEL
#define DE      KIND_DEVELOPMENT_ENVIRONMENT
#define PE      KIND_PRODUCTION_ENVIRONMENT
#define PD      KIND_PRODUCTION_DATA
#define UNKNOWN "completeness.value-not-understood"

#define WATCH(operator)           "{'algorithm_metrics': [{'metric': 'm', 'operator': '" operator"', 'threshold': 1}]}"
#define SIZED(list, name, number) "{'" list "': [{}, {'item_specification': {'" name "': " number "}}]}"

static const struct rule_case rows[] = {
	{"an operator that no rule knows is found", UNKNOWN,
		"algorithm_metrics.operator: bigger @ trained_model:algorithm_metrics[0].operator",
		"In the trained model, algorithm_metrics[0].operator is \"bigger\", which is not understood: it "
		"should be one of: greater than, >, greater or equal than,",
		{{TM, WATCH(" bigger ")}}},
	{"the SEI's operators are understood, whatever their case", UNKNOWN, "", NULL,
		{{TM, "{'algorithm_metrics': [{'operator': 'Greater Than'}, "
		      "{'operator': 'greater or equal than'}, {'operator': 'less than'}], "
		      "'business_metrics': [{'operator': 'less or equal than'}, {'operator': 'equal to'}, "
		      "{'operator': ' different than '}]}"}}},
	{"a blank operator is left to another rule", UNKNOWN, "", NULL, {{TM, WATCH(" ")}}},
	{"one word at two places is one finding", UNKNOWN,
		"business_metrics.operator: over @ trained_model:business_metrics[0].operator "
		"trained_model:business_metrics[2].operator",
		NULL,
		{{TM, "{'business_metrics': [{'operator': 'over'}, {'operator': '<'}, "
		      "{'operator': 'over'}]}"}}},
	{"two words are two findings", UNKNOWN,
		"business_metrics.operator: over @ trained_model:business_metrics[0].operator\n"
		"business_metrics.operator: under @ trained_model:business_metrics[1].operator",
		NULL, {{TM, "{'business_metrics': [{'operator': 'over'}, {'operator': 'under'}]}"}}},
	{"a goal's operator is found", UNKNOWN,
		"goals.target.operator: bigger @ system_context:goals[1].target.operator", NULL,
		{{SC, "{'goals': [{'id': 'a'}, {'id': 'b', 'target': {'metric': 'F1 Score', "
		      "'operator': 'bigger', 'value': 1}}]}"}}},
	{"the descriptor is named", UNKNOWN,
		"algorithm_metrics.operator: ~ @ trained_model/churn:algorithm_metrics[0].operator",
		"In trained model churn, algorithm_metrics[0].operator", {{TM, WATCH("~"), "churn"}}},

	{"a unit of time that no rule converts is found", UNKNOWN,
		"inference_time.unit: fortnights @ trained_model:inference_time.unit",
		"inference_time.unit is \"fortnights\", which is not understood: it should be one of: "
		"milliseconds,",
		{{TM, "{'inference_time': {'time': 1, 'unit': 'fortnights'}}"}}},
	{"so is that of the time that is allowed", UNKNOWN,
		"required_inference_time.unit: ticks @ production_environment:required_inference_time.unit",
		NULL, {{PE, "{'required_inference_time': {'time': 1, 'unit': 'ticks'}}"}}},
	{"units of time are understood in their usual forms", UNKNOWN, "", NULL,
		{{TM, "{'inference_time': {'time': 1, 'unit': 'Seconds'}}"},
			{PE, "{'required_inference_time': {'time': 1, 'unit': ' ms '}}"}}},
	{"a blank unit is no finding", UNKNOWN, "", NULL,
		{{TM, "{'inference_time': {'time': 1, 'unit': ''}}"}}},
	{"units that are only compared may be anything", UNKNOWN, "", NULL,
		{{TM, "{'output_spec': [{'unit': 'fortnights', 'item_type': 'Thing'}], "
		      "'test_metrics': [{'unit': 'smiles'}]}"},
			{TD, "{'schema': [{'unit': 'furlongs', 'field_type': 'thing'}]}"},
			{PE, "{'observed_metrics': [{'metric': 'm', 'value': -1, 'unit': 'points'}]}"}}},

	{"a negative amount is found", UNKNOWN,
		"computing_resources.cpu: -5 @ production_environment:computing_resources.cpu",
		"In the production environment, computing_resources.cpu is -5, which is not understood: it "
		"should be 0 or more.",
		{{PE, "{'computing_resources': {'cpu': -5, 'memory': 1, 'gpu': 0}}"}}},
	{"each amount of what is needed is looked at", UNKNOWN,
		"computing_resource_reqs.cpu: -0.5 @ trained_model:computing_resource_reqs.cpu\n"
		"computing_resource_reqs.gpu: -1 @ trained_model:computing_resource_reqs.gpu\n"
		"computing_resource_reqs.memory: -2 @ trained_model:computing_resource_reqs.memory\n"
		"computing_resource_reqs.storage: -3 @ trained_model:computing_resource_reqs.storage",
		NULL,
		{{TM, "{'computing_resource_reqs': {'gpu': -1, 'cpu': -0.5, 'memory': -2, "
		      "'storage': -3}}"}}},
	{"the development environment's amounts are looked at", UNKNOWN,
		"computing_resources.memory: -1 @ development_environment:computing_resources.memory", NULL,
		{{DE, "{'computing_resources': {'memory': -1}}"}}},
	{"nothing at all is an amount", UNKNOWN, "", NULL,
		{{PE, "{'computing_resources': {'gpu': 0, 'cpu': 0}, 'replicas': 0, 'concurrency': 0}"},
			{TM, "{'inference_time': {'time': 0}}"}, {PD, "{'requests_per_second': 0}"}}},
	{"negative counts of an environment are found", UNKNOWN,
		"concurrency: -3 @ production_environment:concurrency\n"
		"max_replicas: -2 @ production_environment:max_replicas\n"
		"replicas: -1 @ production_environment:replicas",
		NULL, {{PE, "{'replicas': -1, 'max_replicas': -2, 'concurrency': -3}"}}},
	{"a negative time is found", UNKNOWN, "inference_time.time: -1 @ trained_model:inference_time.time",
		NULL, {{TM, "{'inference_time': {'time': -1, 'unit': 's'}}"}}},
	{"a negative rate is found", UNKNOWN, "requests_per_second: -1 @ production_data:requests_per_second",
		NULL, {{PD, "{'requests_per_second': -1}"}}},
	{"a promise of data in the past is found", UNKNOWN,
		"refresh_interval: -1.5 s @ production_data:refresh_interval", "should be 0 s or more",
		{{PD, "{'refresh_interval': {'seconds': -1, 'nanos': -500000000}}"}}},
	{"a promise of data is understood", UNKNOWN, "", NULL,
		{{PD, "{'refresh_interval': {'seconds': 10}}"}}},
	{"a negative number of rows is found in every kind of data", UNKNOWN,
		"number_of_instances: -1 @ production_data:number_of_instances\n"
		"number_of_instances: -1 @ raw_data:number_of_instances\n"
		"number_of_instances: -1 @ training_data:number_of_instances",
		NULL,
		{{RD, "{'number_of_instances': -1}"}, {TD, "{'number_of_instances': -1}"},
			{PD, "{'number_of_instances': -1}"}}},

	{"a share beyond the whole is found", UNKNOWN,
		"distribution.percentage: 100.5 @ training_data:distribution[1].percentage",
		"distribution[1].percentage is 100.5, which is not understood: it should be from 0 to 100.",
		{{TD, "{'distribution': [{'label': 'a', 'percentage': 100}, "
		      "{'label': 'b', 'percentage': 100.5}]}"}}},
	{"a share below nothing is found in raw data", UNKNOWN,
		"labels_distribution.percentage: -1 @ raw_data:labels_distribution[0].percentage", NULL,
		{{RD, "{'labels_distribution': [{'percentage': -1}, {'percentage': 0}]}"}}},
	{"and in what arrives", UNKNOWN,
		"distribution.percentage: 101 @ production_data:distribution[0].percentage", NULL,
		{{PD, "{'distribution': [{'percentage': 101}]}"}}},
	{"a hold-out of more than everything is found", UNKNOWN,
		"evaluation_dataset.holdout_percentage: 120 @ "
		"trained_model:evaluation_dataset.holdout_percentage",
		NULL, {{TM, "{'evaluation_dataset': {'holdout_percentage': 120}}"}}},

	{"a negative size of an input is found", UNKNOWN,
		"input_spec.item_specification.channels: -3 @ "
		"data_pipeline:input_spec[1].item_specification.channels",
		NULL, {{DP, SIZED("input_spec", "channels", "-3")}}},
	{"a negative size of a feature is found", UNKNOWN,
		"output_spec.item_specification.resolution_x: -1 @ "
		"data_pipeline:output_spec[1].item_specification.resolution_x",
		NULL, {{DP, SIZED("output_spec", "resolution_x", "-1")}}},
	{"a negative length that a component takes is found", UNKNOWN,
		"downstream_components.input_spec.item_specification.max_length: -1 @ "
		"development_environment:downstream_components[0].input_spec[1].item_specification.max_length",
		NULL, {{DE, "{'downstream_components': [" SIZED("input_spec", "max_length", "-1") "]}"}}},
	{"and one that a component gives", UNKNOWN,
		"upstream_components.output_spec.item_specification.min_length: -1 @ "
		"development_environment:upstream_components[0].output_spec[1].item_specification.min_length",
		NULL, {{DE, "{'upstream_components': [" SIZED("output_spec", "min_length", "-1") "]}"}}},
	{"a model's outputs are looked at", UNKNOWN,
		"final_output_spec.item_specification.resolution_y: -1 @ "
		"trained_model:final_output_spec[1].item_specification.resolution_y",
		NULL, {{TM, SIZED("final_output_spec", "resolution_y", "-1")}}},
	{"bounds of values and shapes may be negative", UNKNOWN, "", NULL,
		{{TM, "{'output_spec': [{'item_specification': {'min_value': -9, 'max_value': -1, "
		      "'shape': [-1, 3]}}]}"}}},
};

int main(void)
{
	return CASES_RUN(rows, rule_case_check);
}
