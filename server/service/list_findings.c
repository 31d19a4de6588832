/*
 * ListFindings: the findings of a system, errors first, now or at an earlier
 * revision. Later pages show the revision of the first one.
 *
 *   read -> (look -> load -> wait) -> choose -> (fetch on a reader) -> answer
 */
#include <assert.h>
#include <inttypes.h>

#include "service/check.h"
#include "service/filter.h"
#include "service/findings.h"
#include "service/methods.h"
#include "service/names.h"
#include "service/pages.h"
#include "service/unpack.h"

static const char path[] = "/tally.v1.MismatchService/ListFindings";

struct list_findings {
	struct reading reading;
	struct model_name parent;
	const Tally__V1__ListFindingsRequest *request;
	struct filter filter;
	struct page page;
	int64_t revision; /* that is shown */
	Tally__V1__ListFindingsResponse answer;
};

static enum rpc_next choose(struct rpc_call *call);
static enum fault_code fetch(struct reading *reading, struct store *store, struct fault *fault);
static enum rpc_next answer(struct rpc_call *call);

static enum rpc_next read(struct rpc_call *call)
{
	struct list_findings *state = rpc_state(call);
	struct reading *reading = reading_start(call);
	struct fault fault = {0};
	const Tally__V1__ListFindingsRequest *request =
		service_unpack(call, &tally__v1__list_findings_request__descriptor, &fault);
	if (!request)
		return rpc_fail(call, &fault);
	static char none[] = "";
	Tally__V1__ListFindingsRequest rest = *request;
	rest.page_size = 0;
	rest.page_token = none;
	struct page_request page = {path, &rest, request->page_size, request->page_token};
	state->request = request;
	names_take(&fault, "parent", request->parent, NAME_SYSTEM, &state->parent);
	filter_read(reading->arena, request, &state->filter, &fault);
	check_revision(&fault, "as_of_revision", request->as_of_revision);
	check_revision(&fault, "min_revision", request->min_revision);
	page_open(reading->arena, reading->service, &page, &state->page, &fault);
	if (fault.code)
		return rpc_fail(call, &fault);
	return reading_view(call, state->parent.system, request->min_revision, choose);
}

/* ---- the page ---- */

/* Makes the message of one finding. Fails with a fault on a reader only. */
typedef enum fault_code message_fn(
	void *context, const struct findings_item *item, Tally__V1__Finding **message, struct fault *fault);

/* Where the page begins in a list that has the item with the token's id. */
static size_t first_of(const struct page *page, const struct findings_item *items, size_t count)
{
	if (!page->after[0])
		return 0;
	for (size_t i = 0; i < count; i++)
		if (strcmp(items[i].finding->id, page->after) == 0)
			return i + 1;
	return count;
}

static enum fault_code fill(struct list_findings *state, const struct findings_item *items, size_t count,
	message_fn *message_of, void *context, struct fault *fault)
{
	struct arena *arena = state->reading.arena;
	struct page *page = &state->page;
	Tally__V1__ListFindingsResponse *made = &state->answer;
	const struct findings_item *last = NULL;
	tally__v1__list_findings_response__init(made);
	made->revision = state->revision;
	made->findings = arena_array(arena, count < page->size ? count : page->size, sizeof(*made->findings));
	for (size_t i = first_of(page, items, count); i < count; i++) {
		Tally__V1__Finding *message = NULL;
		if (!filter_passes(&state->filter, items[i].finding))
			continue;
		enum fault_code code = message_of(context, &items[i], &message, fault);
		if (code)
			return code;
		if (!page_take(page, message)) {
			assert(last); /* a page takes its first one, however large */
			made->next_page_token = page_token(arena, page, state->revision, last->finding->id);
			break;
		}
		made->findings[made->n_findings++] = message;
		last = &items[i];
	}
	return FAULT_NONE;
}

/* ---- now ---- */

struct current {
	struct list_findings *state;
	struct model_versions versions;
};

static enum fault_code message_now(
	void *context, const struct findings_item *item, Tally__V1__Finding **message, struct fault *fault)
{
	(void)fault;
	const struct current *current = context;
	*message = model_finding_message(current->state->reading.arena, current->state->parent.system,
		item->finding, &item->life, &current->versions);
	return FAULT_NONE;
}

static enum rpc_next show_current(struct rpc_call *call)
{
	struct list_findings *state = rpc_state(call);
	struct arena *arena = state->reading.arena;
	const struct ledger_view *view = state->reading.view;
	struct current current = {state, model_system_versions(arena, ledger_view_system(view))};
	size_t count = 0;
	const struct ledger_finding *open = ledger_view_findings(view, &count);
	struct findings_item *items = arena_array(arena, count, sizeof(*items));
	for (size_t i = 0; i < count; i++)
		items[i] = (struct findings_item){open[i].finding, open[i].life};
	struct fault fault;
	fill(state, items, count, message_now, &current, &fault);
	return answer(call);
}

/* ---- then ---- */

static enum rpc_next choose(struct rpc_call *call)
{
	struct list_findings *state = rpc_state(call);
	int64_t current = ledger_view_revision(state->reading.view);
	int64_t wanted = state->request->as_of_revision;
	if (wanted > current) {
		struct fault fault;
		fault_field(&fault, "REVISION_IN_FUTURE", "as_of_revision",
			"is %" PRId64 ", but %s is at revision %" PRId64 "; min_revision waits for one",
			wanted, state->parent.system, current);
		fault_add(&fault, "revision", "%" PRId64, current);
		fault_add(&fault, "as_of_revision", "%" PRId64, wanted);
		return rpc_fail(call, &fault);
	}
	state->revision = state->page.revision ? state->page.revision : wanted ? wanted : current;
	if (state->revision == current && !state->request->include_resolved)
		return show_current(call);
	return reading_job(call, fetch, answer);
}

static enum fault_code message_then(
	void *context, const struct findings_item *item, Tally__V1__Finding **message, struct fault *fault)
{
	struct findings_versions *versions = context;
	const struct list_findings *state = (const struct list_findings *)versions->reading;
	return findings_message(versions, item, state->revision, message, fault);
}

/* On a reader. */
static enum fault_code fetch(struct reading *reading, struct store *store, struct fault *fault)
{
	struct list_findings *state = (struct list_findings *)reading;
	struct findings_item *items = NULL;
	size_t count = 0;
	enum fault_code code = findings_at(reading, store, state->revision,
		state->request->include_resolved != 0, &items, &count, fault);
	if (code)
		return code;
	struct findings_versions versions = {.reading = reading, .store = store};
	return fill(state, items, count, message_then, &versions, fault);
}

static enum rpc_next answer(struct rpc_call *call)
{
	const struct list_findings *state = rpc_state(call);
	return service_reply(call, &state->answer);
}

const struct rpc_method list_findings_methods[] = {
	{.path = path, .first = read, .state_size = sizeof(struct list_findings), .release = reading_release},
	{0},
};
