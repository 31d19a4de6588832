/* When what was observed, read or left unseen is found, and when not. */
#include "rule_case.h"

#include "cases.h"

#define TM       KIND_TRAINED_MODEL
#define PE       KIND_PRODUCTION_ENVIRONMENT
#define TD       KIND_TRAINING_DATA
#define PD       KIND_PRODUCTION_DATA
#define BREACHED "monitoring.metric-breached"
#define ALERT    "monitoring.alert-metric-not-exported"
#define PROFILE  "monitoring.profile-missing"

#define WATCH(operator)                                                                                      \
	{                                                                                                    \
		TM, "{'algorithm_metrics': [{'metric': 'accuracy', 'operator': '"                            \
		    operator"', "                                                                            \
			    "'threshold': 0.9}]}"                                                            \
	}
#define OBSERVED(value)                                                                                      \
	{                                                                                                    \
		PE, "{'observed_metrics': [{'metric': 'accuracy', 'value': " value "}]}"                     \
	}
#define BREACH                                                                                               \
	"accuracy @ production_environment:observed_metrics[0].value "                                       \
	"trained_model:algorithm_metrics[0].threshold"
#define READERS(exported, metric)                                                                            \
	{                                                                                                    \
		PE, "{'exported_metrics': [" exported "], 'metric_readers': [{'name': 'Slow', 'kind': "      \
		    "'alert', 'metrics': ['" metric "']}]}"                                                  \
	}
#define EXPORTED(name) "{'metric': '" name "'}"
#define UNREAD(metric)                                                                                       \
	metric " @ production_environment:metric_readers[0].metrics[0] production_environment:exported_metrics"

static const struct rule_case rows[] = {
	{"a value that stands as it should is fine", BREACHED, "", NULL,
		{WATCH("greater or equal than"), OBSERVED("0.9")}},
	{"a value beyond the threshold is found", BREACHED, BREACH,
		"Metric \"accuracy\" of the trained model has to be at least 0.9; the production environment "
		"observed 0.85.",
		{WATCH("greater or equal than"), OBSERVED("0.85")}},
	{"the other direction is found", BREACHED, BREACH, "has to be less than 0.9",
		{WATCH("less than"), OBSERVED("0.9")}},
	{"an operator that nobody knows judges nothing", BREACHED, "", NULL,
		{WATCH("around"), OBSERVED("0.1")}},
	{"a metric that was not observed is no breach", BREACHED, "", NULL,
		{WATCH("less than"), {PE, "{'observed_metrics': [{'metric': 'recall', 'value': 5}]}"}}},
	{"business metrics are watched too", BREACHED,
		"accuracy @ production_environment:observed_metrics[0].value "
		"trained_model:business_metrics[0].threshold",
		NULL,
		{{TM, "{'business_metrics': [{'metric': 'accuracy', 'operator': '>', 'threshold': 2}]}"},
			OBSERVED("1")}},
	{"a breach keeps the rule's remedy", BREACHED, BREACH, NULL,
		{WATCH("greater or equal than"), OBSERVED("0.85")}, SEVERITY_NONE,
		"tell those who use the output. To train again "},
	{"a breach tells that nothing is there to train again with", BREACHED, BREACH, NULL,
		{WATCH("greater or equal than"), OBSERVED("0.85")}, SEVERITY_NONE,
		"To train again the descriptors give nothing; they lack training data version, preparation "
		"code, pipeline version, logs, feedback."},
	{"a breach tells what is there to train again with", BREACHED, BREACH, NULL,
		{WATCH("greater or equal than"),
			{PE, "{'observed_metrics': [{'metric': 'accuracy', 'value': 0.85}], "
			     "'model_logs': [{'log': 'predictions'}]}"},
			{TD, "{'dataset_version': '2019-01', 'preparation_code': 'prepare.py'}"},
			{KIND_DATA_PIPELINE, "{'pipeline_version': '7'}"}},
		SEVERITY_NONE,
		"To train again there are training data version 2019-01, preparation code prepare.py, pipeline "
		"version \"7\", logs \"predictions\"; the descriptors lack feedback."},

	{"an exported metric can be read", ALERT, "", NULL, {READERS(EXPORTED("latency"), "latency")}},
	{"a metric that nothing exports is found", ALERT, UNREAD("latency_s"),
		"Alert \"Slow\" of the production environment reads metric \"latency_s\", which nothing exports.",
		{READERS(EXPORTED("latency"), "latency_s")}},
	{"a histogram is read by its parts", ALERT, "", NULL,
		{READERS(EXPORTED("latency"), "latency_bucket")}},
	{"a counter may be listed with its suffix", ALERT, "", NULL,
		{READERS(EXPORTED("requests_total"), "requests")}},
	{"what the collector makes itself is there", ALERT, "", NULL, {READERS(EXPORTED("latency"), "up")}},
	{"what a recording rule makes is there", ALERT, "", NULL,
		{{PE, "{'exported_metrics': [{'metric': 'a'}], 'metric_readers': [{'name': 'job:a:rate', 'kind': "
		      "'recording', 'metrics': ['a']}, {'name': 'X', 'kind': 'alert', 'metrics': "
		      "['job:a:rate']}]}"}}},
	{"while nothing is known to be exported nothing can be told", ALERT, "", NULL,
		{READERS("", "latency")}},

	{"profiles on both sides are fine", PROFILE, "", NULL,
		{{TD, "{'schema': [{'field_name': 'a', 'profile': {'count': 7}}]}"},
			{PD, "{'schema': [{'field_name': 'a', 'profile': {'count': 7}}]}"}}},
	{"production data without a profile is found", PROFILE,
		"profile @ production_data:schema training_data:schema", "they cannot be compared",
		{{TD, "{'schema': [{'field_name': 'a', 'profile': {'count': 7}}]}"},
			{PD, "{'schema': [{'field_name': 'a'}]}"}}},
	{"without a profile of the training data there is nothing to miss", PROFILE, "", NULL,
		{{TD, "{'schema': [{'field_name': 'a'}]}"}, {PD, "{'schema': [{'field_name': 'a'}]}"}}},
};

int main(void)
{
	return CASES_RUN(rows, rule_case_check);
}
