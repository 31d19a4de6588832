/* The closed loop. What the bytes mean is its caller's business. */
#include "load.h"

#include <grpc/byte_buffer_reader.h>
#include <grpc/grpc_security.h>
#include <grpc/support/alloc.h>
#include <grpc/support/time.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "bench.h"

enum {
	OPERATION_COUNT = 6,
	ANSWER_MAX = 64 << 20,
	CALL_MS = 60 * 1000,
};

/* One of the calls that are outstanding, again and again. */
struct slot {
	struct run *run;
	grpc_channel *channel;
	void *method;
	grpc_call *call;
	grpc_byte_buffer *request, *answer;
	grpc_metadata_array headers, trailers;
	grpc_status_code status;
	grpc_slice detail;
	int64_t begin_us;
};

struct run {
	const struct load *load;
	grpc_completion_queue *queue;
	grpc_channel **channels;
	struct slot *slots;
	int64_t begin_us, end_us;
	uint64_t started, ended;
	int64_t *times_us;
	size_t times_size;
};

grpc_channel *load_channel(const char *address)
{
	static char own_pool[] = GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL;
	static char retries[] = GRPC_ARG_ENABLE_RETRIES;
	static char proxy[] = GRPC_ARG_ENABLE_HTTP_PROXY;
	static char size[] = GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH;
	grpc_arg list[] = {
		{.type = GRPC_ARG_INTEGER, .key = own_pool, .value.integer = 1},
		{.type = GRPC_ARG_INTEGER, .key = retries, .value.integer = 0},
		{.type = GRPC_ARG_INTEGER, .key = proxy, .value.integer = 0},
		{.type = GRPC_ARG_INTEGER, .key = size, .value.integer = ANSWER_MAX},
	};
	grpc_channel_args arguments = {sizeof(list) / sizeof(list[0]), list};
	grpc_channel_credentials *plaintext = grpc_insecure_credentials_create();
	grpc_channel *channel = grpc_channel_create(address, plaintext, &arguments);
	grpc_channel_credentials_release(plaintext);
	return channel;
}

static void start(struct slot *slot)
{
	struct run *run = slot->run;
	run->started++;
	slot->call = grpc_channel_create_registered_call(slot->channel, NULL, GRPC_PROPAGATE_DEFAULTS,
		run->queue, slot->method,
		gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(CALL_MS, GPR_TIMESPAN)),
		NULL);
	grpc_slice request = run->load->request(run->load->context);
	slot->request = grpc_raw_byte_buffer_create(&request, 1);
	grpc_slice_unref(request);
	slot->answer = NULL;
	grpc_metadata_array_init(&slot->headers);
	grpc_metadata_array_init(&slot->trailers);
	slot->begin_us = clock_steady_us();
	grpc_op operations[OPERATION_COUNT] = {
		{.op = GRPC_OP_SEND_INITIAL_METADATA},
		{.op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = slot->request},
		{.op = GRPC_OP_SEND_CLOSE_FROM_CLIENT},
		{.op = GRPC_OP_RECV_INITIAL_METADATA,
			.data.recv_initial_metadata.recv_initial_metadata = &slot->headers},
		{.op = GRPC_OP_RECV_MESSAGE, .data.recv_message.recv_message = &slot->answer},
		{.op = GRPC_OP_RECV_STATUS_ON_CLIENT,
			.data.recv_status_on_client = {&slot->trailers, &slot->status, &slot->detail, NULL}},
	};
	if (grpc_call_start_batch(slot->call, operations, OPERATION_COUNT, slot, NULL) != GRPC_CALL_OK)
		abort();
}

static grpc_slice whole(grpc_byte_buffer *buffer)
{
	grpc_byte_buffer_reader reader;
	if (!buffer || !grpc_byte_buffer_reader_init(&reader, buffer))
		give_up("an answer has no message");
	grpc_slice bytes = grpc_byte_buffer_reader_readall(&reader);
	grpc_byte_buffer_reader_destroy(&reader);
	return bytes;
}

static void check_answer(const struct slot *slot)
{
	const struct load *load = slot->run->load;
	if (slot->status != GRPC_STATUS_OK) {
		char *text = grpc_slice_to_c_string(slot->detail);
		give_up("%s: status %d: %s", load->method, (int)slot->status, text);
	}
	if (!load->answer)
		return;
	grpc_slice bytes = whole(slot->answer);
	load->answer(load->context, GRPC_SLICE_START_PTR(bytes), GRPC_SLICE_LENGTH(bytes));
	grpc_slice_unref(bytes);
}

