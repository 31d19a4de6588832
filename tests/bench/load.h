/*
 * Calls in a closed loop: so many at once, a new one as soon as one is answered.
 *
 * It speaks to the C core directly, with one completion queue for all calls.
 * libtally blocks a thread for each call; 64 threads that wake each other would
 * take CPU from the server and the database, which stand on the same machine.
 */
#ifndef BENCH_LOAD_H
#define BENCH_LOAD_H

#include <grpc/grpc.h>
#include <stdbool.h>
#include <stdint.h>

struct load {
	const char *address;
	const char *method;
	int outstanding;
	int connections;
	int64_t run_us;     /* no call is started later; 0: until calls_max */
	uint64_t calls_max; /* no more than so many; 0: no bound */
	/* Makes the next request. @return owned */
	grpc_slice (*request)(void *context);
	/* Looks at an answer's bytes; ends the program when they are wrong. NULL: any will do. */
	void (*answer)(void *context, const uint8_t *bytes, size_t size);
	void *context;
};

struct load_result {
	uint64_t calls;
	double per_s;
	double p50_ms, p99_ms;
};

/** Runs it; a call that fails ends the program. */
struct load_result load_run(const struct load *load);

/** Makes one call. @param request borrowed @return owned: the answer */
grpc_slice load_call(const char *address, const char *method, grpc_slice request);

/** Makes a channel with a connection of its own. @return owned */
grpc_channel *load_channel(const char *address);

#endif
