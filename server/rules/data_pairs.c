/* Goes through the pairs. What is compared is the rules' matter. */
#include "rules/data_pairs.h"

void data_each_pair(struct rule_run *run, data_index_fn *index, data_pair_fn *compare)
{
	size_t training_count;
	size_t production_count;
	struct model_descriptor *const *training =
		model_system_of_kind(run->system, KIND_TRAINING_DATA, &training_count);
	struct model_descriptor *const *production =
		model_system_of_kind(run->system, KIND_PRODUCTION_DATA, &production_count);
	for (size_t i = 0; i < production_count; i++) {
		const struct map *fields = profiles_fields(run, i);
		const struct map *map = index ? index(run, production[i]) : fields;
		for (size_t j = 0; j < training_count; j++)
			compare(run, &(struct data_pair){training[j], production[i], fields}, map);
	}
}