static void release(struct slot *slot)
{
	grpc_metadata_array_destroy(&slot->headers);
	grpc_metadata_array_destroy(&slot->trailers);
	grpc_slice_unref(slot->detail);
	grpc_byte_buffer_destroy(slot->request);
	grpc_byte_buffer_destroy(slot->answer);
	grpc_call_unref(slot->call);
}

static void note_time(struct run *run, int64_t took_us)
{
	if (run->ended == run->times_size) {
		run->times_size = run->times_size ? 2 * run->times_size : 4096;
		run->times_us = realloc(run->times_us, run->times_size * sizeof(*run->times_us));
		if (!run->times_us)
			abort();
	}
	run->times_us[run->ended++] = took_us;
}

static bool may_start(const struct run *run, int64_t now_us)
{
	const struct load *load = run->load;
	if (load->calls_max && run->started >= load->calls_max)
		return false;
	return load->run_us == 0 || now_us < run->begin_us + load->run_us;
}

static void loop(struct run *run)
{
	while (run->ended < run->started) {
		grpc_event event =
			grpc_completion_queue_next(run->queue, gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL);
		struct slot *slot = event.tag;
		int64_t now_us = clock_steady_us();
		check_answer(slot);
		note_time(run, now_us - slot->begin_us);
		release(slot);
		run->end_us = now_us;
		if (may_start(run, now_us))
			start(slot);
	}
}

static void connect_all(struct run *run)
{
	const struct load *load = run->load;
	run->channels = calloc((size_t)load->connections, sizeof(*run->channels));
	run->slots = calloc((size_t)load->outstanding, sizeof(*run->slots));
	if (!run->channels || !run->slots)
		abort();
	for (int i = 0; i < load->connections; i++) {
		run->channels[i] = load_channel(load->address);
		while (grpc_channel_check_connectivity_state(run->channels[i], 1) != GRPC_CHANNEL_READY) {
			grpc_completion_queue_next(run->queue,
				gpr_time_add(
					gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(1, GPR_TIMESPAN)),
				NULL);
		}
	}
	for (int i = 0; i < load->outstanding; i++) {
		struct slot *slot = &run->slots[i];
		slot->run = run;
		slot->channel = run->channels[i % load->connections];
		slot->method = grpc_channel_register_call(slot->channel, load->method, NULL, NULL);
	}
}

struct load_result load_run(const struct load *load)
{
	struct run run = {.load = load, .queue = grpc_completion_queue_create_for_next(NULL)};
	connect_all(&run);
	run.begin_us = clock_steady_us();
	for (int i = 0; i < load->outstanding && may_start(&run, run.begin_us); i++)
		start(&run.slots[i]);
	loop(&run);
	struct load_result result = {.calls = run.ended,
		.per_s = (double)run.ended * 1e6 / (double)(run.end_us - run.begin_us + 1),
		.p50_ms = times_at(run.times_us, run.ended, 0.5) / 1e3,
		.p99_ms = times_at(run.times_us, run.ended, 0.99) / 1e3};
	for (int i = 0; i < load->connections; i++)
		grpc_channel_destroy(run.channels[i]);
	grpc_completion_queue_shutdown(run.queue);
	while (grpc_completion_queue_next(run.queue, gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL).type !=
		GRPC_QUEUE_SHUTDOWN)
		;
	grpc_completion_queue_destroy(run.queue);
	free(run.times_us);
	free(run.channels);
	free(run.slots);
	return result;
}

/* ---- one call ---- */

struct once {
	grpc_slice request, answer;
};

static grpc_slice once_request(void *context)
{
	struct once *once = context;
	return grpc_slice_ref(once->request);
}

static void once_answer(void *context, const uint8_t *bytes, size_t size)
{
	struct once *once = context;
	once->answer = grpc_slice_from_copied_buffer((const char *)bytes, size);
}

grpc_slice load_call(const char *address, const char *method, grpc_slice request)
{
	struct once once = {.request = request};
	struct load load = {.address = address,
		.method = method,
		.outstanding = 1,
		.connections = 1,
		.calls_max = 1,
		.request = once_request,
		.answer = once_answer,
		.context = &once};
	load_run(&load);
	return once.answer;
}
