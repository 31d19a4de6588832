/* Subscribe against a hub: what a client receives, in the letters of subscribe_stage.h. */
#include "cases.h"

#include <ctype.h>
#include <string.h>

#include "subscribe_stage.h"

static void live(struct world *world)
{
	world_begin(world, 100);
	world_commit(0, "a.");
	fake_store.published[model_partition("alpha", PARTITIONS)] = 0;
	world_publish(world);
	world_subscribe(world);
	world_received(world, "<c>");
	world_push(world, 0, "bC.");
	world_received(world, "bC!|");
	world_push(world, 1, "d.e.");
	world_received(world, "d!e!|");
	assert_int_equal(world->client.token_count, 3);
}

static void filtered(struct world *world)
{
	world_begin(world, 100);
	world_want_findings(world);
	world_subscribe(world);
	world_push(world, 0, "abCD.");
	world_push(world, 0, "EF.");
	world_push(world, 0, "Gh.");
	world_received(world, "<c>ab!|h!|");
}

static void resumes(struct world *world)
{
	world_begin(world, 100);
	world_subscribe(world);
	const char *start = world_last_token(world);
	world_push(world, 0, "ab.");
	const char *middle = world_last_token(world);
	world_push(world, 1, "cd.");
	world_push(world, 0, "e.");
	world_resume(world, middle);
	world_received(world, "<c>cd!e!|");
	world_resume(world, start);
	assert_int_equal(strlen("<c>ab!e!cd!|"), world->client.received.size);
	assert_non_null(strstr(buffer_string(&world->client.received), "cd!"));
	world_resume(world, world_last_token(world));
	world_received(world, "<c>");
}

static void from_the_store(struct world *world)
{
	world_begin(world, 2);
	world_want_alpha(world);
	world_subscribe(world);
	const char *start = world_last_token(world);
	world->client.fake.slow = true;
	world_push(world, 0, "a.");
	world_push(world, 0, "b.c.");
	world_push(world, 0, "d.efg.");
	world_push(world, 0, "h.");
	world->client.fake.slow = false;
	fake_go(&world->client.fake);
	world_received(world, "<c>a!|b!c!d!efg!h!|");
	world_resume(world, start);
	world_received(world, "<c>a!b!c!d!efg!h!|");
	world_push(world, 0, "i.");
	world_received(world, "i!|");
}

/* Lets a client that fell behind take 300 revisions, a message at a time. @return the most memory held
 * between two */
static size_t sip(struct world *world, size_t limit)
{
	char text[901] = "";
	for (size_t i = 0; i < sizeof(text) - 1; i++)
		text[i] = i % 3 == 2 ? '.' : 'a';
	world_begin(world, 2);
	fake_store.padding = 5000;
	world->memory.limit = limit;
	world_want_alpha(world);
	world_subscribe(world);
	world->client.fake.slow = world->client.sips = true;
	world_push(world, 0, "b.");
	world_push(world, 0, text);
	size_t most = 0, events = 0;
	for (int i = 0; i < 20; i++) {
		world->client.fake.slow = false;
		fake_go(&world->client.fake);
		size_t held = atomic_load(&world->memory.held);
		most = held > most ? held : most;
	}
	for (const char *at = buffer_string(&world->client.received); *at; at++)
		events += *at == 'a';
	assert_int_equal(events, 600);
	return most;
}

static void little_memory(struct world *world)
{
	assert_true(sip(world, SIZE_MAX) > 0);
	world_end(world);
	assert_int_equal(sip(world, 1), 0);
}

static void no_memory_for_a_state(struct world *world)
{
	world_begin(world, 100);
	world_commit(0, "a.");
	world_publish(world);
	world->memory.limit = 1000;
	atomic_store(&world->memory.held, 1000);
	world->client.request.send_initial_state = true;
	world_subscribe(world);
	world_failed(world, FAULT_EXHAUSTED, "STREAM_MEMORY_FULL");
	assert_true(world->client.fake.fault.retry_after_ms > 0);
	atomic_store(&world->memory.held, 0);
}

