/* Which columns are compared with which, and what all findings about a column have in common. */
#include "rules/profiles.h"

#include <math.h>

#include "model/types.h"
#include "statistics/correction.h"

/* ---- pairing ---- */

static struct map *index_fields(struct rule_run *run, const struct model_descriptor *descriptor)
{
	const Tally__V1__ProductionData *data = model_descriptor_spec(descriptor);
	struct map *map = rule_map(run);
	for (size_t i = 0; i < data->n_schema; i++)
		rule_index(run, map, data->schema[i]->field_name,
			&(struct rule_named){descriptor, data->schema[i], NULL, 0, i, NULL});
	return map;
}

const struct map *profiles_fields(struct rule_run *run, size_t at)
{
	size_t count;
	struct model_descriptor *const *found =
		model_system_of_kind(run->system, KIND_PRODUCTION_DATA, &count);
	struct rule_shared *shared = run->shared;
	if (!shared)
		return index_fields(run, found[at]);
	struct rule_run *maker = rule_shared_run(run);
	if (!shared->fields)
		shared->fields = arena_array(maker->scratch, count, sizeof(struct map *));
	if (!shared->fields[at])
		shared->fields[at] = index_fields(maker, found[at]);
	return shared->fields[at];
}

/* Was this production data profiled at all? Only then is a column without a profile one that has gone. */
static bool profiled(const struct model_descriptor *descriptor)
{
	const Tally__V1__ProductionData *data = model_descriptor_spec(descriptor);
	for (size_t i = 0; i < data->n_schema; i++) {
		if (data->schema[i]->profile)
			return true;
	}
	return false;
}

static const struct rule_named *counterpart(
	struct rule_run *run, const Tally__V1__TrainingDataField *field, const struct map *production)
{
	bool mapped = !model_blank(field->mapping_production_data);
	return rule_look(run, production, mapped ? field->mapping_production_data : field->field_name);
}

static bool is_label(const Tally__V1__TrainingDataField *field)
{
	return field->_label_field_case != 0 && field->label_field;
}

/* What is being put together: columns, and what they are looked up in. */
struct pairing {
	const struct policy *policy;
	const struct map *production;
	bool profiled;
	struct profiles *profiles;
};

static void add_pair(
	struct pairing *pairing, const struct profiles_column *column, const struct rule_named *theirs)
{
	struct profiles_column *added = &pairing->profiles->columns[pairing->profiles->count];
	*added = *column;
	added->production = theirs->thing;
	added->production_at = theirs->inner;
	if (!rule_column_read(added->production->profile, &added->current))
		return;
	added->policy =
		policy_column(pairing->policy, column->training->field_name, added->production->field_name);
	pairing->profiles->count++;
}

/* A field that is mapped to one that is not there. One that is mapped to nothing is another rule's, and a
 * label need not arrive. */
static void add_gone(struct pairing *pairing, const struct profiles_column *column)
{
	if (!pairing->profiled || is_label(column->training) ||
		model_blank(column->training->mapping_production_data))
		return;
	struct profiles_column *added = &pairing->profiles->columns[pairing->profiles->count++];
	*added = *column;
	added->policy = policy_column(
		pairing->policy, column->training->field_name, column->training->mapping_production_data);
}

static void add_field(struct rule_run *run, struct pairing *pairing, size_t at)
{
	const Tally__V1__TrainingData *data = model_descriptor_spec(pairing->profiles->training);
	struct profiles_column column = {.training = data->schema[at], .training_at = at};
	if (!rule_column_read(column.training->profile, &column.reference))
		return;
	const struct rule_named *theirs = counterpart(run, column.training, pairing->production);
	if (theirs)
		add_pair(pairing, &column, theirs);
	else
		add_gone(pairing, &column);
}

static void pair_all(
	struct rule_run *run, struct arena *arena, struct pairing *pairing, struct profiles *profiles)
{
	const Tally__V1__TrainingData *data = model_descriptor_spec(profiles->training);
	pairing->profiles = profiles;
	profiles->columns = arena_array(arena, data->n_schema, sizeof(*profiles->columns));
	for (size_t i = 0; i < data->n_schema; i++)
		add_field(run, pairing, i);
}

/* All pairs of descriptors. */
struct profiles_list {
	struct profiles *items;
	size_t count;
};

