/* Where the server listens: TCP ports and Unix sockets. */
#ifndef TRANSPORT_LISTEN_H
#define TRANSPORT_LISTEN_H

#include <stdbool.h>
#include <sys/types.h>

#include <grpc/grpc.h>

#include "base/fault.h"

/* One place that is listened at. All zero is none. */
struct listen_bound {
	char *address; /* owned; as given, with the port that was chosen */
	char *path;    /* owned; of a Unix socket, else NULL */
	dev_t device;  /* of the socket file, so that only our own is removed */
	ino_t inode;
};

/**
 * Binds an address to a server that has not started.
 *
 * @param address   borrowed; host:port or unix:/path
 * @param insecure  may plaintext go over other interfaces than loopback?
 * @param[out] bound  owned; free with listen_done()
 * @return FAULT_NONE; FAULT_INVALID (LISTEN_REFUSED, LISTEN_FAILED) with the address
 */
enum fault_code listen_bind(grpc_server *core, const char *address, bool insecure, struct listen_bound *bound,
	struct fault *fault);

/** Tells without binding it whether an address is understood and allowed. @param address, insecure as above
 * @return FAULT_NONE; FAULT_INVALID (LISTEN_REFUSED, LISTEN_FAILED) with the address */
enum fault_code listen_check(const char *address, bool insecure, struct fault *fault);

/** Removes the socket file, if it is still ours, and frees the rest. */
void listen_done(struct listen_bound *bound);

#endif
