/*
 * Fields: does each field that the model learned from arrive in production, as
 * the type that it had? What the fields hold is compared by declared.c,
 * label_shares.c and, where both sides have profiles, drift.c and columns.c.
 */
#include "model/types.h"
#include "rules/data_pairs.h"

static bool is_label(const Tally__V1__TrainingDataField *field)
{
	return field->_label_field_case != 0 && field->label_field;
}

/* ---- types ---- */

static void draft_type(
	struct rule_run *run, const struct data_pair *pair, size_t at, const struct rule_named *theirs)
{
	const Tally__V1__TrainingData *training = model_descriptor_spec(pair->training);
	const Tally__V1__TrainingDataField *field = training->schema[at];
	const Tally__V1__ProductionDataField *other = theirs->thing;
	const char *subject = rule_subject(run, field->field_name, "schema[%zu]", at);
	struct rule_draft *draft = rule_draft(run, subject);
	rule_say(draft, "Field %s is %s in %s; field %s, which it is mapped to, is %s in %s.",
		rule_name(run, subject), rule_show(run, field->field_type),
		rule_descriptor(run, pair->training), rule_name(run, other->field_name),
		rule_show(run, other->field_type), rule_descriptor(run, pair->production));
	rule_place(draft, pair->training, field->field_type, "schema[%zu].field_type", at);
	rule_place(draft, pair->production, other->field_type, "schema[%zu].field_type", theirs->inner);
}

static bool is_number(const char *type)
{
	return model_type_of(type) == TYPE_INTEGER || model_type_of(type) == TYPE_FLOAT;
}

/* Types that stand beside profiles were read off samples: whole numbers in one of them are no other type. */
static bool only_widened(
	const Tally__V1__TrainingDataField *field, const Tally__V1__ProductionDataField *other)
{
	return profiles_both(field, other) && is_number(field->field_type) && is_number(other->field_type);
}

/* A type that is not given is a gap, not a mismatch. */
static void compare_types(struct rule_run *run, const struct data_pair *pair, const struct map *production)
{
	const Tally__V1__TrainingData *training = model_descriptor_spec(pair->training);
	for (size_t i = 0; i < training->n_schema; i++) {
		const Tally__V1__TrainingDataField *field = training->schema[i];
		if (is_label(field) || model_blank(field->field_type))
			continue;
		const struct rule_named *theirs = rule_look(run, production, field->mapping_production_data);
		for (; theirs; theirs = theirs->next) {
			const Tally__V1__ProductionDataField *other = theirs->thing;
			if (!model_blank(other->field_type) &&
				!model_types_equal(field->field_type, other->field_type) &&
				!only_widened(field, other))
				draft_type(run, pair, i, theirs);
		}
	}
}

static void field_type(struct rule_run *run)
{
	data_each_pair(run, NULL, compare_types);
}

/* ---- mappings ---- */

static void check_fields(struct rule_run *run, const struct model_descriptor *descriptor)
{
	const Tally__V1__TrainingData *training = model_descriptor_spec(descriptor);
	for (size_t i = 0; i < training->n_schema; i++) {
		const Tally__V1__TrainingDataField *field = training->schema[i];
		if (is_label(field) || model_blank(field->field_name) ||
			!model_blank(field->mapping_production_data))
			continue;
		struct rule_draft *draft = rule_draft(run, field->field_name);
		rule_say(draft,
			"Field %s of %s is no label and is mapped to no field of the production data.",
			rule_name(run, field->field_name), rule_descriptor(run, descriptor));
		rule_place(draft, descriptor, NULL, "schema[%zu].mapping_production_data", i);
	}
}

static void training_field_unmapped(struct rule_run *run)
{
	size_t count;
	struct model_descriptor *const *found = model_system_of_kind(run->system, KIND_TRAINING_DATA, &count);
	for (size_t i = 0; i < count; i++)
		check_fields(run, found[i]);
}

