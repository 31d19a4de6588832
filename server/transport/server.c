/*
 * The server: one completion queue with one thread, which accepts calls and
 * runs what comes back; start, drain and stop. What a call does is call.c.
 *
 * No method is registered with the core: it would let calls of unknown
 * methods hang. Every call comes in by a catch-all slot, and slots are armed
 * again first thing, so that nothing queues inside the core.
 */
#include "transport/server.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include <grpc/support/time.h>

#include "base/clock.h"
#include "base/log.h"
#include "transport/core_locks.h"
#include "transport/core_log.h"

enum {
	KEEPALIVE_MS = 25 * 1000, /* finds dead clients, and keeps NATs from forgetting idle streams */
	KEEPALIVE_TIMEOUT_MS = 10 * 1000, /* how long a client may take to answer a ping */
	CLIENT_PING_MS = 9 * 1000,        /* clients may ping every 10 s; the rest is for jitter */
	REFUSED_STREAMS = 128,            /* calls past the limits that a connection may open to be told so */
	REQUEST_MS = 60 * 1000,           /* when the options say nothing */
	REQUEST_BYTES = 128 * 1024 * 1024, /* the same */
	STREAM_BYTES = 24 * 1024, /* what the core needs for a quiet stream, and some for its connection */
	LOOK_MS = 100,            /* how soon the thread sees that the drain has begun */
	TELL_MS = 200,            /* how long newcomers are told, at least, before the core shuts down */
	LINGER_MS = 1000,         /* how long the drain waits for idle connections to go by themselves */
};

/* ---- the queue's thread ---- */

static void arm(struct slot *slot)
{
	grpc_call_details_init(&slot->details);
	grpc_metadata_array_init(&slot->metadata);
	grpc_completion_queue *queue = slot->server->queue;
	grpc_call_error error = grpc_server_request_call(
		slot->server->core, &slot->core, &slot->details, &slot->metadata, queue, queue, &slot->tag);
	if (error != GRPC_CALL_OK)
		abort();
}

/* A slot that comes back empty is the core's word that the server shuts down. */
static void on_accepted(void *owner, bool ok)
{
	struct slot *slot = owner;
	grpc_call *core = slot->core;
	grpc_call_details details = slot->details;
	grpc_metadata_array metadata = slot->metadata;
	if (ok) {
		arm(slot);
		call_accept(slot->server, core, &details, &metadata);
	}
	grpc_call_details_destroy(&details);
	grpc_metadata_array_destroy(&metadata);
}

static void on_shut(void *owner, bool ok)
{
	struct rpc_server *server = owner;
	(void)ok;
	pthread_mutex_lock(&server->lock);
	server->shut = true;
	pthread_cond_broadcast(&server->changed);
	pthread_mutex_unlock(&server->lock);
}

void server_changed(struct rpc_server *server)
{
	pthread_mutex_lock(&server->lock);
	pthread_cond_broadcast(&server->changed);
	pthread_mutex_unlock(&server->lock);
}

