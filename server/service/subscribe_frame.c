/*
 * Framing: a SubscribeResponse around events that are packed already, without
 * copying them. What protobuf lets one do for that: fields may come in any
 * order, so a mark can be appended to an event; and a message is its fields
 * one behind the other.
 */
#include <assert.h>
#include <string.h>

#include "base/plant.h"
#include "service/subscribe.h"

enum {
	EVENTS_TAG = 1 << 3 | 2, /* SubscribeResponse.events, a message */
	TOKEN_TAG = 2 << 3 | 2,  /* SubscribeResponse.resume_token, text */
	PHASE_TAG = 3 << 3 | 0,  /* SubscribeResponse.phase, varint */
	LAST_TAG = 4 << 3 | 0,   /* Event.last_of_revision, varint */
	MARK_SIZE = 2,
	HEAD_MAX = MARK_SIZE + 1 + 10,
};

static size_t put_varint(uint8_t *out, size_t number)
{
	size_t size = 0;
	for (; number >= 0x80; number >>= 7)
		out[size++] = (uint8_t)(number | 0x80);
	out[size++] = (uint8_t)number;
	return size;
}

/* Writes the mark that the event before still needs. */
static size_t put_mark(struct subscribe_frame *frame, uint8_t *out)
{
	if (!frame->marked)
		return 0;
	frame->marked = false;
	out[0] = LAST_TAG;
	out[1] = 1;
	return MARK_SIZE;
}

static void add_piece(struct subscribe_frame *frame, const void *bytes, size_t size)
{
	if (size)
		frame->pieces[frame->count++] = (struct rpc_piece){.bytes = bytes, .size = size};
}

static void release_event(void *event)
{
	model_event_unref(event);
}

void subscribe_frame_begin(struct subscribe_frame *frame, struct arena *arena, size_t events)
{
	*frame = (struct subscribe_frame){.arena = arena};
	frame->pieces = arena_array(arena, 2 * events + 3, sizeof(*frame->pieces));
}

void subscribe_frame_event(
	struct subscribe_frame *frame, const void *bytes, size_t size, struct model_event *owner, bool last)
{
	assert(size > 0);
	uint8_t *head = arena_alloc(frame->arena, HEAD_MAX);
	size_t used = put_mark(frame, head);
	head[used++] = EVENTS_TAG;
	used += put_varint(head + used, size + (last ? MARK_SIZE : 0));
	add_piece(frame, head, used);
	add_piece(frame, bytes, size);
	frame->marked = last;
	if (!owner)
		return;
	frame->pieces[frame->count - 1].owner = owner;
	frame->pieces[frame->count - 1].release = release_event;
}

static bool same_revision(const struct model_event *a, const struct model_event *b)
{
	return a->facts.revision == b->facts.revision && strcmp(a->facts.system, b->facts.system) == 0;
}

void subscribe_frame_events(
	struct subscribe_frame *frame, struct model_event *const *events, size_t count, bool inside)
{
	for (size_t i = 0; i < count; i++) {
		bool last = i + 1 < count ? !same_revision(events[i], events[i + 1]) : !inside;
		subscribe_frame_event(
			frame, events[i]->body, events[i]->size, events[i], last != PLANTED("wrong-mark"));
	}
}

void subscribe_frame_end(struct subscribe_frame *frame, Tally__V1__Phase phase, const char *token)
{
	size_t length = token ? strlen(token) : 0;
	uint8_t *head = arena_alloc(frame->arena, HEAD_MAX);
	size_t used = put_mark(frame, head);
	if (length) {
		head[used++] = TOKEN_TAG;
		used += put_varint(head + used, length);
	}
	add_piece(frame, head, used);
	add_piece(frame, token, length);
	uint8_t *tail = arena_alloc(frame->arena, 2);
	tail[0] = PHASE_TAG;
	tail[1] = (uint8_t)phase;
	add_piece(frame, tail, 2);
}
