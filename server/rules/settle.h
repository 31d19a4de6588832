/*
 * What the policy, the waivers and the grace of new rules make of findings;
 * private to this room. The thresholds of the policy are policy.c.
 */
#ifndef RULES_SETTLE_H
#define RULES_SETTLE_H

#include "rules/rules.h"

/* How one rule counts in one system. */
struct settle_rule {
	enum model_severity severity; /* SEVERITY_NONE: what the rule says */
	bool off;                     /* its findings are left out */
	int64_t blocks_from_us;       /* of its errors; 0: at once */
};

/**
 * Returns how the rules count in a system, in the order of rules_at().
 *
 * @param[out] due_us  the moment at which that changes; INT64_MAX: never
 * @return arena
 */
const struct settle_rule *settle_rules(
	struct arena *arena, const struct model_system *system, int64_t *due_us);

/** Returns the severity that a rule's findings have: its own, or what the policy makes of it. */
enum model_severity settle_severity(const struct settle_rule *rule, const struct rules_info *info);

/**
 * Leaves out what is off, and puts copies with another severity, a waiver or a
 * later blocking in the place of findings. The order is that of before.
 *
 * @param arena     borrowed; copies are made in it
 * @param findings  borrowed
 * @param count     in and out
 * @param[out] due_us  when it may come out differently; INT64_MAX: never
 * @return arena; NULL when all stands as it is
 */
const struct model_finding **settle(struct arena *arena, const struct model_system *system,
	const struct model_finding *const *findings, size_t *count, int64_t *due_us);

/**
 * Do two systems have the very same policy, waivers and clock? Then settle()
 * leaves the same findings alone in both of them or in neither.
 */
bool settle_alike(const struct model_system *a, const struct model_system *b);

/** Returns the clock's state, or NULL. Borrowed from the system. */
const Tally__V1__Clock *settle_clock(const struct model_system *system);

/** Returns the grace that the policy gives new rules; 0 for none. */
int64_t settle_grace_us(const struct model_system *system);

/** Returns when the grace of the set that the clock names ends, over or not; 0 when there is none. */
int64_t settle_grace_end_us(const struct model_system *system);

#endif
