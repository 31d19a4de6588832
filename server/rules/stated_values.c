/* Data beside what is stated about their values: smallest, largest, and which ones there may be. */
#include <stdlib.h>

#include "model/types.h"
#include "rules/profiles.h"

#define READS (KIND_BIT(KIND_RAW_DATA) | KIND_BIT(KIND_TRAINING_DATA) | KIND_BIT(KIND_PRODUCTION_DATA))
#define TEAMS (TEAM_BIT(TEAM_DATA_OWNERS) | TEAM_BIT(TEAM_DATA_SCIENTISTS) | TEAM_BIT(TEAM_OPERATIONS))

/* A field of any kind of data: what it may hold, and what it was seen to hold. Borrows the descriptor. */
struct field {
	const struct model_descriptor *descriptor;
	size_t at;
	const char *name;
	const char *production_name; /* of the production field that carries the same */
	bool has_min, has_max;
	double min, max;
	char *const *allowed;
	size_t allowed_count;
	const Tally__V1__ColumnProfile *profile; /* NULL: nobody looked */
};

typedef bool field_fn(const struct model_descriptor *descriptor, size_t at, struct field *field);

#define STATED(of)                                                                                           \
	.descriptor = descriptor, .at = at, .name = (of)->field_name, .production_name = (of)->field_name,   \
	.has_min = (of)->_min_value_case, .has_max = (of)->_max_value_case, .min = (of)->min_value,          \
	.max = (of)->max_value, .allowed = (of)->allowed_values, .allowed_count = (of)->n_allowed_values,    \
	.profile = (of)->profile

static bool raw_field(const struct model_descriptor *descriptor, size_t at, struct field *field)
{
	const Tally__V1__RawData *data = model_descriptor_spec(descriptor);
	if (at < data->n_schema)
		*field = (struct field){STATED(data->schema[at])};
	return at < data->n_schema;
}

static bool training_field(const struct model_descriptor *descriptor, size_t at, struct field *field)
{
	const Tally__V1__TrainingData *data = model_descriptor_spec(descriptor);
	if (at >= data->n_schema)
		return false;
	*field = (struct field){STATED(data->schema[at])};
	if (!model_blank(data->schema[at]->mapping_production_data))
		field->production_name = data->schema[at]->mapping_production_data;
	return true;
}

static bool production_field(const struct model_descriptor *descriptor, size_t at, struct field *field)
{
	const Tally__V1__ProductionData *data = model_descriptor_spec(descriptor);
	if (at < data->n_schema)
		*field = (struct field){STATED(data->schema[at])};
	return at < data->n_schema;
}

static bool states(const struct field *field)
{
	return field->has_min || field->has_max || field->allowed_count > 0;
}

/* ---- one field's statement beside one profile ---- */

/* @param wrong of the statement, e.g. "allowed_values" */
static struct rule_draft *draft(struct rule_run *run, const struct field *stated, const struct field *seen,
	const char *wrong, const char *said, const char *found)
{
	struct rule_draft *made = rule_draft(run, rule_subject(run, stated->name, "schema[%zu]", stated->at));
	rule_place(made, seen->descriptor, found, "schema[%zu].profile", seen->at);
	rule_place(made, stated->descriptor, said, "schema[%zu].%s", stated->at, wrong);
	rule_say(made, "Field %s of %s should be %s; %s %s.",
		rule_name(run, rule_subject(run, stated->name, "schema[%zu]", stated->at)),
		rule_descriptor(run, stated->descriptor), said,
		seen == stated ? "its profile has" : rule_descriptor(run, seen->descriptor),
		seen == stated ? found : arena_print(run->scratch, "have %s", found));
	return made;
}

static void check_bound(struct rule_run *run, const struct field *stated, const struct field *seen, bool low)
{
	const Tally__V1__ColumnProfile *profile = seen->profile;
	double bound = low ? stated->min : stated->max;
	double value = low ? profile->min : profile->max;
	bool told = low ? stated->has_min && profile->_min_case : stated->has_max && profile->_max_case;
	if (!told || (low ? value >= bound : value <= bound))
		return;
	const char *said =
		arena_print(run->scratch, "at %s %s", low ? "least" : "most", rule_number(run, bound));
	struct rule_draft *made =
		draft(run, stated, seen, low ? "min_value" : "max_value", said, rule_number(run, value));
	rule_measure(made, &(struct model_evidence){
				   .measure = low ? "smallest value" : "largest value",
				   .has_value = true,
				   .value = value,
				   .has_threshold = true,
				   .threshold = bound,
				   .method = "the profile's beside the stated one; both are exact",
				   .current_count = profile->count - profile->missing,
			   });
}

/* Numbers are the same however they are written: 1, 1.0, 01. @return run's scratch */
static const char *canonical(struct rule_run *run, const char *text)
{
	const char *trimmed = rule_trim(run, text);
	char *end;
	double number = strtod(trimmed, &end);
	return *trimmed && !*end ? rule_number(run, number) : trimmed;
}

/* Values that are seen and not allowed. */
struct unstated {
	struct rule_list list;
	double count;
};

