/* Gathering whole revisions. */
#include "hub/hub.h"

#include "base/plant.h"

static bool fits(const struct hub_take *take, const struct model_event *event)
{
	if (take->count == 0)
		return true;
	return take->count < take->max_events && event->size <= take->max_bytes &&
	       take->bytes <= take->max_bytes - event->size;
}

bool hub_take_event(struct hub_take *take, struct model_event *event)
{
	if (hub_filter_passes(take->filter, &event->facts) && !PLANTED("skip-event")) {
		if (!fits(take, event)) {
			take->full = true;
			return false;
		}
		take->events[take->count++] = model_event_ref(event);
		if (PLANTED("repeat-event") && take->count < take->max_events)
			take->events[take->count++] = model_event_ref(event);
		take->bytes += event->size;
	}
	take->position = event->position;
	if (event->facts.last) {
		take->whole = take->count;
		take->bounded = true;
		take->boundary = event->position;
	}
	return true;
}

bool hub_take_unsettled(const struct hub_take *take)
{
	return !take->full && take->whole == 0 && take->count > 0;
}

void hub_take_end(struct hub_take *take, struct hub_cursor *cursor, int partition)
{
	bool split = take->full && take->whole == 0;
	if (split) {
		cursor->inside =
			true; /* what did not fit is of the same revision, or `whole` would not be 0 */
	} else if (take->bounded) {
		cursor->inside = false;
	}
	if (split || take->count == take->whole)
		cursor->positions[partition] = take->position;
	else if (take->bounded)
		cursor->positions[partition] = take->boundary;
	while (!split && take->count > take->whole)
		model_event_unref(take->events[--take->count]);
	cursor->next = cursor->inside ? partition : (partition + 1) % cursor->partition_count;
}
