/*
 * Evaluate: what would be found in a set of versions that is not the current
 * one? Nothing is stored.
 *
 *   read -> (look -> load -> wait) -> start -> (put together, evaluate and compare on a reader) -> answer
 */
#include <inttypes.h>

#include "base/clock.h"
#include "base/map.h"
#include "model/message.h"
#include "service/candidate.h"
#include "service/check.h"
#include "service/evaluate_request.h"
#include "service/findings.h"
#include "service/methods.h"
#include "service/unpack.h"

enum {
	FRAME_BYTES = 16,  /* at most, around one item of a list */
	REST_BYTES = 4096, /* kept free of a message's size */
};

struct evaluate {
	struct reading reading; /* first */
	struct evaluate_ask ask;
	struct candidate before; /* what the set starts from */
	struct candidate after;
	struct model_versions before_versions, after_versions;
	struct findings_item *known; /* arena; what the set is compared with, in order */
	size_t known_count;
	Tally__V1__EvaluateResponse *message; /* arena */
	size_t room_bytes;
	const void *answer; /* arena; packed */
	size_t answer_size;
};

static enum rpc_next start(struct rpc_call *call);
static enum fault_code work(struct reading *reading, struct store *store, struct fault *fault);
static enum fault_code put_together(struct evaluate *state, struct store *store, struct fault *fault);
static enum fault_code compare_with(struct evaluate *state, struct store *store, struct fault *fault);
static enum fault_code tell(struct evaluate *state, struct store *store, struct fault *fault);
static enum rpc_next answer(struct rpc_call *call);

static enum rpc_next read(struct rpc_call *call)
{
	struct evaluate *state = rpc_state(call);
	reading_start(call);
	struct fault fault = {0};
	const Tally__V1__EvaluateRequest *request =
		service_unpack(call, &tally__v1__evaluate_request__descriptor, &fault);
	if (!request)
		return rpc_fail(call, &fault);
	evaluate_ask_read(rpc_arena(call), request, &state->ask, &fault);
	if (fault.code)
		return rpc_fail(call, &fault);
	return reading_view(call, state->ask.parent.system, request->min_revision, start);
}

static enum rpc_next start(struct rpc_call *call)
{
	const struct evaluate *state = rpc_state(call);
	int64_t revision = ledger_view_revision(state->reading.view);
	if (state->ask.baseline_revision > revision) {
		struct fault fault = {0};
		fault_field(&fault, "REVISION_IN_FUTURE", "baseline_revision",
			"is %" PRId64 ", but %s is at revision %" PRId64, state->ask.baseline_revision,
			state->ask.parent.system, revision);
		return rpc_fail(call, &fault);
	}
	return reading_job(call, work, answer);
}

/* On a reader, as all below. */
static enum fault_code work(struct reading *reading, struct store *store, struct fault *fault)
{
	struct evaluate *state = (struct evaluate *)reading;
	enum fault_code code = put_together(state, store, fault);
	if (!code)
		code = compare_with(state, store, fault);
	return code ? code : tell(state, store, fault);
}

static enum fault_code no_environment(const struct evaluate *state, struct fault *fault)
{
	const char *system = state->ask.parent.system;
	fault_set(fault, FAULT_NOT_FOUND, "ENVIRONMENT_NOT_FOUND", "%s has no production environment %s",
		system, state->ask.environment);
	fault_add(fault, "system", "%s", system);
	fault_add(fault, "environment", "%s", state->ask.environment);
	return FAULT_NOT_FOUND;
}

static enum fault_code put_together(struct evaluate *state, struct store *store, struct fault *fault)
{
	const struct evaluate_ask *ask = &state->ask;
	enum fault_code code = FAULT_NONE;
	candidate_init(&state->before, &state->reading, store);
	if (ask->deployed)
		code = candidate_put_deployed(&state->before, ask->environment, fault);
	candidate_copy(&state->after, &state->before);
	for (size_t i = 0; !code && i < ask->version_count; i++)
		code = candidate_put_version(&state->after, ask->versions[i].kind,
			ask->versions[i].descriptor, ask->versions[i].version, fault);
	if (code)
		return code;
	for (size_t i = 0; i < ask->items.count; i++)
		candidate_put_item(&state->after, &ask->items.list[i]);
	int64_t now_us = clock_wall_us();
	candidate_evaluate(&state->after, now_us);
	candidate_evaluate(&state->before, now_us);
	if (ask->environment[0] &&
		!model_system_find(&state->after.system, KIND_PRODUCTION_ENVIRONMENT, ask->environment))
		return no_environment(state, fault);
	state->before_versions = model_system_versions(state->reading.arena, &state->before.system);
	state->after_versions = model_system_versions(state->reading.arena, &state->after.system);
	return FAULT_NONE;
}

/* What is open now has its life in the view. */
static void know_evaluated(struct evaluate *state)
{
	size_t open_count;
	const struct ledger_finding *open = ledger_view_findings(state->reading.view, &open_count);
	const struct model_finding *const *found =
		rules_evaluation_findings(state->before.evaluation, &state->known_count);
	struct map lives = {0};
	for (size_t i = 0; i < open_count; i++)
		map_put(&lives, open[i].finding->id, (void *)(uintptr_t)&open[i]);
	state->known = arena_array(state->reading.arena, state->known_count, sizeof(*state->known));
	for (size_t i = 0; i < state->known_count; i++) {
		const struct ledger_finding *now = map_get(&lives, found[i]->id);
		state->known[i].finding = found[i];
		if (now)
			state->known[i].life = now->life;
	}
	map_done(&lives);
}

