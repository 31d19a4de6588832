/*
 * ListVerdicts: how was each revision judged, and of which versions? A verdict
 * follows from the findings that held then and from what there was.
 *
 *   read -> (look -> load) -> begin -> (list on a reader) -> answer
 */
#include <inttypes.h>
#include <stdlib.h>

#include "model/message.h"
#include "rules/rules.h"
#include "service/check.h"
#include "service/findings.h"
#include "service/methods.h"
#include "service/names.h"
#include "service/pages.h"
#include "service/past.h"
#include "service/reading.h"
#include "service/unpack.h"
#include "tally/v1/mismatch_service.pb-c.h"

static const char path[] = "/tally.v1.MismatchService/ListVerdicts";

enum {
	VERDICTS_MAX = 200 /* of a page */
};

/* The only specs that a verdict depends on beside the findings. */
#define JUDGED (KIND_BIT(KIND_POLICY) | KIND_BIT(KIND_CLOCK))

struct list_verdicts {
	struct reading reading; /* first */
	struct model_name parent;
	const char *environment;
	struct page page;
	int64_t newest, oldest; /* revisions of this page; newest 0: there are none */
	Tally__V1__ListVerdictsResponse answer;
};

/* A finding and the revisions at which it held. */
struct held {
	struct model_finding finding;
	int64_t since, until;
};

static enum rpc_next begin(struct rpc_call *call);
static enum fault_code list(struct reading *reading, struct store *store, struct fault *fault);
static enum rpc_next answer(struct rpc_call *call);

static enum rpc_next read(struct rpc_call *call)
{
	struct list_verdicts *state = rpc_state(call);
	struct reading *reading = reading_start(call);
	struct fault fault = {0};
	const Tally__V1__ListVerdictsRequest *request =
		service_unpack(call, &tally__v1__list_verdicts_request__descriptor, &fault);
	if (!request)
		return rpc_fail(call, &fault);
	static char none[] = "";
	Tally__V1__ListVerdictsRequest rest = *request;
	rest.page_size = 0;
	rest.page_token = none;
	struct page_request page = {path, &rest, request->page_size, request->page_token};
	state->environment = request->environment;
	names_take(&fault, "parent", request->parent, NAME_SYSTEM, &state->parent);
	if (request->environment[0] && !model_id_valid(request->environment))
		check_refuse(&fault, "NAME_INVALID", "environment",
			"\"%s\" is not the {name} of a production environment, such as eu-west",
			request->environment);
	page_open(reading->arena, reading->service, &page, &state->page, &fault);
	if (fault.code)
		return rpc_fail(call, &fault);
	return reading_view(call, state->parent.system, 0, begin);
}

static enum rpc_next begin(struct rpc_call *call)
{
	struct list_verdicts *state = rpc_state(call);
	const struct ledger_view *view = state->reading.view;
	struct page *page = &state->page;
	if (page->size > VERDICTS_MAX)
		page->size = VERDICTS_MAX;
	if (state->environment[0] &&
		ledger_view_next_version(view, KIND_PRODUCTION_ENVIRONMENT, state->environment) == 1) {
		struct fault fault;
		fault_set(&fault, FAULT_NOT_FOUND, "ENVIRONMENT_NOT_FOUND",
			"%s never had a production environment %s", state->parent.system, state->environment);
		fault_add(&fault, "system", "%s", state->parent.system);
		fault_add(&fault, "environment", "%s", state->environment);
		return rpc_fail(call, &fault);
	}
	state->newest = page->after[0] ? strtoll(page->after, NULL, 10) - 1 : ledger_view_revision(view);
	state->oldest = state->newest > (int64_t)page->size ? state->newest - (int64_t)page->size + 1 : 1;
	return reading_job(call, list, answer);
}

/* ---- on a reader ---- */

static int by_rank(const void *a, const void *b)
{
	return model_finding_compare(&((const struct held *)a)->finding, &((const struct held *)b)->finding);
}

