/*
 * Which rows a data set has: the smallest digests of its different rows
 * (bottom-k, KMV).
 *
 * A. Broder, "On the resemblance and containment of documents", 1997;
 * K. Beyer et al., "On synopses for distinct-value estimation under multiset
 * operations", SIGMOD 2007. Of two sets, the digests below the smaller of both
 * thresholds are a random sample of the rows of their union: m of them tell
 * any share p to a standard error of sqrt(p (1 - p) / m). Exact while there
 * are fewer rows than the sketch keeps.
 */
#ifndef PROFILE_ROWS_H
#define PROFILE_ROWS_H

#include <stddef.h>
#include <stdint.h>

/* Make it with rows_init(). */
struct rows {
	int64_t *digests; /* room for twice as many as are kept */
	size_t size, count;
	int64_t limit; /* larger digests are not among the smallest any more */
};

void rows_init(struct rows *rows, size_t size);

/** Frees it. All zero is fine. */
void rows_done(struct rows *rows);

/** Settles what was added: `count` digests then are ascending and differ. */
void rows_settle(struct rows *rows);

/** Adds a row. @param digest  0 or more */
static inline void rows_add(struct rows *rows, int64_t digest)
{
	if (digest > rows->limit)
		return;
	rows->digests[rows->count++] = digest;
	if (rows->count == 2 * rows->size)
		rows_settle(rows);
}

#endif
