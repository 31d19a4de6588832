/* Each training set beside each set of production data; for the rules that compare what the two state.
 * Private to this room. */
#ifndef RULES_DATA_PAIRS_H
#define RULES_DATA_PAIRS_H

#include "rules/profiles.h"

#define DATA_BOTH  (KIND_BIT(KIND_TRAINING_DATA) | KIND_BIT(KIND_PRODUCTION_DATA))
#define DATA_TEAMS (TEAM_BIT(TEAM_DATA_SCIENTISTS) | TEAM_BIT(TEAM_OPERATIONS))

/* One training set beside one set of production data. */
struct data_pair {
	const struct model_descriptor *training;
	const struct model_descriptor *production;
	const struct map *fields; /* of the latter, by name */
};

typedef void data_pair_fn(struct rule_run *run, const struct data_pair *pair, const struct map *production);
typedef struct map *data_index_fn(struct rule_run *run, const struct model_descriptor *production);

/**
 * Compares every training set with every set of production data, which is
 * indexed once.
 *
 * @param index  NULL: by its fields
 */
void data_each_pair(struct rule_run *run, data_index_fn *index, data_pair_fn *compare);

#endif
