/* Calls of every shape over loopback: steps, waits, wakes, cancellation, flow control. */
#include "stage.h"

#include <fcntl.h>

#include "base/log.h"

static void a_unary_call_gets_its_answer(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	struct client_answer answer;
	static const size_t sizes[] = {0, 1, 23, 24, 8192, 900000};
	for (size_t i = 0; i < CASES_COUNT(sizes); i++) {
		uint8_t *bytes = malloc(sizes[i] + 1);
		assert_non_null(bytes);
		memset(bytes, 'a' + (int)i, sizes[i] + 1);
		client_unary(stage.client, "/test.Parrot/Say", bytes, sizes[i], 0, &answer);
		assert_int_equal(answer.code, STAGE_OK);
		assert_int_equal(answer.size, sizes[i]);
		assert_non_null(answer.bytes);
		assert_memory_equal(answer.bytes, bytes, sizes[i]);
		client_answer_done(&answer);
		free(bytes);
	}
	stage_strike(&stage);
}

static void an_error_carries_message_and_details(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	struct client_answer answer;
	client_unary(stage.client, "/test.Parrot/Fail", "x", 1, 0, &answer);
	assert_int_equal(answer.code, STAGE_ABORTED);
	assert_string_equal(answer.message, "DETAILED: Größe: \"100 %\"");
	assert_int_equal(answer.details_size, 2);
	assert_memory_equal(answer.details, "\x01\x02", 2);
	assert_null(answer.bytes);
	client_answer_done(&answer);
	stage_strike(&stage);
}

static void a_message_is_utf8_even_when_cut(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	struct client_answer answer;
	client_unary(stage.client, "/test.Parrot/Cut", "x", 1, 0, &answer);
	assert_int_equal(answer.code, STAGE_ABORTED);
	assert_string_equal(answer.message, "CUT: Gr?");
	client_answer_done(&answer);
	stage_strike(&stage);
}

static void an_unknown_method_is_named_in_unimplemented(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	struct client_answer answer;
	client_unary(stage.client, "/test.Parrot/Sing", "x", 1, 0, &answer);
	assert_int_equal(answer.code, STAGE_UNIMPLEMENTED);
	assert_non_null(strstr(answer.message, "/test.Parrot/Sing"));
	client_answer_done(&answer);
	stage_strike(&stage);
}

static void a_malformed_path_is_answered(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	char lengthy[1001];
	memset(lengthy, 'a', sizeof(lengthy) - 1);
	lengthy[0] = '/';
	lengthy[sizeof(lengthy) - 1] = '\0';
	const char *const paths[] = {
		"/", "//", "nonsense", "/test.Parrot/Say/", "/test.Parrot/Say ", lengthy};
	for (size_t i = 0; i < CASES_COUNT(paths); i++)
		stage_unary(&stage, paths[i], "x", 1, STAGE_UNIMPLEMENTED);
	stage_unary(&stage, "/test.Parrot/Say", "x", 1, STAGE_OK);
	stage_strike(&stage);
}

static void a_call_without_a_message_is_invalid(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	struct client_stream *stream = client_open(stage.client, "/test.Parrot/Say", 0, false);
	client_half_close(stream);
	stage_expect(stream, STAGE_INVALID);
	stage_strike(&stage);
}

static void a_parked_call_wakes_at_its_time(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	int64_t before_us = clock_steady_us();
	stage_unary(&stage, "/test.Parrot/Nap", "", 0, STAGE_OK);
	assert_true(clock_steady_us() - before_us >= 50000);
	stage_strike(&stage);
}

static void a_deadline_passes_while_parked(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	stage_expect(stage_call(&stage, "/test.Parrot/Park", "", 0, 200), STAGE_DEADLINE);
	stage_await(&stage, &stage.parrot.released, 1);
	assert_int_equal(stage.parrot.seen_cancelled, 1);
	assert_in_range(stage.parrot.left_us, 1, 205000); /* the core counts in milliseconds */
	stage_strike(&stage);
}

static void a_call_without_deadline_has_none(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	struct client_stream *stream = stage_call(&stage, "/test.Parrot/Park", "", 0, 0);
	stage_await(&stage, &stage.parrot.parked, 1);
	assert_true(stage.parrot.left_us > INT64_MAX / 2);
	client_cancel(stream);
	stage_expect(stream, STAGE_CANCELLED);
	stage_strike(&stage);
}

