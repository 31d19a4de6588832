/* How much may be kept and written, given how many columns there are. */
#ifndef PROFILE_SIZES_H
#define PROFILE_SIZES_H

#include "profile/column.h"

enum {
	SIZES_POINTS_MAX = 1024,
	SIZES_CATEGORIES_MAX = 1000,
	SIZES_NUMBER_CATEGORIES = 50, /* numbers with more different texts are no categories */
	SIZES_ROWS = 2048,            /* digests of rows */
};

/* What is written of one column. */
struct sizes_output {
	size_t points;
	size_t categories;        /* of texts */
	size_t number_categories; /* of numbers: all of them or none */
	unsigned bits;            /* of HyperLogLog */
};

/**
 * Returns what a column may keep while it is read, less where there are more
 * columns: tables of all texts take up to 22 MiB together, the sketches of 64
 * columns 17 MiB, those of thousands about 20 KiB each.
 */
struct column_limits sizes_limits(size_t columns);

/**
 * Returns what is written of a column, so that the whole stays below 12 MiB
 * and 900,000 values up to 10,000 columns: a server takes 16 MiB by default,
 * and a million values.
 */
struct sizes_output sizes_output(size_t columns);

#endif