/* The production fields that any training field is mapped to. */
static struct map *mapped_fields(struct rule_run *run)
{
	struct map *mapped = rule_map(run);
	size_t count;
	struct model_descriptor *const *found = model_system_of_kind(run->system, KIND_TRAINING_DATA, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__TrainingData *training = model_descriptor_spec(found[i]);
		for (size_t at = 0; at < training->n_schema; at++) {
			rule_index(run, mapped, training->schema[at]->mapping_production_data,
				&(struct rule_named){.descriptor = found[i], .inner = at});
		}
	}
	return mapped;
}

static void check_production_fields(
	struct rule_run *run, const struct model_descriptor *descriptor, const struct map *mapped)
{
	const Tally__V1__ProductionData *production = model_descriptor_spec(descriptor);
	for (size_t i = 0; i < production->n_schema; i++) {
		const char *name = production->schema[i]->field_name;
		if (model_blank(name) || rule_look(run, mapped, name))
			continue;
		struct rule_draft *draft = rule_draft(run, name);
		rule_say(draft, "Field %s of %s is mapped from no field of any training data.",
			rule_name(run, name), rule_descriptor(run, descriptor));
		rule_place_each(draft, KIND_TRAINING_DATA, "schema");
		rule_place(draft, descriptor, name, "schema[%zu].field_name", i);
	}
}

static void production_field_unmapped(struct rule_run *run)
{
	struct map *mapped = mapped_fields(run);
	size_t count;
	struct model_descriptor *const *found =
		model_system_of_kind(run->system, KIND_PRODUCTION_DATA, &count);
	for (size_t i = 0; i < count; i++)
		check_production_fields(run, found[i], mapped);
}

/* ---- the rules ---- */

const struct rule rule_field_type = {
	.info =
		{
			.id = "data.field-type",
			.class = CLASS_DATA,
			.severity = SEVERITY_ERROR,
			.kinds = DATA_BOTH,
			.needs = DATA_BOTH,
			.fields = RULE_FIELDS("training_data:schema[].field_name",
				"training_data:schema[].label_field", "training_data:schema[].field_type",
				"training_data:schema[].mapping_production_data",
				"training_data:schema[].profile", "production_data:schema[].field_name",
				"production_data:schema[].field_type", "production_data:schema[].profile"),
			.teams = DATA_TEAMS,
			.title = "A field has another type in production than in training",
			.rationale = "The model learned from values of one type and is fed another: numbers "
				     "read as text, or cut to integers, change every answer without any "
				     "error.",
			.remedy = "Find out which side is right; convert the field in the pipeline or "
				  "correct the schema that is wrong, and train again when the training data "
				  "was.",
		},
	.run = field_type,
};

const struct rule rule_training_field_unmapped = {
	.info =
		{
			.id = "data.training-field-unmapped",
			.class = CLASS_DATA,
			.severity = SEVERITY_ERROR,
			.kinds = KIND_BIT(KIND_TRAINING_DATA),
			.needs = KIND_BIT(KIND_TRAINING_DATA),
			.fields = RULE_FIELDS("training_data:schema[].field_name",
				"training_data:schema[].label_field",
				"training_data:schema[].mapping_production_data"),
			.teams = TEAM_BIT(TEAM_DATA_SCIENTISTS),
			.title = "A field that the model learned from is mapped to no production field",
			.rationale = "What the model learned from has to be there when it runs; a field "
				     "without a counterpart in production will be empty or made up.",
			.remedy = "Write the production field into mapping_production_data, mark the field "
				  "as label_field when it is what is predicted, or train without it.",
		},
	.run = training_field_unmapped,
};

const struct rule rule_production_field_unmapped = {
	.info =
		{
			.id = "data.production-field-unmapped",
			.class = CLASS_DATA,
			.severity = SEVERITY_WARNING,
			.kinds = DATA_BOTH,
			.needs = DATA_BOTH,
			.fields = RULE_FIELDS("training_data:schema[].mapping_production_data",
				"production_data:schema[].field_name"),
			.teams = DATA_TEAMS,
			.title = "A field of the production data is mapped from no training field",
			.rationale = "Production carries information that the model never saw: it is "
				     "ignored, or it takes the place of a field that was meant.",
			.remedy = "Map the training field that carries the same quantity to it, or agree "
				  "that the field is not used and take it out of the production data's "
				  "schema.",
		},
	.run = production_field_unmapped,
};
