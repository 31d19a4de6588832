/* What the parts of tally-check share. */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/event.h"
#include "model/finding.h"
#include "model/kind.h"

enum {
	CHECK_SERVERS_MAX = 8,
	CHECK_SYSTEMS_MAX = 1000,
	EXIT_VIOLATION = 1,
	EXIT_TROUBLE = 2,
};

struct options {
	const char *servers[CHECK_SERVERS_MAX];
	size_t server_count;
	const char *database; /* libpq URL */
	const char *journal;  /* folder */
	const char *prefix;   /* of the systems that are written */
	int seconds;          /* how long to write */
	int pushes;           /* or so many writes; 0: no bound */
	int writers;
	int subscribers;
	int systems;
	int size;       /* bytes of filling in a descriptor */
	int stall_s;    /* one subscriber stops reading for so long; 0: none does */
	int settle_s;   /* how long subscribers may take to hear the rest */
	int linger_s;   /* how long they stay when all was heard: only checkpoints may come */
	int patience_s; /* how long a write is tried when nobody answers */
	int slack_ms;   /* what a checkpoint may be late */
	int past;       /* past revisions of each system that are evaluated anew */
	uint64_t seed;
};

/** Says what is wrong and ends the program with EXIT_VIOLATION. */
_Noreturn void violation(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Says why nothing can be checked and ends the program with EXIT_TROUBLE. */
_Noreturn void trouble(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Says what is being done, on standard error. */
void progress(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Allocates zeroed elements or ends the program. @return owned: free() */
void *check_array(size_t count, size_t size);

/** Makes room for one more element behind `count`; arrays double. @param room of the array, changed @return
 * the array */
void *check_room(void *array, size_t count, size_t *room, size_t size);

/** Says in short which ids these are, whatever their order: their number and a digest. @param ids sorted by
 * this
 * @return arena */
const char *check_ids(struct arena *arena, const char **ids, size_t count);

/* A source of chance that can be repeated. */
struct dice {
	uint64_t state;
};

/** @param number tells the dice of one seed apart */
struct dice dice_new(uint64_t seed, uint64_t number);

/** Returns a number from 0 to below `sides`. */
int dice_roll(struct dice *dice, int sides);

/** Writes and listens until time or writes are over, then waits until all was heard. */
void check_run(const struct options *options);

/** Holds the journals against the database. */
void check_verify(const struct options *options);

#endif
