/*
 * A system as it was, one revision after the other. What is in memory at once
 * is bounded: one revision's descriptors and a few of the versions that follow.
 * On a reader; a walk may go on with another connection.
 */
#ifndef SERVICE_PAST_H
#define SERVICE_PAST_H

#include <stdbool.h>

#include "model/descriptor.h"
#include "store/store.h"

struct past {
	/* the caller: set before past_start() */
	struct store_span span; /* goes from `first` to `last`; `bodies`: kinds whose specs are whole, others
				   are empty */

	/* past: borrowed until the next call */
	int64_t revision;
	int64_t at_us;             /* when it came; 0 before the first step */
	struct model_system state; /* no descriptors: the system was not there */

	/* its own */
	struct model_descriptor **descriptors;
	size_t capacity;
	struct arena *arena; /* of the rows */
	struct store_version *rows;
	size_t row_count, row_at;
	int64_t read_until; /* rows of all revisions up to it have been read */
};

/** Goes to the span's first revision; 0 is before all. @return the store's fault, or INTERNAL
 * (BODY_NOT_READABLE) */
enum fault_code past_start(struct past *past, struct store *store, struct fault *fault);

/** Steps to the next revision; not past the span's last one. @return as past_start() */
enum fault_code past_step(struct past *past, struct store *store, struct fault *fault);

/** Frees. One that is all zero is fine. */
void past_done(struct past *past);

#endif
