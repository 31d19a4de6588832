/* Leaks: does the model see at work, or was it tested on, what it must not know? */
#include <math.h>

#include "model/types.h"
#include "rules/profiles.h"
#include "statistics/proportion.h"

#define OVERLAP_NEEDS (KIND_BIT(KIND_TRAINED_MODEL) | KIND_BIT(KIND_TRAINING_DATA))
#define LEAK_READS                                                                                           \
	(KIND_BIT(KIND_TRAINING_DATA) | KIND_BIT(KIND_DATA_PIPELINE) | KIND_BIT(KIND_PRODUCTION_DATA))

/* ---- labels ---- */

static struct map *index_inputs(struct rule_run *run)
{
	struct map *map = rule_map(run);
	size_t count;
	struct model_descriptor *const *all = model_system_of_kind(run->system, KIND_DATA_PIPELINE, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__DataPipeline *pipeline = model_descriptor_spec(all[i]);
		for (size_t j = 0; j < pipeline->n_input_spec; j++)
			rule_index(run, map, pipeline->input_spec[j]->item_name,
				&(struct rule_named){.descriptor = all[i], .inner = j});
	}
	return map;
}

static struct map *index_arriving(struct rule_run *run)
{
	struct map *map = rule_map(run);
	size_t count;
	struct model_descriptor *const *all = model_system_of_kind(run->system, KIND_PRODUCTION_DATA, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__ProductionData *data = model_descriptor_spec(all[i]);
		for (size_t j = 0; j < data->n_schema; j++)
			rule_index(run, map, data->schema[j]->field_name,
				&(struct rule_named){.descriptor = all[i], .inner = j});
	}
	return map;
}

/* One label field of one training set. */
struct label {
	const struct model_descriptor *training;
	size_t at;
	const char *name;
};

static void draft_leak(struct rule_run *run, const struct label *label, const struct rule_named *where,
	const char *what, const char *field)
{
	for (; where; where = where->next) {
		struct rule_draft *draft = rule_draft(run, label->name);
		rule_say(draft, "Label %s of %s is %s of %s.", rule_name(run, label->name),
			rule_descriptor(run, label->training), what, rule_descriptor(run, where->descriptor));
		rule_place(draft, where->descriptor, label->name, field, where->inner);
		rule_place(draft, label->training, label->name, "schema[%zu].field_name", label->at);
	}
}

static void check_labels(struct rule_run *run, const struct model_descriptor *training,
	const struct map *inputs, const struct map *arriving)
{
	const Tally__V1__TrainingData *data = model_descriptor_spec(training);
	for (size_t i = 0; i < data->n_schema; i++) {
		const Tally__V1__TrainingDataField *field = data->schema[i];
		if (!field->_label_field_case || !field->label_field || model_blank(field->field_name))
			continue;
		struct label label = {training, i, field->field_name};
		const struct rule_named *theirs = rule_look(run, arriving, field->field_name);
		if (!theirs)
			theirs = rule_look(run, arriving, field->mapping_production_data);
		draft_leak(run, &label, rule_look(run, inputs, field->field_name), "an input",
			"input_spec[%zu].item_name");
		draft_leak(run, &label, theirs, "a field", "schema[%zu].field_name");
	}
}

static void label_leak(struct rule_run *run)
{
	struct map *inputs = index_inputs(run);
	struct map *arriving = index_arriving(run);
	size_t count;
	struct model_descriptor *const *all = model_system_of_kind(run->system, KIND_TRAINING_DATA, &count);
	for (size_t i = 0; i < count; i++)
		check_labels(run, all[i], inputs, arriving);
}

/* ---- test rows that are training rows ---- */

/* Ascending and different, and of the same columns: only then do digests compare. */
static bool usable(const Tally__V1__RowSketch *sketch)
{
	if (!sketch || sketch->n_digests == 0 || sketch->size <= 0)
		return false;
	for (size_t i = 1; i < sketch->n_digests; i++) {
		if (sketch->digests[i] <= sketch->digests[i - 1])
			return false;
	}
	return true;
}