static void a_client_cancels_while_parked(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	struct client_stream *stream = stage_call(&stage, "/test.Parrot/Park", "", 0, 0);
	stage_await(&stage, &stage.parrot.parked, 1);
	client_stream_free(stream);
	stage_await(&stage, &stage.parrot.released, 1);
	assert_int_equal(stage.parrot.seen_cancelled, 1);
	stage_strike(&stage);
}

static void a_step_that_ignores_cancellation_is_ended(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	struct client_stream *stream = stage_call(&stage, "/test.Parrot/Sulk", "", 0, 0);
	stage_await(&stage, &stage.parrot.parked, 1);
	client_stream_free(stream);
	stage_await(&stage, &stage.parrot.released, 1);
	assert_int_equal(stage.parrot.parked, 2); /* told once, then not asked again */
	stage_strike(&stage);
}

static void a_hold_gives_its_thread_the_arena(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	struct client_answer answer;
	client_unary(stage.client, "/test.Parrot/Hold", "", 0, 0, &answer);
	assert_int_equal(answer.code, STAGE_OK);
	assert_string_equal((char *)answer.bytes, "worked 99");
	client_answer_done(&answer);
	stage_strike(&stage);
}

/* Calls, goes, and sees that the call ends when its thread has worked. */
static void go_from_a_hold(struct stage *stage, const char *method)
{
	stage->parrot.hold_ms = 200;
	struct client_stream *stream = stage_call(stage, method, "", 0, 0);
	stage_await(stage, &stage->parrot.held, 1);
	client_stream_free(stream);
	client_pump(stage->client, 50);
	assert_int_equal(stage->parrot.released, 0);
	assert_int_equal(rpc_server_calls(stage->server), 1);
	stage_await(stage, &stage->parrot.released, 1);
	assert_int_equal(stage->parrot.worked, 1);
}

static void a_hold_outlives_its_client(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	go_from_a_hold(&stage, "/test.Parrot/Hold");
	assert_int_equal(stage.parrot.seen_cancelled, 1);
	stage_strike(&stage);
}

enum {
	AT_ONCE = 20,
};

/* Makes calls at once, each of which is answered with the text. */
static void call_at_once(
	struct stage *stage, const char *method, const void *bytes, size_t size, const char *text)
{
	struct client_stream *streams[AT_ONCE];
	for (int i = 0; i < AT_ONCE; i++)
		streams[i] = stage_call(stage, method, bytes, size, STAGE_WAIT_MS);
	for (int i = 0; i < AT_ONCE; i++)
		stage_expect_answer(streams[i], text);
}

static void the_thread_of_a_hold_answers(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	int rounds = 10;
	for (int round = 0; round < rounds; round++)
		call_at_once(&stage, "/test.Parrot/Delegate", "", 0, "worked 99");
	stage_await(&stage, &stage.parrot.released, AT_ONCE * rounds);
	stage_strike(&stage);
}

static void the_thread_of_a_hold_answers_nobody(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	go_from_a_hold(&stage, "/test.Parrot/Delegate");
	stage_strike(&stage);
}

static void no_wake_is_lost(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	uint32_t each = 2000;
	for (int round = 0; round < 5; round++)
		call_at_once(&stage, "/test.Parrot/Storm", &each, sizeof(each), "all");
	stage_strike(&stage);
}

/* Reads a stream of Count to its end. @return messages read */
static uint32_t read_count(struct client_stream *stream, uint32_t bytes)
{
	uint32_t at = 0;
	uint8_t *message;
	size_t size;
	enum client_received received;
	while ((received = client_receive(stream, STAGE_WAIT_MS, &message, &size)) == CLIENT_MESSAGE) {
		assert_int_equal(size, sizeof(at) + bytes);
		assert_memory_equal(message, &at, sizeof(at));
		for (size_t i = sizeof(at); i < size; i++)
			assert_int_equal(message[i], at & 0xff);
		free(message);
		at++;
	}
	assert_int_equal(received, CLIENT_END);
	return at;
}

static void a_stream_arrives_whole_and_in_order(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	const struct parrot_count rows[] = {
		{0, 10}, {1, 0}, {100, 0}, {100, 1}, {100, 23}, {100, 24}, {1000, 300}};
	for (size_t i = 0; i < CASES_COUNT(rows); i++) {
		struct client_stream *stream =
			stage_call(&stage, "/test.Parrot/Count", &rows[i], sizeof(rows[i]), 0);
		assert_int_equal(read_count(stream, rows[i].bytes), rows[i].messages);
		stage_expect(stream, STAGE_OK);
	}
	stage_strike(&stage);
}

