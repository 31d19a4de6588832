/*
 * Interfaces: what the model itself says that it takes, beside what the
 * pipeline puts out and what the columns of its training data are.
 */
#include <inttypes.h>

#include "model/types.h"
#include "rules/links.h"
#include "rules/rule.h"

#define READS (KIND_BIT(KIND_TRAINED_MODEL) | KIND_BIT(KIND_DATA_PIPELINE) | KIND_BIT(KIND_TRAINING_DATA))

/* One thing that could be given to the model: an output of the pipeline or a column. */
struct given {
	const char *name;
	const char *type;
	const Tally__V1__ItemSpecification *specification; /* NULL: none */
};

/* All that one descriptor gives. */
struct source {
	const struct model_descriptor *descriptor;
	const char *list;       /* field that holds them */
	const char *type_field; /* of one of them */
	const char *noun;
	struct given *given;
	size_t count;
	struct map *names;
};

static struct source new_source(struct rule_run *run, const struct model_descriptor *descriptor, size_t room)
{
	return (struct source){.descriptor = descriptor,
		.given = arena_array(run->scratch, room, sizeof(struct given)),
		.names = rule_map(run)};
}

/* `at` is the index in the descriptor's own list. */
static void add_given(struct rule_run *run, struct source *source, size_t at, const struct given *given)
{
	struct given *kept = &source->given[source->count++];
	*kept = *given;
	rule_index(run, source->names, given->name,
		&(struct rule_named){source->descriptor, kept, NULL, 0, at, NULL});
}

static struct source pipeline_source(struct rule_run *run, const struct model_descriptor *descriptor)
{
	const Tally__V1__DataPipeline *pipeline = model_descriptor_spec(descriptor);
	struct source source = new_source(run, descriptor, pipeline->n_output_spec);
	source.list = "output_spec";
	source.type_field = "item_type";
	source.noun = "output";
	for (size_t i = 0; i < pipeline->n_output_spec; i++) {
		const Tally__V1__Item *item = pipeline->output_spec[i];
		add_given(run, &source, i,
			&(struct given){item->item_name, item->item_type, item->item_specification});
	}
	return source;
}

static bool is_label(const Tally__V1__TrainingDataField *field)
{
	return field->_label_field_case != 0 && field->label_field;
}

static struct source training_source(struct rule_run *run, const struct model_descriptor *descriptor)
{
	const Tally__V1__TrainingData *training = model_descriptor_spec(descriptor);
	struct source source = new_source(run, descriptor, training->n_schema);
	source.list = "schema";
	source.type_field = "field_type";
	source.noun = "column";
	for (size_t i = 0; i < training->n_schema; i++) {
		const Tally__V1__TrainingDataField *field = training->schema[i];
		if (!is_label(field))
			add_given(
				run, &source, i, &(struct given){field->field_name, field->field_type, NULL});
	}
	return source;
}

/* ---- one input beside what is given to it ---- */

static bool is_number(enum model_type type)
{
	return type == TYPE_INTEGER || type == TYPE_FLOAT;
}

/* May a value of one type stand where another is wanted? Integers widen to floats; what we do not know passes
 * only by its own name. */
static bool fits(const char *given, const char *wanted)
{
	if (model_blank(given) || model_blank(wanted) || model_types_equal(given, wanted))
		return true;
	return is_number(model_type_of(given)) && model_type_of(wanted) == TYPE_FLOAT;
}

static bool shapes_fit(const Tally__V1__ItemSpecification *a, const Tally__V1__ItemSpecification *b)
{
	if (!a || !b || a->n_shape == 0 || b->n_shape == 0)
		return true;
	if (a->n_shape != b->n_shape)
		return false;
	for (size_t i = 0; i < a->n_shape; i++) {
		if (a->shape[i] >= 0 && b->shape[i] >= 0 && a->shape[i] != b->shape[i])
			return false;
	}
	return true;
}

static const char *shape_text(struct rule_run *run, const Tally__V1__ItemSpecification *specification)
{
	const char *text = "";
	for (size_t i = 0; i < specification->n_shape && i < RULE_LISTED_MAX; i++)
		text = arena_print(
			run->scratch, "%s%s%" PRId64, text, i ? " x " : "", specification->shape[i]);
	return text;
}

/* An input of the model's signature. */
struct input {
	const struct model_descriptor *model;
	const Tally__V1__Item *item;
	size_t at;
};

static void draft_type(struct rule_run *run, const struct input *input, const struct source *source,
	const struct rule_named *named)
{
	const struct given *given = named->thing;
	struct rule_draft *draft = rule_draft(run, input->item->item_name);
	rule_say(draft, "By its signature %s takes input %s as %s; %s %s of %s is %s.",
		rule_descriptor(run, input->model), rule_name(run, input->item->item_name),
		rule_show(run, input->item->item_type), source->noun, rule_name(run, given->name),
		rule_descriptor(run, source->descriptor), rule_show(run, given->type));
	rule_place(draft, source->descriptor, given->type, "%s[%zu].%s", source->list, named->inner,
		source->type_field);
	rule_place(draft, input->model, input->item->item_type, "input_signature[%zu].item_type", input->at);
}

