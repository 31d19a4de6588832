/* Monitoring: what was observed, who reads it, and what cannot be seen at all. */
#include "model/operators.h"
#include "model/types.h"
#include "rules/profiles.h"

#define WATCHED (KIND_BIT(KIND_TRAINED_MODEL) | KIND_BIT(KIND_PRODUCTION_ENVIRONMENT))
#define DATA    (KIND_BIT(KIND_TRAINING_DATA) | KIND_BIT(KIND_PRODUCTION_DATA))
#define TEAMS   (TEAM_BIT(TEAM_OPERATIONS) | TEAM_BIT(TEAM_DATA_SCIENTISTS))

/* ---- breached metrics ---- */

/* The metrics of one list of one model, beside what one environment observed. */
struct watch {
	const struct model_descriptor *model;
	const char *field;
	Tally__V1__MonitoredMetric *const *list;
	size_t count;
	const struct model_descriptor *environment;
	const struct map *observed;
	const char **remedy; /* of all breaches; NULL until there is one */
};

/* The same for all breaches, however many there are. */
static const char *breach_remedy(struct rule_run *run, const struct watch *watch)
{
	if (!*watch->remedy)
		*watch->remedy = arena_print(
			run->scratch, "%s %s", run->rule->info.remedy, retraining_text(run, NULL));
	return *watch->remedy;
}

static void draft_breach(struct rule_run *run, const struct watch *watch, size_t at, size_t observed_at)
{
	const Tally__V1__ProductionEnvironment *spec = model_descriptor_spec(watch->environment);
	const Tally__V1__MonitoredMetric *metric = watch->list[at];
	const Tally__V1__ObservedMetric *observed = spec->observed_metrics[observed_at];
	const char *unit = model_blank(observed->unit)
				   ? ""
				   : arena_print(run->scratch, " %s", rule_show(run, observed->unit));
	struct rule_draft *draft = rule_draft(run, metric->metric);
	rule_say(draft, "Metric %s of %s has to be %s %s%s; %s observed %s%s.",
		rule_name(run, metric->metric), rule_descriptor(run, watch->model),
		model_operator_words(model_operator_of(metric->operator_)),
		rule_number(run, metric->threshold), unit, rule_descriptor(run, watch->environment),
		rule_number(run, observed->value), unit);
	rule_advise(draft, breach_remedy(run, watch));
	rule_place(draft, watch->environment,
		arena_print(run->scratch, "%s%s", rule_number(run, observed->value), unit),
		"observed_metrics[%zu].value", observed_at);
	rule_place(draft, watch->model, rule_number(run, metric->threshold), "%s[%zu].threshold",
		watch->field, at);
	rule_measure(draft, &(struct model_evidence){
				    .measure = rule_show(run, metric->metric),
				    .has_value = true,
				    .value = observed->value,
				    .unit = rule_show(run, observed->unit),
				    .has_threshold = true,
				    .threshold = metric->threshold,
				    .method = "observed value against the metric's threshold",
			    });
}

static void check_watch(struct rule_run *run, const struct watch *watch)
{
	for (size_t i = 0; i < watch->count; i++) {
		const Tally__V1__MonitoredMetric *metric = watch->list[i];
		const enum model_operator operator= model_operator_of(metric->operator_);
		if (metric->_threshold_case == 0 || operator== OPERATOR_NONE)
			continue;
		const struct rule_named *found = rule_look(run, watch->observed, metric->metric);
		for (; found; found = found->next) {
			const Tally__V1__ObservedMetric *observed = found->thing;
			if (!model_operator_holds(operator, observed->value, metric->threshold))
				draft_breach(run, watch, i, found->inner);
		}
	}
}

static void check_observations(
	struct rule_run *run, const struct model_descriptor *environment, const char **remedy)
{
	const Tally__V1__ProductionEnvironment *spec = model_descriptor_spec(environment);
	struct map *observed = rule_map(run);
	for (size_t i = 0; i < spec->n_observed_metrics; i++) {
		if (spec->observed_metrics[i]->_value_case != 0)
			rule_index(run, observed, spec->observed_metrics[i]->metric,
				&(struct rule_named){
					environment, spec->observed_metrics[i], NULL, 0, i, NULL});
	}
	size_t count;
	struct model_descriptor *const *models =
		model_system_of_kind(run->system, KIND_TRAINED_MODEL, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__TrainedModel *model = model_descriptor_spec(models[i]);
		check_watch(run, &(struct watch){models[i], "algorithm_metrics", model->algorithm_metrics,
					 model->n_algorithm_metrics, environment, observed, remedy});
		check_watch(run, &(struct watch){models[i], "business_metrics", model->business_metrics,
					 model->n_business_metrics, environment, observed, remedy});
	}
}

