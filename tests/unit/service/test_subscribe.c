/*
 * Subscribe against a hub, with a store, a transport and a clock of the test's
 * own. An event is a letter: lower case is a FINDING_OPENED, upper case a
 * DESCRIPTOR_PUSHED; '.' behind it ends its revision. What a client received is
 * written the same way with '!' behind marked events, and for messages: '<c>'
 * checkpoint, '<s>' state, '<e>' end of state, '|' the end of a live message.
 */
#include "cases.h"

#include <ctype.h>
#include <string.h>

#include "base/buffer.h"
#include "fake_call.h"
#include "model/message.h"
#include "service/subscribe.h"

enum {
	PARTITIONS = 4,
	EVENTS_MAX = 4000,
	TOKENS_MAX = 4000,
	SECOND = 1000000,
};

/* ---- the store ---- */

static struct model_event *stored[PARTITIONS][EVENTS_MAX];
static int64_t heads[PARTITIONS], trimmed[PARTITIONS];
static enum fault_code store_fault;
static const char *const known_systems[] = {"alpha", "beta", "gamma"};
static int64_t revisions[3];

static enum fault_code store_away(struct fault *fault)
{
	if (store_fault)
		fault_set(fault, store_fault, "DATABASE_UNAVAILABLE", "the database is away");
	return store_fault;
}

enum fault_code store_heads(struct store *store, struct store_head *rows, size_t count, struct fault *fault)
{
	(void)store;
	for (size_t i = 0; i < count; i++)
		rows[i] = (struct store_head){(int)i, heads[i], trimmed[i]};
	return store_away(fault);
}

