/* Interfaces: what a mapped item may carry, and whether it is mapped to anything at all. */
#include <inttypes.h>

#include "model/types.h"
#include "model/units.h"
#include "rules/rule.h"
#include "rules/sides.h"

#define MODEL_SIDES                                                                                          \
	(KIND_BIT(KIND_DATA_PIPELINE) | KIND_BIT(KIND_TRAINED_MODEL) | KIND_BIT(KIND_DEVELOPMENT_ENVIRONMENT))
#define DATA_SIDES (KIND_BIT(KIND_TRAINING_DATA) | KIND_BIT(KIND_PRODUCTION_DATA))
#define TEAMS      (TEAM_BIT(TEAM_DATA_SCIENTISTS) | TEAM_BIT(TEAM_SOFTWARE_ENGINEERS))

typedef Tally__V1__ItemSpecification specification;

/* A mapped pair in the direction in which the data flows. */
struct flow {
	const struct rule_named *ours;
	const struct rule_named *theirs;
	const struct side *side;
	const specification *sent;
	const specification *taken;
};

static bool is_upstream(const struct flow *flow)
{
	return flow->side == &side_upstream;
}

static struct flow flow_of(
	const struct side *side, const struct rule_named *ours, const struct rule_named *theirs)
{
	const Tally__V1__Item *own = ours->thing;
	const Tally__V1__ComponentItem *other = theirs->thing;
	const bool in = side == &side_upstream;
	return (struct flow){ours, theirs, side, in ? other->item_specification : own->item_specification,
		in ? own->item_specification : other->item_specification};
}

static const char *subject_of(struct rule_run *run, const struct flow *flow)
{
	const Tally__V1__Item *own = flow->ours->thing;
	const struct side_items *items = flow->ours->parent;
	return rule_subject(run, own->item_name, "%s[%zu]", items->field, flow->ours->inner);
}

/* "input \"x\" of the data pipeline" */
static const char *name_ours(struct rule_run *run, const struct flow *flow)
{
	return arena_print(run->scratch, "%s %s of %s", flow->side->noun,
		rule_name(run, subject_of(run, flow)), rule_descriptor(run, flow->ours->descriptor));
}

/* "output \"x\" of component \"c\"" */
static const char *name_theirs(struct rule_run *run, const struct flow *flow)
{
	const Tally__V1__ComponentItem *other = flow->theirs->thing;
	return arena_print(run->scratch, "%s %s of component %s", flow->side->other_noun,
		rule_name(run, other->item_name), rule_name(run, flow->theirs->parent));
}

/* Places on both sides, ours first; the fields are of the items. */
static void place_both(struct rule_draft *draft, const struct flow *flow, const char *field,
	const char *our_value, const char *their_value)
{
	const struct side_items *items = flow->ours->parent;
	rule_place(draft, flow->ours->descriptor, our_value, "%s[%zu].%s", items->field, flow->ours->inner,
		field);
	rule_place(draft, flow->theirs->descriptor, their_value, "%s[%zu].%s[%zu].%s", flow->side->components,
		flow->theirs->outer, flow->side->list, flow->theirs->inner, field);
}

/* One thing in which the sides disagree. Texts are the run's. */
struct disagreement {
	const char *field; /* of the item specification */
	const char *sent;
	const char *taken;
};

static void draft_disagreement(
	struct rule_run *run, const struct flow *flow, const char *may, const struct disagreement *found)
{
	const bool in = is_upstream(flow);
	struct rule_draft *draft = rule_draft(run, subject_of(run, flow));
	const char *sender = in ? name_theirs(run, flow) : name_ours(run, flow);
	const char *taker = in ? name_ours(run, flow) : name_theirs(run, flow);
	rule_say(draft, "%s of what is sent by %s %s %s; %s takes %s.", found->field, sender, may,
		found->sent, taker, found->taken);
	const char *field = arena_print(run->scratch, "item_specification.%s", found->field);
	place_both(draft, flow, field, in ? found->taken : found->sent, in ? found->sent : found->taken);
}

/* ---- ranges ---- */

