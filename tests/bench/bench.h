/* What the parts of the bench share. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "tally.h"
#include "tally/v1/descriptor_service.pb-c.h"

struct options {
	const char *server;   /* of the tallyd under test */
	const char *database; /* libpq URL of the same Postgres, for the baseline */
	int pushes;
	size_t size; /* packed bytes of the descriptor that is pushed */
	int clients; /* at once, for the throughput */
	int systems; /* that they push to in turns */
};

/** Ends the program with a sentence. */
_Noreturn void give_up(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Makes a descriptor of each of the eight kinds, complete as teams write them. @return arena; 8 elements */
Tally__V1__Descriptor **bench_descriptors(struct arena *arena, const char *system);

/**
 * Makes raw data whose packed size is at least `size` bytes.
 *
 * @param turn  makes each one's content another
 * @return arena
 */
Tally__V1__Descriptor *bench_raw_data(struct arena *arena, const char *system, size_t size, int turn);

/* The same bytes, committed by plain libpq in one durable transaction per call. */
struct baseline;
void baseline_prepare(const char *database);
void baseline_remove(const char *database);
struct baseline *baseline_open(const char *database);
void baseline_commit(struct baseline *baseline, const void *bytes, size_t size);
void baseline_close(struct baseline *baseline);

/**
 * Makes a system with descriptors of all eight kinds.
 *
 * @param[out] system  its id, at least 40 bytes
 */
void bench_create_system(struct tally_client *client, char *system, size_t size);

/** Pushes and ends the program when nothing changed or the server refused. */
void bench_push_one(struct tally_client *client, const char *system, Tally__V1__Descriptor *descriptor);

/** Latency of pushing into a system that has all eight kinds, beside the baseline in turns. */
void bench_push(const struct options *options);

/** Pushes per second of many clients, beside as many baseline connections. */
void bench_throughput(const struct options *options);

#endif
