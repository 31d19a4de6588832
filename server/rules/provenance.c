/* Provenance: do descriptors name each other, and in the versions that are current? */
#include "model/types.h"
#include "rules/links.h"
#include "rules/rule.h"

#define READS                                                                                                \
	(KIND_BIT(KIND_TRAINED_MODEL) | KIND_BIT(KIND_TRAINING_DATA) | KIND_BIT(KIND_DATA_PIPELINE) |        \
		KIND_BIT(KIND_RAW_DATA))
#define TEAMS (TEAM_BIT(TEAM_DATA_SCIENTISTS) | TEAM_BIT(TEAM_DATA_OWNERS))

/* What a link names, and what the other side says of itself. */
struct named {
	const char *identifier;
	const char *version;
};

struct link_info {
	enum model_kind from;
	enum model_kind to;
	const char *identifier_field; /* of the naming side */
	const char *version_field;
	const char *own_identifier_field; /* of the named side */
	const char *own_version_field;
};

static const struct link_info links[LINK_COUNT] = {
	[LINK_PIPELINE] = {KIND_TRAINED_MODEL, KIND_DATA_PIPELINE, "data_pipeline_identifier",
		"data_pipeline_version", "pipeline_identifier", "pipeline_version"},
	[LINK_TRAINING_DATA] = {KIND_TRAINED_MODEL, KIND_TRAINING_DATA, "training_data_identifier",
		"training_data_version", "dataset_identifier", "dataset_version"},
	[LINK_RAW_DATA] = {KIND_TRAINING_DATA, KIND_RAW_DATA, "raw_data_identifier", "raw_data_version",
		"dataset_identifier", "dataset_version"},
};

static struct named names_other(enum link link, const struct model_descriptor *from)
{
	const Tally__V1__TrainedModel *model = model_descriptor_spec(from);
	const Tally__V1__TrainingData *training = model_descriptor_spec(from);
	switch (link) {
	case LINK_PIPELINE:
		return (struct named){model->data_pipeline_identifier, model->data_pipeline_version};
	case LINK_TRAINING_DATA:
		return (struct named){model->training_data_identifier, model->training_data_version};
	default: return (struct named){training->raw_data_identifier, training->raw_data_version};
	}
}

static struct named names_itself(const struct model_descriptor *to)
{
	const Tally__V1__DataPipeline *pipeline = model_descriptor_spec(to);
	const Tally__V1__TrainingData *training = model_descriptor_spec(to);
	const Tally__V1__RawData *raw = model_descriptor_spec(to);
	switch (model_descriptor_version(to)->kind) {
	case KIND_DATA_PIPELINE:
		return (struct named){pipeline->pipeline_identifier, pipeline->pipeline_version};
	case KIND_TRAINING_DATA:
		return (struct named){training->dataset_identifier, training->dataset_version};
	default: return (struct named){raw->dataset_identifier, raw->dataset_version};
	}
}

const struct model_descriptor *link_target(
	struct rule_run *run, const struct model_descriptor *from, enum link link)
{
	const char *wanted = names_other(link, from).identifier;
	size_t count;
	struct model_descriptor *const *found = model_system_of_kind(run->system, links[link].to, &count);
	if (model_blank(wanted))
		return count == 1 ? found[0] : NULL;
	for (size_t i = 0; i < count; i++) {
		if (model_text_equal(names_itself(found[i]).identifier, wanted))
			return found[i];
	}
	return NULL;
}

typedef void link_fn(struct rule_run *run, enum link link, const struct model_descriptor *from);

static void each_link(struct rule_run *run, link_fn *check)
{
	for (enum link link = 0; link < LINK_COUNT; link++) {
		size_t count;
		struct model_descriptor *const *from =
			model_system_of_kind(run->system, links[link].from, &count);
		for (size_t i = 0; i < count; i++)
			check(run, link, from[i]);
	}
}

/* ---- links to nothing ---- */

