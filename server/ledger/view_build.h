/* Making views; for this room only. */
#ifndef LEDGER_VIEW_BUILD_H
#define LEDGER_VIEW_BUILD_H

#include "ledger/view.h"
#include "rules/rules.h"
#include "store/store.h"

/*
 * A view while it is made, all of it readable once it is published. `arena`
 * owns every array and text; descriptors and evaluation are references.
 */
struct ledger_view {
	_Atomic unsigned references;
	struct arena *arena;
	struct model_system system;
	int64_t revision;
	int64_t created_at_us;
	int64_t updated_at_us;
	bool deleted;
	const void *meta;
	size_t meta_size;
	struct rules_evaluation *evaluation; /* NULL when deleted */
	struct ledger_finding *findings;     /* in the evaluation's order */
	size_t finding_count;
	/* Open in the store, but not found by this server's rules: the next change resolves them. */
	struct store_open_finding *strays;
	size_t stray_count;
	/* The last versions of deleted descriptors. */
	struct model_version *gone;
	size_t gone_count;
	struct model_verdict verdict;
	struct model_verdict *environments; /* of the production environments, in their order */
	size_t environment_count;
};

/** Makes an empty view of a system. @return owned (one reference) */
struct ledger_view *ledger_view_new(const char *system);

/**
 * Makes room for descriptors; the caller puts references into
 * system.descriptors, ordered by kind and name.
 *
 * @return the array, of `count` elements
 */
struct model_descriptor **ledger_view_descriptors(struct ledger_view *view, size_t count);

/** Copies owner's bytes and gone versions into the view. */
void ledger_view_set_meta(struct ledger_view *view, const void *meta, size_t size);
void ledger_view_set_gone(struct ledger_view *view, const struct model_version *gone, size_t count);

/**
 * Evaluates the view's descriptors and judges them; lives of the findings are
 * left zero.
 *
 * @param earlier  borrowed; view before the change, or NULL; or the view itself, after a further change
 */
void ledger_view_evaluate(struct ledger_view *view, const struct ledger_view *earlier);

/**
 * Makes a view of what the store has. Takes the snapshot's descriptors.
 *
 * @param earlier  borrowed; any view of the system, whose findings about the same are taken over; or NULL
 * @return owned (one reference)
 */
struct ledger_view *ledger_view_of(struct store_snapshot *snapshot, const struct ledger_view *earlier);

/** Returns the bytes that it keeps in memory; what it shares with other views counts whole. */
size_t ledger_view_memory(const struct ledger_view *view);

#endif
