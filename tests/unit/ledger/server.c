/* What server.h says. Every wait ends when the ledger answers: it must. */
#include "server.h"

#include "cases.h"
#include "changes.h"
#include "ledger/view_build.h"

static struct postgres *postgres;

int server_start_postgres(void **state)
{
	(void)state;
	postgres = postgres_new();
	return 0;
}

int server_stop_postgres(void **state)
{
	(void)state;
	postgres_free(postgres);
	return 0;
}

struct postgres *server_postgres(void)
{
	return postgres;
}

void server_open(struct server *server, const char *url, void (*tune)(struct ledger_options *options))
{
	struct fault fault;
	server->store_options = (struct store_options){.url = url,
		.connect_timeout_s = 5,
		.statement_timeout_ms = 10000,
		.lock_timeout_ms = 5000,
		.application_name = "test"};
	if (store_migrate(&server->store_options, PARTITIONS, NULL, &fault))
		fail_msg("%s", fault.message);
	struct store *store = store_new(&server->store_options);
	struct store_head heads[PARTITIONS];
	int64_t positions[PARTITIONS];
	assert_int_equal(store_identity(store, &server->identity, &fault), FAULT_NONE);
	assert_int_equal(store_heads(store, heads, PARTITIONS, &fault), FAULT_NONE);
	for (int i = 0; i < PARTITIONS; i++)
		positions[heads[i].partition] = heads[i].head;
	store_free(store);
	server->hub = hub_new(
		&(struct hub_options){
			.partitions = PARTITIONS, .ring_events = 100000, .ring_bytes = 64 << 20},
		positions);
	struct ledger_options options = {.store = server->store_options,
		.lanes = 2,
		.readers = 2,
		.batch_changes = 16,
		.batch_bytes = 1 << 20,
		.queue_changes = 1000,
		.queue_reads = 100,
		.view_bytes = 64 << 20,
		.follow_interval_ms = 20,
		.tick_interval_ms = 20,
		.hints = true,
		.event_retention_s = 3600,
		.event_limit = 1000000};
	if (tune)
		tune(&options);
	server->ledger = ledger_new(&options, &server->identity, server->hub);
}

void server_close(struct server *server)
{
	ledger_free(server->ledger);
	hub_free(server->hub);
}

static void *encode(const struct ledger_change *change, const struct ledger_outcome *outcome,
	struct arena *arena, size_t *size)
{
	struct answer *answer = arena_alloc(arena, sizeof(*answer));
	*answer = (struct answer){outcome->revision, 0, outcome->unchanged, outcome->opened_count,
		outcome->changed_count, outcome->resolved_count};
	if (change->action == LEDGER_PUSH)
		answer->version = outcome->versions[0]->version;
	*size = sizeof(*answer);
	return answer;
}

static void done(struct ledger_change *change)
{
	struct call *call = change->context;
	pthread_mutex_lock(&call->lock);
	call->done = true;
	pthread_cond_signal(&call->ended);
	pthread_mutex_unlock(&call->lock);
}

void server_submit(struct server *server, struct ledger_change change, struct call *call)
{
	*call = (struct call){.change = change};
	pthread_mutex_init(&call->lock, NULL);
	pthread_cond_init(&call->ended, NULL);
	call->change.encode = encode;
	call->change.done = done;
	call->change.context = call;
	ledger_submit(server->ledger, &call->change);
}

void server_await(struct call *call)
{
	pthread_mutex_lock(&call->lock);
	while (!call->done)
		pthread_cond_wait(&call->ended, &call->lock);
	pthread_mutex_unlock(&call->lock);
	pthread_cond_destroy(&call->ended);
	pthread_mutex_destroy(&call->lock);
}

/* Submits and waits. @return the fault's code */
enum fault_code server_run(
	struct server *server, struct ledger_change change, struct answer *answer, struct fault *fault)
{
	struct call call;
	server_submit(server, change, &call);
	server_await(&call);
	if (fault)
		*fault = call.change.fault;
	if (!call.change.fault.code && answer)
		memcpy(answer, call.change.answer, sizeof(*answer));
	return call.change.fault.code;
}

enum fault_code server_create(struct server *server, const char *system)
{
	struct arena *arena = arena_new();
	enum fault_code code =
		server_run(server, change_of(arena, LEDGER_CREATE_SYSTEM, system, NULL, 0), NULL, NULL);
	arena_free(arena);
	return code;
}

enum fault_code server_push(
	struct server *server, const char *system, const char *name, const char *text, struct answer *answer)
{
	struct arena *arena = arena_new();
	struct ledger_item item = raw_data_item(arena, name, text);
	enum fault_code code =
		server_run(server, change_of(arena, LEDGER_PUSH, system, &item, 1), answer, NULL);
	arena_free(arena);
	return code;
}

struct store_snapshot server_load(struct store *store, struct arena *arena, const char *system)
{
	struct store_load load = {.partition = model_partition(system, PARTITIONS), .system = system};
	store_load(store, arena, &load, 1);
	if (load.fault.code)
		fail_msg("%s", load.fault.message);
	return load.snapshot;
}

/* The stored findings are those of a fresh evaluation, and they all have their lives. */
int64_t server_check(struct server *server, const char *system)
{
	struct store *store = store_new(&server->store_options);
	struct arena *arena = arena_new();
	struct store_snapshot snapshot = server_load(store, arena, system);
	struct ledger_view *view = ledger_view_of(&snapshot, NULL);
	assert_int_equal(view->stray_count, 0);
	assert_int_equal(snapshot.finding_count, view->finding_count);
	for (size_t i = 0; i < view->finding_count; i++)
		assert_true(view->findings[i].life.opened_revision > 0);
	for (size_t i = 0; i < snapshot.finding_count; i++)
		assert_memory_equal(&ledger_view_finding(view, snapshot.findings[i].id)->finding->digest,
			&snapshot.findings[i].digest, sizeof(struct model_digest));
	int64_t revision = view->revision;
	ledger_view_unref(view);
	arena_free(arena);
	store_free(store);
	return revision;
}