static void draft_shape(struct rule_run *run, const struct input *input, const struct source *source,
	const struct rule_named *named)
{
	const struct given *given = named->thing;
	const char *wanted = shape_text(run, input->item->item_specification);
	const char *shape = shape_text(run, given->specification);
	struct rule_draft *draft = rule_draft(run, input->item->item_name);
	rule_say(draft, "By its signature %s takes input %s in the shape %s; %s %s of %s has the shape %s.",
		rule_descriptor(run, input->model), rule_name(run, input->item->item_name), wanted,
		source->noun, rule_name(run, given->name), rule_descriptor(run, source->descriptor), shape);
	rule_place(draft, source->descriptor, shape, "%s[%zu].item_specification.shape", source->list,
		named->inner);
	rule_place(draft, input->model, wanted, "input_signature[%zu].item_specification.shape", input->at);
}

static bool may_be_missing(const Tally__V1__Item *item)
{
	const Tally__V1__ItemSpecification *specification = item->item_specification;
	return specification && specification->_optional_value_case != 0 && specification->optional_value;
}

static void draft_missing(struct rule_run *run, const struct input *input, const struct source *source)
{
	struct rule_draft *draft = rule_draft(run, input->item->item_name);
	rule_say(draft, "By its signature %s takes input %s; %s has no %s of that name.",
		rule_descriptor(run, input->model), rule_name(run, input->item->item_name),
		rule_descriptor(run, source->descriptor), source->noun);
	rule_place(draft, source->descriptor, NULL, "%s", source->list);
	rule_place(draft, input->model, input->item->item_name, "input_signature[%zu].item_name", input->at);
}

static void check_input(struct rule_run *run, const struct input *input, const struct source *source)
{
	const struct rule_named *named = rule_look(run, source->names, input->item->item_name);
	if (!named) {
		if (!may_be_missing(input->item))
			draft_missing(run, input, source);
		return;
	}
	const struct given *given = named->thing;
	if (!fits(given->type, input->item->item_type))
		draft_type(run, input, source, named);
	else if (!shapes_fit(input->item->item_specification, given->specification))
		draft_shape(run, input, source, named);
}

/* ---- a signature that is one array of all features ---- */

/* The number of features of a nameless array, its last dimension; 0 when it does not say. */
static int64_t array_width(const Tally__V1__TrainedModel *model)
{
	if (model->n_input_signature != 1 || !model_blank(model->input_signature[0]->item_name))
		return 0;
	const Tally__V1__ItemSpecification *specification = model->input_signature[0]->item_specification;
	if (!specification || specification->n_shape != 2 || specification->shape[1] <= 0)
		return 0;
	return specification->shape[1];
}

static void check_width(struct rule_run *run, const struct model_descriptor *descriptor, int64_t width,
	const struct source *source)
{
	if ((int64_t)source->count == width)
		return;
	const char *wanted = arena_print(run->scratch, "%" PRId64, width);
	const char *count = arena_print(run->scratch, "%zu", source->count);
	struct rule_draft *draft = rule_draft(run, "input_signature");
	rule_say(draft, "By its signature %s takes rows of %s numbers; %s has %s %ss.",
		rule_descriptor(run, descriptor), wanted, rule_descriptor(run, source->descriptor), count,
		source->noun);
	rule_place(draft, source->descriptor, count, "%s", source->list);
	rule_place(draft, descriptor, wanted, "input_signature[0].item_specification.shape");
}

static void check_source(
	struct rule_run *run, const struct model_descriptor *descriptor, const struct source *source)
{
	const Tally__V1__TrainedModel *model = model_descriptor_spec(descriptor);
	int64_t width = array_width(model);
	if (source->count == 0)
		return;
	if (width > 0) {
		check_width(run, descriptor, width, source);
		return;
	}
	for (size_t i = 0; i < model->n_input_signature; i++) {
		const Tally__V1__Item *item = model->input_signature[i];
		if (!model_blank(item->item_name))
			check_input(run, &(struct input){descriptor, item, i}, source);
	}
}

/* ---- what the model answers beside its label ---- */

static const Tally__V1__TrainingDataField *only_label(const Tally__V1__TrainingData *training, size_t *at)
{
	const Tally__V1__TrainingDataField *label = NULL;
	for (size_t i = 0; i < training->n_schema; i++) {
		if (!is_label(training->schema[i]))
			continue;
		if (label)
			return NULL;
		label = training->schema[i];
		*at = i;
	}
	return label;
}

/* A probability may stand for any label; true and false stand for no number and no text. */
static bool answers(const char *output, const char *label)
{
	enum model_type made = model_type_of(output);
	enum model_type learned = model_type_of(label);
	if (model_blank(output) || model_blank(label) || made == learned)
		return true;
	if (made == TYPE_BOOLEAN)
		return learned == TYPE_UNKNOWN;
	return learned != TYPE_BOOLEAN || made == TYPE_FLOAT || made == TYPE_UNKNOWN;
}

