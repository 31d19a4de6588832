/* Subscribe: what its files share. Other RPCs need only the table of methods. */
#ifndef SERVICE_SUBSCRIBE_H
#define SERVICE_SUBSCRIBE_H

#include <stdbool.h>
#include <stdint.h>

#include "service/service.h"
#include "service/token.h"
#include "tally/v1/event_service.pb-c.h"

/* tally.v1.EventService; ends with path NULL. */
extern const struct rpc_method subscribe_methods[];

enum {
	SUBSCRIBE_SYSTEMS_MAX = 1000,
	SUBSCRIBE_EVENTS_MAX = 256,       /* of one pull; a larger revision is split */
	SUBSCRIBE_EVENTS_ENOUGH = 64,     /* a message with so many is sent, though more may be there */
	SUBSCRIBE_BYTES_MAX = 256 * 1024, /* of one pull */
	SUBSCRIBE_SHARED_MAX = 4096,      /* bytes of an event, in the middle of a message that is shared */
	SUBSCRIBE_STATE_MAX = 64 * 1024 * 1024, /* of one partition's state, packed */
};

/* ---- subscribe_request.c ---- */

/* A request that was found good. */
struct subscribe_wish {
	struct hub_filter filter;
	const char *resume_token; /* "" for none */
	bool initial_state;
	int64_t interval_us; /* between checkpoints */
};

/**
 * Checks a request.
 *
 * @param request    borrowed as long as the wish
 * @param[out] wish  set on success only; arrays are the arena's
 * @return FAULT_NONE; FAULT_INVALID with the field
 */
enum fault_code subscribe_request_read(struct arena *arena, const Tally__V1__SubscribeRequest *request,
	struct subscribe_wish *wish, struct fault *fault);

/** Digests a filter: equal for filters that let the same pass because they say the same. */
struct model_digest subscribe_filter_digest(const struct hub_filter *filter);

/* ---- subscribe_token.c ---- */

/** Makes a resume token of where the cursor stands, which must be between revisions. @return arena */
char *subscribe_token_make(
	struct arena *arena, const struct token_scope *scope, const struct hub_cursor *cursor);

/** Makes the token that resumes at the oldest events that are kept when it is used. @return arena */
char *subscribe_token_oldest(struct arena *arena, const struct token_scope *scope);

/**
 * Puts the cursor where a token says.
 *
 * @param heads   borrowed; of all partitions, as they are now
 * @param cursor  its positions change, on success only
 * @return FAULT_NONE; FAULT_INVALID (RESUME_TOKEN_INVALID); FAULT_OUT_OF_RANGE (RESUME_TOKEN_TOO_OLD,
 *         RESUME_TOKEN_AHEAD) with fact "oldest_token"
 */
enum fault_code subscribe_token_apply(struct arena *arena, const struct token_scope *scope, const char *token,
	const struct store_head *heads, struct hub_cursor *cursor, struct fault *fault);

/** Sets the fault of one who is behind what was trimmed. @return FAULT_OUT_OF_RANGE */
enum fault_code subscribe_too_old(struct arena *arena, const struct token_scope *scope, struct fault *fault);

/* ---- subscribe_frame.c ---- */

/* A SubscribeResponse as pieces, while it is put together. */
struct subscribe_frame {
	struct arena *arena;
	struct rpc_piece *pieces;
	size_t count;
	bool marked; /* the event before still needs its mark */
};

/** Begins a message of at most `events` events. @param arena borrowed until it is written */
void subscribe_frame_begin(struct subscribe_frame *frame, struct arena *arena, size_t events);

/** Adds an event. @param bytes,size a packed tally.v1.Event @param owner taken; NULL: the bytes are copied
 * when written */
void subscribe_frame_event(
	struct subscribe_frame *frame, const void *bytes, size_t size, struct model_event *owner, bool last);

/**
 * Adds events with their marks: the last one of each revision, but not that of a
 * revision that goes on in the next message.
 *
 * @param events  borrowed; the references in it are taken
 * @param inside  the last revision goes on
 */
void subscribe_frame_events(
	struct subscribe_frame *frame, struct model_event *const *events, size_t count, bool inside);

/** Ends it. @param token borrowed until it is written; NULL for none */
void subscribe_frame_end(struct subscribe_frame *frame, Tally__V1__Phase phase, const char *token);

/* ---- subscribe_message.c ---- */

/* A message that is ready to be sent, to one or to many. Counted. */
struct subscribe_message;

/** Makes a message of a frame's pieces, which are released. @return a reference */
struct subscribe_message *subscribe_message_join(const struct subscribe_frame *frame);

/** Makes the message a piece to write. @param message a reference: taken */
struct rpc_piece subscribe_message_piece(struct subscribe_message *message);

/** Remembers where a cursor stands, for what follows: subscribe_messages_find() and _keep(). */
void subscribe_messages_mark(struct subscribe_messages *messages, const struct token_scope *scope,
	const struct hub_cursor *cursor);

/**
 * Looks for a message that led on from the place marked.
 *
 * @param cursor  moved behind the message when there is one
 * @return a reference, or NULL, also when the message was small and more is there by now
 */
struct subscribe_message *subscribe_messages_find(
	struct subscribe_messages *messages, struct hub *hub, struct hub_cursor *cursor);

/**
 * Keeps a message that led from the place marked to where the cursor stands now.
 *
 * @param message  borrowed
 * @param full     it is good for those who come later too
 */
void subscribe_messages_keep(struct subscribe_messages *messages, const struct hub_cursor *cursor,
	struct subscribe_message *message, bool full);

