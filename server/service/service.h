/*
 * The RPCs: one file each, read top to bottom. This room decides order, not
 * facts. It is the only one that sees the services' messages.
 */
#ifndef SERVICE_SERVICE_H
#define SERVICE_SERVICE_H

#include <stdatomic.h>
#include <stdbool.h>

#include "hub/hub.h"
#include "ledger/ledger.h"
#include "transport/rpc.h"

struct health;

/* What subscriptions hold of the store's answers, all together. Any thread. */
struct stream_memory {
	size_t limit;
	_Atomic size_t held;
	_Atomic int ahead; /* reads under way that nobody waits for yet */
};

/* Messages that subscribers were just sent, for the others; of the queue's thread. */
struct subscribe_messages;

/** @return owned */
struct subscribe_messages *subscribe_messages_new(int partitions);

/** When no call is left. NULL is fine. */
void subscribe_messages_free(struct subscribe_messages *messages);

/* What every method finds in rpc_context(). Made by main, read by all. */
struct service {
	struct ledger *ledger;
	struct hub *hub;
	const struct store_identity *identity;
	struct stream_memory *stream_memory;
	struct subscribe_messages *messages;
	size_t max_message_bytes; /* of answers too: long lists are cut into pages below it */
	struct health *health;    /* what grpc.health.v1 answers; health.h */
	_Atomic int previews;     /* that run; preview_policy.c bounds them */
	int wait_ms;              /* how long min_revision waits when the client sets no deadline */
};

/** Returns the tables of methods, ending with NULL: Tally's own, health, reflection v1 and v1alpha. */
const struct rpc_method *const *service_methods(void);

/** Turns a fault into status, message and packed google.rpc.Status. The only place where codes are mapped. */
void service_status(const struct fault *fault, struct arena *arena, int *code, const char **message,
	const void **details, size_t *details_size);

#endif
