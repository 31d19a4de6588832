/* Stopping: within the grace period and past it, with every kind of call open. */
#include "stage.h"

#include <pthread.h>

#include "base/log.h"

struct drainer {
	struct rpc_server *server;
	int grace_ms;
	int64_t took_us;
	_Atomic int done;
	pthread_t thread;
};

static void *drain(void *argument)
{
	struct drainer *drainer = argument;
	int64_t before_us = clock_steady_us();
	rpc_server_drain(drainer->server, drainer->grace_ms);
	drainer->took_us = clock_steady_us() - before_us;
	drainer->done = 1;
	return NULL;
}

static void start_drain(struct drainer *drainer, struct stage *stage, int grace_ms)
{
	*drainer = (struct drainer){.server = stage->server, .grace_ms = grace_ms};
	assert_int_equal(pthread_create(&drainer->thread, NULL, drain, drainer), 0);
}

/* Everything must be over by now, or be over soon. */
static void end_drain(struct drainer *drainer, struct stage *stage)
{
	stage_await(stage, &drainer->done, 1);
	pthread_join(drainer->thread, NULL);
	assert_int_equal(rpc_server_calls(stage->server), 0);
	client_free(stage->client);
	rpc_server_free(stage->server);
	assert_int_equal(stage->parrot.pieces_made, stage->parrot.pieces_released);
}

static void parked_streams_end_with_unavailable(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	struct client_stream *watch = stage_call(&stage, "/test.Parrot/Watch", "", 0, 0);
	struct client_stream *chat = client_open(stage.client, "/test.Parrot/Chat", 0, false);
	assert_true(client_opened(watch, STAGE_WAIT_MS));
	assert_true(client_opened(chat, STAGE_WAIT_MS));
	struct drainer drainer;
	start_drain(&drainer, &stage, 20000);
	stage_expect(watch, STAGE_UNAVAILABLE);
	stage_expect(chat, STAGE_UNAVAILABLE);
	end_drain(&drainer, &stage);
	assert_true(drainer.took_us < 10000000); /* well before the grace period is over */
}

static void calls_in_flight_finish_within_the_grace(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	stage.parrot.hold_ms = 300;
	struct client_stream *stream = stage_call(&stage, "/test.Parrot/Hold", "", 0, 0);
	stage_await(&stage, &stage.parrot.held, 1);
	struct drainer drainer;
	start_drain(&drainer, &stage, 20000);
	stage_expect_answer(stream, "worked 99");
	end_drain(&drainer, &stage);
}

static void new_calls_are_refused_while_draining(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	stage.parrot.hold_ms = 500;
	struct client_stream *stream = stage_call(&stage, "/test.Parrot/Hold", "", 0, 0);
	stage_await(&stage, &stage.parrot.held, 1);
	struct drainer drainer;
	start_drain(&drainer, &stage, 20000);
	usleep(100 * 1000); /* the drain has begun; the client has not heard of it */
	stage_unary(&stage, "/test.Parrot/Say", "x", 1, STAGE_UNAVAILABLE);
	client_stream_free(stream);
	end_drain(&drainer, &stage);
}

static void what_is_left_is_cancelled_after_the_grace(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	struct parrot_count flood = {100000, 64 * 1024};
	struct client_stream *sulk = stage_call(&stage, "/test.Parrot/Sulk", "", 0, 0);
	struct client_stream *blocked = stage_call(&stage, "/test.Parrot/Count", &flood, sizeof(flood), 0);
	struct client_stream *empty = client_open(stage.client, "/test.Parrot/Say", 0, false);
	stage_await(&stage, &stage.parrot.parked, 1);
	client_pump(stage.client, 300);
	struct drainer drainer;
	start_drain(&drainer, &stage, 300);
	stage_await(&stage, &drainer.done, 1);
	assert_in_range(drainer.took_us, 290000, 20000000);
	client_stream_free(sulk);
	client_stream_free(blocked);
	client_stream_free(empty);
	end_drain(&drainer, &stage);
}

static void wait_past_the_grace(const char *method)
{
	struct stage stage;
	stage_set(&stage);
	stage.parrot.hold_ms = 700;
	struct client_stream *stream = stage_call(&stage, method, "", 0, 0);
	stage_await(&stage, &stage.parrot.held, 1);
	struct drainer drainer;
	start_drain(&drainer, &stage, 50);
	stage_await(&stage, &drainer.done, 1);
	assert_int_equal(stage.parrot.worked, 1);
	assert_int_equal(stage.parrot.released, 1);
	client_stream_free(stream);
	end_drain(&drainer, &stage);
}

static void a_hold_is_waited_for_past_the_grace(void **state)
{
	(void)state;
	wait_past_the_grace("/test.Parrot/Hold");
}

static void a_hold_that_answers_is_waited_for_past_the_grace(void **state)
{
	(void)state;
	wait_past_the_grace("/test.Parrot/Delegate");
}

static void a_silent_client_does_not_delay_the_end(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	stage_unary(&stage, "/test.Parrot/Say", "x", 1, STAGE_OK);
	stage_await_quiet(&stage);
	int64_t before_us = clock_steady_us();
	rpc_server_drain(stage.server, 60000); /* nobody pumps the client meanwhile */
	assert_true(clock_steady_us() - before_us < 20000000);
	rpc_server_free(stage.server);
	client_free(stage.client);
}

static void an_unused_server_stops(void **state)
{
	(void)state;
	struct stage stage;
	stage_set(&stage);
	rpc_server_free(stage.server);
	rpc_server_free(NULL);
	client_free(stage.client);
}

static const struct row {
	const char *name;
	CMUnitTestFunction check;
} rows[] = {
	{"parked streams end with UNAVAILABLE", parked_streams_end_with_unavailable},
	{"calls in flight finish within the grace", calls_in_flight_finish_within_the_grace},
	{"new calls are refused while draining", new_calls_are_refused_while_draining},
	{"what is left is cancelled after the grace", what_is_left_is_cancelled_after_the_grace},
	{"a hold is waited for past the grace", a_hold_is_waited_for_past_the_grace},
	{"a hold that answers is waited for past the grace",
		a_hold_that_answers_is_waited_for_past_the_grace},
	{"a silent client does not delay the end", a_silent_client_does_not_delay_the_end},
	{"an unused server stops", an_unused_server_stops},
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
