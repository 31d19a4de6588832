/* Values as people write them: 8, 4MiB, 500ms, yes. Text in, numbers out; what is wrong comes back as a
 * sentence. */
#ifndef CONFIG_VALUE_H
#define CONFIG_VALUE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * Reads a whole number without a unit.
 *
 * @param[out] number  set on success only
 * @return NULL, or a literal that says what it must be
 */
const char *value_count(const char *text, int64_t *number);

/** Reads bytes: a number, or one followed by B, KiB, MiB or GiB. Parameters and result as value_count(). */
const char *value_size(const char *text, int64_t *bytes);

/** Reads a duration: a number followed by ms, s, m or h. Parameters and result as value_count(). */
const char *value_duration(const char *text, int64_t *ms);

/** Reads yes, true, on, 1 or no, false, off, 0. Parameters and result as value_count(). */
const char *value_switch(const char *text, bool *on);

/** Checks the form of host:port, [address]:port or unix:/path. @return as value_count() */
const char *value_address(const char *text);

#endif
