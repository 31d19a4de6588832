/*
 * A system at one revision, as readers see it: immutable and counted. Views
 * of successive revisions share what did not change.
 */
#ifndef LEDGER_VIEW_H
#define LEDGER_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/descriptor.h"
#include "model/finding.h"

/* An open finding with its life. */
struct ledger_finding {
	const struct model_finding *finding;
	struct model_finding_life life;
};

struct ledger_view;
struct rules_evaluation;

struct ledger_view *ledger_view_ref(struct ledger_view *view);
void ledger_view_unref(struct ledger_view *view);

/** Returns the system's current descriptors. Borrowed from the view, as all below. */
const struct model_system *ledger_view_system(const struct ledger_view *view);

int64_t ledger_view_revision(const struct ledger_view *view);
int64_t ledger_view_created_at_us(const struct ledger_view *view);
int64_t ledger_view_updated_at_us(const struct ledger_view *view);

/** Is this the end of a deleted system? */
bool ledger_view_deleted(const struct ledger_view *view);

/** Returns the packed tally.v1.System of its owner. @param[out] size */
const void *ledger_view_meta(const struct ledger_view *view, size_t *size);

/** Returns the verdict of the whole system. */
const struct model_verdict *ledger_view_verdict(const struct ledger_view *view);

/**
 * Returns the verdict of one production environment, made with the view.
 *
 * @param name  of the environment
 * @return NULL when there is none of that name
 */
const struct model_verdict *ledger_view_environment(const struct ledger_view *view, const char *name);

/** Returns the evaluation of its descriptors; NULL when it is deleted. */
struct rules_evaluation *ledger_view_evaluation(const struct ledger_view *view);

/** Returns the number that the next version of a descriptor gets, whether there is one of that name or not.
 */
int32_t ledger_view_next_version(const struct ledger_view *view, enum model_kind kind, const char *name);

/** Returns when the same descriptors may be judged differently, see rules_evaluation_due_us(). */
int64_t ledger_view_due_us(const struct ledger_view *view);

/** Returns the open findings, ordered by model_finding_compare(). @param[out] count */
const struct ledger_finding *ledger_view_findings(const struct ledger_view *view, size_t *count);

/** @return the open finding of that id, or NULL */
const struct ledger_finding *ledger_view_finding(const struct ledger_view *view, const char *id);

enum {
	LEDGER_ETAG_SIZE = 48
};

/** Writes the etag of a system at a revision: "\"r12\"". @param[out] etag LEDGER_ETAG_SIZE bytes @return etag
 */
char *ledger_system_etag(int64_t revision, char *etag);

#endif
