/*
 * grpc.reflection.v1 and v1alpha: what services and messages there are, for
 * clients that come without the .proto files (buf curl, grpcurl).
 */
#ifndef SERVICE_REFLECTION_H
#define SERVICE_REFLECTION_H

#include "transport/rpc.h"

/** The methods of both versions, for service_methods(). */
extern const struct rpc_method reflection_methods[];

#endif