/* @param maker  has the list's memory; run, when nothing is shared */
static struct profiles_list *list_new(struct rule_run *run, struct rule_run *maker)
{
	size_t trained;
	size_t arriving;
	struct model_descriptor *const *training =
		model_system_of_kind(run->system, KIND_TRAINING_DATA, &trained);
	struct model_descriptor *const *production =
		model_system_of_kind(run->system, KIND_PRODUCTION_DATA, &arriving);
	struct arena *arena = maker->scratch;
	struct profiles_list *list = arena_alloc(arena, sizeof(*list));
	struct pairing pairing = {.policy = policy_of(run)};
	list->items = arena_array(arena, trained * arriving, sizeof(*list->items));
	for (size_t i = 0; i < arriving; i++) {
		pairing.production = profiles_fields(run, i);
		pairing.profiled = profiled(production[i]);
		for (size_t j = 0; j < trained; j++) {
			struct profiles *profiles = &list->items[list->count++];
			profiles->training = training[j];
			profiles->production = production[i];
			profiles->drift = arena_alloc(arena, sizeof(struct drift *));
			pair_all(run, arena, &pairing, profiles);
		}
	}
	return list;
}

/* Six rules look at the same pairs. */
static const struct profiles_list *list_of(struct rule_run *run)
{
	struct rule_shared *shared = run->shared;
	if (!shared)
		return list_new(run, run);
	if (!shared->profiles)
		shared->profiles = list_new(run, rule_shared_run(run));
	return shared->profiles;
}

void profiles_each(struct rule_run *run, profiles_fn *compare)
{
	const struct profiles_list *list = list_of(run);
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].count > 0)
			compare(run, &list->items[i]);
	}
}

const struct profiles *profiles_of(struct rule_run *run, const struct model_descriptor *training,
	const struct model_descriptor *production)
{
	const struct profiles_list *list = list_of(run);
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i].training == training && list->items[i].production == production)
			return list->items[i].count > 0 ? &list->items[i] : NULL;
	}
	return NULL;
}

bool profiles_both(
	const Tally__V1__TrainingDataField *training, const Tally__V1__ProductionDataField *production)
{
	struct column_side reference;
	struct column_side current;
	return rule_column_read(training->profile, &reference) &&
	       rule_column_read(production->profile, &current);
}

bool profiles_small(const struct profiles_column *column)
{
	double least = profiles_threshold(column, POLICY_MIN_PRESENT);
	return column->reference.present < least || column->current.present < least;
}

bool profiles_comparable(const struct profiles_column *column)
{
	return column->production && !profiles_small(column) && !rule_column_identifies(&column->reference);
}

/* ---- findings ---- */

struct rule_draft *profiles_draft(struct rule_run *run, const struct profiles *profiles,
	const struct profiles_column *column, const char *was, const char *is)
{
	const char *subject =
		rule_subject(run, column->training->field_name, "schema[%zu]", column->training_at);
	struct rule_draft *draft = rule_draft(run, subject);
	rule_place(draft, profiles->training, was, "schema[%zu].profile", column->training_at);
	if (column->production)
		rule_place(draft, profiles->production, is, "schema[%zu].profile", column->production_at);
	else
		rule_place(draft, profiles->production, is, "schema");
	return draft;
}

const char *profiles_name(
	struct rule_run *run, const struct profiles *profiles, const struct profiles_column *column)
{
	const char *name = rule_name(
		run, rule_subject(run, column->training->field_name, "schema[%zu]", column->training_at));
	const char *training = rule_descriptor(run, profiles->training);
	const char *production = rule_descriptor(run, profiles->production);
	if (!column->production ||
		model_text_equal(column->training->field_name, column->production->field_name))
		return arena_print(run->scratch, "Field %s of %s and of %s", name, training, production);
	return arena_print(run->scratch, "Field %s of %s and %s of %s", name, training,
		rule_name(run, column->production->field_name), production);
}

const char *profiles_percent(struct rule_run *run, double share)
{
	return arena_print(run->scratch, "%.3g %%", 100 * share);
}

void profiles_correct(struct rule_run *run, double *p, size_t count)
{
	struct statistics_p *family = arena_array(run->scratch, count, sizeof(*family));
	size_t members = 0;
	for (size_t i = 0; i < count; i++) {
		if (!isnan(p[i]))
			family[members++] = (struct statistics_p){p[i], i};
	}
	statistics_correct(family, members);
	for (size_t i = 0; i < members; i++)
		p[family[i].place] = family[i].p;
}
