/*
 * What a change does to a system: from the view before to the view after,
 * with what differs between them. No I/O, no clock.
 */
#ifndef LEDGER_APPLY_H
#define LEDGER_APPLY_H

#include "ledger/ledger.h"
#include "ledger/view_build.h"

enum {
	LEDGER_DESCRIPTORS_MAX = 1000, /* current ones in one system */
	LEDGER_NAMES_MAX = 10000,      /* of them and of deleted ones, whose numbering is kept */
};

/* All arrays are the arena's. */
struct applied {
	struct ledger_view *view; /* a reference; after the change; the one before when nothing changed */
	struct ledger_outcome outcome;
	int64_t *changed_since;               /* of each changed finding: the revision of its state before */
	struct store_version_write *versions; /* new ones, tombstones too */
	size_t version_count;
	const struct model_descriptor *const *lapsed; /* waivers that ended by time */
	size_t lapsed_count;
};

/**
 * Applies a change.
 *
 * @param arena   borrowed
 * @param before  borrowed; NULL when the system never was
 * @param now_us  wall clock; revisions of a system never go back in time
 * @param partition  of the system
 * @param[out] applied  set on success only; the caller unrefs its view
 * @return see ledger_submit()
 */
enum fault_code apply(struct arena *arena, const struct ledger_change *change, struct ledger_view *before,
	int64_t now_us, int partition, struct applied *applied, struct fault *fault);

#endif
