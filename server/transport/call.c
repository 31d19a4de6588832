/*
 * The life of a call: accepted, its steps run, waited for, freed when it is
 * answered and quiet. What steps may start is in operations.c.
 *
 * A call is freed when it was answered, none of its batches is in flight and
 * no wake is in the queue. After release() nobody may wake it any more, so the
 * last look at wake_posted decides who deletes it: this thread now, or the
 * wake's own tag.
 */
#include "transport/call.h"

#include <assert.h>

#include <grpc/byte_buffer_reader.h>
#include <grpc/support/alloc.h>
#include <grpc/support/time.h>

#include "base/clock.h"
#include "transport/principal.h"
#include "transport/server.h"

static void on_closed(void *owner, bool ok);
static void on_received(void *owner, bool ok);
static void on_opened(void *owner, bool ok);
static void on_sent(void *owner, bool ok);
static void on_ended(void *owner, bool ok);
static void on_replied(void *owner, bool ok);
static void on_woken(void *owner, bool ok);

/* ---- steps ---- */

/* Once each: a step that parks again without looking must not spin. */
static bool tell(bool happened, bool *told)
{
	bool now = happened && !*told;
	*told |= happened;
	return now;
}

static bool take_wake(struct rpc_call *call)
{
	bool woken = call->woken;
	call->woken = false;
	return woken;
}

static bool is_parking_over(struct rpc_call *call)
{
	bool woken = take_wake(call);
	bool cancelled = tell(call->cancelled, &call->told_cancel);
	bool draining = tell(rpc_draining(call), &call->told_drain);
	return woken || cancelled || draining || call->until_us <= clock_steady_us();
}

/* A client that opens calls and sends nothing would use them up for everyone. */
static void give_up(struct rpc_call *call)
{
	struct fault fault;
	fault_set(&fault, FAULT_TIMEOUT, "REQUEST_TIMEOUT", "the request did not arrive in time");
	call->wait = CALL_RUNS;
	rpc_fail(call, &fault);
}

/* Has that come what the call waits for? Reads and writes end by their tags, a read by the drain too. */
static bool is_over(struct rpc_call *call)
{
	switch (call->wait) {
	case CALL_PARKS: return is_parking_over(call);
	case CALL_HOLDS: return take_wake(call);
	case CALL_READS: return tell(rpc_draining(call), &call->told_drain);
	default: return false;
	}
}

static void await(struct rpc_call *call)
{
	if (call->wait != CALL_PARKS)
		return;
	if (call->cancelled)
		call->answered = true; /* it has been told, nobody listens, and no time need pass */
	else if (call->until_us < INT64_MAX)
		timers_set(&call->server->timers, &call->timer, call->until_us, call);
}

static void run(struct rpc_call *call)
{
	enum rpc_next next;
	do {
		call->wait = CALL_RUNS;
		next = call->step(call);
		assert(next != RPC_WAIT || call->wait != CALL_RUNS);
		assert((next == RPC_DONE) == call->answered);
	} while (next == RPC_MORE || (next == RPC_WAIT && is_over(call)));
	if (next == RPC_WAIT)
		await(call);
}

/* ---- the end ---- */

static void unlink_call(struct rpc_call *call)
{
	if (call->previous)
		call->previous->next = call->next;
	else
		call->server->live = call->next;
	if (call->next)
		call->next->previous = call->previous;
}

static void delete (struct rpc_call *call)
{
	struct rpc_server *server = call->server;
	call_drop_request(call);
	if (call->received)
		grpc_byte_buffer_destroy(call->received);
	grpc_slice_unref(call->status_message);
	grpc_slice_unref(call->status_details);
	grpc_call_unref(call->core);
	gpr_free(call->peer);
	arena_free(call->arena);
	free(call);
	atomic_fetch_sub(&server->calls, 1);
	if (atomic_load(&server->draining))
		server_changed(server);
}

static void finish(struct rpc_call *call)
{
	if (!call->answered || call->in_flight > 0)
		return;
	call->released = true;
	timers_clear(&call->server->timers, &call->timer);
	unlink_call(call);
	if (call->admitted)
		admission_leave(&call->server->admission, call->method->writes_stream, call->peer);
	call_log(call);
	if (call->admitted && call->method->release)
		call->method->release(call->state);
	if (!atomic_load(&call->wake_posted))
		delete (call);
}

void call_poke(struct rpc_call *call)
{
	if (call->answered) {
		finish(call);
		return;
	}
	if (is_over(call)) {
		timers_clear(&call->server->timers, &call->timer);
		run(call);
	} else if (call->wait == CALL_OPENS && call->until_us <= clock_steady_us()) {
		give_up(call);
	}
	finish(call);
}