/* The identifiers that there are; without any nothing can be told. */
static bool list_identifiers(struct rule_run *run, enum model_kind kind, struct rule_list *list)
{
	size_t count;
	struct model_descriptor *const *found = model_system_of_kind(run->system, kind, &count);
	for (size_t i = 0; i < count; i++)
		rule_list_add(run, list, names_itself(found[i]).identifier);
	return list->count > 0;
}

static void check_dangling(struct rule_run *run, enum link link, const struct model_descriptor *from)
{
	const struct link_info *info = &links[link];
	const char *wanted = names_other(link, from).identifier;
	struct rule_list there = {0};
	if (model_blank(wanted) || link_target(run, from, link) || !list_identifiers(run, info->to, &there))
		return;
	struct rule_draft *draft = rule_draft(run, info->identifier_field);
	rule_say(draft, "%s names %s %s; there is %s.", rule_sentence(run, rule_descriptor(run, from)),
		model_kind_info(info->to)->title, rule_name(run, wanted), rule_list_text(run, &there));
	rule_place(draft, from, wanted, "%s", info->identifier_field);
	rule_place_each(draft, info->to, info->own_identifier_field);
}

static void link_dangling(struct rule_run *run)
{
	each_link(run, check_dangling);
}

/* ---- versions that went on ---- */

static void check_version(struct rule_run *run, enum link link, const struct model_descriptor *from)
{
	const struct link_info *info = &links[link];
	const struct model_descriptor *to = link_target(run, from, link);
	const char *used = names_other(link, from).version;
	if (!to || model_blank(used))
		return;
	const char *current = names_itself(to).version;
	if (model_blank(current) || model_text_equal(used, current))
		return;
	struct rule_draft *draft = rule_draft(run, info->version_field);
	rule_say(draft, "%s was made with version %s of %s; the current one is %s.",
		rule_sentence(run, rule_descriptor(run, from)), rule_show(run, used),
		rule_descriptor(run, to), rule_show(run, current));
	rule_place(draft, from, used, "%s", info->version_field);
	rule_place(draft, to, current, "%s", info->own_version_field);
}

static void version_behind(struct rule_run *run)
{
	each_link(run, check_version);
}

/* ---- the model that production loads ---- */

/* The last part of a path that is not empty. @return run's scratch */
static const char *last_part(struct rule_run *run, const char *path)
{
	char *copy = arena_text(run->scratch, rule_trim(run, path));
	size_t size = strlen(copy);
	while (size > 0 && copy[size - 1] == '/')
		copy[--size] = '\0';
	const char *slash = strrchr(copy, '/');
	return slash ? slash + 1 : copy;
}

/* Is it one of the folders of a path? */
static bool is_folder_of(struct rule_run *run, const char *folder, const char *path)
{
	const size_t size = strlen(folder);
	const char *text = rule_trim(run, path);
	const size_t rest = strlen(text) - strlen(last_part(run, path));
	for (const char *at = text; size && (at = strstr(at, folder)) && at < text + rest; at++)
		if ((at == text || at[-1] == '/') && at[size] == '/')
			return true;
	return false;
}

/* The same file or folder by its name, or one the folder that the other is in: servers load folders. */
static bool same_artifact(struct rule_run *run, const char *a, const char *b)
{
	if (model_blank(a) || model_blank(b))
		return false;
	const char *left = last_part(run, a), *right = last_part(run, b);
	return model_text_equal(left, right) || is_folder_of(run, left, b) || is_folder_of(run, right, a);
}

