/* Counted events. */
#include "model/event.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

struct model_event *model_event_new(
	const struct model_event_facts *facts, int partition, int64_t position, const void *body, size_t size)
{
	struct model_event *event = malloc(sizeof(*event) + size);
	if (!event)
		abort();
	event->facts = *facts;
	event->partition = partition;
	event->position = position;
	event->size = size;
	atomic_init(&event->references, 1);
	if (size)
		memcpy(event->body, body, size);
	return event;
}

struct model_event *model_event_ref(struct model_event *event)
{
	atomic_fetch_add_explicit(&event->references, 1, memory_order_relaxed);
	return event;
}

void model_event_unref(struct model_event *event)
{
	if (event && atomic_fetch_sub_explicit(&event->references, 1, memory_order_acq_rel) == 1)
		free(event);
}
