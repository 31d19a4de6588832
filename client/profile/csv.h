/*
 * Records of a CSV file, one after the other, in bounded memory: RFC 4180 and
 * what really occurs.
 *
 * Blanks at a cell's ends are not part of it, quoted or not. A quote opens a
 * quoted cell only where the cell begins; elsewhere it is a character. What
 * follows a closing quote up to the delimiter belongs to the cell too. Lines
 * end with LF or CRLF, or with CR alone where the file has no LF. Lines with
 * nothing in them are no records; a mark of UTF-8 in front is skipped.
 *
 * Refused, with the line: a quote that nothing closes, which would hold all
 * rows below it, and a byte of 0. Refused by how they begin: foreign.h.
 */
#ifndef PROFILE_CSV_H
#define PROFILE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "profile/source.h"

enum {
	CSV_RECORD_MAX = 64 << 20, /* bytes; a quote that nobody closes shows as a record that never ends */
	CSV_COLUMNS_MAX = 100000,
	CSV_SAMPLE_MAX = 256 * 1024,
	CSV_ROWS_MAX = 128,
};

struct csv_cell {
	const char *text; /* not NUL-terminated; 8 bytes behind it may be read, whatever they are */
	size_t size;
	bool rough; /* the reader's own: quotes are to be taken off yet */
};

struct csv;

/** Starts to read. @param source borrowed as long as the reader @return owned: csv_free() */
struct csv *csv_new(struct source *source);

/** NULL is fine. */
void csv_free(struct csv *csv);

/**
 * Reads ahead without taking anything, to find out what the file is like.
 *
 * @param[out] bytes  borrowed until csv_next(); up to CSV_SAMPLE_MAX, the mark of UTF-8 left out
 * @param[out] whole  there is no more than that
 */
enum fault_code csv_sample(
	struct csv *csv, const char **bytes, size_t *size, bool *whole, struct fault *fault);

/** Says what ends a cell and a line. Call it before csv_next(). */
void csv_set(struct csv *csv, char delimiter, char newline);

/**
 * Reads one record.
 *
 * @param[out] cells  borrowed until the next call
 * @param[out] count  0 at the end
 * @param[out] fault  FAULT_INVALID with the line: RECORD_TOO_LARGE, QUOTE_OPEN, NOT_TEXT; NOT_CSV; or the
 *                    source's
 */
enum fault_code csv_next(struct csv *csv, const struct csv_cell **cells, size_t *count, struct fault *fault);

/* Some records of one size. Cells are borrowed until the next call. */
struct csv_rows {
	const struct csv_cell *cells; /* row by row */
	size_t count;                 /* rows; CSV_ROWS_MAX at most */
	size_t ragged;                /* records of another size, which are left out */
};

/* All records of another size so far. */
struct csv_ragged {
	int64_t count;
	int64_t line; /* in which the first of them begins; 0 without any */
	size_t cells; /* that the first of them has */
};

/**
 * Reads records of so many cells, as many as are at hand: cells of one column
 * can then be looked at one after the other.
 *
 * @param[out] rows   count and ragged are 0 at the end only
 * @param[out] fault  as csv_next()
 */
enum fault_code csv_next_rows(struct csv *csv, size_t columns, struct csv_rows *rows, struct fault *fault);

/** Returns what csv_next_rows() has left out. @return borrowed */
const struct csv_ragged *csv_ragged(const struct csv *csv);

#endif
