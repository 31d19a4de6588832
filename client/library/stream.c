/*
 * One question, many answers. All operations but the messages are started when
 * the stream is opened; each next() then asks for one message, so that a slow
 * reader holds the server back by flow control.
 */
#include <stdlib.h>

#include "error.h"
#include "wire.h"

struct tally_stream {
	grpc_completion_queue *queue;
	grpc_call *call;
	const ProtobufCMessageDescriptor *type;
	grpc_byte_buffer *question;
	struct wire_end end;
	bool ended; /* the status has been waited for */
	/* Addresses that stand for operations in flight. */
	char open_tag, end_tag, message_tag;
};

static void start(struct tally_stream *stream)
{
	struct wire_end *end = &stream->end;
	grpc_op question[] = {
		{.op = GRPC_OP_SEND_INITIAL_METADATA},
		{.op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = stream->question},
		{.op = GRPC_OP_SEND_CLOSE_FROM_CLIENT},
		{.op = GRPC_OP_RECV_INITIAL_METADATA,
			.data.recv_initial_metadata.recv_initial_metadata = &end->headers},
	};
	grpc_op status = {.op = GRPC_OP_RECV_STATUS_ON_CLIENT,
		.data.recv_status_on_client = {&end->trailers, &end->code, &end->detail, &end->core_text}};
	wire_start(stream->call, question, sizeof(question) / sizeof(question[0]), &stream->open_tag);
	wire_start(stream->call, &status, 1, &stream->end_tag);
}

struct tally_stream *tally_stream_open(struct tally_client *client, const char *method,
	const ProtobufCMessage *request, const ProtobufCMessageDescriptor *type)
{
	struct tally_stream *stream = calloc(1, sizeof(*stream));
	if (!stream)
		abort();
	stream->type = type;
	stream->queue = grpc_completion_queue_create_for_pluck(NULL);
	stream->call = wire_call(client, stream->queue, method, 0);
	stream->question = wire_pack(request);
	wire_end_init(&stream->end);
	start(stream);
	return stream;
}

static void wait_for_end(struct tally_stream *stream)
{
	if (stream->ended)
		return;
	wire_wait(stream->queue, &stream->open_tag);
	wire_wait(stream->queue, &stream->end_tag);
	stream->ended = true;
}

static grpc_byte_buffer *receive(struct tally_stream *stream)
{
	grpc_byte_buffer *bytes = NULL;
	grpc_op operation = {.op = GRPC_OP_RECV_MESSAGE, .data.recv_message.recv_message = &bytes};
	wire_start(stream->call, &operation, 1, &stream->message_tag);
	wire_wait(stream->queue, &stream->message_tag);
	return bytes;
}

bool tally_stream_next(struct tally_stream *stream, ProtobufCMessage **message, struct tally_error *error)
{
	static const char unreadable[] = "the server's message is not one that this client knows";
	*message = NULL;
	grpc_byte_buffer *bytes = stream->ended ? NULL : receive(stream);
	if (!bytes) {
		wait_for_end(stream);
		wire_end_error(&stream->end, error);
		return false;
	}
	*message = wire_unpack(bytes, stream->type);
	grpc_byte_buffer_destroy(bytes);
	if (*message)
		return true;
	tally_stream_cancel(stream);
	wait_for_end(stream);
	error_set(error, GRPC_STATUS_INTERNAL, unreadable, sizeof(unreadable) - 1);
	return false;
}

void tally_stream_cancel(struct tally_stream *stream)
{
	grpc_call_cancel(stream->call, NULL);
}

void tally_stream_free(struct tally_stream *stream)
{
	if (!stream)
		return;
	if (!stream->ended)
		tally_stream_cancel(stream);
	wait_for_end(stream);
	wire_end_done(&stream->end);
	grpc_byte_buffer_destroy(stream->question);
	grpc_call_unref(stream->call);
	grpc_completion_queue_destroy(stream->queue);
	free(stream);
}
