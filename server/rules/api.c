/* Interfaces: what neighbours give the pipeline, and what the model gives its neighbours. */
#include "model/types.h"
#include "rules/rule.h"

#define DOWNSTREAM (KIND_BIT(KIND_TRAINED_MODEL) | KIND_BIT(KIND_DEVELOPMENT_ENVIRONMENT))
#define UPSTREAM   (KIND_BIT(KIND_DATA_PIPELINE) | KIND_BIT(KIND_DEVELOPMENT_ENVIRONMENT))

/*
 * One side of the machine-learning part: its own items, and the components
 * that they are mapped to. Both sides follow the same rules.
 */
struct side {
	enum model_kind kind; /* that has the items */
	const char *noun;     /* of its items, in sentences */
	const char *capital;
	const char *components; /* field of the development environment */
	const char *list;       /* field of a component */
	const char *other_noun; /* of its items */
	const char *relation;   /* of the component to the Tally__V1__Item */
};

static const struct side downstream = {KIND_TRAINED_MODEL, "output", "Output", "downstream_components",
	"input_spec", "input", "which takes it"};
static const struct side upstream = {KIND_DATA_PIPELINE, "input", "Input", "upstream_components",
	"output_spec", "output", "which gives it"};

/* The items of one pipeline or model. */
struct items {
	const char *field;
	Tally__V1__Item *const *list;
	size_t count;
};

/* A model's output is what leaves its post-processing, where there is one. */
static struct items items_of(const struct side *side, const struct model_descriptor *descriptor)
{
	if (side->kind == KIND_DATA_PIPELINE) {
		const Tally__V1__DataPipeline *pipeline = model_descriptor_spec(descriptor);
		return (struct items){"input_spec", pipeline->input_spec, pipeline->n_input_spec};
	}
	const Tally__V1__TrainedModel *model = model_descriptor_spec(descriptor);
	if (model->_post_processing_case != 0 && model->post_processing)
		return (struct items){
			"final_output_spec", model->final_output_spec, model->n_final_output_spec};
	return (struct items){"output_spec", model->output_spec, model->n_output_spec};
}

/* A component of either side; the two messages differ in the names of their fields only. */
struct component {
	const char *name;
	Tally__V1__ComponentItem *const *list;
	size_t count;
};

static size_t component_count(const struct side *side, const Tally__V1__DevelopmentEnvironment *environment)
{
	return side == &upstream ? environment->n_upstream_components : environment->n_downstream_components;
}

static struct component component_at(
	const struct side *side, const Tally__V1__DevelopmentEnvironment *environment, size_t at)
{
	if (side == &upstream) {
		const Tally__V1__UpstreamComponent *component = environment->upstream_components[at];
		return (struct component){
			component->component_name, component->output_spec, component->n_output_spec};
	}
	const Tally__V1__DownstreamComponent *component = environment->downstream_components[at];
	return (struct component){component->component_name, component->input_spec, component->n_input_spec};
}

/* The two names of a mapping; blank ones where there is none. */
struct mapping {
	const char *names[2];
};

static struct mapping mapping_of(const Tally__V1__Item *item)
{
	const Tally__V1__ComponentMapping *given = item->component_mapping;
	return given ? (struct mapping){{given->component, given->data_item}} : (struct mapping){{"", ""}};
}

typedef void item_fn(
	struct rule_run *run, const struct side *side, const struct rule_named *named, void *context);

/* Calls for every item of every pipeline or model. `named.thing` is the item, `named.parent` its struct
 * items. */
static void each_item(struct rule_run *run, const struct side *side, item_fn *call, void *context)
{
	size_t count;
	struct model_descriptor *const *found = model_system_of_kind(run->system, side->kind, &count);
	for (size_t i = 0; i < count; i++) {
		struct items items = items_of(side, found[i]);
		for (size_t at = 0; at < items.count; at++)
			call(run, side, &(struct rule_named){found[i], items.list[at], &items, 0, at, NULL},
				context);
	}
}

/* Calls for every item of every component of one development environment. */
static void each_in(struct rule_run *run, const struct side *side, const struct model_descriptor *descriptor,
	item_fn *call, void *context)
{
	const Tally__V1__DevelopmentEnvironment *environment = model_descriptor_spec(descriptor);
	for (size_t outer = 0; outer < component_count(side, environment); outer++) {
		struct component component = component_at(side, environment, outer);
		for (size_t inner = 0; inner < component.count; inner++)
			call(run, side,
				&(struct rule_named){descriptor, component.list[inner], component.name, outer,
					inner, NULL},
				context);
	}
}

static void each_component_item(struct rule_run *run, const struct side *side, item_fn *call, void *context)
{
	size_t count;
	struct model_descriptor *const *found =
		model_system_of_kind(run->system, KIND_DEVELOPMENT_ENVIRONMENT, &count);
	for (size_t i = 0; i < count; i++)
		each_in(run, side, found[i], call, context);
}

/* ---- types ---- */