/* A revision of more events than a message or a page has. */
static void large_revision(struct world *world)
{
	world_begin(world, 10);
	world_want_findings(world);
	world_subscribe(world);
	const char *start = world_last_token(world);
	char text[3001];
	memset(text, 'A', sizeof(text) - 1);
	for (size_t i = 0; i < 2990; i += i < 900 ? 1 : 700)
		text[i] = 'x';
	text[2999] = '.';
	text[3000] = '\0';
	world_push(world, 0, text);
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
		world_resume(world, start);
	}
}

static void state_then_live(struct world *world)
{
	world_begin(world, 100);
	world_commit(0, "a.");
	world_commit(1, "b.");
	world_commit(2, "c.");
	world->client.request.send_initial_state = true;
	world_subscribe(world);
	/* By partition; errors first, then the verdict, which is the last of its system; gamma's comes first.
	 */
	world_received(world, "zyV!<s>zyV!zyV!<s><e>");
	world_publish(world); /* the hub is behind the state */
	fake_go(&world->client.fake);
	world_received(world, "");
	world_push(world, 1, "d.");
	world_received(world, "d!|");
	world_resume(world, world->client.tokens[0]);
	world_received(world, "<c>d!|");
}

static void state_filtered(struct world *world)
{
	static char *alpha_beta[] = {"systems/beta", "systems/alpha"};
	world_begin(world, 100);
	world_commit(0, "a.");
	world_commit(1, "b.");
	world_commit(2, "c.");
	world_publish(world);
	world->client.request.send_initial_state = true;
	world->client.request.systems = alpha_beta;
	world->client.request.n_systems = 2;
	world->client.request.min_severity = TALLY__V1__SEVERITY__SEVERITY_ERROR;
	world_subscribe(world);
	world_received(world, "z!z!<s><e>");
}

static void state_of_nothing(struct world *world)
{
	world_begin(world, 100);
	world->client.request.send_initial_state = true;
	world_subscribe(world);
	world_received(world, "<e>");
	world_push(world, 0, "a.");
	world_received(world, "a!|");
}

static void unknown_system(struct world *world)
{
	static char *systems[] = {"systems/alpha", "systems/omega"};
	world_begin(world, 100);
	world->client.request.systems = systems;
	world->client.request.n_systems = 2;
	world_subscribe(world);
	world_failed(world, FAULT_NOT_FOUND, "SYSTEM_NOT_FOUND");
	world_received(world, "");
}

static void checkpoints(struct world *world)
{
	world_begin(world, 2);
	world_want_alpha(world);
	world_want_findings(world);
	Google__Protobuf__Duration interval = GOOGLE__PROTOBUF__DURATION__INIT;
	interval.seconds = 2;
	world->client.request.checkpoint_interval = &interval;
	world_subscribe(world);
	world_received(world, "<c>");
	fake_now_us += 2 * SECOND - 1;
	fake_go(&world->client.fake);
	world_received(world, "");
	fake_now_us += 1;
	fake_go(&world->client.fake);
	world_received(world, "<c>");
	fake_now_us += SECOND;
	world_push(world, 0, "a.");
	world_received(world, "a!|");
	fake_now_us += SECOND;
	fake_go(&world->client.fake);
	world_received(world, "");
	/* What does not pass goes by; the next token covers it, so that the store is not asked for it. */
	world_push(world, 0, "B.");
	world_push(world, 0, "C.");
	world_push(world, 0, "D.");
	world_push(world, 0, "E.");
	fake_store.fault = FAULT_UNAVAILABLE;
	fake_now_us += SECOND;
	fake_go(&world->client.fake);
	world_received(world, "<c>");
	fake_store.fault = FAULT_NONE;
	fake_store.trimmed[model_partition("alpha", PARTITIONS)] = 5;
	world_resume(world, world_last_token(world));
	world_received(world, "<c>");
}

static void too_old(struct world *world)
{
	world_begin(world, 1);
	world_want_alpha(world);
	world_subscribe(world);
	const char *start = world_last_token(world);
	world_push(world, 0, "a.b.");
	world_push(world, 0, "c.d.");
	fake_store.trimmed[model_partition("alpha", PARTITIONS)] = 2;
	buffer_clear(&world->client.received);
	world_resume(world, start);
	world_failed(world, FAULT_OUT_OF_RANGE, "RESUME_TOKEN_TOO_OLD");
	world_received(world, "");
	assert_string_equal(world->client.fake.fault.facts[0].key, "oldest_token");
	world_resume(world, world->client.fake.fault.facts[0].value);
	world_received(world, "<c>c!d!|");
}

