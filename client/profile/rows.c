/* The bottom-k sketch. Knows no row. */
#include "profile/rows.h"

#include <stdlib.h>

void rows_init(struct rows *rows, size_t size)
{
	*rows = (struct rows){.size = size, .limit = INT64_MAX};
	rows->digests = malloc(2 * size * sizeof(*rows->digests));
	if (!rows->digests)
		abort();
}

void rows_done(struct rows *rows)
{
	free(rows->digests);
	*rows = (struct rows){0};
}

static int compare(const void *left, const void *right)
{
	const int64_t a = *(const int64_t *)left, b = *(const int64_t *)right;
	return (a > b) - (a < b);
}

void rows_settle(struct rows *rows)
{
	size_t kept = 0;
	qsort(rows->digests, rows->count, sizeof(*rows->digests), compare);
	for (size_t i = 0; i < rows->count && kept < rows->size; i++) {
		if (kept == 0 || rows->digests[kept - 1] != rows->digests[i])
			rows->digests[kept++] = rows->digests[i];
	}
	rows->count = kept;
	if (kept == rows->size)
		rows->limit = rows->digests[kept - 1];
}
