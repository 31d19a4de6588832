/* Are two evaluations the same? */
#ifndef RULES_SAME_H
#define RULES_SAME_H

#include "rules/rules.h"

/** Ends the test when two evaluations differ in anything, to the last byte. */
void same_assert(const struct rules_evaluation *a, const struct rules_evaluation *b);

#endif
