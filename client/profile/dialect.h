/* What a CSV file is like: what parts its cells, where its names are. */
#ifndef PROFILE_DIALECT_H
#define PROFILE_DIALECT_H

#include "base/arena.h"
#include "profile/csv.h"

enum {
	DIALECT_HEADER_INFER = -1,
	DIALECT_HEADER_NONE = 0,
	DIALECT_HEADER_LAST = 100, /* the last record that may be a header */
};

struct dialect {
	char delimiter; /* 0: to be found out */
	char newline;   /* 0: to be found out */
	int header;     /* the record that has the names, from 1; or one of the above */
	size_t columns; /* set by dialect_find(): how many cells a record has */
	int skipped;    /* set by dialect_find(): records in front of the data, the header among them */
};

/**
 * Finds out what was not said.
 *
 * The delimiter is the one of , ; tab | with which most records have one
 * number of cells, and more of them where two do equally well; a first line
 * such as sep=; says it instead, and is skipped. A header is a
 * record of names, each different and none a number, above records that look
 * otherwise: numbers where it has names, or values that occur again. A first
 * record of something else, e.g. counts, is skipped.
 *
 * @param bytes             a sample from the file's start
 * @param whole             it is all of the file
 * @param[in,out] dialect   what was not said is filled in
 */
void dialect_find(struct arena *arena, const char *bytes, size_t size, bool whole, struct dialect *dialect);

#endif