static void trimmed_while_slow(struct world *world)
{
	world_begin(world, 1);
	world_want_alpha(world);
	world_subscribe(world);
	world->client.fake.slow = true;
	world_push(world, 0, "a.");
	world_push(world, 0, "b.c.d.");
	fake_store.trimmed[model_partition("alpha", PARTITIONS)] = 3;
	world->client.fake.slow = false;
	fake_go(&world->client.fake);
	world_received(world, "<c>a!|");
	world_failed(world, FAULT_OUT_OF_RANGE, "RESUME_TOKEN_TOO_OLD");
	world_resume(world, world->client.fake.fault.facts[0].value);
	world_received(world, "<c>d!|");
}

static void ahead(struct world *world)
{
	world_begin(world, 10);
	world_want_alpha(world);
	world_subscribe(world);
	world_push(world, 0, "a.b.");
	const char *token = world_last_token(world);
	int partition = model_partition("alpha", PARTITIONS);
	fake_store.heads[partition]--; /* the store was restored */
	world_resume(world, token);
	fake_store.heads[partition]++;
	world_failed(world, FAULT_OUT_OF_RANGE, "RESUME_TOKEN_AHEAD");
}

static void forged(struct world *world)
{
	world_begin(world, 10);
	world_want_alpha(world);
	world_subscribe(world);
	char *token = arena_text(world->client.arena, world_last_token(world));
	token[5] = token[5] == 'A' ? 'B' : 'A';
	world_resume(world, token);
	world_failed(world, FAULT_INVALID, "RESUME_TOKEN_INVALID");
}

static void other_filter(struct world *world)
{
	world_begin(world, 10);
	world_subscribe(world);
	world_want_alpha(world);
	world_resume(world, world_last_token(world));
	world_failed(world, FAULT_INVALID, "RESUME_TOKEN_INVALID");
}

/* The store is put back to before "c" and goes on with another event in its place. */
static void goes_back(struct world *world)
{
	world_begin(world, 10);
	world_want_alpha(world);
	world_subscribe(world);
	world_push(world, 0, "a.b.");
	const char *good = world_last_token(world);
	world_push(world, 0, "c.");
	const char *lost = world_last_token(world);
	world_lose(world, 0, 1);
	fake_go(&world->client.fake);
	world_failed(world, FAULT_UNAVAILABLE, "STORE_WENT_BACK");
	world_resume(world, lost);
	world_failed(world, FAULT_OUT_OF_RANGE, "RESUME_TOKEN_AHEAD");
	world_resume(world, good);
	world_push(world, 0, "x.");
	world_received(world, "<c>x!|");
}

static void drain(struct world *world)
{
	world_begin(world, 10);
	world_subscribe(world);
	fake_drain(&world->client.fake);
	world_failed(world, FAULT_UNAVAILABLE, "SERVER_STOPPING");
}

static void drain_while_sending(struct world *world)
{
	world_begin(world, 10);
	world->client.fake.slow = true;
	world_subscribe(world);
	world_push(world, 0, "a.");
	fake_drain(&world->client.fake);
	assert_false(world->client.fake.answered);
	world->client.fake.slow = false;
	fake_go(&world->client.fake);
	world_failed(world, FAULT_UNAVAILABLE, "SERVER_STOPPING");
}

static void store_comes_back(struct world *world)
{
	world_begin(world, 1);
	world_want_alpha(world);
	world_subscribe(world);
	const char *start = world_last_token(world);
	world_push(world, 0, "a.");
	world_push(world, 0, "b.c.");
	fake_defers_reads = true;
	buffer_clear(&world->client.received);
	world_resume(world, start);
	fake_serve(NULL);
	fake_go(&world->client.fake); /* it stands where it was, and asks for events */
	fake_store.fault = FAULT_UNAVAILABLE;
	fake_defers_reads = false;
	fake_serve(NULL);
	for (int i = 0; i < 25; i++) {
		fake_go(&world->client.fake);
		fake_now_us += SECOND;
	}
	fake_refuses_reads = true;
	fake_go(&world->client.fake);
	fake_refuses_reads = false;
	fake_store.fault = FAULT_NONE;
	fake_now_us += SECOND;
	fake_go(&world->client.fake);
	world_received(world, "<c><c><c>a!b!c!|");
}

