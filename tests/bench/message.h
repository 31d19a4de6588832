/* Looking at packed messages without unpacking them, which would cost more than receiving them. */
#ifndef BENCH_MESSAGE_H
#define BENCH_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One field of a message; `size` is 0 where it is a number. */
struct message_field {
	uint32_t number;
	uint64_t value;
	const uint8_t *bytes; /* borrowed from the message */
	size_t size;
};

/**
 * Steps to the next field; ends the program when the bytes are not a message.
 *
 * @param at  moves; the message's first byte at the start
 * @return false at the end
 */
bool message_next(const uint8_t **at, const uint8_t *end, struct message_field *field);

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
