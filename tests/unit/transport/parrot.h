/* A service for the tests of the transport: one method for each way a call can wait and end. */
#ifndef TRANSPORT_PARROT_H
#define TRANSPORT_PARROT_H

#include <stdatomic.h>

#include "transport/rpc.h"

/* What the methods do, as the test's thread sees it: rpc_context(). */
struct parrot {
	_Atomic int parked;         /* calls that have parked */
	_Atomic int held;           /* holds that have begun */
	_Atomic int worked;         /* holds' threads that have used the arena and ended */
	_Atomic int seen_cancelled; /* steps that found their call cancelled after waiting */
	_Atomic int released;       /* states released */
	_Atomic int written;        /* messages whose write has ended */
	_Atomic int pieces_made;
	_Atomic int pieces_released;
	_Atomic int64_t left_us; /* until the deadline, as the last call to Park saw it */
	_Atomic int hold_ms;     /* how long a hold's thread works */
};

/* Requests of Count: how many messages, of which size. */
struct parrot_count {
	uint32_t messages;
	uint32_t bytes;
};

extern const struct rpc_method *const parrot_methods[];

/** Code, message and, for a fault with reason DETAILED, the details "\x01\x02". */
void parrot_status(const struct fault *fault, struct arena *arena, int *code, const char **message,
	const void **details, size_t *details_size);

#endif
