/* The two clocks: what time it is, and how much time has passed. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

enum {
	CLOCK_TEXT_SIZE = 32,
};

/** Returns microseconds since 1970-01-01T00:00:00Z. May jump. */
int64_t clock_wall_us(void);

/** Returns microseconds since an arbitrary start. Never goes back. */
int64_t clock_steady_us(void);

/**
 * Writes a wall time as RFC 3339 in UTC, e.g. 2026-11-23T04:45:00.123456Z.
 *
 * @param[out] text  CLOCK_TEXT_SIZE bytes
 * @return text
 */
char *clock_text(int64_t wall_us, char *text);

#endif
