/* Testing: is there anything to test a part with, and do its results agree? */
#include <math.h>

#include "model/types.h"
#include "rules/results.h"
#include "rules/rule.h"

#define TEAMS (TEAM_BIT(TEAM_DATA_SCIENTISTS))

/* How far the result of one metric may be from the evaluation to the test, as a share of the former. */
static const double gap_tolerance = 0.1;

static void no_cases(struct rule_run *run)
{
	size_t count;
	struct model_descriptor *const *pipelines =
		model_system_of_kind(run->system, KIND_DATA_PIPELINE, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__DataPipeline *spec = model_descriptor_spec(pipelines[i]);
		if (spec->n_test_cases > 0)
			continue;
		struct rule_draft *draft = rule_draft(run, "test_cases");
		rule_say(draft, "%s has no test cases.",
			rule_sentence(run, rule_descriptor(run, pipelines[i])));
		rule_place(draft, pipelines[i], NULL, "test_cases");
	}
}

/* A data set without name and file cannot be found. */
static bool has_data(const Tally__V1__ModelTestDataset *dataset)
{
	return dataset && (!model_blank(dataset->name) || !model_blank(dataset->file) || dataset->profile);
}

static void draft_no_data(
	struct rule_run *run, const struct model_descriptor *model, const char *field, const char *sentence)
{
	struct rule_draft *draft = rule_draft(run, field);
	rule_say(draft, "%s %s.", rule_sentence(run, rule_descriptor(run, model)), sentence);
	rule_place(draft, model, NULL, "%s", field);
}

static void no_test_data(struct rule_run *run)
{
	size_t count;
	struct model_descriptor *const *models =
		model_system_of_kind(run->system, KIND_TRAINED_MODEL, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__TrainedModel *spec = model_descriptor_spec(models[i]);
		if (!has_data(spec->test_dataset))
			draft_no_data(run, models[i], "test_dataset", "names no test data set");
	}
}

static void no_integration_data(struct rule_run *run)
{
	size_t count;
	struct model_descriptor *const *models =
		model_system_of_kind(run->system, KIND_TRAINED_MODEL, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__TrainedModel *spec = model_descriptor_spec(models[i]);
		if (spec->_post_processing_case != 0 && spec->post_processing &&
			!has_data(spec->integration_test_dataset))
			draft_no_data(run, models[i], "integration_test_dataset",
				"changes its output before anyone takes it, but names no data to test the "
				"whole with");
	}
}

static void draft_gap(struct rule_run *run, const struct results *evaluation, size_t evaluation_at,
	const struct results *test, size_t test_at)
{
	const double evaluated = evaluation->list[evaluation_at]->result;
	const double tested = test->list[test_at]->result;
	const char *name = rule_show(run, results_name(evaluation->list[evaluation_at]));
	struct rule_draft *draft = rule_draft(run, name);
	rule_say(draft, "%s of %s is %s in its evaluation and %s in its test.", name,
		rule_descriptor(run, evaluation->model), rule_number(run, evaluated),
		rule_number(run, tested));
	rule_place(draft, test->model, rule_number(run, tested), "%s[%zu].result", test->field, test_at);
	rule_place(draft, evaluation->model, rule_number(run, evaluated), "%s[%zu].result", evaluation->field,
		evaluation_at);
	rule_measure(draft, &(struct model_evidence){
				    .measure = "relative difference",
				    .has_value = evaluated != 0,
				    .value = evaluated != 0 ? fabs(tested - evaluated) / fabs(evaluated) : 0,
				    .unit = "1",
				    .has_threshold = true,
				    .threshold = gap_tolerance,
				    .method = "|test - evaluation| / |evaluation|",
			    });
}

/* Compares one metric of the evaluation with the same one of the test. */
static void compare_metric(struct rule_run *run, const struct results *evaluation, size_t at,
	const struct results *test, const struct map *tests)
{
	const Tally__V1__ReportedMetric *metric = evaluation->list[at];
	if (metric->_result_case == 0)
		return;
	const struct rule_named *found = rule_look(run, tests, results_name(metric));
	for (; found; found = found->next) {
		const Tally__V1__ReportedMetric *other = found->thing;
		if (other->_result_case != 0 &&
			fabs(other->result - metric->result) > gap_tolerance * fabs(metric->result))
			draft_gap(run, evaluation, at, test, found->inner);
	}
}

