/* Who is calling: the one place where a call gets its principal. */
#ifndef TRANSPORT_PRINCIPAL_H
#define TRANSPORT_PRINCIPAL_H

#include <grpc/grpc.h>

#include "model/principal.h"

/**
 * Finds out who calls. Without authentication everyone is "anonymous".
 *
 * @param metadata  borrowed; what the client sent with the call
 */
void principal_find(grpc_call *core, const grpc_metadata_array *metadata, struct model_principal *principal);

#endif
