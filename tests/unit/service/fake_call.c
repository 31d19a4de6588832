/* The fake transport, reader and clock: one thread, no time but what the test sets. */
#include "fake_call.h"

#include <assert.h>
#include <stdlib.h>

#include "base/buffer.h"
#include "base/clock.h"

int64_t fake_now_us = 1000;
bool fake_defers_reads;
bool fake_refuses_reads;

enum wait {
	RUNS,
	WRITES,
	PARKS,
	HOLDS
};

struct rpc_call {
	struct fake_call *fake;
	const struct rpc_method *method;
	void *context;
	void *state;
	struct arena *arena;
	const void *request;
	size_t request_size;
	rpc_step_fn *step;
	enum wait wait;
	bool woken, cancelled, draining;
};

/* ---- clock ---- */

int64_t clock_steady_us(void)
{
	return fake_now_us;
}

int64_t clock_wall_us(void)
{
	return fake_now_us;
}

char *clock_text(int64_t wall_us, char *text)
{
	(void)wall_us;
	text[0] = '\0';
	return text;
}

/* ---- running ---- */

static bool is_over(struct rpc_call *call)
{
	bool over = false;
	switch (call->wait) {
	case RUNS: over = true; break;
	case WRITES: over = !call->fake->slow; break;
	case HOLDS: over = call->woken; break;
	case PARKS:
		over = call->woken || call->cancelled || call->draining ||
		       fake_now_us >= call->fake->until_us;
		break;
	}
	if (over && call->wait != WRITES)
		call->woken = false;
	return over;
}

static void run(struct rpc_call *call)
{
	enum rpc_next next = RPC_WAIT;
	while (!call->fake->answered && is_over(call)) {
		call->wait = RUNS;
		call->fake->parked = false;
		next = call->step(call);
		assert((next == RPC_DONE) == call->fake->answered);
		assert((next == RPC_MORE) == (call->wait == RUNS && next != RPC_DONE));
	}
	call->fake->parked = !call->fake->answered && call->wait == PARKS;
}

void fake_open(struct fake_call *fake, const struct rpc_method *method, void *context, const void *request,
	size_t size)
{
	struct rpc_call *call = calloc(1, sizeof(*call));
	if (!call)
		abort();
	fake->call = call;
	call->fake = fake;
	call->method = method;
	call->context = context;
	call->arena = arena_new();
	call->state = arena_alloc(call->arena, method->state_size);
	call->request = request;
	call->request_size = size;
	call->step = method->first;
	run(call);
}

void fake_go(struct fake_call *fake)
{
	run(fake->call);
}

void fake_cancel(struct fake_call *fake)
{
	fake->call->cancelled = true;
	run(fake->call);
}

void fake_drain(struct fake_call *fake)
{
	fake->call->draining = true;
	run(fake->call);
}

void fake_close(struct fake_call *fake)
{
	assert(fake->answered || fake->parked);
	fake->call->method->release(fake->call->state);
	arena_free(fake->call->arena);
	free(fake->call);
	fake->call = NULL;
}

/* ---- transport/rpc.h ---- */

void rpc_then(struct rpc_call *call, rpc_step_fn *step)
{
	call->step = step;
}

void *rpc_state(struct rpc_call *call)
{
	return call->state;
}

void *rpc_context(struct rpc_call *call)
{
	return call->context;
}

struct arena *rpc_arena(struct rpc_call *call)
{
	return call->arena;
}

const uint8_t *rpc_request(struct rpc_call *call, size_t *size)
{
	*size = call->request_size;
	return call->request;
}

bool rpc_cancelled(struct rpc_call *call)
{
	return call->cancelled;
}

bool rpc_draining(struct rpc_call *call)
{
	return call->draining;
}

enum rpc_next rpc_fail(struct rpc_call *call, const struct fault *fault)
{
	call->fake->answered = true;
	call->fake->fault = *fault;
	return RPC_DONE;
}

enum rpc_next rpc_end(struct rpc_call *call)
{
	call->fake->answered = true;
	call->fake->fault.code = FAULT_NONE;
	return RPC_DONE;
}

enum rpc_next rpc_reply(struct rpc_call *call, const void *message, size_t size)
{
	call->fake->message(call->fake->message_context, message, size, false);
	return rpc_end(call);
}

enum rpc_next rpc_write(struct rpc_call *call, const struct rpc_piece *pieces, size_t count, bool more)
{
	struct buffer buffer = {0};
	for (size_t i = 0; i < count; i++) {
		buffer_add(&buffer, pieces[i].bytes, pieces[i].size);
		if (pieces[i].owner)
			pieces[i].release(pieces[i].owner);
	}
	call->fake->message(call->fake->message_context, buffer.bytes, buffer.size, more);
	buffer_done(&buffer);
	call->wait = WRITES;
	return RPC_WAIT;
}

enum rpc_next rpc_park(struct rpc_call *call, int64_t until_us)
{
	call->fake->until_us = until_us;
	call->wait = PARKS;
	return RPC_WAIT;
}

enum rpc_next rpc_hold(struct rpc_call *call)
{
	call->wait = HOLDS;
	return RPC_WAIT;
}

void rpc_wake(struct rpc_call *call)
{
	call->woken = true;
}

/* ---- reads ---- */

static struct ledger_read *queue;

void fake_serve(struct store *store)
{
	while (queue) {
		struct ledger_read *read = queue;
		queue = read->next;
		read->run(read, store);
	}
}

enum fault_code ledger_read(struct ledger *ledger, struct ledger_read *read, struct fault *fault)
{
	(void)ledger;
	if (fake_refuses_reads)
		return fault_set(fault, FAULT_EXHAUSTED, "QUEUE_FULL", "too many reads wait");
	if (!fake_defers_reads) {
		read->run(read, NULL);
		return FAULT_NONE;
	}
	read->next = queue;
	queue = read;
	return FAULT_NONE;
}