/* A bound of one side. */
struct bound {
	bool given;
	double value;
};

typedef struct bound bound_fn(const specification *spec);

static struct bound min_value(const specification *spec)
{
	return (struct bound){spec->_min_value_case != 0, spec->min_value};
}

static struct bound max_value(const specification *spec)
{
	return (struct bound){spec->_max_value_case != 0, spec->max_value};
}

static struct bound min_length(const specification *spec)
{
	return (struct bound){spec->_min_length_case != 0, spec->min_length};
}

static struct bound max_length(const specification *spec)
{
	return (struct bound){spec->_max_length_case != 0, spec->max_length};
}

struct bound_info {
	const char *field;
	bound_fn *read;
	bool upper;
};

static const struct bound_info bounds[] = {
	{"min_value", min_value, false},
	{"max_value", max_value, true},
	{"min_length", min_length, false},
	{"max_length", max_length, true},
};

/* A bound that one side does not give is a gap, not a mismatch. */
static void compare_bound(struct rule_run *run, const struct flow *flow, const struct bound_info *info)
{
	struct bound sent = info->read(flow->sent);
	struct bound taken = info->read(flow->taken);
	if (!sent.given || !taken.given)
		return;
	if (info->upper ? sent.value <= taken.value : sent.value >= taken.value)
		return;
	struct disagreement found = {info->field, rule_number(run, sent.value),
		arena_print(run->scratch, "%s %s", info->upper ? "at most" : "at least",
			rule_number(run, taken.value))};
	draft_disagreement(run, flow, "is", &found);
}

static const char *list_values(struct rule_run *run, char *const *values, size_t count)
{
	struct rule_list list = {0};
	for (size_t i = 0; i < count; i++)
		rule_list_add(run, &list, values[i]);
	return rule_list_text(run, &list);
}

static void compare_allowed(struct rule_run *run, const struct flow *flow)
{
	const specification *sent = flow->sent;
	const specification *taken = flow->taken;
	if (sent->n_allowed_values == 0 || taken->n_allowed_values == 0)
		return;
	struct map *known = rule_map(run);
	for (size_t i = 0; i < taken->n_allowed_values; i++)
		rule_index(run, known, taken->allowed_values[i], &(struct rule_named){.inner = i});
	struct rule_list refused = {0};
	for (size_t i = 0; i < sent->n_allowed_values; i++) {
		if (!rule_look(run, known, sent->allowed_values[i]))
			rule_list_add(run, &refused, sent->allowed_values[i]);
	}
	if (refused.count == 0)
		return;
	struct disagreement found = {"allowed_values", rule_list_text(run, &refused),
		list_values(run, taken->allowed_values, taken->n_allowed_values)};
	draft_disagreement(run, flow, "may be", &found);
}

static void compare_presence(struct rule_run *run, const struct flow *flow)
{
	const specification *sent = flow->sent;
	const specification *taken = flow->taken;
	if (sent->_optional_value_case == 0 || !sent->optional_value || taken->_optional_value_case == 0 ||
		taken->optional_value)
		return;
	draft_disagreement(run, flow, "is", &(struct disagreement){"optional_value", "true", "no gaps"});
}

static void compare_ranges(struct rule_run *run, const struct side *side, const struct rule_named *ours,
	const struct rule_named *theirs)
{
	struct flow flow = flow_of(side, ours, theirs);
	if (!flow.sent || !flow.taken)
		return;
	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++)
		compare_bound(run, &flow, &bounds[i]);
	compare_allowed(run, &flow);
	compare_presence(run, &flow);
}

static void range(struct rule_run *run)
{
	side_each_pair(run, &side_upstream, compare_ranges);
	side_each_pair(run, &side_downstream, compare_ranges);
}

/* ---- images ---- */

struct size_info {
	const char *field;
	bound_fn *read;
};

static struct bound resolution_x(const specification *spec)
{
	return (struct bound){spec->_resolution_x_case != 0, spec->resolution_x};
}

static struct bound resolution_y(const specification *spec)
{
	return (struct bound){spec->_resolution_y_case != 0, spec->resolution_y};
}

