/* What people read when something went wrong, on standard error. */
#ifndef COMMAND_FAILURE_H
#define COMMAND_FAILURE_H

#include "base/arena.h"
#include "tally.h"

/** Writes "tally: ..." as one line, without characters that would steer a terminal. */
void failure_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Writes "hint: ..." as one line. */
void failure_hint(const char *format, ...) __attribute__((format(printf, 1, 2)));

/**
 * Gives a field of the request a place that its author knows.
 *
 * @param rest  what follows the place in the field, or the field whole
 * @return e.g. "model.yaml:3: trained_model", or NULL to show the field as it is
 */
typedef const char *failure_place_fn(void *context, struct arena *arena, const char *field);

/**
 * Writes a failed call: message, each violation that the message is not, and what to do.
 *
 * @param server  where it was sent
 * @param system  that it was about, or NULL
 * @param place   may be NULL
 */
void failure_call(const struct tally_error *error, const char *server, const char *system,
	failure_place_fn *place, void *context);

#endif
