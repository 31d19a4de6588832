/* The methods of the tests' service. */
#include "parrot.h"

#include <pthread.h>
#include <unistd.h>

#include "base/clock.h"

static struct parrot *parrot_of(struct rpc_call *call)
{
	return rpc_context(call);
}

static enum rpc_next fail(
	struct rpc_call *call, enum fault_code code, const char *reason, const char *message)
{
	struct fault fault;
	fault_set(&fault, code, reason, "%s", message);
	return rpc_fail(call, &fault);
}

/* Every state begins with this, so that one function releases them all. */
struct base_state {
	struct parrot *parrot;
	pthread_t threads[2];
	int thread_count;
};

static void release(void *argument)
{
	struct base_state *state = argument;
	for (int i = 0; i < state->thread_count; i++)
		pthread_join(state->threads[i], NULL);
	if (state->parrot)
		state->parrot->released++;
}

static struct base_state *begin(struct rpc_call *call)
{
	struct base_state *state = rpc_state(call);
	state->parrot = parrot_of(call);
	return state;
}

static void start_thread(struct base_state *state, void *(*work)(void *), void *argument)
{
	if (pthread_create(&state->threads[state->thread_count++], NULL, work, argument))
		abort();
}

/* ---- Say: the request is the answer ---- */

static enum rpc_next say(struct rpc_call *call)
{
	size_t size;
	const uint8_t *bytes = rpc_request(call, &size);
	return rpc_reply(call, bytes, size);
}

/* ---- Fail ---- */

static enum rpc_next fail_detailed(struct rpc_call *call)
{
	return fail(call, FAULT_CONFLICT, "DETAILED", "Größe: \"100 %\"");
}

/* A message that was cut in a character. */
static enum rpc_next fail_cut(struct rpc_call *call)
{
	return fail(call, FAULT_CONFLICT, "CUT", "Gr\xc3");
}

/* ---- Park: waits until it may not any more ---- */

static enum rpc_next park_end(struct rpc_call *call)
{
	if (rpc_cancelled(call)) {
		parrot_of(call)->seen_cancelled++;
		return fail(call, FAULT_CANCELLED, "CANCELLED", "nobody waits");
	}
	if (rpc_draining(call))
		return fail(call, FAULT_UNAVAILABLE, "DRAINING", "stopping");
	return fail(call, FAULT_INTERNAL, "WOKEN", "woken for nothing");
}

static enum rpc_next park(struct rpc_call *call)
{
	begin(call);
	parrot_of(call)->left_us = rpc_deadline_us(call) - clock_steady_us();
	parrot_of(call)->parked++;
	rpc_then(call, park_end);
	return rpc_park(call, INT64_MAX);
}

/* ---- Nap: waits 50 ms and answers ---- */

static enum rpc_next nap_end(struct rpc_call *call)
{
	return rpc_reply(call, "awake", 5);
}

static enum rpc_next nap(struct rpc_call *call)
{
	begin(call);
	rpc_then(call, nap_end);
	return rpc_park(call, clock_steady_us() + 50 * 1000);
}

/* ---- Sulk: parks for ever and looks at nothing ---- */

static enum rpc_next sulk(struct rpc_call *call)
{
	begin(call);
	parrot_of(call)->parked++;
	return rpc_park(call, INT64_MAX);
}

/* ---- Hold, Delegate: another thread works in the call's arena, and wakes the call or answers it ---- */

struct hold_state {
	struct base_state base;
	struct rpc_call *call;
	char *text;
	bool replies; /* itself, instead of waking the call */
	_Atomic bool done;
};

static void *hold_work(void *argument)
{
	struct hold_state *state = argument;
	usleep((useconds_t)state->base.parrot->hold_ms * 1000);
	for (int i = 0; i < 100; i++)
		state->text = arena_print(rpc_arena(state->call), "worked %d", i);
	state->base.parrot->worked++;
	atomic_store_explicit(&state->done, true, memory_order_release);
	if (state->replies)
		rpc_reply_held(state->call, state->text, strlen(state->text));
	else
		rpc_wake(state->call);
	return NULL;
}