static void a_message_held_back_does_not_wait_for_long(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	struct parrot_count wanted = {40, 10};
	int slow = 0;
	for (int i = 0; i < 10; i++) {
		int64_t before_us = clock_steady_us();
		struct client_stream *stream =
			stage_call(&stage, "/test.Parrot/Count", &wanted, sizeof(wanted), 0);
		assert_int_equal(read_count(stream, wanted.bytes), wanted.messages);
		stage_expect(stream, STAGE_OK);
		slow += clock_steady_us() - before_us > 30000;
	}
	assert_in_range(slow, 0, 2);
	stage_strike(&stage);
}

static void a_slow_reader_stops_the_writer_and_loses_nothing(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	struct parrot_count wanted = {400, 256 * 1024};
	struct client_stream *stream = stage_call(&stage, "/test.Parrot/Count", &wanted, sizeof(wanted), 0);
	int before = -1;
	while (atomic_load(&stage.parrot.written) != before) {
		before = stage.parrot.written;
		client_pump(stage.client, 500);
	}
	assert_true(before < 400);
	assert_true(stage.parrot.pieces_made <= before + 1); /* one message in flight */
	assert_int_equal(read_count(stream, wanted.bytes), 400);
	stage_expect(stream, STAGE_OK);
	stage_strike(&stage);
}

static void pieces_are_released_when_a_reader_goes(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	struct parrot_count wanted = {100000, 64 * 1024};
	for (int i = 0; i < 5; i++) {
		struct client_stream *stream =
			stage_call(&stage, "/test.Parrot/Count", &wanted, sizeof(wanted), 0);
		uint8_t *bytes;
		size_t size;
		assert_int_equal(client_receive(stream, STAGE_WAIT_MS, &bytes, &size), CLIENT_MESSAGE);
		free(bytes);
		client_pump(stage.client, 20 * i);
		client_stream_free(stream);
		stage_await_quiet(&stage);
	}
	assert_int_equal(stage.parrot.released, 5);
	stage_strike(&stage); /* compares made and released */
}

static void a_stream_is_up_before_its_first_message(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	struct client_stream *watch = stage_call(&stage, "/test.Parrot/Watch", "", 0, 0);
	assert_true(client_opened(watch, STAGE_WAIT_MS));
	client_stream_free(watch);
	struct client_stream *chat = client_open(stage.client, "/test.Parrot/Chat", 0, false);
	assert_true(client_opened(chat, STAGE_WAIT_MS));
	client_stream_free(chat);
	stage_strike(&stage);
}

static void a_client_streams_and_gets_one_answer(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	struct client_stream *stream = client_open(stage.client, "/test.Parrot/Sum", 0, false);
	uint64_t sum = 0;
	for (uint8_t i = 0; i < 200; i++) {
		assert_true(client_send(stream, &i, 1));
		sum += i;
	}
	assert_true(client_send(stream, "", 0));
	client_half_close(stream);
	uint8_t *bytes;
	size_t size;
	assert_int_equal(client_receive(stream, STAGE_WAIT_MS, &bytes, &size), CLIENT_MESSAGE);
	assert_int_equal(size, sizeof(sum));
	assert_memory_equal(bytes, &sum, sizeof(sum));
	free(bytes);
	stage_expect(stream, STAGE_OK);
	stage_strike(&stage);
}

static void both_sides_stream(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	struct client_stream *stream = client_open(stage.client, "/test.Parrot/Chat", 0, false);
	for (uint8_t i = 0; i < 50; i++) {
		uint8_t *bytes;
		size_t size;
		assert_true(client_send(stream, &i, 1));
		assert_int_equal(client_receive(stream, STAGE_WAIT_MS, &bytes, &size), CLIENT_MESSAGE);
		assert_int_equal(size, 1);
		assert_int_equal(bytes[0], i);
		free(bytes);
	}
	client_half_close(stream);
	uint8_t *bytes;
	size_t size;
	assert_int_equal(client_receive(stream, STAGE_WAIT_MS, &bytes, &size), CLIENT_END);
	stage_expect(stream, STAGE_OK);
	stage_strike(&stage);
}