enum fault_code store_events(struct store *store, int partition, int64_t after, int limit,
	struct model_event **events, size_t *count, struct fault *fault)
{
	(void)store;
	*count = 0;
	if (store_away(fault))
		return store_fault;
	if (after < trimmed[partition])
		return fault_set(fault, FAULT_OUT_OF_RANGE, "EVENTS_TRIMMED", "events are gone");
	for (; limit > 0 && after < heads[partition]; limit--)
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

enum fault_code store_state(struct store *store, struct arena *arena, int partition,
	const char *const *systems, size_t system_count, struct store_state **states, size_t *count,
	int64_t *head, struct fault *fault)
{
	(void)store;
	*count = 0;
	*head = heads[partition];
	*states = arena_array(arena, 3, sizeof(**states));
	for (int i = 0; i < 3; i++) {
		bool wanted = !systems && revisions[i] > 0;
		for (size_t j = 0; j < system_count; j++)
			wanted |= strcmp(systems[j], known_systems[i]) == 0;
		if (wanted && model_partition(known_systems[i], PARTITIONS) == partition)
			fill_state(arena, i, &(*states)[(*count)++]);
	}
	return store_away(fault);
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

struct client {
	struct fake_call fake;
	Tally__V1__SubscribeRequest request;
	struct arena *arena;
	struct buffer received;
	char *tokens[TOKENS_MAX];
	size_t token_ends[TOKENS_MAX]; /* size of `received` when the token came */
	size_t token_count;
	bool held_back; /* the last message may still be in the transport's buffer */
};

struct world {
	struct hub *hub;
	struct store_identity identity;
	struct service service;
	struct client client;
};

static int64_t published[PARTITIONS]; /* what the hub has */

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
	struct model_event_facts facts = {.revision = event.revision, .last = last};
	facts.type = islower((unsigned char)letter) ? EVENT_FINDING_OPENED : EVENT_DESCRIPTOR_PUSHED;
	snprintf(facts.system, sizeof(facts.system), "%s", known_systems[system]);
	size_t size = 0;
	const void *body = model_message_pack(arena, &event, &size);
	int64_t position = heads[partition] + 1;
	assert_true(position <= EVENTS_MAX);
	stored[partition][position - 1] = model_event_new(&facts, partition, position, body, size);
	heads[partition] = position;
	revisions[system] += last;
	arena_free(arena);
}

static void commit(int system, const char *text)
{
	for (; *text; text++)
		if (*text != '.')
			store_event(system, *text, text[1] == '.');
}

static void publish(struct world *world)
{
	for (int i = 0; i < PARTITIONS; i++) {
		struct model_event *const *from = &stored[i][published[i]];
		assert_true(hub_publish(world->hub, i, from, (size_t)(heads[i] - published[i])));
		published[i] = heads[i];
	}
}

static void push(struct world *world, int system, const char *text)
{
	commit(system, text);
	publish(world);
	if (world->client.fake.call)
		fake_go(&world->client.fake);
}

static void begin(struct world *world, size_t ring_events)
{
	*world = (struct world){.identity = {.partitions = PARTITIONS}};
	struct hub_options options = {PARTITIONS, ring_events, 1 << 20};
	world->hub = hub_new(&options, heads);
	world->service = (struct service){.hub = world->hub, .identity = &world->identity};
	tally__v1__subscribe_request__init(&world->client.request);
	world->client.arena = arena_new();
}

static void subscribe(struct world *world)
{
	struct client *client = &world->client;
	size_t size = 0;
	const void *bytes = model_message_pack(client->arena, &client->request, &size);
	client->fake =
		(struct fake_call){.message = hear, .message_context = client, .slow = client->fake.slow};
	fake_open(&client->fake, &subscribe_methods[0], &world->service, bytes, size);
}

/* The client goes, and comes back for what is behind a token. */
static void resume(struct world *world, const char *token)
{
	struct client *client = &world->client;
	fake_cancel(&client->fake);
	fake_close(&client->fake);
	client->request.resume_token = arena_text(client->arena, token);
	client->request.send_initial_state = false;
	buffer_clear(&client->received);
	client->token_count = 0;
	subscribe(world);
}

static void received(struct world *world, const char *expected)
{
	assert_string_equal(buffer_string(&world->client.received), expected);
	assert_false(world->client.held_back);
	buffer_clear(&world->client.received);
}

static void failed(struct world *world, enum fault_code code, const char *reason)
{
	assert_true(world->client.fake.answered);
	assert_int_equal(world->client.fake.fault.code, code);
	assert_string_equal(world->client.fake.fault.reason, reason);
}

static void end(struct world *world)
{
	struct client *client = &world->client;
	if (client->fake.call) {
		fake_cancel(&client->fake);
		fake_close(&client->fake);
	}
	hub_free(world->hub);
	buffer_done(&client->received);
	arena_free(client->arena);
	for (int i = 0; i < PARTITIONS; i++) {
		while (heads[i])
			model_event_unref(stored[i][--heads[i]]);
		trimmed[i] = published[i] = 0;
	}
	memset(revisions, 0, sizeof(revisions));
	store_fault = FAULT_NONE;
	fake_defers_reads = fake_refuses_reads = false;
}

static const char *last_token(const struct world *world)
{
	assert_true(world->client.token_count > 0);
	return world->client.tokens[world->client.token_count - 1];
}

static char *alpha_only[] = {"systems/alpha"};
static char *alpha_beta[] = {"systems/beta", "systems/alpha"};
static Tally__V1__EventType findings_only[] = {TALLY__V1__EVENT_TYPE__EVENT_TYPE_FINDING_OPENED};

static void want_findings(struct world *world)
{
	world->client.request.event_types = findings_only;
	world->client.request.n_event_types = 1;
}

static void want_alpha(struct world *world)
{
	world->client.request.systems = alpha_only;
	world->client.request.n_systems = 1;
}

/* ---- cases ---- */

static void live(struct world *world)
{
	begin(world, 100);
	commit(0, "a.");
	published[model_partition("alpha", PARTITIONS)] = 0;
	publish(world);
	subscribe(world);
	received(world, "<c>");
	push(world, 0, "bC.");
	received(world, "bC!|");
	push(world, 1, "d.e.");
	received(world, "d!e!|");
	assert_int_equal(world->client.token_count, 3);
}

static void filtered(struct world *world)
{
	begin(world, 100);
	want_findings(world);
	subscribe(world);
	push(world, 0, "abCD.");
	push(world, 0, "EF.");
	push(world, 0, "Gh.");
	received(world, "<c>ab!|h!|");
}

static void resumes(struct world *world)
{
	begin(world, 100);
	subscribe(world);
	const char *start = last_token(world);
	push(world, 0, "ab.");
	const char *middle = last_token(world);
	push(world, 1, "cd.");
	push(world, 0, "e.");
	resume(world, middle);
	received(world, "<c>cd!e!|");
	resume(world, start);
	assert_int_equal(strlen("<c>ab!e!cd!|"), world->client.received.size);
	assert_non_null(strstr(buffer_string(&world->client.received), "cd!"));
	resume(world, last_token(world));
	received(world, "<c>");
}

static void from_the_store(struct world *world)
{
	begin(world, 2);
	want_alpha(world);
	subscribe(world);
	const char *start = last_token(world);
	world->client.fake.slow = true;
	push(world, 0, "a.");
	push(world, 0, "b.c.");
	push(world, 0, "d.efg.");
	push(world, 0, "h.");
	world->client.fake.slow = false;
	fake_go(&world->client.fake);
	received(world, "<c>a!|b!c!d!efg!h!|");
	resume(world, start);
	received(world, "<c>a!b!c!d!efg!h!|");
	push(world, 0, "i.");
	received(world, "i!|");
}

/* A revision of more events than a message or a page has. */
static void large_revision(struct world *world)
{
	begin(world, 10);
	want_findings(world);
	subscribe(world);
	const char *start = last_token(world);
	char text[3001];
	memset(text, 'A', sizeof(text) - 1);
	for (size_t i = 0; i < 2990; i += i < 900 ? 1 : 700)
		text[i] = 'x';
	text[2999] = '.';
	text[3000] = '\0';
	push(world, 0, text);
	size_t marks = 0, events = 0;
	for (size_t round = 0; round < 2; round++) {
		marks = events = 0;
		const char *at = buffer_string(&world->client.received);
		for (; *at; at++) {
			events += *at == 'x';
			marks += *at == '!';
		}
		assert_int_equal(marks, 1);
		assert_int_equal(events, 900 + 3);
		/* Checkpoint, then a token with the last message only. */
		assert_int_equal(world->client.token_count, 2);
		resume(world, start);
	}
}

static void state_then_live(struct world *world)
{
	begin(world, 100);
	commit(0, "a.");
	commit(1, "b.");
	commit(2, "c.");
	world->client.request.send_initial_state = true;
	subscribe(world);
	/* By partition; errors first, then the verdict, which is the last of its system; gamma's comes first.
	 */
	received(world, "zyV!<s>zyV!zyV!<s><e>");
	publish(world); /* the hub is behind the state */
	fake_go(&world->client.fake);
	received(world, "");
	push(world, 1, "d.");
	received(world, "d!|");
	resume(world, world->client.tokens[0]);
	received(world, "<c>d!|");
}

static void state_filtered(struct world *world)
{
	begin(world, 100);
	commit(0, "a.");
	commit(1, "b.");
	commit(2, "c.");
	publish(world);
	world->client.request.send_initial_state = true;
	world->client.request.systems = alpha_beta;
	world->client.request.n_systems = 2;
	world->client.request.min_severity = TALLY__V1__SEVERITY__SEVERITY_ERROR;
	subscribe(world);
	received(world, "z!z!<s><e>");
}

static void state_of_nothing(struct world *world)
{
	begin(world, 100);
	world->client.request.send_initial_state = true;
	subscribe(world);
	received(world, "<e>");
	push(world, 0, "a.");
	received(world, "a!|");
}

static void unknown_system(struct world *world)
{
	static char *systems[] = {"systems/alpha", "systems/omega"};
	begin(world, 100);
	world->client.request.systems = systems;
	world->client.request.n_systems = 2;
	subscribe(world);
	failed(world, FAULT_NOT_FOUND, "SYSTEM_NOT_FOUND");
	received(world, "");
}

static void checkpoints(struct world *world)
{
	begin(world, 2);
	want_alpha(world);
	want_findings(world);
	Google__Protobuf__Duration interval = GOOGLE__PROTOBUF__DURATION__INIT;
	interval.seconds = 2;
	world->client.request.checkpoint_interval = &interval;
	subscribe(world);
	received(world, "<c>");
	fake_now_us += 2 * SECOND - 1;
	fake_go(&world->client.fake);
	received(world, "");
	fake_now_us += 1;
	fake_go(&world->client.fake);
	received(world, "<c>");
	fake_now_us += SECOND;
	push(world, 0, "a.");
	received(world, "a!|");
	fake_now_us += SECOND;
	fake_go(&world->client.fake);
	received(world, "");
	/* What does not pass goes by; the next token covers it, so that the store is not asked for it. */
	push(world, 0, "B.");
	push(world, 0, "C.");
	push(world, 0, "D.");
	push(world, 0, "E.");
	store_fault = FAULT_UNAVAILABLE;
	fake_now_us += SECOND;
	fake_go(&world->client.fake);
	received(world, "<c>");
	store_fault = FAULT_NONE;
	trimmed[model_partition("alpha", PARTITIONS)] = 5;
	resume(world, last_token(world));
	received(world, "<c>");
}

static void too_old(struct world *world)
{
	begin(world, 1);
	want_alpha(world);
	subscribe(world);
	const char *start = last_token(world);
	push(world, 0, "a.b.");
	push(world, 0, "c.d.");
	trimmed[model_partition("alpha", PARTITIONS)] = 2;
	buffer_clear(&world->client.received);
	resume(world, start);
	failed(world, FAULT_OUT_OF_RANGE, "RESUME_TOKEN_TOO_OLD");
	received(world, "");
	assert_string_equal(world->client.fake.fault.facts[0].key, "oldest_token");
	resume(world, world->client.fake.fault.facts[0].value);
	received(world, "<c>c!d!|");
}

static void trimmed_while_slow(struct world *world)
{
	begin(world, 1);
	want_alpha(world);
	subscribe(world);
	world->client.fake.slow = true;
	push(world, 0, "a.");
	push(world, 0, "b.c.d.");
	trimmed[model_partition("alpha", PARTITIONS)] = 3;
	world->client.fake.slow = false;
	fake_go(&world->client.fake);
	received(world, "<c>a!|");
	failed(world, FAULT_OUT_OF_RANGE, "RESUME_TOKEN_TOO_OLD");
	resume(world, world->client.fake.fault.facts[0].value);
	received(world, "<c>d!|");
}

static void ahead(struct world *world)
{
	begin(world, 10);
	want_alpha(world);
	subscribe(world);
	push(world, 0, "a.b.");
	const char *token = last_token(world);
	int partition = model_partition("alpha", PARTITIONS);
	heads[partition]--; /* the store was restored */
	resume(world, token);
	heads[partition]++;
	failed(world, FAULT_OUT_OF_RANGE, "RESUME_TOKEN_AHEAD");
}

static void forged(struct world *world)
{
	begin(world, 10);
	want_alpha(world);
	subscribe(world);
	char *token = arena_text(world->client.arena, last_token(world));
	token[5] = token[5] == 'A' ? 'B' : 'A';
	resume(world, token);
	failed(world, FAULT_INVALID, "RESUME_TOKEN_INVALID");
}

static void other_filter(struct world *world)
{
	begin(world, 10);
	subscribe(world);
	want_alpha(world);
	resume(world, last_token(world));
	failed(world, FAULT_INVALID, "RESUME_TOKEN_INVALID");
}

static void drain(struct world *world)
{
	begin(world, 10);
	subscribe(world);
	fake_drain(&world->client.fake);
	failed(world, FAULT_UNAVAILABLE, "SERVER_STOPPING");
}

static void drain_while_sending(struct world *world)
{
	begin(world, 10);
	world->client.fake.slow = true;
	subscribe(world);
	push(world, 0, "a.");
	fake_drain(&world->client.fake);
	assert_false(world->client.fake.answered);
	world->client.fake.slow = false;
	fake_go(&world->client.fake);
	failed(world, FAULT_UNAVAILABLE, "SERVER_STOPPING");
}

static void store_comes_back(struct world *world)
{
	begin(world, 1);
	want_alpha(world);
	subscribe(world);
	const char *start = last_token(world);
	push(world, 0, "a.");
	push(world, 0, "b.c.");
	fake_defers_reads = true;
	buffer_clear(&world->client.received);
	resume(world, start);
	fake_serve(NULL);
	fake_go(&world->client.fake); /* it stands where it was, and asks for events */
	store_fault = FAULT_UNAVAILABLE;
	fake_defers_reads = false;
	fake_serve(NULL);
	for (int i = 0; i < 25; i++) {
		fake_go(&world->client.fake);
		fake_now_us += SECOND;
	}
	fake_refuses_reads = true;
	fake_go(&world->client.fake);
	fake_refuses_reads = false;
	store_fault = FAULT_NONE;
	fake_now_us += SECOND;
	fake_go(&world->client.fake);
	received(world, "<c><c><c>a!b!c!|");
}

static void store_stays_away(struct world *world)
{
	begin(world, 1);
	want_alpha(world);
	subscribe(world);
	world->client.fake.slow = true;
	push(world, 0, "a.");
	push(world, 0, "b.c.");
	store_fault = FAULT_UNAVAILABLE;
	world->client.fake.slow = false;
	fake_go(&world->client.fake);
	for (int i = 0; i < 29; i++) {
		assert_false(world->client.fake.answered);
		fake_now_us += SECOND;
		fake_go(&world->client.fake);
	}
	fake_now_us += 2 * SECOND;
	fake_go(&world->client.fake);
	failed(world, FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE");
}

/* The hub's wake comes while the call holds for a reader. */
static void late_wake(struct world *world)
{
	begin(world, 1);
	want_alpha(world);
	subscribe(world);
	const char *start = last_token(world);
	push(world, 0, "a.");
	push(world, 0, "b.c.");
	fake_defers_reads = true;
	buffer_clear(&world->client.received);
	resume(world, start);
	for (int i = 0; i < 3; i++) {
		rpc_wake(world->client.fake.call);
		fake_go(&world->client.fake);
		assert_false(world->client.fake.parked);
	}
	fake_defers_reads = false;
	fake_serve(NULL);
	fake_go(&world->client.fake);
	received(world, "<c>a!b!c!|");
}

static void bad_request(struct world *world)
{
	begin(world, 1);
	world->client.request.resume_token = "x";
	world->client.request.send_initial_state = true;
	subscribe(world);
	failed(world, FAULT_INVALID, "INITIAL_STATE_WITH_TOKEN");
}

/* ---- random ---- */

static uint32_t draw(uint64_t *seed, uint32_t below)
{
	*seed = *seed * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)(*seed >> 33) % below;
}

/* What a client of alpha's findings must have received in the end, without the ends of messages. */
static void expect(struct buffer *expected, const char *history)
{
	const char *held = NULL;
	for (; *history; history++) {
		if (islower((unsigned char)*history)) {
			if (held)
				buffer_print(expected, "%c", *held);
			held = history;
		} else if (*history == '.' && held) {
			buffer_print(expected, "%c!", *held);
			held = NULL;
		}
	}
}

static void add_events(struct buffer *events, const char *received_text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (received_text[i] == '<')
			i += 2;
		else if (received_text[i] != '|')
			buffer_add(events, received_text + i, 1);
	}
}

