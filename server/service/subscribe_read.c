/* What Subscribe asks the store, on a reader's thread. */
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "model/message.h"
#include "service/subscribe.h"

struct subscribe_read *subscribe_read_new(struct rpc_call *call, const struct hub_filter *filter)
{
	struct subscribe_read *read = calloc(1, sizeof(*read));
	if (!read)
		abort();
	read->call = call;
	read->service = rpc_context(call);
	read->filter = filter;
	read->arena = arena_new();
	read->read.context = read;
	atomic_init(&read->state, SUBSCRIBE_READ_OWN);
	atomic_init(&read->left, true);
	return read;
}

/* ---- passing it on and back ---- */

enum fault_code subscribe_read_ask(struct subscribe_read *read)
{
	atomic_store(&read->state, SUBSCRIBE_READ_AWAITED);
	enum fault_code code = ledger_read(read->service->ledger, &read->read, &read->fault);
	if (code)
		atomic_store(&read->state, SUBSCRIBE_READ_OWN);
	return code;
}

bool subscribe_read_ahead(struct subscribe_read *read)
{
	struct stream_memory *memory = read->service->stream_memory;
	/* The other half is for those who wait. */
	if (atomic_load(&memory->held) >= memory->limit / 2)
		return false;
	if (atomic_fetch_add(&memory->ahead, 1) < SUBSCRIBE_AHEAD_MAX) {
		atomic_store(&read->state, SUBSCRIBE_READ_AHEAD);
		if (ledger_read(read->service->ledger, &read->read, &read->fault) == FAULT_NONE)
			return true;
		atomic_store(&read->state, SUBSCRIBE_READ_OWN);
	}
	atomic_fetch_sub(&memory->ahead, 1);
	return false;
}

static bool pass(struct subscribe_read *read, int from, int to)
{
	return atomic_compare_exchange_strong(&read->state, &from, to);
}

bool subscribe_read_await(struct subscribe_read *read)
{
	if (pass(read, SUBSCRIBE_READ_AHEAD, SUBSCRIBE_READ_AWAITED))
		atomic_fetch_sub(&read->service->stream_memory->ahead, 1);
	return atomic_load(&read->state) == SUBSCRIBE_READ_AWAITED;
}

static void release(struct subscribe_read *read)
{
	for (size_t i = 0; i < read->event_count; i++)
		model_event_unref(read->events[i]);
	atomic_fetch_sub(&read->service->stream_memory->held, read->held);
	arena_free(read->arena);
	free(read);
}

void subscribe_read_free(struct subscribe_read *read)
{
	if (!read || pass(read, SUBSCRIBE_READ_AHEAD, SUBSCRIBE_READ_ABANDONED))
		return;
	while (!atomic_load(&read->left))
		sched_yield(); /* it is about to */
	release(read);
}

bool subscribe_memory_is_full(const struct service *service)
{
	return atomic_load(&service->stream_memory->held) >= service->stream_memory->limit;
}

static void count(struct subscribe_read *read)
{
	read->held = arena_size(read->arena);
	for (size_t i = 0; i < read->event_count; i++)
		read->held += sizeof(*read->events[i]) + read->events[i]->size;
	atomic_fetch_add(&read->service->stream_memory->held, read->held);
}

/* Passes the read back to its call. The last thing: the call may free it once the reader has left. */
static void finish(struct subscribe_read *read, enum fault_code code)
{
	if (code == FAULT_NONE)
		read->fault.code = FAULT_NONE;
	count(read);
	atomic_store(&read->left, false);
	int was = atomic_exchange(&read->state, SUBSCRIBE_READ_OWN);
	if (was == SUBSCRIBE_READ_AWAITED)
		rpc_wake(read->call);
	else
		atomic_fetch_sub(&read->service->stream_memory->ahead, 1);
	if (was == SUBSCRIBE_READ_ABANDONED)
		release(read);
	else
		atomic_store(&read->left, true);
}

/* ---- do the systems exist? ---- */

static enum fault_code missing(struct subscribe_read *read, const char *system)
{
	fault_set(&read->fault, FAULT_NOT_FOUND, "SYSTEM_NOT_FOUND", "there is no system systems/%s", system);
	fault_add(&read->fault, "system", "systems/%s", system);
	return FAULT_NOT_FOUND;
}

