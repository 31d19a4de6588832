/* The stage that subscribe_stage.h describes. Checks nothing that is not asked for. */
#include "subscribe_stage.h"

#include "cases.h"

#include <ctype.h>
#include <string.h>

#include "model/message.h"

/* ---- the store ---- */

struct fake_store fake_store;
static struct model_event *stored[PARTITIONS][EVENTS_MAX];
static const char *const known_systems[] = {"alpha", "beta", "gamma"};
static int64_t revisions[3];

static enum fault_code store_away(struct fault *fault)
{
	if (fake_store.fault)
		fault_set(fault, fake_store.fault, "DATABASE_UNAVAILABLE", "the database is away");
	return fake_store.fault;
}

enum fault_code store_heads(struct store *store, struct store_head *rows, size_t count, struct fault *fault)
{
	(void)store;
	for (size_t i = 0; i < count; i++)
		rows[i] = (struct store_head){(int)i, fake_store.heads[i], fake_store.trimmed[i]};
	return store_away(fault);
}

enum fault_code store_events(struct store *store, int partition, int64_t after, int limit,
	struct model_event **events, size_t *count, struct fault *fault)
{
	(void)store;
	*count = 0;
	if (store_away(fault))
		return fake_store.fault;
	if (after < fake_store.trimmed[partition])
		return fault_set(fault, FAULT_OUT_OF_RANGE, "EVENTS_TRIMMED", "events are gone");
	for (; limit > 0 && after < fake_store.heads[partition]; limit--)
		events[(*count)++] = model_event_ref(stored[partition][after++]);
	return FAULT_NONE;
}

/* Every system has two open findings, "y" and "z", at its revision, and is allowed. */
static void fill_state(struct arena *arena, int system, struct store_state *state)
{
	static const char *const messages[] = {"y", "z"};
	*state = (struct store_state){
		.finding_count = 2, .findings = arena_array(arena, 2, sizeof(struct store_finding))};
	snprintf(state->system.id, sizeof(state->system.id), "%s", known_systems[system]);
	state->system.revision = revisions[system];
	for (size_t i = 0; i < 2; i++) {
		struct model_place place = {KIND_RAW_DATA, "default", "", ""};
		struct model_finding finding = {.rule = "api.output-type",
			.class = CLASS_API,
			.severity = i ? SEVERITY_ERROR : SEVERITY_NOTE,
			.subject = messages[i],
			.message = messages[i],
			.rationale = "",
			.remedy = "",
			.places = &place,
			.place_count = 1};
		model_finding_seal(&finding);
		snprintf(state->findings[i].id, sizeof(finding.id), "%s", finding.id);
		state->findings[i].body = model_finding_pack(arena, &finding, &state->findings[i].body_size);
	}
	Tally__V1__Verdict verdict = TALLY__V1__VERDICT__INIT;
	verdict.decision = TALLY__V1__DECISION__DECISION_ALLOWED;
	state->system.verdict = model_message_pack(arena, &verdict, &state->system.verdict_size);
}

/* A system at a time. */
enum fault_code store_state(
	struct store *store, const struct store_state_ask *ask, int64_t *head, struct fault *fault)
{
	(void)store;
	enum fault_code code = store_away(fault);
	*head = fake_store.heads[ask->partition];
	for (int i = 0; !code && i < 3; i++) {
		bool wanted = !ask->systems && revisions[i] > 0;
		for (size_t j = 0; j < ask->system_count; j++)
			wanted |= ask->systems && strcmp(ask->systems[j], known_systems[i]) == 0;
		if (!wanted || model_partition(known_systems[i], PARTITIONS) != ask->partition)
			continue;
		struct arena *arena = arena_new();
		struct store_state state;
		fill_state(arena, i, &state);
		code = ask->take(ask->context, &state, 1, fault);
		arena_free(arena);
	}
	return code;
}

/* ---- the ledger ---- */

struct ledger_view *ledger_view_cached(struct ledger *ledger, const char *system)
{
	(void)ledger;
	(void)system;
	return NULL;
}

enum fault_code ledger_load(struct ledger *ledger, struct store *store, const char *system,
	struct ledger_view **view, struct fault *fault)
{
	(void)ledger;
	(void)store;
	*view = NULL;
	for (int i = 0; i < 3; i++)
		if (strcmp(system, known_systems[i]) == 0)
			return store_away(fault);
	return fault_set(fault, FAULT_NOT_FOUND, "SYSTEM_NOT_FOUND", "there is no system %s", system);
}

bool ledger_view_deleted(const struct ledger_view *view)
{
	(void)view;
	return false;
}

void ledger_view_unref(struct ledger_view *view)
{
	(void)view;
}

/* ---- the world ---- */

static void hear(void *context, const void *bytes, size_t size, bool more)
{
	static const char *const phases[] = {"?", "<s>", "<e>", "|", "<c>"};
	struct client *client = context;
	Tally__V1__SubscribeResponse *response =
		model_message_unpack(client->arena, &tally__v1__subscribe_response__descriptor, bytes, size);
	assert_non_null(response);
	for (size_t i = 0; i < response->n_events; i++) {
		const Tally__V1__Event *event = response->events[i];
		const char *text =
			event->what_case == TALLY__V1__EVENT__WHAT_FINDING ? event->finding->message : "V";
		buffer_print(&client->received, "%s%s", text, event->last_of_revision ? "!" : "");
	}
	if (response->phase != TALLY__V1__PHASE__PHASE_LIVE)
		assert_true(response->n_events > 0 || response->resume_token[0]);
	buffer_text(&client->received, phases[response->phase]);
	client->held_back = more;
	client->fake.slow = client->fake.slow || client->sips;
	if (!response->resume_token[0])
		return;
	client->tokens[client->token_count] = response->resume_token;
	client->token_ends[client->token_count++] = client->received.size;
}

