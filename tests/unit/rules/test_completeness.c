/* What each kind is asked for, and that gaps are found at their places. */
#include "rules/completeness.h"

#include <stdbool.h>

#include "base/buffer.h"
#include "rule_case.h"
#include "rules/rules.h"

#include "cases.h"

#define SC KIND_SYSTEM_CONTEXT
#define RD KIND_RAW_DATA
#define DP KIND_DATA_PIPELINE
#define TD KIND_TRAINING_DATA
#define TM KIND_TRAINED_MODEL
#define DE KIND_DEVELOPMENT_ENVIRONMENT
#define PE KIND_PRODUCTION_ENVIRONMENT
#define PD KIND_PRODUCTION_DATA

/* The gaps of one descriptor whose paths begin with a word. */
struct gap_case {
	const char *name;
	enum model_kind kind;
	const char *text;
	const char *prefix;
	const char *found; /* a line for each: path, ":" and its places */
};

static const struct gap_case gaps[] = {
	{"a text that is absent is missing", SC, "{}", "task", "task: task"},
	{"a blank text is missing", SC, "{'task': ' '}", "task", "task: task"},
	{"a text is enough", SC, "{'task': 't'}", "task", ""},
	{"a text in an absent group is missing", SC, "{}", "risks.risk_fp", "risks.risk_fp: risks.risk_fp"},
	{"a choice is enough", SC, "{'ml_problem_type': {'ml_problem': 'Trend'}}", "ml_problem_type", ""},
	{"Other is not enough", SC, "{'ml_problem_type': {'ml_problem': 'Other', 'other_problem': ' '}}",
		"ml_problem_type", "ml_problem_type: ml_problem_type"},
	{"Other with its meaning is enough", SC,
		"{'ml_problem_type': {'ml_problem': 'Other', 'other_problem': 'x'}}", "ml_problem_type", ""},
	{"the meaning of Other without Other is not enough", SC,
		"{'ml_problem_type': {'other_problem': 'x'}}", "ml_problem_type",
		"ml_problem_type: ml_problem_type"},
	{"every goal without a text is named", SC, "{'goals': [{'id': '1'}, {'goal': 'g'}, {'goal': ' '}]}",
		"goals", "goals.goal: goals[0].goal goals[2].goal"},
	{"without goals no goal lacks its text", SC, "{}", "goals", ""},

	{"a number of 0 that counts things is missing", RD, "{'number_of_instances': 0}",
		"number_of_instances", "number_of_instances: number_of_instances"},
	{"a number is enough", RD, "{'number_of_instances': 5}", "number_of_instances", ""},
	{"a source is enough, beside empty ones", RD,
		"{'data_sources': [{}, {'data_source': 'Other'}, {'data_source': 'Public Data Source'}]}",
		"data_sources", ""},
	{"sources that are blank or Other are missing", RD,
		"{'data_sources': [{}, {'data_source': 'Other'}]}", "data_sources",
		"data_sources: data_sources"},
	{"a label's share of 0 is missing", RD, "{'labels_distribution': [{'label': 'a', 'percentage': 0}]}",
		"labels_distribution", "labels_distribution.percentage: labels_distribution[0].percentage"},
	{"a schema with nothing in it is missing as a whole", RD, "{'schema': [{}, {'field_name': ' '}]}",
		"schema", "schema: schema"},
	{"a schema that is not there is missing as a whole", RD, "{}", "schema", "schema: schema"},
	{"the gaps of a schema are missing one by one", RD,
		"{'schema': [{'field_name': 'a', 'field_description': 'd', 'field_type': 't', "
		"'expected_values': 'e', "
		"'interpret_missing': 'm', 'interpret_special': 's'}, {'field_name': 'b', 'field_type': 't', "
		"'expected_values': 'e', 'interpret_missing': 'm'}]}",
		"schema",
		"schema.field_description: schema[1].field_description\n"
		"schema.interpret_special: schema[1].interpret_special"},

	{"an item with only a specification is an empty one", DP,
		"{'input_spec': [{'item_specification': {'min_value': 1}}]}", "input_spec",
		"input_spec: input_spec"},
	{"half a mapping is a mapping to the pipeline", DP,
		"{'input_spec': [{'component_mapping': {'component': 'c'}}, {'item_name': 'b'}]}",
		"input_spec.component_mapping",
		"input_spec.component_mapping: input_spec[1].component_mapping"},
	{"a minimum of 0 specifies", DP,
		"{'input_spec': [{'item_name': 'a', 'item_specification': {'min_value': 0}}]}",
		"input_spec.item_specification", ""},
	{"booleans alone do not specify", DP,
		"{'input_spec': [{'item_name': 'a', 'item_specification': {'empty': true, 'numeric': "
		"false}}]}",
		"input_spec.item_specification",
		"input_spec.item_specification: input_spec[0].item_specification"},
	{"steps that are all blank are missing", DP, "{'pipeline_steps': [{'data_processing_step': ' '}]}",
		"pipeline_steps", "pipeline_steps: pipeline_steps"},

	{"a label needs no mapping, other fields do", TD,
		"{'schema': [{'field_name': 'a'}, {'field_name': 'b', 'label_field': true}, "
		"{'field_name': 'c', 'label_field': false}, {'field_name': 'd', 'mapping_production_data': "
		"'x'}]}",
		"schema.mapping",
		"schema.mapping_production_data: schema[0].mapping_production_data "
		"schema[2].mapping_production_data"},
	{"a field without a name needs its mapping too", TD, "{'schema': [{'field_type': 't'}]}",
		"schema.mapping", "schema.mapping_production_data: schema[0].mapping_production_data"},
	{"only labels need no mapping", TD, "{'schema': [{'field_name': 'b', 'label_field': true}]}",
		"schema.mapping", ""},

	{"components with nothing in them are missing as a whole", TM,
		"{'model_components': [{'learning_algorithm': {}, 'programming_languages': [' '], "
		"'hyper_parameters': [{}]}]}",
		"model_components", "model_components: model_components"},
	{"an algorithm that is Other needs its name", TM,
		"{'model_components': [{'learning_algorithm': {'algorithm': 'Other'}, "
		"'programming_languages': ['R']}]}",
		"model_components",
		"model_components.learning_algorithm: model_components[0].learning_algorithm"},
	{"each component needs a language", TM,
		"{'model_components': [{'learning_algorithm': {'algorithm': 'SVM'}}, {'hyper_parameters': "
		"[{'parameter_name': 'c'}], 'learning_algorithm': {'algorithm': 'SVM'}, "
		"'programming_languages': ['R']}]}",
		"model_components",
		"model_components.programming_languages: model_components[0].programming_languages"},
	{"an ensemble needs to say how it is composed", TM, "{'ensemble': true}", "model_composition",
		"model_composition_details: model_composition_details"},
	{"a single model does not", TM, "{'ensemble': false}", "model_composition", ""},
	{"frameworks that are all blank are missing", TM, "{'ml_frameworks': ['']}", "ml_frameworks",
		"ml_frameworks: ml_frameworks"},
	{"without post-processing the output is asked for", TM, "{}", "output_spec",
		"output_spec: output_spec"},
	{"without post-processing no final output is asked for", TM,
		"{'final_output_spec': [{'item_name': 'a'}]}", "final_output_spec", ""},
	{"with post-processing no output is asked for", TM,
		"{'post_processing': true, 'output_spec': [{'item_name': 'a'}]}", "output_spec", ""},
	{"with post-processing the final output is asked for", TM, "{'post_processing': true}",
		"final_output_spec", "final_output_spec: final_output_spec"},
	{"the gaps of an output are missing at their indexes", TM,
		"{'output_spec': [{'item_name': 'a', 'item_description': 'd', 'item_type': 'Float', "
		"'item_specification': {'other_value': 'x'}, 'component_mapping': {'component': 'c', "
		"'data_item': 'i'}}, "
		"{'item_name': 'b', 'item_description': 'd', 'item_specification': {'max_length': 3}, "
		"'component_mapping': {'component': ' ', 'data_item': 'i'}}, {'item_name': 'c', "
		"'item_description': 'd', 'item_specification': {'image_format': 'PNG'}}]}",
		"output_spec",
		"output_spec.component_mapping.component: output_spec[1].component_mapping.component "
		"output_spec[2].component_mapping.component\n"
		"output_spec.component_mapping.data_item: output_spec[2].component_mapping.data_item\n"
		"output_spec.item_type: output_spec[1].item_type output_spec[2].item_type"},
	{"a blank post-processing step is missing", TM,
		"{'post_processing': true, 'post_processing_process': ['round', ' ']}",
		"post_processing_process", "post_processing_process: post_processing_process[1]"},
	{"without post-processing its steps do not matter", TM, "{'post_processing_process': ['']}",
		"post_processing_process", ""},
	{"an evaluation set with a seed of 0 is there", TM, "{'evaluation_dataset': {'seed': 0}}",
		"evaluation_dataset",
		"evaluation_dataset.algorithm: evaluation_dataset.algorithm\n"
		"evaluation_dataset.holdout_percentage: evaluation_dataset.holdout_percentage\n"
		"evaluation_dataset.name: evaluation_dataset.name"},
	{"an evaluation set with nothing in it is missing as a whole", TM, "{'evaluation_dataset': {}}",
		"evaluation_dataset", "evaluation_dataset: evaluation_dataset"},
	{"an evaluation metric that is Other without a result is missing as a whole", TM,
		"{'evaluation_metrics': [{'metric': 'Other', 'result': 0}]}", "evaluation_metrics",
		"evaluation_metrics: evaluation_metrics"},
	{"an evaluation metric that is Other has a name beside a result", TM,
		"{'evaluation_metrics': [{'metric': 'Other', 'result': 1}, {'metric': 'F1 Score'}]}",
		"evaluation_metrics", "evaluation_metrics.result: evaluation_metrics[1].result"},
	{"a test metric that is Other has none", TM,
		"{'test_metrics': [{'metric': 'Other', 'result': 0}, {'other_metric': 'x', 'result': 1}]}",
		"test_metrics",
		"test_metrics.metric: test_metrics[0].metric test_metrics[1].metric\n"
		"test_metrics.result: test_metrics[0].result"},
	{"integration tests are asked for with post-processing only", TM, "{'post_processing': true}",
		"integration_test_dataset", "integration_test_dataset: integration_test_dataset"},
	{"and not without it", TM, "{}", "integration_test_dataset", ""},
	{"a threshold of 0 is a threshold", TM,
		"{'algorithm_metrics': [{'metric': 'm', 'operator': 'less than', 'threshold': 0, "
		"'goal_mapping': '1'}]}",
		"algorithm_metrics", ""},
	{"metrics with nothing in them are missing as a whole", TM,
		"{'algorithm_metrics': [{}, {'metric': ' '}]}", "algorithm_metrics",
		"algorithm_metrics: algorithm_metrics"},
	{"the gaps of metrics are missing one by one", TM,
		"{'business_metrics': [{'metric': 'm', 'operator': 'less than', 'threshold': 1}, "
		"{'goal_mapping': '1'}]}",
		"business_metrics",
		"business_metrics.goal_mapping: business_metrics[0].goal_mapping\n"
		"business_metrics.metric: business_metrics[1].metric\n"
		"business_metrics.operator: business_metrics[1].operator\n"
		"business_metrics.threshold: business_metrics[1].threshold"},
	{"a blank assumption is missing", TM, "{'decisions_assumptions': ['', 'b', ' ']}",
		"decisions_assumptions",
		"decisions_assumptions: decisions_assumptions[0] decisions_assumptions[2]"},
	{"no assumptions are none that is blank", TM, "{}", "decisions_assumptions", ""},
	{"resources with only GPUs are missing", TM, "{'computing_resource_reqs': {'gpu': 2, 'cpu': 0}}",
		"computing_resource_reqs", "computing_resource_reqs: computing_resource_reqs"},
	{"resources with cores only are there", TM, "{'computing_resource_reqs': {'cpu': 1}}",
		"computing_resource_reqs", ""},
	{"a time without a unit is there", TM, "{'inference_time': {'time': 1}}", "inference_time", ""},
	{"a unit without a time is there", TM, "{'inference_time': {'time': 0, 'unit': 'Hours'}}",
		"inference_time", ""},
	{"a time of 0 without a unit is missing", TM, "{'inference_time': {'time': 0}}", "inference_time",
		"inference_time: inference_time"},

	{"components without names and items are missing as a whole", DE,
		"{'upstream_components': [{'ml_component': true, 'output_spec': [{}]}]}",
		"upstream_components", "upstream_components: upstream_components"},
	{"items of no component are missing as a group", DE,
		"{'upstream_components': [{'component_name': 'a'}, {'component_name': 'b', 'output_spec': "
		"[{}]}]}",
		"upstream_components",
		"upstream_components.output_spec: upstream_components[0].output_spec "
		"upstream_components[1].output_spec"},
	{"one component's items make the group", DE,
		"{'upstream_components': [{'component_name': 'a'}, {'output_spec': [{}, {'item_name': 'i', "
		"'item_description': 'd', 'item_type': 't'}]}]}",
		"upstream_components",
		"upstream_components.component_name: upstream_components[1].component_name\n"
		"upstream_components.output_spec.expected_values: "
		"upstream_components[1].output_spec[0].expected_values "
		"upstream_components[1].output_spec[1].expected_values\n"
		"upstream_components.output_spec.item_description: "
		"upstream_components[1].output_spec[0].item_description\n"
		"upstream_components.output_spec.item_name: upstream_components[1].output_spec[0].item_name\n"
		"upstream_components.output_spec.item_type: upstream_components[1].output_spec[0].item_type"},
	{"downstream components are asked the same", DE,
		"{'downstream_components': [{'component_name': 'a', 'input_spec': [{'item_name': 'i', "
		"'item_type': 't', "
		"'expected_values': 'e'}]}]}",
		"downstream_components",
		"downstream_components.input_spec.item_description: "
		"downstream_components[0].input_spec[0].item_description"},
	{"milestones without anything are missing", DE, "{'milestones': [{}]}", "milestones",
		"milestones: milestones"},
	{"a collected metric without a name is there", PE, "{'algorithm_metrics': [{'implementation': 'x'}]}",
		"algorithm_metrics", ""},
	{"logs that are not there are missing", PE, "{'other_logs': [{'log': 'x'}]}", "model_logs",
		"model_logs: model_logs"},
	{"production's required time is asked for", PE, "{}", "required_inference_time",
		"required_inference_time: required_inference_time"},
	{"the rate of production data is asked for", PD, "{'data_sources': 's'}", "data_",
		"data_rates: data_rates"},
	{"the gaps of production's schema are found", PD,
		"{'schema': [{'field_name': 'a', 'field_type': 't'}]}", "schema",
		"schema.expected_values: schema[0].expected_values\n"
		"schema.field_description: schema[0].field_description"},
};

