/* The tables of kinds and teams. */
#include "model/kind.h"

#include <assert.h>
#include <string.h>

#include "tally/v1/descriptor.pb-c.h"

static const struct model_kind_info infos[KIND_LIMIT] = {
	[KIND_SYSTEM_CONTEXT] = {KIND_SYSTEM_CONTEXT, "system_context", "SystemContext", "systemContexts",
		"system context", TEAM_PROJECT_OWNERS, &tally__v1__system_context__descriptor},
	[KIND_RAW_DATA] = {KIND_RAW_DATA, "raw_data", "RawData", "rawData", "raw data", TEAM_DATA_OWNERS,
		&tally__v1__raw_data__descriptor},
	[KIND_DATA_PIPELINE] = {KIND_DATA_PIPELINE, "data_pipeline", "DataPipeline", "dataPipelines",
		"data pipeline", TEAM_DATA_SCIENTISTS, &tally__v1__data_pipeline__descriptor},
	[KIND_TRAINING_DATA] = {KIND_TRAINING_DATA, "training_data", "TrainingData", "trainingData",
		"training data", TEAM_DATA_SCIENTISTS, &tally__v1__training_data__descriptor},
	[KIND_TRAINED_MODEL] = {KIND_TRAINED_MODEL, "trained_model", "TrainedModel", "trainedModels",
		"trained model", TEAM_DATA_SCIENTISTS, &tally__v1__trained_model__descriptor},
	[KIND_DEVELOPMENT_ENVIRONMENT] = {KIND_DEVELOPMENT_ENVIRONMENT, "development_environment",
		"DevelopmentEnvironment", "developmentEnvironments", "development environment",
		TEAM_SOFTWARE_ENGINEERS, &tally__v1__development_environment__descriptor},
	[KIND_PRODUCTION_ENVIRONMENT] = {KIND_PRODUCTION_ENVIRONMENT, "production_environment",
		"ProductionEnvironment", "productionEnvironments", "production environment", TEAM_OPERATIONS,
		&tally__v1__production_environment__descriptor},
	[KIND_PRODUCTION_DATA] = {KIND_PRODUCTION_DATA, "production_data", "ProductionData", "productionData",
		"production data", TEAM_OPERATIONS, &tally__v1__production_data__descriptor},
	[KIND_POLICY] = {KIND_POLICY, "policy", "Policy", "policies", "policy", TEAM_PROJECT_OWNERS,
		&tally__v1__policy__descriptor},
	[KIND_WAIVER] = {KIND_WAIVER, "waiver", "Waiver", "waivers", "waiver", TEAM_PROJECT_OWNERS,
		&tally__v1__waiver__descriptor},
	[KIND_DEPLOYMENT] = {KIND_DEPLOYMENT, "deployment", "Deployment", "deployments", "deployment",
		TEAM_OPERATIONS, &tally__v1__deployment__descriptor},
	[KIND_CLOCK] = {KIND_CLOCK, "clock", "Clock", "clocks", "clock", TEAM_PROJECT_OWNERS,
		&tally__v1__clock__descriptor},
};

static const char *const teams[TEAM_COUNT] = {
	[TEAM_PROJECT_OWNERS] = "project-owners",
	[TEAM_DATA_OWNERS] = "data-owners",
	[TEAM_DATA_SCIENTISTS] = "data-scientists",
	[TEAM_SOFTWARE_ENGINEERS] = "software-engineers",
	[TEAM_OPERATIONS] = "operations",
};

bool model_kind_known(int number)
{
	return number > KIND_NONE && number < KIND_LIMIT && infos[number].id;
}

const struct model_kind_info *model_kind_info(enum model_kind kind)
{
	assert(model_kind_known((int)kind));
	return &infos[kind];
}

enum model_kind model_kind_by_id(const char *id)
{
	for (unsigned kind = KIND_NONE + 1; kind < KIND_LIMIT; kind++)
		if (infos[kind].id && strcmp(infos[kind].id, id) == 0)
			return (enum model_kind)kind;
	return KIND_NONE;
}

enum model_kind model_kind_by_document(const char *document)
{
	for (unsigned kind = KIND_NONE + 1; kind < KIND_LIMIT; kind++)
		if (infos[kind].document && strcmp(infos[kind].document, document) == 0)
			return (enum model_kind)kind;
	return KIND_NONE;
}

enum model_kind model_kind_by_collection(const char *collection, size_t length)
{
	for (unsigned kind = KIND_NONE + 1; kind < KIND_LIMIT; kind++)
		if (infos[kind].collection && strlen(infos[kind].collection) == length &&
			memcmp(infos[kind].collection, collection, length) == 0)
			return (enum model_kind)kind;
	return KIND_NONE;
}

const char *model_team_id(enum model_team team)
{
	assert(team < TEAM_COUNT);
	return teams[team];
}

enum model_team model_team_by_id(const char *id)
{
	unsigned team = 0;
	while (team < TEAM_COUNT && strcmp(teams[team], id) != 0)
		team++;
	return (enum model_team)team;
}
