/*
 * How often each client address may call. The memory is fixed: a table of
 * places, each for one address while it is busy. An address that has been
 * quiet long enough stands where a new one does, so forgetting it changes
 * nothing; only when a whole row of busy ones is full do two share a place.
 * The queue's thread only.
 */
#ifndef TRANSPORT_RATES_H
#define TRANSPORT_RATES_H

#include <stdint.h>

#include "base/fault.h"

enum {
	RATES_ROWS = 1024, /* a power of two */
	RATES_PLACES = 4,  /* of a row */
};

struct rate {
	uint64_t address; /* its hash */
	int64_t even_ns;  /* when all its calls will have been paid for; in the past: it is quiet */
};

struct rates {
	int per_second; /* 0: any number, and there is no table */
	struct rate *rows;
};

/** @param per_second  calls that an address may begin in a second, and at once after a second of rest */
void rates_init(struct rates *rates, int per_second);

void rates_done(struct rates *rates);

/**
 * Counts a call.
 *
 * @param peer    borrowed; the connection's address as the C core writes it; its port does not count. Unix
 *                sockets are not counted: their clients have no address
 * @param now_us  by clock_steady_us()
 * @return FAULT_NONE; FAULT_EXHAUSTED (TOO_MANY_REQUESTS) with retry_after_ms
 */
enum fault_code rates_take(struct rates *rates, const char *peer, int64_t now_us, struct fault *fault);

#endif
