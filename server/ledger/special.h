/* What policies, waivers, deployments and clocks need beyond other descriptors, when a change is applied. */
#ifndef LEDGER_SPECIAL_H
#define LEDGER_SPECIAL_H

#include "ledger/ledger.h"
#include "ledger/view_build.h"

/**
 * Do the deployments of a push name versions that there are?
 *
 * @param view   borrowed; with the push's own versions
 * @param fault  set on failure only; its field is that of the push: descriptors[i]...
 * @return FAULT_NONE or FAULT_INVALID (VERSION_NOT_FOUND)
 */
enum fault_code special_check_deployments(
	const struct ledger_view *view, const struct ledger_item *items, size_t count, struct fault *fault);

/**
 * Finds the waivers that ended because time went on, not because they were
 * changed.
 *
 * @param before, after  borrowed; before may be NULL
 * @param[out] count
 * @return arena; borrows from after
 */
const struct model_descriptor *const *special_lapsed(struct arena *arena, const struct ledger_view *before,
	const struct ledger_view *after, size_t *count);

/** Makes the next version's content of a system's clock. @param first see rules_clock_next() @return bytes
 * are the arena's */
struct ledger_item special_clock(
	struct arena *arena, const struct model_system *system, bool first, int64_t now_us);

#endif
