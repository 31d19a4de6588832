/*
 * The hub by examples, on one thread. An event is written as a letter: lower
 * case passes the filter, upper case does not; '.' behind it ends its revision.
 */
#include "cases.h"

#include <ctype.h>
#include <string.h>

#include "hub/hub.h"

enum {
	PARTITIONS = 4,
	EVENT_SIZE = 10,
	EVENTS_MAX = 64,
};

struct fixture {
	struct hub *hub;
	struct hub_filter filter;
	struct hub_cursor *cursor;
	struct hub_waiter waiter;
	int wakes;
	int64_t next[PARTITIONS]; /* position */
	int64_t revision;
};

static void count_wake(void *context)
{
	struct fixture *fixture = context;
	fixture->wakes++;
}

static void begin(struct fixture *fixture, size_t ring_events, size_t ring_bytes)
{
	static const int64_t heads[PARTITIONS] = {100, 200, 0, 300};
	struct hub_options options = {PARTITIONS, ring_events, ring_bytes * PARTITIONS};
	*fixture = (struct fixture){.hub = hub_new(&options, heads)};
	fixture->filter.types = 1 << EVENT_FINDING_OPENED;
	fixture->cursor = hub_cursor_new(fixture->hub, &fixture->filter);
	fixture->waiter =
		(struct hub_waiter){.wake = count_wake, .context = fixture, .filter = &fixture->filter};
	for (int i = 0; i < PARTITIONS; i++)
		fixture->next[i] = heads[i] + 1;
}

static void end(struct fixture *fixture)
{
	hub_wait_stop(fixture->hub, &fixture->waiter);
	hub_cursor_free(fixture->cursor);
	hub_free(fixture->hub);
}

/* Publishes the events of a text at a position. */
static bool publish_at(struct fixture *fixture, int partition, int64_t position, const char *text)
{
	struct model_event *events[EVENTS_MAX] = {NULL};
	size_t count = 0;
	for (; *text; text++) {
		if (*text == '.')
			continue;
		struct model_event_facts facts = {.system = "s", .revision = fixture->revision + 1};
		facts.type = islower((unsigned char)*text) ? EVENT_FINDING_OPENED : EVENT_SYSTEM_CREATED;
		facts.last = text[1] == '.';
		fixture->revision += facts.last;
		char body[EVENT_SIZE] = {*text};
		events[count++] = model_event_new(&facts, partition, position++, body, sizeof(body));
	}
	bool taken = hub_publish(fixture->hub, partition, events, count);
	while (count)
		model_event_unref(events[--count]);
	return taken;
}

static void publish(struct fixture *fixture, int partition, const char *text)
{
	assert_true(publish_at(fixture, partition, fixture->next[partition], text));
	for (; *text; text++)
		fixture->next[partition] += *text != '.';
}

/* Pulls and says what came: its letters, "idle" or "behind"; '+' behind letters of a revision that goes on.
 */
static void pulls_bytes(struct fixture *fixture, size_t max_events, size_t max_bytes, const char *expected)
{
	struct model_event *events[EVENTS_MAX];
	char text[EVENTS_MAX + 2] = "";
	size_t count = 0;
	enum hub_pulled pulled = hub_pull(
		fixture->hub, &fixture->filter, fixture->cursor, events, max_events, max_bytes, &count);
	for (size_t i = 0; i < count; i++) {
		text[i] = (char)events[i]->body[0];
		model_event_unref(events[i]);
	}
	if (pulled == HUB_EVENTS && fixture->cursor->inside)
		text[count] = '+';
	assert_int_equal(pulled == HUB_EVENTS, count > 0);
	assert_string_equal(pulled == HUB_IDLE ? "idle" : pulled == HUB_BEHIND ? "behind" : text, expected);
}

static void pulls(struct fixture *fixture, const char *expected)
{
	pulls_bytes(fixture, 4, 1000, expected);
}

static void head(struct fixture *fixture)
{
	begin(fixture, 16, 1000);
	assert_int_equal(hub_head(fixture->hub, 1), 200);
	pulls(fixture, "idle");
	publish(fixture, 1, "a.");
	assert_int_equal(hub_head(fixture->hub, 1), 201);
	pulls(fixture, "a");
	pulls(fixture, "idle");
	assert_int_equal(fixture->cursor->positions[1], 201);
}

