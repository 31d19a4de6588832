/* Computing resources: does what the model needs fit into what there is? */
#include "model/types.h"
#include "rules/rule.h"

#define DEVELOPMENT (KIND_BIT(KIND_TRAINED_MODEL) | KIND_BIT(KIND_DEVELOPMENT_ENVIRONMENT))
#define PRODUCTION  (KIND_BIT(KIND_TRAINED_MODEL) | KIND_BIT(KIND_PRODUCTION_ENVIRONMENT))

/* One member of a resource group. */
struct amount {
	bool given;
	double value;
};

enum member {
	GPU,
	CPU,
	MEMORY,
	STORAGE,
	MEMBERS
};

struct member_info {
	const char *field;
	const char *one; /* unit of exactly 1 */
	const char *unit;
	const char *of; /* behind the unit in sentences */
};

static const struct member_info members[MEMBERS] = {
	[GPU] = {"gpu", "GPU", "GPUs", ""},
	[CPU] = {"cpu", "CPU core", "CPU cores", ""},
	[MEMORY] = {"memory", "GB", "GB", " of memory"},
	[STORAGE] = {"storage", "GB", "GB", " of storage"},
};

struct group {
	struct amount members[MEMBERS];
};

/*
 * Reads a group. One without cpu, memory and storage is blank: nobody filled
 * it in, and its 0s are no amounts.
 */
static bool read_group(const Tally__V1__ComputingResources *resources, struct group *group)
{
	if (!resources)
		return false;
	*group = (struct group){{
		[GPU] = {resources->_gpu_case != 0, resources->gpu},
		[CPU] = {resources->_cpu_case != 0, resources->cpu},
		[MEMORY] = {resources->_memory_case != 0, resources->memory},
		[STORAGE] = {resources->_storage_case != 0, resources->storage},
	}};
	for (size_t i = CPU; i < MEMBERS; i++) {
		if (group->members[i].given && group->members[i].value != 0)
			return true;
	}
	return false;
}

/* The two sides of one comparison. */
struct sides {
	const struct model_descriptor *model;
	const struct model_descriptor *environment;
};

static const char *with_unit(struct rule_run *run, double value, const char *unit)
{
	return arena_print(run->scratch, "%s %s", rule_number(run, value), unit);
}

static const char *show_amount(struct rule_run *run, double value, const struct member_info *info)
{
	return with_unit(run, value, value == 1 ? info->one : info->unit);
}

static void draft_shortage(struct rule_run *run, const struct sides *sides, const struct member_info *info,
	double needed, double available)
{
	struct rule_draft *draft = rule_draft(run, info->field);
	rule_say(draft, "To run, %s needs %s%s; %s has %s.", rule_descriptor(run, sides->model),
		show_amount(run, needed, info), info->of, rule_descriptor(run, sides->environment),
		rule_number(run, available));
	rule_place(draft, sides->environment, show_amount(run, available, info), "computing_resources.%s",
		info->field);
	rule_place(draft, sides->model, show_amount(run, needed, info), "computing_resource_reqs.%s",
		info->field);
	rule_measure(draft, &(struct model_evidence){
				    .measure = arena_print(run->scratch, "required %s", info->field),
				    .has_value = true,
				    .value = needed,
				    .unit = info->unit,
				    .has_threshold = true,
				    .threshold = available,
				    .method = "required against available",
			    });
}

static void compare_groups(struct rule_run *run, const struct sides *sides,
	const Tally__V1__ComputingResources *needed, const Tally__V1__ComputingResources *available)
{
	struct group left;
	struct group right;
	if (!read_group(needed, &left) || !read_group(available, &right))
		return;
	for (size_t i = 0; i < MEMBERS; i++) {
		const struct amount *need = &left.members[i];
		const struct amount *have = &right.members[i];
		if (need->given && have->given && need->value > have->value)
			draft_shortage(run, sides, &members[i], need->value, have->value);
	}
}

typedef void compare_fn(struct rule_run *run, const struct sides *sides);

static void each_pair(struct rule_run *run, enum model_kind environment, compare_fn *compare)
{
	size_t model_count;
	size_t environment_count;
	struct model_descriptor *const *models =
		model_system_of_kind(run->system, KIND_TRAINED_MODEL, &model_count);
	struct model_descriptor *const *environments =
		model_system_of_kind(run->system, environment, &environment_count);
	for (size_t i = 0; i < model_count; i++) {
		for (size_t j = 0; j < environment_count; j++)
			compare(run, &(struct sides){models[i], environments[j]});
	}
}

static void compare_development(struct rule_run *run, const struct sides *sides)
{
	const Tally__V1__TrainedModel *model = model_descriptor_spec(sides->model);
	const Tally__V1__DevelopmentEnvironment *environment = model_descriptor_spec(sides->environment);
	compare_groups(run, sides, model->computing_resource_reqs, environment->computing_resources);
}

static void development_insufficient(struct rule_run *run)
{
	each_pair(run, KIND_DEVELOPMENT_ENVIRONMENT, compare_development);
}

static void compare_production(struct rule_run *run, const struct sides *sides)
{
	const Tally__V1__TrainedModel *model = model_descriptor_spec(sides->model);
	const Tally__V1__ProductionEnvironment *environment = model_descriptor_spec(sides->environment);
	compare_groups(run, sides, model->computing_resource_reqs, environment->computing_resources);
}