/* ---- what comes back from the queue ---- */

static void on_closed(void *owner, bool ok)
{
	struct rpc_call *call = owner;
	(void)ok; /* always true: the answer is in close_cancelled */
	call->in_flight--;
	call->cancelled = call->close_cancelled != 0;
	call_poke(call);
}

/* Makes the message that arrived the request. A copy: its slices would pin the connection's read buffers. */
static void take_message(struct rpc_call *call)
{
	call_drop_request(call);
	if (!call->received)
		return;
	grpc_byte_buffer_reader reader;
	if (grpc_byte_buffer_reader_init(&reader, call->received)) {
		call->request = grpc_byte_buffer_reader_readall(&reader);
		call->has_request = true;
		call->request_bytes += GRPC_SLICE_LENGTH(call->request);
		grpc_byte_buffer_reader_destroy(&reader);
	}
	grpc_byte_buffer_destroy(call->received);
	call->received = NULL;
}

/* The client said that it has finished, or the core has ended the call (too large, broken, cancelled). */
static void refuse_empty(struct rpc_call *call, bool ok)
{
	struct fault fault;
	if (ok)
		fault_set(&fault, FAULT_INVALID, "REQUEST_MISSING", "the call has no request message");
	else
		fault_set(&fault, FAULT_CANCELLED, "REQUEST_LOST", "the request did not arrive whole");
	rpc_fail(call, &fault);
}

static bool is_too_large(const struct rpc_call *call)
{
	return call->has_request &&
	       GRPC_SLICE_LENGTH(call->request) > call->server->options.max_message_bytes;
}

static void refuse_large(struct rpc_call *call)
{
	struct fault fault;
	size_t size = GRPC_SLICE_LENGTH(call->request);
	size_t limit = call->server->options.max_message_bytes;
	fault_set(&fault, FAULT_EXHAUSTED, "MESSAGE_TOO_LARGE", "the message has %zu bytes; the limit is %zu",
		size, limit);
	fault_add(&fault, "size_bytes", "%zu", size);
	fault_add(&fault, "limit_bytes", "%zu", limit);
	call_drop_request(call);
	rpc_fail(call, &fault);
}

/* Has the message no place in memory? Then the call is answered. */
static bool refuse_crowd(struct rpc_call *call)
{
	struct fault fault;
	size_t size = call->has_request ? GRPC_SLICE_LENGTH(call->request) : 0;
	if (admission_take(&call->server->admission, size, &fault)) {
		call_drop_request(call);
		rpc_fail(call, &fault);
		return true;
	}
	call->held_bytes = size;
	return false;
}

/* Runs the step that the message is for. */
static void run_received(struct rpc_call *call)
{
	run(call);
	if (call->method->writes_stream && !call->method->reads_stream)
		call_drop_request(call); /* a stream may last for days */
}

static void on_received(void *owner, bool ok)
{
	struct rpc_call *call = owner;
	call->in_flight--;
	call->receiving = false;
	enum call_wait wait = call->wait;
	if (!call->answered && (wait == CALL_OPENS || wait == CALL_READS)) {
		timers_clear(&call->server->timers, &call->timer);
		take_message(call);
		call->wait = CALL_RUNS;
		if (wait == CALL_OPENS && !call->has_request)
			refuse_empty(call, ok);
		else if (is_too_large(call))
			refuse_large(call);
		else if (!refuse_crowd(call))
			run_received(call);
	}
	finish(call);
}

static void on_opened(void *owner, bool ok)
{
	struct rpc_call *call = owner;
	(void)ok; /* RECV_CLOSE tells if the client has gone */
	call->in_flight--;
	finish(call);
}

static void on_sent(void *owner, bool ok)
{
	struct rpc_call *call = owner;
	call->in_flight--;
	grpc_byte_buffer_destroy(call->sending);
	call->sending = NULL;
	if (ok)
		call->messages_sent++;
	if (call->wait == CALL_WRITES)
		run(call);
	finish(call);
}

static void end(struct rpc_call *call, bool ok)
{
	if (call->sending) {
		grpc_byte_buffer_destroy(call->sending);
		call->sending = NULL;
		if (ok)
			call->messages_sent++;
	}
	finish(call);
}

static void on_ended(void *owner, bool ok)
{
	struct rpc_call *call = owner;
	call->in_flight--;
	end(call, ok);
}

static void on_replied(void *owner, bool ok)
{
	struct rpc_call *call = owner;
	/* Takes what the thread wrote that replied. */
	bool replied = atomic_load_explicit(&call->replied, memory_order_acquire);
	assert(replied && call->wait == CALL_HOLDS);
	(void)replied;
	call->answered = true;
	end(call, ok);
}

