/*
 * Subscribe: what happens in systems, from now on, from a token on, or from
 * the state on.
 *
 *   open -> check -> begin -> (state -> send_state ...)* -> end_of_state -+
 *                      |                                                  v
 *                      +----------> checkpoint ------------------------> pull
 *
 *   pull -> live message -> pull          events were there
 *   pull -> read -> use_page -> pull      behind the hub's ring: from the store, page by page;
 *                                         the next one is read while this one is sent
 *   pull -> pause -> pull                 the store is away: for a while
 *   pull -> checkpoint -> pull            nothing was sent for a while
 *   pull -> park -> pull                  until the hub wakes it or a checkpoint is due
 *
 * One message is in flight at a time: a slow client is one that pulls seldom,
 * and costs nobody anything. What the request says is subscribe_request.c's,
 * how a message looks is subscribe_frame.c's, what runs on a reader is
 * subscribe_read.c's.
 */
#include "service/subscribe.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/plant.h"
#include "service/unpack.h"

enum {
	BATCH_MAX = SUBSCRIBE_EVENTS_ENOUGH + SUBSCRIBE_EVENTS_MAX,
	PAUSE_US = 500 * 1000,
	AWAY_MAX_US = 30 * 1000 * 1000,
};

/* All of it is the call's thread's but the reads and, while it waits, the cursor. */
struct subscription {
	const struct service *service;
	struct subscribe_wish wish;
	struct token_scope scope;
	struct hub_cursor *cursor;
	struct hub_waiter waiter;
	struct subscribe_read *read;  /* under way, or just ended */
	struct subscribe_ahead ahead; /* of the pages that follow */
	rpc_step_fn *after_read;
	struct subscribe_page *page; /* NULL: pull from the hub */
	int state_partition;         /* the next whose state is to be sent */
	size_t state_sent;           /* of read's packed events */
	int64_t due_us;              /* of the next checkpoint */
	int64_t away_since_us;       /* 0: the store answers */
};

static enum rpc_next open_stream(struct rpc_call *call);
static enum rpc_next begin(struct rpc_call *call);
static enum rpc_next state(struct rpc_call *call);
static enum rpc_next send_state(struct rpc_call *call);
static enum rpc_next refuse_state(struct rpc_call *call);
static enum rpc_next end_of_state(struct rpc_call *call);
static enum rpc_next checkpoint(struct rpc_call *call);
static enum rpc_next pull(struct rpc_call *call);
static enum rpc_next use_page(struct rpc_call *call);

/* ---- ending ---- */

static enum rpc_next fail_as(
	struct rpc_call *call, enum fault_code code, const char *reason, const char *text)
{
	struct fault fault;
	fault_set(&fault, code, reason, "%s", text);
	return rpc_fail(call, &fault);
}

/* Has the call to end? Then it ends. */
static bool ended(struct rpc_call *call)
{
	const struct subscription *subscription = rpc_state(call);
	if (rpc_cancelled(call))
		fail_as(call, FAULT_CANCELLED, "CANCELLED", "the client has gone");
	else if (rpc_draining(call))
		fail_as(call, FAULT_UNAVAILABLE, "SERVER_STOPPING",
			"the server stops; resume at another one, or here later");
	else if (hub_cursor_is_void(subscription->service->hub, subscription->cursor))
		fail_as(call, FAULT_UNAVAILABLE, "STORE_WENT_BACK",
			"the database was restored, or a replica that was behind took over: resume, and "
			"events that were lost will be told of");
	else
		return false;
	return true;
}

static void release(void *state)
{
	struct subscription *subscription = state;
	if (!subscription->service)
		return;
	hub_wait_stop(subscription->service->hub, &subscription->waiter);
	subscribe_page_free(subscription->page);
	subscribe_read_free(subscription->read);
	subscribe_ahead_drop(&subscription->ahead);
	hub_cursor_free(subscription->cursor);
}

/* ---- asking the store ---- */

