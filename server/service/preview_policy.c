/*
 * PreviewPolicy: what would another policy have said? The systems are done one
 * after the other, each of them a little at a time: a reader serves others
 * between two slices, and the client hears how far it is.
 *
 *   read -> (look -> load) -> one ---+
 *        -> (list all on a reader) --+-> slice -> (work on a reader) -> send -> slice ... -> end
 */
#include "base/clock.h"
#include "model/message.h"
#include "service/check.h"
#include "service/methods.h"
#include "service/names.h"
#include "service/preview.h"
#include "service/specs.h"
#include "service/unpack.h"

enum {
	REVISIONS_DEFAULT = 1000,
	REVISIONS_MAX = 10000,
	PREVIEWS_MAX = 8, /* at once */
	SLICE_US = 25 * 1000,
	LISTED = 1000,      /* systems that are read at a time */
	REST_BYTES = 65536, /* kept free of a message's size for months and counts */
};

/* A system to do. */
struct to_do {
	char id[MODEL_ID_SIZE];
	int64_t revisions; /* to look back over */
	int64_t last;
};

struct preview {
	struct reading reading; /* first */
	struct model_name parent;
	struct preview_policy policy;
	int64_t depth;
	bool counted; /* among those that run */

	struct to_do *systems; /* arena */
	size_t system_count, system_capacity;
	size_t at;                /* the system that is done */
	bool begun;               /* its history */
	struct preview_walk walk; /* through it */
	struct preview_months months;
	Tally__V1__PreviewPolicyResponse message; /* the counts go on */
	struct arena *slice;                      /* of the message */
	const void *packed;
	size_t packed_size;
};

static enum rpc_next one(struct rpc_call *call);
static enum fault_code list_all(struct reading *reading, struct store *store, struct fault *fault);
static enum rpc_next slice(struct rpc_call *call);
static enum fault_code work(struct reading *reading, struct store *store, struct fault *fault);
static enum rpc_next send(struct rpc_call *call);

static enum rpc_next refuse_more(struct rpc_call *call)
{
	struct fault fault;
	fault_set(&fault, FAULT_EXHAUSTED, "PREVIEWS_FULL", "%d previews run already; try again in a second",
		(int)PREVIEWS_MAX);
	fault.retry_after_ms = 1000;
	return rpc_fail(call, &fault);
}

static void check(struct preview *state, const Tally__V1__PreviewPolicyRequest *request, struct fault *fault)
{
	struct arena *arena = state->reading.arena;
	if (strcmp(request->parent, "systems/-") != 0)
		names_take(fault, "parent", request->parent, NAME_SYSTEM, &state->parent);
	if (!request->policy)
		check_refuse(fault, "POLICY_MISSING", "policy", "is required: the policy to try");
	else
		specs_check_policy(arena, "policy", request->policy, fault);
	if (request->max_revisions < 0)
		check_refuse(fault, "REVISIONS_NEGATIVE", "max_revisions", "is %d, but must be 0 or more",
			request->max_revisions);
	state->depth = request->max_revisions == 0              ? REVISIONS_DEFAULT
		       : request->max_revisions > REVISIONS_MAX ? REVISIONS_MAX
								: request->max_revisions;
}

static enum rpc_next read(struct rpc_call *call)
{
	struct preview *state = rpc_state(call);
	struct reading *reading = reading_start(call);
	struct fault fault = {0};
	const Tally__V1__PreviewPolicyRequest *request =
		service_unpack(call, &tally__v1__preview_policy_request__descriptor, &fault);
	if (!request)
		return rpc_fail(call, &fault);
	check(state, request, &fault);
	if (fault.code)
		return rpc_fail(call, &fault);
	state->counted = true;
	if (atomic_fetch_add(&reading->service->previews, 1) >= PREVIEWS_MAX)
		return refuse_more(call);
	preview_policy_init(&state->policy, reading->arena, request->policy);
	tally__v1__preview_policy_response__init(&state->message);
	if (state->parent.system[0])
		return reading_view(call, state->parent.system, 0, one);
	return reading_job(call, list_all, slice);
}

/* ---- which systems ---- */

static void add_system(struct preview *state, const char *id, int64_t revision)
{
	if (state->system_count == state->system_capacity) {
		size_t capacity = 2 * state->system_capacity + 1;
		struct to_do *larger = arena_array(state->reading.arena, capacity, sizeof(*larger));
		if (state->system_count > 0)
			memcpy(larger, state->systems, state->system_count * sizeof(*larger));
		state->systems = larger;
		state->system_capacity = capacity;
	}
	struct to_do *added = &state->systems[state->system_count++];
	snprintf(added->id, sizeof(added->id), "%s", id);
	added->last = revision;
	added->revisions = revision < state->depth ? revision : state->depth;
	state->message.systems_total++;
	state->message.revisions_total += added->revisions;
}

static enum rpc_next one(struct rpc_call *call)
{
	struct preview *state = rpc_state(call);
	add_system(state, state->parent.system, ledger_view_revision(state->reading.view));
	ledger_view_unref(state->reading.view);
	state->reading.view = NULL;
	return slice(call);
}

static enum fault_code list_all(struct reading *reading, struct store *store, struct fault *fault)
{
	struct preview *state = (struct preview *)reading;
	enum fault_code code = FAULT_NONE;
	size_t count = LISTED;
	while (!code && count == LISTED) {
		const char *after = state->system_count ? state->systems[state->system_count - 1].id : "";
		struct arena *arena = arena_new();
		struct store_system *rows = NULL;
		code = store_list_systems(store, arena, after, LISTED, &rows, &count, fault);
		for (size_t i = 0; !code && i < count; i++)
			add_system(state, rows[i].id, rows[i].revision);
		arena_free(arena);
	}
	return code;
}

