/*
 * Where it is measured: a Postgres of its own, as durable as tallyd's own one,
 * and the programs that are started beside it. All of it goes with this
 * program, however that ends.
 */
#ifndef BENCH_PLACE_H
#define BENCH_PLACE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct place;
struct program;

/**
 * Starts Postgres. Call it before gRPC is used.
 *
 * @param sockets  do all connections, those to Postgres and those of gRPC, go over Unix sockets? else over
 *                 the loopback; so what stands beside each other pays alike for the way
 * @return owned
 */
struct place *place_new(bool sockets);
void place_free(struct place *place);

/** Makes an empty database. @return owned: its URL; free() */
char *place_database(struct place *place);

/**
 * Returns the CPU time in microseconds that all who take part have used: this program, Postgres with its
 * backends, also those that have ended, and a server. Other load on the machine does not count, so it says
 * more than the time that passed where there is any.
 *
 * @param server  borrowed; may be NULL
 */
int64_t place_cpu_us(const struct place *place, const struct program *server);

/**
 * Starts a program that stands beside this one, on an address of its own, and waits until it accepts
 * connections.
 *
 * @param name       tallyd, bench-echo or bench-stream
 * @param arguments  borrowed; more of them behind `--listen ADDRESS`; NULL-terminated, or NULL
 * @return owned
 */
struct program *place_start(struct place *place, const char *name, const char *const *arguments);

/** Starts a tallyd on a database, with room for as many streams as the scenarios open. @return owned */
struct program *place_tallyd(struct place *place, const char *database);

/** As place_tallyd(), with such budgets for views and recent events. @param size as tallyd reads it */
struct program *place_small_tallyd(struct place *place, const char *database, const char *size);

/** Returns host:port or unix:/path. @return borrowed */
const char *program_address(const struct program *program);

/** Returns what it holds in memory, in bytes. */
int64_t program_memory_bytes(const struct program *program);

/** Returns the CPU time that it has used, in microseconds. */
int64_t program_cpu_us(const struct program *program);

/** Ends a program and waits for its end. NULL is fine. */
void program_stop(struct program *program);

#endif