static void metric_breached(struct rule_run *run)
{
	size_t count;
	const char *remedy = NULL;
	struct model_descriptor *const *environments =
		model_system_of_kind(run->system, KIND_PRODUCTION_ENVIRONMENT, &count);
	for (size_t i = 0; i < count; i++)
		check_observations(run, environments[i], &remedy);
}

/* ---- alerts on nothing ---- */

/* What the metrics of a histogram, a summary or a counter are called when they are read. */
static const char *const suffixes[] = {"_bucket", "_sum", "_count", "_total", "_created"};

static bool ends_with(const char *text, const char *suffix)
{
	size_t size = strlen(text);
	size_t tail = strlen(suffix);
	return size > tail && strcmp(text + size - tail, suffix) == 0;
}

/* Made by the collector itself. */
static bool is_built_in(const char *metric)
{
	return strcmp(metric, "up") == 0 || strncmp(metric, "scrape_", 7) == 0 ||
	       strncmp(metric, "ALERTS", 6) == 0;
}

static bool is_exported(struct rule_run *run, const struct map *exported, const char *metric)
{
	const char *name = rule_trim(run, metric);
	if (is_built_in(name) || rule_look(run, exported, name))
		return true;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		if (ends_with(name, suffixes[i]) &&
			rule_look(run, exported,
				arena_print(run->scratch, "%.*s", (int)(strlen(name) - strlen(suffixes[i])),
					name)))
			return true;
		if (rule_look(run, exported, arena_print(run->scratch, "%s%s", name, suffixes[i])))
			return true;
	}
	return false;
}

/* The names that any environment exports, and those that recording rules make of them. @return false: none */
static bool index_exported(struct rule_run *run, struct map *exported)
{
	bool any = false;
	size_t count;
	struct model_descriptor *const *environments =
		model_system_of_kind(run->system, KIND_PRODUCTION_ENVIRONMENT, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__ProductionEnvironment *spec = model_descriptor_spec(environments[i]);
		any |= spec->n_exported_metrics > 0;
		for (size_t at = 0; at < spec->n_exported_metrics; at++)
			rule_index(run, exported, spec->exported_metrics[at]->metric,
				&(struct rule_named){.inner = at});
		for (size_t at = 0; at < spec->n_metric_readers; at++)
			if (model_text_equal_nocase(spec->metric_readers[at]->kind, "recording"))
				rule_index(run, exported, spec->metric_readers[at]->name,
					&(struct rule_named){.inner = at});
	}
	return any;
}

static void check_reader(struct rule_run *run, const struct model_descriptor *environment, size_t at,
	const struct map *exported)
{
	const Tally__V1__ProductionEnvironment *spec = model_descriptor_spec(environment);
	const Tally__V1__MetricReader *reader = spec->metric_readers[at];
	for (size_t i = 0; i < reader->n_metrics; i++) {
		const char *metric = reader->metrics[i];
		if (model_blank(metric) || is_exported(run, exported, metric))
			continue;
		struct rule_draft *draft = rule_draft(run, metric);
		rule_say(draft, "%s %s of %s reads metric %s, which nothing exports.",
			rule_sentence(run, model_blank(reader->kind) ? "reader" : reader->kind),
			rule_name(run, reader->name), rule_descriptor(run, environment),
			rule_name(run, metric));
		rule_place(draft, environment, metric, "metric_readers[%zu].metrics[%zu]", at, i);
		rule_place_each(draft, KIND_PRODUCTION_ENVIRONMENT, "exported_metrics");
	}
}

/* While nothing is known to be exported there is nothing to hold the readers against. */
static void alert_metric_not_exported(struct rule_run *run)
{
	struct map *exported = rule_map(run);
	if (!index_exported(run, exported))
		return;
	size_t count;
	struct model_descriptor *const *environments =
		model_system_of_kind(run->system, KIND_PRODUCTION_ENVIRONMENT, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__ProductionEnvironment *spec = model_descriptor_spec(environments[i]);
		for (size_t at = 0; at < spec->n_metric_readers; at++)
			check_reader(run, environments[i], at, exported);
	}
}

/* ---- no profile ---- */

static bool training_profiled(const struct model_descriptor *descriptor)
{
	const Tally__V1__TrainingData *spec = model_descriptor_spec(descriptor);
	for (size_t i = 0; i < spec->n_schema; i++) {
		if (spec->schema[i]->profile)
			return true;
	}
	return false;
}