static bool same_columns(const Tally__V1__RowSketch *a, const Tally__V1__RowSketch *b)
{
	if (a->n_columns != b->n_columns)
		return false;
	for (size_t i = 0; i < a->n_columns; i++) {
		if (strcmp(a->columns[i], b->columns[i]) != 0)
			return false;
	}
	return true;
}

static bool full(const Tally__V1__RowSketch *sketch)
{
	return sketch->n_digests >= (size_t)sketch->size;
}

/* Different rows of the test set that were looked at, and those of them that the training set has. */
struct overlap {
	size_t rows;
	size_t shared;
	bool sampled; /* the rows are a sample of the test set's */
};

/*
 * Up to the smaller of both sketches' largest digests both are complete, and
 * the test set's digests below it are a fair sample of its rows. K. Beyer et
 * al., On Synopses for Distinct-Value Estimation Under Multiset Operations,
 * SIGMOD 2007.
 */
static struct overlap overlap_of(const Tally__V1__RowSketch *test, const Tally__V1__RowSketch *training)
{
	int64_t last = INT64_MAX;
	if (full(test))
		last = test->digests[test->n_digests - 1];
	if (full(training) && training->digests[training->n_digests - 1] < last)
		last = training->digests[training->n_digests - 1];
	struct overlap overlap = {.sampled = last != INT64_MAX};
	size_t at = 0;
	for (size_t i = 0; i < test->n_digests && test->digests[i] <= last; i++) {
		while (at < training->n_digests && training->digests[at] < test->digests[i])
			at++;
		overlap.shared += at < training->n_digests && training->digests[at] == test->digests[i];
		overlap.rows++;
	}
	return overlap;
}

/* A sample must be above the threshold by more than sampling makes it: one-sided, normal, p 0.001. */
static bool overlaps(const struct overlap *overlap, double least)
{
	const double z = 3.0902;
	double rows = (double)overlap->rows;
	double needed = least * rows;
	if (overlap->sampled)
		needed += z * sqrt(rows * least * (1 - least));
	return overlap->shared > 0 && (double)overlap->shared >= needed;
}

static void draft_overlap(struct rule_run *run, const struct model_descriptor *model,
	const struct model_descriptor *training, const struct overlap *overlap)
{
	const Tally__V1__TrainedModel *spec = model_descriptor_spec(model);
	const Tally__V1__TrainingData *data = model_descriptor_spec(training);
	double share = (double)overlap->shared / (double)overlap->rows;
	const char *subject = rule_subject(run, spec->test_dataset->name, "test_dataset");
	const char *percent = profiles_percent(run, share);
	struct rule_draft *draft = rule_draft(run, subject);
	rule_say(draft, "%s of the different rows of test set %s are rows of %s too.", percent,
		rule_name(run, subject), rule_descriptor(run, training));
	rule_place(draft, model, percent, "test_dataset.profile.row_sketch");
	rule_place(draft, training, NULL, "profile.row_sketch");
	const char *looked =
		arena_print(run->scratch, "%zu of %zu different rows", overlap->shared, overlap->rows);
	rule_measure(draft,
		&(struct model_evidence){
			.measure = "share of the test set's rows that are training rows",
			.has_value = true,
			.value = share,
			.unit = "share",
			.has_threshold = true,
			.threshold = policy_threshold(policy_of(run), POLICY_OVERLAP),
			.method =
				overlap->sampled
					? arena_print(run->scratch,
						  "%s, a sample by the smallest row digests of both sets; above the "
						  "threshold by more than sampling explains, p 0.001",
						  looked)
					: arena_print(
						  run->scratch, "%s, row digests of both whole sets", looked),
			.reference_count = data->profile->rows,
			.current_count = spec->test_dataset->profile->rows,
		});
}

