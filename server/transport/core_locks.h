/* The C core's locks. */
#ifndef TRANSPORT_CORE_LOCKS_H
#define TRANSPORT_CORE_LOCKS_H

#include <stdbool.h>

/**
 * Keeps the C core's locks from checking the order they are taken in: for the
 * whole process, before grpc_init().
 *
 * @return was there such a check to turn off?
 */
bool core_locks_trust(void);

#endif