static bool production_profiled(const struct model_descriptor *descriptor)
{
	const Tally__V1__ProductionData *spec = model_descriptor_spec(descriptor);
	for (size_t i = 0; i < spec->n_schema; i++) {
		if (spec->schema[i]->profile)
			return true;
	}
	return false;
}

static const struct model_descriptor *first_profiled_training(struct rule_run *run)
{
	size_t count;
	struct model_descriptor *const *found = model_system_of_kind(run->system, KIND_TRAINING_DATA, &count);
	for (size_t i = 0; i < count; i++) {
		if (training_profiled(found[i]))
			return found[i];
	}
	return NULL;
}

static void profile_missing(struct rule_run *run)
{
	const struct model_descriptor *training = first_profiled_training(run);
	size_t count;
	struct model_descriptor *const *found =
		model_system_of_kind(run->system, KIND_PRODUCTION_DATA, &count);
	for (size_t i = 0; training && i < count; i++) {
		if (production_profiled(found[i]))
			continue;
		struct rule_draft *draft = rule_draft(run, "profile");
		rule_say(draft, "%s has profiles of its columns, %s has none: they cannot be compared.",
			rule_sentence(run, rule_descriptor(run, training)), rule_descriptor(run, found[i]));
		rule_place(draft, found[i], NULL, "schema");
		rule_place(draft, training, NULL, "schema");
	}
}

const struct rule rule_metric_breached = {
	.info =
		{
			.id = "monitoring.metric-breached",
			.since = 2,
			.class = CLASS_MONITORING,
			.severity = SEVERITY_ERROR,
			.kinds = WATCHED | RETRAINING_READS,
			.needs = WATCHED,
			.fields = RULE_FIELDS("trained_model:algorithm_metrics[].metric",
				"trained_model:algorithm_metrics[].operator",
				"trained_model:algorithm_metrics[].threshold",
				"trained_model:business_metrics[].metric",
				"trained_model:business_metrics[].operator",
				"trained_model:business_metrics[].threshold",
				"production_environment:observed_metrics[].metric",
				"production_environment:observed_metrics[].value",
				"production_environment:observed_metrics[].unit", RETRAINING_FIELDS),
			.teams = TEAMS,
			.title = "An observed metric is beyond its threshold",
			.rationale = "The threshold was set because beyond it the model is no longer good "
				     "enough for what it is used for.",
			.remedy = "Find out what changed, in the data first; train again or go back to an "
				  "earlier model, and tell those who use the output.",
		},
	.run = metric_breached,
};

const struct rule rule_alert_metric_not_exported = {
	.info =
		{
			.id = "monitoring.alert-metric-not-exported",
			.since = 2,
			.class = CLASS_MONITORING,
			.severity = SEVERITY_ERROR,
			.kinds = KIND_BIT(KIND_PRODUCTION_ENVIRONMENT),
			.needs = KIND_BIT(KIND_PRODUCTION_ENVIRONMENT),
			.fields = RULE_FIELDS("production_environment:exported_metrics[].metric",
				"production_environment:metric_readers[].name",
				"production_environment:metric_readers[].kind",
				"production_environment:metric_readers[].metrics"),
			.teams = TEAM_BIT(TEAM_OPERATIONS) | TEAM_BIT(TEAM_SOFTWARE_ENGINEERS),
			.title = "An alert or a dashboard reads a metric that nothing exports",
			.rationale = "An alert on a metric that never comes cannot fire: everyone believes "
				     "that someone is watching.",
			.remedy = "Export the metric from the service, or correct its name in the alert or "
				  "on the dashboard.",
		},
	.run = alert_metric_not_exported,
};

const struct rule rule_profile_missing = {
	.info =
		{
			.id = "monitoring.profile-missing",
			.since = 2,
			.class = CLASS_MONITORING,
			.severity = SEVERITY_WARNING,
			.kinds = DATA,
			.needs = DATA,
			.fields = RULE_FIELDS(
				"training_data:schema[].profile", "production_data:schema[].profile"),
			.teams = TEAMS,
			.title = "The training data has a profile, the production data has none",
			.rationale = "Whether production still looks like what the model learned from can "
				     "only be seen by comparing the two; without a profile any drift stays "
				     "invisible.",
			.remedy = "Profile the production data regularly (`tally profile --kind "
				  "production-data`) and push it.",
		},
	.run = profile_missing,
};