static void print_gap(struct buffer *text, const struct gap_case *row, const struct model_finding *finding)
{
	buffer_print(text, "%s%s:", text->size ? "\n" : "", finding->subject);
	for (size_t i = 0; i < finding->place_count; i++) {
		assert_int_equal(finding->places[i].kind, row->kind);
		assert_string_equal(finding->places[i].name, "a-name");
		buffer_print(text, " %s", finding->places[i].field);
	}
}

static void check_gap(void **state)
{
	const struct gap_case *row = *state;
	struct loaded loaded = {0};
	load_text(&loaded, row->kind, "a-name", row->text);
	struct rules_evaluation *evaluation = rules_evaluate(&loaded.system, NULL);
	struct buffer text = {0};
	size_t count;
	const struct model_finding *const *findings = rules_evaluation_findings(evaluation, &count);
	for (size_t i = 0; i < count; i++) {
		bool asked = strcmp(findings[i]->rule, "completeness.field-missing") == 0 &&
			     strncmp(findings[i]->subject, row->prefix, strlen(row->prefix)) == 0;
		if (asked)
			print_gap(&text, row, findings[i]);
	}
	assert_string_equal(buffer_string(&text), row->found);
	buffer_done(&text);
	rules_evaluation_unref(evaluation);
	load_done(&loaded);
}