static int64_t lesser(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void tell_drain(struct rpc_server *server)
{
	if (server->drain_told || !atomic_load(&server->draining))
		return;
	server->drain_told = true;
	for (struct rpc_call *call = server->live, *next; call; call = next) {
		next = call->next; /* poking may free this call, never another */
		call_poke(call);
	}
}

static void expire(struct rpc_server *server)
{
	if (timers_next_us(&server->timers) == INT64_MAX)
		return;
	int64_t now_us = clock_steady_us();
	struct rpc_call *call;
	while ((call = timers_take(&server->timers, now_us)))
		call_poke(call);
}

/* A drain begins without an event, so the queue is left now and then to look. */
static gpr_timespec next_time(const struct rpc_server *server)
{
	int64_t now_us = clock_steady_us();
	int64_t left_us = lesser(timers_next_us(&server->timers), now_us + LOOK_MS * 1000) - now_us;
	return gpr_time_add(
		gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_micros(left_us > 0 ? left_us : 0, GPR_TIMESPAN));
}

static void *serve(void *argument)
{
	struct rpc_server *server = argument;
	for (;;) {
		grpc_event event = grpc_completion_queue_next(server->queue, next_time(server), NULL);
		if (event.type == GRPC_QUEUE_SHUTDOWN)
			return NULL;
		if (event.type == GRPC_OP_COMPLETE) {
			const struct tag *tag = event.tag;
			tag->done(tag->owner, event.success != 0);
		}
		tell_drain(server);
		expire(server);
	}
}

/* ---- start ---- */

static grpc_arg number(const char *key, int64_t value)
{
	grpc_arg argument = {.type = GRPC_ARG_INTEGER, .key = (char *)(uintptr_t)key};
	argument.value.integer = value > INT32_MAX ? INT32_MAX : (int)value;
	return argument;
}

/*
 * What the core may hold: requests on their way, which we do not see before
 * they are whole, and what it needs for streams. Beyond that it slows senders
 * down, then ends what is largest; without it two hundred calls that send all
 * but the last byte of their request hold a gigabyte.
 */
static grpc_resource_quota *quota_new(const struct rpc_options *options)
{
	grpc_resource_quota *quota = grpc_resource_quota_create("tallyd");
	grpc_resource_quota_resize(quota, options->max_bytes + (size_t)options->max_streams * STREAM_BYTES);
	return quota;
}

static grpc_server *core_new(const struct rpc_options *options)
{
	grpc_resource_quota *quota = quota_new(options);
	grpc_arg arguments[] = {
		{.type = GRPC_ARG_POINTER,
			.key = (char *)(uintptr_t)GRPC_ARG_RESOURCE_QUOTA,
			.value.pointer = {quota, grpc_resource_quota_arg_vtable()}},
		/* Up to here we refuse ourselves and can say more than the core's one sentence. */
		number(GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, 2 * (int64_t)options->max_message_bytes),
		number(GRPC_ARG_MAX_CONCURRENT_STREAMS,
			(int64_t)options->max_calls + options->max_streams_per_connection + REFUSED_STREAMS),
		/* Inflating happens before the size is checked: half a megabyte becomes half a gigabyte. */
		number(GRPC_COMPRESSION_CHANNEL_ENABLED_ALGORITHMS_BITSET, 1),
		/* Else a second server binds the same port and takes half of the connections. */
		number(GRPC_ARG_ALLOW_REUSEPORT, 0),
		number(GRPC_ARG_KEEPALIVE_TIME_MS, KEEPALIVE_MS),
		number(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, KEEPALIVE_TIMEOUT_MS),
		number(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1),
		number(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0),
		number(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, CLIENT_PING_MS),
	};
	grpc_channel_args channel = {sizeof(arguments) / sizeof(arguments[0]), arguments};
	grpc_server *core = grpc_server_create(&channel, NULL);
	grpc_resource_quota_unref(quota);
	return core;
}

static void add_methods(struct rpc_server *server)
{
	for (const struct rpc_method *const *table = server->options.methods; *table; table++)
		for (const struct rpc_method *method = *table; method->path; method++) {
			void *before = map_put(&server->methods, method->path, (void *)(uintptr_t)method);
			assert(!before);
			(void)before;
		}
}

static enum fault_code bind_all(struct rpc_server *server, struct fault *fault)
{
	const struct rpc_options *options = &server->options;
	server->bound = calloc(options->listener_count + 1, sizeof(*server->bound));
	if (!server->bound)
		abort();
	for (size_t i = 0; i < options->listener_count; i++) {
		enum fault_code code = listen_bind(server->core, options->listeners[i].address,
			options->insecure, &server->bound[i], fault);
		if (code)
			return code;
		server->bound_count++;
	}
	return FAULT_NONE;
}

static struct rpc_server *server_new(const struct rpc_options *options)
{
	struct rpc_server *server = calloc(1, sizeof(*server));
	if (!server)
		abort();
	server->options = *options;
	if (server->options.request_ms <= 0)
		server->options.request_ms = REQUEST_MS;
	if (server->options.max_bytes == 0)
		server->options.max_bytes = REQUEST_BYTES;
	server->admission.max_bytes = server->options.max_bytes;
	rates_init(&server->admission.rates, options->max_calls_per_second);
	server->admission.max_calls = options->max_calls;
	server->admission.max_streams = options->max_streams;
	server->admission.max_streams_per_connection = options->max_streams_per_connection;
	server->shut_tag = (struct tag){on_shut, server};
	pthread_mutex_init(&server->lock, NULL);
	pthread_condattr_t steady;
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&server->changed, &steady);
	pthread_condattr_destroy(&steady);
	add_methods(server);
	core_log_route();
	core_locks_trust();
	grpc_init();
	server->queue = grpc_completion_queue_create_for_next(NULL);
	server->core = core_new(&server->options);
	grpc_server_register_completion_queue(server->core, server->queue, NULL);
	return server;
}

