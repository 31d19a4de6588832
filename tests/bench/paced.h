/* Calls at a steady rate on a thread of their own. */
#ifndef BENCH_PACED_H
#define BENCH_PACED_H

#include <grpc/grpc.h>
#include <stdint.h>

struct paced;

struct paced_options {
	const char *address;
	const char *method;
	int per_s;
	int64_t run_us;
	/* Makes the next request, on the thread. @return owned */
	grpc_slice (*request)(void *context);
	void *context;
};

/** Starts. @return owned */
struct paced *paced_start(const struct paced_options *options);

/** Waits for its end. */
void paced_wait(struct paced *paced);

#endif
