/*
 * DeleteSystem: ends a system with all that belongs to it.
 *
 *   read -> (commit) -> answer
 */
#include "model/message.h"
#include "service/check.h"
#include "service/methods.h"
#include "service/names.h"
#include "service/unpack.h"
#include "service/write.h"
#include "tally/v1/system.pb-c.h"

static const char path[] = "/tally.v1.SystemService/DeleteSystem";

struct delete_system {
	struct write write;
	struct model_name name;
};

static void *encode(const struct ledger_change *change, const struct ledger_outcome *outcome,
	struct arena *arena, size_t *size)
{
	(void)change;
	Tally__V1__DeleteSystemResponse answer = TALLY__V1__DELETE_SYSTEM_RESPONSE__INIT;
	answer.revision = outcome->revision;
	return model_message_pack(arena, &answer, size);
}

static enum rpc_next read(struct rpc_call *call)
{
	struct delete_system *state = rpc_state(call);
	struct ledger_change *change = &write_start(call)->change;
	struct fault fault = {0};
	const Tally__V1__DeleteSystemRequest *request =
		service_unpack(call, &tally__v1__delete_system_request__descriptor, &fault);
	if (!request)
		return rpc_fail(call, &fault);
	names_take(&fault, "name", request->name, NAME_SYSTEM, &state->name);
	check_request_id(&fault, request->request_id);
	if (fault.code)
		return rpc_fail(call, &fault);
	change->request_id = request->request_id;
	change->action = LEDGER_DELETE_SYSTEM;
	change->system = state->name.system;
	change->etag = request->etag;
	change->validate_only = request->validate_only != 0;
	change->encode = encode;
	return write_submit(call, path, request);
}

const struct rpc_method delete_system_methods[] = {
	{.path = path, .first = read, .state_size = sizeof(struct delete_system)},
	{0},
};
