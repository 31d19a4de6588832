/* The rules in the order of their ids, and finding one. */
#include "rules/rule.h"

#include <assert.h>

static const struct rule *const rules[] = {
	&rule_downstream_input_unfed,
	&rule_image_shape,
	&rule_input_type,
	&rule_input_unmapped,
	&rule_mapping_dangling,
	&rule_output_type,
	&rule_output_unmapped,
	&rule_range,
	&rule_signature,
	&rule_signature_missing,
	&rule_unit,
	&rule_upstream_output_unused,
	&rule_descriptor_missing,
	&rule_field_missing,
	&rule_value_not_understood,
	&rule_distribution_drift,
	&rule_field_type,
	&rule_label_leak,
	&rule_label_share_differs,
	&rule_missing_rate,
	&rule_new_categories,
	&rule_out_of_range,
	&rule_production_field_unmapped,
	&rule_sample_too_small,
	&rule_stated_values,
	&rule_statistic_differs,
	&rule_train_test_overlap,
	&rule_training_field_unmapped,
	&rule_type_changed,
	&rule_dependency_version,
	&rule_framework_unsupported,
	&rule_framework_version,
	&rule_language_unsupported,
	&rule_language_version,
	&rule_alert_metric_not_exported,
	&rule_algorithm_metric_uncollected,
	&rule_business_metric_uncollected,
	&rule_feedback_uncollected,
	&rule_log_uncollected,
	&rule_metric_breached,
	&rule_overdue,
	&rule_profile_missing,
	&rule_artifact_differs,
	&rule_link_dangling,
	&rule_version_behind,
	&rule_goal_not_met,
	&rule_goal_unmeasured,
	&rule_metric_goal_unknown,
	&rule_risk_unmeasured,
	&rule_development_insufficient,
	&rule_inference_too_slow,
	&rule_production_insufficient,
	&rule_throughput,
	&rule_unstated,
	&rule_evaluation_test_gap,
	&rule_no_cases,
	&rule_no_integration_data,
	&rule_no_test_data,
};

size_t rules_count(void)
{
	return sizeof(rules) / sizeof(rules[0]);
}

const struct rule *rule_at(size_t index)
{
	assert(index < rules_count());
	return rules[index];
}

const struct rules_info *rules_at(size_t index)
{
	return &rule_at(index)->info;
}

const struct rules_info *rules_find(const char *id)
{
	size_t low = 0;
	size_t high = rules_count();
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(id, rules[middle]->info.id);
		if (order == 0)
			return &rules[middle]->info;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}