/* Signals are for the threads that main chose. */
static void start_thread(struct rpc_server *server)
{
	sigset_t all;
	sigset_t before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	if (pthread_create(&server->thread, NULL, serve, server) != 0)
		abort();
	pthread_setname_np(server->thread, "rpc");
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* All slots are armed before the thread runs: it re-arms those that come back. */
static void open_doors(struct rpc_server *server)
{
	grpc_server_start(server->core);
	for (size_t i = 0; i < SERVER_SLOTS; i++) {
		struct slot *slot = &server->slots[i];
		slot->server = server;
		slot->tag = (struct tag){on_accepted, slot};
		arm(slot);
	}
	for (size_t i = 0; i < server->bound_count; i++)
		log_info("listening", log_text("address", server->bound[i].address));
}

enum fault_code rpc_address_check(const char *address, bool insecure, struct fault *fault)
{
	return listen_check(address, insecure, fault);
}

enum fault_code rpc_server_start(
	const struct rpc_options *options, struct rpc_server **out, struct fault *fault)
{
	struct rpc_server *server = server_new(options);
	enum fault_code code = bind_all(server, fault);
	if (!code)
		open_doors(server);
	start_thread(server); /* in any case: stopping needs it */
	if (code)
		rpc_server_free(server);
	else
		*out = server;
	return code;
}

const char *rpc_server_address(const struct rpc_server *server, size_t listener)
{
	assert(listener < server->bound_count);
	return server->bound[listener].address;
}

int rpc_server_calls(struct rpc_server *server)
{
	return atomic_load(&server->calls);
}

/* ---- stop ---- */

static bool is_idle(const struct rpc_server *server)
{
	return atomic_load(&server->calls) == 0;
}

static bool is_quiet(const struct rpc_server *server)
{
	return server->shut && is_idle(server);
}

/* Waits until something is so, at most until a time. @return is it so? */
static bool wait_until(struct rpc_server *server, bool (*is)(const struct rpc_server *), int64_t until_us)
{
	struct timespec until = {.tv_sec = until_us / 1000000, .tv_nsec = until_us % 1000000 * 1000};
	pthread_mutex_lock(&server->lock);
	int error = 0;
	while (!is(server) && error != ETIMEDOUT)
		error = pthread_cond_timedwait(&server->changed, &server->lock, &until);
	bool so = is(server);
	pthread_mutex_unlock(&server->lock);
	return so;
}

/* Calls that hold are waited for however long it takes: another thread uses their memory. */
static void wait_for_holds(struct rpc_server *server)
{
	while (!wait_until(server, is_quiet, clock_steady_us() + 5000000))
		log_warning("waiting for calls that another thread works for",
			log_number("calls", rpc_server_calls(server)));
}

void rpc_server_drain(struct rpc_server *server, int grace_ms)
{
	if (server->drained)
		return;
	int64_t grace_us = clock_steady_us() + (int64_t)grace_ms * 1000;
	atomic_store(&server->draining, true);
	/* Whoever comes while the core shuts down is answered CANCELLED by it, which clients do not retry. So
	 * first they are told UNAVAILABLE by let_in(), for a moment and until the calls in flight have ended.
	 */
	usleep((useconds_t)lesser(TELL_MS, grace_ms) * 1000);
	wait_until(server, is_idle, grace_us);
	grpc_server_shutdown_and_notify(server->core, server->queue, &server->shut_tag);
	bool idle = wait_until(server, is_idle, grace_us);
	if (!idle || !wait_until(server, is_quiet, lesser(grace_us, clock_steady_us() + LINGER_MS * 1000))) {
		if (!idle)
			log_warning("calls are cancelled: the grace period is over",
				log_number("calls", rpc_server_calls(server)));
		grpc_server_cancel_all_calls(server->core);
		wait_for_holds(server);
	}
	grpc_completion_queue_shutdown(server->queue);
	pthread_join(server->thread, NULL);
	server->drained = true;
}

void rpc_server_free(struct rpc_server *server)
{
	if (!server)
		return;
	rpc_server_drain(server, 0);
	assert(!server->live);
	grpc_server_destroy(server->core);
	grpc_completion_queue_destroy(server->queue);
	grpc_shutdown();
	for (size_t i = 0; i < server->bound_count; i++)
		listen_done(&server->bound[i]);
	free(server->bound);
	timers_done(&server->timers);
	admission_done(&server->admission);
	map_done(&server->methods);
	pthread_cond_destroy(&server->changed);
	pthread_mutex_destroy(&server->lock);
	free(server);
}
