/*
 * A transport, a reader and a clock for tests of streams: everything on one
 * thread, when the test says so.
 */
#ifndef FAKE_CALL_H
#define FAKE_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/ledger.h"
#include "transport/rpc.h"

/* What clock_steady_us() says. */
extern int64_t fake_now_us;

/* Reads are queued until fake_serve() instead of run at once. */
extern bool fake_defers_reads;

/* ledger_read() refuses. */
extern bool fake_refuses_reads;

/* Gets each message that a stream writes, joined. */
typedef void fake_message_fn(void *context, const void *bytes, size_t size, bool more);

struct fake_call {
	fake_message_fn *message;
	void *message_context;
	bool slow; /* writes do not end */

	/* to look at */
	bool answered;
	struct fault fault; /* code FAULT_NONE: ended well */
	bool parked;
	int64_t until_us;
	struct rpc_call *call;
};

/** Opens a stream and runs it until it waits. @param context rpc_context() @param request borrowed for the
 * call's life */
void fake_open(struct fake_call *fake, const struct rpc_method *method, void *context, const void *request,
	size_t size);

/** Runs what has become due: a wake, a time, a write that was slow. */
void fake_go(struct fake_call *fake);

/** The client goes, or the server drains; runs what follows. */
void fake_cancel(struct fake_call *fake);
void fake_drain(struct fake_call *fake);

/** Releases and frees a call; it must be answered, or parked. */
void fake_close(struct fake_call *fake);

/** Runs the reads that wait. @param store given to them */
void fake_serve(struct store *store);

#endif
