/*
 * Reading ahead: while a page from the store is sent, those that will be
 * wanted next are read. Which ones they are is a guess from where the hub and
 * the cursor stand; a wrong guess costs a read, never an event, because a page
 * only takes a read that begins where it is itself.
 */

#include "service/subscribe.h"

/* Where a read begins. */
struct place {
	int partition; /* -1: nowhere */
	int64_t after;
};

static struct place place_of(const struct subscribe_read *read)
{
	return (struct place){read->partition, read->after};
}

static bool same(struct place a, struct place b)
{
	return a.partition == b.partition && a.after == b.after;
}

static bool begins_at(const struct subscribe_read *read, struct place place)
{
	return read && same(place_of(read), place);
}

static int64_t end_of(const struct subscribe_read *read)
{
	return read->after + (int64_t)read->event_count;
}

/* What follows the read that is sent. A revision goes on to its end before another partition's turn. */
static struct place behind_page(
	struct hub *hub, const struct hub_cursor *cursor, const struct subscribe_read *read)
{
	int64_t end = end_of(read);
	if (!read->events[read->event_count - 1]->facts.last)
		return (struct place){read->partition, end};
	int partition = hub_next_behind(hub, cursor, read->partition, end);
	return (struct place){partition,
		partition == read->partition || partition < 0 ? end : cursor->positions[partition]};
}

/* What follows a read that is under way: the end of it is not known, so it is another partition. */
static struct place behind_ahead(struct hub *hub, const struct hub_cursor *cursor,
	const struct subscribe_read *read, const struct subscribe_read *ahead)
{
	int partition = hub_next_behind(hub, cursor, ahead->partition, INT64_MAX);
	if (partition < 0 || partition == read->partition)
		return (struct place){-1, 0};
	return (struct place){partition, cursor->positions[partition]};
}

static struct subscribe_read *start(struct rpc_call *call, struct place place)
{
	if (place.partition < 0)
		return NULL;
	struct subscribe_read *read = subscribe_read_new(call, NULL);
	read->partition = place.partition;
	read->after = place.after;
	read->read.run = subscribe_read_events;
	if (subscribe_read_ahead(read))
		return read;
	subscribe_read_free(read);
	return NULL;
}

void subscribe_ahead_follow(struct subscribe_ahead *ahead, struct rpc_call *call,
	const struct hub_cursor *cursor, const struct subscribe_read *read)
{
	struct hub *hub = read->service->hub;
	struct place place = behind_page(hub, cursor, read);
	if (!begins_at(ahead->first, place)) {
		subscribe_read_free(ahead->second);
		ahead->second = ahead->first; /* may still be right, a turn later */
		ahead->first = start(call, place);
	}
	if (!ahead->first || ahead->second)
		return;
	ahead->second = start(call, behind_ahead(hub, cursor, read, ahead->first));
}

struct subscribe_read *subscribe_ahead_take(struct subscribe_ahead *ahead, const struct subscribe_page *page)
{
	struct place place = {page->partition, page->take.position};
	if (!begins_at(ahead->first, place)) {
		subscribe_ahead_drop(ahead);
		return NULL;
	}
	struct subscribe_read *read = ahead->first;
	ahead->first = ahead->second;
	ahead->second = NULL;
	return read;
}

void subscribe_ahead_drop(struct subscribe_ahead *ahead)
{
	subscribe_read_free(ahead->first);
	subscribe_read_free(ahead->second);
	ahead->first = ahead->second = NULL;
}
