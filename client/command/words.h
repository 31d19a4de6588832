/* The API's enums, times and names as people write them. Values that a newer server may send have words too.
 */
#ifndef COMMAND_WORDS_H
#define COMMAND_WORDS_H

#include <stdint.h>

#include "base/arena.h"
#include "model/kind.h"
#include "tally/v1/event.pb-c.h"
#include "tally/v1/finding.pb-c.h"

/* Choices of options; each ends with NULL. */
extern const char *const words_kinds[];      /* the eight that describe a part */
extern const char *const words_every_kind[]; /* and those that are kept as they are */
extern const char *const words_severities[];
extern const char *const words_classes[];
extern const char *const words_teams[];
extern const char *const words_events[];

/** Returns e.g. trained_model, or "unknown". */
const char *words_kind(Tally__V1__Kind kind);

/** Returns error, warning or note. */
const char *words_severity(Tally__V1__Severity severity);

/** Returns the severity of that word. */
Tally__V1__Severity words_severity_named(const char *word);

/** Returns allowed, blocked or unknown. */
const char *words_decision(Tally__V1__Decision decision);

/** Returns e.g. finding_opened. */
const char *words_event(Tally__V1__EventType type);

/** Returns the event type of that word, or 0. */
Tally__V1__EventType words_event_named(const char *word);

/** Returns the last part of a resource name. @return borrowed from it */
const char *words_last(const char *resource_name);

/** Returns the system's id of a resource name. @return arena */
const char *words_system(struct arena *arena, const char *resource_name);

/** Returns RFC 3339, or "" without a time. @return arena */
const char *words_time(struct arena *arena, const Google__Protobuf__Timestamp *time);

/** Returns a time for people, to the second, UTC. @return arena */
const char *words_short_time(struct arena *arena, const Google__Protobuf__Timestamp *time);

/** Returns e.g. "1 error", "2 errors" or "2 mismatches". @return arena */
const char *words_count(struct arena *arena, int64_t count, const char *noun);

#endif