static struct bound channels(const specification *spec)
{
	return (struct bound){spec->_channels_case != 0, spec->channels};
}

static const struct size_info sizes[] = {
	{"resolution_x", resolution_x},
	{"resolution_y", resolution_y},
	{"channels", channels},
};

static void compare_image(struct rule_run *run, const struct side *side, const struct rule_named *ours,
	const struct rule_named *theirs)
{
	struct flow flow = flow_of(side, ours, theirs);
	if (!flow.sent || !flow.taken)
		return;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct bound sent = sizes[i].read(flow.sent);
		struct bound taken = sizes[i].read(flow.taken);
		if (sent.given && taken.given && sent.value > 0 && taken.value > 0 &&
			sent.value != taken.value)
			draft_disagreement(run, &flow, "is",
				&(struct disagreement){sizes[i].field, rule_number(run, sent.value),
					rule_number(run, taken.value)});
	}
	const char *sent = flow.sent->image_format;
	const char *taken = flow.taken->image_format;
	if (!model_blank(sent) && !model_blank(taken) && !model_text_equal_nocase(sent, taken))
		draft_disagreement(run, &flow, "is",
			&(struct disagreement){"image_format", rule_show(run, sent), rule_show(run, taken)});
}

static void image_shape(struct rule_run *run)
{
	side_each_pair(run, &side_upstream, compare_image);
	side_each_pair(run, &side_downstream, compare_image);
}

/* ---- units ---- */

static bool units_differ(const char *a, const char *b)
{
	return !model_blank(a) && !model_blank(b) && !model_units_equal(a, b);
}

static void compare_item_units(struct rule_run *run, const struct side *side, const struct rule_named *ours,
	const struct rule_named *theirs)
{
	const Tally__V1__Item *own = ours->thing;
	const Tally__V1__ComponentItem *other = theirs->thing;
	if (!units_differ(own->unit, other->unit))
		return;
	struct flow flow = flow_of(side, ours, theirs);
	struct rule_draft *draft = rule_draft(run, subject_of(run, &flow));
	rule_say(draft, "The unit of %s is %s; %s, %s, is in %s.", name_ours(run, &flow),
		rule_show(run, own->unit), name_theirs(run, &flow), side->relation,
		rule_show(run, other->unit));
	place_both(draft, &flow, "unit", own->unit, other->unit);
}

/* A field of one training set beside the one it is mapped to. */
static void compare_field_units(struct rule_run *run, const struct model_descriptor *training, size_t at,
	const struct rule_named *theirs)
{
	const Tally__V1__TrainingData *spec = model_descriptor_spec(training);
	const Tally__V1__TrainingDataField *field = spec->schema[at];
	const Tally__V1__ProductionDataField *other = theirs->thing;
	if (!units_differ(field->unit, other->unit))
		return;
	const char *subject = rule_subject(run, field->field_name, "schema[%zu]", at);
	struct rule_draft *draft = rule_draft(run, subject);
	rule_say(draft, "Field %s is in %s in %s; field %s, which it is mapped to, is in %s in %s.",
		rule_name(run, subject), rule_show(run, field->unit), rule_descriptor(run, training),
		rule_name(run, other->field_name), rule_show(run, other->unit),
		rule_descriptor(run, theirs->descriptor));
	rule_place(draft, theirs->descriptor, other->unit, "schema[%zu].unit", theirs->inner);
	rule_place(draft, training, field->unit, "schema[%zu].unit", at);
}

static void index_production_fields(
	struct rule_run *run, const struct model_descriptor *descriptor, struct map *map)
{
	const Tally__V1__ProductionData *production = model_descriptor_spec(descriptor);
	for (size_t i = 0; i < production->n_schema; i++)
		rule_index(run, map, production->schema[i]->field_name,
			&(struct rule_named){descriptor, production->schema[i], NULL, 0, i, NULL});
}