/* The next step of a call that asked. A wake of the hub that came late must not pass for the reader's. */
static enum rpc_next await_read(struct rpc_call *call)
{
	struct subscription *subscription = rpc_state(call);
	if (subscribe_read_await(subscription->read))
		return rpc_hold(call);
	rpc_then(call, subscription->after_read);
	return RPC_MORE;
}

/* Asks; the step `after` finds the answer or the fault in subscription->read. */
static enum rpc_next ask(
	struct rpc_call *call, ledger_read_fn *run, rpc_step_fn *after, int partition, int64_t position)
{
	struct subscription *subscription = rpc_state(call);
	struct subscribe_read *read = subscribe_read_new(call, &subscription->wish.filter);
	read->partition = partition;
	read->after = position;
	read->read.run = run;
	subscribe_read_free(subscription->read);
	subscription->read = read;
	subscription->after_read = after;
	if (subscribe_read_ask(read)) {
		rpc_then(call, after);
		return RPC_MORE;
	}
	rpc_then(call, await_read);
	return rpc_hold(call);
}

/* ---- opening ---- */

static void wake(void *context)
{
	rpc_wake(context);
}

static enum rpc_next open_stream(struct rpc_call *call)
{
	struct subscription *subscription = rpc_state(call);
	struct fault fault;
	const Tally__V1__SubscribeRequest *request =
		service_unpack(call, &tally__v1__subscribe_request__descriptor, &fault);
	struct subscribe_wish *wish = &subscription->wish;
	if (!request || subscribe_request_read(rpc_arena(call), request, wish, &fault))
		return rpc_fail(call, &fault);
	const struct service *service = rpc_context(call);
	subscription->service = service;
	subscription->scope =
		(struct token_scope){service->identity, TOKEN_RESUME, subscribe_filter_digest(&wish->filter)};
	subscription->cursor = hub_cursor_new(service->hub, &wish->filter);
	subscription->waiter = (struct hub_waiter){.wake = wake, .context = call, .filter = &wish->filter};
	/* A token proves that its systems existed; they may have been deleted behind it, which is an event.
	 */
	if (wish->resume_token[0])
		return ask(call, subscribe_read_heads, begin, 0, 0);
	if (wish->filter.system_count)
		return ask(call, subscribe_read_systems, begin, 0, 0);
	rpc_then(call, begin);
	return RPC_MORE;
}

static enum rpc_next begin(struct rpc_call *call)
{
	struct subscription *subscription = rpc_state(call);
	struct subscribe_read *read = subscription->read;
	if (read && read->fault.code)
		return rpc_fail(call, &read->fault);
	const char *token = subscription->wish.resume_token;
	struct fault fault;
	/* With a token the heads have been asked for. */
	if (read && token[0] &&
		subscribe_token_apply(rpc_arena(call), &subscription->scope, token, read->heads,
			subscription->cursor, &fault))
		return rpc_fail(call, &fault);
	rpc_then(call, subscription->wish.initial_state ? state : checkpoint);
	return RPC_MORE;
}

/* ---- state ---- */

static enum rpc_next state(struct rpc_call *call)
{
	struct subscription *subscription = rpc_state(call);
	struct hub_cursor *cursor = subscription->cursor;
	if (ended(call))
		return RPC_DONE;
	int *partition = &subscription->state_partition;
	while (*partition < cursor->partition_count && !hub_cursor_wants(cursor, *partition))
		(*partition)++;
	subscription->state_sent = 0;
	subscribe_read_free(subscription->read); /* may be large */
	subscription->read = NULL;
	if (*partition < cursor->partition_count && subscribe_memory_is_full(subscription->service))
		return refuse_state(call);
	if (*partition < cursor->partition_count)
		return ask(call, subscribe_read_state, send_state, *partition, 0);
	rpc_then(call, end_of_state);
	return RPC_MORE;
}

