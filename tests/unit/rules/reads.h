/* Holds rules to the fields that they say they read. */
#ifndef RULES_READS_H
#define RULES_READS_H

#include "load.h"
#include "rules/rules.h"

/** Ends the test when a finding has a place that is in none of its rule's fields and holds none of them. */
void reads_check_places(const struct rules_evaluation *evaluation);

/**
 * Takes all that a rule does not declare out of a system's descriptors, and
 * ends the test when the rule then finds anything else, to the last byte.
 *
 * @param evaluation  of the whole system
 */
void reads_check_rule(const struct loaded *loaded, const struct rules_evaluation *evaluation,
	const struct rules_info *info);

/**
 * Takes the fields out of a system's descriptors one by one, and ends the test
 * when an evaluation that shares what it may is not the full one then.
 *
 * @param evaluation  of the whole system
 */
void reads_check_changes(const struct loaded *loaded, const struct rules_evaluation *evaluation);

#endif
