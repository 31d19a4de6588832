/* Subscribing to everything: the request, where it stands, and what a message holds. */
#ifndef BENCH_SUBSCRIPTION_H
#define BENCH_SUBSCRIPTION_H

#include <grpc/grpc.h>
#include <stddef.h>
#include <stdint.h>

#define SUBSCRIBE_METHOD "/tally.v1.EventService/Subscribe"

enum {
	SUBSCRIPTION_EVENTS_FIELD = 1, /* of SubscribeResponse */
	SUBSCRIPTION_TOKEN_FIELD = 2,
	EVENT_SYSTEM_FIELD = 1, /* of Event */
	EVENT_REVISION_FIELD = 2,
};

/** Packs the request for everything. @param token where to begin; NULL: now @return owned */
grpc_slice subscription_request(const char *token);

/** Returns a token of where a server stands now. @return owned: free() */
char *subscription_token(const char *address);

/**
 * Makes a message of the same event again and again, as tallyd would send it.
 *
 * @param event       borrowed; packed
 * @param size_bytes  that the message shall have, by the length of its token; 0: without a token
 * @return owned
 */
grpc_slice subscription_message(const uint8_t *event, size_t size, int events, size_t size_bytes);

#endif
