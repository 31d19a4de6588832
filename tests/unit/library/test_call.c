/* Calls that nobody answers: what needs a real server is tested with one. */
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "cases.h"
#include "tally.h"
#include "tally/v1/event_service.pb-c.h"
#include "tally/v1/system.pb-c.h"

static const char get_system[] = "/tally.v1.SystemService/GetSystem";
static const char subscribe[] = "/tally.v1.EventService/Subscribe";

/* A socket that takes connections and says nothing. */
struct silence {
	char address[120];
	int fd;
};

static void silence_start(struct silence *silence)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};
	snprintf(name.sun_path, sizeof(name.sun_path), "/tmp/tally-test-%ld.sock", (long)getpid());
	snprintf(silence->address, sizeof(silence->address), "unix:%s", name.sun_path);
	unlink(name.sun_path);
	silence->fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_true(silence->fd >= 0);
	assert_int_equal(bind(silence->fd, (const struct sockaddr *)&name, sizeof(name)), 0);
	assert_int_equal(listen(silence->fd, 16), 0);
}

static void silence_stop(struct silence *silence)
{
	close(silence->fd);
	unlink(silence->address + 5);
}

static bool ask(struct tally_client *client, int timeout_ms, struct tally_error *error)
{
	Tally__V1__GetSystemRequest request = TALLY__V1__GET_SYSTEM_REQUEST__INIT;
	request.name = (char *)(uintptr_t) "systems/fraud";
	ProtobufCMessage *answer = NULL;
	bool well = tally_call(client, get_system, &request.base, &tally__v1__system__descriptor, timeout_ms,
		&answer, error);
	assert_null(answer);
	return well;
}

static struct tally_stream *listen_to(struct tally_client *client)
{
	Tally__V1__SubscribeRequest request = TALLY__V1__SUBSCRIBE_REQUEST__INIT;
	return tally_stream_open(
		client, subscribe, &request.base, &tally__v1__subscribe_response__descriptor);
}

static void a_server_that_is_not_there_is_unavailable(void **state)
{
	(void)state;
	struct tally_client *client = tally_client_new("unix:/tmp/tally-test-nobody.sock");
	struct tally_error error;
	assert_false(ask(client, 5000, &error));
	assert_string_equal(tally_code_name(error.code), "UNAVAILABLE");
	assert_true(error.message[0] != '\0');
	tally_client_free(client);
}

static void a_server_that_says_nothing_exceeds_the_deadline(void **state)
{
	(void)state;
	struct silence silence;
	silence_start(&silence);
	struct tally_client *client = tally_client_new(silence.address);
	struct tally_error error;
	int64_t before = clock_steady_us();
	assert_false(ask(client, 150, &error));
	assert_string_equal(tally_code_name(error.code), "DEADLINE_EXCEEDED");
	assert_true(clock_steady_us() - before >= 140000);
	tally_client_free(client);
	silence_stop(&silence);
}

static void a_stream_to_nobody_ends_with_unavailable_every_time(void **state)
{
	(void)state;
	struct tally_client *client = tally_client_new("unix:/tmp/tally-test-nobody.sock");
	struct tally_stream *stream = listen_to(client);
	ProtobufCMessage *message;
	struct tally_error error;
	for (int i = 0; i < 2; i++) {
		assert_false(tally_stream_next(stream, &message, &error));
		assert_null(message);
		assert_string_equal(tally_code_name(error.code), "UNAVAILABLE");
	}
	tally_stream_free(stream);
	tally_client_free(client);
}

static void *cancel_soon(void *stream)
{
	usleep(100000);
	tally_stream_cancel(stream);
	return NULL;
}

static void another_thread_cancels_a_stream_that_waits(void **state)
{
	(void)state;
	struct silence silence;
	silence_start(&silence);
	struct tally_client *client = tally_client_new(silence.address);
	struct tally_stream *stream = listen_to(client);
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, cancel_soon, stream), 0);
	ProtobufCMessage *message;
	struct tally_error error;
	assert_false(tally_stream_next(stream, &message, &error));
	assert_string_equal(tally_code_name(error.code), "CANCELLED");
	pthread_join(thread, NULL);
	tally_stream_free(stream);
	tally_client_free(client);
	silence_stop(&silence);
}

static void an_open_stream_can_be_freed(void **state)
{
	(void)state;
	struct silence silence;
	silence_start(&silence);
	struct tally_client *client = tally_client_new(silence.address);
	tally_stream_free(listen_to(client));
	tally_stream_free(NULL);
	tally_client_free(client);
	tally_client_free(NULL);
	silence_stop(&silence);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_server_that_is_not_there_is_unavailable),
		cmocka_unit_test(a_server_that_says_nothing_exceeds_the_deadline),
		cmocka_unit_test(a_stream_to_nobody_ends_with_unavailable_every_time),
		cmocka_unit_test(another_thread_cancels_a_stream_that_waits),
		cmocka_unit_test(an_open_stream_can_be_freed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