/* @param[out] held  arena; in the order of verdicts */
static enum fault_code read_findings(struct list_verdicts *state, struct store *store, struct held **held,
	size_t *count, struct fault *fault)
{
	struct reading *reading = &state->reading;
	struct store_span span = {.partition = reading_partition(reading),
		.system = reading->system,
		.first = state->oldest,
		.last = state->newest};
	struct store_held *rows = NULL;
	enum fault_code code = store_findings_between(store, reading->arena, &span, &rows, count, fault);
	if (code)
		return code;
	*held = arena_array(reading->arena, *count, sizeof(**held));
	for (size_t i = 0; i < *count; i++) {
		struct findings_item item;
		if (!findings_of_row(reading->arena, &rows[i].finding, &item))
			return fault_set(fault, FAULT_INTERNAL, "BODY_NOT_READABLE",
				"a stored finding cannot be read");
		(*held)[i] = (struct held){*item.finding, rows[i].since_revision, rows[i].until_revision};
	}
	if (*count > 0)
		qsort(*held, *count, sizeof(**held), by_rank);
	return FAULT_NONE;
}

static void tell_versions(
	struct arena *arena, const struct model_system *system, Tally__V1__RevisionVerdict *message)
{
	message->versions = arena_array(arena, system->count, sizeof(*message->versions));
	for (size_t i = 0; i < system->count; i++) {
		const struct model_version *version = model_descriptor_version(system->descriptors[i]);
		Tally__V1__DeployedVersion *item = arena_alloc(arena, sizeof(*item));
		tally__v1__deployed_version__init(item);
		item->descriptor = arena_print(
			arena, "%s/%s", model_kind_info(version->kind)->collection, version->name);
		item->version = version->version;
		message->versions[message->n_versions++] = item;
	}
}

/* @param open  room for `count` findings */
static Tally__V1__RevisionVerdict *judge(const struct list_verdicts *state, const struct past *past,
	const struct held *held, size_t count, const struct model_finding **open)
{
	struct arena *arena = state->reading.arena;
	size_t open_count = 0;
	for (size_t i = 0; i < count; i++)
		if (held[i].since <= past->revision && held[i].until > past->revision)
			open[open_count++] = &held[i].finding;
	struct model_verdict verdict;
	rules_judge(&past->state, open, open_count, state->environment, &verdict);
	Tally__V1__RevisionVerdict *message = arena_alloc(arena, sizeof(*message));
	tally__v1__revision_verdict__init(message);
	message->verdict = model_verdict_message(
		arena, state->parent.system, past->revision, state->environment, &verdict);
	message->time = model_timestamp(arena, past->at_us);
	tell_versions(arena, &past->state, message);
	return message;
}

static void fill(struct list_verdicts *state, Tally__V1__RevisionVerdict *const *messages, size_t count)
{
	struct arena *arena = state->reading.arena;
	Tally__V1__ListVerdictsResponse *made = &state->answer;
	int64_t shown = state->newest + 1;
	made->verdicts = arena_array(arena, count, sizeof(*made->verdicts));
	for (size_t i = count; i-- > 0 && page_take(&state->page, messages[i]); shown--)
		made->verdicts[made->n_verdicts++] = messages[i];
	if (shown > 1)
		made->next_page_token =
			page_token(arena, &state->page, 0, arena_print(arena, "%" PRId64, shown));
}

static enum fault_code list(struct reading *reading, struct store *store, struct fault *fault)
{
	struct list_verdicts *state = (struct list_verdicts *)reading;
	struct past past = {.span = {.partition = reading_partition(reading),
				    .system = reading->system,
				    .first = state->oldest - 1,
				    .last = state->newest,
				    .bodies = JUDGED}};
	struct held *held = NULL;
	size_t held_count = 0, count = 0;
	tally__v1__list_verdicts_response__init(&state->answer);
	enum fault_code code = read_findings(state, store, &held, &held_count, fault);
	if (!code)
		code = past_start(&past, store, fault);
	const struct model_finding **open = arena_array(reading->arena, held_count, sizeof(*open));
	Tally__V1__RevisionVerdict **messages =
		arena_array(reading->arena, (size_t)(state->newest - state->oldest + 1), sizeof(*messages));
	while (!code && past.revision < state->newest) {
		code = past_step(&past, store, fault);
		if (!code)
			messages[count++] = judge(state, &past, held, held_count, open);
	}
	past_done(&past);
	if (!code)
		fill(state, messages, count);
	return code;
}

static enum rpc_next answer(struct rpc_call *call)
{
	const struct list_verdicts *state = rpc_state(call);
	return service_reply(call, &state->answer);
}

const struct rpc_method list_verdicts_methods[] = {
	{.path = path, .first = read, .state_size = sizeof(struct list_verdicts), .release = reading_release},
	{0},
};
