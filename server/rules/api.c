/* Interfaces: what neighbours give the pipeline, and what the model gives its neighbours. */
#include "model/types.h"
#include "rules/rule.h"
#include "rules/sides.h"

#define DOWNSTREAM (KIND_BIT(KIND_TRAINED_MODEL) | KIND_BIT(KIND_DEVELOPMENT_ENVIRONMENT))
#define UPSTREAM   (KIND_BIT(KIND_DATA_PIPELINE) | KIND_BIT(KIND_DEVELOPMENT_ENVIRONMENT))

/* ---- types ---- */

static void draft_type(struct rule_run *run, const struct side *side, const struct rule_named *ours,
	const struct rule_named *theirs)
{
	const Tally__V1__Item *own = ours->thing;
	const Tally__V1__ComponentItem *other = theirs->thing;
	const struct side_items *items = ours->parent;
	const char *subject = rule_subject(run, own->item_name, "%s[%zu]", items->field, ours->inner);
	struct rule_draft *draft = rule_draft(run, subject);
	rule_say(draft, "%s %s of %s is %s; %s %s of component %s, %s, is %s.", side->capital,
		rule_name(run, subject), rule_descriptor(run, ours->descriptor),
		rule_show(run, own->item_type), side->other_noun, rule_name(run, other->item_name),
		rule_name(run, theirs->parent), side->relation, rule_show(run, other->item_type));
	rule_place(draft, ours->descriptor, own->item_type, "%s[%zu].item_type", items->field, ours->inner);
	rule_place(draft, theirs->descriptor, other->item_type, "%s[%zu].%s[%zu].item_type", side->components,
		theirs->outer, side->list, theirs->inner);
}

/* A type that is not given is a gap, not a mismatch. */
static void compare_types(struct rule_run *run, const struct side *side, const struct rule_named *ours,
	const struct rule_named *theirs)
{
	const Tally__V1__Item *own = ours->thing;
	const Tally__V1__ComponentItem *other = theirs->thing;
	if (!model_blank(own->item_type) && !model_blank(other->item_type) &&
		!model_types_equal(own->item_type, other->item_type))
		draft_type(run, side, ours, theirs);
}

/* What a service's own interface calls a number may be any that the pipeline takes. */
static void compare_input_types(struct rule_run *run, const struct side *side, const struct rule_named *ours,
	const struct rule_named *theirs)
{
	const Tally__V1__Item *own = ours->thing;
	const Tally__V1__ComponentItem *other = theirs->thing;
	if (!model_json_number_fits(other->item_type, own->item_type))
		compare_types(run, side, ours, theirs);
}

static void output_type(struct rule_run *run)
{
	side_each_pair(run, &side_downstream, compare_types);
}

static void input_type(struct rule_run *run)
{
	side_each_pair(run, &side_upstream, compare_input_types);
}

/* ---- items without a mapping ---- */

static void check_mapping(
	struct rule_run *run, const struct side *side, const struct rule_named *named, void *context)
{
	(void)context;
	const Tally__V1__Item *own = named->thing;
	const struct side_items *items = named->parent;
	struct side_mapping mapping = side_mapping(own);
	bool component = !model_blank(mapping.names[0]);
	bool data_item = !model_blank(mapping.names[1]);
	if (model_blank(own->item_name) || (component && data_item))
		return;
	struct rule_draft *draft = rule_draft(run, own->item_name);
	rule_say(draft, "%s %s of %s is mapped to no %s: its component is %s, its data_item %s.",
		side->capital, rule_name(run, own->item_name), rule_descriptor(run, named->descriptor),
		side == &side_upstream ? "upstream output" : "downstream input",
		component ? rule_name(run, mapping.names[0]) : "not given",
		data_item ? rule_name(run, mapping.names[1]) : "not given");
	rule_place(draft, named->descriptor, NULL, "%s[%zu].component_mapping%s", items->field, named->inner,
		component   ? ".data_item"
		: data_item ? ".component"
			    : "");
}

static void output_unmapped(struct rule_run *run)
{
	side_each_item(run, &side_downstream, check_mapping, NULL);
}

static void input_unmapped(struct rule_run *run)
{
	side_each_item(run, &side_upstream, check_mapping, NULL);
}

/* ---- items of components that nothing is mapped to ---- */