static void overlap(struct fixture *fixture)
{
	begin(fixture, 16, 1000);
	publish(fixture, 0, "a.b.");
	assert_true(publish_at(fixture, 0, 101, "a.b.c."));
	assert_true(publish_at(fixture, 0, 101, "a."));
	assert_true(publish_at(fixture, 0, 90, "x.y."));
	assert_int_equal(hub_head(fixture->hub, 0), 103);
	pulls(fixture, "abc");
	pulls(fixture, "idle");
}

static void gap(struct fixture *fixture)
{
	begin(fixture, 16, 1000);
	assert_false(publish_at(fixture, 0, 102, "b."));
	assert_int_equal(hub_head(fixture->hub, 0), 100);
	pulls(fixture, "idle");
	assert_true(publish_at(fixture, 0, 101, "a."));
	assert_true(publish_at(fixture, 0, 102, "b."));
	pulls(fixture, "ab");
}

static void skips(struct fixture *fixture)
{
	begin(fixture, 16, 1000);
	hub_wait(fixture->hub, &fixture->waiter, fixture->cursor);
	publish(fixture, 0, "A.");
	hub_skip(fixture->hub, 0, 101);
	assert_int_equal(fixture->wakes, 0); /* it knows that one already */
	hub_skip(fixture->hub, 0, 150);
	assert_int_equal(fixture->wakes, 1);
	assert_int_equal(hub_head(fixture->hub, 0), 150);
	pulls(fixture, "behind");
	assert_int_equal(fixture->cursor->next, 0);
	assert_true(publish_at(fixture, 0, 151, "z."));
	fixture->cursor->positions[0] = 150;
	pulls(fixture, "z");
}

static void evicts_by_count(struct fixture *fixture)
{
	begin(fixture, 3, 1000);
	publish(fixture, 0, "a.b.c.");
	publish(fixture, 0, "d.");
	pulls(fixture, "behind");
	assert_int_equal(fixture->cursor->next, 0);
	fixture->cursor->positions[0] = 101;
	pulls(fixture, "bcd");
}

static void evicts_by_bytes(struct fixture *fixture)
{
	begin(fixture, 16, 2 * EVENT_SIZE);
	publish(fixture, 0, "a.b.c.");
	pulls(fixture, "behind");
	fixture->cursor->positions[0] = 101;
	pulls(fixture, "bc");
}

static void event_larger_than_ring(struct fixture *fixture)
{
	begin(fixture, 16, EVENT_SIZE - 1);
	hub_wait(fixture->hub, &fixture->waiter, fixture->cursor);
	publish(fixture, 0, "a.");
	assert_int_equal(fixture->wakes, 1);
	pulls(fixture, "behind");
	fixture->cursor->positions[0] = 101;
	pulls(fixture, "idle");
}

static void whole_revisions(struct fixture *fixture)
{
	begin(fixture, 16, 1000);
	publish(fixture, 0, "ab.cDe.fg.");
	pulls(fixture, "abce"); /* the two fit exactly, and the next one is whole too */
	pulls(fixture, "fg");
	publish(fixture, 0, "ab.cde.fg.");
	pulls(fixture, "ab");
	pulls(fixture, "cde");
	pulls(fixture, "fg");
}

static void splits(struct fixture *fixture)
{
	begin(fixture, 16, 1000);
	publish(fixture, 0, "abcdefghiJ.k.");
	publish(fixture, 1, "x.");
	pulls(fixture, "abcd+");
	pulls(fixture, "efgh+");
	pulls(fixture, "ik");
	pulls(fixture, "x");
	pulls(fixture, "idle");
}

static void split_needs_more(struct fixture *fixture)
{
	begin(fixture, 16, 1000);
	publish(fixture, 0, "abcdEF.");
	pulls(fixture, "abcd"); /* nothing that passes follows in this revision */
	pulls(fixture, "idle");
	assert_int_equal(fixture->cursor->positions[0], 106);
}

static void bytes_bound(struct fixture *fixture)
{
	begin(fixture, 16, 1000);
	publish(fixture, 0, "a.b.cd.");
	pulls_bytes(fixture, 8, 2 * EVENT_SIZE, "ab");
	pulls_bytes(fixture, 8, 1, "c+");
	pulls_bytes(fixture, 8, 1, "d");
}