static enum rpc_next refuse_state(struct rpc_call *call)
{
	struct fault fault;
	fault_set(&fault, FAULT_EXHAUSTED, "STREAM_MEMORY_FULL",
		"too many subscribers take the state at this moment; try again in a second");
	fault.retry_after_ms = 1000;
	return rpc_fail(call, &fault);
}

/* Sends a message of what is left of one partition's state. */
static enum rpc_next send_state(struct rpc_call *call)
{
	struct subscription *subscription = rpc_state(call);
	const struct subscribe_read *read = subscription->read;
	if (read->fault.code)
		return rpc_fail(call, &read->fault);
	if (ended(call))
		return RPC_DONE;
	size_t *sent = &subscription->state_sent;
	if (*sent == read->packed_count) {
		subscription->cursor->positions[read->partition] = read->head + PLANTED("gap-after-state");
		subscription->state_partition++;
		rpc_then(call, state);
		return RPC_MORE;
	}
	struct arena *arena = arena_new();
	struct subscribe_frame frame;
	subscribe_frame_begin(&frame, arena, SUBSCRIBE_EVENTS_MAX);
	size_t bytes = 0;
	for (size_t i = 0; i < SUBSCRIBE_EVENTS_MAX && *sent < read->packed_count; i++) {
		const struct subscribe_packed *packed = &read->packed[*sent];
		if (i > 0 && bytes + packed->size > SUBSCRIBE_BYTES_MAX)
			break;
		subscribe_frame_event(&frame, packed->bytes, packed->size, NULL, false);
		bytes += packed->size;
		(*sent)++;
	}
	subscribe_frame_end(&frame, TALLY__V1__PHASE__PHASE_STATE, NULL);
	rpc_then(call, send_state);
	enum rpc_next next = rpc_write(call, frame.pieces, frame.count, *sent < read->packed_count);
	arena_free(arena);
	return next;
}

/* ---- messages with a token ---- */

/* Ends a message. Between revisions it carries a token. */
static void end_frame(
	struct subscription *subscription, struct subscribe_frame *frame, Tally__V1__Phase phase)
{
	const char *token = NULL;
	if (!subscription->cursor->inside)
		token = subscribe_token_make(frame->arena, &subscription->scope, subscription->cursor);
	subscribe_frame_end(frame, phase, token);
}

/* Writes a message; pull follows. With a token it was a checkpoint too. */
static enum rpc_next write_pieces(struct rpc_call *call, const struct rpc_piece *pieces, size_t count)
{
	struct subscription *subscription = rpc_state(call);
	if (!subscription->cursor->inside)
		subscription->due_us = clock_steady_us() +
				       subscription->wish.interval_us * (PLANTED("late-checkpoint") ? 20 : 1);
	rpc_then(call, pull);
	return rpc_write(call, pieces, count, false);
}

static enum rpc_next send(struct rpc_call *call, struct subscribe_frame *frame, Tally__V1__Phase phase)
{
	end_frame(rpc_state(call), frame, phase);
	enum rpc_next next = write_pieces(call, frame->pieces, frame->count);
	arena_free(frame->arena);
	return next;
}

static enum rpc_next send_message(struct rpc_call *call, struct subscribe_message *message)
{
	struct rpc_piece piece = subscribe_message_piece(message);
	return write_pieces(call, &piece, 1);
}

static enum rpc_next end_of_state(struct rpc_call *call)
{
	struct subscribe_frame frame;
	subscribe_frame_begin(&frame, arena_new(), 0);
	return send(call, &frame, TALLY__V1__PHASE__PHASE_END_OF_STATE);
}

static enum rpc_next checkpoint(struct rpc_call *call)
{
	struct subscription *subscription = rpc_state(call);
	subscribe_read_free(subscription->read);
	subscription->read = NULL;
	struct subscribe_frame frame;
	subscribe_frame_begin(&frame, arena_new(), 0);
	return send(call, &frame, TALLY__V1__PHASE__PHASE_CHECKPOINT);
}