/* ---- descriptors that are missing ---- */

static const struct rule_case kinds[] = {
	{"an empty system misses every kind", "completeness.descriptor-missing",
		"data_pipeline @ data_pipeline/:\ndevelopment_environment @ development_environment/:\n"
		"production_data @ production_data/:\nproduction_environment @ production_environment/:\n"
		"raw_data @ raw_data/:\nsystem_context @ system_context/:\ntrained_model @ trained_model/:\n"
		"training_data @ training_data/:",
		"No data pipeline has been pushed (owner: data-scientists); rules that wait for it: "
		"api.input-type, "
		"api.input-unmapped, api.upstream-output-unused, testing.no-cases.",
		{{0}}},
	{"a kind that any descriptor has is not missing", "completeness.descriptor-missing",
		"data_pipeline @ data_pipeline/:\nproduction_environment @ production_environment/:\n"
		"raw_data @ raw_data/:\nsystem_context @ system_context/:\ntraining_data @ training_data/:",
		"No raw data has been pushed (owner: data-owners); only its completeness waits for it.",
		{{TM, "{}", "x"}, {TM, "{}", "y"}, {DE, "{}", NULL}, {PD, "{}", NULL}}},
};

/* ---- the table ---- */

static void table_has_every_entry_once(void **state)
{
	(void)state;
	size_t count;
	const struct completeness_entry *entries = completeness_entries(&count);
	assert_int_equal(count, 141);
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < i; j++)
			assert_false(entries[i].kind == entries[j].kind &&
				     strcmp(entries[i].path, entries[j].path) == 0);
	}
}

