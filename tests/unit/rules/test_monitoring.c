/* When the rules about monitoring fire, and when they stay quiet. */
#include "rule_case.h"

#include "cases.h"

#define TM        KIND_TRAINED_MODEL
#define PE        KIND_PRODUCTION_ENVIRONMENT
#define BUSINESS  "monitoring.business-metric-uncollected"
#define ALGORITHM "monitoring.algorithm-metric-uncollected"
#define LOG       "monitoring.log-uncollected"
#define FEEDBACK  "monitoring.feedback-uncollected"

static const struct rule_case rows[] = {
	{"a collected business metric is quiet", BUSINESS, "", NULL,
		{{TM, "{'business_metrics': [{'metric': ' biz'}]}"},
			{PE, "{'business_metrics': [{'metric': 'biz '}]}"}}},
	{"a business metric that is not collected is found", BUSINESS,
		"biz @ production_environment:business_metrics trained_model:business_metrics[0].metric",
		"business metric \"biz\" is to be collected; the production environment collects \"other\", \"more\".",
		{{TM, "{'business_metrics': [{'metric': 'biz'}]}"},
			{PE, "{'business_metrics': [{'metric': 'other'}, {'metric': 'more'}], "
			     "'algorithm_metrics': [{'metric': 'biz'}], 'other_metrics': [{'metric': "
			     "'biz'}]}"}}},
	{"a metric without a name is none", BUSINESS, "", NULL,
		{{TM, "{'business_metrics': [{'metric': ' ', 'threshold': 1}]}"}, {PE, "{}"}}},
	{"the same metric twice is one finding with both places", BUSINESS,
		"biz @ production_environment:business_metrics trained_model:business_metrics[0].metric "
		"trained_model:business_metrics[2].metric",
		NULL,
		{{TM, "{'business_metrics': [{'metric': 'biz'}, {'metric': 'x'}, {'metric': 'biz'}]}"},
			{PE, "{'business_metrics': [{'metric': 'x'}]}"}}},
	{"a collected algorithm metric is quiet", ALGORITHM, "", NULL,
		{{TM, "{'algorithm_metrics': [{'metric': 'auc'}]}"},
			{PE, "{'algorithm_metrics': [{'metric': 'auc'}]}"}}},
	{"an algorithm metric among the business metrics is not collected", ALGORITHM,
		"auc @ production_environment:algorithm_metrics trained_model:algorithm_metrics[0].metric",
		"collects nothing.",
		{{TM, "{'algorithm_metrics': [{'metric': 'auc'}]}"},
			{PE, "{'business_metrics': [{'metric': 'auc'}]}"}}},
	{"every environment has to collect every model's metric", ALGORITHM,
		"auc @ production_environment/b:algorithm_metrics "
		"trained_model/x:algorithm_metrics[0].metric\n"
		"f1 @ production_environment/a:algorithm_metrics "
		"trained_model/y:algorithm_metrics[0].metric\n"
		"f1 @ production_environment/b:algorithm_metrics trained_model/y:algorithm_metrics[0].metric",
		NULL,
		{{TM, "{'algorithm_metrics': [{'metric': 'auc'}]}", "x"},
			{TM, "{'algorithm_metrics': [{'metric': 'f1'}]}", "y"},
			{PE, "{'algorithm_metrics': [{'metric': 'auc'}]}", "a"}, {PE, "{}", "b"}}},
	{"a kept log is quiet", LOG, "", NULL,
		{{TM, "{'log_data': [{'log': 'inputs'}, {'history': 'a year'}]}"},
			{PE, "{'model_logs': [{'log': 'inputs'}]}"}}},
	{"a log among the other logs is not the model's", LOG,
		"inputs @ production_environment:model_logs trained_model:log_data[0].log", NULL,
		{{TM, "{'log_data': [{'log': 'inputs'}]}"}, {PE, "{'other_logs': [{'log': 'inputs'}]}"}}},
	{"captured feedback is quiet", FEEDBACK, "", NULL,
		{{TM, "{'user_system_feedback': [{'short_name': 'thumbs'}]}"},
			{PE, "{'user_system_feedback': [{'feedback': 'thumbs'}]}"}}},
	{"feedback that is not captured is found", FEEDBACK,
		"thumbs @ production_environment:user_system_feedback "
		"trained_model:user_system_feedback[0].short_name",
		NULL,
		{{TM, "{'user_system_feedback': [{'short_name': 'thumbs', 'details': 'd'}]}"},
			{PE, "{'user_system_feedback': [{'feedback': 'stars'}]}"}}},
	{"without a production environment nothing is said", FEEDBACK, "", NULL,
		{{TM, "{'user_system_feedback': [{'short_name': 'thumbs'}]}"}}},
};

int main(void)
{
	return CASES_RUN(rows, rule_case_check);
}