/* ---- a slice ---- */

static enum rpc_next slice(struct rpc_call *call)
{
	struct fault fault;
	if (rpc_cancelled(call)) {
		fault_set(&fault, FAULT_CANCELLED, "CANCELLED", "the client has gone");
		return rpc_fail(call, &fault);
	}
	if (rpc_draining(call)) {
		fault_set(&fault, FAULT_UNAVAILABLE, "SERVER_STOPPING", "the server stops; ask another one");
		return rpc_fail(call, &fault);
	}
	return reading_job(call, work, send);
}

/* On a reader, as all below. What differs now; a system that is gone meanwhile differs in nothing. */
static enum fault_code tell_effect(struct preview *state, struct store *store, struct fault *fault)
{
	struct service *service = state->reading.service;
	struct to_do *system = &state->systems[state->at];
	struct reading now = {.service = service, .arena = state->slice, .system = system->id};
	size_t room =
		service->max_message_bytes > 2 * REST_BYTES ? service->max_message_bytes - 2 * REST_BYTES : 0;
	enum fault_code code = FAULT_NONE;
	now.view = ledger_view_cached(service->ledger, system->id);
	if (!now.view)
		code = ledger_load(service->ledger, store, system->id, &now.view, fault);
	if (code == FAULT_NOT_FOUND || (!code && ledger_view_deleted(now.view)))
		system->last = 0;
	if (!code && system->last > 0) {
		Tally__V1__PreviewPolicyResponse *message = &state->message;
		Tally__V1__PolicyEffect **larger =
			arena_array(state->slice, message->n_effects + 1, sizeof(*larger));
		if (message->n_effects > 0)
			memcpy(larger, message->effects, message->n_effects * sizeof(*larger));
		larger[message->n_effects++] = preview_effect(&now, &state->policy, room);
		message->effects = larger;
	}
	if (now.view)
		ledger_view_unref(now.view);
	return code == FAULT_NOT_FOUND ? FAULT_NONE : code;
}

static enum fault_code begin_system(struct preview *state, struct store *store, struct fault *fault)
{
	enum fault_code code = tell_effect(state, store, fault);
	if (code)
		return code;
	const struct to_do *system = &state->systems[state->at];
	state->begun = true;
	state->walk = (struct preview_walk){.policy = &state->policy,
		.past.span = {.partition = model_partition(
				      system->id, state->reading.service->identity->partitions),
			.system = system->id,
			.first = system->last > system->revisions ? system->last - system->revisions : 0,
			.last = system->last,
			.bodies = KIND_EVERY}};
	return system->last > 0 ? preview_walk_start(&state->walk, store, fault) : FAULT_NONE;
}

/* A system that was gone counts as done. */
static void end_system(struct preview *state)
{
	const struct past *past = &state->walk.past;
	state->message.revisions_done +=
		state->systems[state->at].revisions - (past->span.last - past->span.first);
	preview_walk_done(&state->walk);
	state->begun = false;
	state->message.systems_done++;
	state->at++;
}

static enum fault_code walk_on(
	struct preview *state, struct store *store, int64_t until_us, struct fault *fault)
{
	struct past *past = &state->walk.past;
	enum fault_code code = FAULT_NONE;
	while (!code && past->revision < past->span.last && clock_steady_us() < until_us) {
		code = preview_walk_step(&state->walk, store, &state->months, fault);
		state->message.revisions_done += !code;
	}
	return code;
}

/* One system's effect fills a message at most, so that nothing more is begun when it is large. */
static bool has_room(const struct preview *state)
{
	return state->message.n_effects == 0 ||
	       protobuf_c_message_get_packed_size(&state->message.base) < REST_BYTES;
}

static void pack(struct preview *state)
{
	Tally__V1__PreviewPolicyResponse *message = &state->message;
	if (state->at == state->system_count)
		message->months = preview_months_messages(&state->months, state->slice, &message->n_months);
	state->packed = model_message_pack(state->slice, message, &state->packed_size);
}

static enum fault_code work(struct reading *reading, struct store *store, struct fault *fault)
{
	struct preview *state = (struct preview *)reading;
	int64_t until_us = clock_steady_us() + SLICE_US;
	enum fault_code code = FAULT_NONE;
	arena_free(state->slice);
	state->slice = arena_new();
	state->message.n_effects = 0;
	while (!code && state->at < state->system_count && clock_steady_us() < until_us) {
		const struct past *past = &state->walk.past;
		if (!state->begun && !has_room(state))
			break;
		if (!state->begun)
			code = begin_system(state, store, fault);
		else
			code = walk_on(state, store, until_us, fault);
		if (!code && past->revision == past->span.last)
			end_system(state);
	}
	if (!code)
		pack(state);
	return code;
}

/* ---- sending ---- */

static enum rpc_next end(struct rpc_call *call)
{
	return rpc_end(call);
}

static enum rpc_next send(struct rpc_call *call)
{
	const struct preview *state = rpc_state(call);
	const struct rpc_piece piece = {.bytes = state->packed, .size = state->packed_size};
	rpc_then(call, state->at == state->system_count ? end : slice);
	return rpc_write(call, &piece, 1, false);
}

static void release(void *context)
{
	struct preview *state = context;
	if (state->counted)
		atomic_fetch_sub(&state->reading.service->previews, 1);
	preview_walk_done(&state->walk);
	preview_months_done(&state->months);
	preview_policy_done(&state->policy);
	arena_free(state->slice);
	reading_release(state);
}

const struct rpc_method preview_policy_methods[] = {
	{.path = "/tally.v1.MismatchService/PreviewPolicy",
		.first = read,
		.state_size = sizeof(struct preview),
		.release = release,
		.writes_stream = true},
	{0},
};
