/* Who may come in: how many calls and streams there are, and whose they are. The queue's thread only. */
#ifndef TRANSPORT_ADMISSION_H
#define TRANSPORT_ADMISSION_H

#include <stdbool.h>

#include "base/fault.h"
#include "base/map.h"

/* Zero it, then set the limits. */
struct admission {
	int max_calls;
	int max_streams;
	int max_streams_per_connection;
	int calls;
	int streams;
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
 * @return FAULT_NONE: admission_leave() must follow; FAULT_EXHAUSTED (TOO_MANY_CALLS, TOO_MANY_STREAMS)
 */
enum fault_code admission_enter(
	struct admission *admission, bool stream, const char *peer, struct fault *fault);

/** Lets a call out again; the same arguments as when it came in. */
void admission_leave(struct admission *admission, bool stream, const char *peer);

#endif
