/* grpc.health.v1.Health over loopback. */
#include "cases.h"

#include <pthread.h>

#include "base/log.h"
#include "grpc/health/v1/health.pb-c.h"
#include "grpc_client.h"
#include "service/health.h"
#include "service/service.h"

enum {
	UNKNOWN_SERVICE = GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVICE_UNKNOWN,
	SERVING = GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__SERVING,
	NOT_SERVING = GRPC__HEALTH__V1__HEALTH_CHECK_RESPONSE__SERVING_STATUS__NOT_SERVING,
	OK = 0,
	INVALID_ARGUMENT = 3,
	NOT_FOUND = 5,
	UNAVAILABLE = 14,
	WAIT_MS = 30000,
};

static const struct rpc_method *const methods[] = {health_methods, NULL};

struct stage {
	struct service service;
	struct rpc_server *server;
	struct client *client;
};

static void set(struct stage *stage)
{
	*stage = (struct stage){.service.health = health_new()};
	struct rpc_listener listener = {"127.0.0.1:0"};
	struct rpc_options options = {
		.listeners = &listener,
		.listener_count = 1,
		.max_message_bytes = 1 << 20,
		.max_calls = 100,
		.max_streams = 50,
		.max_streams_per_connection = 50,
		.methods = methods,
		.context = &stage->service,
		.status = service_status,
	};
	struct fault fault;
	assert_int_equal(rpc_server_start(&options, &stage->server, &fault), FAULT_NONE);
	stage->client = client_new(rpc_server_address(stage->server, 0));
}

static void strike(struct stage *stage)
{
	client_free(stage->client);
	rpc_server_free(stage->server);
	health_free(stage->service.health);
}

static size_t request_for(const char *service, uint8_t *bytes)
{
	Grpc__Health__V1__HealthCheckRequest request = GRPC__HEALTH__V1__HEALTH_CHECK_REQUEST__INIT;
	request.service = (char *)(uintptr_t)service;
	return grpc__health__v1__health_check_request__pack(&request, bytes);
}

static int status_in(const uint8_t *bytes, size_t size)
{
	Grpc__Health__V1__HealthCheckResponse *response =
		grpc__health__v1__health_check_response__unpack(NULL, size, bytes);
	assert_non_null(response);
	int status = (int)response->status;
	grpc__health__v1__health_check_response__free_unpacked(response, NULL);
	return status;
}

/* @return the serving status; -1 when the call fails with the expected code */
static int check_service(struct stage *stage, const char *service, int code)
{
	uint8_t bytes[300];
	struct client_answer answer;
	client_unary(stage->client, "/grpc.health.v1.Health/Check", bytes, request_for(service, bytes), 0,
		&answer);
	assert_int_equal(answer.code, code);
	int status = code == OK ? status_in(answer.bytes, answer.size) : -1;
	client_answer_done(&answer);
	return status;
}

static struct client_stream *watch(struct client *client, const char *service)
{
	uint8_t bytes[300];
	struct client_stream *stream = client_open(client, "/grpc.health.v1.Health/Watch", 0, false);
	assert_true(client_send(stream, bytes, request_for(service, bytes)));
	client_half_close(stream);
	return stream;
}

static void expect(struct client_stream *stream, int status)
{
	uint8_t *bytes;
	size_t size;
	assert_int_equal(client_receive(stream, WAIT_MS, &bytes, &size), CLIENT_MESSAGE);
	assert_int_equal(status_in(bytes, size), status);
	free(bytes);
}

static void every_service_is_checked(void **state)
{
	(void)state;
	static const char *const names[] = {"", "tally.v1.SystemService", "tally.v1.DescriptorService",
		"tally.v1.MismatchService", "tally.v1.EventService"};
	struct stage stage;
	set(&stage);
	for (size_t i = 0; i < CASES_COUNT(names); i++) {
		health_set_serving(stage.service.health, false);
		assert_int_equal(check_service(&stage, names[i], OK), NOT_SERVING);
		health_set_serving(stage.service.health, true);
		assert_int_equal(check_service(&stage, names[i], OK), SERVING);
	}
	strike(&stage);
}

static void an_unknown_service_is_not_found(void **state)
{
	(void)state;
	struct stage stage;
	set(&stage);
	check_service(&stage, "tally.v1.Nothing", NOT_FOUND);
	check_service(&stage, "tally.v1", NOT_FOUND);
	strike(&stage);
}

