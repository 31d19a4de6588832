/* Messages that several subscribers are sent. */
#include "cases.h"

#include <string.h>

#include "service/subscribe.h"

enum {
	PARTITIONS = 3
};

struct table {
	struct hub *hub;
	struct subscribe_messages *messages;
	struct token_scope scope;
	struct hub_cursor *cursor;
};

static const struct hub_filter everything;

/* A message of so many bytes, in two pieces. */
static struct subscribe_message *message_of(size_t size)
{
	struct arena *arena = arena_new();
	struct rpc_piece pieces[] = {{.bytes = memset(arena_alloc(arena, size), 'x', size), .size = size - 1},
		{.bytes = "y", .size = 1}};
	struct subscribe_frame frame = {.pieces = pieces, .count = 2};
	struct subscribe_message *message = subscribe_message_join(&frame);
	arena_free(arena);
	return message;
}

static void drop(struct subscribe_message *message)
{
	struct rpc_piece piece = subscribe_message_piece(message);
	piece.release(piece.owner);
}

/* Somebody was sent a message from where the cursor stands, which leads one event on in partition 1. */
static void send(struct table *table, size_t size, bool full)
{
	struct subscribe_message *message = message_of(size);
	subscribe_messages_mark(table->messages, &table->scope, table->cursor);
	table->cursor->positions[1]++;
	subscribe_messages_keep(table->messages, table->cursor, message, full);
	drop(message);
}

static void place(struct table *table, int64_t position)
{
	table->cursor->positions[1] = position;
}

static size_t found(struct table *table)
{
	subscribe_messages_mark(table->messages, &table->scope, table->cursor);
	struct subscribe_message *message =
		subscribe_messages_find(table->messages, table->hub, table->cursor);
	if (!message)
		return 0;
	struct rpc_piece piece = subscribe_message_piece(message);
	const char *bytes = piece.bytes;
	assert_true(bytes[piece.size - 1] == 'y');
	size_t size = piece.size;
	piece.release(piece.owner);
	return size;
}

static void the_same_place_gets_the_same(struct table *table)
{
	assert_int_equal(found(table), 0);
	send(table, 100, false);
	send(table, 200, false);
	place(table, 0);
	assert_int_equal(found(table), 100);
	assert_int_equal(table->cursor->positions[1], 1);
	assert_int_equal(found(table), 200);
	assert_int_equal(table->cursor->positions[1], 2);
	assert_int_equal(found(table), 0);
	assert_int_equal(table->cursor->positions[1], 2);
}

static void another_place_does_not(struct table *table)
{
	send(table, 100, true);
	place(table, 0);
	table->cursor->positions[0]++;
	table->cursor->positions[1]--; /* the same sum */
	assert_int_equal(found(table), 0);
	table->cursor->positions[0]--;
	table->cursor->positions[1]++;
	table->cursor->inside = true;
	assert_int_equal(found(table), 0);
	table->cursor->inside = false;
	table->cursor->next = 2;
	assert_int_equal(found(table), 0);
	table->cursor->next = 0;
	table->cursor->era++;
	assert_int_equal(found(table), 0);
	table->cursor->era--;
	assert_int_equal(found(table), 100);
}

static void another_filter_does_not(struct table *table)
{
	send(table, 100, true);
	place(table, 0);
	table->scope.binding.bytes[0]++;
	assert_int_equal(found(table), 0);
	table->scope.binding.bytes[0]--;
	assert_int_equal(found(table), 100);
}

static void small_ones_are_for_the_head(struct table *table)
{
	struct model_event_facts facts = {.system = "alpha", .revision = 1, .last = true};
	struct model_event *events[2] = {
		model_event_new(&facts, 1, 1, "a", 1), model_event_new(&facts, 1, 2, "b", 1)};
	assert_true(hub_publish(table->hub, 1, events, 1));
	send(table, 100, false);
	place(table, 0);
	assert_int_equal(found(table), 100);
	assert_true(hub_publish(table->hub, 1, events + 1, 1));
	place(table, 0);
	assert_int_equal(found(table), 0);
	assert_int_equal(table->cursor->positions[1], 0); /* it stays */
	send(table, 300, true);
	assert_true(hub_publish(table->hub, 1, events + 1, 1));
	place(table, 0);
	assert_int_equal(found(table), 300);
	model_event_unref(events[0]);
	model_event_unref(events[1]);
}

/* @return how many of the messages sent from 0 on are still kept */
static int kept(struct table *table, int count)
{
	int still = 0;
	for (int i = 0; i < count; i++) {
		place(table, i);
		still += found(table) > 0;
	}
	return still;
}

static void only_recent_ones_are_kept(struct table *table)
{
	for (int i = 0; i < 1000; i++)
		send(table, 10, true);
	assert_in_range(kept(table, 1000), 16, 256);
	place(table, 1000);
	for (int i = 0; i < 100; i++)
		send(table, 1024 * 1024, true);
	assert_in_range(kept(table, 1100), 1, 8);
	place(table, 1099);
	assert_int_equal(found(table), 1024 * 1024);
}

/* Subscribers that catch up from one place soon stand far apart: whoever is last still finds them. */
static void many_of_usual_sizes_are_kept(struct table *table)
{
	for (int i = 0; i < 200; i++)
		send(table, 40 * 1024, true);
	assert_int_equal(kept(table, 200), 200);
}

static const struct row {
	const char *name;
	void (*check)(struct table *table);
} rows[] = {
	{"who stands at the same place is sent the same, and stands behind it then",
		the_same_place_gets_the_same},
	{"who stands elsewhere is not", another_place_does_not},
	{"who asked for something else is not", another_filter_does_not},
	{"a small message is only for who then stands at the head", small_ones_are_for_the_head},
	{"only recent messages are kept, and few of the large", only_recent_ones_are_kept},
	{"messages of usual sizes are kept until they fill the memory", many_of_usual_sizes_are_kept},
};

static void check(void **state)
{
	const struct row *row = *state;
	const int64_t heads[PARTITIONS] = {0};
	const struct hub_options options = {PARTITIONS, 16, 1 << 20};
	struct table table = {
		.hub = hub_new(&options, heads), .messages = subscribe_messages_new(PARTITIONS)};
	table.cursor = hub_cursor_new(table.hub, &everything);
	row->check(&table);
	hub_cursor_free(table.cursor);
	subscribe_messages_free(table.messages);
	hub_free(table.hub);
}

int main(void)
{
	return CASES_RUN(rows, check);
}
