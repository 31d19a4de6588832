/*
 * What the descriptors give a team to train again with, and what they lack.
 * The words follow the remedy of findings that call for training again: places
 * of the descriptors would make the finding another one whenever one comes.
 */
#include "model/types.h"
#include "rules/profiles.h"

/* What there is and what is missing, as it is found. */
struct inventory {
	struct rule_run *run;
	const char *there;
	const char *missing;
};

static void append(struct inventory *inventory, const char **list, const char *text)
{
	*list = *list ? arena_print(inventory->run->scratch, "%s, %s", *list, text) : text;
}

/* @param text  what a descriptor says; blank when it says nothing */
static void take(struct inventory *inventory, const char *what, const char *text)
{
	if (model_blank(text))
		append(inventory, &inventory->missing, what);
	else
		append(inventory, &inventory->there,
			arena_print(inventory->run->scratch, "%s %s", what, rule_show(inventory->run, text)));
}

static void take_list(struct inventory *inventory, const char *what, const struct rule_list *list)
{
	if (list->count == 0)
		append(inventory, &inventory->missing, what);
	else
		append(inventory, &inventory->there,
			arena_print(inventory->run->scratch, "%s %s", what,
				rule_list_text(inventory->run, list)));
}

static void take_training(struct inventory *inventory, const struct model_descriptor *training)
{
	size_t count;
	struct model_descriptor *const *all =
		model_system_of_kind(inventory->run->system, KIND_TRAINING_DATA, &count);
	if (!training && count > 0)
		training = all[0];
	const Tally__V1__TrainingData *data = training ? model_descriptor_spec(training) : NULL;
	take(inventory, "training data version", data ? data->dataset_version : NULL);
	take(inventory, "preparation code", data ? data->preparation_code : NULL);
}

/* A system may have several pipelines: all their versions, as a list. */
static void take_pipelines(struct inventory *inventory)
{
	struct rule_list versions = {.count = 0};
	size_t count;
	struct model_descriptor *const *all =
		model_system_of_kind(inventory->run->system, KIND_DATA_PIPELINE, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__DataPipeline *pipeline = model_descriptor_spec(all[i]);
		rule_list_add(inventory->run, &versions, pipeline->pipeline_version);
	}
	take_list(inventory, "pipeline version", &versions);
}

static void take_environments(struct inventory *inventory)
{
	struct rule_list logs = {.count = 0};
	struct rule_list feedback = {.count = 0};
	size_t count;
	struct model_descriptor *const *all =
		model_system_of_kind(inventory->run->system, KIND_PRODUCTION_ENVIRONMENT, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__ProductionEnvironment *environment = model_descriptor_spec(all[i]);
		for (size_t j = 0; j < environment->n_model_logs; j++)
			rule_list_add(inventory->run, &logs, environment->model_logs[j]->log);
		for (size_t j = 0; j < environment->n_user_system_feedback; j++)
			rule_list_add(
				inventory->run, &feedback, environment->user_system_feedback[j]->feedback);
	}
	take_list(inventory, "logs", &logs);
	take_list(inventory, "feedback", &feedback);
}

const char *retraining_text(struct rule_run *run, const struct model_descriptor *training)
{
	struct inventory inventory = {.run = run};
	take_training(&inventory, training);
	take_pipelines(&inventory);
	take_environments(&inventory);
	if (!inventory.missing)
		return arena_print(run->scratch, "To train again there are %s.", inventory.there);
	if (!inventory.there)
		return arena_print(run->scratch, "To train again the descriptors give nothing; they lack %s.",
			inventory.missing);
	return arena_print(run->scratch, "To train again there are %s; the descriptors lack %s.",
		inventory.there, inventory.missing);
}
