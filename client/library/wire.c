/* Bytes, completion queues and statuses of the C core. Decides nothing about calls. */
#include "wire.h"

#include <assert.h>

#include <grpc/byte_buffer_reader.h>
#include <grpc/support/alloc.h>
#include <grpc/support/time.h>

#include "error.h"

void wire_end_init(struct wire_end *end)
{
	*end = (struct wire_end){.detail = grpc_empty_slice()};
	grpc_metadata_array_init(&end->headers);
	grpc_metadata_array_init(&end->trailers);
}

void wire_end_done(struct wire_end *end)
{
	grpc_metadata_array_destroy(&end->headers);
	grpc_metadata_array_destroy(&end->trailers);
	grpc_slice_unref(end->detail);
	gpr_free((void *)(uintptr_t)end->core_text);
}

void wire_end_error(const struct wire_end *end, struct tally_error *error)
{
	error_set(error, (int)end->code, GRPC_SLICE_START_PTR(end->detail), GRPC_SLICE_LENGTH(end->detail));
	for (size_t i = 0; i < end->trailers.count; i++) {
		const grpc_metadata *item = &end->trailers.metadata[i];
		if (grpc_slice_str_cmp(item->key, "grpc-status-details-bin") == 0)
			error_details(
				error, GRPC_SLICE_START_PTR(item->value), GRPC_SLICE_LENGTH(item->value));
	}
}

grpc_byte_buffer *wire_pack(const ProtobufCMessage *message)
{
	grpc_slice slice = grpc_slice_malloc(protobuf_c_message_get_packed_size(message));
	protobuf_c_message_pack(message, GRPC_SLICE_START_PTR(slice));
	grpc_byte_buffer *bytes = grpc_raw_byte_buffer_create(&slice, 1);
	grpc_slice_unref(slice);
	return bytes;
}

ProtobufCMessage *wire_unpack(grpc_byte_buffer *bytes, const ProtobufCMessageDescriptor *type)
{
	grpc_byte_buffer_reader reader;
	if (!grpc_byte_buffer_reader_init(&reader, bytes))
		return NULL;
	grpc_slice whole = grpc_byte_buffer_reader_readall(&reader);
	grpc_byte_buffer_reader_destroy(&reader);
	ProtobufCMessage *message =
		protobuf_c_message_unpack(type, NULL, GRPC_SLICE_LENGTH(whole), GRPC_SLICE_START_PTR(whole));
	grpc_slice_unref(whole);
	return message;
}

grpc_call *wire_call(
	struct tally_client *client, grpc_completion_queue *queue, const char *method, int timeout_ms)
{
	gpr_timespec deadline = gpr_inf_future(GPR_CLOCK_MONOTONIC);
	if (timeout_ms > 0)
		deadline = gpr_time_add(
			gpr_now(GPR_CLOCK_MONOTONIC), gpr_time_from_millis(timeout_ms, GPR_TIMESPAN));
	grpc_slice path = grpc_slice_from_copied_string(method);
	grpc_call *call = grpc_channel_create_call(
		client->channel, NULL, GRPC_PROPAGATE_DEFAULTS, queue, path, NULL, deadline, NULL);
	grpc_slice_unref(path);
	return call;
}

void wire_wait(grpc_completion_queue *queue, void *tag)
{
	grpc_event event = grpc_completion_queue_pluck(queue, tag, gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL);
	assert(event.type == GRPC_OP_COMPLETE);
	(void)event;
}

void wire_start(grpc_call *call, const grpc_op *operations, size_t count, void *tag)
{
	grpc_call_error refused = grpc_call_start_batch(call, operations, count, tag, NULL);
	assert(refused == GRPC_CALL_OK);
	(void)refused;
}