static struct unstated unstated_of(
	struct rule_run *run, const struct field *stated, const Tally__V1__ColumnProfile *profile)
{
	struct map *allowed = rule_map(run);
	for (size_t i = 0; i < stated->allowed_count; i++)
		rule_index(
			run, allowed, canonical(run, stated->allowed[i]), &(struct rule_named){.inner = i});
	struct unstated unstated = {.count = 0};
	for (size_t i = 0; i < profile->n_categories; i++) {
		const Tally__V1__CategoryCount *category = profile->categories[i];
		if (category->count <= 0 || model_blank(category->value) ||
			rule_look(run, allowed, canonical(run, category->value)))
			continue;
		rule_list_add(run, &unstated.list, category->value);
		unstated.count += (double)category->count;
	}
	return unstated;
}

static const char *allowed_text(struct rule_run *run, const struct field *stated)
{
	struct rule_list list = {0};
	for (size_t i = 0; i < stated->allowed_count; i++)
		rule_list_add(run, &list, stated->allowed[i]);
	return arena_print(run->scratch, "%s%s", list.count > 1 ? "one of " : "", rule_list_text(run, &list));
}

static void check_allowed(struct rule_run *run, const struct field *stated, const struct field *seen)
{
	struct column_side side;
	if (stated->allowed_count == 0 || !rule_column_read(seen->profile, &side))
		return;
	struct unstated unstated = unstated_of(run, stated, seen->profile);
	if (unstated.count == 0)
		return;
	double share = side.present > 0 ? unstated.count / side.present : 0;
	struct rule_draft *made = draft(run, stated, seen, "allowed_values", allowed_text(run, stated),
		arena_print(run->scratch, "%s, %s of the values", rule_list_text(run, &unstated.list),
			profiles_percent(run, share)));
	rule_measure(made, &(struct model_evidence){
				   .measure = "share of values that are not allowed",
				   .has_value = true,
				   .value = share,
				   .unit = "share",
				   .has_threshold = true,
				   .threshold = 0,
				   .method = "counts of the profile's categories, its most frequent values; "
					     "any that is not allowed counts",
				   .bins = (int32_t)seen->profile->n_categories,
				   .current_count = (int64_t)side.present,
			   });
}

static void check(struct rule_run *run, const struct field *stated, const struct field *seen)
{
	if (!seen->profile)
		return;
	check_allowed(run, stated, seen);
	check_bound(run, stated, seen, true);
	check_bound(run, stated, seen, false);
}

/* ---- all fields ---- */

static void check_own(struct rule_run *run, enum model_kind kind, field_fn *read)
{
	size_t count;
	struct model_descriptor *const *found = model_system_of_kind(run->system, kind, &count);
	for (size_t i = 0; i < count; i++) {
		struct field field;
		for (size_t at = 0; read(found[i], at, &field); at++)
			if (states(&field))
				check(run, &field, &field);
	}
}

static void check_arriving(struct rule_run *run, const struct field *stated)
{
	size_t count;
	struct model_descriptor *const *found =
		model_system_of_kind(run->system, KIND_PRODUCTION_DATA, &count);
	for (size_t i = 0; i < count; i++) {
		struct field seen;
		const struct rule_named *named =
			rule_look(run, profiles_fields(run, i), stated->production_name);
		if (named && production_field(found[i], named->inner, &seen))
			check(run, stated, &seen);
	}
}

static void run_stated_values(struct rule_run *run)
{
	check_own(run, KIND_RAW_DATA, raw_field);
	check_own(run, KIND_TRAINING_DATA, training_field);
	check_own(run, KIND_PRODUCTION_DATA, production_field);
	size_t count;
	struct model_descriptor *const *found = model_system_of_kind(run->system, KIND_TRAINING_DATA, &count);
	for (size_t i = 0; i < count; i++) {
		struct field field;
		for (size_t at = 0; training_field(found[i], at, &field); at++)
			if (states(&field))
				check_arriving(run, &field);
	}
}

#define FIELDS_OF(kind)                                                                                      \
	kind ":schema[].field_name", kind ":schema[].min_value", kind ":schema[].max_value",                 \
		kind ":schema[].allowed_values", kind ":schema[].profile"

const struct rule rule_stated_values = {
	.info =
		{
			.id = "data.stated-values",
			.since = 2,
			.class = CLASS_DATA,
			.severity = SEVERITY_WARNING,
			.kinds = READS,
			.fields = RULE_FIELDS(FIELDS_OF("raw_data"), FIELDS_OF("training_data"),
				FIELDS_OF("production_data"),
				"training_data:schema[].mapping_production_data"),
			.teams = TEAMS,
			.title = "Data have values that are stated not to occur",
			.rationale = "A stated range or list of values is what others build on: encoders, "
				     "checks, forms. A value beyond it means that the statement is out of "
				     "date or that the data are wrong; either way somebody relies on what "
				     "does not hold.",
			.remedy = "Look at the rows with these values. Mend the data at their source, or "
				  "widen what is stated and tell those who read it.",
		},
	.run = run_stated_values,
};
