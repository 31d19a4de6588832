/* Pulling from what was read from the store, as hub_pull() does from the ring. No I/O. */
#include <stdlib.h>

#include "service/subscribe.h"

static void start(struct subscribe_page *page, const struct hub_cursor *cursor)
{
	page->take.events = page->taken;
	page->take.max_events = SUBSCRIBE_EVENTS_MAX;
	page->take.max_bytes = SUBSCRIBE_BYTES_MAX;
	page->take.position = cursor->positions[page->partition];
	page->take.count = page->take.bytes = page->take.whole = 0;
	page->take.bounded = page->take.full = false;
}

struct subscribe_page *subscribe_page_new(const struct hub_filter *filter, const struct hub_cursor *cursor)
{
	struct subscribe_page *page = calloc(1, sizeof(*page));
	if (!page)
		abort();
	page->partition = cursor->next;
	page->take.filter = filter;
	start(page, cursor);
	return page;
}

void subscribe_page_free(struct subscribe_page *page)
{
	if (!page)
		return;
	for (size_t i = 0; i < page->take.count; i++)
		model_event_unref(page->taken[i]);
	subscribe_read_free(page->read);
	free(page);
}

enum hub_pulled subscribe_page_pull(
	struct subscribe_page *page, struct hub_cursor *cursor, struct model_event **events, size_t *count)
{
	struct subscribe_read *read = page->read;
	struct hub_take *take = &page->take;
	*count = 0;
	if (!read)
		return HUB_BEHIND;
	size_t at = (size_t)(take->position - read->after);
	while (at < read->event_count && hub_take_event(take, read->events[at]))
		at++;
	if (at == read->event_count && hub_take_unsettled(take)) {
		subscribe_read_free(read);
		page->read = NULL;
		return HUB_BEHIND;
	}
	hub_take_end(take, cursor, page->partition);
	for (size_t i = 0; i < take->count; i++)
		events[i] = page->taken[i];
	*count = take->count;
	start(page, cursor);
	return take->position - read->after == (int64_t)read->event_count ? HUB_IDLE : HUB_EVENTS;
}