static void index_component_item(
	struct rule_run *run, const struct side *side, const struct rule_named *named, void *context)
{
	(void)side;
	const Tally__V1__ComponentItem *theirs = named->thing;
	const char *const names[2] = {named->parent, theirs->item_name};
	rule_index_pair(run, context, names, named);
}

static void draft_type(struct rule_run *run, const struct side *side, const struct rule_named *ours,
	const struct rule_named *theirs)
{
	const Tally__V1__Item *own = ours->thing;
	const Tally__V1__ComponentItem *other = theirs->thing;
	const struct items *items = ours->parent;
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
static void compare_types(
	struct rule_run *run, const struct side *side, const struct rule_named *named, void *context)
{
	const Tally__V1__Item *own = named->thing;
	struct mapping mapping = mapping_of(own);
	if (model_blank(own->item_type))
		return;
	const struct rule_named *theirs = rule_look_pair(run, context, mapping.names);
	for (; theirs; theirs = theirs->next) {
		const Tally__V1__ComponentItem *other = theirs->thing;
		if (!model_blank(other->item_type) && !model_types_equal(own->item_type, other->item_type))
			draft_type(run, side, named, theirs);
	}
}

/* Each environment is a pair with each pipeline or model: the same component may stand in several. */
static void check_types(struct rule_run *run, const struct side *side)
{
	size_t count;
	struct model_descriptor *const *found =
		model_system_of_kind(run->system, KIND_DEVELOPMENT_ENVIRONMENT, &count);
	for (size_t i = 0; i < count; i++) {
		struct map *theirs = rule_map(run);
		each_in(run, side, found[i], index_component_item, theirs);
		each_item(run, side, compare_types, theirs);
	}
}

static void output_type(struct rule_run *run)
{
	check_types(run, &downstream);
}

static void input_type(struct rule_run *run)
{
	check_types(run, &upstream);
}

/* ---- items without a mapping ---- */

static void check_mapping(
	struct rule_run *run, const struct side *side, const struct rule_named *named, void *context)
{
	(void)context;
	const Tally__V1__Item *own = named->thing;
	const struct items *items = named->parent;
	struct mapping mapping = mapping_of(own);
	bool component = !model_blank(mapping.names[0]);
	bool data_item = !model_blank(mapping.names[1]);
	if (model_blank(own->item_name) || (component && data_item))
		return;
	struct rule_draft *draft = rule_draft(run, own->item_name);
	rule_say(draft, "%s %s of %s is mapped to no %s: its component is %s, its data_item %s.",
		side->capital, rule_name(run, own->item_name), rule_descriptor(run, named->descriptor),
		side == &upstream ? "upstream output" : "downstream input",
		component ? rule_name(run, mapping.names[0]) : "not given",
		data_item ? rule_name(run, mapping.names[1]) : "not given");
	rule_place(draft, named->descriptor, NULL, "%s[%zu].component_mapping%s", items->field, named->inner,
		component   ? ".data_item"
		: data_item ? ".component"
			    : "");
}

static void output_unmapped(struct rule_run *run)
{
	each_item(run, &downstream, check_mapping, NULL);
}

static void input_unmapped(struct rule_run *run)
{
	each_item(run, &upstream, check_mapping, NULL);
}

/* ---- items of components that nothing is mapped to ---- */

static void index_mapping(
	struct rule_run *run, const struct side *side, const struct rule_named *named, void *context)
{
	(void)side;
	struct mapping mapping = mapping_of(named->thing);
	rule_index_pair(run, context, mapping.names,
		&(struct rule_named){.descriptor = named->descriptor, .thing = named->thing});
}

/* The lists in which a mapping could be written come first: that is where it lacks. */
static void place_lists(struct rule_run *run, const struct side *side, struct rule_draft *draft)
{
	size_t count;
	struct model_descriptor *const *found = model_system_of_kind(run->system, side->kind, &count);
	for (size_t i = 0; i < count; i++)
		rule_place(draft, found[i], NULL, "%s", items_of(side, found[i]).field);
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
		side == &upstream ? "Output %s of upstream component %s is mapped to no input of any data "
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
	each_item(run, side, index_mapping, mapped);
	each_component_item(run, side, check_component_item, mapped);
}

static void downstream_input_unfed(struct rule_run *run)
{
	check_unused(run, &downstream);
}

static void upstream_output_unused(struct rule_run *run)
{
	check_unused(run, &upstream);
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
			.teams = TEAM_BIT(TEAM_DATA_SCIENTISTS) | TEAM_BIT(TEAM_SOFTWARE_ENGINEERS),
			.title = "An upstream component gives an output that no pipeline input is mapped to",
			.rationale = "Either the pipeline forgot a value that was made for it, or a "
				     "component keeps making and sending something that nobody uses.",
			.remedy = "Map a pipeline input to the output when it belongs to the data, or tell "
				  "the component's owners that it is not needed and take it out.",
		},
	.run = upstream_output_unused,
};