static enum rpc_next hold_end(struct rpc_call *call)
{
	struct hold_state *state = rpc_state(call);
	if (!atomic_load_explicit(&state->done, memory_order_acquire))
		return fail(call, FAULT_INTERNAL, "EARLY", "the hold was cut short");
	if (rpc_cancelled(call))
		parrot_of(call)->seen_cancelled++;
	return rpc_reply(call, state->text, strlen(state->text));
}

static enum rpc_next start_hold(struct rpc_call *call, bool replies)
{
	struct hold_state *state = (struct hold_state *)begin(call);
	state->call = call;
	state->replies = replies;
	rpc_then(call, hold_end);
	parrot_of(call)->held++;
	start_thread(&state->base, hold_work, state);
	return rpc_hold(call);
}

static enum rpc_next hold(struct rpc_call *call)
{
	return start_hold(call, false);
}

static enum rpc_next delegate(struct rpc_call *call)
{
	return start_hold(call, true);
}

/* ---- Storm: two threads wake it, each time for one more thing; all must be seen ---- */

struct storm_state {
	struct base_state base;
	struct rpc_call *call;
	uint32_t each;
	_Atomic uint32_t made;
};

static void *storm_work(void *argument)
{
	struct storm_state *state = argument;
	for (uint32_t i = 0; i < state->each; i++) {
		atomic_fetch_add_explicit(&state->made, 1, memory_order_relaxed);
		rpc_wake(state->call);
		if (i % 64 == 0)
			usleep(50);
	}
	return NULL;
}

static enum rpc_next storm_take(struct rpc_call *call)
{
	struct storm_state *state = rpc_state(call);
	if (atomic_load_explicit(&state->made, memory_order_relaxed) < state->each * 2)
		return rpc_park(call, INT64_MAX);
	return rpc_reply(call, "all", 3);
}

static enum rpc_next storm(struct rpc_call *call)
{
	struct storm_state *state = (struct storm_state *)begin(call);
	size_t size;
	const uint8_t *request = rpc_request(call, &size);
	memcpy(&state->each, request, sizeof(state->each));
	state->call = call;
	rpc_then(call, storm_take);
	start_thread(&state->base, storm_work, state);
	start_thread(&state->base, storm_work, state);
	return RPC_MORE;
}

/* ---- Count: a stream of numbered messages, in two pieces, the second not copied ---- */

struct count_state {
	struct base_state base;
	struct parrot_count wanted;
	uint32_t at;
};

struct piece_owner {
	struct parrot *parrot;
	_Atomic bool made; /* as a count of references would, it hands the bytes over to the thread that frees
			      them */
	uint8_t bytes[];
};

static void release_piece(void *argument)
{
	struct piece_owner *owner = argument;
	if (!atomic_load_explicit(&owner->made, memory_order_acquire))
		abort();
	owner->parrot->pieces_released++;
	free(owner);
}

static struct rpc_piece make_piece(struct parrot *parrot, uint32_t at, uint32_t size)
{
	struct piece_owner *owner = calloc(1, sizeof(*owner) + size);
	if (!owner)
		abort();
	owner->parrot = parrot;
	parrot->pieces_made++;
	memset(owner->bytes, (int)(at & 0xff), size);
	atomic_store_explicit(&owner->made, true, memory_order_release);
	return (struct rpc_piece){owner->bytes, size, owner, release_piece};
}

static enum rpc_next count_write(struct rpc_call *call)
{
	struct count_state *state = rpc_state(call);
	if (state->at > 0)
		parrot_of(call)->written++;
	if (rpc_cancelled(call))
		return fail(call, FAULT_CANCELLED, "CANCELLED", "nobody reads");
	if (state->at == state->wanted.messages)
		return rpc_end(call);
	uint32_t at = state->at++;
	struct rpc_piece pieces[] = {
		{.bytes = &at, .size = sizeof(at)},
		make_piece(parrot_of(call), at, state->wanted.bytes),
	};
	return rpc_write(call, pieces, 2, state->at < state->wanted.messages && at % 16 != 15);
}

static enum rpc_next count(struct rpc_call *call)
{
	struct count_state *state = (struct count_state *)begin(call);
	size_t size;
	const uint8_t *request = rpc_request(call, &size);
	if (size != sizeof(state->wanted))
		return fail(call, FAULT_INVALID, "SIZE", "that is not a count");
	memcpy(&state->wanted, request, size);
	rpc_then(call, count_write);
	return RPC_MORE;
}

