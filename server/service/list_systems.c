/*
 * ListSystems: all systems, by id.
 *
 *   read -> (list on a reader) -> answer
 */
#include "service/methods.h"
#include "service/pages.h"
#include "service/reading.h"
#include "service/systems.h"
#include "service/unpack.h"

static const char path[] = "/tally.v1.SystemService/ListSystems";

struct list_systems {
	struct reading reading;
	struct page page;
	Tally__V1__ListSystemsResponse answer;
};

static enum fault_code list(struct reading *reading, struct store *store, struct fault *fault);
static enum rpc_next answer(struct rpc_call *call);

static enum rpc_next read(struct rpc_call *call)
{
	struct list_systems *state = rpc_state(call);
	struct reading *reading = reading_start(call);
	struct fault fault = {0};
	const Tally__V1__ListSystemsRequest *request =
		service_unpack(call, &tally__v1__list_systems_request__descriptor, &fault);
	if (!request)
		return rpc_fail(call, &fault);
	Tally__V1__ListSystemsRequest rest = TALLY__V1__LIST_SYSTEMS_REQUEST__INIT;
	struct page_request page = {path, &rest, request->page_size, request->page_token};
	if (!page_open(reading->arena, reading->service, &page, &state->page, &fault))
		return rpc_fail(call, &fault);
	return reading_job(call, list, answer);
}

static enum fault_code list(struct reading *reading, struct store *store, struct fault *fault)
{
	struct list_systems *state = (struct list_systems *)reading;
	struct arena *arena = reading->arena;
	struct page *page = &state->page;
	struct store_system *rows = NULL;
	size_t count = 0;
	/* One more than shown says whether another page follows. */
	enum fault_code code =
		store_list_systems(store, arena, page->after, (int)page->size + 1, &rows, &count, fault);
	if (code)
		return code;
	Tally__V1__ListSystemsResponse *made = &state->answer;
	tally__v1__list_systems_response__init(made);
	made->systems = arena_array(arena, count, sizeof(*made->systems));
	for (size_t i = 0; i < count; i++) {
		Tally__V1__System *system = systems_of_row(arena, &rows[i]);
		if (!page_take(page, system))
			break;
		made->systems[made->n_systems++] = system;
	}
	if (made->n_systems < count)
		made->next_page_token = page_token(arena, page, 0, rows[made->n_systems - 1].id);
	return FAULT_NONE;
}

static enum rpc_next answer(struct rpc_call *call)
{
	const struct list_systems *state = rpc_state(call);
	return service_reply(call, &state->answer);
}

const struct rpc_method list_systems_methods[] = {
	{.path = path, .first = read, .state_size = sizeof(struct list_systems), .release = reading_release},
	{0},
};
