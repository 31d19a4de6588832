/* When there is nothing to test with or results are apart, and when not. */
#include "rule_case.h"

#include "cases.h"

#define TM          KIND_TRAINED_MODEL
#define DP          KIND_DATA_PIPELINE
#define CASES       "testing.no-cases"
#define TEST        "testing.no-test-data"
#define INTEGRATION "testing.no-integration-data"
#define GAP         "testing.evaluation-test-gap"

#define RESULTS(evaluation, test)                                                                            \
	{                                                                                                    \
		TM, "{'evaluation_metrics': [" evaluation "], 'test_metrics': [" test "]}"                   \
	}
#define RESULT(metric, result) "{'metric': '" metric "', 'result': " result "}"

static const struct rule_case rows[] = {
	{"a pipeline with a case is fine", CASES, "", NULL,
		{{DP, "{'test_cases': [{'test_case_name': 'a'}]}"}}},
	{"a pipeline without cases is found", CASES, "test_cases @ data_pipeline:test_cases",
		"The data pipeline has no test cases.", {{DP, "{}"}}},
	{"each pipeline is asked", CASES, "test_cases @ data_pipeline/b:test_cases", NULL,
		{{DP, "{'test_cases': [{'test_case_name': 'a'}]}", "a"}, {DP, "{}", "b"}}},

	{"a named test set is fine", TEST, "", NULL, {{TM, "{'test_dataset': {'name': 'held out'}}"}}},
	{"a test set's file is enough", TEST, "", NULL, {{TM, "{'test_dataset': {'file': 'test.csv'}}"}}},
	{"a model without a test set is found", TEST, "test_dataset @ trained_model:test_dataset", NULL,
		{{TM, "{}"}}},
	{"results alone are no test set", TEST, "test_dataset @ trained_model:test_dataset", NULL,
		{{TM, "{'test_dataset': {'test_results': 'good'}}"}}},

	{"post-processing without integration data is found", INTEGRATION,
		"integration_test_dataset @ trained_model:integration_test_dataset", NULL,
		{{TM, "{'post_processing': true}"}}},
	{"without post-processing none is needed", INTEGRATION, "", NULL,
		{{TM, "{'post_processing': false}"}}},
	{"post-processing with integration data is fine", INTEGRATION, "", NULL,
		{{TM, "{'post_processing': true, 'integration_test_dataset': {'name': 'i'}}"}}},

	{"results within a tenth agree", GAP, "", NULL,
		{RESULTS(RESULT("Accuracy", "0.9"), RESULT("Accuracy", "0.82"))}},
	{"results further apart are found", GAP,
		"Accuracy @ trained_model:test_metrics[0].result trained_model:evaluation_metrics[1].result",
		"Accuracy of the trained model is 0.97 in its evaluation and 0.8 in its test.",
		{RESULTS(
			RESULT("F1 Score", "1") ", " RESULT("Accuracy", "0.97"), RESULT("Accuracy", "0.8"))}},
	{"other metrics are not compared", GAP, "", NULL,
		{RESULTS(RESULT("Accuracy", "0.9"), RESULT("F1 Score", "0.2"))}},
	{"what Other stands for is the name", GAP,
		"MAE @ trained_model:test_metrics[0].result trained_model:evaluation_metrics[0].result", NULL,
		{RESULTS("{'metric': 'Other', 'other_metric': 'MAE', 'result': 1}",
			"{'metric': 'Other', 'other_metric': 'MAE', 'result': 2}")}},
	{"a result of 0 has no tenth", GAP,
		"MAE @ trained_model:test_metrics[0].result trained_model:evaluation_metrics[0].result", NULL,
		{RESULTS(RESULT("MAE", "0"), RESULT("MAE", "0.001"))}},
	{"a metric without a result is a gap", GAP, "", NULL,
		{RESULTS("{'metric': 'Accuracy'}", RESULT("Accuracy", "0.2"))}},
};

int main(void)
{
	return CASES_RUN(rows, rule_case_check);
}
