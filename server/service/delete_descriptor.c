/*
 * DeleteDescriptor: a last version that says that the descriptor is gone.
 *
 *   read -> (evaluate and commit) -> answer
 */
#include "model/message.h"
#include "service/check.h"
#include "service/methods.h"
#include "service/names.h"
#include "service/unpack.h"
#include "service/write.h"
#include "tally/v1/descriptor_service.pb-c.h"

static const char path[] = "/tally.v1.DescriptorService/DeleteDescriptor";

struct delete_descriptor {
	struct write write;
	struct model_name name;
	struct ledger_item item;
};

/* On the lane. */
static void *encode(const struct ledger_change *change, const struct ledger_outcome *outcome,
	struct arena *arena, size_t *size)
{
	Tally__V1__DeleteDescriptorResponse answer = TALLY__V1__DELETE_DESCRIPTOR_RESPONSE__INIT;
	const struct write_answer *findings = write_answer_of(change, outcome, arena, 0);
	answer.revision = outcome->revision;
	answer.verdict = findings->verdict;
	answer.opened = findings->opened.items;
	answer.n_opened = findings->opened.count;
	answer.changed = findings->changed.items;
	answer.n_changed = findings->changed.count;
	answer.resolved = findings->resolved.items;
	answer.n_resolved = findings->resolved.count;
	answer.omitted_findings = findings->omitted;
	return model_message_pack(arena, &answer, size);
}

static enum rpc_next read(struct rpc_call *call)
{
	struct delete_descriptor *state = rpc_state(call);
	struct ledger_change *change = &write_start(call)->change;
	struct fault fault = {0};
	const Tally__V1__DeleteDescriptorRequest *request =
		service_unpack(call, &tally__v1__delete_descriptor_request__descriptor, &fault);
	if (!request)
		return rpc_fail(call, &fault);
	names_take(&fault, "name", request->name, NAME_DESCRIPTOR, &state->name);
	if (state->name.kind == KIND_CLOCK)
		check_refuse(&fault, "CLOCK_NOT_TAKEN", "name", "only the server moves a system's clock");
	check_size(&fault, "change_note", request->change_note, WRITE_NOTE_MAX);
	check_request_id(&fault, request->request_id);
	if (fault.code)
		return rpc_fail(call, &fault);
	state->item = (struct ledger_item){
		.kind = state->name.kind,
		.name = state->name.descriptor,
		.etag = request->etag,
		.owner_team = "",
	};
	change->request_id = request->request_id;
	change->action = LEDGER_DELETE_DESCRIPTOR;
	change->system = state->name.system;
	change->items = &state->item;
	change->item_count = 1;
	change->change_note = request->change_note;
	change->validate_only = request->validate_only != 0;
	change->encode = encode;
	return write_submit(call, path, request);
}

const struct rpc_method delete_descriptor_methods[] = {
	{.path = path, .first = read, .state_size = sizeof(struct delete_descriptor)},
	{0},
};
