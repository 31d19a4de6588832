/* What calls and streams share: a client's channel, and how messages and ends travel. */
#ifndef LIBRARY_WIRE_H
#define LIBRARY_WIRE_H

#include <grpc/grpc.h>

#include "tally.h"

struct tally_client {
	grpc_channel *channel;
};

/* How the server ends a call. */
struct wire_end {
	grpc_metadata_array headers;
	grpc_metadata_array trailers;
	grpc_status_code code;
	grpc_slice detail;
	const char *core_text; /* what the core itself says of a failure */
};

void wire_end_init(struct wire_end *end);
void wire_end_done(struct wire_end *end);

/** Turns the end of a call into an error. @param[out] error overwritten whole */
void wire_end_error(const struct wire_end *end, struct tally_error *error);

/** Packs a message. @return owned: grpc_byte_buffer_destroy() */
grpc_byte_buffer *wire_pack(const ProtobufCMessage *message);

/** Unpacks a message. @return owned, or NULL when the bytes are not one */
ProtobufCMessage *wire_unpack(grpc_byte_buffer *bytes, const ProtobufCMessageDescriptor *type);

/** Makes a call on its own completion queue. @param timeout_ms 0 for none @return owned */
grpc_call *wire_call(
	struct tally_client *client, grpc_completion_queue *queue, const char *method, int timeout_ms);

/** Waits for the operation of this tag. */
void wire_wait(grpc_completion_queue *queue, void *tag);

/** Starts operations; that the core refuses them would be our mistake. */
void wire_start(grpc_call *call, const grpc_op *operations, size_t count, void *tag);

#endif
