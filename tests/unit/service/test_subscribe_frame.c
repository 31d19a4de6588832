/* Framing: the pieces joined are the SubscribeResponse that a client reads. */
#include "cases.h"

#include <ctype.h>
#include <string.h>

#include "base/buffer.h"
#include "model/message.h"
#include "service/subscribe.h"

enum {
	EVENTS_MAX = 300
};

/*
 * Events as text: a letter is an event, '.' behind it ends its revision, '+' at
 * the end: the last revision goes on in the next message. Expected: the same
 * letters, with '!' behind those that are marked.
 */
struct row {
	const char *name;
	const char *events;
	const char *marked;
	const char *token;
	Tally__V1__Phase phase;
	size_t padding; /* bytes that each event has at least */
};

static const struct row rows[] = {
	{"a message without events is a token and a phase", "", "", "token",
		TALLY__V1__PHASE__PHASE_CHECKPOINT, 0},
	{"the only event of a revision is marked", "a.", "a!", "token", TALLY__V1__PHASE__PHASE_LIVE, 0},
	{"only the last event of a revision is marked", "abc.", "abc!", "token", TALLY__V1__PHASE__PHASE_LIVE,
		0},
	{"each revision's last event is marked", "ab.c.de.", "ab!c!de!", "token",
		TALLY__V1__PHASE__PHASE_LIVE, 0},
	{"a revision that goes on is not marked", "abc+", "abc", NULL, TALLY__V1__PHASE__PHASE_LIVE, 0},
	{"the end of a split revision is marked", "d.", "d!", "token", TALLY__V1__PHASE__PHASE_LIVE, 0},
	{"events of 2 bytes of length", "ab.c.", "ab!c!", "token", TALLY__V1__PHASE__PHASE_LIVE, 300},
	{"events whose mark makes the length a byte longer", "ab.c.", "ab!c!", "token",
		TALLY__V1__PHASE__PHASE_LIVE, 104},
	{"events of 3 bytes of length", "ab.c.", "ab!c!", NULL, TALLY__V1__PHASE__PHASE_STATE, 70000},
};

static struct model_event *event_of(struct arena *arena, char letter, int64_t revision, size_t padding)
{
	Tally__V1__Event event = TALLY__V1__EVENT__INIT;
	event.system = "systems/s";
	event.revision = revision;
	event.type = TALLY__V1__EVENT_TYPE__EVENT_TYPE_FINDING_OPENED;
	event.what_case = TALLY__V1__EVENT__WHAT_FINDING;
	Tally__V1__Finding finding = TALLY__V1__FINDING__INIT;
	event.finding = &finding;
	finding.name = arena_print(arena, "%c", letter);
	finding.message = arena_print(arena, "%0*d", (int)padding, 0);
	size_t size = 0;
	const void *bytes = model_message_pack(arena, &event, &size);
	struct model_event_facts facts = {.system = "s", .revision = revision};
	return model_event_new(&facts, 0, 1, bytes, size);
}

static size_t events_of(struct arena *arena, const struct row *row, struct model_event **events)
{
	int64_t revision = 1;
	size_t count = 0;
	for (const char *at = row->events; *at; at++) {
		if (isalpha((unsigned char)*at))
			events[count++] = event_of(arena, *at, revision, row->padding);
		else
			revision++;
	}
	return count;
}

/* What the transport does: joins, and releases what is owned. */
static Tally__V1__SubscribeResponse *join(struct arena *arena, const struct subscribe_frame *frame)
{
	struct buffer buffer = {0};
	for (size_t i = 0; i < frame->count; i++) {
		const struct rpc_piece *piece = &frame->pieces[i];
		assert_true(piece->size > 0);
		buffer_add(&buffer, piece->bytes, piece->size);
		if (piece->owner)
			piece->release(piece->owner);
	}
	Tally__V1__SubscribeResponse *response = model_message_unpack(
		arena, &tally__v1__subscribe_response__descriptor, buffer.bytes, buffer.size);
	buffer_done(&buffer);
	assert_non_null(response);
	return response;
}

/* Each event's bytes are a piece that is the event's own: nobody has copied them. */
static void expect_shared(
	const struct subscribe_frame *frame, struct model_event *const *events, size_t count)
{
	size_t shared = 0;
	for (size_t i = 0; i < frame->count && shared < count; i++) {
		const struct rpc_piece *piece = &frame->pieces[i];
		shared += piece->owner == events[shared] && piece->bytes == events[shared]->body &&
			  piece->size == events[shared]->size;
	}
	assert_int_equal(shared, count);
}

static void check(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	struct model_event *events[EVENTS_MAX] = {NULL};
	size_t count = events_of(arena, row, events);
	struct subscribe_frame frame;
	subscribe_frame_begin(&frame, arena, count);
	subscribe_frame_events(&frame, events, count, strchr(row->events, '+') != NULL);
	subscribe_frame_end(&frame, row->phase, row->token);
	expect_shared(&frame, events, count);
	const Tally__V1__SubscribeResponse *response = join(arena, &frame);

	char marked[2 * EVENTS_MAX] = "";
	size_t length = 0;
	for (size_t i = 0; i < response->n_events; i++) {
		assert_int_equal(
			strlen(response->events[i]->finding->message), row->padding ? row->padding : 1);
		marked[length++] = response->events[i]->finding->name[0];
		if (response->events[i]->last_of_revision)
			marked[length++] = '!';
	}
	assert_string_equal(marked, row->marked);
	assert_string_equal(response->resume_token, row->token ? row->token : "");
	assert_int_equal(response->phase, row->phase);
	arena_free(arena); /* under AddressSanitizer an event that was not released is a leak */
}

int main(void)
{
	return CASES_RUN(rows, check);
}