static void store_stays_away(struct world *world)
{
	world_begin(world, 1);
	world_want_alpha(world);
	world_subscribe(world);
	world->client.fake.slow = true;
	world_push(world, 0, "a.");
	world_push(world, 0, "b.c.");
	fake_store.fault = FAULT_UNAVAILABLE;
	world->client.fake.slow = false;
	fake_go(&world->client.fake);
	for (int i = 0; i < 29; i++) {
		assert_false(world->client.fake.answered);
		fake_now_us += SECOND;
		fake_go(&world->client.fake);
	}
	fake_now_us += 2 * SECOND;
	fake_go(&world->client.fake);
	world_failed(world, FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE");
}

/* The hub's wake comes while the call holds for a reader. */
static void late_wake(struct world *world)
{
	world_begin(world, 1);
	world_want_alpha(world);
	world_subscribe(world);
	const char *start = world_last_token(world);
	world_push(world, 0, "a.");
	world_push(world, 0, "b.c.");
	fake_defers_reads = true;
	buffer_clear(&world->client.received);
	world_resume(world, start);
	for (int i = 0; i < 3; i++) {
		rpc_wake(world->client.fake.call);
		fake_go(&world->client.fake);
		assert_false(world->client.fake.parked);
	}
	fake_defers_reads = false;
	fake_serve(NULL);
	fake_go(&world->client.fake);
	world_received(world, "<c>a!b!c!|");
}

static void bad_request(struct world *world)
{
	world_begin(world, 1);
	world->client.request.resume_token = "x";
	world->client.request.send_initial_state = true;
	world_subscribe(world);
	world_failed(world, FAULT_INVALID, "INITIAL_STATE_WITH_TOKEN");
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
	world_begin(world, 1 + draw(&seed, 30));
	world->memory.limit = draw(&seed, 2) ? SIZE_MAX : 1;
	world_want_alpha(world);
	world_want_findings(world);
	world_subscribe(world);
	struct client *client = &world->client;
	for (int i = 0; i < 300; i++) {
		client->fake.slow = draw(&seed, 3) == 0;
		char revision[400] = "";
		size_t length = 1 + draw(&seed, draw(&seed, 30) ? 8 : 390);
		for (size_t j = 0; j < length; j++)
			revision[j] = (char)((draw(&seed, 2) ? 'a' : 'A') + (int)draw(&seed, 26));
		revision[length] = '.';
		buffer_text(&history, revision);
		world_push(world, 0, revision);
		if (draw(&seed, 20) == 0) {
			size_t token = draw(&seed, (uint32_t)client->token_count);
			add_events(&heard, client->received.bytes, client->token_ends[token]);
			client->fake.slow = false;
			fake_go(&client->fake);
			world_resume(world, client->tokens[token]);
		}
		int partition = model_partition("alpha", PARTITIONS);
		if (fake_store.heads[partition] > EVENTS_MAX - 400)
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
		world_end(world);
	}
	world_begin(world, 1);
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
	{"when memory is short the slow keep nothing between two messages, and miss nothing", little_memory},
	{"without memory no state is begun", no_memory_for_a_state},
	{"a revision larger than a message has one mark, and a token only at its end", large_revision},
	{"the state comes first, then its end, then what it does not include", state_then_live},
	{"filters apply to the state", state_filtered},
	{"the state of an empty store is only its end", state_of_nothing},
	{"a system that does not exist is not found", unknown_system},
	{"a checkpoint comes when nothing else does, and covers what did not pass", checkpoints},
	{"a token that is too old is out of range, and the oldest one works", too_old},
	{"who is too slow for the retention is told so, and can go on at the oldest", trimmed_while_slow},
	{"a token ahead of the store is out of range", ahead},
	{"a stream ends when the store was put back, and goes on from what is left", goes_back},
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
	world_end(&world);
}

int main(void)
{
	return CASES_RUN(rows, check);
}
