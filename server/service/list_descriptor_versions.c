/*
 * ListDescriptorVersions: the history of a descriptor, newest first, without
 * the specs.
 *
 *   read -> (look -> load) -> (list on a reader) -> answer
 */
#include <stdlib.h>

#include "service/check.h"
#include "service/descriptors.h"
#include "service/methods.h"
#include "service/names.h"
#include "service/pages.h"
#include "service/reading.h"
#include "service/unpack.h"
#include "tally/v1/descriptor_service.pb-c.h"

static const char path[] = "/tally.v1.DescriptorService/ListDescriptorVersions";

struct list_versions {
	struct reading reading;
	struct model_name parent;
	struct page page;
	Tally__V1__ListDescriptorVersionsResponse answer;
};

static enum rpc_next ask(struct rpc_call *call);
static enum fault_code list(struct reading *reading, struct store *store, struct fault *fault);
static enum rpc_next answer(struct rpc_call *call);

static enum rpc_next read(struct rpc_call *call)
{
	struct list_versions *state = rpc_state(call);
	struct reading *reading = reading_start(call);
	struct fault fault = {0};
	const Tally__V1__ListDescriptorVersionsRequest *request =
		service_unpack(call, &tally__v1__list_descriptor_versions_request__descriptor, &fault);
	if (!request)
		return rpc_fail(call, &fault);
	Tally__V1__ListDescriptorVersionsRequest rest = TALLY__V1__LIST_DESCRIPTOR_VERSIONS_REQUEST__INIT;
	rest.parent = request->parent;
	struct page_request page = {path, &rest, request->page_size, request->page_token};
	names_take(&fault, "parent", request->parent, NAME_DESCRIPTOR, &state->parent);
	page_open(reading->arena, reading->service, &page, &state->page, &fault);
	if (fault.code)
		return rpc_fail(call, &fault);
	return reading_view(call, state->parent.system, 0, ask);
}

/* The view was only asked for whether the system is there. */
static enum rpc_next ask(struct rpc_call *call)
{
	return reading_job(call, list, answer);
}

static void fill(struct list_versions *state, const struct store_version *rows, size_t count)
{
	struct arena *arena = state->reading.arena;
	struct page *page = &state->page;
	Tally__V1__ListDescriptorVersionsResponse *made = &state->answer;
	tally__v1__list_descriptor_versions_response__init(made);
	made->descriptors = arena_array(arena, count, sizeof(*made->descriptors));
	for (size_t i = 0; i < count; i++) {
		Tally__V1__Descriptor *message = descriptors_of_row(arena, state->parent.system, &rows[i]);
		if (!page_take(page, message))
			break;
		made->descriptors[made->n_descriptors++] = message;
	}
	if (made->n_descriptors < count) {
		int32_t last = rows[made->n_descriptors - 1].version.version;
		made->next_page_token = page_token(arena, page, 0, arena_print(arena, "%d", last));
	}
}

/* On a reader. */
static enum fault_code list(struct reading *reading, struct store *store, struct fault *fault)
{
	struct list_versions *state = (struct list_versions *)reading;
	const struct model_name *name = &state->parent;
	struct page *page = &state->page;
	int32_t before = (int32_t)strtol(page->after, NULL, 10);
	struct store_version *rows = NULL;
	size_t count = 0;
	/* One more than shown says whether another page follows. */
	enum fault_code code =
		store_list_versions(store, reading->arena, reading_partition(reading), name->system,
			name->kind, name->descriptor, before, (int)page->size + 1, &rows, &count, fault);
	if (code)
		return code;
	if (count == 0 && before == 0) {
		fault_set(fault, FAULT_NOT_FOUND, "DESCRIPTOR_NOT_FOUND", "%s never had a %s named %s",
			name->system, model_kind_info(name->kind)->title, name->descriptor);
		fault_add(fault, "system", "%s", name->system);
		fault_add(fault, "kind", "%s", model_kind_info(name->kind)->id);
		fault_add(fault, "name", "%s", name->descriptor);
		return FAULT_NOT_FOUND;
	}
	fill(state, rows, count);
	return FAULT_NONE;
}

static enum rpc_next answer(struct rpc_call *call)
{
	const struct list_versions *state = rpc_state(call);
	return service_reply(call, &state->answer);
}

const struct rpc_method list_descriptor_versions_methods[] = {
	{.path = path, .first = read, .state_size = sizeof(struct list_versions), .release = reading_release},
	{0},
};
