/* ^C and time limits for commands that wait. */
#ifndef COMMAND_INTERRUPT_H
#define COMMAND_INTERRUPT_H

#include <stdbool.h>

#include "tally.h"

struct interrupt;

/**
 * Takes SIGINT and SIGTERM over. Call it before any other thread starts: they
 * inherit what is blocked.
 *
 * @param limit_ms  interrupts by itself after this time; 0: never
 * @return owned: interrupt_free()
 */
struct interrupt *interrupt_new(int limit_ms);

/** Ends the thread that waits for signals. NULL is fine. */
void interrupt_free(struct interrupt *interrupt);

/** Names the stream to cancel, NULL for none. Cancels it at once when the interrupt has come already. */
void interrupt_watch(struct interrupt *interrupt, struct tally_stream *stream);

/** Sleeps, but not longer than until the interrupt. */
void interrupt_sleep(struct interrupt *interrupt, int ms);

/** Has it come? */
bool interrupt_came(struct interrupt *interrupt);

#endif
