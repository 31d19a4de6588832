/* What the parts of the gate share. */
#ifndef COMMAND_GATE_INSIDE_H
#define COMMAND_GATE_INSIDE_H

#include "command/gate.h"

#define GATE_EVALUATE "/tally.v1.MismatchService/Evaluate"

/* What was there before: what is not new. All zero: nothing. */
struct gate_before {
	struct map findings; /* by name; map_done() */
	kind_set missing;
	int64_t revision; /* of the versions that were compared with */
};

/**
 * Reads what was there before.
 *
 * @param[out] before  set in any case
 * @return false after complaining
 */
bool gate_before_read(struct session *session, const struct gate_ask *ask, struct gate_before *before);

/** Notes which of the report's findings are not new. */
void gate_before_mark(const struct gate_before *before, struct gate *gate);

/** Tells what opened and what is gone: against what was before, or as the server compared it. */
void gate_compare(struct session *session, const struct gate_ask *ask, const struct gate_before *before,
	const Tally__V1__EvaluateResponse *answer, struct gate *gate);

/** Picks the findings that the teams owe which were asked for. @return arena */
Tally__V1__Finding **gate_owed(struct session *session, const struct gate_ask *ask,
	Tally__V1__Finding *const *findings, size_t count, size_t *owed_count);

#endif
