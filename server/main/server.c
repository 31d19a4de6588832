/* Wiring: which room is made when, and from what. No decision about data. */
#include "main/server.h"

#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <time.h>

#include "base/log.h"
#include "hub/hub.h"
#include "ledger/ledger.h"
#include "service/health.h"
#include "service/service.h"
#include "store/embedded.h"
#include "store/store.h"
#include "transport/rpc.h"

enum {
	DATABASE_PAUSE_MS = 500,
	TICK_MS = 1000,  /* how late, at most, a waiver ends or a broken promise is found */
	WAIT_MS = 30000, /* for min_revision, of clients without a deadline */
	LANES_MAX = 8,   /* unless more are asked for: a database has other clients too */
};

struct server {
	const struct config *config;
	struct store_embedded *embedded;
	struct store_options store_options;
	struct store_identity identity;
	struct hub *hub;
	struct ledger *ledger;
	struct health *health;
	struct stream_memory stream_memory;
	struct service service;
	struct rpc_listener listeners[CONFIG_LISTENERS_MAX];
	struct rpc_options rpc_options;
	struct rpc_server *rpc;
};

/* ---- the database ---- */

static enum fault_code open_database(struct server *server, struct fault *fault)
{
	const struct config *config = server->config;
	const char *url = config->database;
	if (!url) {
		enum fault_code code = store_embedded_start(config->data_dir, &server->embedded, fault);
		if (code)
			return code;
		url = store_embedded_url(server->embedded);
	}
	server->store_options = (struct store_options){
		.url = url,
		.connect_timeout_s = config->connect_timeout_s,
		.statement_timeout_ms = config->statement_timeout_ms,
		.lock_timeout_ms = config->lock_timeout_ms,
		.application_name = "tallyd",
	};
	return FAULT_NONE;
}

static bool may_pass(enum fault_code code)
{
	return code == FAULT_UNAVAILABLE || code == FAULT_TIMEOUT;
}

/* Migrates; a database that is not there yet is waited for. */
static enum fault_code migrate_patiently(struct server *server, bool (*stop)(void), struct fault *fault)
{
	bool said = false;
	for (;;) {
		enum fault_code code =
			store_migrate(&server->store_options, server->config->partitions, NULL, fault);
		if (!may_pass(code) || stop())
			return code;
		if (!said)
			log_warning("waiting for the database", log_text("detail", fault->message));
		said = true;
		nanosleep(&(struct timespec){.tv_nsec = DATABASE_PAUSE_MS * 1000000L}, NULL);
	}
}

/* The hub goes on where the partitions stand. */
static enum fault_code make_hub(struct server *server, struct fault *fault)
{
	struct store *store = store_new(&server->store_options);
	struct store_head *heads = NULL;
	int64_t *positions = NULL;
	enum fault_code code = store_identity(store, &server->identity, fault);
	if (code)
		goto done;
	size_t count = (size_t)server->identity.partitions;
	heads = calloc(count, sizeof(*heads));
	positions = calloc(count, sizeof(*positions));
	if (!heads || !positions)
		abort();
	code = store_heads(store, heads, count, fault);
	if (code)
		goto done;
	for (size_t i = 0; i < count; i++)
		positions[heads[i].partition] = heads[i].head;
	server->hub = hub_new(&(struct hub_options){.partitions = server->identity.partitions,
				      .ring_events = server->config->ring_events,
				      .ring_bytes = server->config->ring_bytes},
		positions);
done:
	free(positions);
	free(heads);
	store_free(store);
	return code;
}

/* ---- the rooms above it ---- */

/* Fewer lanes make larger batches, which cost the database less; more let it work at several at once. */
static int lanes_of(const struct config *config)
{
	int half = get_nprocs() / 2;
	if (config->lanes)
		return config->lanes;
	return half < 1 ? 1 : half > LANES_MAX ? LANES_MAX : half;
}

