/* Task and purpose: does what is measured serve what is wanted? */
#include "model/types.h"
#include "rules/rule.h"

static void index_goals(
	struct rule_run *run, struct map *measured, Tally__V1__MonitoredMetric *const *metrics, size_t count)
{
	for (size_t i = 0; i < count; i++)
		rule_index(
			run, measured, metrics[i]->goal_mapping, &(struct rule_named){.thing = metrics[i]});
}

/* The goals that some metric of some model is mapped to. */
static struct map *measured_goals(struct rule_run *run)
{
	struct map *measured = rule_map(run);
	size_t count;
	struct model_descriptor *const *models =
		model_system_of_kind(run->system, KIND_TRAINED_MODEL, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__TrainedModel *model = model_descriptor_spec(models[i]);
		index_goals(run, measured, model->algorithm_metrics, model->n_algorithm_metrics);
		index_goals(run, measured, model->business_metrics, model->n_business_metrics);
	}
	return measured;
}

static void draft_goal(
	struct rule_run *run, const struct model_descriptor *context, const Tally__V1__Goal *goal, size_t at)
{
	const char *subject = rule_subject(run, goal->id, "goals[%zu]", at);
	struct rule_draft *draft = rule_draft(run, subject);
	const char *text =
		model_blank(goal->goal) ? "" : arena_print(run->scratch, " (%s)", rule_name(run, goal->goal));
	rule_say(draft,
		"No algorithm metric and no business metric of any trained model names goal %s%s in its "
		"goal_mapping.",
		rule_name(run, subject), text);
	rule_place_each(draft, KIND_TRAINED_MODEL, "algorithm_metrics");
	rule_place(draft, context, goal->id, "goals[%zu].id", at);
}

/* A goal without an id cannot be measured; without a text either it is not a goal. */
static void goal_unmeasured(struct rule_run *run)
{
	struct map *measured = measured_goals(run);
	size_t count;
	struct model_descriptor *const *contexts =
		model_system_of_kind(run->system, KIND_SYSTEM_CONTEXT, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__SystemContext *context = model_descriptor_spec(contexts[i]);
		for (size_t at = 0; at < context->n_goals; at++) {
			const Tally__V1__Goal *goal = context->goals[at];
			bool given = !model_blank(goal->id) || !model_blank(goal->goal);
			if (given && !rule_look(run, measured, goal->id))
				draft_goal(run, contexts[i], goal, at);
		}
	}
}

/* ---- metrics of no goal ---- */

static struct map *known_goals(struct rule_run *run)
{
	struct map *goals = rule_map(run);
	size_t count;
	struct model_descriptor *const *contexts =
		model_system_of_kind(run->system, KIND_SYSTEM_CONTEXT, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__SystemContext *context = model_descriptor_spec(contexts[i]);
		for (size_t at = 0; at < context->n_goals; at++)
			rule_index(run, goals, context->goals[at]->id, &(struct rule_named){.inner = at});
	}
	return goals;
}

/* The metrics of one list of one model. */
struct metrics {
	const struct model_descriptor *model;
	const char *field;
	Tally__V1__MonitoredMetric *const *list;
	size_t count;
};

static void check_metrics(struct rule_run *run, const struct metrics *metrics, const struct map *goals)
{
	for (size_t i = 0; i < metrics->count; i++) {
		const Tally__V1__MonitoredMetric *metric = metrics->list[i];
		if (model_blank(metric->goal_mapping) || rule_look(run, goals, metric->goal_mapping))
			continue;
		const char *subject = rule_subject(run, metric->metric, "%s[%zu]", metrics->field, i);
		struct rule_draft *draft = rule_draft(run, subject);
		rule_say(draft, "Metric %s of %s is mapped to goal %s; the system context has no such goal.",
			rule_name(run, subject), rule_descriptor(run, metrics->model),
			rule_name(run, metric->goal_mapping));
		rule_place(draft, metrics->model, metric->goal_mapping, "%s[%zu].goal_mapping",
			metrics->field, i);
		rule_place_each(draft, KIND_SYSTEM_CONTEXT, "goals");
	}
}

static void metric_goal_unknown(struct rule_run *run)
{
	struct map *goals = known_goals(run);
	size_t count;
	struct model_descriptor *const *models =
		model_system_of_kind(run->system, KIND_TRAINED_MODEL, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__TrainedModel *model = model_descriptor_spec(models[i]);
		check_metrics(run,
			&(struct metrics){models[i], "algorithm_metrics", model->algorithm_metrics,
				model->n_algorithm_metrics},
			goals);
		check_metrics(run,
			&(struct metrics){models[i], "business_metrics", model->business_metrics,
				model->n_business_metrics},
			goals);
	}
}

const struct rule rule_metric_goal_unknown = {
	.info =
		{
			.id = "purpose.metric-goal-unknown",
			.since = 2,
			.class = CLASS_PURPOSE,
			.severity = SEVERITY_WARNING,
			.kinds = KIND_BIT(KIND_SYSTEM_CONTEXT) | KIND_BIT(KIND_TRAINED_MODEL),
			.needs = KIND_BIT(KIND_SYSTEM_CONTEXT) | KIND_BIT(KIND_TRAINED_MODEL),
			.fields = RULE_FIELDS("system_context:goals[].id",
				"trained_model:algorithm_metrics[].metric",
				"trained_model:algorithm_metrics[].goal_mapping",
				"trained_model:business_metrics[].metric",
				"trained_model:business_metrics[].goal_mapping"),
			.teams = TEAM_BIT(TEAM_DATA_SCIENTISTS) | TEAM_BIT(TEAM_PROJECT_OWNERS),
			.title = "A metric is mapped to a goal that does not exist",
			.rationale = "The metric is watched for a goal that nobody has, or has no longer; "
				     "the goal that was meant may be without one.",
			.remedy = "Correct goal_mapping to the id of a goal, or add the goal to the system "
				  "context.",
		},
	.run = metric_goal_unknown,
};

const struct rule rule_goal_unmeasured = {
	.info =
		{
			.id = "purpose.goal-unmeasured",
			.class = CLASS_PURPOSE,
			.severity = SEVERITY_ERROR,
			.kinds = KIND_BIT(KIND_SYSTEM_CONTEXT) | KIND_BIT(KIND_TRAINED_MODEL),
			.needs = KIND_BIT(KIND_SYSTEM_CONTEXT) | KIND_BIT(KIND_TRAINED_MODEL),
			.fields = RULE_FIELDS("system_context:goals[].id", "system_context:goals[].goal",
				"trained_model:algorithm_metrics[].goal_mapping",
				"trained_model:business_metrics[].goal_mapping"),
			.teams = TEAM_BIT(TEAM_DATA_SCIENTISTS) | TEAM_BIT(TEAM_PROJECT_OWNERS),
			.title = "A goal of the system is measured by no metric of any model",
			.rationale = "Nobody can tell whether a goal is reached while nothing measures it: "
				     "the model may be tuned, accepted and watched for something else than "
				     "what the project was started for.",
			.remedy = "Agree on an algorithm or business metric for the goal and write the "
				  "goal's id into its goal_mapping; if nobody pursues the goal any more, "
				  "take it out of the system context.",
		},
	.run = goal_unmeasured,
};