/* ---- Chat: each message comes back ---- */

static enum rpc_next chat_read(struct rpc_call *call);

static enum rpc_next chat_write(struct rpc_call *call)
{
	size_t size;
	const uint8_t *bytes = rpc_request(call, &size);
	if (!bytes)
		return rpc_draining(call) ? fail(call, FAULT_UNAVAILABLE, "DRAINING", "stopping")
					  : rpc_end(call);
	rpc_then(call, chat_read);
	return rpc_write(call, &(struct rpc_piece){.bytes = bytes, .size = size}, 1, false);
}

static enum rpc_next chat_read(struct rpc_call *call)
{
	begin(call);
	rpc_then(call, chat_write);
	return rpc_read(call);
}

/* ---- Sum: many messages, one answer ---- */

struct sum_state {
	struct base_state base;
	uint64_t sum;
};

static enum rpc_next sum_add(struct rpc_call *call)
{
	struct sum_state *state = rpc_state(call);
	size_t size;
	const uint8_t *bytes = rpc_request(call, &size);
	if (!bytes)
		return rpc_reply(call, &state->sum, sizeof(state->sum));
	for (size_t i = 0; i < size; i++)
		state->sum += bytes[i];
	return rpc_read(call);
}

static enum rpc_next sum(struct rpc_call *call)
{
	begin(call);
	rpc_then(call, sum_add);
	return rpc_read(call);
}

/* ---- the tables ---- */

static const struct rpc_method unary[] = {
	{.path = "/test.Parrot/Say", .first = say},
	{.path = "/test.Parrot/Fail", .first = fail_detailed},
	{.path = "/test.Parrot/Cut", .first = fail_cut},
	{.path = "/test.Parrot/Park",
		.first = park,
		.state_size = sizeof(struct base_state),
		.release = release},
	{.path = "/test.Parrot/Nap",
		.first = nap,
		.state_size = sizeof(struct base_state),
		.release = release},
	{.path = "/test.Parrot/Sulk",
		.first = sulk,
		.state_size = sizeof(struct base_state),
		.release = release},
	{.path = "/test.Parrot/Hold",
		.first = hold,
		.state_size = sizeof(struct hold_state),
		.release = release},
	{.path = "/test.Parrot/Delegate",
		.first = delegate,
		.state_size = sizeof(struct hold_state),
		.release = release},
	{.path = "/test.Parrot/Storm",
		.first = storm,
		.state_size = sizeof(struct storm_state),
		.release = release},
	{0},
};

static const struct rpc_method streams[] = {
	{.path = "/test.Parrot/Count",
		.first = count,
		.state_size = sizeof(struct count_state),
		.release = release,
		.writes_stream = true},
	{.path = "/test.Parrot/Watch",
		.first = park,
		.state_size = sizeof(struct base_state),
		.release = release,
		.writes_stream = true},
	{.path = "/test.Parrot/Chat",
		.first = chat_read,
		.state_size = sizeof(struct base_state),
		.release = release,
		.reads_stream = true,
		.writes_stream = true},
	{.path = "/test.Parrot/Sum",
		.first = sum,
		.state_size = sizeof(struct sum_state),
		.release = release,
		.reads_stream = true},
	{0},
};

const struct rpc_method *const parrot_methods[] = {unary, streams, NULL};

static const int codes[FAULT_COUNT] = {
	[FAULT_INVALID] = 3,
	[FAULT_CONFLICT] = 10,
	[FAULT_EXHAUSTED] = 8,
	[FAULT_UNAVAILABLE] = 14,
	[FAULT_TIMEOUT] = 4,
	[FAULT_CANCELLED] = 1,
	[FAULT_UNIMPLEMENTED] = 12,
	[FAULT_INTERNAL] = 13,
};

void parrot_status(const struct fault *fault, struct arena *arena, int *code, const char **message,
	const void **details, size_t *details_size)
{
	*code = codes[fault->code];
	*message = arena_print(arena, "%s: %s", fault->reason, fault->message);
	if (strcmp(fault->reason, "DETAILED") == 0) {
		*details = arena_copy(arena, "\x01\x02", 2);
		*details_size = 2;
	}
}