static void make_ledger(struct server *server)
{
	const struct config *config = server->config;
	struct ledger_options options = {
		.store = server->store_options,
		.lanes = lanes_of(config),
		.readers = config->readers,
		.batch_changes = config->batch_changes,
		.batch_bytes = config->batch_bytes,
		.queue_changes = config->queue_changes,
		.queue_reads = config->queue_reads,
		.view_bytes = config->view_bytes,
		.follow_interval_ms = config->follow_interval_ms,
		.tick_interval_ms = TICK_MS,
		.hints = config->hints,
		.event_retention_s = config->event_retention_s,
		.event_limit = config->event_limit,
	};
	server->ledger = ledger_new(&options, &server->identity, server->hub);
}

static enum fault_code listen(struct server *server, struct fault *fault)
{
	const struct config *config = server->config;
	server->stream_memory.limit = config->stream_bytes;
	server->service = (struct service){
		.ledger = server->ledger,
		.hub = server->hub,
		.identity = &server->identity,
		.health = server->health,
		.stream_memory = &server->stream_memory,
		.messages = subscribe_messages_new(server->identity.partitions),
		.max_message_bytes = config->max_message_bytes,
		.wait_ms = WAIT_MS,
	};
	for (size_t i = 0; i < config->listen_count; i++)
		server->listeners[i].address = config->listen[i];
	server->rpc_options = (struct rpc_options){
		.listeners = server->listeners,
		.listener_count = config->listen_count,
		.insecure = config->insecure,
		.max_message_bytes = config->max_message_bytes,
		.max_bytes = config->request_bytes,
		.max_calls_per_second = config->calls_per_second,
		.max_calls = config->max_calls,
		.max_streams = config->max_streams,
		.max_streams_per_connection = config->max_streams_per_connection,
		.methods = service_methods(),
		.context = &server->service,
		.status = service_status,
	};
	return rpc_server_start(&server->rpc_options, &server->rpc, fault);
}

/* Before there is a database: what is refused should leave nothing behind. */
static enum fault_code check_addresses(const struct config *config, struct fault *fault)
{
	enum fault_code code = FAULT_NONE;
	for (size_t i = 0; i < config->listen_count && !code; i++)
		code = rpc_address_check(config->listen[i], config->insecure, fault);
	return code;
}

enum fault_code server_start(
	const struct config *config, bool (*stop)(void), struct server **server, struct fault *fault)
{
	struct server *made = calloc(1, sizeof(*made));
	if (!made)
		abort();
	made->config = config;
	enum fault_code code = check_addresses(config, fault);
	if (!code)
		code = open_database(made, fault);
	if (!code)
		code = migrate_patiently(made, stop, fault);
	if (!code)
		code = make_hub(made, fault);
	if (!code) {
		make_ledger(made);
		made->health = health_new();
		health_set_serving(made->health, true);
		code = listen(made, fault);
	}
	if (code)
		server_stop(made, 0);
	else
		*server = made;
	return code;
}

bool server_watch(struct server *server)
{
	health_set_serving(server->health, ledger_is_up(server->ledger));
	return !server->embedded || !store_embedded_ended(server->embedded);
}

void server_stop(struct server *server, int grace_ms)
{
	if (!server)
		return;
	if (server->rpc)
		rpc_server_drain(server->rpc, grace_ms);
	rpc_server_free(server->rpc);
	subscribe_messages_free(server->service.messages);
	health_free(server->health);
	ledger_free(server->ledger);
	hub_free(server->hub);
	store_embedded_stop(server->embedded);
	free(server);
}

enum fault_code server_migrate(const struct config *config, int *applied, struct fault *fault)
{
	struct server server = {.config = config};
	enum fault_code code = open_database(&server, fault);
	if (!code)
		code = store_migrate(&server.store_options, config->partitions, applied, fault);
	store_embedded_stop(server.embedded);
	return code;
}
