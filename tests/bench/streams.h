/*
 * Many streams, received by one thread.
 *
 * It speaks to the C core directly, with one completion queue for all streams:
 * libtally blocks a thread for each.
 */
#ifndef BENCH_STREAMS_H
#define BENCH_STREAMS_H

#include <grpc/grpc.h>
#include <stdbool.h>
#include <stdint.h>

struct streams;

/** Is told of each message. @param stream counts from 0 @param bytes borrowed for the call */
typedef void streams_message_fn(void *context, int stream, const uint8_t *bytes, size_t size);

struct streams_options {
	const char *address;
	const char *method;
	grpc_slice request; /* of each; borrowed */
	int count;
	int connections;
	streams_message_fn *message;
	void *context;
};

/** Opens them; a stream that ends by itself ends the program. @return owned */
struct streams *streams_open(const struct streams_options *options);

/**
 * Receives until enough is there or the time is over.
 *
 * @param enough  asked after each message; NULL: never
 * @return was it enough?
 */
bool streams_receive(struct streams *streams, int64_t for_us, bool (*enough)(void *context));

/** Cancels them and waits for their ends. */
void streams_close(struct streams *streams);

#endif
