/* What Evaluate is asked, checked. */
#ifndef SERVICE_EVALUATE_REQUEST_H
#define SERVICE_EVALUATE_REQUEST_H

#include "model/name.h"
#include "service/items.h"
#include "tally/v1/mismatch_service.pb-c.h"

/* Borrows from the request. */
struct evaluate_ask {
	struct model_name parent;
	bool deployed;
	const char *environment;     /* "": the whole system */
	struct model_name *versions; /* arena */
	size_t version_count;
	struct items items;
	int64_t baseline_revision; /* 0: what the set starts from */
};

/**
 * Reads a request.
 *
 * @param fault  as for check_refuse(); NAME_INVALID, PARENT_MISMATCH, KIND_NOT_TAKEN, VERSION_REPEATED,
 *               TOO_MANY_VERSIONS, ENVIRONMENT_MISSING, REVISION_NEGATIVE and those of
 *               items_take()
 * @param[out] ask  of use where the fault stays FAULT_NONE
 */
void evaluate_ask_read(struct arena *arena, const Tally__V1__EvaluateRequest *request,
	struct evaluate_ask *ask, struct fault *fault);

#endif
