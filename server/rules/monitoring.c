/* Monitoring: does production collect what the model has to be watched by? */
#include "model/types.h"
#include "rules/fields.h"
#include "rules/rule.h"

#define READS (KIND_BIT(KIND_TRAINED_MODEL) | KIND_BIT(KIND_PRODUCTION_ENVIRONMENT))
#define TEAMS (TEAM_BIT(TEAM_OPERATIONS) | TEAM_BIT(TEAM_DATA_SCIENTISTS))

/* A list of names in one kind of descriptor. */
struct names {
	const char *list;
	const char *name;
};

/* What the model asks for, and where the environment says what it collects. */
struct demand {
	const char *noun; /* in sentences */
	struct names model;
	struct names environment;
};

/* One list, opened. */
struct opened {
	const struct model_descriptor *descriptor;
	const ProtobufCMessage *spec;
	const ProtobufCFieldDescriptor *list;
	const ProtobufCFieldDescriptor *name;
	size_t count;
};

static struct opened open_list(const struct model_descriptor *descriptor, const struct names *names)
{
	const ProtobufCMessage *spec = model_descriptor_spec(descriptor);
	const ProtobufCFieldDescriptor *list =
		fields_find(spec->descriptor, names->list, strlen(names->list));
	const ProtobufCFieldDescriptor *name =
		fields_find(fields_type(list), names->name, strlen(names->name));
	return (struct opened){descriptor, spec, list, name, fields_count(spec, list)};
}

static const char *name_at(const struct opened *opened, size_t index)
{
	return fields_text(fields_message(opened->spec, opened->list, index), opened->name, 0);
}

/* What one environment collects. */
struct collected {
	const struct model_descriptor *environment;
	const struct map *names;
	const char *text;
};

static struct collected collected(
	struct rule_run *run, const struct demand *demand, const struct model_descriptor *environment)
{
	struct opened opened = open_list(environment, &demand->environment);
	struct map *names = rule_map(run);
	struct rule_list list = {0};
	for (size_t i = 0; i < opened.count; i++) {
		rule_index(run, names, name_at(&opened, i), &(struct rule_named){.inner = i});
		rule_list_add(run, &list, name_at(&opened, i));
	}
	return (struct collected){environment, names, rule_list_text(run, &list)};
}

static void check_model(struct rule_run *run, const struct demand *demand, const struct collected *collected,
	const struct model_descriptor *model)
{
	struct opened wanted = open_list(model, &demand->model);
	for (size_t i = 0; i < wanted.count; i++) {
		const char *name = name_at(&wanted, i);
		if (model_blank(name) || rule_look(run, collected->names, name))
			continue;
		struct rule_draft *draft = rule_draft(run, name);
		rule_say(draft, "To watch %s, %s %s is to be collected; %s collects %s.",
			rule_descriptor(run, model), demand->noun, rule_name(run, name),
			rule_descriptor(run, collected->environment), collected->text);
		rule_place(draft, collected->environment, NULL, "%s", demand->environment.list);
		rule_place(draft, model, name, "%s[%zu].%s", demand->model.list, i, demand->model.name);
	}
}

static void check(struct rule_run *run, const struct demand *demand)
{
	size_t model_count;
	size_t environment_count;
	struct model_descriptor *const *models =
		model_system_of_kind(run->system, KIND_TRAINED_MODEL, &model_count);
	struct model_descriptor *const *environments =
		model_system_of_kind(run->system, KIND_PRODUCTION_ENVIRONMENT, &environment_count);
	for (size_t i = 0; i < environment_count; i++) {
		struct collected names = collected(run, demand, environments[i]);
		for (size_t j = 0; j < model_count; j++)
			check_model(run, demand, &names, models[j]);
	}
}

static void business_metric_uncollected(struct rule_run *run)
{
	check(run, &(struct demand){"business metric", {"business_metrics", "metric"},
			   {"business_metrics", "metric"}});
}

static void algorithm_metric_uncollected(struct rule_run *run)
{
	check(run, &(struct demand){"algorithm metric", {"algorithm_metrics", "metric"},
			   {"algorithm_metrics", "metric"}});
}

static void log_uncollected(struct rule_run *run)
{
	check(run, &(struct demand){"log", {"log_data", "log"}, {"model_logs", "log"}});
}

static void feedback_uncollected(struct rule_run *run)
{
	check(run, &(struct demand){"feedback", {"user_system_feedback", "short_name"},
			   {"user_system_feedback", "feedback"}});
}

const struct rule rule_business_metric_uncollected = {
	.info =
		{
			.id = "monitoring.business-metric-uncollected",
			.class = CLASS_MONITORING,
			.severity = SEVERITY_WARNING,
			.kinds = READS,
			.needs = READS,
			.fields = RULE_FIELDS("trained_model:business_metrics[].metric",
				"production_environment:business_metrics[].metric"),
			.teams = TEAMS,
			.title = "Production does not collect a business metric of the model",
			.rationale = "Business metrics show whether the model is worth running; one that "
				     "nobody collects cannot be missed by its threshold, so a loss goes on "
				     "unseen.",
			.remedy = "Collect the metric in production and list it under business_metrics with "
				  "the name that the model uses, or drop it from the model when nobody will "
				  "look at it.",
		},
	.run = business_metric_uncollected,
};

const struct rule rule_algorithm_metric_uncollected = {
	.info =
		{
			.id = "monitoring.algorithm-metric-uncollected",
			.class = CLASS_MONITORING,
			.severity = SEVERITY_ERROR,
			.kinds = READS,
			.needs = READS,
			.fields = RULE_FIELDS("trained_model:algorithm_metrics[].metric",
				"production_environment:algorithm_metrics[].metric"),
			.teams = TEAMS,
			.title = "Production does not collect an algorithm metric of the model",
			.rationale = "Models get worse silently as the world moves on; the metric was named "
				     "because it would show that, and without it nobody notices before "
				     "users do.",
			.remedy = "Collect the metric in production and list it under algorithm_metrics "
				  "with the name that the model uses, or name one that can be collected "
				  "there.",
		},
	.run = algorithm_metric_uncollected,
};

const struct rule rule_log_uncollected = {
	.info =
		{
			.id = "monitoring.log-uncollected",
			.class = CLASS_MONITORING,
			.severity = SEVERITY_WARNING,
			.kinds = READS,
			.needs = READS,
			.fields = RULE_FIELDS(
				"trained_model:log_data[].log", "production_environment:model_logs[].log"),
			.teams = TEAMS,
			.title = "Production does not keep a log that the model asks for",
			.rationale = "The log is what data scientists will need to explain a wrong answer "
				     "or to train again; what was not written cannot be fetched afterwards.",
			.remedy = "Write the log in production and list it under model_logs with the name "
				  "that the model uses, or take it out of the model's log_data.",
		},
	.run = log_uncollected,
};

const struct rule rule_feedback_uncollected = {
	.info =
		{
			.id = "monitoring.feedback-uncollected",
			.class = CLASS_MONITORING,
			.severity = SEVERITY_WARNING,
			.kinds = READS,
			.needs = READS,
			.fields = RULE_FIELDS("trained_model:user_system_feedback[].short_name",
				"production_environment:user_system_feedback[].feedback"),
			.teams = TEAMS,
			.title = "Production does not capture feedback that the model counts on",
			.rationale = "Feedback of users and systems is often the only ground truth there is "
				     "in production; without it neither quality nor the next training set "
				     "can be had.",
			.remedy = "Capture the feedback in production and list it under "
				  "user_system_feedback with the short name that the model uses, or take it "
				  "out of the model.",
		},
	.run = feedback_uncollected,
};