static void a_malformed_request_is_invalid(void **state)
{
	(void)state;
	struct stage stage;
	set(&stage);
	struct client_answer answer;
	client_unary(stage.client, "/grpc.health.v1.Health/Check", "\x0a\x05x", 3, 0, &answer);
	assert_int_equal(answer.code, INVALID_ARGUMENT);
	client_answer_done(&answer);
	strike(&stage);
}

static void a_watcher_is_told_of_changes_only(void **state)
{
	(void)state;
	struct stage stage;
	set(&stage);
	struct client_stream *stream = watch(stage.client, "tally.v1.EventService");
	expect(stream, NOT_SERVING);
	for (int i = 0; i < 20; i++) {
		health_set_serving(stage.service.health, true);
		health_set_serving(stage.service.health, true);
		expect(stream, SERVING);
		health_set_serving(stage.service.health, false);
		expect(stream, NOT_SERVING);
	}
	uint8_t *bytes;
	size_t size;
	assert_int_equal(client_receive(stream, 100, &bytes, &size), CLIENT_TIMEOUT);
	client_stream_free(stream);
	strike(&stage);
}

static void an_unknown_service_is_watched_as_unknown(void **state)
{
	(void)state;
	struct stage stage;
	set(&stage);
	struct client_stream *stream = watch(stage.client, "nothing");
	expect(stream, UNKNOWN_SERVICE);
	health_set_serving(stage.service.health, true);
	uint8_t *bytes;
	size_t size;
	assert_int_equal(client_receive(stream, 100, &bytes, &size), CLIENT_TIMEOUT);
	client_stream_free(stream);
	strike(&stage);
}

static void *drain(void *server)
{
	rpc_server_drain(server, 10000);
	return NULL;
}

static void a_drain_is_told_and_ends_the_watch(void **state)
{
	(void)state;
	struct stage stage;
	set(&stage);
	health_set_serving(stage.service.health, true);
	struct client_stream *stream = watch(stage.client, "");
	expect(stream, SERVING);
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, drain, stage.server), 0);
	expect(stream, NOT_SERVING);
	uint8_t *bytes;
	size_t size;
	assert_int_equal(client_receive(stream, WAIT_MS, &bytes, &size), CLIENT_END);
	struct client_answer answer;
	client_status(stream, WAIT_MS, &answer);
	assert_int_equal(answer.code, UNAVAILABLE);
	client_answer_done(&answer);
	client_stream_free(stream);
	pthread_join(thread, NULL);
	strike(&stage);
}

static void *flip(void *health)
{
	for (int i = 0; i < 20000; i++)
		health_set_serving(health, i % 2 == 0);
	return NULL;
}

static void watchers_come_and_go_while_it_changes(void **state)
{
	(void)state;
	struct stage stage;
	set(&stage);
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, flip, stage.service.health), 0);
	for (int i = 0; i < 100; i++) {
		struct client_stream *streams[3];
		for (int j = 0; j < 3; j++)
			streams[j] = watch(stage.client, "");
		uint8_t *bytes;
		size_t size;
		assert_int_equal(client_receive(streams[0], WAIT_MS, &bytes, &size), CLIENT_MESSAGE);
		free(bytes);
		for (int j = 0; j < 3; j++)
			client_stream_free(streams[j]);
	}
	pthread_join(thread, NULL);
	struct client_stream *last = watch(stage.client, "");
	expect(last, NOT_SERVING);
	client_stream_free(last);
	strike(&stage);
}

static const struct row {
	const char *name;
	CMUnitTestFunction check;
} rows[] = {
	{"every service is checked", every_service_is_checked},
	{"an unknown service is NOT_FOUND", an_unknown_service_is_not_found},
	{"a malformed request is invalid", a_malformed_request_is_invalid},
	{"a watcher is told of changes only", a_watcher_is_told_of_changes_only},
	{"an unknown service is watched as SERVICE_UNKNOWN", an_unknown_service_is_watched_as_unknown},
	{"a drain is told and ends the watch", a_drain_is_told_and_ends_the_watch},
	{"watchers come and go while it changes", watchers_come_and_go_while_it_changes},
};

static void check(void **state)
{
	const struct row *row = *state;
	row->check(NULL);
}

int main(void)
{
	log_setup(LOG_WARNING, LOG_LOGFMT);
	return CASES_RUN(rows, check);
}