static void table_says_who_and_why(void **state)
{
	(void)state;
	size_t count;
	const struct completeness_entry *entries = completeness_entries(&count);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(entries[i].owner, TEAM_BIT(model_kind_info(entries[i].kind)->team));
		assert_true(entries[i].consumers != 0);
		assert_int_equal(entries[i].consumers & entries[i].owner, 0);
		size_t size = strlen(entries[i].rationale);
		assert_true(size > 30 && entries[i].rationale[size - 1] == '.');
	}
}

/* The next field of a line that tabs divide. */
static char *next_column(char **line)
{
	char *column = *line;
	size_t size = strcspn(column, "\t\n");
	*line = column + size + (column[size] != '\0');
	column[size] = '\0';
	return column;
}

static void table_is_the_reference_list(void **state)
{
	(void)state;
	const char *shared = getenv("TALLY_SHARED");
	struct buffer path = {0};
	buffer_print(&path, "%s/reference/completeness.tsv", shared ? shared : TALLY_SOURCE_DIR "/../shared");
	FILE *file = fopen(buffer_string(&path), "r");
	if (!file)
		print_message("Skipped: there is no list at %s.\n", buffer_string(&path));
	buffer_done(&path);
	if (!file)
		skip();
	size_t count;
	const struct completeness_entry *entries = completeness_entries(&count);
	char line[1000];
	assert_non_null(fgets(line, sizeof(line), file));
	size_t at = 0;
	while (fgets(line, sizeof(line), file)) {
		char *rest = line;
		assert_true(at < count);
		assert_string_equal(model_kind_info(entries[at].kind)->id, next_column(&rest));
		assert_string_equal(entries[at].path, next_column(&rest));
		at++;
	}
	fclose(file);
	assert_int_equal(at, count);
}

