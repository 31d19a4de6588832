/*
 * Training data beside production data, column by column, where both sides
 * have a profile; for the rules that compare those. Private to this room.
 *
 * A training field stands beside the production field that it is mapped to;
 * one that is mapped to nothing beside the field of its own name, for profiles
 * of one table's files have the file's names.
 */
#ifndef RULES_PROFILES_H
#define RULES_PROFILES_H

#include "rules/column.h"
#include "rules/policy.h"
#include "rules/rule.h"

#define PROFILES_NEEDS (KIND_BIT(KIND_TRAINING_DATA) | KIND_BIT(KIND_PRODUCTION_DATA))
#define PROFILES_FIELDS                                                                                      \
	"training_data:schema[].field_name", "training_data:schema[].label_field",                           \
		"training_data:schema[].mapping_production_data", "training_data:schema[].profile",          \
		"production_data:schema[].field_name", "production_data:schema[].profile", "policy:data",    \
		"policy:fields"
#define PROFILES_READS (PROFILES_NEEDS | KIND_BIT(KIND_POLICY))
#define PROFILES_TEAMS (TEAM_BIT(TEAM_DATA_SCIENTISTS) | TEAM_BIT(TEAM_OPERATIONS))

/* Probability below which chance is no explanation, where the policy has no word for it. */
#define PROFILES_P 0.001

/* One pair of fields, both with a usable profile. */
struct profiles_column {
	const Tally__V1__TrainingDataField *training;
	const Tally__V1__ProductionDataField *production; /* NULL: the training field's is not there */
	size_t training_at;
	size_t production_at;
	struct column_side reference;
	struct column_side current;
	struct policy_column policy;
};

/* One training data descriptor beside one of production data. */
struct profiles {
	const struct model_descriptor *training;
	const struct model_descriptor *production;
	struct profiles_column *columns;
	size_t count;
	struct drift **drift; /* drift.c: NULL in it until it has compared the columns */
};

typedef void profiles_fn(struct rule_run *run, const struct profiles *profiles);

/** Calls `compare` for each pair of descriptors. Columns whose profile contradicts itself are left out. */
void profiles_each(struct rule_run *run, profiles_fn *compare);

/** Returns what profiles_each() has for these two; NULL when no column is compared. */
const struct profiles *profiles_of(struct rule_run *run, const struct model_descriptor *training,
	const struct model_descriptor *production);

/** Returns the fields of one of the system's production data by name. @param at its place among them @return
 * shared by the evaluation's runs */
const struct map *profiles_fields(struct rule_run *run, size_t at);

/** Have both fields a usable profile, so that the rules about profiles speak for them? */
bool profiles_both(
	const Tally__V1__TrainingDataField *training, const Tally__V1__ProductionDataField *production);

/** Is there the column on both sides, with as many values as the policy asks for, and none that identify
 * rows? */
bool profiles_comparable(const struct profiles_column *column);

/** Has either side fewer present values than the policy asks for? */
bool profiles_small(const struct profiles_column *column);

static inline double profiles_threshold(const struct profiles_column *column, enum policy_threshold threshold)
{
	return column->policy.values[threshold];
}

/** Starts a finding about a column: subject and both places. @param was, is what stands there */
struct rule_draft *profiles_draft(struct rule_run *run, const struct profiles *profiles,
	const struct profiles_column *column, const char *was, const char *is);

/** Returns "Field "fare" of the training data and "total" of the production data", or of one name. @return
 * run's scratch */
const char *profiles_name(
	struct rule_run *run, const struct profiles *profiles, const struct profiles_column *column);

/** Returns a share as percent, e.g. "15.8 %". @return run's scratch */
const char *profiles_percent(struct rule_run *run, double share);

/**
 * Corrects p-values of the columns of one comparison (Benjamini and Hochberg).
 *
 * @param[in,out] p  one for each column; NaN where the column is not in the family: stays NaN
 */
void profiles_correct(struct rule_run *run, double *p, size_t count);

/* ---- drift.c ---- */

/** Has any column of a label drifted between these two, so that data.distribution-drift speaks for its
 * shares?
 */
bool drift_of_label(struct rule_run *run, const struct model_descriptor *training,
	const struct model_descriptor *production);

/* ---- retraining.c ---- */

/**
 * Says what the system's descriptors give a team to train again with, and what
 * they lack: two sentences to follow a remedy.
 *
 * @param training  the data that the model learned from; NULL: any
 * @return run's scratch
 */
const char *retraining_text(struct rule_run *run, const struct model_descriptor *training);

/* The kinds that it reads, and what of them. */
#define RETRAINING_READS                                                                                     \
	(KIND_BIT(KIND_TRAINING_DATA) | KIND_BIT(KIND_DATA_PIPELINE) | KIND_BIT(KIND_PRODUCTION_ENVIRONMENT))
#define RETRAINING_FIELDS                                                                                    \
	"training_data:dataset_version", "training_data:preparation_code", "data_pipeline:pipeline_version", \
		"production_environment:model_logs[].log",                                                   \
		"production_environment:user_system_feedback[].feedback"

#endif
