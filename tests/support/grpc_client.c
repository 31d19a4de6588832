/* One completion queue per client, pumped by whoever waits; each operation of a stream has one flag. */
#include "grpc_client.h"

#include <assert.h>

#include <grpc/byte_buffer.h>
#include <grpc/byte_buffer_reader.h>
#include <grpc/grpc.h>
#include <grpc/grpc_security.h>
#include <grpc/support/time.h>

enum {
	LONG_MS = 60 * 1000,
};

struct client {
	grpc_completion_queue *queue;
	grpc_channel *channel;
};

struct operation {
	bool pending;
	bool ok;
};

struct client_stream {
	struct client *client;
	grpc_call *call;
	struct operation metadata_sent, metadata, send, close, receive, status;
	grpc_metadata_array initial, trailing;
	grpc_byte_buffer *received;
	grpc_status_code code;
	grpc_slice message;
};

static gpr_timespec in_ms(int ms)
{
	return gpr_time_add(gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(ms, GPR_TIMESPAN));
}

static grpc_arg number(const char *key, int value)
{
	grpc_arg argument = {.type = GRPC_ARG_INTEGER, .key = (char *)(uintptr_t)key};
	argument.value.integer = value;
	return argument;
}

struct client *client_new(const char *address)
{
	setenv("GRPC_DNS_RESOLVER", "native", 0); /* c-ares leaks what it learns about localhost */
	grpc_init();
	struct client *client = calloc(1, sizeof(*client));
	assert(client);
	grpc_arg arguments[] = {
		number(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1),
		number(GRPC_ARG_ENABLE_RETRIES, 0),
		number(GRPC_ARG_ENABLE_HTTP_PROXY, 0),
		number(GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, -1),
	};
	grpc_channel_args channel = {sizeof(arguments) / sizeof(arguments[0]), arguments};
	grpc_channel_credentials *plaintext = grpc_insecure_credentials_create();
	client->queue = grpc_completion_queue_create_for_next(NULL);
	client->channel = grpc_channel_create(address, plaintext, &channel);
	grpc_channel_credentials_release(plaintext);
	return client;
}

/* @return false when the time is over */
static bool pump_once(struct client *client, gpr_timespec until)
{
	grpc_event event = grpc_completion_queue_next(client->queue, until, NULL);
	if (event.type != GRPC_OP_COMPLETE)
		return false;
	struct operation *operation = event.tag;
	operation->pending = false;
	operation->ok = event.success != 0;
	return true;
}

void client_pump(struct client *client, int for_ms)
{
	gpr_timespec until = in_ms(for_ms);
	while (pump_once(client, until))
		;
}

static bool wait_for(struct client_stream *stream, const struct operation *operation, int wait_ms)
{
	gpr_timespec until = in_ms(wait_ms);
	while (operation->pending && pump_once(stream->client, until))
		;
	return !operation->pending;
}

void client_free(struct client *client)
{
	grpc_channel_destroy(client->channel);
	grpc_completion_queue_shutdown(client->queue);
	while (grpc_completion_queue_next(client->queue, gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL).type !=
		GRPC_QUEUE_SHUTDOWN)
		;
	grpc_completion_queue_destroy(client->queue);
	free(client);
	grpc_shutdown();
}

static void start(struct client_stream *stream, const grpc_op *op, struct operation *operation)
{
	assert(!operation->pending);
	operation->pending = true;
	grpc_call_error error = grpc_call_start_batch(stream->call, op, 1, operation, NULL);
	if (error != GRPC_CALL_OK)
		abort();
}

struct client_stream *client_open(struct client *client, const char *path, int timeout_ms, bool gzip)
{
	struct client_stream *stream = calloc(1, sizeof(*stream));
	assert(stream);
	stream->client = client;
	grpc_slice method = grpc_slice_from_copied_string(path);
	stream->call = grpc_channel_create_call(client->channel, NULL, GRPC_PROPAGATE_DEFAULTS, client->queue,
		method, NULL, timeout_ms ? in_ms(timeout_ms) : gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL);
	grpc_slice_unref(method);
	grpc_metadata compress = {.key = grpc_slice_from_static_string("grpc-internal-encoding-request"),
		.value = grpc_slice_from_static_string("gzip")};
	grpc_op send = {.op = GRPC_OP_SEND_INITIAL_METADATA};
	send.data.send_initial_metadata.metadata = &compress;
	send.data.send_initial_metadata.count = gzip ? 1 : 0;
	start(stream, &send, &stream->metadata_sent);
	grpc_op receive = {.op = GRPC_OP_RECV_INITIAL_METADATA};
	receive.data.recv_initial_metadata.recv_initial_metadata = &stream->initial;
	start(stream, &receive, &stream->metadata);
	grpc_op status = {.op = GRPC_OP_RECV_STATUS_ON_CLIENT};
	status.data.recv_status_on_client.trailing_metadata = &stream->trailing;
	status.data.recv_status_on_client.status = &stream->code;
	status.data.recv_status_on_client.status_details = &stream->message;
	start(stream, &status, &stream->status);
	return stream;
}

