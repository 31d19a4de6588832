/* When results miss risks and targets, and metrics miss goals, and when not. */
#include "rule_case.h"

#include "cases.h"

#define SC      KIND_SYSTEM_CONTEXT
#define TM      KIND_TRAINED_MODEL
#define UNKNOWN "purpose.metric-goal-unknown"
#define RISK    "purpose.risk-unmeasured"
#define NOT_MET "purpose.goal-not-met"

#define GOAL(rest)                                                                                           \
	{                                                                                                    \
		SC, "{'goals': [{'id': 'g', " rest "}]}"                                                     \
	}
#define TARGET(operator) GOAL("'target': {'metric': 'F1 Score', 'operator': '" operator"', 'value': 0.8}")
#define EVALUATED(metric, result)                                                                            \
	{                                                                                                    \
		TM, "{'evaluation_metrics': [{'metric': '" metric "', 'result': " result "}]}"               \
	}
#define MISSED "g @ trained_model:evaluation_metrics[0].result system_context:goals[0].target.value"

static const struct rule_case rows[] = {
	{"a metric of a goal that is there is fine", UNKNOWN, "", NULL,
		{GOAL("'goal': 'x'"), {TM, "{'business_metrics': [{'metric': 'm', 'goal_mapping': ' g'}]}"}}},
	{"a metric of another goal is found", UNKNOWN,
		"m @ trained_model:algorithm_metrics[0].goal_mapping system_context:goals",
		"Metric \"m\" of the trained model is mapped to goal \"h\"; the system context has no such goal.",
		{GOAL("'goal': 'x'"), {TM, "{'algorithm_metrics': [{'metric': 'm', 'goal_mapping': 'h'}]}"}}},
	{"a metric of no goal is left to completeness", UNKNOWN, "", NULL,
		{GOAL("'goal': 'x'"), {TM, "{'algorithm_metrics': [{'metric': 'm'}]}"}}},

	{"a stated risk that a metric shows is fine", RISK, "", NULL,
		{{SC, "{'risks': {'risk_fp': 'costly'}}"}, EVALUATED("False Positive Rate", "0.1")}},
	{"a stated risk that no metric shows is found", RISK,
		"risk_fn @ trained_model:evaluation_metrics system_context:risks.risk_fn",
		"The risk of false negatives is \"costly\"",
		{{SC, "{'risks': {'risk_fn': 'costly'}}"}, EVALUATED("False Positive Rate", "0.1")}},
	{"a metric of the test shows it too", RISK, "", NULL,
		{{SC, "{'risks': {'risk_fn': 'costly'}}"},
			{TM, "{'test_metrics': [{'metric': 'Other', 'other_metric': 'Recall at 5'}]}"}}},
	{"a risk that nobody stated is not asked for", RISK, "", NULL,
		{{SC, "{'risks': {'risk_fp': ' '}}"}, EVALUATED("Accuracy", "1")}},

	{"a target that is reached is fine", NOT_MET, "", NULL,
		{TARGET("greater or equal than"), EVALUATED("F1 Score", "0.8")}},
	{"a target that is missed is found", NOT_MET, MISSED,
		"Goal \"g\" wants F1 Score to be at least 0.8; the trained model reports 0.79 in its "
		"evaluation_metrics.",
		{TARGET("greater or equal than"), EVALUATED("f1 score", "0.79")}},
	{"another metric does not tell", NOT_MET, "", NULL,
		{TARGET("greater or equal than"), EVALUATED("Accuracy", "0.1")}},
	{"an operator that nobody knows wants nothing", NOT_MET, "", NULL,
		{TARGET("about"), EVALUATED("F1 Score", "0.1")}},
	{"a goal without a target wants nothing", NOT_MET, "", NULL,
		{GOAL("'goal': 'x'"), EVALUATED("F1 Score", "0.1")}},
};

int main(void)
{
	return CASES_RUN(rows, rule_case_check);
}
