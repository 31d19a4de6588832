/*
 * How calls arrive, wait and end. A call is a list of named steps that run on
 * the thread of its completion queue, which never blocks. This is the only
 * room with <grpc/...>; it knows bytes, steps and status, no message type.
 */
#ifndef TRANSPORT_RPC_H
#define TRANSPORT_RPC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"
#include "model/principal.h"

struct rpc_call;
struct rpc_server;

/* What a step returns. */
enum rpc_next {
	RPC_MORE, /* run the next step now */
	RPC_WAIT, /* something is under way; the next step runs when it has ended */
	RPC_DONE, /* the call has been answered: by rpc_reply(), rpc_fail() or rpc_end() */
};

typedef enum rpc_next rpc_step_fn(struct rpc_call *call);

/* One method; tables of them are given to the server. */
struct rpc_method {
	const char *path;   /* "/tally.v1.SystemService/GetSystem" */
	rpc_step_fn *first; /* runs when the request has arrived whole; with reads_stream, when the call has
			       come in */
	size_t state_size;  /* bytes of the call's own state, zeroed */
	void (*release)(void *state); /* frees what the state holds, once nothing uses it; also of a call
					 whose first step never ran: the state is zero then; may be NULL */
	bool reads_stream;            /* the client sends several messages: rpc_read() */
	bool writes_stream;           /* the server sends several messages: rpc_write(), rpc_end() */
};

/* ---- of a call; on its queue's thread only ---- */

/** Names the step that follows. */
void rpc_then(struct rpc_call *call, rpc_step_fn *step);

/** @return the method's state */
void *rpc_state(struct rpc_call *call);

/** @return what the server was given for its methods */
void *rpc_context(struct rpc_call *call);

/** @return the call's arena; a thread that the call waits for may use it meanwhile */
struct arena *rpc_arena(struct rpc_call *call);

/** Returns the request, or after rpc_read() the message read. NULL: the client sends no more. Borrowed,
 * contiguous; a method that only writes a stream has it in its first step only. */
const uint8_t *rpc_request(struct rpc_call *call, size_t *size);

/** @return who calls; borrowed, lives as long as the call */
const struct model_principal *rpc_principal(struct rpc_call *call);

/** Returns when the client stops waiting, by clock_steady_us(); INT64_MAX: never. */
int64_t rpc_deadline_us(struct rpc_call *call);

/** Has the client gone, or the deadline passed? */
bool rpc_cancelled(struct rpc_call *call);

/** Is the server draining? Streams then end with UNAVAILABLE. */
bool rpc_draining(struct rpc_call *call);

/** Answers a unary call. @param message borrowed; copied @return RPC_DONE */
enum rpc_next rpc_reply(struct rpc_call *call, const void *message, size_t size);

/** Ends a call with an error. @param fault borrowed @return RPC_DONE */
enum rpc_next rpc_fail(struct rpc_call *call, const struct fault *fault);

/** Ends a stream well. @return RPC_DONE */
enum rpc_next rpc_end(struct rpc_call *call);

/**
 * Reads the client's next message of a stream: rpc_request() gives it to the
 * next step. NULL there means that none will come: the client has finished or
 * gone, or the server drains.
 *
 * @return RPC_WAIT
 */
enum rpc_next rpc_read(struct rpc_call *call);

/* A piece of a message. With `owner` the bytes are not copied: release(owner) is called once, from any
 * thread, when they were sent or will not be. */
struct rpc_piece {
	const void *bytes;
	size_t size;
	void *owner; /* NULL: copied */
	void (*release)(void *owner);
};

/**
 * Sends one message of a stream, made of pieces without joining them.
 *
 * @param pieces  borrowed
 * @param more    another message follows at once: this one is held back for it, for ever if none comes
 * @return RPC_WAIT: until the next one may be sent
 */
enum rpc_next rpc_write(struct rpc_call *call, const struct rpc_piece *pieces, size_t count, bool more);

