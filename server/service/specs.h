/*
 * What a policy, a waiver and a deployment must be like to be pushed. What a
 * deployment names is looked up where the change is applied.
 */
#ifndef SERVICE_SPECS_H
#define SERVICE_SPECS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "tally/v1/descriptor.pb-c.h"

/**
 * Notes what is wrong with a spec that a peer pushes: CLOCK_NOT_TAKEN,
 * NAME_INVALID, RULE_UNKNOWN, SEVERITY_UNKNOWN, THRESHOLD_OUT_OF_RANGE,
 * FIELD_MISSING, FIELD_REPEATED, TIME_PASSED, TEXT_TOO_LONG, TOO_MANY_ENTRIES.
 *
 * @param arena       borrowed; for paths
 * @param field       path of the descriptor, e.g. descriptors[2]
 * @param descriptor  borrowed; has a spec; those of the eight kinds pass
 * @param name        its last part
 * @param now_us      wall clock
 * @param fault       FAULT_NONE, or INVALID from something earlier
 * @return true when nothing is wrong
 */
bool specs_check(struct arena *arena, const char *field, const Tally__V1__Descriptor *descriptor,
	const char *name, int64_t now_us, struct fault *fault);

/** The same for a policy alone. @param field its path, e.g. policy */
bool specs_check_policy(
	struct arena *arena, const char *field, const Tally__V1__Policy *policy, struct fault *fault);

#endif