/* ---- subscribe_read.c: on a reader ---- */

/* Whose a read is, and what the reader does when it has filled it. */
enum subscribe_read_state {
	SUBSCRIBE_READ_OWN,       /* the call's: not asked for yet, refused, or done */
	SUBSCRIBE_READ_AHEAD,     /* the reader's; the call does not wait */
	SUBSCRIBE_READ_AWAITED,   /* the reader's; the call holds and is woken */
	SUBSCRIBE_READ_ABANDONED, /* the reader's, who frees it; the call may be gone */
};

/*
 * One read for a call. Made by the call, filled by the reader, then the call's
 * again: `state` passes it on. The hub may have woken a call just before it
 * held, so that it finds its read done before the reader has woken it; `left`
 * says that the reader touches neither call nor read any more.
 */
struct subscribe_read {
	struct ledger_read read;
	struct rpc_call *call; /* the reader's only while it is awaited */
	const struct service *service;
	_Atomic int state; /* enum subscribe_read_state */
	_Atomic bool left;
	struct arena *arena; /* the reader's, then the call's */
	size_t held;         /* bytes of the answer, counted in the service's stream memory */
	struct fault fault;  /* code FAULT_NONE on success */

	/* asked */
	const struct hub_filter *filter; /* the call's: not for a read ahead */
	int partition;                   /* of events and state */
	int64_t after;                   /* of events */

	/* answered, as asked for; arena */
	struct store_head *heads;
	struct model_event **events; /* references: go with subscribe_read_free() */
	size_t event_count;
	int64_t head; /* that the state includes */
	struct subscribe_packed *packed;
	size_t packed_count;
};

/* A packed tally.v1.Event of the state, with its mark where it needs one. */
struct subscribe_packed {
	const void *bytes;
	size_t size;
};

enum {
	SUBSCRIBE_PAGE = 1024,   /* events of one read */
	SUBSCRIBE_AHEAD_MAX = 4, /* reads ahead under way: more would only delay those that are waited for */
};

struct subscribe_read *subscribe_read_new(struct rpc_call *call, const struct hub_filter *filter);

/**
 * Queues what read->read.run does, for the call to hold until it is done.
 *
 * @return FAULT_NONE; FAULT_EXHAUSTED, also in read->fault
 */
enum fault_code subscribe_read_ask(struct subscribe_read *read);

/** Queues a read of events that nobody waits for yet. @return false when memory or readers have better to do
 */
bool subscribe_read_ahead(struct subscribe_read *read);

/** Waits for a read that was asked for. @return false when it is done; true: hold, it wakes the call */
bool subscribe_read_await(struct subscribe_read *read);

/** Frees a read that is not awaited; one that is under way ahead when it has ended. NULL is fine. */
void subscribe_read_free(struct subscribe_read *read);

/** Do subscriptions hold as much of the store's answers as they may? */
bool subscribe_memory_is_full(const struct service *service);

/** What is asked: do the filter's systems exist? SYSTEM_NOT_FOUND */
void subscribe_read_systems(struct ledger_read *read, struct store *store);

/** What is asked: the heads of all partitions. */
void subscribe_read_heads(struct ledger_read *read, struct store *store);

/** What is asked: events of a partition after a position. */
void subscribe_read_events(struct ledger_read *read, struct store *store);

/** What is asked: the state of a partition, as events that pass the filter. */
void subscribe_read_state(struct ledger_read *read, struct store *store);

/* ---- subscribe_page.c ---- */

/* Events from the store, while a cursor is behind the hub's ring in one partition. */
struct subscribe_page {
	int partition;
	struct subscribe_read *read; /* NULL: events after take.position have to be read */
	struct hub_take take;        /* may go over several reads */
	struct model_event *taken[SUBSCRIBE_EVENTS_MAX]; /* take's */
};

/** Makes a page that has to be read, of the partition that the cursor looks at next. @return owned */
struct subscribe_page *subscribe_page_new(const struct hub_filter *filter, const struct hub_cursor *cursor);

/** NULL is fine. */
void subscribe_page_free(struct subscribe_page *page);

/**
 * Takes events of the page, as hub_pull() does of the ring.
 *
 * @param[out] events  SUBSCRIBE_EVENTS_MAX; references for the caller
 * @param[out] count   of events
 * @return HUB_BEHIND: read on; HUB_EVENTS: there may be more; HUB_IDLE: it is used up. Both of these with
 * events or without
 */
enum hub_pulled subscribe_page_pull(
	struct subscribe_page *page, struct hub_cursor *cursor, struct model_event **events, size_t *count);

/* ---- subscribe_ahead.c ---- */

/* Reads of the pages that are expected to follow. Zero: none. */
struct subscribe_ahead {
	struct subscribe_read *first, *second; /* owned or NULL; under way or done */
};

/**
 * Has what follows a page be read too, if memory and readers allow it.
 *
 * @param cursor  stands where the page begins, or behind
 * @param read    the page's: done, with one event at least
 */
void subscribe_ahead_follow(struct subscribe_ahead *ahead, struct rpc_call *call,
	const struct hub_cursor *cursor, const struct subscribe_read *read);

/** Takes what was read ahead for a page. @return owned, to be awaited; NULL: nothing, and wrong guesses are
 * dropped */
struct subscribe_read *subscribe_ahead_take(struct subscribe_ahead *ahead, const struct subscribe_page *page);

void subscribe_ahead_drop(struct subscribe_ahead *ahead);

#endif
