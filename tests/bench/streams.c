/* Opening, receiving, cancelling. What the messages mean is the caller's business. */
#include "streams.h"

#include <grpc/byte_buffer_reader.h>
#include <grpc/support/time.h>
#include <stdlib.h>

#include "base/clock.h"
#include "bench.h"
#include "load.h"

/* What an operation's end belongs to. */
enum tag_kind {
	TAG_OPENED,
	TAG_MESSAGE,
	TAG_ENDED,
};

struct tag {
	enum tag_kind kind;
	struct stream *stream;
};

struct stream {
	int number;
	grpc_call *call;
	grpc_byte_buffer *request, *message;
	grpc_metadata_array headers, trailers;
	grpc_status_code status;
	grpc_slice detail;
	struct tag opened, received, ended;
};

struct streams {
	struct streams_options options;
	grpc_completion_queue *queue;
	grpc_channel **channels;
	struct stream *all;
	size_t in_flight; /* operations */
	bool closing;
};

static void start(struct streams *streams, struct stream *stream, const grpc_op *operations, size_t count,
	struct tag *tag, enum tag_kind kind)
{
	*tag = (struct tag){kind, stream};
	streams->in_flight++;
	if (grpc_call_start_batch(stream->call, operations, count, tag, NULL) != GRPC_CALL_OK)
		abort();
}

static void ask_message(struct streams *streams, struct stream *stream)
{
	grpc_op operation = {.op = GRPC_OP_RECV_MESSAGE, .data.recv_message.recv_message = &stream->message};
	start(streams, stream, &operation, 1, &stream->received, TAG_MESSAGE);
}

static void open_one(struct streams *streams, struct stream *stream)
{
	const struct streams_options *options = &streams->options;
	grpc_channel *channel = streams->channels[stream->number % options->connections];
	grpc_slice path = grpc_slice_from_static_string(options->method);
	grpc_slice request = options->request;
	stream->call = grpc_channel_create_call(channel, NULL, GRPC_PROPAGATE_DEFAULTS, streams->queue, path,
		NULL, gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL);
	stream->request = grpc_raw_byte_buffer_create(&request, 1);
	grpc_op question[] = {
		{.op = GRPC_OP_SEND_INITIAL_METADATA},
		{.op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = stream->request},
		{.op = GRPC_OP_SEND_CLOSE_FROM_CLIENT},
		{.op = GRPC_OP_RECV_INITIAL_METADATA,
			.data.recv_initial_metadata.recv_initial_metadata = &stream->headers},
	};
	grpc_op status = {.op = GRPC_OP_RECV_STATUS_ON_CLIENT,
		.data.recv_status_on_client = {&stream->trailers, &stream->status, &stream->detail, NULL}};
	start(streams, stream, question, 4, &stream->opened, TAG_OPENED);
	start(streams, stream, &status, 1, &stream->ended, TAG_ENDED);
	ask_message(streams, stream);
}

struct streams *streams_open(const struct streams_options *options)
{
	struct streams *streams = calloc(1, sizeof(*streams));
	if (!streams)
		abort();
	streams->options = *options;
	streams->queue = grpc_completion_queue_create_for_next(NULL);
	streams->channels = calloc((size_t)options->connections, sizeof(*streams->channels));
	streams->all = calloc((size_t)options->count, sizeof(*streams->all));
	if (!streams->channels || !streams->all)
		abort();
	for (int i = 0; i < options->connections; i++)
		streams->channels[i] = load_channel(options->address);
	for (int i = 0; i < options->count; i++) {
		streams->all[i].number = i;
		streams->all[i].detail = grpc_empty_slice();
		open_one(streams, &streams->all[i]);
	}
	return streams;
}

static void take_message(struct streams *streams, struct stream *stream)
{
	grpc_byte_buffer_reader reader;
	if (!stream->message)
		return; /* the stream ends */
	if (!grpc_byte_buffer_reader_init(&reader, stream->message))
		abort();
	grpc_slice bytes = grpc_byte_buffer_reader_readall(&reader);
	grpc_byte_buffer_reader_destroy(&reader);
	grpc_byte_buffer_destroy(stream->message);
	stream->message = NULL;
	if (!streams->closing) {
		streams->options.message(streams->options.context, stream->number,
			GRPC_SLICE_START_PTR(bytes), GRPC_SLICE_LENGTH(bytes));
		ask_message(streams, stream);
	}
	grpc_slice_unref(bytes);
}

static void take(struct streams *streams, const struct tag *tag)
{
	struct stream *stream = tag->stream;
	streams->in_flight--;
	if (tag->kind == TAG_MESSAGE)
		take_message(streams, stream);
	if (tag->kind == TAG_ENDED && !streams->closing) {
		char *text = grpc_slice_to_c_string(stream->detail);
		give_up("a stream of %s ended: status %d: %s", streams->options.method, (int)stream->status,
			text);
	}
}

bool streams_receive(struct streams *streams, int64_t for_us, bool (*enough)(void *context))
{
	gpr_timespec end =
		gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_micros(for_us, GPR_TIMESPAN));
	int64_t end_us = clock_steady_us() + for_us;
	for (;;) {
		grpc_event event = grpc_completion_queue_next(streams->queue, end, NULL);
		if (event.type != GRPC_OP_COMPLETE)
			return false;
		const struct tag *tag = event.tag;
		take(streams, tag);
		if (enough && tag->kind == TAG_MESSAGE && enough(streams->options.context))
			return true;
		if (clock_steady_us() >= end_us)
			return false;
	}
}

static void drain(struct streams *streams)
{
	while (streams->in_flight > 0) {
		grpc_event event =
			grpc_completion_queue_next(streams->queue, gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL);
		take(streams, event.tag);
	}
	grpc_completion_queue_shutdown(streams->queue);
	while (grpc_completion_queue_next(streams->queue, gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL).type !=
		GRPC_QUEUE_SHUTDOWN)
		;
	grpc_completion_queue_destroy(streams->queue);
}

void streams_close(struct streams *streams)
{
	streams->closing = true;
	for (int i = 0; i < streams->options.count; i++)
		grpc_call_cancel(streams->all[i].call, NULL);
	drain(streams);
	for (int i = 0; i < streams->options.count; i++) {
		struct stream *stream = &streams->all[i];
		grpc_metadata_array_destroy(&stream->headers);
		grpc_metadata_array_destroy(&stream->trailers);
		grpc_slice_unref(stream->detail);
		grpc_byte_buffer_destroy(stream->request);
		grpc_call_unref(stream->call);
	}
	for (int i = 0; i < streams->options.connections; i++)
		grpc_channel_destroy(streams->channels[i]);
	free(streams->channels);
	free(streams->all);
	free(streams);
}
