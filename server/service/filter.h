/* Which findings a list is asked for. */
#ifndef SERVICE_FILTER_H
#define SERVICE_FILTER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/fault.h"
#include "model/finding.h"
#include "tally/v1/mismatch_service.pb-c.h"

struct filter {
	kind_set kinds;    /* involves one of them */
	uint32_t classes;  /* bits (1 << enum model_class) */
	const bool *rules; /* by index of rules_at(); NULL: all */
	enum model_severity min_severity;
	uint32_t teams; /* TEAM_BIT()s */
};

/**
 * Reads the conditions of a request.
 *
 * @param fault  as for check_refuse(); KIND_UNSPECIFIED, RULE_CLASS_UNKNOWN, RULE_UNKNOWN, TEAM_UNKNOWN
 * @param[out] filter  set on success only
 */
bool filter_read(struct arena *arena, const Tally__V1__ListFindingsRequest *request, struct filter *filter,
	struct fault *fault);

bool filter_passes(const struct filter *filter, const struct model_finding *finding);

#endif
