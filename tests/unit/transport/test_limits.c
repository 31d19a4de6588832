/* What a server refuses: too large, too many, compressed. */
#include "stage.h"

#include "base/log.h"

static void a_request_too_large_is_refused(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	uint8_t *bytes = calloc(1, (2 << 20) + 1);
	assert_non_null(bytes);
	stage_unary(&stage, "/test.Parrot/Say", bytes, 1 << 20, STAGE_OK);
	struct client_answer answer;
	client_unary(stage.client, "/test.Parrot/Say", bytes, (1 << 20) + 1, 0, &answer);
	assert_int_equal(answer.code, STAGE_EXHAUSTED);
	assert_non_null(strstr(answer.message, "1048576")); /* says the limit */
	client_answer_done(&answer);
	/* far too large: the core refuses it before it has arrived */
	client_unary(stage.client, "/test.Parrot/Say", bytes, (2 << 20) + 1, 0, &answer);
	assert_int_equal(answer.code, STAGE_EXHAUSTED);
	client_answer_done(&answer);
	free(bytes);
	stage_strike(&stage);
}

static void a_message_too_large_ends_a_stream(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	uint8_t *bytes = calloc(1, (1 << 20) + 1);
	assert_non_null(bytes);
	struct client_stream *stream = client_open(stage.client, "/test.Parrot/Sum", 0, false);
	client_send(stream, "x", 1);
	client_send(stream, bytes, (1 << 20) + 1);
	uint8_t *received;
	size_t size;
	assert_int_equal(client_receive(stream, STAGE_WAIT_MS, &received, &size), CLIENT_END);
	stage_expect(stream, STAGE_EXHAUSTED);
	free(bytes);
	stage_strike(&stage);
}

static void a_compressed_request_is_unimplemented(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	uint8_t bytes[8192] = {0};
	struct client_stream *stream = client_open(stage.client, "/test.Parrot/Say", 0, true);
	client_send(stream, bytes, sizeof(bytes));
	client_half_close(stream);
	stage_expect(stream, STAGE_UNIMPLEMENTED);
	stage_unary(&stage, "/test.Parrot/Say", bytes, sizeof(bytes), STAGE_OK);
	stage_strike(&stage);
}

static void a_request_that_does_not_come_times_out(void **state)
{
	(void)state;
	struct stage stage;
	stage_prepare(&stage, "127.0.0.1:0");
	stage.options.request_ms = 100;
	stage_open(&stage);
	struct client_stream *silent = client_open(stage.client, "/test.Parrot/Park", 0, false);
	struct client_answer answer;
	client_status(silent, STAGE_WAIT_MS, &answer);
	assert_int_equal(answer.code, STAGE_DEADLINE);
	assert_non_null(strstr(answer.message, "REQUEST_TIMEOUT"));
	client_answer_done(&answer);
	client_stream_free(silent);
	struct client_stream *parked = stage_call(&stage, "/test.Parrot/Park", "", 0, 0);
	stage_await(&stage, &stage.parrot.parked, 1);
	client_status(parked, 300, &answer); /* a request that has come does not time out */
	assert_int_equal(answer.code, -1);
	client_stream_free(parked);
	stage_strike(&stage);
}

static void calls_past_the_limit_are_refused_at_once(void **state)
{
	(void)state;
	struct stage stage;
	stage_prepare(&stage, "127.0.0.1:0");
	stage.options.max_calls = 10;
	stage_open(&stage);
	struct client_stream *streams[10];
	for (int i = 0; i < 10; i++)
		streams[i] = stage_call(&stage, "/test.Parrot/Park", "", 0, 0);
	stage_await(&stage, &stage.parrot.parked, 10);
	for (int i = 0; i < 300; i++)
		stage_unary(&stage, "/test.Parrot/Say", "x", 1, STAGE_EXHAUSTED);
	struct client_answer answer;
	client_unary(stage.client, "/test.Parrot/Say", "x", 1, 0, &answer);
	assert_non_null(strstr(answer.message, "TOO_MANY_CALLS"));
	client_answer_done(&answer);
	client_stream_free(streams[0]);
	stage_await(&stage, &stage.parrot.released, 1);
	stage_unary(&stage, "/test.Parrot/Say", "x", 1, STAGE_OK);
	for (int i = 1; i < 10; i++)
		client_stream_free(streams[i]);
	stage_strike(&stage);
}

static void streams_leave_room_for_calls(void **state)
{
	(void)state;
	struct stage stage;
	stage_prepare(&stage, "127.0.0.1:0");
	stage.options.max_calls = 1;
	stage_open(&stage);
	struct client_stream *streams[5];
	for (int i = 0; i < 5; i++)
		streams[i] = stage_call(&stage, "/test.Parrot/Watch", "", 0, 0);
	stage_await(&stage, &stage.parrot.parked, 5);
	stage_unary(&stage, "/test.Parrot/Say", "x", 1, STAGE_OK);
	for (int i = 0; i < 5; i++)
		client_stream_free(streams[i]);
	stage_strike(&stage);
}

static void expect_reason(struct stage *stage, const void *bytes, size_t size, const char *reason)
{
	struct client_answer answer;
	client_unary(stage->client, "/test.Parrot/Say", bytes, size, 0, &answer);
	assert_int_equal(answer.code, STAGE_EXHAUSTED);
	assert_non_null(strstr(answer.message, reason));
	client_answer_done(&answer);
}