static void random_history(struct world *world, uint64_t seed)
{
	struct buffer history = {0}, expected = {0}, heard = {0};
	begin(world, 1 + draw(&seed, 30));
	want_alpha(world);
	want_findings(world);
	subscribe(world);
	struct client *client = &world->client;
	for (int i = 0; i < 300; i++) {
		client->fake.slow = draw(&seed, 3) == 0;
		char revision[400] = "";
		size_t length = 1 + draw(&seed, draw(&seed, 30) ? 8 : 390);
		for (size_t j = 0; j < length; j++)
			revision[j] = (char)((draw(&seed, 2) ? 'a' : 'A') + (int)draw(&seed, 26));
		revision[length] = '.';
		buffer_text(&history, revision);
		push(world, 0, revision);
		if (draw(&seed, 20) == 0) {
			size_t token = draw(&seed, (uint32_t)client->token_count);
			add_events(&heard, client->received.bytes, client->token_ends[token]);
			client->fake.slow = false;
			fake_go(&client->fake);
			resume(world, client->tokens[token]);
		}
		int partition = model_partition("alpha", PARTITIONS);
		if (heads[partition] > EVENTS_MAX - 400)
			break;
	}
	client->fake.slow = false;
	fake_go(&client->fake);
	add_events(&heard, client->received.bytes, client->received.size);
	expect(&expected, buffer_string(&history));
	assert_string_equal(buffer_string(&heard), buffer_string(&expected));
	buffer_done(&history);
	buffer_done(&expected);
	buffer_done(&heard);
}

