/* Which descriptor another one names; private to this room. */
#ifndef RULES_LINKS_H
#define RULES_LINKS_H

#include "rules/rule.h"

/* A field of one kind that names a descriptor of another one. */
enum link {
	LINK_PIPELINE,      /* a trained model's data_pipeline_identifier */
	LINK_TRAINING_DATA, /* a trained model's training_data_identifier */
	LINK_RAW_DATA,      /* a training data's raw_data_identifier */
	LINK_COUNT
};

/**
 * Finds the descriptor that a link means: the one with the identifier that is
 * named, or, where none is named, the only one of its kind.
 *
 * @param from  borrowed; of the kind that has the link
 * @return borrowed; NULL: none, or it cannot be told
 */
const struct model_descriptor *link_target(
	struct rule_run *run, const struct model_descriptor *from, enum link link);

#endif