static void a_client_goes_while_it_is_read(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	struct client_stream *stream = client_open(stage.client, "/test.Parrot/Chat", 0, false);
	assert_true(client_opened(stream, STAGE_WAIT_MS));
	client_stream_free(stream);
	stage_await(&stage, &stage.parrot.released, 1);
	stage_strike(&stage);
}

static void dropped_calls_leave_nothing_behind(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	static const char *const paths[] = {"/test.Parrot/Say", "/test.Parrot/Park", "/test.Parrot/Chat",
		"/test.Parrot/Sum", "/test.Parrot/Nap", "/test.Parrot/Sing"};
	for (int i = 0; i < 2000; i += 50) {
		struct client_stream *streams[50];
		for (int j = 0; j < 50; j++) {
			streams[j] =
				client_open(stage.client, paths[(i + j) % (int)CASES_COUNT(paths)], 0, false);
			if (j % 3 == 0)
				client_send(streams[j], "x", 1);
		}
		client_pump(stage.client, i % 4);
		for (int j = 0; j < 50; j++)
			client_stream_free(streams[j]);
	}
	stage_strike(&stage); /* waits for rpc_server_calls() == 0 */
}

static void a_finished_call_is_one_log_line(void **state)
{
	(void)state;
	int ends[2];
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	struct stage stage;
	stage_set(&stage);
	log_to(ends[1]);
	stage_unary(&stage, "/test.Parrot/Say", "hello", 5, STAGE_OK);
	stage_await_quiet(&stage);
	log_to(2);
	char text[4000] = "";
	assert_true(read(ends[0], text, sizeof(text) - 1) > 0);
	assert_non_null(
		strstr(text, "level=info msg=\"call\" method=/test.Parrot/Say status=OK duration_us="));
	assert_non_null(strstr(text, " principal=anonymous peer="));
	assert_non_null(strstr(text, " request_bytes=5\n"));
	assert_null(strstr(text, "hello"));
	close(ends[0]);
	close(ends[1]);
	stage_strike(&stage);
}

static const struct row {
	const char *name;
	CMUnitTestFunction check;
} rows[] = {
	{"a unary call gets its answer", a_unary_call_gets_its_answer},
	{"an error carries message and details", an_error_carries_message_and_details},
	{"a message is UTF-8 even when cut", a_message_is_utf8_even_when_cut},
	{"an unknown method is named in UNIMPLEMENTED", an_unknown_method_is_named_in_unimplemented},
	{"a malformed path is answered", a_malformed_path_is_answered},
	{"a call without a message is invalid", a_call_without_a_message_is_invalid},
	{"a parked call wakes at its time", a_parked_call_wakes_at_its_time},
	{"a deadline passes while parked", a_deadline_passes_while_parked},
	{"a call without a deadline has none", a_call_without_deadline_has_none},
	{"a client cancels while parked", a_client_cancels_while_parked},
	{"a step that ignores cancellation is ended", a_step_that_ignores_cancellation_is_ended},
	{"a hold gives its thread the arena", a_hold_gives_its_thread_the_arena},
	{"a hold outlives its client", a_hold_outlives_its_client},
	{"the thread of a hold answers", the_thread_of_a_hold_answers},
	{"the thread of a hold answers nobody", the_thread_of_a_hold_answers_nobody},
	{"no wake is lost", no_wake_is_lost},
	{"a stream arrives whole and in order", a_stream_arrives_whole_and_in_order},
	{"a message held back does not wait for long", a_message_held_back_does_not_wait_for_long},
	{"a slow reader stops the writer and loses nothing",
		a_slow_reader_stops_the_writer_and_loses_nothing},
	{"pieces are released when a reader goes", pieces_are_released_when_a_reader_goes},
	{"a stream is up before its first message", a_stream_is_up_before_its_first_message},
	{"a client streams and gets one answer", a_client_streams_and_gets_one_answer},
	{"both sides stream", both_sides_stream},
	{"a client goes while it is read", a_client_goes_while_it_is_read},
	{"dropped calls leave nothing behind", dropped_calls_leave_nothing_behind},
	{"a finished call is one log line", a_finished_call_is_one_log_line},
};

static void check(void **state)
{
	const struct row *row = *state;
	row->check(NULL);
}

int main(void)
{
	log_setup(LOG_INFO, LOG_LOGFMT);
	return CASES_RUN(rows, check);
}
