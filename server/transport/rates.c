/* Each address is a token bucket, kept as the one moment at which it will be full again. */
#include "transport/rates.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"

#define SECOND_NS INT64_C(1000000000)

enum {
	ADDRESS_MAX = 128
};

void rates_init(struct rates *rates, int per_second)
{
	*rates = (struct rates){.per_second = per_second};
	if (per_second == 0)
		return;
	rates->rows = calloc((size_t)RATES_ROWS * RATES_PLACES, sizeof(*rates->rows));
	if (!rates->rows)
		abort();
}

void rates_done(struct rates *rates)
{
	free(rates->rows);
	*rates = (struct rates){0};
}

/* Hashes an address without its port: "ipv4:10.0.0.1:5000", "ipv6:%5B::1%5D:5000". */
static uint64_t address_of(const char *peer)
{
	char address[ADDRESS_MAX];
	const char *port = strrchr(peer, ':');
	int length = port ? (int)(port - peer) : (int)strlen(peer);
	snprintf(address, sizeof(address), "%.*s", length, peer);
	return map_hash(address);
}

/* The address's own place, else one that nobody needs, else one that it has to share. */
static struct rate *place_of(struct rates *rates, uint64_t address, int64_t now_ns)
{
	struct rate *row = &rates->rows[(address & (RATES_ROWS - 1)) * RATES_PLACES];
	struct rate *quiet = NULL;
	for (size_t i = 0; i < RATES_PLACES; i++) {
		if (row[i].address == address)
			return &row[i];
		if (row[i].even_ns <= now_ns)
			quiet = &row[i];
	}
	if (!quiet)
		return &row[(address >> 32) % RATES_PLACES];
	*quiet = (struct rate){.address = address, .even_ns = now_ns};
	return quiet;
}

static enum fault_code refuse(const struct rates *rates, int64_t wait_ns, struct fault *fault)
{
	fault_set(fault, FAULT_EXHAUSTED, "TOO_MANY_REQUESTS",
		"this address may begin %d calls a second; slow down", rates->per_second);
	fault->retry_after_ms = wait_ns / 1000000 + 1;
	fault_add(fault, "limit_per_second", "%d", rates->per_second);
	return FAULT_EXHAUSTED;
}

enum fault_code rates_take(struct rates *rates, const char *peer, int64_t now_us, struct fault *fault)
{
	if (rates->per_second == 0 || strncmp(peer, "unix:", 5) == 0)
		return FAULT_NONE;
	int64_t now_ns = now_us * 1000;
	struct rate *rate = place_of(rates, address_of(peer), now_ns);
	int64_t even_ns = rate->even_ns > now_ns ? rate->even_ns : now_ns;
	even_ns += SECOND_NS / rates->per_second;
	if (even_ns - now_ns > SECOND_NS)
		return refuse(rates, even_ns - now_ns - SECOND_NS, fault);
	rate->even_ns = even_ns;
	return FAULT_NONE;
}