static enum fault_code find(struct subscribe_read *read, struct store *store, const char *system)
{
	struct ledger *ledger = read->service->ledger;
	struct ledger_view *view = ledger_view_cached(ledger, system);
	if (!view && ledger_load(ledger, store, system, &view, &read->fault))
		return read->fault.code;
	bool deleted = ledger_view_deleted(view);
	ledger_view_unref(view);
	return deleted ? missing(read, system) : FAULT_NONE;
}

void subscribe_read_systems(struct ledger_read *asked, struct store *store)
{
	struct subscribe_read *read = asked->context;
	enum fault_code code = FAULT_NONE;
	for (size_t i = 0; !code && i < read->filter->system_count; i++)
		code = find(read, store, read->filter->systems[i]);
	finish(read, code);
}

/* ---- events ---- */

void subscribe_read_heads(struct ledger_read *asked, struct store *store)
{
	struct subscribe_read *read = asked->context;
	size_t count = (size_t)read->service->identity->partitions;
	read->heads = arena_array(read->arena, count, sizeof(*read->heads));
	finish(read, store_heads(store, read->heads, count, &read->fault));
}

void subscribe_read_events(struct ledger_read *asked, struct store *store)
{
	struct subscribe_read *read = asked->context;
	read->events = arena_array(read->arena, SUBSCRIBE_PAGE, sizeof(struct model_event *));
	size_t count = 0;
	enum fault_code code = FAULT_NONE;
	if (atomic_load(&read->state) != SUBSCRIBE_READ_ABANDONED)
		code = store_events(store, read->partition, read->after, SUBSCRIBE_PAGE, read->events, &count,
			&read->fault);
	if (!code)
		read->event_count = count;
	finish(read, code);
}

/* ---- state ---- */

/* The state's events while they are packed. */
struct packing {
	struct subscribe_read *read;
	const struct store_state *state; /* of one system */
	struct arena *scratch;
	size_t room;
	Tally__V1__Event *held; /* the last one that passed, until it is known whether another follows */
};

static void pack_held(struct packing *packing, bool last)
{
	struct subscribe_read *read = packing->read;
	if (!packing->held)
		return;
	if (read->packed_count == packing->room) {
		packing->room = packing->room ? packing->room * 2 : 64;
		struct subscribe_packed *wider = arena_array(read->arena, packing->room, sizeof(*wider));
		if (read->packed_count)
			memcpy(wider, read->packed, read->packed_count * sizeof(*wider));
		read->packed = wider;
	}
	packing->held->last_of_revision = last;
	struct subscribe_packed *packed = &read->packed[read->packed_count++];
	packed->bytes = model_message_pack(read->arena, packing->held, &packed->size);
	packing->held = NULL;
}

/* Begins an event if one with these facts passes. @return scratch, or NULL */
static Tally__V1__Event *begin_event(struct packing *packing, struct model_event_facts *facts)
{
	const struct store_system *system = &packing->state->system;
	snprintf(facts->system, sizeof(facts->system), "%s", system->id);
	if (!hub_filter_passes(packing->read->filter, facts))
		return NULL;
	pack_held(packing, false);
	Tally__V1__Event *event = arena_alloc(packing->scratch, sizeof(*event));
	tally__v1__event__init(event);
	event->system = arena_print(packing->scratch, "systems/%s", system->id);
	event->revision = system->revision;
	event->type = (Tally__V1__EventType)facts->type;
	event->time = model_timestamp(packing->scratch, system->updated_at_us);
	packing->held = event;
	return event;
}

static void pack_finding(struct packing *packing, const struct model_finding *finding,
	const struct model_finding_life *life, const struct model_versions *versions)
{
	struct model_event_facts facts = {.type = EVENT_FINDING_OPENED,
		.kinds = finding->kinds,
		.class = (uint8_t)finding->class,
		.severity = (uint8_t)finding->severity,
		.teams = finding->teams};
	Tally__V1__Event *event = begin_event(packing, &facts);
	if (!event)
		return;
	event->what_case = TALLY__V1__EVENT__WHAT_FINDING;
	event->finding =
		model_finding_message(packing->scratch, packing->state->system.id, finding, life, versions);
}