static void evaluation_test_gap(struct rule_run *run)
{
	size_t count;
	struct model_descriptor *const *models =
		model_system_of_kind(run->system, KIND_TRAINED_MODEL, &count);
	for (size_t i = 0; i < count; i++) {
		struct results evaluation = results_of(models[i], RESULTS_EVALUATION);
		struct results test = results_of(models[i], RESULTS_TEST);
		struct map *tests = rule_map(run);
		for (size_t at = 0; at < test.count; at++)
			rule_index(run, tests, results_name(test.list[at]),
				&(struct rule_named){models[i], test.list[at], NULL, 0, at, NULL});
		for (size_t at = 0; at < evaluation.count; at++)
			compare_metric(run, &evaluation, at, &test, tests);
	}
}

const struct rule rule_no_cases = {
	.info =
		{
			.id = "testing.no-cases",
			.since = 2,
			.class = CLASS_TESTING,
			.severity = SEVERITY_WARNING,
			.kinds = KIND_BIT(KIND_DATA_PIPELINE),
			.needs = KIND_BIT(KIND_DATA_PIPELINE),
			.fields = RULE_FIELDS("data_pipeline:test_cases"),
			.teams = TEAMS,
			.title = "The data pipeline has no test cases",
			.rationale = "Software engineers will run the pipeline in another place than where "
				     "it was written; without cases they cannot tell whether it still does "
				     "the same there.",
			.remedy = "Write down a few inputs and what must come out, odd ones among them, and "
				  "list them under test_cases.",
		},
	.run = no_cases,
};

const struct rule rule_no_test_data = {
	.info =
		{
			.id = "testing.no-test-data",
			.since = 2,
			.class = CLASS_TESTING,
			.severity = SEVERITY_WARNING,
			.kinds = KIND_BIT(KIND_TRAINED_MODEL),
			.needs = KIND_BIT(KIND_TRAINED_MODEL),
			.fields = RULE_FIELDS("trained_model:test_dataset.name",
				"trained_model:test_dataset.file", "trained_model:test_dataset.profile"),
			.teams = TEAMS,
			.title = "The model has no test data",
			.rationale = "Whoever integrates the model needs inputs with known answers to see "
				     "that it works the same outside of the laboratory.",
			.remedy = "Set data aside that the model has not seen, and name it and where it is "
				  "under test_dataset.",
		},
	.run = no_test_data,
};

const struct rule rule_no_integration_data = {
	.info =
		{
			.id = "testing.no-integration-data",
			.since = 2,
			.class = CLASS_TESTING,
			.severity = SEVERITY_WARNING,
			.kinds = KIND_BIT(KIND_TRAINED_MODEL),
			.needs = KIND_BIT(KIND_TRAINED_MODEL),
			.fields = RULE_FIELDS("trained_model:post_processing",
				"trained_model:integration_test_dataset.name",
				"trained_model:integration_test_dataset.file",
				"trained_model:integration_test_dataset.profile"),
			.teams = TEAMS,
			.title = "The model post-processes its output, and there is no data to test both "
				 "together",
			.rationale = "The test data covers the model alone; mistakes in what happens to its "
				     "output show only where model and post-processing run together.",
			.remedy = "Make a small data set with inputs and final outputs, and name it under "
				  "integration_test_dataset.",
		},
	.run = no_integration_data,
};

const struct rule rule_evaluation_test_gap = {
	.info =
		{
			.id = "testing.evaluation-test-gap",
			.since = 2,
			.class = CLASS_TESTING,
			.severity = SEVERITY_WARNING,
			.kinds = KIND_BIT(KIND_TRAINED_MODEL),
			.needs = KIND_BIT(KIND_TRAINED_MODEL),
			.fields = RULE_FIELDS("trained_model:evaluation_metrics[].metric",
				"trained_model:evaluation_metrics[].other_metric",
				"trained_model:evaluation_metrics[].result",
				"trained_model:test_metrics[].metric",
				"trained_model:test_metrics[].other_metric",
				"trained_model:test_metrics[].result"),
			.teams = TEAMS,
			.title = "One metric differs between evaluation and test by more than 10 %",
			.rationale =
				"A model that is much better on one of the two has been fitted to it, or "
				"the two sets are not alike: its quality in production is not known.",
			.remedy = "Find out which of the two sets is like production; look for rows that are "
				  "in both training and evaluation data, and evaluate again.",
		},
	.run = evaluation_test_gap,
};