static void random_histories(struct world *world)
{
	for (uint64_t seed = 1; seed < 40; seed++) {
		random_history(world, seed);
		end(world);
	}
	begin(world, 1);
}

struct row {
	const char *name;
	void (*run)(struct world *world);
};

static const struct row rows[] = {
	{"a stream begins with a token and goes on with what happens", live},
	{"the last event that passes is marked, whatever follows it", filtered},
	{"resuming is exclusive, wherever one resumes", resumes},
	{"who is slow or comes late is served from the store", from_the_store},
	{"a revision larger than a message has one mark, and a token only at its end", large_revision},
	{"the state comes first, then its end, then what it does not include", state_then_live},
	{"filters apply to the state", state_filtered},
	{"the state of an empty store is only its end", state_of_nothing},
	{"a system that does not exist is not found", unknown_system},
	{"a checkpoint comes when nothing else does, and covers what did not pass", checkpoints},
	{"a token that is too old is out of range, and the oldest one works", too_old},
	{"who is too slow for the retention is told so, and can go on at the oldest", trimmed_while_slow},
	{"a token ahead of the store is out of range", ahead},
	{"a forged token is refused", forged},
	{"another filter's token is refused", other_filter},
	{"the drain ends a stream that waits", drain},
	{"the drain ends a stream after the message that is being sent", drain_while_sending},
	{"a stream outlives a short absence of the database", store_comes_back},
	{"a stream ends when the database stays away", store_stays_away},
	{"a late wake of the hub does not pass for the reader's", late_wake},
	{"a request that contradicts itself is refused", bad_request},
	{"with random histories, slowness and resumes nothing is lost or repeated", random_histories},
};

static void check(void **state)
{
	const struct row *row = *state;
	struct world world;
	row->run(&world);
	end(&world);
}

int main(void)
{
	return CASES_RUN(rows, check);
}
