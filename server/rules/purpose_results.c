/* Task and purpose: do the reported results answer the risks and the targets that were stated? */
#include "model/operators.h"
#include "model/types.h"
#include "rules/results.h"
#include "rules/rule.h"

#define READS (KIND_BIT(KIND_SYSTEM_CONTEXT) | KIND_BIT(KIND_TRAINED_MODEL))
#define TEAMS (TEAM_BIT(TEAM_DATA_SCIENTISTS) | TEAM_BIT(TEAM_PROJECT_OWNERS))

/* ---- the lists of results ---- */

struct results results_of(const struct model_descriptor *model, enum results_list list)
{
	const Tally__V1__TrainedModel *spec = model_descriptor_spec(model);
	if (list == RESULTS_EVALUATION)
		return (struct results){
			model, "evaluation_metrics", spec->evaluation_metrics, spec->n_evaluation_metrics};
	return (struct results){model, "test_metrics", spec->test_metrics, spec->n_test_metrics};
}

const char *results_name(const Tally__V1__ReportedMetric *metric)
{
	const bool other = model_blank(metric->metric) || model_text_equal_nocase(metric->metric, "Other");
	return other && !model_blank(metric->other_metric) ? metric->other_metric : metric->metric;
}

void results_each(struct rule_run *run, results_fn *call, void *context)
{
	size_t count;
	struct model_descriptor *const *models =
		model_system_of_kind(run->system, KIND_TRAINED_MODEL, &count);
	for (size_t i = 0; i < count; i++) {
		for (enum results_list list = 0; list < RESULTS_LISTS; list++) {
			struct results results = results_of(models[i], list);
			call(run, &results, context);
		}
	}
}

/* ---- risks ---- */

enum {
	WORDS_MAX = 16
};

/* A risk and the words in the names of metrics that show it. */
struct risk {
	const char *field;
	const char *title;
	const char *words[WORDS_MAX];
};

/* Rates of both kinds of error show in F1, ROC, MCC and in the whole confusion matrix. */
static const struct risk risk_fp = {"risk_fp", "false positives",
	{"false positive", "fpr", "fall-out", "positive predictive", "ppv", "precision", "specificity",
		"true negative", "tnr", "f1", "f-score", "roc", "auc", "mcc", "confusion"}};
static const struct risk risk_fn = {"risk_fn", "false negatives",
	{"false negative", "fnr", "miss rate", "negative predictive", "npv", "recall", "sensitivity",
		"true positive", "tpr", "f1", "f-score", "roc", "auc", "mcc", "confusion"}};

static bool contains_word(struct rule_run *run, const char *name, const struct risk *risk)
{
	char *lower = arena_text(run->scratch, name);
	for (char *at = lower; *at; at++)
		*at = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
	for (size_t i = 0; i < WORDS_MAX && risk->words[i]; i++) {
		if (strstr(lower, risk->words[i]))
			return true;
	}
	return false;
}

struct risk_search {
	const struct risk *risk;
	bool measured;
};

static void search_risk(struct rule_run *run, const struct results *results, void *context)
{
	struct risk_search *search = context;
	for (size_t i = 0; i < results->count && !search->measured; i++)
		search->measured = contains_word(run, results_name(results->list[i]), search->risk);
}

static void check_risk(struct rule_run *run, const struct model_descriptor *context, const struct risk *risk,
	const char *stated)
{
	if (model_blank(stated))
		return;
	struct risk_search search = {.risk = risk};
	results_each(run, search_risk, &search);
	if (search.measured)
		return;
	struct rule_draft *draft = rule_draft(run, risk->field);
	rule_say(draft, "The risk of %s is %s; no evaluation or test metric of any trained model shows them.",
		risk->title, rule_name(run, stated));
	rule_place_each(draft, KIND_TRAINED_MODEL, "evaluation_metrics");
	rule_place(draft, context, stated, "risks.%s", risk->field);
}

static void risk_unmeasured(struct rule_run *run)
{
	size_t count;
	struct model_descriptor *const *contexts =
		model_system_of_kind(run->system, KIND_SYSTEM_CONTEXT, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__SystemContext *spec = model_descriptor_spec(contexts[i]);
		if (!spec->risks)
			continue;
		check_risk(run, contexts[i], &risk_fp, spec->risks->risk_fp);
		check_risk(run, contexts[i], &risk_fn, spec->risks->risk_fn);
	}
}

/* ---- targets ---- */

/* A goal whose target can be checked. */
struct target {
	const struct model_descriptor *context;
	const Tally__V1__Goal *goal;
	size_t at;
	enum model_operator operator;
};

static const char *with_unit(struct rule_run *run, double value, const char *unit)
{
	const char *space = model_blank(unit) ? "" : " ";
	return arena_print(run->scratch, "%s%s%s", rule_number(run, value), space, rule_show(run, unit));
}

