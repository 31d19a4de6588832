/*
 * Times as text: RFC 3339 and "1.5s", the JSON forms of
 * google.protobuf.Timestamp and Duration, and what people write besides.
 */
#ifndef CODEC_MOMENT_H
#define CODEC_MOMENT_H

#include <stdbool.h>
#include <stdint.h>

enum {
	MOMENT_TEXT_SIZE = 48,
};

/* Whole seconds and the rest. A duration's parts have the same sign. */
struct moment {
	int64_t seconds;
	int32_t nanos;
};

/** Reads e.g. 2026-11-23T04:45:00.25+01:00, or the midnight (UTC) with which 2026-11-23 begins; years 1 to
 * 9999.
 * @param[out] moment on success only */
bool moment_read_time(const char *text, struct moment *moment);

/** Reads e.g. 10s, -0.25s, 500ms, 90m, 36h, 14d or 2w. @param[out] moment on success only */
bool moment_read_duration(const char *text, struct moment *moment);

/** Writes them. @param[out] text MOMENT_TEXT_SIZE bytes @return false when it is beyond what can be written
 */
bool moment_write_time(const struct moment *moment, char *text);
bool moment_write_duration(const struct moment *moment, char *text);

#endif
