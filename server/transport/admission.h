/*
 * Who may come in: how many calls and streams there are, whose they are, how
 * often each address calls, and how many bytes of requests are held for all
 * of them. The queue's thread only.
 */
#ifndef TRANSPORT_ADMISSION_H
#define TRANSPORT_ADMISSION_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/map.h"
#include "transport/rates.h"

/* Zero it, then set the limits and begin the rates. */
struct admission {
	int max_calls; /* streams not counted */
	int max_streams;
	int max_streams_per_connection;
	size_t max_bytes;
	struct rates rates;
	int calls;
	int streams;
	size_t bytes;
	struct map connections; /* owned struct connection, by peer; only those with streams, so at most
				   max_streams */
};

/** Frees the table of connections; nobody may be inside. */
void admission_done(struct admission *admission);

/**
 * Lets a call in, or says why not.
 *
 * Clients on a Unix socket have no address that tells them apart, so for them
 * only the limits over all connections count.
 *
 * @param stream  does the server write a stream?
 * @param peer    borrowed; the connection's address as the C core writes it
 * @param now_us  by clock_steady_us()
 * @return FAULT_NONE: admission_leave() must follow; FAULT_EXHAUSTED (TOO_MANY_CALLS, TOO_MANY_STREAMS,
 * TOO_MANY_REQUESTS)
 */
enum fault_code admission_enter(
	struct admission *admission, bool stream, const char *peer, int64_t now_us, struct fault *fault);

/** Lets a call out again; the same arguments as when it came in. */
void admission_leave(struct admission *admission, bool stream, const char *peer);

/**
 * Asks for room for a request that has arrived; one alone always has it.
 *
 * @return FAULT_NONE: admission_give_back() must follow; FAULT_EXHAUSTED (TOO_MANY_BYTES)
 */
enum fault_code admission_take(struct admission *admission, size_t size, struct fault *fault);

/** Gives the room of a request back. */
void admission_give_back(struct admission *admission, size_t size);

#endif
