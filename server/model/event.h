/* One event: what its subscribers are sent, and what filters ask about. */
#ifndef MODEL_EVENT_H
#define MODEL_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/kind.h"
#include "model/name.h"

/* The numbers are those of tally.v1.EventType and are stored. */
enum model_event_type {
	EVENT_NONE = 0,
	EVENT_DESCRIPTOR_PUSHED,
	EVENT_DESCRIPTOR_DELETED,
	EVENT_FINDING_OPENED,
	EVENT_FINDING_CHANGED,
	EVENT_FINDING_RESOLVED,
	EVENT_VERDICT_CHANGED,
	EVENT_WAIVER_ADDED,
	EVENT_WAIVER_ENDED,
	EVENT_POLICY_CHANGED,
	EVENT_SYSTEM_CREATED,
	EVENT_SYSTEM_DELETED,
	EVENT_END
};

/* All that is known of an event but its place and its bytes. */
struct model_event_facts {
	char system[MODEL_ID_SIZE];
	int64_t revision;
	enum model_event_type type;
	bool last;        /* the last event of its revision */
	kind_set kinds;   /* what it is about; 0: no kind */
	uint8_t class;    /* enum model_class; 0: no finding */
	uint8_t severity; /* enum model_severity; 0: no finding */
	uint32_t teams;   /* TEAM_BIT()s; 0: no finding */
	int64_t at_us;    /* wall clock */
};

/*
 * Immutable and counted: all subscribers share one. `body` is a packed
 * tally.v1.Event without last_of_revision, which the sender appends.
 */
struct model_event {
	struct model_event_facts facts;
	int partition;
	int64_t position; /* 1, 2, 3 ... in its partition, without gaps */
	size_t size;
	_Atomic unsigned references;
	unsigned char body[];
};

/** Makes an event. @param body borrowed; copied @return owned (one reference) */
struct model_event *model_event_new(const struct model_event_facts *facts, int partition, int64_t position,
	const void *body, size_t size);

struct model_event *model_event_ref(struct model_event *event);
void model_event_unref(struct model_event *event);

#endif
