/*
 * ListDescriptors: what a system has, by kind and name, without the specs; its
 * clock only when it is asked for.
 * Later pages show the revision of the first one.
 *
 *   read -> (look -> load -> wait) -> show -> (fetch on a reader) -> answer
 */
#include "service/check.h"
#include "service/descriptors.h"
#include "service/methods.h"
#include "service/names.h"
#include "service/pages.h"
#include "service/reading.h"
#include "service/unpack.h"
#include "tally/v1/descriptor_service.pb-c.h"

static const char path[] = "/tally.v1.DescriptorService/ListDescriptors";

struct list_descriptors {
	struct reading reading;
	struct model_name parent;
	kind_set kinds;
	struct page page;
	Tally__V1__ListDescriptorsResponse answer;
};

static enum rpc_next show(struct rpc_call *call);
static enum fault_code fetch(struct reading *reading, struct store *store, struct fault *fault);
static enum rpc_next answer(struct rpc_call *call);

static enum rpc_next read(struct rpc_call *call)
{
	struct list_descriptors *state = rpc_state(call);
	struct reading *reading = reading_start(call);
	struct fault fault = {0};
	const Tally__V1__ListDescriptorsRequest *request =
		service_unpack(call, &tally__v1__list_descriptors_request__descriptor, &fault);
	if (!request)
		return rpc_fail(call, &fault);
	static char none[] = "";
	Tally__V1__ListDescriptorsRequest rest = *request;
	rest.page_size = 0;
	rest.page_token = none;
	struct page_request page = {path, &rest, request->page_size, request->page_token};
	names_take(&fault, "parent", request->parent, NAME_SYSTEM, &state->parent);
	check_kinds(&fault, "kinds", (const int *)request->kinds, request->n_kinds, &state->kinds);
	if (request->n_kinds == 0)
		state->kinds &= ~KIND_BIT(KIND_CLOCK);
	check_revision(&fault, "min_revision", request->min_revision);
	page_open(reading->arena, reading->service, &page, &state->page, &fault);
	if (fault.code)
		return rpc_fail(call, &fault);
	return reading_view(call, state->parent.system, request->min_revision, show);
}

/* Keys sort as the kinds do: the eight have digits, the others letters. */
static char kind_letter(enum model_kind kind)
{
	return (char)(kind < KIND_END ? '0' + (int)kind : 'a' + (int)kind - KIND_POLICY);
}

/* Makes the page of the versions, which are ordered by kind and name. */
static void fill(struct list_descriptors *state, const struct model_versions *versions, int64_t revision)
{
	struct arena *arena = state->reading.arena;
	struct page *page = &state->page;
	Tally__V1__ListDescriptorsResponse *made = &state->answer;
	tally__v1__list_descriptors_response__init(made);
	made->revision = revision;
	made->descriptors = arena_array(arena, versions->count < page->size ? versions->count : page->size,
		sizeof(*made->descriptors));
	char last[MODEL_ID_SIZE + 4] = "";
	for (size_t i = 0; i < versions->count; i++) {
		const struct model_version *version = versions->items[i];
		char key[sizeof(last)];
		snprintf(key, sizeof(key), "%c/%s", kind_letter(version->kind), version->name);
		if (!(state->kinds & KIND_BIT(version->kind)) || strcmp(key, page->after) <= 0)
			continue;
		Tally__V1__Descriptor *message =
			model_descriptor_message_of(arena, state->parent.system, version, NULL);
		if (!page_take(page, message)) {
			made->next_page_token = page_token(arena, page, revision, last);
			return;
		}
		made->descriptors[made->n_descriptors++] = message;
		memcpy(last, key, sizeof(last));
	}
}

static enum rpc_next show(struct rpc_call *call)
{
	struct list_descriptors *state = rpc_state(call);
	int64_t current = ledger_view_revision(state->reading.view);
	if (state->page.revision != 0 && state->page.revision != current)
		return reading_job(call, fetch, answer);
	struct model_versions versions =
		model_system_versions(state->reading.arena, ledger_view_system(state->reading.view));
	fill(state, &versions, current);
	return answer(call);
}

/* On a reader. */
static enum fault_code fetch(struct reading *reading, struct store *store, struct fault *fault)
{
	struct list_descriptors *state = (struct list_descriptors *)reading;
	struct store_version *rows = NULL;
	size_t count = 0;
	enum fault_code code = store_versions_at(store, reading->arena, reading_partition(reading),
		reading->system, state->page.revision, &rows, &count, fault);
	if (code)
		return code;
	struct model_versions versions = descriptors_versions(reading->arena, rows, count);
	fill(state, &versions, state->page.revision);
	return FAULT_NONE;
}

static enum rpc_next answer(struct rpc_call *call)
{
	const struct list_descriptors *state = rpc_state(call);
	return service_reply(call, &state->answer);
}

const struct rpc_method list_descriptors_methods[] = {
	{.path = path,
		.first = read,
		.state_size = sizeof(struct list_descriptors),
		.release = reading_release},
	{0},
};
