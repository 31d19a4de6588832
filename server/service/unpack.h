/* From a request's bytes to its message, and from an answer to its bytes. */
#ifndef SERVICE_UNPACK_H
#define SERVICE_UNPACK_H

#include <protobuf-c/protobuf-c.h>

#include "base/fault.h"
#include "transport/rpc.h"

/**
 * Checks and unpacks the call's request.
 *
 * @param type  borrowed; e.g. &tally__v1__get_system_request__descriptor
 * @param[out] fault  set on failure only; INVALID with the reasons of wire_check()
 * @return arena (the call's), a message of that type; NULL on failure
 */
void *service_unpack(struct rpc_call *call, const ProtobufCMessageDescriptor *type, struct fault *fault);

/** Answers a unary call with a message. @param message borrowed @return RPC_DONE */
enum rpc_next service_reply(struct rpc_call *call, const void *message);

#endif