/* Training data that the model names; where it names none that is there, any. */
static bool names_any(const char *identifier, struct model_descriptor *const *all, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__TrainingData *data = model_descriptor_spec(all[i]);
		if (!model_blank(identifier) && model_text_equal(identifier, data->dataset_identifier))
			return true;
	}
	return false;
}

static void check_model(struct rule_run *run, const struct model_descriptor *model)
{
	const Tally__V1__TrainedModel *spec = model_descriptor_spec(model);
	const Tally__V1__DatasetProfile *test = spec->test_dataset ? spec->test_dataset->profile : NULL;
	if (!test || !usable(test->row_sketch))
		return;
	double least = policy_threshold(policy_of(run), POLICY_OVERLAP);
	size_t count;
	struct model_descriptor *const *all = model_system_of_kind(run->system, KIND_TRAINING_DATA, &count);
	bool named = names_any(spec->training_data_identifier, all, count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__TrainingData *data = model_descriptor_spec(all[i]);
		if (named && !model_text_equal(spec->training_data_identifier, data->dataset_identifier))
			continue;
		if (!data->profile || !usable(data->profile->row_sketch) ||
			!same_columns(test->row_sketch, data->profile->row_sketch))
			continue;
		struct overlap overlap = overlap_of(test->row_sketch, data->profile->row_sketch);
		if (overlap.rows > 0 && overlaps(&overlap, least))
			draft_overlap(run, model, all[i], &overlap);
	}
}

static void train_test_overlap(struct rule_run *run)
{
	size_t count;
	struct model_descriptor *const *all = model_system_of_kind(run->system, KIND_TRAINED_MODEL, &count);
	for (size_t i = 0; i < count; i++)
		check_model(run, all[i]);
}

/* ---- the rules ---- */

const struct rule rule_label_leak = {
	.info =
		{
			.id = "data.label-leak",
			.since = 2,
			.class = CLASS_DATA,
			.severity = SEVERITY_ERROR,
			.kinds = LEAK_READS,
			.needs = KIND_BIT(KIND_TRAINING_DATA),
			.fields = RULE_FIELDS("data_pipeline:input_spec[].item_name",
				"training_data:schema[].field_name", "training_data:schema[].label_field",
				"training_data:schema[].mapping_production_data",
				"production_data:schema[].field_name"),
			.teams = TEAM_BIT(TEAM_DATA_SCIENTISTS) | TEAM_BIT(TEAM_SOFTWARE_ENGINEERS),
			.title = "What the model predicts is among what it is fed",
			.rationale = "A model that is given the answer looks excellent in evaluation and has "
				     "nothing to go by at work, where the answer is not known yet. Often the "
				     "column that carries it has just kept its name.",
			.remedy =
				"Take the label out of the pipeline's inputs and of the production data, or "
				"clear label_field when the field is an input; where production records the "
				"outcome later, describe it as feedback.",
		},
	.run = label_leak,
};

const struct rule rule_train_test_overlap = {
	.info =
		{
			.id = "data.train-test-overlap",
			.since = 2,
			.class = CLASS_DATA,
			.severity = SEVERITY_ERROR,
			.kinds = OVERLAP_NEEDS | KIND_BIT(KIND_POLICY),
			.needs = OVERLAP_NEEDS,
			.fields = RULE_FIELDS("training_data:dataset_identifier",
				"training_data:profile.row_sketch", "training_data:profile.rows",
				"trained_model:test_dataset.name", "trained_model:test_dataset.profile.rows",
				"trained_model:test_dataset.profile.row_sketch",
				"trained_model:training_data_identifier", "policy:data"),
			.teams = TEAM_BIT(TEAM_DATA_SCIENTISTS),
			.title = "Rows of the test set were trained on",
			.rationale = "A test on rows that the model has seen measures its memory: the result "
				     "is better than production will ever be.",
			.remedy =
				"Remove the rows from one of both sets, by entity or by time rather than by "
				"chance where rows repeat, and test again.",
		},
	.run = train_test_overlap,
};