/* A client that does not read would keep the rest of its page for ever: when memory is short it is read
 * again. */
static void give_page_back(struct subscription *subscription)
{
	if (!subscription->page || !subscribe_memory_is_full(subscription->service))
		return;
	subscribe_page_free(subscription->page);
	subscription->page = NULL;
	subscribe_ahead_drop(&subscription->ahead);
}

/* What goes into a live message. */
struct gathered {
	struct model_event *events[BATCH_MAX];
	size_t count;
	size_t bytes;
	bool fresh; /* from the hub only: whoever stands at the same place is sent the same */
};

static bool is_full(const struct gathered *gathered)
{
	return gathered->count >= SUBSCRIBE_EVENTS_ENOUGH || gathered->bytes >= SUBSCRIBE_BYTES_MAX;
}

/* Sends events: large ones each as a slice of its own, small ones joined, for others to be sent too. */
static enum rpc_next send_live(struct rpc_call *call, const struct gathered *gathered)
{
	struct subscription *subscription = rpc_state(call);
	struct subscribe_frame frame;
	subscribe_frame_begin(&frame, arena_new(), gathered->count);
	subscribe_frame_events(&frame, gathered->events, gathered->count, subscription->cursor->inside);
	give_page_back(subscription);
	if (gathered->bytes / gathered->count > SUBSCRIBE_SHARED_MAX)
		return send(call, &frame, TALLY__V1__PHASE__PHASE_LIVE);
	end_frame(subscription, &frame, TALLY__V1__PHASE__PHASE_LIVE);
	struct subscribe_message *message = subscribe_message_join(&frame);
	arena_free(frame.arena);
	if (gathered->fresh)
		subscribe_messages_keep(
			subscription->service->messages, subscription->cursor, message, is_full(gathered));
	return send_message(call, message);
}

/* ---- from the store ---- */

static enum rpc_next ask_page(struct rpc_call *call)
{
	const struct subscription *subscription = rpc_state(call);
	const struct subscribe_page *page = subscription->page;
	return ask(call, subscribe_read_events, use_page, page->partition, page->take.position);
}

/* What was read ahead has ended: a fault of it is not told, the read is done again. */
static enum rpc_next use_ahead(struct rpc_call *call)
{
	const struct subscription *subscription = rpc_state(call);
	const struct subscribe_read *read = subscription->read;
	if (read->fault.code || read->event_count == 0)
		return ask_page(call);
	rpc_then(call, use_page);
	return RPC_MORE;
}

static enum rpc_next read_page(struct rpc_call *call)
{
	struct subscription *subscription = rpc_state(call);
	struct subscribe_read *ahead = subscribe_ahead_take(&subscription->ahead, subscription->page);
	if (!ahead)
		return ask_page(call);
	subscribe_read_free(subscription->read);
	subscription->read = ahead;
	subscription->after_read = use_ahead;
	rpc_then(call, await_read);
	return RPC_MORE;
}

/* The store did not answer: tries again for a while. */
static enum rpc_next pause(struct rpc_call *call, const struct fault *fault)
{
	struct subscription *subscription = rpc_state(call);
	int64_t now_us = clock_steady_us();
	bool passing = fault->code == FAULT_UNAVAILABLE || fault->code == FAULT_TIMEOUT ||
		       fault->code == FAULT_EXHAUSTED;
	if (subscription->away_since_us == 0)
		subscription->away_since_us = now_us;
	if (!passing || now_us - subscription->away_since_us > AWAY_MAX_US)
		return rpc_fail(call, fault);
	rpc_then(call, pull);
	return rpc_park(call, now_us + PAUSE_US);
}