/* A descriptor with nothing in it lacks all that no group and no condition holds back. */
static void every_path_leads_somewhere(void **state)
{
	(void)state;
	struct loaded loaded = {0};
	for (unsigned kind = KIND_NONE + 1; kind < KIND_END; kind++)
		load_text(&loaded, (enum model_kind)kind, "default", "{}");
	struct rules_evaluation *evaluation = rules_evaluate(&loaded.system, NULL);
	size_t all;
	size_t found = 0;
	const struct model_finding *const *findings = rules_evaluation_findings(evaluation, &all);
	for (size_t i = 0; i < all; i++)
		found += strcmp(findings[i]->rule, "completeness.field-missing") == 0;
	size_t expected = 0;
	size_t count;
	const struct completeness_entry *entries = completeness_entries(&count);
	for (size_t i = 0; i < count; i++) {
		const struct completeness_entry *entry = &entries[i];
		bool held = entry->inside || entry->form == ENTRY;
		held = held || (entry->condition && entry->condition[0] != '!');
		held = held || strncmp(entry->path, "labels_distribution.", 20) == 0;
		held = held || strcmp(entry->path, "goals.goal") == 0;
		expected += !held;
	}
	assert_int_equal(found, expected);
	rules_evaluation_unref(evaluation);
	load_done(&loaded);
}

static const struct CMUnitTest single[] = {
	{"the table has 141 entries, each once", table_has_every_entry_once, NULL, NULL, NULL},
	{"every entry says who fills it in, who needs it and why", table_says_who_and_why, NULL, NULL, NULL},
	{"the table is the reference list in its order", table_is_the_reference_list, NULL, NULL, NULL},
	{"empty descriptors lack all that is asked of them", every_path_leads_somewhere, NULL, NULL, NULL},
};

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(gaps) + CASES_COUNT(kinds) + CASES_COUNT(single)];
	size_t count = CASES_ADD(tests, 0, gaps, check_gap);
	count = CASES_ADD(tests, count, kinds, rule_case_check);
	for (size_t i = 0; i < CASES_COUNT(single); i++)
		tests[count++] = single[i];
	return CASES_RUN_ALL(tests, count);
}
