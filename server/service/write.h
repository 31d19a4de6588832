/*
 * What the methods that write have in common: a change that goes to the ledger
 * and comes back with its answer.
 *
 *   (the method's own checks) -> submit -> answer
 */
#ifndef SERVICE_WRITE_H
#define SERVICE_WRITE_H

#include <protobuf-c/protobuf-c.h>

#include "service/service.h"
#include "tally/v1/finding.pb-c.h"

enum {
	WRITE_TEAM_MAX = 200,  /* bytes of owner_team */
	WRITE_NOTE_MAX = 2000, /* bytes of change_note */
};

/* The first member of every writing method's state. */
struct write {
	struct rpc_call *call;
	struct service *service;
	struct ledger_change change;
};

/** Begins; the first thing a writing method does. @return the call's state, with what every change has filled
 * in */
struct write *write_start(struct rpc_call *call);

/**
 * Hands the change to the ledger and answers the call with what comes back.
 *
 * @param method   path of the method
 * @param request  borrowed; the request as it is compared with a repeat under the same request id
 * @return RPC_WAIT
 */
enum rpc_next write_submit(struct rpc_call *call, const char *method, const void *request);

/* A list of findings for an answer. */
struct write_findings {
	Tally__V1__Finding **items; /* arena */
	size_t count;
};

/* What an answer says of a change's findings: as many as fit. */
struct write_answer {
	Tally__V1__Verdict *verdict;
	struct write_findings opened, changed, resolved;
	int32_t omitted; /* findings that do not fit */
};

/**
 * Makes the findings' messages of an outcome, in an answer of at most the
 * server's message size. Runs on the lane.
 *
 * @param used_bytes  size of the rest of the answer
 * @return arena; borrows from the outcome
 */
struct write_answer *write_answer_of(const struct ledger_change *change, const struct ledger_outcome *outcome,
	struct arena *arena, size_t used_bytes);

#endif
