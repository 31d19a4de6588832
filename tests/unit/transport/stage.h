/* A server with the parrot's methods, and a client of it. */
#ifndef TRANSPORT_STAGE_H
#define TRANSPORT_STAGE_H

#include "cases.h"

#include <unistd.h>

#include "base/clock.h"
#include "grpc_client.h"
#include "parrot.h"
#include "transport/rpc.h"

enum {
	STAGE_OK = 0,
	STAGE_CANCELLED = 1,
	STAGE_INVALID = 3,
	STAGE_DEADLINE = 4,
	STAGE_EXHAUSTED = 8,
	STAGE_ABORTED = 10,
	STAGE_UNIMPLEMENTED = 12,
	STAGE_UNAVAILABLE = 14,
	STAGE_WAIT_MS = 30 * 1000, /* longer than anything takes, sanitizers included */
};

struct stage {
	struct parrot parrot;
	struct rpc_options options;
	struct rpc_listener listener;
	struct rpc_server *server;
	struct client *client;
};

/* Limits can be changed between this and stage_open(). */
static inline void stage_prepare(struct stage *stage, const char *address)
{
	setenv("GRPC_DNS_RESOLVER", "native", 0); /* as in grpc_client.c; the first grpc_init() counts */
	*stage = (struct stage){.listener = {address}};
	stage->options = (struct rpc_options){
		.listeners = &stage->listener,
		.listener_count = 1,
		.max_message_bytes = 1 << 20,
		.max_calls = 5000,
		.max_streams = 1000,
		.max_streams_per_connection = 500,
		.methods = parrot_methods,
		.context = &stage->parrot,
		.status = parrot_status,
	};
}

static inline void stage_open(struct stage *stage)
{
	struct fault fault = {0};
	if (rpc_server_start(&stage->options, &stage->server, &fault))
		fail_msg("%s", fault.message);
	stage->client = client_new(rpc_server_address(stage->server, 0));
}

static inline void stage_set(struct stage *stage)
{
	stage_prepare(stage, "127.0.0.1:0");
	stage_open(stage);
}

/* Waits, with the client's connection moving, until a number is reached. */
static inline void stage_await(struct stage *stage, const _Atomic int *number, int wanted)
{
	int64_t until_us = clock_steady_us() + STAGE_WAIT_MS * 1000LL;
	while (atomic_load(number) < wanted && clock_steady_us() < until_us)
		client_pump(stage->client, 1);
	assert_true(atomic_load(number) >= wanted);
}

/* Waits until no call is left in the server. */
static inline void stage_await_quiet(struct stage *stage)
{
	int64_t until_us = clock_steady_us() + STAGE_WAIT_MS * 1000LL;
	while (rpc_server_calls(stage->server) > 0 && clock_steady_us() < until_us)
		client_pump(stage->client, 1);
	assert_int_equal(rpc_server_calls(stage->server), 0);
}

static inline void stage_strike(struct stage *stage)
{
	stage_await_quiet(stage);
	client_free(stage->client);
	rpc_server_drain(stage->server, 5000);
	rpc_server_free(stage->server);
	assert_int_equal(stage->parrot.pieces_made, stage->parrot.pieces_released);
}

/* Opens a call with one message, as unary and server-streaming calls have. */
static inline struct client_stream *stage_call(
	struct stage *stage, const char *path, const void *bytes, size_t size, int timeout_ms)
{
	struct client_stream *stream = client_open(stage->client, path, timeout_ms, false);
	client_send(stream, bytes, size);
	client_half_close(stream);
	return stream;
}

/* Ends a call whose messages have been read, and checks its status. */
static inline void stage_expect(struct client_stream *stream, int code)
{
	struct client_answer answer;
	client_status(stream, STAGE_WAIT_MS, &answer);
	if (answer.code != code)
		fail_msg("status %d \"%s\" instead of %d", answer.code, answer.message, code);
	client_answer_done(&answer);
	client_stream_free(stream);
}

/* Ends a call that is answered with one text. */
static inline void stage_expect_answer(struct client_stream *stream, const char *text)
{
	uint8_t *bytes;
	size_t size;
	assert_int_equal(client_receive(stream, STAGE_WAIT_MS, &bytes, &size), CLIENT_MESSAGE);
	assert_string_equal((char *)bytes, text);
	free(bytes);
	stage_expect(stream, STAGE_OK);
}

/* Makes a unary call and checks its status. */
static inline void stage_unary(
	struct stage *stage, const char *path, const void *bytes, size_t size, int code)
{
	struct client_answer answer;
	client_unary(stage->client, path, bytes, size, STAGE_WAIT_MS, &answer);
	if (answer.code != code)
		fail_msg("status %d \"%s\" instead of %d", answer.code, answer.message, code);
	client_answer_done(&answer);
}

#endif
