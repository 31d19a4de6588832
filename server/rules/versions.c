/* Versions: does what is installed fit what the model was made with? */
#include "model/packages.h"
#include "model/requirement.h"
#include "model/types.h"
#include "rules/rule.h"

#define READS                                                                                                \
	(KIND_BIT(KIND_TRAINED_MODEL) | KIND_BIT(KIND_DEVELOPMENT_ENVIRONMENT) |                             \
		KIND_BIT(KIND_PRODUCTION_ENVIRONMENT))
#define TEAMS (TEAM_BIT(TEAM_SOFTWARE_ENGINEERS) | TEAM_BIT(TEAM_OPERATIONS) | TEAM_BIT(TEAM_DATA_SCIENTISTS))

/* What one rule looks at. */
enum sort {
	LANGUAGE,
	FRAMEWORK,
	DEPENDENCY,
};

/* One list of one descriptor. */
struct packages {
	const struct model_descriptor *descriptor;
	const char *field;
	Tally__V1__Package *const *list;
	size_t count;
};

static struct packages packages_of(const struct model_descriptor *descriptor, enum sort sort)
{
	const void *spec = model_descriptor_spec(descriptor);
	const Tally__V1__TrainedModel *model = spec;
	const Tally__V1__DevelopmentEnvironment *development = spec;
	const Tally__V1__ProductionEnvironment *production = spec;
	const char *field = sort == LANGUAGE ? "languages" : "packages";
	switch (model_descriptor_version(descriptor)->kind) {
	case KIND_TRAINED_MODEL:
		return sort == LANGUAGE
			       ? (struct packages){descriptor, field, model->languages, model->n_languages}
			       : (struct packages){descriptor, field, model->packages, model->n_packages};
	case KIND_DEVELOPMENT_ENVIRONMENT:
		return sort == LANGUAGE ? (struct packages){descriptor, field, development->languages,
						  development->n_languages}
					: (struct packages){descriptor, field, development->packages,
						  development->n_packages};
	default:
		return sort == LANGUAGE ? (struct packages){descriptor, field, production->languages,
						  production->n_languages}
					: (struct packages){descriptor, field, production->packages,
						  production->n_packages};
	}
}

/* A package of the model beside the one of the same name elsewhere. */
struct sides {
	enum sort sort;
	const struct packages *model;
	size_t model_at;
	const struct packages *other;
	size_t other_at;
};

static bool is_of_sort(const char *name, enum sort sort)
{
	return sort == LANGUAGE || model_package_is_framework(name) == (sort == FRAMEWORK);
}

/*
 * How many numbers of two exact versions must agree. A pickled object is read
 * back by the very code that wrote it, so the minor counts; formats that are
 * made for exchange only care for the major.
 */
static int parts_that_count(const struct sides *sides)
{
	static const char *const exchange[] = {
		"onnx", "savedmodel", "saved_model", "torchscript", "pmml", "tflite", "gguf", "safetensors"};
	const Tally__V1__TrainedModel *model = model_descriptor_spec(sides->model->descriptor);
	for (size_t i = 0; sides->sort != LANGUAGE && i < sizeof(exchange) / sizeof(exchange[0]); i++) {
		if (model_text_equal_nocase(model->serialization, exchange[i]))
			return 1;
	}
	return 2;
}

/* What a package says of its version. @return run's scratch */
static const char *version_text(struct rule_run *run, const Tally__V1__Package *package)
{
	if (!model_blank(package->version))
		return rule_show(run, package->version);
	return model_blank(package->requirement) ? "any version" : rule_show(run, package->requirement);
}

/* What is wrong with a requirement beside a pin; NULL: nothing, or it cannot be told. */
static const char *judge_requirement(enum sort sort, const char *requirement, const char *version)
{
	if (model_requirement_accepts(requirement, version) == ANSWER_NO)
		return "which excludes it";
	if (sort != LANGUAGE && !model_requirement_bounded(requirement))
		return "which lets any later version in";
	return NULL;
}

/* What is wrong with the pair; NULL: nothing, or it cannot be told. */
static const char *judge(
	const struct sides *sides, const Tally__V1__Package *ours, const Tally__V1__Package *theirs)
{
	const bool our_pin = !model_blank(ours->version);
	const bool their_pin = !model_blank(theirs->version);
	if (our_pin && their_pin)
		return model_versions_agree(ours->version, theirs->version, parts_that_count(sides))
			       ? NULL
			       : "another version";
	if (our_pin)
		return judge_requirement(sides->sort, theirs->requirement, ours->version);
	if (their_pin)
		return judge_requirement(sides->sort, ours->requirement, theirs->version);
	return NULL;
}

static void compare(struct rule_run *run, const struct sides *sides)
{
	const Tally__V1__Package *ours = sides->model->list[sides->model_at];
	const Tally__V1__Package *theirs = sides->other->list[sides->other_at];
	const char *wrong = judge(sides, ours, theirs);
	if (!wrong)
		return;
	struct rule_draft *draft = rule_draft(run, ours->name);
	rule_say(draft, "%s: %s has %s, %s has %s, %s.", rule_show(run, ours->name),
		rule_descriptor(run, sides->model->descriptor), version_text(run, ours),
		rule_descriptor(run, sides->other->descriptor), version_text(run, theirs), wrong);
	rule_place(draft, sides->other->descriptor, version_text(run, theirs), "%s[%zu]", sides->other->field,
		sides->other_at);
	rule_place(draft, sides->model->descriptor, version_text(run, ours), "%s[%zu]", sides->model->field,
		sides->model_at);
}