static void requests_past_the_memory_are_refused_at_once(void **state)
{
	(void)state;
	struct stage stage;
	uint8_t bytes[2000] = {0};
	stage_prepare(&stage, "127.0.0.1:0");
	stage.options.max_bytes = 1000;
	stage_open(&stage);
	stage_unary(&stage, "/test.Parrot/Say", bytes, sizeof(bytes), STAGE_OK); /* alone it has room */
	struct client_stream *parked = stage_call(&stage, "/test.Parrot/Park", bytes, 600, 0);
	stage_await(&stage, &stage.parrot.parked, 1);
	for (int i = 0; i < 100; i++)
		expect_reason(&stage, bytes, 500, "TOO_MANY_BYTES");
	stage_unary(&stage, "/test.Parrot/Say", bytes, 300, STAGE_OK);
	client_stream_free(parked);
	stage_await(&stage, &stage.parrot.released, 1);
	stage_unary(&stage, "/test.Parrot/Say", bytes, 500, STAGE_OK);
	stage_strike(&stage);
}

static void a_streams_request_takes_no_room(void **state)
{
	(void)state;
	struct stage stage;
	uint8_t bytes[900] = {0};
	stage_prepare(&stage, "127.0.0.1:0");
	stage.options.max_bytes = 1000;
	stage_open(&stage);
	struct client_stream *streams[3];
	for (int i = 0; i < 3; i++) {
		streams[i] = stage_call(&stage, "/test.Parrot/Watch", bytes, sizeof(bytes), 0);
		stage_await(&stage, &stage.parrot.parked, i + 1);
	}
	for (int i = 0; i < 3; i++)
		client_stream_free(streams[i]);
	stage_strike(&stage);
}

static void calls_past_the_rate_are_refused_at_once(void **state)
{
	(void)state;
	struct stage stage;
	stage_prepare(&stage, "127.0.0.1:0");
	stage.options.max_calls_per_second = 1;
	stage_open(&stage);
	stage_unary(&stage, "/test.Parrot/Say", "x", 1, STAGE_OK);
	expect_reason(&stage, "x", 1, "TOO_MANY_REQUESTS");
	struct client *other = client_new(rpc_server_address(stage.server, 0)); /* another connection */
	struct client_answer answer;
	client_unary(other, "/test.Parrot/Say", "x", 1, 0, &answer);
	assert_int_equal(answer.code, STAGE_EXHAUSTED);
	client_answer_done(&answer);
	client_free(other);
	usleep(1100000);
	stage_unary(&stage, "/test.Parrot/Say", "x", 1, STAGE_OK);
	stage_strike(&stage);
}

static void expect_too_many_streams(struct client *client)
{
	struct client_stream *stream = client_open(client, "/test.Parrot/Watch", 0, false);
	client_send(stream, "", 0);
	struct client_answer answer;
	client_status(stream, STAGE_WAIT_MS, &answer);
	assert_int_equal(answer.code, STAGE_EXHAUSTED);
	assert_non_null(strstr(answer.message, "TOO_MANY_STREAMS"));
	client_answer_done(&answer);
	client_stream_free(stream);
}

static void streams_past_the_limits_are_refused_at_once(void **state)
{
	(void)state;
	struct stage stage;
	stage_prepare(&stage, "127.0.0.1:0");
	stage.options.max_streams = 5;
	stage.options.max_streams_per_connection = 3;
	stage_open(&stage);
	struct client *other = client_new(rpc_server_address(stage.server, 0));
	struct client_stream *mine[3];
	for (int i = 0; i < 3; i++)
		mine[i] = stage_call(&stage, "/test.Parrot/Watch", "", 0, 0);
	stage_await(&stage, &stage.parrot.parked, 3);
	expect_too_many_streams(stage.client); /* of this connection */
	struct client_stream *theirs[2];
	for (int i = 0; i < 2; i++) {
		theirs[i] = client_open(other, "/test.Parrot/Watch", 0, false);
		client_send(theirs[i], "", 0);
		assert_true(client_opened(theirs[i], STAGE_WAIT_MS));
	}
	expect_too_many_streams(other); /* of all */
	stage_unary(&stage, "/test.Parrot/Say", "x", 1, STAGE_OK);
	for (int i = 0; i < 2; i++)
		client_stream_free(theirs[i]);
	for (int i = 0; i < 3; i++)
		client_stream_free(mine[i]);
	client_pump(other, 50);
	client_free(other);
	stage_await_quiet(&stage);
	struct client_stream *again = stage_call(&stage, "/test.Parrot/Watch", "", 0, 0);
	assert_true(client_opened(again, STAGE_WAIT_MS));
	client_stream_free(again);
	stage_strike(&stage);
}

static const struct row {
	const char *name;
	CMUnitTestFunction check;
} rows[] = {
	{"a request too large is refused", a_request_too_large_is_refused},
	{"a message too large ends a stream", a_message_too_large_ends_a_stream},
	{"a compressed request is UNIMPLEMENTED", a_compressed_request_is_unimplemented},
	{"a request that does not come times out", a_request_that_does_not_come_times_out},
	{"calls past the limit are refused at once", calls_past_the_limit_are_refused_at_once},
	{"streams are no calls: they leave room for them", streams_leave_room_for_calls},
	{"requests past the memory for them are refused at once",
		requests_past_the_memory_are_refused_at_once},
	{"a stream's request takes no room while it goes on", a_streams_request_takes_no_room},
	{"calls past the rate of an address are refused at once", calls_past_the_rate_are_refused_at_once},
	{"streams past the limits are refused at once", streams_past_the_limits_are_refused_at_once},
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