static void index_mapping(
	struct rule_run *run, const struct side *side, const struct rule_named *named, void *context)
{
	(void)side;
	struct side_mapping mapping = side_mapping(named->thing);
	rule_index_pair(run, context, mapping.names,
		&(struct rule_named){.descriptor = named->descriptor, .thing = named->thing});
}

/* The lists in which a mapping could be written come first: that is where it lacks. */
static void place_lists(struct rule_run *run, const struct side *side, struct rule_draft *draft)
{
	size_t count;
	struct model_descriptor *const *found = model_system_of_kind(run->system, side->kind, &count);
	for (size_t i = 0; i < count; i++)
		rule_place(draft, found[i], NULL, "%s", side_items(side, found[i]).field);
}

/* While a component has no name nothing can be mapped to it: one gap, not one mismatch of each item. */
static void check_component_item(
	struct rule_run *run, const struct side *side, const struct rule_named *named, void *context)
{
	const Tally__V1__ComponentItem *theirs = named->thing;
	const char *component = named->parent;
	const char *const names[2] = {component, theirs->item_name};
	if (model_blank(component) || model_blank(theirs->item_name) || rule_look_pair(run, context, names))
		return;
	struct rule_draft *draft = rule_draft(run, theirs->item_name);
	rule_say(draft,
		side == &side_upstream
			? "Output %s of upstream component %s is mapped to no input of any data "
			  "pipeline."
			: "Input %s of downstream component %s is mapped from no output of any "
			  "trained model.",
		rule_name(run, theirs->item_name), rule_name(run, component));
	place_lists(run, side, draft);
	rule_place(draft, named->descriptor, theirs->item_name, "%s[%zu].%s[%zu].item_name", side->components,
		named->outer, side->list, named->inner);
}

static void check_unused(struct rule_run *run, const struct side *side)
{
	struct map *mapped = rule_map(run);
	side_each_item(run, side, index_mapping, mapped);
	side_each_component_item(run, side, check_component_item, mapped);
}

static void downstream_input_unfed(struct rule_run *run)
{
	check_unused(run, &side_downstream);
}

static void upstream_output_unused(struct rule_run *run)
{
	check_unused(run, &side_upstream);
}

/* ---- the rules ---- */

const struct rule rule_output_type = {
	.info =
		{
			.id = "api.output-type",
			.class = CLASS_API,
			.severity = SEVERITY_ERROR,
			.kinds = DOWNSTREAM,
			.needs = DOWNSTREAM,
			.fields = RULE_FIELDS("trained_model:post_processing",
				"trained_model:output_spec[].item_name",
				"trained_model:output_spec[].item_type",
				"trained_model:output_spec[].component_mapping",
				"trained_model:final_output_spec[].item_name",
				"trained_model:final_output_spec[].item_type",
				"trained_model:final_output_spec[].component_mapping",
				"development_environment:downstream_components[].component_name",
				"development_environment:downstream_components[].input_spec[].item_name",
				"development_environment:downstream_components[].input_spec[].item_type"),
			.teams = TEAM_BIT(TEAM_DATA_SCIENTISTS) | TEAM_BIT(TEAM_SOFTWARE_ENGINEERS),
			.title = "An output of the model has another type than the downstream input that "
				 "takes it",
			.rationale = "The component that takes the output was written for its own type: it "
				     "will refuse the value, or round or cut it without a word.",
			.remedy = "Agree on one type and use it on both sides, or add a post-processing "
				  "step that converts the output and describe it in final_output_spec.",
		},
	.run = output_type,
};

const struct rule rule_output_unmapped = {
	.info =
		{
			.id = "api.output-unmapped",
			.class = CLASS_API,
			.severity = SEVERITY_WARNING,
			.kinds = KIND_BIT(KIND_TRAINED_MODEL),
			.needs = KIND_BIT(KIND_TRAINED_MODEL),
			.fields = RULE_FIELDS("trained_model:post_processing",
				"trained_model:output_spec[].item_name",
				"trained_model:output_spec[].component_mapping",
				"trained_model:final_output_spec[].item_name",
				"trained_model:final_output_spec[].component_mapping"),
			.teams = TEAM_BIT(TEAM_DATA_SCIENTISTS),
			.title = "An output of the model is mapped to no downstream input",
			.rationale = "Without a mapping nobody knows who takes the output, so nobody can "
				     "check that it fits or say who breaks when it changes.",
			.remedy = "Write the downstream component and its data item into the output's "
				  "component_mapping, or leave the output out when nobody takes it.",
		},
	.run = output_unmapped,
};

