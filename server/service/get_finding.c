/*
 * GetFinding: an open finding, or the last state of a resolved one.
 *
 *   read -> (look -> load -> wait) -> show -> (fetch or compare on a reader) -> answer
 */
#include "service/check.h"
#include "service/descriptors.h"
#include "service/findings.h"
#include "service/methods.h"
#include "service/names.h"
#include "service/unpack.h"
#include "tally/v1/mismatch_service.pb-c.h"

struct get_finding {
	struct reading reading;
	struct model_name name;
	Tally__V1__Finding *answer; /* of the job, or what it completes */
};

static enum rpc_next show(struct rpc_call *call);
static enum fault_code fetch(struct reading *reading, struct store *store, struct fault *fault);
static enum fault_code compare(struct reading *reading, struct store *store, struct fault *fault);
static enum rpc_next answer(struct rpc_call *call);

static enum rpc_next read(struct rpc_call *call)
{
	struct get_finding *state = rpc_state(call);
	reading_start(call);
	struct fault fault = {0};
	const Tally__V1__GetFindingRequest *request =
		service_unpack(call, &tally__v1__get_finding_request__descriptor, &fault);
	if (!request)
		return rpc_fail(call, &fault);
	names_take(&fault, "name", request->name, NAME_FINDING, &state->name);
	check_revision(&fault, "min_revision", request->min_revision);
	if (fault.code)
		return rpc_fail(call, &fault);
	return reading_view(call, state->name.system, request->min_revision, show);
}

static enum rpc_next show(struct rpc_call *call)
{
	struct get_finding *state = rpc_state(call);
	const struct ledger_view *view = state->reading.view;
	const struct ledger_finding *open = ledger_view_finding(view, state->name.finding);
	if (!open)
		return reading_job(call, fetch, answer);
	struct arena *arena = rpc_arena(call);
	struct model_versions versions = model_system_versions(arena, ledger_view_system(view));
	state->answer =
		model_finding_message(arena, state->name.system, open->finding, &open->life, &versions);
	return reading_job(call, compare, answer);
}

/* On a reader. It may be open there by now: then in the latest versions. */
static enum fault_code fetch(struct reading *reading, struct store *store, struct fault *fault)
{
	struct get_finding *state = (struct get_finding *)reading;
	struct store_finding row;
	struct findings_item item;
	enum fault_code code = store_finding(store, reading->arena, reading_partition(reading),
		reading->system, state->name.finding, &row, fault);
	if (code)
		return code;
	if (!findings_of_row(reading->arena, &row, &item))
		return fault_set(
			fault, FAULT_INTERNAL, "BODY_NOT_READABLE", "the stored finding cannot be read");
	struct findings_versions versions = {.reading = reading, .store = store};
	code = findings_message(&versions, &item, INT64_MAX, &state->answer, fault);
	return code ? code : compare(reading, store, fault);
}

/* On a reader: what stood before the finding opened. */
static enum fault_code compare(struct reading *reading, struct store *store, struct fault *fault)
{
	struct get_finding *state = (struct get_finding *)reading;
	struct store_version *rows = NULL;
	size_t count = 0;
	if (state->answer->opened_revision < 2)
		return FAULT_NONE;
	enum fault_code code = store_versions_at(store, reading->arena, reading_partition(reading),
		reading->system, state->answer->opened_revision - 1, &rows, &count, fault);
	if (code)
		return code;
	struct model_versions earlier = descriptors_versions(reading->arena, rows, count);
	findings_set_last_passed(reading->arena, state->answer, &earlier);
	return FAULT_NONE;
}

static enum rpc_next answer(struct rpc_call *call)
{
	const struct get_finding *state = rpc_state(call);
	return service_reply(call, state->answer);
}

const struct rpc_method get_finding_methods[] = {
	{.path = "/tally.v1.MismatchService/GetFinding",
		.first = read,
		.state_size = sizeof(struct get_finding),
		.release = reading_release},
	{0},
};
