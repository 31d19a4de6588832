/* Walking the items of both sides of the machine-learning part. */
#include "rules/sides.h"

const struct side side_downstream = {KIND_TRAINED_MODEL, "output", "Output", "downstream_components",
	"input_spec", "input", "which takes it"};
const struct side side_upstream = {KIND_DATA_PIPELINE, "input", "Input", "upstream_components", "output_spec",
	"output", "which gives it"};

/* A model's output is what leaves its post-processing, where there is one. */
struct side_items side_items(const struct side *side, const struct model_descriptor *descriptor)
{
	if (side->kind == KIND_DATA_PIPELINE) {
		const Tally__V1__DataPipeline *pipeline = model_descriptor_spec(descriptor);
		return (struct side_items){"input_spec", pipeline->input_spec, pipeline->n_input_spec};
	}
	const Tally__V1__TrainedModel *model = model_descriptor_spec(descriptor);
	if (model->_post_processing_case != 0 && model->post_processing)
		return (struct side_items){
			"final_output_spec", model->final_output_spec, model->n_final_output_spec};
	return (struct side_items){"output_spec", model->output_spec, model->n_output_spec};
}

/* A component of either side; the two messages differ in the names of their fields only. */
struct component {
	const char *name;
	Tally__V1__ComponentItem *const *list;
	size_t count;
};

static size_t component_count(const struct side *side, const Tally__V1__DevelopmentEnvironment *environment)
{
	return side == &side_upstream ? environment->n_upstream_components
				      : environment->n_downstream_components;
}

static struct component component_at(
	const struct side *side, const Tally__V1__DevelopmentEnvironment *environment, size_t at)
{
	if (side == &side_upstream) {
		const Tally__V1__UpstreamComponent *component = environment->upstream_components[at];
		return (struct component){
			component->component_name, component->output_spec, component->n_output_spec};
	}
	const Tally__V1__DownstreamComponent *component = environment->downstream_components[at];
	return (struct component){component->component_name, component->input_spec, component->n_input_spec};
}

struct side_mapping side_mapping(const Tally__V1__Item *item)
{
	const Tally__V1__ComponentMapping *given = item->component_mapping;
	return given ? (struct side_mapping){{given->component, given->data_item}}
		     : (struct side_mapping){{"", ""}};
}

void side_each_item(struct rule_run *run, const struct side *side, side_fn *call, void *context)
{
	size_t count;
	struct model_descriptor *const *found = model_system_of_kind(run->system, side->kind, &count);
	for (size_t i = 0; i < count; i++) {
		struct side_items items = side_items(side, found[i]);
		for (size_t at = 0; at < items.count; at++)
			call(run, side, &(struct rule_named){found[i], items.list[at], &items, 0, at, NULL},
				context);
	}
}

void side_each_in(struct rule_run *run, const struct side *side, const struct model_descriptor *descriptor,
	side_fn *call, void *context)
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

void side_each_component_item(struct rule_run *run, const struct side *side, side_fn *call, void *context)
{
	size_t count;
	struct model_descriptor *const *found =
		model_system_of_kind(run->system, KIND_DEVELOPMENT_ENVIRONMENT, &count);
	for (size_t i = 0; i < count; i++)
		side_each_in(run, side, found[i], call, context);
}

static void index_component_item(
	struct rule_run *run, const struct side *side, const struct rule_named *named, void *context)
{
	(void)side;
	const Tally__V1__ComponentItem *theirs = named->thing;
	const char *const names[2] = {named->parent, theirs->item_name};
	rule_index_pair(run, context, names, named);
}

/* An item of ours that is mapped to items of theirs. */
struct side_pair {
	struct rule_named ours;
	const struct rule_named *theirs; /* the first of them */
	struct side_pair *next;
};

/* All pairs of a side, being found. */
struct pairing {
	struct map *theirs; /* of one development environment */
	struct side_pair **last;
};

static void pair_item(
	struct rule_run *run, const struct side *side, const struct rule_named *named, void *context)
{
	(void)side;
	struct pairing *pairing = context;
	struct side_mapping mapping = side_mapping(named->thing);
	const struct rule_named *theirs = rule_look_pair(run, pairing->theirs, mapping.names);
	if (!theirs)
		return;
	struct side_pair *pair = arena_alloc(run->scratch, sizeof(*pair));
	*pair = (struct side_pair){*named, theirs, NULL};
	pair->ours.parent = arena_copy(run->scratch, named->parent, sizeof(struct side_items));
	*pairing->last = pair;
	pairing->last = &pair->next;
}

static struct side_pair *find_pairs(struct rule_run *run, const struct side *side)
{
	size_t count;
	struct model_descriptor *const *found =
		model_system_of_kind(run->system, KIND_DEVELOPMENT_ENVIRONMENT, &count);
	struct side_pair *first = NULL;
	struct pairing pairing = {.last = &first};
	for (size_t i = 0; i < count; i++) {
		pairing.theirs = rule_map(run);
		side_each_in(run, side, found[i], index_component_item, pairing.theirs);
		side_each_item(run, side, pair_item, &pairing);
	}
	return first;
}

/* Several rules look at the same pairs: the first one finds them. */
static const struct side_pair *pairs_of(struct rule_run *run, const struct side *side)
{
	struct rule_side_pairs *kept = run->shared ? &run->shared->pairs[side == &side_upstream] : NULL;
	if (kept && kept->found)
		return kept->first;
	const struct side_pair *first = find_pairs(rule_shared_run(run), side);
	if (kept)
		*kept = (struct rule_side_pairs){true, first};
	return first;
}

void side_each_pair(struct rule_run *run, const struct side *side, side_pair_fn *call)
{
	for (const struct side_pair *pair = pairs_of(run, side); pair; pair = pair->next)
		for (const struct rule_named *theirs = pair->theirs; theirs; theirs = theirs->next)
			call(run, side, &pair->ours, theirs);
}
