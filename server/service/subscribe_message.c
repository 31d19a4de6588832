/*
 * Messages that several subscribers are sent. Subscribers with one filter who
 * stand at one place are sent the same bytes, token included, so the first of
 * them has the message built and the others find it. What it saves is not
 * the copying but all the rest: looking at events, sealing a token, a slice
 * for each event. The queue's thread only, but for the references.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "service/subscribe.h"

enum {
	ENTRIES = 256, /* so many that messages of usual sizes fill the memory */
	BYTES_MAX = 8 * 1024 * 1024,
};

struct subscribe_message {
	_Atomic unsigned references;
	size_t size;
	unsigned char bytes[];
};

/* Where a cursor stood, and what led on from there. */
struct entry {
	struct model_digest filter;
	int64_t sum;     /* of the positions before: tells most places apart */
	int64_t *before; /* positions */
	int64_t *after;
	int next_before, next_after;
	unsigned era;
	bool inside_before, inside_after;
	bool full;                         /* the message is large enough, though more may be there now */
	struct subscribe_message *message; /* NULL: free */
};

struct subscribe_messages {
	size_t place_size; /* bytes of positions */
	struct entry entries[ENTRIES];
	int newest;
	size_t bytes;
	struct entry marked; /* its before */
};

/* ---- one message ---- */

struct subscribe_message *subscribe_message_join(const struct subscribe_frame *frame)
{
	size_t size = 0;
	for (size_t i = 0; i < frame->count; i++)
		size += frame->pieces[i].size;
	struct subscribe_message *message = malloc(sizeof(*message) + size);
	if (!message)
		abort();
	atomic_init(&message->references, 1);
	message->size = 0;
	for (size_t i = 0; i < frame->count; i++) {
		const struct rpc_piece *piece = &frame->pieces[i];
		memcpy(message->bytes + message->size, piece->bytes, piece->size);
		message->size += piece->size;
		if (piece->owner)
			piece->release(piece->owner);
	}
	return message;
}

static struct subscribe_message *ref(struct subscribe_message *message)
{
	atomic_fetch_add_explicit(&message->references, 1, memory_order_relaxed);
	return message;
}

static void unref(void *owner)
{
	struct subscribe_message *message = owner;
	if (atomic_fetch_sub_explicit(&message->references, 1, memory_order_acq_rel) == 1)
		free(message);
}

struct rpc_piece subscribe_message_piece(struct subscribe_message *message)
{
	return (struct rpc_piece){
		.bytes = message->bytes, .size = message->size, .owner = message, .release = unref};
}

/* ---- those that were sent ---- */

static int64_t *place_new(size_t size)
{
	int64_t *place = malloc(size);
	if (!place)
		abort();
	return place;
}

struct subscribe_messages *subscribe_messages_new(int partitions)
{
	struct subscribe_messages *messages = calloc(1, sizeof(*messages));
	if (!messages)
		abort();
	messages->place_size = (size_t)partitions * sizeof(int64_t);
	messages->marked.before = place_new(messages->place_size);
	for (size_t i = 0; i < ENTRIES; i++) {
		messages->entries[i].before = place_new(messages->place_size);
		messages->entries[i].after = place_new(messages->place_size);
	}
	return messages;
}

static void forget(struct subscribe_messages *messages, struct entry *entry)
{
	if (!entry->message)
		return;
	messages->bytes -= entry->message->size;
	unref(entry->message);
	entry->message = NULL;
}

void subscribe_messages_free(struct subscribe_messages *messages)
{
	if (!messages)
		return;
	for (size_t i = 0; i < ENTRIES; i++) {
		forget(messages, &messages->entries[i]);
		free(messages->entries[i].before);
		free(messages->entries[i].after);
	}
	free(messages->marked.before);
	free(messages);
}

void subscribe_messages_mark(
	struct subscribe_messages *messages, const struct token_scope *scope, const struct hub_cursor *cursor)
{
	struct entry *marked = &messages->marked;
	memcpy(marked->before, cursor->positions, messages->place_size);
	marked->filter = scope->binding;
	marked->next_before = cursor->next;
	marked->inside_before = cursor->inside;
	marked->era = cursor->era;
	marked->sum = 0;
	for (int i = 0; i < cursor->partition_count; i++)
		marked->sum += cursor->positions[i];
}

static bool leads_on(const struct subscribe_messages *messages, const struct entry *entry)
{
	const struct entry *marked = &messages->marked;
	return entry->message && entry->sum == marked->sum && entry->next_before == marked->next_before &&
	       entry->era == marked->era && entry->inside_before == marked->inside_before &&
	       memcmp(&entry->filter, &marked->filter, sizeof(entry->filter)) == 0 &&
	       memcmp(entry->before, marked->before, messages->place_size) == 0;
}

static void put(struct hub_cursor *cursor, const int64_t *positions, size_t size, int next, bool inside)
{
	memcpy(cursor->positions, positions, size);
	cursor->next = next;
	cursor->inside = inside;
}

struct subscribe_message *subscribe_messages_find(
	struct subscribe_messages *messages, struct hub *hub, struct hub_cursor *cursor)
{
	const struct entry *marked = &messages->marked;
	for (int i = 0; i < ENTRIES; i++) {
		const struct entry *entry = &messages->entries[(messages->newest + ENTRIES - i) % ENTRIES];
		if (!leads_on(messages, entry))
			continue;
		put(cursor, entry->after, messages->place_size, entry->next_after, entry->inside_after);
		if (entry->full || hub_is_at_head(hub, cursor))
			return ref(entry->message);
		put(cursor, marked->before, messages->place_size, marked->next_before, marked->inside_before);
		return NULL; /* by now there is enough for a larger one */
	}
	return NULL;
}

void subscribe_messages_keep(struct subscribe_messages *messages, const struct hub_cursor *cursor,
	struct subscribe_message *message, bool full)
{
	messages->newest = (messages->newest + 1) % ENTRIES;
	struct entry *entry = &messages->entries[messages->newest];
	forget(messages, entry);
	for (int i = 1; i < ENTRIES && messages->bytes + message->size > BYTES_MAX; i++)
		forget(messages, &messages->entries[(messages->newest + i) % ENTRIES]);
	int64_t *before = entry->before;
	int64_t *after = entry->after;
	*entry = messages->marked;
	entry->before = before;
	entry->after = after;
	memcpy(before, messages->marked.before, messages->place_size);
	memcpy(after, cursor->positions, messages->place_size);
	entry->next_after = cursor->next;
	entry->inside_after = cursor->inside;
	entry->full = full;
	entry->message = ref(message);
	messages->bytes += message->size;
}
