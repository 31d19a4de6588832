/* Cursors, and pulling from the rings. */
#include "hub/inside.h"

#include <stdlib.h>

static void want(struct hub_cursor *cursor, int partition)
{
	cursor->wanted[partition / 64] |= (uint64_t)1 << (partition % 64);
}

struct hub_cursor *hub_cursor_new(struct hub *hub, const struct hub_filter *filter)
{
	struct hub_cursor *cursor = calloc(1, sizeof(*cursor));
	size_t count = (size_t)hub->partition_count;
	if (!cursor || !(cursor->wanted = calloc((count + 63) / 64, sizeof(*cursor->wanted))) ||
		!(cursor->positions = calloc(count, sizeof(*cursor->positions))))
		abort();
	cursor->partition_count = hub->partition_count;
	cursor->era = atomic_load(&hub->era); /* before the heads: better void than wrong */
	for (size_t i = 0; i < filter->system_count; i++)
		want(cursor, model_partition(filter->systems[i], hub->partition_count));
	for (int i = 0; i < hub->partition_count; i++) {
		if (filter->system_count == 0)
			want(cursor, i);
		if (hub_cursor_wants(cursor, i))
			cursor->positions[i] = atomic_load(&hub->partitions[i].head);
	}
	return cursor;
}

bool hub_cursor_is_void(struct hub *hub, const struct hub_cursor *cursor)
{
	return cursor->era != atomic_load(&hub->era);
}

void hub_cursor_free(struct hub_cursor *cursor)
{
	if (!cursor)
		return;
	free(cursor->wanted);
	free(cursor->positions);
	free(cursor);
}

/* Looks at what the ring has beyond the take's position. @return false when it has no longer what comes next
 */
static bool take_from_ring(struct hub *hub, struct hub_partition *partition, struct hub_take *take)
{
	pthread_mutex_lock(&partition->lock);
	bool there = take->position + 1 >= hub_ring_first(partition);
	int64_t head = atomic_load(&partition->head);
	while (there && take->position < head)
		if (!hub_take_event(take, hub_ring_at(hub, partition, take->position + 1)))
			break;
	pthread_mutex_unlock(&partition->lock);
	return there;
}

enum hub_pulled hub_pull(struct hub *hub, const struct hub_filter *filter, struct hub_cursor *cursor,
	struct model_event **events, size_t max_events, size_t max_bytes, size_t *count)
{
	*count = 0;
	int first = cursor->next;
	for (int i = 0; i < hub->partition_count; i++) {
		int index = (first + i) % hub->partition_count;
		struct hub_partition *partition = &hub->partitions[index];
		int64_t position = cursor->positions[index];
		/* The store was ahead of the hub: what the revision still lacks comes before anything else.
		 */
		if (cursor->inside && atomic_load(&partition->head) <= position)
			return HUB_BEHIND;
		if (!hub_cursor_wants(cursor, index) || atomic_load(&partition->head) <= position)
			continue;
		struct hub_take take = {.filter = filter,
			.events = events,
			.max_events = max_events,
			.max_bytes = max_bytes,
			.position = position};
		if (!take_from_ring(hub, partition, &take)) {
			cursor->next = index;
			return HUB_BEHIND;
		}
		hub_take_end(&take, cursor, index);
		*count = take.count;
		if (take.count)
			return HUB_EVENTS;
	}
	return HUB_IDLE;
}

static bool is_behind(struct hub_partition *partition, int64_t position)
{
	if (atomic_load(&partition->head) <= position)
		return false;
	pthread_mutex_lock(&partition->lock);
	bool behind = position + 1 < hub_ring_first(partition);
	pthread_mutex_unlock(&partition->lock);
	return behind;
}

int hub_next_behind(struct hub *hub, const struct hub_cursor *cursor, int partition, int64_t position)
{
	for (int i = 1; i <= hub->partition_count; i++) {
		int index = (partition + i) % hub->partition_count;
		int64_t at = index == partition ? position : cursor->positions[index];
		if (hub_cursor_wants(cursor, index) && is_behind(&hub->partitions[index], at))
			return index;
	}
	return -1;
}

bool hub_is_at_head(struct hub *hub, const struct hub_cursor *cursor)
{
	for (int i = 0; i < hub->partition_count; i++)
		if (hub_cursor_wants(cursor, i) &&
			cursor->positions[i] < atomic_load(&hub->partitions[i].head))
			return false;
	return !cursor->inside;
}