/* The packages of one descriptor by name. */
static struct map *index_packages(struct rule_run *run, const struct packages *packages, enum sort sort)
{
	struct map *map = rule_map(run);
	char name[MODEL_PACKAGE_NAME_SIZE];
	for (size_t i = 0; i < packages->count; i++) {
		if (is_of_sort(model_package_name(packages->list[i]->name, name), sort))
			rule_index(run, map, arena_text(run->scratch, name),
				&(struct rule_named){
					packages->descriptor, packages->list[i], NULL, 0, i, NULL});
	}
	return map;
}

static void compare_lists(struct rule_run *run, enum sort sort, const struct packages *model,
	const struct packages *other, const struct map *names)
{
	char name[MODEL_PACKAGE_NAME_SIZE];
	for (size_t i = 0; i < model->count; i++) {
		const struct rule_named *found =
			rule_look(run, names, model_package_name(model->list[i]->name, name));
		if (found)
			compare(run, &(struct sides){sort, model, i, other, found->inner});
	}
}

/* Compares every model with every descriptor of a kind; of two models the later with the earlier. */
static void compare_with(struct rule_run *run, enum sort sort, enum model_kind kind)
{
	size_t model_count;
	size_t other_count;
	struct model_descriptor *const *models =
		model_system_of_kind(run->system, KIND_TRAINED_MODEL, &model_count);
	struct model_descriptor *const *others = model_system_of_kind(run->system, kind, &other_count);
	for (size_t i = 0; i < other_count; i++) {
		struct packages other = packages_of(others[i], sort);
		if (other.count == 0)
			continue;
		struct map *names = index_packages(run, &other, sort);
		for (size_t j = kind == KIND_TRAINED_MODEL ? i + 1 : 0; j < model_count; j++) {
			struct packages model = packages_of(models[j], sort);
			compare_lists(run, sort, &model, &other, names);
		}
	}
}

static void language_version(struct rule_run *run)
{
	compare_with(run, LANGUAGE, KIND_DEVELOPMENT_ENVIRONMENT);
	compare_with(run, LANGUAGE, KIND_PRODUCTION_ENVIRONMENT);
}

static void framework_version(struct rule_run *run)
{
	compare_with(run, FRAMEWORK, KIND_TRAINED_MODEL);
	compare_with(run, FRAMEWORK, KIND_DEVELOPMENT_ENVIRONMENT);
	compare_with(run, FRAMEWORK, KIND_PRODUCTION_ENVIRONMENT);
}

static void dependency_version(struct rule_run *run)
{
	compare_with(run, DEPENDENCY, KIND_TRAINED_MODEL);
	compare_with(run, DEPENDENCY, KIND_DEVELOPMENT_ENVIRONMENT);
	compare_with(run, DEPENDENCY, KIND_PRODUCTION_ENVIRONMENT);
}

const struct rule rule_language_version = {
	.info =
		{
			.id = "environment.language-version",
			.since = 2,
			.class = CLASS_ENVIRONMENT,
			.severity = SEVERITY_WARNING,
			.kinds = READS,
			.needs = KIND_BIT(KIND_TRAINED_MODEL),
			.fields = RULE_FIELDS("trained_model:languages", "development_environment:languages",
				"production_environment:languages"),
			.teams = TEAMS,
			.title = "The model was made with another version of its language than the one that "
				 "is installed",
			.rationale = "A stored object often cannot be read by another minor version of the "
				     "language, and code that worked may behave differently or not start.",
			.remedy = "Install the version that the model was made with, or train and store the "
				  "model again with the one that is installed.",
		},
	.run = language_version,
};

const struct rule rule_framework_version = {
	.info =
		{
			.id = "environment.framework-version",
			.since = 2,
			.class = CLASS_ENVIRONMENT,
			.severity = SEVERITY_WARNING,
			.kinds = READS,
			.needs = KIND_BIT(KIND_TRAINED_MODEL),
			.fields = RULE_FIELDS("trained_model:packages", "trained_model:serialization",
				"development_environment:packages", "production_environment:packages"),
			.teams = TEAMS,
			.title = "The model and an environment do not have the same version of an ML "
				 "framework",
			.rationale = "A model that is stored by one version of a framework and loaded by "
				     "another may fail, or load and answer differently without a word.",
			.remedy = "Pin the framework to one version on both sides: the one that stored the "
				  "model, or a newer one after the model was stored again with it.",
		},
	.run = framework_version,
};

const struct rule rule_dependency_version = {
	.info =
		{
			.id = "environment.dependency-version",
			.since = 2,
			.class = CLASS_ENVIRONMENT,
			.severity = SEVERITY_WARNING,
			.kinds = READS,
			.needs = KIND_BIT(KIND_TRAINED_MODEL),
			.fields = RULE_FIELDS("trained_model:packages", "trained_model:serialization",
				"development_environment:packages", "production_environment:packages"),
			.teams = TEAMS,
			.title = "The model and an environment do not have the same version of a package",
			.rationale = "What was tested is one set of versions; with another one the features, "
				     "the parsing or the numbers can change, and nobody looks there first.",
			.remedy = "Pin the package to one version on both sides, or show that both give the "
				  "same results and ask for a range that says so.",
		},
	.run = dependency_version,
};
