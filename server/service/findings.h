/* Findings in answers, of now and of earlier revisions. */
#ifndef SERVICE_FINDINGS_H
#define SERVICE_FINDINGS_H

#include <stddef.h>

#include "model/finding.h"
#include "service/reading.h"

/* A finding as it stood at a revision. */
struct findings_item {
	const struct model_finding *finding;
	struct model_finding_life life; /* resolved_revision 0: open */
};

/**
 * Loads the findings of a revision from the store, ordered by
 * model_finding_compare(). On a reader.
 *
 * @param resolved  also those that were resolved by then
 * @param[out] items, count  the reading's arena; set on success only
 */
enum fault_code findings_at(struct reading *reading, struct store *store, int64_t revision, bool resolved,
	struct findings_item **items, size_t *count, struct fault *fault);

/** Makes a finding from its row. @param[out] item set on success only @return false when the body cannot be
 * read */
bool findings_of_row(struct arena *arena, const struct store_finding *row, struct findings_item *item);

/* Versions by revision: what findings that were resolved at different times name. */
struct findings_versions {
	struct reading *reading;
	struct store *store;
	struct findings_versions_of {
		int64_t revision;
		struct model_versions versions;
	} * known; /* arena */
	size_t count, capacity;
};

/**
 * Makes the API's message of a finding with the versions that it was found
 * in: those of `revision` while it is open, else those before it was resolved.
 * On a reader.
 *
 * @param versions  borrowed; remembers what was read
 * @param[out] message  arena; set on success only
 */
enum fault_code findings_message(struct findings_versions *versions, const struct findings_item *item,
	int64_t revision, Tally__V1__Finding **message, struct fault *fault);

/**
 * Names in a finding's message the versions of its descriptors with which it
 * was not there; none where one of them did not exist then, or where all of
 * them are what they were: then something else brought the finding.
 *
 * @param earlier  borrowed; the versions of a set that did not have the finding
 */
void findings_set_last_passed(
	struct arena *arena, Tally__V1__Finding *message, const struct model_versions *earlier);

#endif
