/*
 * GetDescriptor: the current version of a descriptor, or an earlier one.
 *
 *   read -> (look -> load -> wait) -> show -> (fetch on a reader) -> answer
 */
#include "service/check.h"
#include "service/descriptors.h"
#include "service/methods.h"
#include "service/names.h"
#include "service/reading.h"
#include "service/unpack.h"
#include "tally/v1/descriptor_service.pb-c.h"

struct get_descriptor {
	struct reading reading;
	struct model_name name;
	const Tally__V1__Descriptor *answer; /* of the job */
};

static enum rpc_next show(struct rpc_call *call);
static enum fault_code fetch(struct reading *reading, struct store *store, struct fault *fault);
static enum rpc_next answer(struct rpc_call *call);

/* The name of a descriptor or of a version. */
static void take_name(const char *text, struct model_name *name, struct fault *fault)
{
	const char *why = NULL;
	if (text[0] && model_name_parse(text, name, &why) && name->form == NAME_VERSION)
		return;
	names_take(fault, "name", text, NAME_DESCRIPTOR, name);
}

static enum rpc_next read(struct rpc_call *call)
{
	struct get_descriptor *state = rpc_state(call);
	reading_start(call);
	struct fault fault = {0};
	const Tally__V1__GetDescriptorRequest *request =
		service_unpack(call, &tally__v1__get_descriptor_request__descriptor, &fault);
	if (!request)
		return rpc_fail(call, &fault);
	take_name(request->name, &state->name, &fault);
	check_revision(&fault, "min_revision", request->min_revision);
	if (fault.code)
		return rpc_fail(call, &fault);
	return reading_view(call, state->name.system, request->min_revision, show);
}

static enum rpc_next no_descriptor(struct rpc_call *call, const struct model_name *name)
{
	struct fault fault;
	fault_set(&fault, FAULT_NOT_FOUND, "DESCRIPTOR_NOT_FOUND", "%s has no %s named %s", name->system,
		model_kind_info(name->kind)->title, name->descriptor);
	fault_add(&fault, "system", "%s", name->system);
	fault_add(&fault, "kind", "%s", model_kind_info(name->kind)->id);
	fault_add(&fault, "name", "%s", name->descriptor);
	return rpc_fail(call, &fault);
}

static enum rpc_next show(struct rpc_call *call)
{
	struct get_descriptor *state = rpc_state(call);
	const struct model_name *name = &state->name;
	const struct model_system *system = ledger_view_system(state->reading.view);
	const struct model_descriptor *current = model_system_find(system, name->kind, name->descriptor);
	bool latest = name->form == NAME_DESCRIPTOR;
	if (current && (latest || model_descriptor_version(current)->version == name->version))
		return service_reply(
			call, model_descriptor_message_of(rpc_arena(call), name->system,
				      model_descriptor_version(current), model_descriptor_message(current)));
	if (latest)
		return no_descriptor(call, name);
	return reading_job(call, fetch, answer);
}

/* On a reader. */
static enum fault_code fetch(struct reading *reading, struct store *store, struct fault *fault)
{
	struct get_descriptor *state = (struct get_descriptor *)reading;
	const struct model_name *name = &state->name;
	struct store_version row;
	enum fault_code code = store_version(store, reading->arena, reading_partition(reading), name->system,
		name->kind, name->descriptor, name->version, &row, fault);
	if (code)
		return code;
	if (row.deleted) {
		fault_set(fault, FAULT_NOT_FOUND, "DESCRIPTOR_DELETED",
			"version %d of %s/%s records that it was deleted; earlier versions can be read",
			name->version, model_kind_info(name->kind)->collection, name->descriptor);
		fault_add(fault, "version", "%d", name->version);
		return FAULT_NOT_FOUND;
	}
	state->answer = descriptors_of_row(reading->arena, name->system, &row);
	if (!state->answer)
		return fault_set(
			fault, FAULT_INTERNAL, "BODY_NOT_READABLE", "the stored version cannot be read");
	return FAULT_NONE;
}

static enum rpc_next answer(struct rpc_call *call)
{
	const struct get_descriptor *state = rpc_state(call);
	return service_reply(call, state->answer);
}

const struct rpc_method get_descriptor_methods[] = {
	{.path = "/tally.v1.DescriptorService/GetDescriptor",
		.first = read,
		.state_size = sizeof(struct get_descriptor),
		.release = reading_release},
	{0},
};
