/* What call.c, operations.c and server.c share about a call. For this room only. */
#ifndef TRANSPORT_CALL_H
#define TRANSPORT_CALL_H

#include <stdatomic.h>

#include <grpc/byte_buffer.h>
#include <grpc/grpc.h>

#include "transport/rpc.h"
#include "transport/tag.h"
#include "transport/timers.h"

enum {
	CALL_PATH_MAX = 200, /* longer paths are no method of ours and are cut in messages and logs */
};

/* What must happen before the next step runs. */
enum call_wait {
	CALL_RUNS,   /* nothing: a step is running        */
	CALL_OPENS,  /* the request has not arrived whole */
	CALL_READS,  /* rpc_read()                        */
	CALL_WRITES, /* rpc_write()                       */
	CALL_PARKS,  /* rpc_park()                        */
	CALL_HOLDS,  /* rpc_hold()                        */
};

struct rpc_call {
	/* ---- fixed once the first step runs; read by any thread ---- */
	struct rpc_server *server;       /* borrowed */
	const struct rpc_method *method; /* borrowed; NULL: refused before it became one */
	grpc_call *core;
	struct tag wake_tag;
	struct arena *arena; /* what is in it belongs to the queue's thread, or to the thread that a hold
				waits for */
	void *state;         /* in the arena */

	/* ---- any thread ---- */
	_Atomic bool wake_posted; /* the wake's tag is in the queue, or about to be */
	_Atomic bool replied;     /* by the thread that a hold waits for; its batch is in flight */

	/* ---- the queue's thread ---- */
	struct rpc_call *next; /* of the server's live calls */
	struct rpc_call *previous;
	rpc_step_fn *step;
	enum call_wait wait;
	int64_t until_us; /* of CALL_OPENS and CALL_PARKS */
	struct timer timer;
	int in_flight;    /* batches whose tags have not come back, the wake's not counted */
	bool admitted;    /* counted by admission */
	bool opened;      /* initial metadata was sent */
	bool receiving;   /* a RECV_MESSAGE is in flight */
	bool answered;    /* no step runs any more */
	bool released;    /* only the wake's tag is still awaited */
	bool cancelled;   /* the core ended the call: client gone, deadline passed, connection lost */
	bool woken;       /* a wake came that no step has seen */
	bool told_cancel; /* parking returned because of it: once, or a careless step would spin */
	bool told_drain;

	char path[CALL_PATH_MAX + 1]; /* printable */
	char *peer;                   /* gpr_free() */
	struct model_principal principal;
	int64_t started_us;
	int64_t deadline_us;

	grpc_byte_buffer *received; /* where RECV_MESSAGE puts it */
	grpc_slice request;         /* the message, contiguous; small ones lie in this very struct */
	bool has_request;
	size_t held_bytes; /* of it, counted by admission */
	grpc_byte_buffer *sending;
	grpc_slice status_message;
	grpc_slice status_details;
	int close_cancelled; /* where RECV_CLOSE puts it */

	int code; /* the status sent */
	size_t request_bytes;
	size_t messages_sent;

	struct tag closed_tag;
	struct tag received_tag;
	struct tag opened_tag;
	struct tag sent_tag;
	struct tag ended_tag;
	struct tag replied_tag;
};

/* ---- call.c ---- */

/** Takes a call that the core has accepted: answers it at once or runs its first step when it may. @param
 * core taken */
void call_accept(struct rpc_server *server, grpc_call *core, const grpc_call_details *details,
	const grpc_metadata_array *metadata);

/** Looks whether what a call waits for has come, and runs its steps then. May free the call. */
void call_poke(struct rpc_call *call);

/* ---- operations.c ---- */

/** Starts one batch and counts it. A batch that the core refuses is our mistake: aborts. */
void call_start(struct rpc_call *call, const grpc_op *ops, size_t count, struct tag *tag);

/** Starts to receive a message, if none is awaited already. */
void call_receive(struct rpc_call *call);

/** Forgets the message that rpc_request() gives. */
void call_drop_request(struct rpc_call *call);

/* ---- call_log.c ---- */

/** Writes the line of a call that has ended. */
void call_log(const struct rpc_call *call);

#endif