static void compare_data_units(struct rule_run *run, const struct model_descriptor *production)
{
	struct map *fields = rule_map(run);
	index_production_fields(run, production, fields);
	size_t count;
	struct model_descriptor *const *training =
		model_system_of_kind(run->system, KIND_TRAINING_DATA, &count);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__TrainingData *spec = model_descriptor_spec(training[i]);
		for (size_t at = 0; at < spec->n_schema; at++) {
			const struct rule_named *theirs =
				rule_look(run, fields, spec->schema[at]->mapping_production_data);
			for (; theirs; theirs = theirs->next)
				compare_field_units(run, training[i], at, theirs);
		}
	}
}

static void unit(struct rule_run *run)
{
	side_each_pair(run, &side_upstream, compare_item_units);
	side_each_pair(run, &side_downstream, compare_item_units);
	size_t count;
	struct model_descriptor *const *production =
		model_system_of_kind(run->system, KIND_PRODUCTION_DATA, &count);
	for (size_t i = 0; i < count; i++)
		compare_data_units(run, production[i]);
}

/* ---- mappings to nothing ---- */

/* The components and the items of all development environments on one side. */
struct known {
	struct map *components;
	struct map *items;
};

static void index_known(
	struct rule_run *run, const struct side *side, const struct rule_named *named, void *context)
{
	(void)side;
	struct known *known = context;
	const Tally__V1__ComponentItem *theirs = named->thing;
	const char *const names[2] = {named->parent, theirs->item_name};
	rule_index(run, known->components, named->parent, named);
	rule_index_pair(run, known->items, names, named);
}

static void check_dangling(
	struct rule_run *run, const struct side *side, const struct rule_named *named, void *context)
{
	const struct known *known = context;
	const Tally__V1__Item *own = named->thing;
	struct side_mapping mapping = side_mapping(own);
	if (model_blank(mapping.names[0]) || model_blank(mapping.names[1]) ||
		rule_look_pair(run, known->items, mapping.names))
		return;
	const bool component = rule_look(run, known->components, mapping.names[0]) != NULL;
	const struct side_items *items = named->parent;
	const char *subject = rule_subject(run, own->item_name, "%s[%zu]", items->field, named->inner);
	struct rule_draft *draft = rule_draft(run, subject);
	rule_say(draft, "%s %s of %s is mapped to %s of component %s; no development environment has %s.",
		side->capital, rule_name(run, subject), rule_descriptor(run, named->descriptor),
		rule_name(run, mapping.names[1]), rule_name(run, mapping.names[0]),
		component ? "this item there" : "such a component with items");
	rule_place(draft, named->descriptor, mapping.names[component], "%s[%zu].component_mapping.%s",
		items->field, named->inner, component ? "data_item" : "component");
	rule_place_each(draft, KIND_DEVELOPMENT_ENVIRONMENT, side->components);
}

static void check_mappings(struct rule_run *run, const struct side *side)
{
	struct known known = {rule_map(run), rule_map(run)};
	side_each_component_item(run, side, index_known, &known);
	side_each_item(run, side, check_dangling, &known);
}

/* Without a development environment nothing can be told; see `needs`. */
static void mapping_dangling(struct rule_run *run)
{
	check_mappings(run, &side_upstream);
	check_mappings(run, &side_downstream);
}

