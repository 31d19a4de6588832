/*
 * ListWaivers: the waivers of a system and what they hold now. Every page
 * shows the current revision.
 *
 *   read -> (look -> load -> wait) -> answer
 */
#include "model/message.h"
#include "rules/rules.h"
#include "service/check.h"
#include "service/methods.h"
#include "service/names.h"
#include "service/pages.h"
#include "service/reading.h"
#include "service/unpack.h"
#include "tally/v1/mismatch_service.pb-c.h"

static const char path[] = "/tally.v1.MismatchService/ListWaivers";

enum {
	LISTED_MAX = 100 /* findings of one waiver */
};

struct list_waivers {
	struct reading reading;
	struct model_name parent;
	struct page page;
};

static enum rpc_next answer(struct rpc_call *call);

static enum rpc_next read(struct rpc_call *call)
{
	struct list_waivers *state = rpc_state(call);
	struct reading *reading = reading_start(call);
	struct fault fault = {0};
	const Tally__V1__ListWaiversRequest *request =
		service_unpack(call, &tally__v1__list_waivers_request__descriptor, &fault);
	if (!request)
		return rpc_fail(call, &fault);
	static char none[] = "";
	Tally__V1__ListWaiversRequest rest = *request;
	rest.page_size = 0;
	rest.page_token = none;
	struct page_request page = {path, &rest, request->page_size, request->page_token};
	names_take(&fault, "parent", request->parent, NAME_SYSTEM, &state->parent);
	check_revision(&fault, "min_revision", request->min_revision);
	page_open(reading->arena, reading->service, &page, &state->page, &fault);
	if (fault.code)
		return rpc_fail(call, &fault);
	return reading_view(call, state->parent.system, request->min_revision, answer);
}

static void fill_findings(
	const struct list_waivers *state, const Tally__V1__Waiver *waiver, Tally__V1__WaiverStatus *status)
{
	struct arena *arena = state->reading.arena;
	size_t count = 0;
	const struct ledger_finding *open = ledger_view_findings(state->reading.view, &count);
	status->findings = arena_array(arena, LISTED_MAX, sizeof(*status->findings));
	for (size_t i = 0; i < count; i++) {
		if (!rules_waiver_is_about(waiver, open[i].finding))
			continue;
		status->finding_count++;
		if (status->n_findings < LISTED_MAX)
			status->findings[status->n_findings++] = arena_print(
				arena, "systems/%s/findings/%s", state->parent.system, open[i].finding->id);
	}
}

static Tally__V1__WaiverStatus *status_of(
	const struct list_waivers *state, const struct model_descriptor *descriptor)
{
	struct arena *arena = state->reading.arena;
	const Tally__V1__Waiver *waiver = model_descriptor_spec(descriptor);
	Tally__V1__WaiverStatus *status = arena_alloc(arena, sizeof(*status));
	tally__v1__waiver_status__init(status);
	status->waiver = model_descriptor_message_of(arena, state->parent.system,
		model_descriptor_version(descriptor), model_descriptor_message(descriptor));
	fill_findings(state, waiver, status);
	int64_t now_us = rules_now_us(ledger_view_system(state->reading.view));
	if (model_time_us(waiver->expire_time) <= now_us)
		status->state = TALLY__V1__WAIVER_STATE__WAIVER_STATE_LAPSED;
	else if (status->finding_count > 0)
		status->state = TALLY__V1__WAIVER_STATE__WAIVER_STATE_ACTIVE;
	else
		status->state = TALLY__V1__WAIVER_STATE__WAIVER_STATE_UNUSED;
	return status;
}

static enum rpc_next answer(struct rpc_call *call)
{
	struct list_waivers *state = rpc_state(call);
	struct arena *arena = state->reading.arena;
	const struct ledger_view *view = state->reading.view;
	size_t count;
	struct model_descriptor *const *waivers =
		model_system_of_kind(ledger_view_system(view), KIND_WAIVER, &count);
	Tally__V1__ListWaiversResponse made = TALLY__V1__LIST_WAIVERS_RESPONSE__INIT;
	made.revision = ledger_view_revision(view);
	made.waivers = arena_array(
		arena, count < state->page.size ? count : state->page.size, sizeof(*made.waivers));
	const char *last = state->page.after;
	for (size_t i = 0; i < count; i++) {
		const char *name = model_descriptor_version(waivers[i])->name;
		if (strcmp(name, state->page.after) <= 0)
			continue;
		Tally__V1__WaiverStatus *status = status_of(state, waivers[i]);
		if (!page_take(&state->page, status)) {
			made.next_page_token = page_token(arena, &state->page, made.revision, last);
			break;
		}
		made.waivers[made.n_waivers++] = status;
		last = name;
	}
	return service_reply(call, &made);
}

const struct rpc_method list_waivers_methods[] = {
	{.path = path, .first = read, .state_size = sizeof(struct list_waivers), .release = reading_release},
	{0},
};
