/* Radix sort. Knows nothing of what is sorted. */
#include "profile/sort.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	FEW = 48,
	DIGITS = 8,
	DIGIT_VALUES = 256,
	DIGITS_FIRST = 4,   /* as many of the highest ones nearly always sort doubles */
	STEPS_FOR_EACH = 4, /* steps to the right place that are fewer than the other digits' passes */
};

static void insert_sort(double *values, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		const double value = values[i];
		size_t at = i;
		for (; at > 0 && values[at - 1] > value; at--)
			values[at] = values[at - 1];
		values[at] = value;
	}
}

/* Bits whose unsigned order is the order of the doubles. */
static uint64_t key_of(double value)
{
	uint64_t bits;
	memcpy(&bits, &value, sizeof(bits));
	return bits >> 63 ? ~bits : bits | UINT64_C(1) << 63;
}

static double value_of(uint64_t key)
{
	const uint64_t bits = key >> 63 ? key & ~(UINT64_C(1) << 63) : ~key;
	double value;
	memcpy(&value, &bits, sizeof(value));
	return value;
}

/* Turns counts into places. @return false when all keys have the same digit */
static bool place_digits(uint32_t *counts, size_t count)
{
	uint32_t sum = 0;
	for (size_t digit = 0; digit < DIGIT_VALUES; digit++) {
		const uint32_t here = counts[digit];
		if (here == count)
			return false;
		counts[digit] = sum;
		sum += here;
	}
	return true;
}

/* Sorts by the digits [first, end), the lowest of which is 0. @return where the keys are: one of both */
static uint64_t *sort_digits(uint64_t *from, uint64_t *to, size_t count, unsigned first, unsigned end)
{
	uint32_t counts[DIGITS][DIGIT_VALUES];
	memset(counts[first], 0, (end - first) * sizeof(counts[0]));
	for (size_t i = 0; i < count; i++) {
		for (unsigned digit = first; digit < end; digit++)
			counts[digit][from[i] >> (8 * digit) & 0xff]++;
	}
	for (unsigned digit = first; digit < end; digit++) {
		if (!place_digits(counts[digit], count))
			continue;
		for (size_t i = 0; i < count; i++)
			to[counts[digit][from[i] >> (8 * digit) & 0xff]++] = from[i];
		uint64_t *swap = from;
		from = to;
		to = swap;
	}
	return from;
}

/* Puts right what the digits left out left in disorder, if that is little. @return false when it is not */
static bool settle_rest(uint64_t *keys, size_t count)
{
	size_t moves = STEPS_FOR_EACH * count;
	for (size_t i = 1; i < count; i++) {
		const uint64_t key = keys[i];
		size_t at = i;
		for (; at > 0 && keys[at - 1] > key && moves > 0; at--, moves--)
			keys[at] = keys[at - 1];
		keys[at] = key;
		if (moves == 0)
			return false;
	}
	return true;
}

/* Returns the digits below and at the highest one that differs. */
static unsigned differing_digits(const uint64_t *keys, size_t count)
{
	uint64_t differ = 0;
	for (size_t i = 1; i < count; i++)
		differ |= keys[i] ^ keys[0];
	return differ == 0 ? 0 : (unsigned)(64 - __builtin_clzll(differ) + 7) / 8;
}

void sort_doubles(double *values, size_t count)
{
	if (count < FEW) {
		insert_sort(values, count);
		return;
	}
	uint64_t *keys = malloc(2 * count * sizeof(*keys));
	if (!keys)
		abort();
	for (size_t i = 0; i < count; i++)
		keys[i] = key_of(values[i]);
	const unsigned end = differing_digits(keys, count);
	const unsigned first = end > DIGITS_FIRST ? end - DIGITS_FIRST : 0;
	uint64_t *sorted = sort_digits(keys, keys + count, count, first, end);
	if (first > 0 && !settle_rest(sorted, count))
		sorted = sort_digits(sorted, sorted == keys ? keys + count : keys, count, 0, end);
	for (size_t i = 0; i < count; i++)
		values[i] = value_of(sorted[i]);
	free(keys);
}
