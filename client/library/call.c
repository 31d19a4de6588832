/* One question, one answer. */
#include <string.h>

#include "error.h"
#include "wire.h"

enum {
	OPERATION_COUNT = 6,
};

static void run(grpc_completion_queue *queue, grpc_call *call, grpc_byte_buffer *question,
	grpc_byte_buffer **answer, struct wire_end *end)
{
	grpc_op operations[OPERATION_COUNT] = {
		{.op = GRPC_OP_SEND_INITIAL_METADATA},
		{.op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = question},
		{.op = GRPC_OP_SEND_CLOSE_FROM_CLIENT},
		{.op = GRPC_OP_RECV_INITIAL_METADATA,
			.data.recv_initial_metadata.recv_initial_metadata = &end->headers},
		{.op = GRPC_OP_RECV_MESSAGE, .data.recv_message.recv_message = answer},
		{.op = GRPC_OP_RECV_STATUS_ON_CLIENT,
			.data.recv_status_on_client = {&end->trailers, &end->code, &end->detail,
				&end->core_text}},
	};
	wire_start(call, operations, OPERATION_COUNT, call);
	wire_wait(queue, call);
}

/* An answer that is missing or not the message it should be is the server's mistake. */
static ProtobufCMessage *read_answer(
	grpc_byte_buffer *bytes, const ProtobufCMessageDescriptor *type, struct tally_error *error)
{
	static const char unreadable[] = "the server's answer is not the message that this client knows";
	ProtobufCMessage *answer = bytes ? wire_unpack(bytes, type) : NULL;
	if (!answer)
		error_set(error, GRPC_STATUS_INTERNAL, unreadable, sizeof(unreadable) - 1);
	return answer;
}

bool tally_call(struct tally_client *client, const char *method, const ProtobufCMessage *request,
	const ProtobufCMessageDescriptor *type, int timeout_ms, ProtobufCMessage **answer,
	struct tally_error *error)
{
	grpc_completion_queue *queue = grpc_completion_queue_create_for_pluck(NULL);
	grpc_call *call = wire_call(client, queue, method, timeout_ms);
	grpc_byte_buffer *question = wire_pack(request);
	grpc_byte_buffer *bytes = NULL;
	struct wire_end end;
	wire_end_init(&end);

	run(queue, call, question, &bytes, &end);
	wire_end_error(&end, error);
	ProtobufCMessage *message = error->code == GRPC_STATUS_OK ? read_answer(bytes, type, error) : NULL;
	if (message)
		*answer = message;

	wire_end_done(&end);
	grpc_byte_buffer_destroy(bytes);
	grpc_byte_buffer_destroy(question);
	grpc_call_unref(call);
	grpc_completion_queue_destroy(queue);
	return message != NULL;
}
