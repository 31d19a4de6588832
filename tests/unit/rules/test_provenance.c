/* When descriptors name each other wrongly, and when they do not. */
#include "rule_case.h"

#include "cases.h"

#define TM       KIND_TRAINED_MODEL
#define DP       KIND_DATA_PIPELINE
#define TD       KIND_TRAINING_DATA
#define RD       KIND_RAW_DATA
#define PE       KIND_PRODUCTION_ENVIRONMENT
#define DANGLING "provenance.link-dangling"
#define BEHIND   "provenance.version-behind"
#define ARTIFACT "provenance.artifact-differs"

static const struct rule_case rows[] = {
	{"a link to what is there is fine", DANGLING, "", NULL,
		{{TM, "{'data_pipeline_identifier': 'p'}"}, {DP, "{'pipeline_identifier': ' p'}"}}},
	{"a link to another pipeline than the pushed one is found", DANGLING,
		"data_pipeline_identifier @ trained_model:data_pipeline_identifier "
		"data_pipeline:pipeline_identifier",
		"The trained model names data pipeline \"p\"; there is \"q\".",
		{{TM, "{'data_pipeline_identifier': 'p'}"}, {DP, "{'pipeline_identifier': 'q'}"}}},
	{"a link to other training data is found", DANGLING,
		"training_data_identifier @ trained_model:training_data_identifier "
		"training_data:dataset_identifier",
		NULL, {{TM, "{'training_data_identifier': 't'}"}, {TD, "{'dataset_identifier': 'u'}"}}},
	{"a link to other raw data is found", DANGLING,
		"raw_data_identifier @ training_data:raw_data_identifier raw_data:dataset_identifier", NULL,
		{{TD, "{'raw_data_identifier': 'r'}"}, {RD, "{'dataset_identifier': 's'}"}}},
	{"one of several is enough", DANGLING, "", NULL,
		{{TM, "{'training_data_identifier': 't'}"}, {TD, "{'dataset_identifier': 'u'}", "a"},
			{TD, "{'dataset_identifier': 't'}", "b"}}},
	{"while nothing has an identifier nothing can be told", DANGLING, "", NULL,
		{{TM, "{'training_data_identifier': 't'}"}, {TD, "{}"}}},
	{"while the kind is missing that is said elsewhere", DANGLING, "", NULL,
		{{TM, "{'training_data_identifier': 't'}"}}},

	{"the current version is fine", BEHIND, "", NULL,
		{{TM, "{'training_data_version': '7'}"}, {TD, "{'dataset_version': ' 7 '}"}}},
	{"another version than the current one is found", BEHIND,
		"training_data_version @ trained_model:training_data_version training_data:dataset_version",
		"The trained model was made with version 6 of the training data; the current one is 7.",
		{{TM, "{'training_data_version': '6'}"}, {TD, "{'dataset_version': '7'}"}}},
	{"the pipeline's version is compared", BEHIND,
		"data_pipeline_version @ trained_model:data_pipeline_version data_pipeline:pipeline_version",
		NULL, {{TM, "{'data_pipeline_version': '6'}"}, {DP, "{'pipeline_version': '7'}"}}},
	{"the raw data's version is compared", BEHIND,
		"raw_data_version @ training_data:raw_data_version raw_data:dataset_version", NULL,
		{{TD, "{'raw_data_version': '6'}"}, {RD, "{'dataset_version': '7'}"}}},
	{"the version of the one that is named counts", BEHIND, "", NULL,
		{{TM, "{'training_data_identifier': 'a', 'training_data_version': '6'}"},
			{TD, "{'dataset_identifier': 'a', 'dataset_version': '6'}", "a"},
			{TD, "{'dataset_identifier': 'b', 'dataset_version': '7'}", "b"}}},
	{"a version that is not given is a gap", BEHIND, "", NULL,
		{{TM, "{'training_data_version': '6'}"}, {TD, "{}"}}},

	{"one file under two folders is the same", ARTIFACT, "", NULL,
		{{TM, "{'artifact': 'models/churn.pkl'}"}, {PE, "{'model_artifact': '/srv/churn.pkl'}"}}},
	{"the folder that the file is in is the same: servers load folders", ARTIFACT, "", NULL,
		{{TM, "{'artifact': 'models/churn/model.pkl'}"},
			{PE, "{'model_artifact': 's3://b/churn/'}"}}},
	{"a folder that only begins alike is another one", ARTIFACT,
		"model_artifact @ production_environment:model_artifact trained_model:artifact",
		"The production environment loads \"s3://b/churn2\"; the trained models are stored as "
		"\"churn2x/churn/model.pkl\".",
		{{TM, "{'artifact': 'churn2x/churn/model.pkl'}"},
			{PE, "{'model_artifact': 's3://b/churn2'}"}}},
	{"another file is found", ARTIFACT,
		"model_artifact @ production_environment:model_artifact trained_model:artifact",
		"The production environment loads \"/srv/old.pkl\"; the trained models are stored as "
		"\"models/churn.pkl\".",
		{{TM, "{'artifact': 'models/churn.pkl'}"}, {PE, "{'model_artifact': '/srv/old.pkl'}"}}},
	{"any of the models may be the one", ARTIFACT, "", NULL,
		{{TM, "{'artifact': 'a.pkl'}", "a"}, {TM, "{'artifact': 'b.pkl/'}", "b"},
			{PE, "{'model_artifact': 's3://models/b.pkl'}"}}},
	{"while no model says its file nothing can be told", ARTIFACT, "", NULL,
		{{TM, "{}"}, {PE, "{'model_artifact': 'b.pkl'}"}}},
};

int main(void)
{
	return CASES_RUN(rows, rule_case_check);
}