static void unfinished_revision(struct fixture *fixture)
{
	begin(fixture, 16, 1000);
	publish(fixture, 0, "a.bc");
	pulls(fixture, "a");
	pulls(fixture, "idle");
	hub_wait(fixture->hub, &fixture->waiter, fixture->cursor);
	publish(fixture, 0, "d");
	assert_int_equal(fixture->wakes, 0);
	publish(fixture, 0, "E.");
	assert_int_equal(fixture->wakes, 1);
	pulls(fixture, "bcd");
	assert_int_equal(fixture->cursor->positions[0], 105);
}

static void takes_turns(struct fixture *fixture)
{
	begin(fixture, 16, 1000);
	publish(fixture, 0, "abcd.e.");
	publish(fixture, 2, "xy.");
	pulls(fixture, "abcd");
	pulls(fixture, "xy");
	pulls(fixture, "e");
}

static void wakes_once(struct fixture *fixture)
{
	begin(fixture, 16, 1000);
	hub_wait(fixture->hub, &fixture->waiter, fixture->cursor);
	publish(fixture, 0, "A.B.");
	assert_int_equal(fixture->wakes, 0);
	publish(fixture, 0, "c.");
	assert_int_equal(fixture->wakes, 1);
	publish(fixture, 0, "d.");
	assert_int_equal(fixture->wakes, 1);
	hub_wait_stop(fixture->hub, &fixture->waiter);
	assert_int_equal(fixture->cursor->positions[0], 102); /* past what did not pass */
	hub_wait(fixture->hub, &fixture->waiter, fixture->cursor);
	assert_int_equal(fixture->wakes, 2);
	pulls(fixture, "cd");
}

static void waiting_keeps_up(struct fixture *fixture)
{
	begin(fixture, 2, 1000);
	hub_wait(fixture->hub, &fixture->waiter, fixture->cursor);
	publish(fixture, 3, "A.B.");
	publish(fixture, 3, "C.D.");
	publish(fixture, 3, "EF.");
	publish(fixture, 3, "G.H.");
	publish(fixture, 3, "I");
	hub_wait_stop(fixture->hub, &fixture->waiter);
	assert_int_equal(fixture->cursor->positions[3], 308);
	pulls(fixture, "idle");
}

static void ahead_of_the_hub(struct fixture *fixture)
{
	begin(fixture, 16, 1000);
	fixture->cursor->positions[0] = 102; /* read from the store */
	pulls(fixture, "idle");
	hub_wait(fixture->hub, &fixture->waiter, fixture->cursor);
	publish(fixture, 0, "a.b.");
	assert_int_equal(fixture->wakes, 0);
	publish(fixture, 0, "c.");
	assert_int_equal(fixture->wakes, 1);
	pulls(fixture, "c");
}

static void inside_ahead_of_the_hub(struct fixture *fixture)
{
	begin(fixture, 16, 1000);
	fixture->cursor->positions[0] = 102; /* read from the store, in the middle of a revision */
	fixture->cursor->inside = true;
	publish(fixture, 2, "x.");
	pulls(fixture, "behind");
	publish(fixture, 0, "abc.");
	pulls(fixture, "c");
	pulls(fixture, "x");
}

static void one_system_only(struct fixture *fixture)
{
	begin(fixture, 16, 1000);
	hub_cursor_free(fixture->cursor);
	static const char *const systems[] = {"other"};
	fixture->filter.systems = systems;
	fixture->filter.system_count = 1;
	fixture->cursor = hub_cursor_new(fixture->hub, &fixture->filter);
	for (int i = 0; i < PARTITIONS; i++)
		assert_int_equal(
			hub_cursor_wants(fixture->cursor, i), i == model_partition("other", PARTITIONS));
	hub_wait(fixture->hub, &fixture->waiter, fixture->cursor);
	publish(fixture, 0, "a.");
	publish(fixture, 1, "a.");
	publish(fixture, 2, "a.");
	publish(fixture, 3, "a.");
	assert_int_equal(fixture->wakes, 0);
	hub_wait_stop(fixture->hub, &fixture->waiter);
	pulls(fixture, "idle");
}

