/* Thresholds: the table of them, and which one holds for a column. Severities and waivers are settle.c. */
#include "rules/policy.h"

#include <assert.h>
#include <float.h>

#include "rules/rule.h"

static const struct policy_range ranges[POLICY_THRESHOLDS] = {
	[POLICY_KS] = {"ks", 0.1, 0, 1},
	[POLICY_KS_P] = {"ks_p", 0.001, 0, 1},
	[POLICY_PSI] = {"psi", 0.1, 0, DBL_MAX},
	[POLICY_PSI_ERROR] = {"psi_error", 0.25, 0, DBL_MAX},
	[POLICY_LINF] = {"linf", 0.1, 0, 1},
	[POLICY_CHI2_P] = {"chi2_p", 0.001, 0, 1},
	[POLICY_NEW_CATEGORIES] = {"new_categories", 0.005, 0, 1},
	[POLICY_MISSING_RATE] = {"missing_rate", 0.05, 0, 1},
	[POLICY_MISSING_RATE_P] = {"missing_rate_p", 0.001, 0, 1},
	[POLICY_OUT_OF_RANGE] = {"out_of_range", 0.01, 0, 1},
	[POLICY_MIN_PRESENT] = {"min_present", 50, 1, 1e15},
	[POLICY_OVERLAP] = {"overlap", 0.01, 0, 1},
	[POLICY_STATISTIC] = {"statistic", 0.05, 0, DBL_MAX},
	[POLICY_LABEL_SHARE] = {"label_share", 5, 0, 100},
	[POLICY_LABEL_SHARE_P] = {"label_share_p", 0.001, 0, 1},
};

struct policy {
	double all[POLICY_THRESHOLDS];
	struct map *fields; /* FieldPolicy's DataThresholds by field; NULL without any */
};

const struct policy_range *policy_range(enum policy_threshold threshold)
{
	assert(threshold < POLICY_THRESHOLDS);
	return &ranges[threshold];
}

/* protobuf-c orders fields by their numbers, which are those of the enum plus one. */
bool policy_given(const Tally__V1__DataThresholds *data, enum policy_threshold threshold, double *value)
{
	if (!data)
		return false;
	const ProtobufCFieldDescriptor *field = &data->base.descriptor->fields[threshold];
	const char *bytes = (const char *)data;
	assert(field->id == (unsigned)threshold + 1);
	if (*(const unsigned *)(const void *)(bytes + field->quantifier_offset) != field->id)
		return false;
	const void *at = bytes + field->offset;
	*value = field->type == PROTOBUF_C_TYPE_DOUBLE ? *(const double *)at : (double)*(const int64_t *)at;
	return true;
}

const Tally__V1__Policy *policy_of_system(const struct model_system *system)
{
	const struct model_descriptor *descriptor = model_system_find(system, KIND_POLICY, "default");
	return descriptor ? model_descriptor_spec(descriptor) : NULL;
}

static void overlay(double *values, const Tally__V1__DataThresholds *data)
{
	for (unsigned i = 0; i < POLICY_THRESHOLDS; i++)
		policy_given(data, (enum policy_threshold)i, &values[i]); /* else it stays */
}

const struct policy *policy_of(struct rule_run *run)
{
	struct policy *policy = arena_alloc(run->scratch, sizeof(*policy));
	const Tally__V1__Policy *spec = policy_of_system(run->system);
	for (unsigned i = 0; i < POLICY_THRESHOLDS; i++)
		policy->all[i] = ranges[i].standard;
	if (!spec)
		return policy;
	overlay(policy->all, spec->data);
	for (size_t i = 0; i < spec->n_fields; i++) {
		const Tally__V1__FieldPolicy *field = spec->fields[i];
		if (!field->data || !*field->field)
			continue;
		if (!policy->fields)
			policy->fields = rule_map(run);
		map_put(policy->fields, field->field, field->data);
	}
	return policy;
}

struct policy_column policy_column(const struct policy *policy, const char *field, const char *mapped)
{
	struct policy_column column;
	memcpy(column.values, policy->all, sizeof(column.values));
	if (!policy->fields)
		return column;
	if (mapped && *mapped)
		overlay(column.values, map_get(policy->fields, mapped));
	if (field && *field)
		overlay(column.values, map_get(policy->fields, field));
	return column;
}

double policy_threshold(const struct policy *policy, enum policy_threshold threshold)
{
	assert(threshold < POLICY_THRESHOLDS);
	return policy->all[threshold];
}