static void check_artifact(struct rule_run *run, const struct model_descriptor *environment)
{
	const Tally__V1__ProductionEnvironment *spec = model_descriptor_spec(environment);
	size_t count;
	struct model_descriptor *const *models =
		model_system_of_kind(run->system, KIND_TRAINED_MODEL, &count);
	struct rule_list there = {0};
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__TrainedModel *model = model_descriptor_spec(models[i]);
		if (same_artifact(run, model->artifact, spec->model_artifact))
			return;
		rule_list_add(run, &there, model->artifact);
	}
	if (there.count == 0)
		return;
	struct rule_draft *draft = rule_draft(run, "model_artifact");
	rule_say(draft, "%s loads %s; the trained models are stored as %s.",
		rule_sentence(run, rule_descriptor(run, environment)), rule_name(run, spec->model_artifact),
		rule_list_text(run, &there));
	rule_place(draft, environment, spec->model_artifact, "model_artifact");
	rule_place_each(draft, KIND_TRAINED_MODEL, "artifact");
}

static void artifact_differs(struct rule_run *run)
{
	size_t count;
	struct model_descriptor *const *environments =
		model_system_of_kind(run->system, KIND_PRODUCTION_ENVIRONMENT, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__ProductionEnvironment *spec = model_descriptor_spec(environments[i]);
		if (!model_blank(spec->model_artifact))
			check_artifact(run, environments[i]);
	}
}

const struct rule rule_link_dangling = {
	.info =
		{
			.id = "provenance.link-dangling",
			.since = 2,
			.class = CLASS_PROVENANCE,
			.severity = SEVERITY_ERROR,
			.kinds = READS,
			.needs = 0,
			.fields = RULE_FIELDS("raw_data:dataset_identifier",
				"data_pipeline:pipeline_identifier", "training_data:dataset_identifier",
				"training_data:raw_data_identifier", "trained_model:data_pipeline_identifier",
				"trained_model:training_data_identifier"),
			.teams = TEAMS,
			.title = "An identifier names no descriptor that was pushed",
			.rationale = "Nobody can tell which data or which pipeline the part was made with, "
				     "so nobody can make it again or say whom a change concerns.",
			.remedy = "Correct the identifier, or push the descriptor that it names.",
		},
	.run = link_dangling,
};

const struct rule rule_version_behind = {
	.info =
		{
			.id = "provenance.version-behind",
			.since = 2,
			.class = CLASS_PROVENANCE,
			.severity = SEVERITY_WARNING,
			.kinds = READS,
			.needs = 0,
			.fields = RULE_FIELDS("raw_data:dataset_identifier", "raw_data:dataset_version",
				"data_pipeline:pipeline_identifier", "data_pipeline:pipeline_version",
				"training_data:dataset_identifier", "training_data:dataset_version",
				"training_data:raw_data_identifier", "training_data:raw_data_version",
				"trained_model:data_pipeline_identifier",
				"trained_model:data_pipeline_version",
				"trained_model:training_data_identifier",
				"trained_model:training_data_version"),
			.teams = TEAMS,
			.title = "A part was made with another version than the current one",
			.rationale = "What was learned or prepared from another version may not hold for the "
				     "current one, and results cannot be made again from it.",
			.remedy = "Make the part again from the current version, or keep the version that it "
				  "was made with as the current one.",
		},
	.run = version_behind,
};

const struct rule rule_artifact_differs = {
	.info =
		{
			.id = "provenance.artifact-differs",
			.since = 2,
			.class = CLASS_PROVENANCE,
			.severity = SEVERITY_ERROR,
			.kinds = KIND_BIT(KIND_TRAINED_MODEL) | KIND_BIT(KIND_PRODUCTION_ENVIRONMENT),
			.needs = KIND_BIT(KIND_TRAINED_MODEL) | KIND_BIT(KIND_PRODUCTION_ENVIRONMENT),
			.fields = RULE_FIELDS(
				"trained_model:artifact", "production_environment:model_artifact"),
			.teams = TEAM_BIT(TEAM_OPERATIONS) | TEAM_BIT(TEAM_DATA_SCIENTISTS),
			.title = "Production loads another file than the model that is described",
			.rationale = "The service does not start, or it answers with a model that nobody "
				     "described, tested or watches.",
			.remedy = "Point the production environment at the described model, or describe the "
				  "one that it loads.",
		},
	.run = artifact_differs,
};
