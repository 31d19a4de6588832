/* The memory and the output that a profile may take. Pure. */
#include "profile/sizes.h"

enum {
	COLUMNS_FULL = 64, /* of KLL and HyperLogLog */
	ENTRIES_FULL = 16384,
	ENTRIES_COLUMNS = 16,
	ENTRIES_LEAST = 256,
	TEXT_SHARE = 24, /* bytes of text for each entry */
	TEXT_LEAST = 8192,
	K_FULL = 4096,
	K_LEAST = 256,
	BITS_FULL = 11,
	BITS_LEAST = 7,
	OUTPUT_BYTES = 12 * 1024 * 1024,
	FIELD_BYTES = 200, /* what a column takes besides the three below */
	POINT_BYTES = 11,
	CATEGORY_BYTES = 24,
	OUTPUT_VALUES = 900000,
	FIELD_VALUES = 30,
	POINTS_LEAST = 16,
	CATEGORIES_LEAST = 8,
};

static size_t scaled(size_t full, size_t least, size_t fitting, size_t columns)
{
	const size_t size = columns <= fitting ? full : full * fitting / columns;
	return size > least ? size : least;
}

static size_t between(size_t value, size_t least, size_t most)
{
	return value < least ? least : value > most ? most : value;
}

static size_t least_of(size_t left, size_t right)
{
	return left < right ? left : right;
}

struct column_limits sizes_limits(size_t columns)
{
	struct column_limits limits = {
		.entries = scaled(ENTRIES_FULL, ENTRIES_LEAST, ENTRIES_COLUMNS, columns),
		.k = scaled(K_FULL, K_LEAST, COLUMNS_FULL, columns),
		.bits = BITS_FULL};
	limits.text_bytes = between(limits.entries * TEXT_SHARE, TEXT_LEAST, ENTRIES_FULL * TEXT_SHARE);
	while (limits.bits > BITS_LEAST && columns >> (BITS_FULL - limits.bits) > COLUMNS_FULL)
		limits.bits--;
	return limits;
}

struct sizes_output sizes_output(size_t columns)
{
	columns = columns > 0 ? columns : 1;
	const size_t bytes = OUTPUT_BYTES / columns, values = OUTPUT_VALUES / columns;
	const size_t free_bytes = bytes > FIELD_BYTES ? bytes - FIELD_BYTES : 0;
	const size_t free_values = values > FIELD_VALUES ? values - FIELD_VALUES : 0;
	struct sizes_output output = {.bits = BITS_FULL};
	output.points = between(
		least_of(free_bytes * 6 / 10 / POINT_BYTES, free_values / 2), POINTS_LEAST, SIZES_POINTS_MAX);
	output.categories = between(least_of(free_bytes * 3 / 10 / CATEGORY_BYTES, free_values / 3),
		CATEGORIES_LEAST, SIZES_CATEGORIES_MAX);
	output.number_categories = between(free_values / 5, CATEGORIES_LEAST, SIZES_NUMBER_CATEGORIES);
	while (output.bits > HLL_BITS_MIN && (size_t)1 << output.bits > free_bytes / 10)
		output.bits--;
	return output;
}