const struct rule rule_range = {
	.info =
		{
			.id = "api.range",
			.since = 2,
			.class = CLASS_API,
			.severity = SEVERITY_WARNING,
			.kinds = MODEL_SIDES,
			.needs = KIND_BIT(KIND_DEVELOPMENT_ENVIRONMENT),
			.fields = RULE_FIELDS("data_pipeline:input_spec[].item_name",
				"data_pipeline:input_spec[].component_mapping",
				"data_pipeline:input_spec[].item_specification.min_value",
				"data_pipeline:input_spec[].item_specification.max_value",
				"data_pipeline:input_spec[].item_specification.min_length",
				"data_pipeline:input_spec[].item_specification.max_length",
				"data_pipeline:input_spec[].item_specification.allowed_values",
				"data_pipeline:input_spec[].item_specification.optional_value",
				"trained_model:post_processing", "trained_model:output_spec[].item_name",
				"trained_model:output_spec[].component_mapping",
				"trained_model:output_spec[].item_specification.min_value",
				"trained_model:output_spec[].item_specification.max_value",
				"trained_model:output_spec[].item_specification.min_length",
				"trained_model:output_spec[].item_specification.max_length",
				"trained_model:output_spec[].item_specification.allowed_values",
				"trained_model:output_spec[].item_specification.optional_value",
				"trained_model:final_output_spec[].item_name",
				"trained_model:final_output_spec[].component_mapping",
				"trained_model:final_output_spec[].item_specification.min_value",
				"trained_model:final_output_spec[].item_specification.max_value",
				"trained_model:final_output_spec[].item_specification.min_length",
				"trained_model:final_output_spec[].item_specification.max_length",
				"trained_model:final_output_spec[].item_specification.allowed_values",
				"trained_model:final_output_spec[].item_specification.optional_value",
				"development_environment:downstream_components[].component_name",
				"development_environment:downstream_components[].input_spec[].item_name",
				"development_environment:downstream_components[].input_spec[].item_specification.min_value",
				"development_environment:downstream_components[].input_spec[].item_specification.max_value",
				"development_environment:downstream_components[].input_spec[].item_specification.min_length",
				"development_environment:downstream_components[].input_spec[].item_specification.max_length",
				"development_environment:downstream_components[].input_spec[].item_specification.allowed_values",
				"development_environment:downstream_components[].input_spec[].item_specification.optional_value",
				"development_environment:upstream_components[].component_name",
				"development_environment:upstream_components[].output_spec[].item_name",
				"development_environment:upstream_components[].output_spec[].item_specification.min_value",
				"development_environment:upstream_components[].output_spec[].item_specification.max_value",
				"development_environment:upstream_components[].output_spec[].item_specification.min_length",
				"development_environment:upstream_components[].output_spec[].item_specification.max_length",
				"development_environment:upstream_components[].output_spec[].item_specification.allowed_values",
				"development_environment:upstream_components[].output_spec[].item_specification.optional_value"),
			.teams = TEAMS,
			.title = "One side may send what the other side does not accept",
			.rationale = "Values outside of what the receiver was built for are refused, cut or "
				     "taken for something else, and they come when the case is unusual and "
				     "matters.",
			.remedy = "Agree on one range for the item: widen what the receiver accepts, or have "
				  "the sender check before it sends.",
		},
	.run = range,
};

const struct rule rule_image_shape = {
	.info =
		{
			.id = "api.image-shape",
			.since = 2,
			.class = CLASS_API,
			.severity = SEVERITY_ERROR,
			.kinds = MODEL_SIDES,
			.needs = KIND_BIT(KIND_DEVELOPMENT_ENVIRONMENT),
			.fields = RULE_FIELDS("data_pipeline:input_spec[].item_name",
				"data_pipeline:input_spec[].component_mapping",
				"data_pipeline:input_spec[].item_specification.resolution_x",
				"data_pipeline:input_spec[].item_specification.resolution_y",
				"data_pipeline:input_spec[].item_specification.channels",
				"data_pipeline:input_spec[].item_specification.image_format",
				"trained_model:post_processing", "trained_model:output_spec[].item_name",
				"trained_model:output_spec[].component_mapping",
				"trained_model:output_spec[].item_specification.resolution_x",
				"trained_model:output_spec[].item_specification.resolution_y",
				"trained_model:output_spec[].item_specification.channels",
				"trained_model:output_spec[].item_specification.image_format",
				"trained_model:final_output_spec[].item_name",
				"trained_model:final_output_spec[].component_mapping",
				"trained_model:final_output_spec[].item_specification.resolution_x",
				"trained_model:final_output_spec[].item_specification.resolution_y",
				"trained_model:final_output_spec[].item_specification.channels",
				"trained_model:final_output_spec[].item_specification.image_format",
				"development_environment:downstream_components[].component_name",
				"development_environment:downstream_components[].input_spec[].item_name",
				"development_environment:downstream_components[].input_spec[].item_specification.resolution_x",
				"development_environment:downstream_components[].input_spec[].item_specification.resolution_y",
				"development_environment:downstream_components[].input_spec[].item_specification.channels",
				"development_environment:downstream_components[].input_spec[].item_specification.image_format",
				"development_environment:upstream_components[].component_name",
				"development_environment:upstream_components[].output_spec[].item_name",
				"development_environment:upstream_components[].output_spec[].item_specification.resolution_x",
				"development_environment:upstream_components[].output_spec[].item_specification.resolution_y",
				"development_environment:upstream_components[].output_spec[].item_specification.channels",
				"development_environment:upstream_components[].output_spec[].item_specification.image_format"),
			.teams = TEAMS,
			.title = "Images are sent in another resolution, with other channels or in another "
				 "format than they are taken",
			.rationale = "An image of another shape is refused, or scaled and stretched on the "
				     "way: the model then sees what it was never trained on.",
			.remedy = "Send the image as it is taken, or add a step that converts it and "
				  "describe what comes out of it.",
		},
	.run = image_shape,
};