static void wake_all(struct fixture *fixture)
{
	begin(fixture, 16, 1000);
	hub_wake_all(fixture->hub);
	assert_int_equal(fixture->wakes, 0);
	hub_wait(fixture->hub, &fixture->waiter, fixture->cursor);
	hub_wake_all(fixture->hub);
	hub_wake_all(fixture->hub);
	assert_int_equal(fixture->wakes, 1);
}

static void goes_back(struct fixture *fixture)
{
	begin(fixture, 16, 1000);
	publish(fixture, 0, "a.b.c.");
	pulls(fixture, "abc");
	hub_wait(fixture->hub, &fixture->waiter, fixture->cursor);
	assert_false(hub_cursor_is_void(fixture->hub, fixture->cursor));
	hub_go_back(fixture->hub, 0, 101);
	assert_int_equal(fixture->wakes, 1);
	assert_true(hub_cursor_is_void(fixture->hub, fixture->cursor));
	hub_wait(fixture->hub, &fixture->waiter, fixture->cursor);
	assert_int_equal(fixture->wakes, 2);
	assert_int_equal(hub_head(fixture->hub, 0), 101);
	hub_cursor_free(fixture->cursor);
	fixture->cursor = hub_cursor_new(fixture->hub, &fixture->filter);
	assert_false(hub_cursor_is_void(fixture->hub, fixture->cursor));
	hub_wait(fixture->hub, &fixture->waiter, fixture->cursor);
	assert_true(publish_at(fixture, 0, 102, "x.y."));
	assert_int_equal(fixture->wakes, 3);
	pulls(fixture, "xy");
}

struct row {
	const char *name;
	void (*run)(struct fixture *fixture);
};

static void foresees(struct fixture *fixture)
{
	begin(fixture, 2, 1000);
	assert_int_equal(hub_next_behind(fixture->hub, fixture->cursor, 0, 100), -1);
	publish(fixture, 0, "a.b.c.");
	publish(fixture, 1, "d.e.");
	publish(fixture, 3, "f.g.h.");
	assert_int_equal(hub_next_behind(fixture->hub, fixture->cursor, 0, 100), 3);
	assert_int_equal(hub_next_behind(fixture->hub, fixture->cursor, 3, 303), 0);
	fixture->cursor->positions[3] = 301;
	assert_int_equal(hub_next_behind(fixture->hub, fixture->cursor, 0, 100), 0);
	assert_int_equal(hub_next_behind(fixture->hub, fixture->cursor, 0, 101), -1);
	pulls(fixture, "behind");
	assert_int_equal(fixture->cursor->next, 0);
}

static const struct row rows[] = {
	{"a cursor begins at the head and sees what comes after", head},
	{"events that are there already are passed over", overlap},
	{"events beyond a gap are refused whole", gap},
	{"events that cannot be had are skipped, and who stands before them must ask the store", skips},
	{"events that were lost make every cursor void, and the hub goes on behind what is left", goes_back},
	{"who is behind the ring's number of events must read from the store", evicts_by_count},
	{"who is behind the ring's bytes must read from the store", evicts_by_bytes},
	{"an event larger than the ring wakes and is read from the store", event_larger_than_ring},
	{"whole revisions are pulled together", whole_revisions},
	{"a revision that is too large is split and finished before anything else", splits},
	{"a revision is not split when only events that do not pass are left of it", split_needs_more},
	{"the bytes of a pull are bounded, but one event always fits", bytes_bound},
	{"a revision is not seen before its last event is there", unfinished_revision},
	{"a busy partition does not starve another", takes_turns},
	{"a waiter is woken once, and only by an event that passes", wakes_once},
	{"who waits does not fall behind by events that do not pass", waiting_keeps_up},
	{"a cursor that is ahead of the hub is not shown what it knows", ahead_of_the_hub},
	{"a revision that was begun is finished from the store before anything else",
		inside_ahead_of_the_hub},
	{"a waiter for one system is not woken for another", one_system_only},
	{"what will be read from the store next is foreseen", foresees},
	{"everyone who waits can be woken at the end", wake_all},
};

static void check(void **state)
{
	const struct row *row = *state;
	struct fixture fixture;
	row->run(&fixture);
	end(&fixture);
}

int main(void)
{
	return CASES_RUN(rows, check);
}