static void production_insufficient(struct rule_run *run)
{
	each_pair(run, KIND_PRODUCTION_ENVIRONMENT, compare_production);
}

/* A time of 0 or in an unknown unit was not given. */
static bool read_time(const Tally__V1__InferenceTime *time, double *ms)
{
	return time && time->_time_case != 0 && time->time > 0 && model_time_ms(time->time, time->unit, ms);
}

static const char *show_time(struct rule_run *run, const Tally__V1__InferenceTime *time)
{
	return with_unit(run, time->time, rule_show(run, time->unit));
}

static void compare_inference(struct rule_run *run, const struct sides *sides)
{
	const Tally__V1__TrainedModel *model = model_descriptor_spec(sides->model);
	const Tally__V1__ProductionEnvironment *environment = model_descriptor_spec(sides->environment);
	double observed_ms;
	double required_ms;
	if (!read_time(model->inference_time, &observed_ms) ||
		!read_time(environment->required_inference_time, &required_ms) ||
		!(observed_ms > required_ms))
		return;
	const char *observed = show_time(run, model->inference_time);
	const char *required = show_time(run, environment->required_inference_time);
	struct rule_draft *draft = rule_draft(run, "inference_time");
	rule_say(draft, "One inference by %s was observed to take %s ms; in %s it may take %s ms.",
		rule_descriptor(run, sides->model), rule_number(run, observed_ms),
		rule_descriptor(run, sides->environment), rule_number(run, required_ms));
	rule_place(draft, sides->model, observed, "inference_time");
	rule_place(draft, sides->environment, required, "required_inference_time");
	rule_measure(draft, &(struct model_evidence){
				    .measure = "observed inference time",
				    .has_value = true,
				    .value = observed_ms,
				    .unit = "ms",
				    .has_threshold = true,
				    .threshold = required_ms,
				    .method = "observed against required, both in milliseconds",
			    });
}

static void inference_too_slow(struct rule_run *run)
{
	each_pair(run, KIND_PRODUCTION_ENVIRONMENT, compare_inference);
}

const struct rule rule_development_insufficient = {
	.info =
		{
			.id = "resources.development-insufficient",
			.class = CLASS_RESOURCES,
			.severity = SEVERITY_ERROR,
			.kinds = DEVELOPMENT,
			.needs = DEVELOPMENT,
			.fields = RULE_FIELDS("trained_model:computing_resource_reqs.gpu",
				"trained_model:computing_resource_reqs.cpu",
				"trained_model:computing_resource_reqs.memory",
				"trained_model:computing_resource_reqs.storage",
				"development_environment:computing_resources.gpu",
				"development_environment:computing_resources.cpu",
				"development_environment:computing_resources.memory",
				"development_environment:computing_resources.storage"),
			.teams = TEAM_BIT(TEAM_SOFTWARE_ENGINEERS) | TEAM_BIT(TEAM_DATA_SCIENTISTS),
			.title = "The model needs more than the development environment has",
			.rationale = "A model that does not fit cannot be integrated or tested where the "
				     "system is built, so the first real run happens in production.",
			.remedy = "Give the development environment what the model needs, or make the model "
				  "smaller and correct its computing_resource_reqs.",
		},
	.run = development_insufficient,
};

const struct rule rule_production_insufficient = {
	.info =
		{
			.id = "resources.production-insufficient",
			.class = CLASS_RESOURCES,
			.severity = SEVERITY_ERROR,
			.kinds = PRODUCTION,
			.needs = PRODUCTION,
			.fields = RULE_FIELDS("trained_model:computing_resource_reqs.gpu",
				"trained_model:computing_resource_reqs.cpu",
				"trained_model:computing_resource_reqs.memory",
				"trained_model:computing_resource_reqs.storage",
				"production_environment:computing_resources.gpu",
				"production_environment:computing_resources.cpu",
				"production_environment:computing_resources.memory",
				"production_environment:computing_resources.storage"),
			.teams = TEAM_BIT(TEAM_OPERATIONS) | TEAM_BIT(TEAM_DATA_SCIENTISTS),
			.title = "The model needs more than the production environment has",
			.rationale = "A model that does not fit is killed, swaps or starves its neighbours, "
				     "and does so first when the system is busiest.",
			.remedy = "Raise the limits of the production environment, or make the model "
				  "smaller and correct its computing_resource_reqs.",
		},
	.run = production_insufficient,
};

const struct rule rule_inference_too_slow = {
	.info =
		{
			.id = "resources.inference-too-slow",
			.class = CLASS_RESOURCES,
			.severity = SEVERITY_ERROR,
			.kinds = PRODUCTION,
			.needs = PRODUCTION,
			.fields = RULE_FIELDS("trained_model:inference_time",
				"production_environment:required_inference_time"),
			.teams = TEAM_BIT(TEAM_DATA_SCIENTISTS) | TEAM_BIT(TEAM_OPERATIONS),
			.title = "One inference takes longer than the production environment allows",
			.rationale = "Whoever waits for the answer has planned with the time that "
				     "production promises; a slower model means timeouts, queues and "
				     "decisions without it.",
			.remedy = "Speed the model up (smaller model, batching, better hardware) and "
				  "measure again, or agree on a longer required_inference_time with those "
				  "who wait.",
		},
	.run = inference_too_slow,
};
