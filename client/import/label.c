/* Puts two files together: what a signature takes and what a table has. Reads no file. */
#include "import/label.h"

#include <string.h>
#include <strings.h>

#include "base/map.h"

/* The columns of one descriptor; more than one and nothing is told. */
struct columns {
	const struct draft_place *root;
	bool several;
	size_t count;
};

static const char *const words[] = {"label", "target", "class", "y", NULL};

static const struct draft_place *root_of(const struct draft_place *place)
{
	while (place->parent)
		place = place->parent;
	return place;
}

/* Is it the name of an item in that list of a descriptor? */
static bool names_item(
	const struct draft_fact *fact, enum model_kind kind, const char *list, const char *name_field)
{
	const struct draft_place *place = fact->place;
	return place && place->kind == kind && fact->field && fact->value &&
	       strcmp(fact->field, name_field) == 0 && place->parent && !place->parent->parent &&
	       strcmp(place->field, list) == 0;
}

static void count_in(struct columns *columns, const struct draft_place *place)
{
	const struct draft_place *root = root_of(place);
	const char *subject = root->subject ? root->subject : "";
	if (columns->root)
		columns->several |=
			strcmp(columns->root->subject ? columns->root->subject : "", subject) != 0;
	columns->root = root;
	columns->count++;
}

static bool is_word(const char *name)
{
	for (size_t i = 0; words[i]; i++)
		if (strcasecmp(words[i], name) == 0)
			return true;
	return false;
}

/* The inputs of the only model. @return their number; 0 when they tell nothing */
static size_t read_inputs(const struct draft_fact *facts, size_t count, struct map *inputs)
{
	struct columns signature = {0};
	for (size_t i = 0; i < count; i++) {
		if (!names_item(&facts[i], KIND_TRAINED_MODEL, "input_signature", "item_name") ||
			map_put(inputs, facts[i].value, (void *)(uintptr_t)&facts[i]))
			continue;
		count_in(&signature, facts[i].place);
	}
	return signature.several ? 0 : signature.count;
}

/* What the columns are beside the inputs. */
struct rest {
	struct columns table;
	size_t taken; /* by the model */
	size_t others, called;
	const struct draft_fact *other; /* the last one of each */
	const struct draft_fact *label;
};

static void add_column(struct rest *rest, const struct draft_fact *fact, const struct map *inputs)
{
	count_in(&rest->table, fact->place);
	if (map_get(inputs, fact->value)) {
		rest->taken++;
		return;
	}
	rest->others++;
	rest->other = fact;
	if (is_word(fact->value)) {
		rest->called++;
		rest->label = fact;
	}
}

/* @return false when a file names the label */
static bool read_columns(
	const struct draft_fact *facts, size_t count, const struct map *inputs, struct rest *rest)
{
	struct map seen = {0};
	bool named = false;
	for (size_t i = 0; i < count && !named; i++) {
		const struct draft_fact *fact = &facts[i];
		named = fact->place && fact->field && strcmp(fact->field, "label_field") == 0;
		if (names_item(fact, KIND_TRAINING_DATA, "schema", "field_name") &&
			!map_put(&seen, fact->value, (void *)(uintptr_t)fact))
			add_column(rest, fact, inputs);
	}
	map_done(&seen);
	return !named;
}

static const struct draft_fact *find(const struct draft_fact *facts, size_t count)
{
	struct map inputs = {0};
	struct rest rest = {0};
	const size_t wanted = read_inputs(facts, count, &inputs);
	const bool told = wanted > 0 && read_columns(facts, count, &inputs, &rest) && !rest.table.several &&
			  rest.taken == wanted;
	map_done(&inputs);
	if (!told)
		return NULL;
	return rest.others == 1 ? rest.other : rest.called == 1 ? rest.label : NULL;
}

void label_infer(struct import_run *run)
{
	size_t count;
	struct draft *draft = import_run_draft(run);
	const struct draft_fact *facts = draft_facts(draft, &count);
	const struct draft_fact *name = find(facts, count);
	if (!name)
		return;
	const struct draft_fact label = {.place = name->place,
		.field = "label_field",
		.value = "true",
		.bare = true,
		.strength = name->strength,
		.source = name->source};
	const struct draft_remark remark = {DRAFT_WARNED, name->source,
		"taken as the label, because the model's signature has the other columns and not this one"};
	if (draft_put(draft, &label))
		draft_remark(draft, &remark);
}