void client_stream_free(struct client_stream *stream)
{
	grpc_call_cancel(stream->call, NULL);
	const struct operation *const all[] = {&stream->metadata_sent, &stream->metadata, &stream->send,
		&stream->close, &stream->receive, &stream->status};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (!wait_for(stream, all[i], LONG_MS))
			abort();
	if (stream->received)
		grpc_byte_buffer_destroy(stream->received);
	grpc_metadata_array_destroy(&stream->initial);
	grpc_metadata_array_destroy(&stream->trailing);
	grpc_slice_unref(stream->message);
	grpc_call_unref(stream->call);
	free(stream);
}

bool client_send(struct client_stream *stream, const void *bytes, size_t size)
{
	grpc_slice slice = grpc_slice_from_copied_buffer(bytes, size);
	grpc_byte_buffer *message = grpc_raw_byte_buffer_create(&slice, 1);
	grpc_slice_unref(slice);
	grpc_op op = {.op = GRPC_OP_SEND_MESSAGE};
	op.data.send_message.send_message = message;
	start(stream, &op, &stream->send);
	bool sent = wait_for(stream, &stream->send, LONG_MS) && stream->send.ok;
	grpc_byte_buffer_destroy(message);
	return sent;
}

void client_half_close(struct client_stream *stream)
{
	grpc_op op = {.op = GRPC_OP_SEND_CLOSE_FROM_CLIENT};
	start(stream, &op, &stream->close);
	wait_for(stream, &stream->close, LONG_MS);
}

bool client_opened(struct client_stream *stream, int wait_ms)
{
	return wait_for(stream, &stream->metadata, wait_ms) && stream->metadata.ok;
}

static uint8_t *copy_slice(grpc_slice slice, size_t *size)
{
	*size = GRPC_SLICE_LENGTH(slice);
	uint8_t *bytes = calloc(1, *size + 1);
	assert(bytes);
	memcpy(bytes, GRPC_SLICE_START_PTR(slice), *size);
	return bytes;
}

enum client_received client_receive(struct client_stream *stream, int wait_ms, uint8_t **bytes, size_t *size)
{
	if (!stream->receive.pending) {
		grpc_op op = {.op = GRPC_OP_RECV_MESSAGE};
		op.data.recv_message.recv_message = &stream->received;
		start(stream, &op, &stream->receive);
	}
	if (!wait_for(stream, &stream->receive, wait_ms))
		return CLIENT_TIMEOUT;
	if (!stream->received)
		return CLIENT_END;
	grpc_byte_buffer_reader reader;
	if (!grpc_byte_buffer_reader_init(&reader, stream->received))
		abort();
	grpc_slice whole = grpc_byte_buffer_reader_readall(&reader);
	*bytes = copy_slice(whole, size);
	grpc_slice_unref(whole);
	grpc_byte_buffer_reader_destroy(&reader);
	grpc_byte_buffer_destroy(stream->received);
	stream->received = NULL;
	return CLIENT_MESSAGE;
}

void client_cancel(struct client_stream *stream)
{
	grpc_call_cancel(stream->call, NULL);
}

void client_status(struct client_stream *stream, int wait_ms, struct client_answer *answer)
{
	*answer = (struct client_answer){.code = -1};
	if (!wait_for(stream, &stream->status, wait_ms))
		return;
	size_t size;
	answer->code = (int)stream->code;
	answer->message = (char *)copy_slice(stream->message, &size);
	for (size_t i = 0; i < stream->trailing.count; i++) {
		const grpc_metadata *entry = &stream->trailing.metadata[i];
		if (grpc_slice_str_cmp(entry->key, "grpc-status-details-bin") == 0)
			answer->details = copy_slice(entry->value, &answer->details_size);
	}
}

void client_answer_done(struct client_answer *answer)
{
	free(answer->message);
	free(answer->details);
	free(answer->bytes);
	*answer = (struct client_answer){.code = -1};
}

void client_unary(struct client *client, const char *path, const void *bytes, size_t size, int timeout_ms,
	struct client_answer *answer)
{
	struct client_stream *stream = client_open(client, path, timeout_ms, false);
	uint8_t *received = NULL;
	size_t received_size = 0;
	if (client_send(stream, bytes, size))
		client_half_close(stream);
	client_receive(stream, LONG_MS, &received, &received_size);
	client_status(stream, LONG_MS, answer);
	answer->bytes = received;
	answer->size = received_size;
	client_stream_free(stream);
}
