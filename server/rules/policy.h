/*
 * How a system wants to be judged: the thresholds of its policy, per column,
 * for all columns, or by default. What the policy does to findings once the
 * rules have run is settle.c.
 */
#ifndef RULES_POLICY_H
#define RULES_POLICY_H

#include <stdbool.h>
#include <stddef.h>

#include "model/descriptor.h"

/* In the order of tally.v1.DataThresholds, which says what each one means. */
enum policy_threshold {
	POLICY_KS,
	POLICY_KS_P,
	POLICY_PSI,
	POLICY_PSI_ERROR,
	POLICY_LINF,
	POLICY_CHI2_P,
	POLICY_NEW_CATEGORIES,
	POLICY_MISSING_RATE,
	POLICY_MISSING_RATE_P,
	POLICY_OUT_OF_RANGE,
	POLICY_MIN_PRESENT,
	POLICY_OVERLAP,
	POLICY_STATISTIC,
	POLICY_LABEL_SHARE,
	POLICY_LABEL_SHARE_P,
	POLICY_THRESHOLDS
};

/* What is known of a threshold. */
struct policy_range {
	const char *id; /* as the field of tally.v1.DataThresholds is named */
	double standard;
	double least;
	double most;
};

/** Returns what is known of a threshold. */
const struct policy_range *policy_range(enum policy_threshold threshold);

/** Looks a threshold up. @param data NULL has none @return false when it is not given */
bool policy_given(const Tally__V1__DataThresholds *data, enum policy_threshold threshold, double *value);

/** Returns the system's policy, or NULL. Borrowed from the system. */
const Tally__V1__Policy *policy_of_system(const struct model_system *system);

/* ---- for rules; such a rule lists KIND_POLICY in its kinds ---- */

struct rule_run;
struct policy;

/** Makes the policy ready for looking up columns; a system without one gets the defaults. @return run's
 * scratch */
const struct policy *policy_of(struct rule_run *run);

/* The thresholds of one column. */
struct policy_column {
	double values[POLICY_THRESHOLDS];
};

/**
 * Returns the thresholds of one column: those of its own, else those for all
 * columns, else the defaults. Constant time, however many columns have their
 * own.
 *
 * @param field   its name in the training data; "" or NULL for none
 * @param mapped  its name in the production data, which gives what the former leaves out; "" or NULL for
 *                none
 */
struct policy_column policy_column(const struct policy *policy, const char *field, const char *mapped);

/** Returns one threshold for all columns: where a measure belongs to none. */
double policy_threshold(const struct policy *policy, enum policy_threshold threshold);

#endif