const struct rule rule_unit = {
	.info =
		{
			.id = "api.unit",
			.since = 2,
			.class = CLASS_API,
			.severity = SEVERITY_ERROR,
			.kinds = MODEL_SIDES | DATA_SIDES,
			.needs = 0,
			.fields = RULE_FIELDS("data_pipeline:input_spec[].item_name",
				"data_pipeline:input_spec[].component_mapping",
				"data_pipeline:input_spec[].unit", "training_data:schema[].field_name",
				"training_data:schema[].mapping_production_data",
				"training_data:schema[].unit", "trained_model:post_processing",
				"trained_model:output_spec[].item_name",
				"trained_model:output_spec[].component_mapping",
				"trained_model:output_spec[].unit",
				"trained_model:final_output_spec[].item_name",
				"trained_model:final_output_spec[].component_mapping",
				"trained_model:final_output_spec[].unit",
				"development_environment:downstream_components[].component_name",
				"development_environment:downstream_components[].input_spec[].item_name",
				"development_environment:downstream_components[].input_spec[].unit",
				"development_environment:upstream_components[].component_name",
				"development_environment:upstream_components[].output_spec[].item_name",
				"development_environment:upstream_components[].output_spec[].unit",
				"production_data:schema[].field_name", "production_data:schema[].unit"),
			.teams = TEAMS | TEAM_BIT(TEAM_OPERATIONS),
			.title = "One quantity is in different units on its two sides",
			.rationale = "A number in another unit is a valid number: nothing fails, and every "
				     "answer that rests on it is wrong.",
			.remedy = "Use one unit on both sides, or convert in one named place and write the "
				  "unit that arrives.",
		},
	.run = unit,
};

const struct rule rule_mapping_dangling = {
	.info =
		{
			.id = "api.mapping-dangling",
			.since = 2,
			.class = CLASS_API,
			.severity = SEVERITY_ERROR,
			.kinds = MODEL_SIDES,
			.needs = KIND_BIT(KIND_DEVELOPMENT_ENVIRONMENT),
			.fields = RULE_FIELDS("data_pipeline:input_spec[].item_name",
				"data_pipeline:input_spec[].component_mapping",
				"trained_model:post_processing", "trained_model:output_spec[].item_name",
				"trained_model:output_spec[].component_mapping",
				"trained_model:final_output_spec[].item_name",
				"trained_model:final_output_spec[].component_mapping",
				"development_environment:downstream_components[].component_name",
				"development_environment:downstream_components[].input_spec[].item_name",
				"development_environment:upstream_components[].component_name",
				"development_environment:upstream_components[].output_spec[].item_name"),
			.teams = TEAMS,
			.title = "An item is mapped to a component or an item that does not exist",
			.rationale = "Each side believes that the other one has the item: nobody gives what "
				     "is expected, or nobody takes what is made.",
			.remedy = "Correct the component or the data item in the mapping, or add it to the "
				  "development environment when it has been forgotten there.",
		},
	.run = mapping_dangling,
};
