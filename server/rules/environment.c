/* Development environment: can the model's code run where it is integrated? */
#include "rules/rule.h"

#define READS (KIND_BIT(KIND_TRAINED_MODEL) | KIND_BIT(KIND_DEVELOPMENT_ENVIRONMENT))
#define TEAMS (TEAM_BIT(TEAM_DATA_SCIENTISTS) | TEAM_BIT(TEAM_SOFTWARE_ENGINEERS))

/* What the development environments offer of one sort. */
struct offer {
	const char *field;
	struct map *names;
	struct rule_list list;
};

static void add_offered(struct rule_run *run, struct offer *offer, char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		rule_index(run, offer->names, names[i], &(struct rule_named){.inner = i});
		rule_list_add(run, &offer->list, names[i]);
	}
}

static struct offer offered(struct rule_run *run, bool languages)
{
	struct offer offer = {.field = languages ? "programming_languages" : "ml_frameworks"};
	offer.names = rule_map(run);
	size_t count;
	struct model_descriptor *const *found =
		model_system_of_kind(run->system, KIND_DEVELOPMENT_ENVIRONMENT, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__DevelopmentEnvironment *spec = model_descriptor_spec(found[i]);
		if (languages)
			add_offered(run, &offer, spec->programming_languages, spec->n_programming_languages);
		else
			add_offered(run, &offer, spec->ml_frameworks, spec->n_ml_frameworks);
	}
	return offer;
}

/* Starts a finding when a name is given and offered nowhere. */
static struct rule_draft *draft_missing(struct rule_run *run, const struct offer *offer, const char *name)
{
	if (!*rule_trim(run, name) || rule_look(run, offer->names, name))
		return NULL;
	struct rule_draft *draft = rule_draft(run, name);
	rule_place_each(draft, KIND_DEVELOPMENT_ENVIRONMENT, offer->field);
	return draft;
}

static void check_component(
	struct rule_run *run, const struct offer *offer, const struct model_descriptor *model, size_t at)
{
	const Tally__V1__TrainedModel *spec = model_descriptor_spec(model);
	const Tally__V1__ModelComponent *component = spec->model_components[at];
	for (size_t i = 0; i < component->n_programming_languages; i++) {
		const char *language = component->programming_languages[i];
		struct rule_draft *draft = draft_missing(run, offer, language);
		if (!draft)
			continue;
		rule_say(draft, "Component %zu of %s is written in %s; development environments offer %s.",
			at + 1, rule_descriptor(run, model), rule_name(run, language),
			rule_list_text(run, &offer->list));
		rule_place(draft, model, language, "model_components[%zu].programming_languages[%zu]", at, i);
	}
}

static void language_unsupported(struct rule_run *run)
{
	struct offer offer = offered(run, true);
	size_t count;
	struct model_descriptor *const *models =
		model_system_of_kind(run->system, KIND_TRAINED_MODEL, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__TrainedModel *spec = model_descriptor_spec(models[i]);
		for (size_t at = 0; at < spec->n_model_components; at++)
			check_component(run, &offer, models[i], at);
	}
}

static void check_frameworks(
	struct rule_run *run, const struct offer *offer, const struct model_descriptor *model)
{
	const Tally__V1__TrainedModel *spec = model_descriptor_spec(model);
	for (size_t i = 0; i < spec->n_ml_frameworks; i++) {
		const char *framework = spec->ml_frameworks[i];
		struct rule_draft *draft = draft_missing(run, offer, framework);
		if (!draft)
			continue;
		rule_say(draft, "To run, %s needs %s; development environments offer %s.",
			rule_descriptor(run, model), rule_name(run, framework),
			rule_list_text(run, &offer->list));
		rule_place(draft, model, framework, "ml_frameworks[%zu]", i);
	}
}

static void framework_unsupported(struct rule_run *run)
{
	struct offer offer = offered(run, false);
	size_t count;
	struct model_descriptor *const *models =
		model_system_of_kind(run->system, KIND_TRAINED_MODEL, &count);
	for (size_t i = 0; i < count; i++)
		check_frameworks(run, &offer, models[i]);
}

const struct rule rule_language_unsupported = {
	.info =
		{
			.id = "environment.language-unsupported",
			.class = CLASS_ENVIRONMENT,
			.severity = SEVERITY_ERROR,
			.kinds = READS,
			.needs = READS,
			.fields = RULE_FIELDS("trained_model:model_components[].programming_languages",
				"development_environment:programming_languages"),
			.teams = TEAMS,
			.title = "A component of the model is written in a language that the development "
				 "environment does not offer",
			.rationale = "Software engineers have to call, build and debug the component in the "
				     "environment they have; a language that is not there means a rewrite "
				     "or a second tool chain that nobody planned.",
			.remedy = "Add the language to the development environment, or port or wrap the "
				  "component so that it uses one that is offered.",
		},
	.run = language_unsupported,
};

const struct rule rule_framework_unsupported = {
	.info =
		{
			.id = "environment.framework-unsupported",
			.class = CLASS_ENVIRONMENT,
			.severity = SEVERITY_ERROR,
			.kinds = READS,
			.needs = READS,
			.fields = RULE_FIELDS(
				"trained_model:ml_frameworks", "development_environment:ml_frameworks"),
			.teams = TEAMS,
			.title = "The model needs an ML framework that the development environment does not "
				 "offer",
			.rationale = "A stored model can only be loaded by the framework it was made with; "
				     "without it integration stops at the first call.",
			.remedy = "Install the framework in the development environment and list it there, "
				  "or export the model in a format that an offered framework loads.",
		},
	.run = framework_unsupported,
};
