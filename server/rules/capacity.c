/* Computing resources: is there enough of it for the load, and is anything said about it at all? */
#include "model/types.h"
#include "rules/rule.h"

#define THROUGHPUT                                                                                           \
	(KIND_BIT(KIND_TRAINED_MODEL) | KIND_BIT(KIND_PRODUCTION_ENVIRONMENT) |                              \
		KIND_BIT(KIND_PRODUCTION_DATA))

/* How many requests an environment works on at a time. */
struct concurrency {
	double requests;
	const char *words;
};

static double replicas_of(const Tally__V1__ProductionEnvironment *spec)
{
	double replicas = spec->_replicas_case != 0 && spec->replicas > 0 ? spec->replicas : 1;
	if (spec->_max_replicas_case != 0 && spec->max_replicas > replicas)
		return spec->max_replicas;
	return replicas;
}

/* Each copy works on as many as it is told to, or on one with each of its cores. A part of a core is slower,
 * not less than one request. @return false when nothing is said */
static bool read_concurrency(
	struct rule_run *run, const struct model_descriptor *environment, struct concurrency *concurrency)
{
	const Tally__V1__ProductionEnvironment *spec = model_descriptor_spec(environment);
	const Tally__V1__ComputingResources *resources = spec->computing_resources;
	const bool told = spec->_concurrency_case != 0 && spec->concurrency > 0;
	const bool cores = resources && resources->_cpu_case != 0 && resources->cpu > 0;
	if (!told && !cores)
		return false;
	double each = told ? spec->concurrency : resources->cpu < 1 ? 1 : resources->cpu;
	double replicas = replicas_of(spec);
	concurrency->requests = replicas * each;
	concurrency->words = arena_print(run->scratch, "%s %s x %s %s", rule_number(run, replicas),
		replicas == 1 ? "copy" : "copies", rule_number(run, each), told ? "requests" : "CPU cores");
	return true;
}

/* The three that are held against each other. */
struct load {
	const struct model_descriptor *data;
	const struct model_descriptor *model;
	const struct model_descriptor *environment;
};

static void check_load(struct rule_run *run, const struct load *load)
{
	const Tally__V1__ProductionData *data = model_descriptor_spec(load->data);
	const Tally__V1__TrainedModel *model = model_descriptor_spec(load->model);
	double time_ms;
	struct concurrency there;
	if (data->_requests_per_second_case == 0 || !model->inference_time ||
		model->inference_time->_time_case == 0 ||
		!model_time_ms(model->inference_time->time, model->inference_time->unit, &time_ms) ||
		!read_concurrency(run, load->environment, &there))
		return;
	/* Little's law: requests in progress = arrivals a second x seconds each. */
	double busy = data->requests_per_second * time_ms / 1000;
	if (busy <= there.requests)
		return;
	struct rule_draft *draft = rule_draft(run, "throughput");
	rule_say(draft,
		"At %s requests a second of %s ms each, %s requests are in progress at a time; %s works on %s "
		"(%s).",
		rule_number(run, data->requests_per_second), rule_number(run, time_ms),
		rule_number(run, busy), rule_descriptor(run, load->environment),
		rule_number(run, there.requests), there.words);
	rule_place(draft, load->environment, there.words, "replicas");
	rule_place(draft, load->data,
		arena_print(
			run->scratch, "%s requests a second", rule_number(run, data->requests_per_second)),
		"requests_per_second");
	rule_place(draft, load->model, arena_print(run->scratch, "%s ms", rule_number(run, time_ms)),
		"inference_time");
	rule_measure(draft, &(struct model_evidence){
				    .measure = "requests in progress",
				    .has_value = true,
				    .value = busy,
				    .unit = "requests",
				    .has_threshold = true,
				    .threshold = there.requests,
				    .method = "Little's law: arrival rate x inference time, against copies x "
					      "requests each",
			    });
}

