/* Descriptors that a request brings, and how each of them must be. */
#ifndef SERVICE_ITEMS_H
#define SERVICE_ITEMS_H

#include "ledger/ledger.h"

/* What a request brings. */
struct items {
	struct ledger_item *list; /* arena */
	size_t count;
};

/**
 * Checks the `descriptors` of a request and packs them.
 *
 * @param arena        borrowed; keeps what is made
 * @param system       id; "" when the request names none that could be read
 * @param descriptors  borrowed, by the items too
 * @param fault        as for check_refuse(); SPEC_MISSING, NAME_INVALID, PARENT_MISMATCH, KIND_MISMATCH,
 *                     DESCRIPTOR_REPEATED, TEXT_TOO_LONG, TOO_MANY_SOURCES, TOO_MANY_DESCRIPTORS and those of
 *                     specs_check()
 * @param[out] items   of use where the fault stays FAULT_NONE
 */
void items_take(struct arena *arena, const char *system, Tally__V1__Descriptor *const *descriptors,
	size_t count, struct items *items, struct fault *fault);

#endif
