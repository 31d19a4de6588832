/* Looking at packed messages without unpacking them, which would cost more than receiving them. */
#ifndef BENCH_MESSAGE_H
#define BENCH_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

/** Counts the fields of a number in a packed message; ends the program when it is not one. */
size_t message_count(const uint8_t *bytes, size_t size, uint32_t field);

/**
 * Finds the last field of a number that has bytes: text or a message.
 *
 * @param[out] found_size  0 when there is none
 * @return borrowed from `bytes`
 */
const uint8_t *message_bytes(const uint8_t *bytes, size_t size, uint32_t field, size_t *found_size);

/** Returns the last number in fields of this number, 0 without one. */
uint64_t message_number(const uint8_t *bytes, size_t size, uint32_t field);

#endif
