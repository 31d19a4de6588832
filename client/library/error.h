/* How a call's end becomes a tally_error. */
#ifndef LIBRARY_ERROR_H
#define LIBRARY_ERROR_H

#include <stddef.h>

#include "tally.h"

/** Sets code and message; the message is cut at a character's end. @param[out] error overwritten whole */
void error_set(struct tally_error *error, int code, const void *message, size_t size);

/**
 * Adds what grpc-status-details-bin says: reason and metadata of an ErrorInfo,
 * violations of a BadRequest. Bytes that are not a google.rpc.Status, and what
 * has no place in tally_error, are left out.
 */
void error_details(struct tally_error *error, const void *bytes, size_t size);

#endif
