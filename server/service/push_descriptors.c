/*
 * PushDescriptors: new versions of one or several descriptors, all or none.
 *
 *   read -> (evaluate and commit) -> answer
 */
#include "model/message.h"
#include "service/check.h"
#include "service/items.h"
#include "service/methods.h"
#include "service/names.h"
#include "service/unpack.h"
#include "service/write.h"
#include "tally/v1/descriptor_service.pb-c.h"

static const char path[] = "/tally.v1.DescriptorService/PushDescriptors";

struct push {
	struct write write;
	struct model_name parent;
};

/* On the lane. */
static void *encode(const struct ledger_change *change, const struct ledger_outcome *outcome,
	struct arena *arena, size_t *size)
{
	Tally__V1__PushDescriptorsResponse answer = TALLY__V1__PUSH_DESCRIPTORS_RESPONSE__INIT;
	answer.revision = outcome->revision;
	answer.unchanged = outcome->unchanged;
	answer.descriptors = arena_array(arena, change->item_count, sizeof(*answer.descriptors));
	for (size_t i = 0; i < change->item_count; i++)
		answer.descriptors[answer.n_descriptors++] =
			model_descriptor_message_of(arena, change->system, outcome->versions[i], NULL);
	const struct write_answer *findings =
		write_answer_of(change, outcome, arena, protobuf_c_message_get_packed_size(&answer.base));
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
	struct push *push = rpc_state(call);
	struct ledger_change *change = &write_start(call)->change;
	struct fault fault = {0};
	const Tally__V1__PushDescriptorsRequest *request =
		service_unpack(call, &tally__v1__push_descriptors_request__descriptor, &fault);
	if (!request)
		return rpc_fail(call, &fault);
	names_take(&fault, "parent", request->parent, NAME_SYSTEM, &push->parent);
	if (request->n_descriptors == 0)
		check_refuse(&fault, "DESCRIPTORS_MISSING", "descriptors", "at least one is required");
	struct items items;
	items_take(change->arena, push->parent.system, request->descriptors, request->n_descriptors, &items,
		&fault);
	check_size(&fault, "change_note", request->change_note, WRITE_NOTE_MAX);
	check_request_id(&fault, request->request_id);
	if (fault.code)
		return rpc_fail(call, &fault);
	change->request_id = request->request_id;
	change->action = LEDGER_PUSH;
	change->system = push->parent.system;
	change->items = items.list;
	change->item_count = items.count;
	change->change_note = request->change_note;
	change->validate_only = request->validate_only != 0;
	change->encode = encode;
	return write_submit(call, path, request);
}

const struct rpc_method push_descriptors_methods[] = {
	{.path = path, .first = read, .state_size = sizeof(struct push)},
	{0},
};
