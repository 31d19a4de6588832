/*
 * GetSystem: what is known of a system.
 *
 *   read -> (look -> load -> wait) -> answer
 */
#include "service/check.h"
#include "service/methods.h"
#include "service/names.h"
#include "service/reading.h"
#include "service/systems.h"
#include "service/unpack.h"

struct get_system {
	struct reading reading;
	struct model_name name;
};

static enum rpc_next answer(struct rpc_call *call);

static enum rpc_next read(struct rpc_call *call)
{
	struct get_system *state = rpc_state(call);
	reading_start(call);
	struct fault fault = {0};
	const Tally__V1__GetSystemRequest *request =
		service_unpack(call, &tally__v1__get_system_request__descriptor, &fault);
	if (!request)
		return rpc_fail(call, &fault);
	names_take(&fault, "name", request->name, NAME_SYSTEM, &state->name);
	check_revision(&fault, "min_revision", request->min_revision);
	if (fault.code)
		return rpc_fail(call, &fault);
	return reading_view(call, state->name.system, request->min_revision, answer);
}

static enum rpc_next answer(struct rpc_call *call)
{
	const struct get_system *state = rpc_state(call);
	return service_reply(call, systems_of_view(rpc_arena(call), state->reading.view));
}

const struct rpc_method get_system_methods[] = {
	{.path = "/tally.v1.SystemService/GetSystem",
		.first = read,
		.state_size = sizeof(struct get_system),
		.release = reading_release},
	{0},
};