static enum rpc_next use_page(struct rpc_call *call)
{
	struct subscription *subscription = rpc_state(call);
	struct subscribe_read *read = subscription->read;
	struct fault *fault = &read->fault;
	if (fault->code == FAULT_OUT_OF_RANGE) {
		subscribe_too_old(read->arena, &subscription->scope, fault);
		return rpc_fail(call, fault);
	}
	if (!fault->code && read->event_count == 0)
		fault_set(fault, FAULT_UNAVAILABLE, "EVENTS_MISSING",
			"the store does not show events that were committed; resume later");
	if (fault->code)
		return pause(call, fault);
	subscription->away_since_us = 0;
	subscription->page->read = read;
	subscription->read = NULL;
	subscribe_ahead_follow(&subscription->ahead, call, subscription->cursor, read);
	rpc_then(call, pull);
	return RPC_MORE;
}

/* ---- live ---- */

/* One pull, from the page while there is one. */
static enum hub_pulled pull_some(
	struct subscription *subscription, struct model_event **events, size_t *count)
{
	struct hub_cursor *cursor = subscription->cursor;
	if (!subscription->page)
		return hub_pull(subscription->service->hub, &subscription->wish.filter, cursor, events,
			SUBSCRIBE_EVENTS_MAX, SUBSCRIBE_BYTES_MAX, count);
	enum hub_pulled pulled = subscribe_page_pull(subscription->page, cursor, events, count);
	if (pulled == HUB_IDLE) {
		subscribe_page_free(subscription->page);
		subscription->page = NULL;
	}
	return pulled == HUB_BEHIND ? HUB_BEHIND : HUB_EVENTS;
}

/* Gathers events for one message. */
static enum hub_pulled gather(struct subscription *subscription, struct gathered *gathered)
{
	gathered->count = gathered->bytes = 0;
	gathered->fresh = !subscription->page;
	while (!is_full(gathered)) {
		size_t more = 0;
		enum hub_pulled pulled = pull_some(subscription, gathered->events + gathered->count, &more);
		for (size_t i = 0; i < more; i++)
			gathered->bytes += gathered->events[gathered->count++]->size;
		if (pulled != HUB_EVENTS || subscription->cursor->inside)
			return pulled;
	}
	return HUB_EVENTS;
}

static enum rpc_next pull_events(struct rpc_call *call)
{
	struct subscription *subscription = rpc_state(call);
	struct gathered gathered;
	enum hub_pulled pulled = gather(subscription, &gathered);
	if (pulled == HUB_BEHIND && !subscription->page)
		subscription->page = subscribe_page_new(&subscription->wish.filter, subscription->cursor);
	if (gathered.count)
		return send_live(call, &gathered);
	if (pulled == HUB_BEHIND)
		return read_page(call);
	rpc_then(call, pull);
	if (pulled == HUB_EVENTS)
		return RPC_MORE; /* a page had nothing that passes */
	subscribe_ahead_drop(&subscription->ahead);
	hub_wait(subscription->service->hub, &subscription->waiter, subscription->cursor);
	return rpc_park(call, subscription->due_us);
}

/* Marks where the cursor stands. @return what another subscriber was sent from there, or NULL */
static struct subscribe_message *find_message(struct subscription *subscription)
{
	struct subscribe_messages *messages = subscription->service->messages;
	if (subscription->page)
		return NULL;
	subscribe_messages_mark(messages, &subscription->scope, subscription->cursor);
	return subscribe_messages_find(messages, subscription->service->hub, subscription->cursor);
}

static enum rpc_next pull(struct rpc_call *call)
{
	struct subscription *subscription = rpc_state(call);
	hub_wait_stop(subscription->service->hub, &subscription->waiter);
	if (ended(call))
		return RPC_DONE;
	if (!subscription->cursor->inside && clock_steady_us() >= subscription->due_us)
		return checkpoint(call);
	struct subscribe_message *message = find_message(subscription);
	return message ? send_message(call, message) : pull_events(call);
}

const struct rpc_method subscribe_methods[] = {
	{
		.path = "/tally.v1.EventService/Subscribe",
		.first = open_stream,
		.state_size = sizeof(struct subscription),
		.release = release,
		.writes_stream = true,
	},
	{.path = NULL},
};
