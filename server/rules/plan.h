/*
 * The runs of an evaluation, and which of them read what differs between two
 * systems; private to this room. It is the one place that decides what runs
 * again: a run sees of the descriptors
 *   - which ones there are of the kinds that it reads, by their names;
 *   - the fields that its rule declares, and no other;
 *   - when they were pushed, where its rule is `dated`.
 * Nothing else may reach a finding: neither another field, nor a version's
 * number, nor who pushed it. tests/unit/rules/ holds every rule to that.
 */
#ifndef RULES_PLAN_H
#define RULES_PLAN_H

#include <stdint.h>

#include "rules/rule.h"

/* One rule, or for a per_kind rule one rule and one kind. */
struct plan_run {
	const struct rule *rule;
	enum model_kind kind; /* KIND_NONE unless the rule is per_kind */
};

enum {
	PLAN_RUNS_MAX = 128
};

/* Some of the runs, by their places in the plan. All zero is empty. */
struct plan_set {
	uint64_t words[PLAN_RUNS_MAX / 64];
};

/** Returns the number of runs, the same for every evaluation. */
size_t plan_count(void);

/** Returns a run; they are in the order of their rules. @param index below plan_count() */
const struct plan_run *plan_at(size_t index);

/** Returns the kinds that a run reads. */
kind_set plan_reads(const struct plan_run *run);

/** Is a run in a set? */
bool plan_has(const struct plan_set *set, size_t index);

/** Is a set empty? */
bool plan_none(const struct plan_set *set);

/**
 * Tells which runs read anything that differs between two systems, of which
 * the others find the same in both. Descriptors that both share are not looked
 * at.
 */
struct plan_set plan_differing(const struct model_system *a, const struct model_system *b);

#endif