static void check_loads(struct rule_run *run, struct model_descriptor *data)
{
	size_t model_count;
	size_t environment_count;
	struct model_descriptor *const *models =
		model_system_of_kind(run->system, KIND_TRAINED_MODEL, &model_count);
	struct model_descriptor *const *environments =
		model_system_of_kind(run->system, KIND_PRODUCTION_ENVIRONMENT, &environment_count);
	for (size_t i = 0; i < model_count; i++) {
		for (size_t j = 0; j < environment_count; j++)
			check_load(run, &(struct load){data, models[i], environments[j]});
	}
}

static void throughput(struct rule_run *run)
{
	size_t count;
	struct model_descriptor *const *found =
		model_system_of_kind(run->system, KIND_PRODUCTION_DATA, &count);
	for (size_t i = 0; i < count; i++)
		check_loads(run, found[i]);
}

/* ---- nothing said ---- */

/* A group of zeros was not filled in. */
static bool is_given(const Tally__V1__ComputingResources *resources)
{
	return resources && ((resources->_cpu_case != 0 && resources->cpu > 0) ||
				    (resources->_memory_case != 0 && resources->memory > 0));
}

static void unstated(struct rule_run *run)
{
	size_t count;
	struct model_descriptor *const *found =
		model_system_of_kind(run->system, KIND_PRODUCTION_ENVIRONMENT, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__ProductionEnvironment *spec = model_descriptor_spec(found[i]);
		const bool given = is_given(spec->computing_resources);
		const bool unlimited = spec->_resources_limited_case != 0 && !spec->resources_limited;
		if (given && !unlimited)
			continue;
		struct rule_draft *draft = rule_draft(run, "computing_resources");
		rule_say(draft, "%s says %s.", rule_sentence(run, rule_descriptor(run, found[i])),
			given ? "what is set aside for the model, but not how much it may use"
			      : "neither how many CPU cores nor how much memory there is");
		rule_place(draft, found[i], NULL, given ? "resources_limited" : "computing_resources");
	}
}

const struct rule rule_throughput = {
	.info =
		{
			.id = "resources.throughput",
			.since = 2,
			.class = CLASS_RESOURCES,
			.severity = SEVERITY_WARNING,
			.kinds = THROUGHPUT,
			.needs = THROUGHPUT,
			.fields = RULE_FIELDS("trained_model:inference_time",
				"production_environment:replicas", "production_environment:max_replicas",
				"production_environment:concurrency",
				"production_environment:computing_resources.cpu",
				"production_data:requests_per_second"),
			.teams = TEAM_BIT(TEAM_OPERATIONS) | TEAM_BIT(TEAM_DATA_SCIENTISTS),
			.title = "More requests arrive than the production environment can work on",
			.rationale = "What cannot be worked on waits: the queue grows as long as the load "
				     "lasts, and in the end callers give up.",
			.remedy = "Run more copies or give them more cores, make one inference faster, or "
				  "agree on a lower rate.",
		},
	.run = throughput,
};

const struct rule rule_unstated = {
	.info =
		{
			.id = "resources.unstated",
			.since = 2,
			.class = CLASS_RESOURCES,
			.severity = SEVERITY_WARNING,
			.kinds = KIND_BIT(KIND_PRODUCTION_ENVIRONMENT),
			.needs = KIND_BIT(KIND_PRODUCTION_ENVIRONMENT),
			.fields = RULE_FIELDS("production_environment:computing_resources.cpu",
				"production_environment:computing_resources.memory",
				"production_environment:resources_limited"),
			.teams = TEAM_BIT(TEAM_OPERATIONS),
			.title = "The production environment does not say what the model may use",
			.rationale = "Nobody can tell whether the model fits, and without limits it can take "
				     "what its neighbours need, or be killed when it grows.",
			.remedy = "Set limits for CPU and memory where the model runs, and give them as "
				  "computing_resources.",
		},
	.run = unstated,
};
