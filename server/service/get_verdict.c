/*
 * GetVerdict: may this system be deployed?
 *
 *   read -> (look -> load -> wait) -> answer
 */
#include "service/check.h"
#include "service/methods.h"
#include "service/names.h"
#include "service/reading.h"
#include "service/unpack.h"
#include "tally/v1/mismatch_service.pb-c.h"

struct get_verdict {
	struct reading reading; /* first */
	struct model_name name;
	const char *environment;
};

static enum rpc_next answer(struct rpc_call *call);

static const struct model_verdict *verdict_of(const struct reading *reading, const struct ledger_view *view)
{
	const struct get_verdict *state = (const struct get_verdict *)reading;
	return state->environment[0] ? ledger_view_environment(view, state->environment)
				     : ledger_view_verdict(view);
}

/* That there is no such environment is known too. */
static bool is_known(const struct reading *reading, const struct ledger_view *view)
{
	const struct model_verdict *verdict = verdict_of(reading, view);
	return !verdict || verdict->decision != DECISION_UNKNOWN;
}

static enum rpc_next read(struct rpc_call *call)
{
	struct get_verdict *state = rpc_state(call);
	reading_start(call);
	struct fault fault = {0};
	const Tally__V1__GetVerdictRequest *request =
		service_unpack(call, &tally__v1__get_verdict_request__descriptor, &fault);
	if (!request)
		return rpc_fail(call, &fault);
	state->environment = request->environment;
	names_take(&fault, "system", request->system, NAME_SYSTEM, &state->name);
	if (request->environment[0] && !model_id_valid(request->environment))
		check_refuse(&fault, "NAME_INVALID", "environment",
			"\"%s\" is not the {name} of a production environment, such as eu-west",
			request->environment);
	check_revision(&fault, "min_revision", request->min_revision);
	if (fault.code)
		return rpc_fail(call, &fault);
	return reading_view_until(call, state->name.system, request->min_revision,
		request->until_known ? is_known : NULL, answer);
}

static enum rpc_next answer(struct rpc_call *call)
{
	const struct get_verdict *state = rpc_state(call);
	const struct ledger_view *view = state->reading.view;
	struct arena *arena = rpc_arena(call);
	const char *environment = state->environment;
	const struct model_verdict *verdict = verdict_of(&state->reading, view);
	if (!verdict) {
		struct fault fault;
		fault_set(&fault, FAULT_NOT_FOUND, "ENVIRONMENT_NOT_FOUND",
			"%s has no production environment %s", state->name.system, environment);
		fault_add(&fault, "system", "%s", state->name.system);
		fault_add(&fault, "environment", "%s", environment);
		return rpc_fail(call, &fault);
	}
	return service_reply(call, model_verdict_message(arena, state->name.system,
					   ledger_view_revision(view), environment, verdict));
}

const struct rpc_method get_verdict_methods[] = {
	{.path = "/tally.v1.MismatchService/GetVerdict",
		.first = read,
		.state_size = sizeof(struct get_verdict),
		.release = reading_release},
	{0},
};
