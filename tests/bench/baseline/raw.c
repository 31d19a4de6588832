/* Accepting, answering, and the loop. Streams are stream_server.c's. */
#include "raw.h"

#include <grpc/byte_buffer_reader.h>
#include <grpc/grpc_security.h>
#include <grpc/support/time.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	ARMED = 200, /* calls that may arrive at once, for each method */
	MESSAGE_MAX = 64 << 20,
};

static grpc_completion_queue *queue;
static grpc_server *server;
static grpc_slice kept;

void raw_start(struct raw_call *call, const grpc_op *operations, size_t count, struct raw_tag *tag)
{
	if (grpc_call_start_batch(call->core, operations, count, tag, NULL) != GRPC_CALL_OK)
		abort();
}

void raw_call_free(struct raw_call *call)
{
	grpc_byte_buffer_destroy(call->request);
	grpc_metadata_array_destroy(&call->metadata);
	grpc_call_unref(call->core);
	free(call);
}

static void arm(const struct raw_method *method);

static void arrived(void *owner, bool ok)
{
	struct raw_call *call = owner;
	if (!ok)
		return;
	arm(call->method);
	call->method->run(call);
}

static void arm(const struct raw_method *method)
{
	struct raw_call *call = calloc(1, sizeof(*call));
	if (!call)
		abort();
	call->method = method;
	call->arrived = (struct raw_tag){arrived, call};
	grpc_metadata_array_init(&call->metadata);
	if (grpc_server_request_registered_call(server, method->handle, &call->core, &call->deadline,
		    &call->metadata, &call->request, queue, queue, &call->arrived) != GRPC_CALL_OK)
		abort();
}

static void answered(void *owner, bool ok)
{
	(void)ok;
	raw_call_free(owner);
}

void raw_answer(struct raw_call *call, grpc_slice answer)
{
	call->sent = (struct raw_tag){answered, call};
	grpc_byte_buffer *message = grpc_raw_byte_buffer_create(&answer, 1);
	grpc_op operations[] = {
		{.op = GRPC_OP_SEND_INITIAL_METADATA},
		{.op = GRPC_OP_SEND_MESSAGE, .data.send_message.send_message = message},
		{.op = GRPC_OP_SEND_STATUS_FROM_SERVER},
		{.op = GRPC_OP_RECV_CLOSE_ON_SERVER, .data.recv_close_on_server.cancelled = &call->cancelled},
	};
	raw_start(call, operations, sizeof(operations) / sizeof(operations[0]), &call->sent);
	grpc_byte_buffer_destroy(message);
}

void raw_keep(struct raw_call *call)
{
	grpc_byte_buffer_reader reader;
	if (!call->request || !grpc_byte_buffer_reader_init(&reader, call->request))
		abort();
	grpc_slice_unref(kept);
	kept = grpc_byte_buffer_reader_readall(&reader);
	grpc_byte_buffer_reader_destroy(&reader);
	raw_answer(call, kept);
}

grpc_slice raw_kept(void)
{
	return kept;
}

static grpc_server *make_server(void)
{
	static char size[] = GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH;
	static char reuse[] = GRPC_ARG_ALLOW_REUSEPORT;
	grpc_arg list[] = {
		{.type = GRPC_ARG_INTEGER, .key = size, .value.integer = MESSAGE_MAX},
		{.type = GRPC_ARG_INTEGER, .key = reuse, .value.integer = 0},
	};
	grpc_channel_args arguments = {sizeof(list) / sizeof(list[0]), list};
	return grpc_server_create(&arguments, NULL);
}

static void listen_at(const char *address)
{
	grpc_server_credentials *plaintext = grpc_insecure_server_credentials_create();
	if (!grpc_server_add_http2_port(server, address, plaintext)) {
		fprintf(stderr, "cannot listen at %s\n", address);
		exit(1);
	}
	grpc_server_credentials_release(plaintext);
}

void raw_serve(int count, char **arguments, struct raw_method *methods, size_t method_count)
{
	if (count != 3 || strcmp(arguments[1], "--listen") != 0) {
		fprintf(stderr, "usage: %s --listen HOST:PORT\n", arguments[0]);
		exit(2);
	}
	grpc_init();
	kept = grpc_empty_slice();
	queue = grpc_completion_queue_create_for_next(NULL);
	server = make_server();
	grpc_server_register_completion_queue(server, queue, NULL);
	for (size_t i = 0; i < method_count; i++)
		methods[i].handle = grpc_server_register_method(
			server, methods[i].path, NULL, GRPC_SRM_PAYLOAD_READ_INITIAL_BYTE_BUFFER, 0);
	listen_at(arguments[2]);
	grpc_server_start(server);
	for (size_t i = 0; i < method_count * ARMED; i++)
		arm(&methods[i % method_count]);
	for (;;) {
		grpc_event event =
			grpc_completion_queue_next(queue, gpr_inf_future(GPR_CLOCK_MONOTONIC), NULL);
		struct raw_tag *tag = event.tag;
		tag->done(tag->owner, event.success != 0);
	}
}