static void draft_missed(
	struct rule_run *run, const struct target *target, const struct results *results, size_t at)
{
	const Tally__V1__GoalTarget *wanted = target->goal->target;
	const Tally__V1__ReportedMetric *metric = results->list[at];
	const char *subject = rule_subject(run, target->goal->id, "goals[%zu]", target->at);
	const char *reached = with_unit(run, metric->result, wanted->unit);
	const char *threshold = with_unit(run, wanted->value, wanted->unit);
	struct rule_draft *draft = rule_draft(run, subject);
	rule_say(draft, "Goal %s wants %s to be %s %s; %s reports %s in its %s.", rule_name(run, subject),
		rule_show(run, wanted->metric), model_operator_words(target->operator), threshold,
		rule_descriptor(run, results->model), reached, results->field);
	rule_place(draft, results->model, reached, "%s[%zu].result", results->field, at);
	rule_place(draft, target->context, threshold, "goals[%zu].target.value", target->at);
	rule_measure(draft, &(struct model_evidence){
				    .measure = rule_show(run, wanted->metric),
				    .has_value = true,
				    .value = metric->result,
				    .unit = rule_show(run, wanted->unit),
				    .has_threshold = true,
				    .threshold = wanted->value,
				    .method = "reported result against the goal's target",
			    });
}

static void check_target(struct rule_run *run, const struct results *results, void *context)
{
	const struct target *target = context;
	const Tally__V1__GoalTarget *wanted = target->goal->target;
	for (size_t i = 0; i < results->count; i++) {
		const Tally__V1__ReportedMetric *metric = results->list[i];
		if (metric->_result_case == 0 ||
			!model_text_equal_nocase(results_name(metric), wanted->metric))
			continue;
		if (!model_operator_holds(target->operator, metric->result, wanted->value))
			draft_missed(run, target, results, i);
	}
}

static void goal_not_met(struct rule_run *run)
{
	size_t count;
	struct model_descriptor *const *contexts =
		model_system_of_kind(run->system, KIND_SYSTEM_CONTEXT, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__SystemContext *spec = model_descriptor_spec(contexts[i]);
		for (size_t at = 0; at < spec->n_goals; at++) {
			const Tally__V1__GoalTarget *wanted = spec->goals[at]->target;
			if (!wanted || wanted->_value_case == 0 || model_blank(wanted->metric))
				continue;
			struct target target = {
				contexts[i], spec->goals[at], at, model_operator_of(wanted->operator_)};
			if (target.operator!= OPERATOR_NONE)
				results_each(run, check_target, &target);
		}
	}
}

const struct rule rule_risk_unmeasured = {
	.info =
		{
			.id = "purpose.risk-unmeasured",
			.since = 2,
			.class = CLASS_PURPOSE,
			.severity = SEVERITY_WARNING,
			.kinds = READS,
			.needs = READS,
			.fields = RULE_FIELDS("system_context:risks.risk_fp", "system_context:risks.risk_fn",
				"trained_model:evaluation_metrics[].metric",
				"trained_model:evaluation_metrics[].other_metric",
				"trained_model:test_metrics[].metric",
				"trained_model:test_metrics[].other_metric"),
			.teams = TEAMS,
			.title = "A stated risk is measured by no evaluation or test metric",
			.rationale = "The project owners said what a wrong answer of this sort costs; while "
				     "its rate is not measured, the model may be best at what matters least.",
			.remedy = "Report a metric that shows this kind of error (for false positives "
				  "precision or the false positive rate, for false negatives recall or the "
				  "false negative rate).",
		},
	.run = risk_unmeasured,
};

const struct rule rule_goal_not_met = {
	.info =
		{
			.id = "purpose.goal-not-met",
			.since = 2,
			.class = CLASS_PURPOSE,
			.severity = SEVERITY_ERROR,
			.kinds = READS,
			.needs = READS,
			.fields = RULE_FIELDS("system_context:goals[].id", "system_context:goals[].goal",
				"system_context:goals[].target", "trained_model:evaluation_metrics[].metric",
				"trained_model:evaluation_metrics[].other_metric",
				"trained_model:evaluation_metrics[].result",
				"trained_model:evaluation_metrics[].unit",
				"trained_model:test_metrics[].metric",
				"trained_model:test_metrics[].other_metric",
				"trained_model:test_metrics[].result", "trained_model:test_metrics[].unit"),
			.teams = TEAMS,
			.title = "A reported result misses the target of a goal",
			.rationale = "The system was started to reach this target; a model that misses it by "
				     "its own report does not serve its purpose.",
			.remedy = "Improve the model until it reaches the target, or agree with the project "
				  "owners on another one.",
		},
	.run = goal_not_met,
};
