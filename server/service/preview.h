/*
 * What another policy makes of one system: of what there is now, and of its
 * history, revision by revision. On a reader.
 */
#ifndef SERVICE_PREVIEW_H
#define SERVICE_PREVIEW_H

#include "rules/rules.h"
#include "service/past.h"
#include "service/reading.h"
#include "tally/v1/mismatch_service.pb-c.h"

/* A policy that is tried. */
struct preview_policy {
	const struct ledger_item *item;      /* as it would be pushed */
	struct model_descriptor *descriptor; /* owned */
};

/** Packs a policy. @param arena borrowed; keeps it @param message borrowed, as long as the policy */
void preview_policy_init(struct preview_policy *policy, struct arena *arena, Tally__V1__Policy *message);
void preview_policy_done(struct preview_policy *policy);

/**
 * Says what a push of the policy would make of the system.
 *
 * @param now         borrowed; has service, arena (of the answer), system, view
 * @param room_bytes  of the effect; what does not fit is counted
 * @param[out] effect arena
 * @return as candidate_put_version()
 */
Tally__V1__PolicyEffect *preview_effect(
	struct reading *now, const struct preview_policy *policy, size_t room_bytes);

/* ---- history ---- */

/* What would have been different in the months; ordered. */
struct preview_months {
	Tally__V1__PolicyMonth *list; /* owned; `month` is left empty */
	int *numbers;                 /* owned; 12 * year + month - 1 */
	size_t count;
};

void preview_months_done(struct preview_months *months);

/** Makes the messages. @param[out] count @return arena */
Tally__V1__PolicyMonth **preview_months_messages(
	const struct preview_months *months, struct arena *arena, size_t *count);

/* A walk through one system's history. */
struct preview_walk {
	const struct preview_policy *policy;
	struct past past;                     /* the caller sets its span, with all bodies */
	struct rules_evaluation *own, *other; /* at past.revision, by its own policy and by the one that is
						 tried; NULL: no system */
	struct model_descriptor **tried;      /* what `other` is of; borrowed ones */
	size_t tried_capacity;
};

/** Goes to the span's first revision. @return as past_start() */
enum fault_code preview_walk_start(struct preview_walk *walk, struct store *store, struct fault *fault);

/** Steps to the next revision and counts it in. @return as past_step() */
enum fault_code preview_walk_step(
	struct preview_walk *walk, struct store *store, struct preview_months *months, struct fault *fault);

/** Frees. One that is all zero is fine. */
void preview_walk_done(struct preview_walk *walk);

#endif
