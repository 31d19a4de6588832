/* Events, one line each. */
#ifndef COMMAND_EVENT_LINE_H
#define COMMAND_EVENT_LINE_H

#include <jansson.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "tally/v1/event_service.pb-c.h"

/** Writes an event for people. */
void event_line_text(struct arena *arena, const Tally__V1__Event *event, bool colour, struct buffer *out);

/**
 * Writes what a message says as JSON, one object a line: its events; for a
 * message without events, that the state is complete or that time has passed.
 * The token stands with the last object, because it covers all of them.
 */
void event_line_json(struct arena *arena, const Tally__V1__SubscribeResponse *message, struct buffer *out);

#endif