static void on_woken(void *owner, bool ok)
{
	struct rpc_call *call = owner;
	(void)ok;
	/* Takes what the wakers published: all of their exchanges come before this one. */
	atomic_exchange_explicit(&call->wake_posted, false, memory_order_acq_rel);
	if (call->released) {
		delete (call);
		return;
	}
	call->woken = true;
	call_poke(call);
}

void rpc_wake(struct rpc_call *call)
{
	if (atomic_exchange_explicit(&call->wake_posted, true, memory_order_acq_rel))
		return;
	grpc_call_error error = grpc_call_start_batch(call->core, NULL, 0, &call->wake_tag, NULL);
	if (error != GRPC_CALL_OK)
		abort();
}

/* ---- the beginning ---- */

/* The core's deadline is on another clock than ours. */
static int64_t deadline_us(gpr_timespec deadline)
{
	if (gpr_time_cmp(deadline, gpr_inf_future(deadline.clock_type)) == 0)
		return INT64_MAX;
	gpr_timespec left = gpr_time_sub(deadline, gpr_now(deadline.clock_type));
	if (left.tv_sec > INT32_MAX)
		return INT64_MAX;
	return clock_steady_us() + left.tv_sec * 1000000 + left.tv_nsec / 1000;
}

/* Keeps what can be printed of a path. @return is it whole? */
static bool copy_path(const grpc_slice *from, char *path)
{
	size_t length = GRPC_SLICE_LENGTH(*from);
	const uint8_t *bytes = GRPC_SLICE_START_PTR(*from);
	bool whole = length <= CALL_PATH_MAX;
	size_t i = 0;
	for (; i < length && i < CALL_PATH_MAX; i++) {
		bool printable = bytes[i] > ' ' && bytes[i] < 0x7f;
		path[i] = printable ? (char)bytes[i] : '?';
		whole = whole && printable;
	}
	path[i] = '\0';
	return whole;
}

static struct rpc_call *call_new(struct rpc_server *server, grpc_call *core, const grpc_call_details *details)
{
	struct rpc_call *call = calloc(1, sizeof(*call));
	if (!call)
		abort();
	call->server = server;
	call->core = core;
	call->arena = arena_new();
	call->peer = grpc_call_get_peer(core);
	call->started_us = clock_steady_us();
	call->deadline_us = deadline_us(details->deadline);
	if (copy_path(&details->method, call->path))
		call->method = map_get(&server->methods, call->path);
	call->wake_tag = (struct tag){on_woken, call};
	call->closed_tag = (struct tag){on_closed, call};
	call->received_tag = (struct tag){on_received, call};
	call->opened_tag = (struct tag){on_opened, call};
	call->sent_tag = (struct tag){on_sent, call};
	call->ended_tag = (struct tag){on_ended, call};
	call->replied_tag = (struct tag){on_replied, call};
	call->next = server->live;
	if (call->next)
		call->next->previous = call;
	server->live = call;
	atomic_fetch_add(&server->calls, 1);
	return call;
}

static enum fault_code let_in(struct rpc_call *call, struct fault *fault)
{
	if (rpc_draining(call))
		return fault_set(
			fault, FAULT_UNAVAILABLE, "DRAINING", "the server is stopping; try another one");
	if (!call->method) {
		fault_set(fault, FAULT_UNIMPLEMENTED, "UNKNOWN_METHOD", "there is no method %s", call->path);
		fault_add(fault, "method", "%s", call->path);
		return FAULT_UNIMPLEMENTED;
	}
	if (admission_enter(&call->server->admission, call->method->writes_stream, call->peer,
		    call->started_us, fault))
		return fault->code;
	call->admitted = true;
	return FAULT_NONE;
}

void call_accept(struct rpc_server *server, grpc_call *core, const grpc_call_details *details,
	const grpc_metadata_array *metadata)
{
	struct rpc_call *call = call_new(server, core, details);
	principal_find(core, metadata, &call->principal);
	grpc_op close = {.op = GRPC_OP_RECV_CLOSE_ON_SERVER};
	close.data.recv_close_on_server.cancelled = &call->close_cancelled;
	call_start(call, &close, 1, &call->closed_tag);

	struct fault fault;
	if (let_in(call, &fault)) {
		rpc_fail(call, &fault);
		return;
	}
	call->state = arena_alloc(call->arena, call->method->state_size);
	call->step = call->method->first;
	if (call->method->reads_stream) {
		run(call);
		return;
	}
	call->wait = CALL_OPENS;
	call->until_us = call->started_us + (int64_t)server->options.request_ms * 1000;
	timers_set(&server->timers, &call->timer, call->until_us, call);
	call_receive(call);
}
