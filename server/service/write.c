/* Changes on their way to the ledger and back. What is changed, each method decides. */
#include "service/write.h"

#include "model/message.h"

enum {
	FRAME_BYTES = 16,  /* at most, around one finding in a list */
	REST_BYTES = 4096, /* kept free of a message's size */
};

static enum rpc_next answer(struct rpc_call *call);

/* On the lane, or in ledger_submit(). */
static void done(struct ledger_change *change)
{
	const struct write *write = change->context;
	if (change->unhurried && !change->fault.code)
		rpc_reply_held(write->call, change->answer, change->answer_size);
	else
		rpc_wake(write->call);
}

struct write *write_start(struct rpc_call *call)
{
	struct write *write = rpc_state(call);
	int64_t deadline_us = rpc_deadline_us(call);
	write->call = call;
	write->service = rpc_context(call);
	write->change = (struct ledger_change){
		.etag = "",
		.request_id = "",
		.change_note = "",
		.principal = rpc_principal(call),
		.deadline_us = deadline_us == INT64_MAX ? 0 : deadline_us,
		.arena = rpc_arena(call),
		.done = done,
		.context = write,
	};
	return write;
}

/* What a repeat of a request id must have in common with the first. */
static struct model_digest fingerprint(struct arena *arena, const char *method, const void *request)
{
	struct model_digest_part parts[2] = {{method, strlen(method)}};
	parts[1].bytes = model_message_pack(arena, request, &parts[1].size);
	return model_digest_of(parts, 2);
}

enum rpc_next write_submit(struct rpc_call *call, const char *method, const void *request)
{
	struct write *write = rpc_state(call);
	if (write->change.request_id[0])
		write->change.fingerprint = fingerprint(write->change.arena, method, request);
	rpc_then(call, answer);
	ledger_submit(write->service->ledger, &write->change);
	return rpc_hold(call);
}

/* Adds what the caller can do about a write whose fate is not known. */
static void advise(struct ledger_change *change)
{
	struct fault *fault = &change->fault;
	size_t used = strlen(fault->message);
	if (fault->code != FAULT_UNCERTAIN)
		return;
	snprintf(fault->message + used, sizeof(fault->message) - used, "; %s",
		change->request_id[0]
			? "repeating the call with the same request_id is safe"
			: "read before repeating the call; with a request_id repeating it is safe");
	if (change->request_id[0])
		fault_add(fault, "request_id", "%s", change->request_id);
}

static enum rpc_next answer(struct rpc_call *call)
{
	struct write *write = rpc_state(call);
	advise(&write->change);
	if (write->change.fault.code)
		return rpc_fail(call, &write->change.fault);
	return rpc_reply(call, write->change.answer, write->change.answer_size);
}

/* ---- findings in answers ---- */

/* What is left to be filled. */
struct room {
	struct arena *arena;
	const char *system;
	size_t bytes;
	int32_t omitted;
};

static struct write_findings list(struct room *room, const struct ledger_view *view,
	const struct ledger_finding *const *findings, size_t count)
{
	struct write_findings made = {.items = arena_array(room->arena, count, sizeof(Tally__V1__Finding *))};
	if (count == 0)
		return made;
	struct model_versions versions = model_system_versions(room->arena, ledger_view_system(view));
	for (size_t i = 0; i < count; i++) {
		Tally__V1__Finding *message = NULL;
		size_t size = room->bytes + 1;
		if (room->omitted == 0) {
			message = model_finding_message(room->arena, room->system, findings[i]->finding,
				&findings[i]->life, &versions);
			size = protobuf_c_message_get_packed_size(&message->base) + FRAME_BYTES;
		}
		if (size > room->bytes) {
			room->omitted++;
			continue;
		}
		room->bytes -= size;
		made.items[made.count++] = message;
	}
	return made;
}

struct write_answer *write_answer_of(const struct ledger_change *change, const struct ledger_outcome *outcome,
	struct arena *arena, size_t used_bytes)
{
	const struct write *write = change->context;
	struct write_answer *made = arena_alloc(arena, sizeof(*made));
	size_t max = write->service->max_message_bytes;
	made->verdict = model_verdict_message(
		arena, change->system, outcome->revision, "", ledger_view_verdict(outcome->view));
	used_bytes += protobuf_c_message_get_packed_size(&made->verdict->base) + REST_BYTES;
	struct room room = {arena, change->system, max > used_bytes ? max - used_bytes : 0, 0};
	made->opened = list(&room, outcome->view, outcome->opened, outcome->opened_count);
	made->changed = list(&room, outcome->view, outcome->changed, outcome->changed_count);
	made->resolved = list(&room, outcome->before, outcome->resolved, outcome->resolved_count);
	made->omitted = room.omitted;
	return made;
}