static enum fault_code compare_with(struct evaluate *state, struct store *store, struct fault *fault)
{
	if (state->ask.baseline_revision > 0)
		return findings_at(&state->reading, store, state->ask.baseline_revision, false, &state->known,
			&state->known_count, fault);
	know_evaluated(state);
	return FAULT_NONE;
}

/* ---- the answer ---- */

/* Is there room for one more item? Nothing follows what did not fit: the gravest come first. */
static bool fits(struct evaluate *state, size_t size)
{
	if (state->message->omitted_findings == 0 && size <= state->room_bytes) {
		state->room_bytes -= size;
		return true;
	}
	state->message->omitted_findings++;
	return false;
}

static void tell_finding(
	struct evaluate *state, const struct model_finding *finding, const struct findings_item *was)
{
	static const struct model_finding_life none;
	struct arena *arena = state->reading.arena;
	Tally__V1__EvaluateResponse *message = state->message;
	Tally__V1__Finding *item = model_finding_message(
		arena, state->ask.parent.system, finding, was ? &was->life : &none, &state->after_versions);
	if (!was)
		findings_set_last_passed(arena, item, &state->before_versions);
	size_t size = protobuf_c_message_get_packed_size(&item->base) + FRAME_BYTES;
	if (!fits(state, was ? size : size + MODEL_NAME_SIZE))
		return;
	message->findings[message->n_findings++] = item;
	if (!was)
		message->opened[message->n_opened++] = item->name;
}

/* @param[out] gone  takes what is not found any more: all that is known, less what is found */
static void tell_findings(struct evaluate *state, struct map *gone)
{
	size_t count;
	const struct model_finding *const *found = rules_evaluation_findings(state->after.evaluation, &count);
	for (size_t i = 0; i < state->known_count; i++)
		if (rules_is_about(state->known[i].finding, state->ask.environment))
			map_put(gone, state->known[i].finding->id, &state->known[i]);
	state->message->findings =
		arena_array(state->reading.arena, count, sizeof(*state->message->findings));
	state->message->opened = arena_array(state->reading.arena, count, sizeof(*state->message->opened));
	for (size_t i = 0; i < count; i++)
		if (rules_is_about(found[i], state->ask.environment))
			tell_finding(state, found[i], map_remove(gone, found[i]->id));
}

static enum fault_code tell_resolved(
	struct evaluate *state, struct store *store, const struct map *gone, struct fault *fault)
{
	Tally__V1__EvaluateResponse *message = state->message;
	struct reading *reading = &state->reading;
	int64_t baseline = state->ask.baseline_revision;
	struct findings_versions versions = {.reading = reading, .store = store};
	message->resolved = arena_array(reading->arena, gone->count, sizeof(*message->resolved));
	for (size_t i = 0; i < state->known_count; i++) {
		const struct findings_item *was = &state->known[i];
		Tally__V1__Finding *item = NULL;
		if (map_get(gone, was->finding->id) != was)
			continue;
		enum fault_code code = FAULT_NONE;
		if (baseline > 0)
			code = findings_message(&versions, was, baseline, &item, fault);
		else
			item = model_finding_message(reading->arena, reading->system, was->finding,
				&was->life, &state->before_versions);
		if (code)
			return code;
		if (fits(state, protobuf_c_message_get_packed_size(&item->base) + FRAME_BYTES))
			message->resolved[message->n_resolved++] = item;
	}
	return FAULT_NONE;
}

static enum fault_code tell(struct evaluate *state, struct store *store, struct fault *fault)
{
	struct arena *arena = state->reading.arena;
	struct model_verdict verdict;
	struct map gone = {0};
	size_t count, max = state->reading.service->max_message_bytes;
	const struct model_finding *const *found = rules_evaluation_findings(state->after.evaluation, &count);
	rules_judge(&state->after.system, found, count, state->ask.environment, &verdict);
	state->message = arena_alloc(arena, sizeof(*state->message));
	tally__v1__evaluate_response__init(state->message);
	state->message->verdict = model_verdict_message(arena, state->ask.parent.system,
		ledger_view_revision(state->reading.view), state->ask.environment, &verdict);
	size_t used = protobuf_c_message_get_packed_size(&state->message->verdict->base) + REST_BYTES;
	state->room_bytes = max > used ? max - used : 0;
	tell_findings(state, &gone);
	enum fault_code code = tell_resolved(state, store, &gone, fault);
	map_done(&gone);
	if (!code)
		state->answer = model_message_pack(arena, state->message, &state->answer_size);
	return code;
}

static enum rpc_next answer(struct rpc_call *call)
{
	const struct evaluate *state = rpc_state(call);
	return rpc_reply(call, state->answer, state->answer_size);
}

static void release(void *context)
{
	struct evaluate *state = context;
	candidate_done(&state->after);
	candidate_done(&state->before);
	reading_release(state);
}

const struct rpc_method evaluate_methods[] = {
	{.path = "/tally.v1.MismatchService/Evaluate",
		.first = read,
		.state_size = sizeof(struct evaluate),
		.release = release},
	{0},
};