const struct rule rule_downstream_input_unfed = {
	.info =
		{
			.id = "api.downstream-input-unfed",
			.class = CLASS_API,
			.severity = SEVERITY_WARNING,
			.kinds = DOWNSTREAM,
			.needs = DOWNSTREAM,
			.fields = RULE_FIELDS("trained_model:post_processing",
				"trained_model:output_spec[].component_mapping",
				"trained_model:final_output_spec[].component_mapping",
				"development_environment:downstream_components[].component_name",
				"development_environment:downstream_components[].input_spec[].item_name"),
			.teams = TEAM_BIT(TEAM_DATA_SCIENTISTS) | TEAM_BIT(TEAM_SOFTWARE_ENGINEERS),
			.title = "A downstream component waits for an input that no output is mapped to",
			.rationale = "The component was built in the belief that the model gives it this "
				     "value; it will find nothing there, or a default that nobody chose.",
			.remedy = "Map an output of the model to the input, or take the input out of the "
				  "component when it comes from elsewhere.",
		},
	.run = downstream_input_unfed,
};

const struct rule rule_input_type = {
	.info =
		{
			.id = "api.input-type",
			.class = CLASS_API,
			.severity = SEVERITY_ERROR,
			.kinds = UPSTREAM,
			.needs = UPSTREAM,
			.fields = RULE_FIELDS("data_pipeline:input_spec[].item_name",
				"data_pipeline:input_spec[].item_type",
				"data_pipeline:input_spec[].component_mapping",
				"development_environment:upstream_components[].component_name",
				"development_environment:upstream_components[].output_spec[].item_name",
				"development_environment:upstream_components[].output_spec[].item_type"),
			.teams = TEAM_BIT(TEAM_DATA_SCIENTISTS) | TEAM_BIT(TEAM_SOFTWARE_ENGINEERS),
			.title = "An input of the pipeline has another type than the upstream output that "
				 "gives it",
			.rationale = "The pipeline reads a value of one type as another: it fails on the "
				     "first record, or the model quietly sees something else than in "
				     "training.",
			.remedy = "Agree on one type and use it on both sides, or add a pipeline step that "
				  "converts the value and give the input the type that arrives.",
		},
	.run = input_type,
};

const struct rule rule_input_unmapped = {
	.info =
		{
			.id = "api.input-unmapped",
			.class = CLASS_API,
			.severity = SEVERITY_WARNING,
			.kinds = KIND_BIT(KIND_DATA_PIPELINE),
			.needs = KIND_BIT(KIND_DATA_PIPELINE),
			.fields = RULE_FIELDS("data_pipeline:input_spec[].item_name",
				"data_pipeline:input_spec[].component_mapping"),
			.teams = TEAM_BIT(TEAM_DATA_SCIENTISTS),
			.title = "An input of the pipeline is mapped to no upstream output",
			.rationale = "Without a mapping nobody knows where the value comes from in "
				     "production, so nobody can check that it exists there and has the "
				     "right form.",
			.remedy = "Write the upstream component and its data item into the input's "
				  "component_mapping; ask the software engineers when none gives it.",
		},
	.run = input_unmapped,
};

const struct rule rule_upstream_output_unused = {
	.info =
		{
			.id = "api.upstream-output-unused",
			.class = CLASS_API,
			.severity = SEVERITY_NOTE,
			.kinds = UPSTREAM,
			.needs = UPSTREAM,
			.fields = RULE_FIELDS("data_pipeline:input_spec[].component_mapping",
				"development_environment:upstream_components[].component_name",
				"development_environment:upstream_components[].output_spec[].item_name"),
			.teams = TEAM_BIT(TEAM_DATA_SCIENTISTS) | TEAM_BIT(TEAM_SOFTWARE_ENGINEERS),
			.title = "An upstream component gives an output that no pipeline input is mapped to",
			.rationale = "Either the pipeline forgot a value that was made for it, or a "
				     "component keeps making and sending something that nobody uses.",
			.remedy = "Map a pipeline input to the output when it belongs to the data, or tell "
				  "the component's owners that it is not needed and take it out.",
		},
	.run = upstream_output_unused,
};
