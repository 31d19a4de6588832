/* Sorting many doubles. */
#ifndef PROFILE_SORT_H
#define PROFILE_SORT_H

#include <stddef.h>

/**
 * Sorts ascending: least significant digit radix sort on the highest bits that
 * differ, the rest by insertion, or by all bits where that would take long.
 *
 * @param values  finite, no -0
 */
void sort_doubles(double *values, size_t count);

#endif
