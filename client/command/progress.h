/* One line on a terminal that tells how far long work is. Elsewhere nothing is written. */
#ifndef COMMAND_PROGRESS_H
#define COMMAND_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

struct progress {
	bool shown; /* standard error is a terminal */
	int64_t start_us, next_us;
	bool line; /* there is one to wipe away */
};

/** Starts the clock. */
void progress_start(struct progress *progress);

/**
 * Says how far it is: bytes, rows, rate and, when the total is known, the time left.
 * Writes no more than ten times a second.
 *
 * @param what   of what, e.g. a file's path, of which the last part is shown
 * @param total  bytes; 0: not known
 * @param rows   0: there are none to tell
 */
void progress_tell(struct progress *progress, const char *what, int64_t done, int64_t total, int64_t rows);

/** The same for work that is counted, not measured. @param what e.g. "revisions" @param total 0: not known */
void progress_count(struct progress *progress, const char *what, int64_t done, int64_t total);

/** Wipes the line away. */
void progress_end(struct progress *progress);

/** Writes the line's text. @param elapsed_us since the start @return arena */
const char *progress_text(
	struct arena *arena, const char *what, int64_t done, int64_t total, int64_t rows, int64_t elapsed_us);

/** Writes the line's text for progress_count(). @return arena */
const char *progress_count_text(
	struct arena *arena, const char *what, int64_t done, int64_t total, int64_t elapsed_us);

#endif