static void check_label(struct rule_run *run, const struct model_descriptor *descriptor,
	const struct model_descriptor *training)
{
	const Tally__V1__TrainedModel *model = model_descriptor_spec(descriptor);
	size_t at = 0;
	const Tally__V1__TrainingDataField *label = only_label(model_descriptor_spec(training), &at);
	if (!label || model->n_output_spec != 1 ||
		answers(model->output_spec[0]->item_type, label->field_type))
		return;
	const Tally__V1__Item *output = model->output_spec[0];
	const char *subject = rule_subject(run, output->item_name, "output_spec[0]");
	struct rule_draft *draft = rule_draft(run, subject);
	rule_say(draft, "Output %s of %s is %s; the label that it learned, %s of %s, is %s.",
		rule_name(run, subject), rule_descriptor(run, descriptor), rule_show(run, output->item_type),
		rule_name(run, label->field_name), rule_descriptor(run, training),
		rule_show(run, label->field_type));
	rule_place(draft, descriptor, output->item_type, "output_spec[0].item_type");
	rule_place(draft, training, label->field_type, "schema[%zu].field_type", at);
}

static void signature(struct rule_run *run)
{
	size_t count;
	struct model_descriptor *const *models =
		model_system_of_kind(run->system, KIND_TRAINED_MODEL, &count);
	for (size_t i = 0; i < count; i++) {
		const struct model_descriptor *pipeline = link_target(run, models[i], LINK_PIPELINE);
		const struct model_descriptor *training = link_target(run, models[i], LINK_TRAINING_DATA);
		if (pipeline) {
			struct source source = pipeline_source(run, pipeline);
			check_source(run, models[i], &source);
		}
		if (training) {
			struct source source = training_source(run, training);
			check_source(run, models[i], &source);
			check_label(run, models[i], training);
		}
	}
}

/* ---- no signature at all ---- */

/* Only of a model that says how it is stored: then somebody looked, and there was none. */
static void signature_missing(struct rule_run *run)
{
	size_t count;
	struct model_descriptor *const *models =
		model_system_of_kind(run->system, KIND_TRAINED_MODEL, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__TrainedModel *model = model_descriptor_spec(models[i]);
		if (model->n_input_signature > 0 ||
			(model_blank(model->serialization) && model_blank(model->artifact)))
			continue;
		struct rule_draft *draft = rule_draft(run, "input_signature");
		rule_say(draft, "%s says how it is stored, but not what it takes.",
			rule_sentence(run, rule_descriptor(run, models[i])));
		rule_place(draft, models[i], NULL, "input_signature");
	}
}

const struct rule rule_signature = {
	.info =
		{
			.id = "api.signature",
			.since = 2,
			.class = CLASS_API,
			.severity = SEVERITY_ERROR,
			.kinds = READS,
			.needs = KIND_BIT(KIND_TRAINED_MODEL),
			.fields = RULE_FIELDS("data_pipeline:pipeline_identifier",
				"data_pipeline:output_spec[].item_name",
				"data_pipeline:output_spec[].item_type",
				"data_pipeline:output_spec[].item_specification.shape",
				"training_data:dataset_identifier", "training_data:schema[].field_name",
				"training_data:schema[].field_type", "training_data:schema[].label_field",
				"trained_model:input_signature[].item_name",
				"trained_model:input_signature[].item_type",
				"trained_model:input_signature[].item_specification.shape",
				"trained_model:input_signature[].item_specification.optional_value",
				"trained_model:output_spec[].item_name",
				"trained_model:output_spec[].item_type",
				"trained_model:data_pipeline_identifier",
				"trained_model:training_data_identifier"),
			.teams = TEAM_BIT(TEAM_DATA_SCIENTISTS),
			.title = "The model's own signature disagrees with the pipeline or with its training "
				 "data",
			.rationale = "The signature was taken from what the model really saw. Where it "
				     "names or types an input otherwise than the pipeline or the data, the "
				     "call fails, or a feature is filled from the wrong column.",
			.remedy = "Store the model again with the signature of the data that it is given, or "
				  "make the pipeline put out the names, types and shapes that the signature "
				  "has.",
		},
	.run = signature,
};

const struct rule rule_signature_missing = {
	.info =
		{
			.id = "api.signature-missing",
			.since = 2,
			.class = CLASS_API,
			.severity = SEVERITY_NOTE,
			.kinds = KIND_BIT(KIND_TRAINED_MODEL),
			.needs = KIND_BIT(KIND_TRAINED_MODEL),
			.fields = RULE_FIELDS("trained_model:artifact", "trained_model:serialization",
				"trained_model:input_signature"),
			.teams = TEAM_BIT(TEAM_DATA_SCIENTISTS),
			.title = "A stored model does not say what it takes",
			.rationale = "Without a signature nobody can check that the pipeline gives the model "
				     "the columns it was trained on, in their order and types.",
			.remedy = "Log the model with its signature (an example of its input is enough), or "
				  "write input_signature by hand.",
		},
	.run = signature_missing,
};
