/*
 * What the raw servers share: the C core with one completion queue and one
 * thread, as tallyd has it, and nothing else. They show what the core itself
 * gives on this machine.
 *
 * A method that keeps (KEEP) takes the bytes that the others then send, so
 * that a server sends what tallyd was seen to send.
 */
#ifndef BASELINE_RAW_H
#define BASELINE_RAW_H

#include <grpc/grpc.h>
#include <stdbool.h>
#include <stdint.h>

#define RAW_KEEP    "/bench.Raw/Keep"
#define RAW_ECHO    "/bench.Raw/Echo"
#define RAW_FLOOD   "/bench.Raw/Flood"   /* the kept bytes again and again */
#define RAW_WAIT    "/bench.Raw/Wait"    /* the kept bytes once, and then those that are published */
#define RAW_PUBLISH "/bench.Raw/Publish" /* sends to all who wait; the first eight bytes become the time */

/* What an operation's end means; embedded in a call, one for each kind of operation. */
struct raw_tag {
	void (*done)(void *owner, bool ok);
	void *owner;
};

/* One call. */
struct raw_call {
	const struct raw_method *method;
	grpc_call *core;
	grpc_byte_buffer *request;
	struct raw_tag arrived, sent, closed;
	grpc_metadata_array metadata;
	gpr_timespec deadline;
	int cancelled;
	/* the stream server's */
	struct raw_call *before, *behind; /* in the list of those who wait */
	bool sending, gone;
	uint64_t next; /* publication */
};

struct raw_method {
	const char *path;
	void (*run)(struct raw_call *call); /* answers; the call is its own from then on */
	void *handle;                       /* of the core */
};

/** Serves on the address behind --listen until the process is ended. */
_Noreturn void raw_serve(int count, char **arguments, struct raw_method *methods, size_t method_count);

/** Answers with one message and ends the call. @param answer borrowed */
void raw_answer(struct raw_call *call, grpc_slice answer);

/** Keeps the request's bytes and answers with them. */
void raw_keep(struct raw_call *call);

/** Returns what was kept. @return borrowed */
grpc_slice raw_kept(void);

/** Frees a call that nothing is in flight of. */
void raw_call_free(struct raw_call *call);

/** Starts operations; that the core refuses them would be our mistake. */
void raw_start(struct raw_call *call, const grpc_op *operations, size_t count, struct raw_tag *tag);

#endif