static void store_event(int system, char letter, bool last)
{
	struct arena *arena = arena_new();
	int partition = model_partition(known_systems[system], PARTITIONS);
	Tally__V1__Event event = TALLY__V1__EVENT__INIT;
	Tally__V1__Finding finding = TALLY__V1__FINDING__INIT;
	event.revision = revisions[system] + 1;
	event.what_case = TALLY__V1__EVENT__WHAT_FINDING;
	event.finding = &finding;
	finding.message = arena_print(arena, "%c", letter);
	finding.rationale = memset(arena_alloc(arena, fake_store.padding + 1), ' ', fake_store.padding);
	struct model_event_facts facts = {.revision = event.revision, .last = last};
	facts.type = islower((unsigned char)letter) ? EVENT_FINDING_OPENED : EVENT_DESCRIPTOR_PUSHED;
	snprintf(facts.system, sizeof(facts.system), "%s", known_systems[system]);
	size_t size = 0;
	const void *body = model_message_pack(arena, &event, &size);
	int64_t position = fake_store.heads[partition] + 1;
	assert_true(position <= EVENTS_MAX);
	stored[partition][position - 1] = model_event_new(&facts, partition, position, body, size);
	fake_store.heads[partition] = position;
	revisions[system] += last;
	arena_free(arena);
}

void world_commit(int system, const char *text)
{
	for (; *text; text++)
		if (*text != '.')
			store_event(system, *text, text[1] == '.');
}

void world_publish(struct world *world)
{
	for (int i = 0; i < PARTITIONS; i++) {
		struct model_event *const *from = &stored[i][fake_store.published[i]];
		assert_true(hub_publish(
			world->hub, i, from, (size_t)(fake_store.heads[i] - fake_store.published[i])));
		fake_store.published[i] = fake_store.heads[i];
	}
}

void world_push(struct world *world, int system, const char *text)
{
	world_commit(system, text);
	world_publish(world);
	if (world->client.fake.call)
		fake_go(&world->client.fake);
}

void world_lose(struct world *world, int system, int count)
{
	int partition = model_partition(known_systems[system], PARTITIONS);
	for (int i = 0; i < count; i++)
		model_event_unref(stored[partition][--fake_store.heads[partition]]);
	revisions[system] -= count;
	fake_store.published[partition] = fake_store.heads[partition];
	hub_go_back(world->hub, partition, fake_store.heads[partition]);
}

void world_begin(struct world *world, size_t ring_events)
{
	*world = (struct world){.identity = {.partitions = PARTITIONS}};
	struct hub_options options = {PARTITIONS, ring_events, 1 << 20};
	world->hub = hub_new(&options, fake_store.heads);
	world->memory.limit = SIZE_MAX;
	world->service = (struct service){.hub = world->hub,
		.identity = &world->identity,
		.stream_memory = &world->memory,
		.messages = subscribe_messages_new(PARTITIONS)};
	tally__v1__subscribe_request__init(&world->client.request);
	world->client.arena = arena_new();
}

void world_subscribe(struct world *world)
{
	struct client *client = &world->client;
	size_t size = 0;
	const void *bytes = model_message_pack(client->arena, &client->request, &size);
	client->fake =
		(struct fake_call){.message = hear, .message_context = client, .slow = client->fake.slow};
	fake_open(&client->fake, &subscribe_methods[0], &world->service, bytes, size);
}

void world_resume(struct world *world, const char *token)
{
	struct client *client = &world->client;
	fake_cancel(&client->fake);
	fake_close(&client->fake);
	client->request.resume_token = arena_text(client->arena, token);
	client->request.send_initial_state = false;
	buffer_clear(&client->received);
	client->token_count = 0;
	world_subscribe(world);
}

void world_received(struct world *world, const char *expected)
{
	assert_string_equal(buffer_string(&world->client.received), expected);
	assert_false(world->client.held_back);
	buffer_clear(&world->client.received);
}

void world_failed(struct world *world, enum fault_code code, const char *reason)
{
	assert_true(world->client.fake.answered);
	assert_int_equal(world->client.fake.fault.code, code);
	assert_string_equal(world->client.fake.fault.reason, reason);
}

void world_end(struct world *world)
{
	struct client *client = &world->client;
	if (client->fake.call) {
		fake_cancel(&client->fake);
		fake_close(&client->fake);
	}
	assert_int_equal(atomic_load(&world->memory.held), 0);
	subscribe_messages_free(world->service.messages);
	hub_free(world->hub);
	buffer_done(&client->received);
	arena_free(client->arena);
	for (int i = 0; i < PARTITIONS; i++) {
		while (fake_store.heads[i])
			model_event_unref(stored[i][--fake_store.heads[i]]);
		fake_store.trimmed[i] = fake_store.published[i] = 0;
	}
	memset(revisions, 0, sizeof(revisions));
	fake_store.fault = FAULT_NONE;
	fake_store.padding = 0;
	fake_defers_reads = fake_refuses_reads = false;
}

const char *world_last_token(const struct world *world)
{
	assert_true(world->client.token_count > 0);
	return world->client.tokens[world->client.token_count - 1];
}

static char *alpha_only[] = {"systems/alpha"};
static Tally__V1__EventType findings_only[] = {TALLY__V1__EVENT_TYPE__EVENT_TYPE_FINDING_OPENED};

void world_want_findings(struct world *world)
{
	world->client.request.event_types = findings_only;
	world->client.request.n_event_types = 1;
}

void world_want_alpha(struct world *world)
{
	world->client.request.systems = alpha_only;
	world->client.request.n_systems = 1;
}
