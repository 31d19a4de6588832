/* When the rules about task and purpose fire, and when they stay quiet. */
#include "rule_case.h"

#include "cases.h"

#define SC         KIND_SYSTEM_CONTEXT
#define TM         KIND_TRAINED_MODEL
#define UNMEASURED "purpose.goal-unmeasured"

static const struct rule_case rows[] = {
	{"a goal that an algorithm metric measures is quiet", UNMEASURED, "", NULL,
		{{SC, "{'goals': [{'id': '1', 'goal': 'g'}]}"},
			{TM, "{'algorithm_metrics': [{'metric': 'm', 'goal_mapping': '1'}]}"}}},
	{"a goal that a business metric measures is quiet", UNMEASURED, "", NULL,
		{{SC, "{'goals': [{'id': '1', 'goal': 'g'}]}"},
			{TM, "{'business_metrics': [{'goal_mapping': ' 1 '}]}"}}},
	{"a goal that no metric is mapped to is found", UNMEASURED,
		"7 @ trained_model:algorithm_metrics system_context:goals[1].id",
		"names goal \"7\" (\"less fraud\") in its goal_mapping.",
		{{SC, "{'goals': [{'id': '1'}, {'id': ' 7', 'goal': 'less fraud'}]}"},
			{TM, "{'algorithm_metrics': [{'goal_mapping': '1'}, {'goal_mapping': ''}]}"}}},
	{"an id is compared with its case", UNMEASURED,
		"G @ trained_model:algorithm_metrics system_context:goals[0].id", NULL,
		{{SC, "{'goals': [{'id': 'G'}]}"}, {TM, "{'algorithm_metrics': [{'goal_mapping': 'g'}]}"}}},
	{"a model without metrics leaves every goal unmeasured", UNMEASURED,
		"1 @ trained_model:algorithm_metrics system_context:goals[0].id\n"
		"2 @ trained_model:algorithm_metrics system_context:goals[1].id",
		NULL, {{SC, "{'goals': [{'id': '1'}, {'id': '2'}]}"}, {TM, "{}"}}},
	{"a goal without an id cannot be measured", UNMEASURED,
		"goals[0] @ trained_model:algorithm_metrics system_context:goals[0].id", NULL,
		{{SC, "{'goals': [{'goal': 'g'}]}"}, {TM, "{'algorithm_metrics': [{'goal_mapping': ''}]}"}}},
	{"an empty goal is no goal", UNMEASURED, "", NULL, {{SC, "{'goals': [{'id': ' '}]}"}, {TM, "{}"}}},
	{"one of several models is enough", UNMEASURED, "", NULL,
		{{SC, "{'goals': [{'id': '1'}]}"}, {TM, "{}", "a"},
			{TM, "{'business_metrics': [{'goal_mapping': '1'}]}", "b"}}},
	{"all models are named when none measures the goal", UNMEASURED,
		"1 @ trained_model/a:algorithm_metrics trained_model/b:algorithm_metrics "
		"system_context:goals[0].id",
		NULL, {{SC, "{'goals': [{'id': '1'}]}"}, {TM, "{}", "a"}, {TM, "{}", "b"}}},
	{"the same goal twice is one finding with both places", UNMEASURED,
		"1 @ trained_model:algorithm_metrics system_context:goals[0].id system_context:goals[1].id",
		NULL, {{SC, "{'goals': [{'id': '1'}, {'id': '1 '}]}"}, {TM, "{}"}}},
	{"without a model nothing is said", UNMEASURED, "", NULL, {{SC, "{'goals': [{'id': '1'}]}"}}},
};

int main(void)
{
	return CASES_RUN(rows, rule_case_check);
}
