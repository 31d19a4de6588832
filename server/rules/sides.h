/*
 * The two sides of the machine-learning part and the neighbours beyond them;
 * private to this room. What a component sends, the pipeline takes in; what
 * the model puts out, a component takes. Both sides follow the same rules.
 */
#ifndef RULES_SIDES_H
#define RULES_SIDES_H

#include "rules/rule.h"

/* One side: its own items, and the components that they are mapped to. */
struct side {
	enum model_kind kind; /* that has the items */
	const char *noun;     /* of its items, in sentences */
	const char *capital;
	const char *components; /* field of the development environment */
	const char *list;       /* field of a component */
	const char *other_noun; /* of its items */
	const char *relation;   /* of the component to the Tally__V1__Item */
};

extern const struct side side_upstream;
extern const struct side side_downstream;

/* The items of one pipeline or model. */
struct side_items {
	const char *field;
	Tally__V1__Item *const *list;
	size_t count;
};

/** Returns the items of a pipeline or a model: what leaves its post-processing, where there is one. */
struct side_items side_items(const struct side *side, const struct model_descriptor *descriptor);

/* The two names of a mapping, component and item; blank ones where there is none. */
struct side_mapping {
	const char *names[2];
};

struct side_mapping side_mapping(const Tally__V1__Item *item);

typedef void side_fn(
	struct rule_run *run, const struct side *side, const struct rule_named *named, void *context);

/** Calls for every item of every pipeline or model: `thing` is the Tally__V1__Item, `parent` its struct
 * side_items, `inner` its index. */
void side_each_item(struct rule_run *run, const struct side *side, side_fn *call, void *context);

/** Calls for every item of every component of one development environment: `thing` is the
 * Tally__V1__ComponentItem, `parent` the component's name, `outer` and `inner` their indexes. */
void side_each_in(struct rule_run *run, const struct side *side, const struct model_descriptor *descriptor,
	side_fn *call, void *context);

/** The same for all development environments. */
void side_each_component_item(struct rule_run *run, const struct side *side, side_fn *call, void *context);

/* An item of ours beside an item of theirs that it is mapped to. */
typedef void side_pair_fn(struct rule_run *run, const struct side *side, const struct rule_named *ours,
	const struct rule_named *theirs);

/** Calls for every mapped pair. Each environment is a pair with each pipeline or model: the same component
 * may stand in several. */
void side_each_pair(struct rule_run *run, const struct side *side, side_pair_fn *call);

#endif