/**
 * Waits for rpc_wake(), a time, cancellation or the drain, whichever comes
 * first. A wake that came since the last step is not lost. Cancellation and
 * drain end one wait each, so a step looks at rpc_cancelled() and
 * rpc_draining() afterwards; a cancelled call that parks again just ends.
 *
 * @param until_us  by clock_steady_us(); INT64_MAX: no time
 * @return RPC_WAIT
 */
enum rpc_next rpc_park(struct rpc_call *call, int64_t until_us);

/**
 * Waits for work that another thread does for this call and that ends with
 * exactly one rpc_wake(). Neither time, cancellation nor drain cuts it short,
 * because that thread uses the call's memory. A call that others wake too (a
 * subscriber) may find the work not done yet, and holds again.
 *
 * @return RPC_WAIT
 */
enum rpc_next rpc_hold(struct rpc_call *call);

/* ---- from any thread ---- */

/**
 * Answers a unary call that holds, in place of the wake that would have ended
 * it: no step runs any more, and the client need not wait until another thread
 * has its turn. Takes as long as sending does. What was written before is seen
 * by the release function; after it the call is not to be used.
 *
 * @param message  borrowed; copied
 */
void rpc_reply_held(struct rpc_call *call, const void *message, size_t size);

/**
 * Runs the next step of a call that parks or holds, soon, on its own thread;
 * several wakes before that are one. What was written before is seen by the
 * step. This and rpc_reply_held() are all that other threads may call, and only
 * while the call lives: it holds, or its release function has not run.
 */
void rpc_wake(struct rpc_call *call);

/* ---- the server ---- */

struct rpc_listener {
	const char *address; /* host:port or unix:/path; port 0 chooses one */
};

/* Turns a fault into a status. @param[out] message, details  arena; UTF-8; details above 4 KiB are left out
 */
typedef void rpc_status_fn(const struct fault *fault, struct arena *arena, int *code, const char **message,
	const void **details, size_t *details_size);

struct rpc_options {
	const struct rpc_listener *listeners;
	size_t listener_count;
	bool insecure;            /* plaintext on other than loopback addresses is wanted */
	size_t max_message_bytes; /* of requests */
	int request_ms;           /* how long a request may take to arrive whole; 0: a minute */
	size_t max_bytes;         /* of requests at once, of all peers; 0: 128 MiB */
	int max_calls_per_second; /* of one address; 0: any number */
	int max_calls;            /* at once, of all peers; more are refused with RESOURCE_EXHAUSTED */
	int max_streams;          /* the same for streams that the server writes, which are no calls here */
	int max_streams_per_connection;
	const struct rpc_method *const *methods; /* ends with NULL; the tables below it end with path NULL */
	void *context;
	rpc_status_fn *status;
};

/**
 * Tells whether an address may be listened at, before anything else is started.
 *
 * @param address   borrowed; host:port, or unix:/path, which is told only when it is bound
 * @param insecure  may plaintext go over other interfaces than loopback?
 * @return FAULT_NONE; FAULT_INVALID (LISTEN_REFUSED, LISTEN_FAILED) with the address
 */
enum fault_code rpc_address_check(const char *address, bool insecure, struct fault *fault);

/**
 * Binds and starts to serve on a thread of its own.
 *
 * @param options  borrowed until rpc_server_free(); a copy of the struct is kept
 * @param[out] server  owned
 * @return FAULT_NONE; FAULT_INVALID (LISTEN_REFUSED, LISTEN_FAILED) with the address
 */
enum fault_code rpc_server_start(
	const struct rpc_options *options, struct rpc_server **server, struct fault *fault);

/** Returns the address that a listener was bound to, with its port. @return borrowed */
const char *rpc_server_address(const struct rpc_server *server, size_t listener);

/**
 * Takes no new calls, tells streams to end, waits for calls in flight up to
 * grace_ms, cancels what is left, waits for those that hold, and joins the
 * thread. Not to be called from a step.
 */
void rpc_server_drain(struct rpc_server *server, int grace_ms);

/** Frees a drained server. NULL is fine. */
void rpc_server_free(struct rpc_server *server);

/** Returns the number of calls at this moment. */
int rpc_server_calls(struct rpc_server *server);

#endif