static enum fault_code pack_verdict(struct packing *packing, struct fault *fault)
{
	const struct store_system *system = &packing->state->system;
	Tally__V1__Verdict *verdict = model_message_unpack(
		packing->scratch, &tally__v1__verdict__descriptor, system->verdict, system->verdict_size);
	if (!verdict)
		return fault_set(fault, FAULT_INTERNAL, "STORED_BYTES_INVALID",
			"the stored verdict of systems/%s cannot be read", system->id);
	struct model_event_facts facts = {.type = EVENT_VERDICT_CHANGED};
	Tally__V1__Event *event = begin_event(packing, &facts);
	if (!event)
		return FAULT_NONE;
	event->what_case = TALLY__V1__EVENT__WHAT_VERDICT;
	event->verdict = verdict;
	return FAULT_NONE;
}

/* A finding with its life, for sorting. */
struct open_finding {
	struct model_finding finding;
	const struct model_finding_life *life;
};

static int compare(const void *a, const void *b)
{
	const struct open_finding *left = a;
	const struct open_finding *right = b;
	return model_finding_compare(&left->finding, &right->finding);
}

static enum fault_code pack_findings(struct packing *packing, struct fault *fault)
{
	const struct store_state *state = packing->state;
	const struct model_version **items =
		arena_array(packing->scratch, state->version_count, sizeof(struct model_version *));
	for (size_t i = 0; i < state->version_count; i++)
		items[i] = &state->versions[i];
	struct model_versions versions = {items, state->version_count, NULL};
	struct open_finding *open = arena_array(packing->scratch, state->finding_count, sizeof(*open));
	for (size_t i = 0; i < state->finding_count; i++) {
		const struct store_finding *row = &state->findings[i];
		if (!model_finding_unpack(packing->scratch, row->body, row->body_size, &open[i].finding))
			return fault_set(fault, FAULT_INTERNAL, "STORED_BYTES_INVALID",
				"the stored finding systems/%s/findings/%s cannot be read", state->system.id,
				row->id);
		open[i].life = &row->life;
	}
	qsort(open, state->finding_count, sizeof(*open), compare);
	for (size_t i = 0; i < state->finding_count; i++)
		pack_finding(packing, &open[i].finding, open[i].life, &versions);
	return FAULT_NONE;
}

static enum fault_code too_large(struct fault *fault)
{
	fault_set(fault, FAULT_EXHAUSTED, "STATE_TOO_LARGE",
		"the state of a partition is larger than %d MiB; name systems, or ask for fewer findings",
		SUBSCRIBE_STATE_MAX / 1024 / 1024);
	fault_add(fault, "limit_bytes", "%d", SUBSCRIBE_STATE_MAX);
	return FAULT_EXHAUSTED;
}

/* Packs what passes of some systems; what does not is gone with their rows. */
static enum fault_code pack_states(
	void *context, const struct store_state *states, size_t count, struct fault *fault)
{
	struct packing *packing = context;
	enum fault_code code = FAULT_NONE;
	for (size_t i = 0; !code && i < count; i++) {
		packing->state = &states[i];
		packing->scratch = arena_new();
		code = pack_findings(packing, fault);
		if (!code)
			code = pack_verdict(packing, fault);
		pack_held(packing, true);
		arena_free(packing->scratch);
		if (!code && arena_size(packing->read->arena) > SUBSCRIBE_STATE_MAX)
			code = too_large(fault);
	}
	return code;
}

/* The filter's systems that are in one partition. @return arena */
static const char **systems_in(struct subscribe_read *read, struct arena *arena, size_t *count)
{
	const struct hub_filter *filter = read->filter;
	const char **systems = arena_array(arena, filter->system_count, sizeof(*systems));
	*count = 0;
	for (size_t i = 0; i < filter->system_count; i++)
		if (model_partition(filter->systems[i], read->service->identity->partitions) ==
			read->partition)
			systems[(*count)++] = filter->systems[i];
	return systems;
}

void subscribe_read_state(struct ledger_read *asked, struct store *store)
{
	struct subscribe_read *read = asked->context;
	struct packing packing = {.read = read};
	struct store_state_ask ask = {.partition = read->partition, .take = pack_states, .context = &packing};
	const char *const *systems = systems_in(read, read->arena, &ask.system_count);
	if (ask.system_count > 0)
		ask.systems = systems;
	finish(read, store_state(store, &ask, &read->head, &read->fault));
}
