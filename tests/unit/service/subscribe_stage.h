/*
 * Where Subscribe is tested: a store, a ledger, a transport and a clock of the
 * test's own around the hub. Systems 0, 1
 * and 2 are alpha, beta and gamma.
 *
 * An event is a letter: lower case is a FINDING_OPENED, upper case a
 * DESCRIPTOR_PUSHED; '.' behind it ends its revision. What a client received is
 * written the same way with '!' behind marked events, and for messages: '<c>'
 * checkpoint, '<s>' state, '<e>' end of state, '|' the end of a live message.
 */
#ifndef SERVICE_SUBSCRIBE_STAGE_H
#define SERVICE_SUBSCRIBE_STAGE_H

#include "base/buffer.h"
#include "fake_call.h"
#include "service/subscribe.h"

enum {
	PARTITIONS = 4,
	EVENTS_MAX = 4000,
	TOKENS_MAX = 4000, /* of one client */
	SECOND = 1000000,
};

/* What the store holds, besides events. */
extern struct fake_store {
	int64_t heads[PARTITIONS];
	int64_t trimmed[PARTITIONS];
	int64_t published[PARTITIONS]; /* what the hub has */
	size_t padding;                /* bytes that make the next events larger */
	enum fault_code fault;         /* every call fails with it; FAULT_NONE: none does */
} fake_store;

struct client {
	struct fake_call fake;
	Tally__V1__SubscribeRequest request;
	struct arena *arena;
	struct buffer received;
	char *tokens[TOKENS_MAX];
	size_t token_ends[TOKENS_MAX]; /* size of `received` when the token came */
	size_t token_count;
	bool sips;      /* becomes slow with each message */
	bool held_back; /* the last message may still be in the transport's buffer */
};

struct world {
	struct hub *hub;
	struct store_identity identity;
	struct stream_memory memory;
	struct service service;
	struct client client;
};

/** Makes a world whose hub keeps so many events of each partition. End it with world_end(). */
void world_begin(struct world *world, size_t ring_events);
void world_end(struct world *world);

/** Stores events; the hub does not hear of them. */
void world_commit(int system, const char *text);

/** Tells the hub of what was stored since. */
void world_publish(struct world *world);

/** Stores and publishes events, and lets the client read. */
void world_push(struct world *world, int system, const char *text);

/** The store loses a system's last events, each a revision, and the hub goes back with it. */
void world_lose(struct world *world, int system, int count);

/** The client asks only for openings of findings; only for alpha. Before it subscribes. */
void world_want_findings(struct world *world);
void world_want_alpha(struct world *world);

void world_subscribe(struct world *world);

/** The client goes, and comes back for what is behind a token. */
void world_resume(struct world *world, const char *token);

/** @return the token that the client got last */
const char *world_last_token(const struct world *world);

/** Checks what the client has received since the last look. */
void world_received(struct world *world, const char *expected);

/** Checks that the stream has ended with this fault. */
void world_failed(struct world *world, enum fault_code code, const char *reason);

#endif
