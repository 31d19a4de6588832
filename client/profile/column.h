/*
 * One column while its cells go by.
 *
 * It starts by counting every different text. When there are more of them
 * than it may keep, it goes on with sketches: a column of numbers with KLL and
 * HyperLogLog, any other with frequent texts and HyperLogLog. What it needs is
 * bounded whatever the column holds.
 */
#ifndef PROFILE_COLUMN_H
#define PROFILE_COLUMN_H

#include <stdbool.h>
#include <stdint.h>

#include "profile/csv.h"
#include "profile/decimal.h"
#include "profile/frequent.h"
#include "profile/hash.h"
#include "profile/hll.h"
#include "profile/kll.h"
#include "profile/moments.h"

/* Texts that stand for no value. "" always does. */
struct column_missing {
	const char *const *words;
	size_t count;
	size_t longest;
	bool numeric; /* one of them reads as a number, e.g. -999 */
};

/* What a text in a column is. The first ones are those of decimal_class. */
enum column_class {
	COLUMN_TEXT = DECIMAL_TEXT,
	COLUMN_WHOLE = DECIMAL_WHOLE,
	COLUMN_FRACTION = DECIMAL_FRACTION,
	COLUMN_NOT_FINITE = DECIMAL_NOT_FINITE,
	COLUMN_MISSING,
	COLUMN_CLASSES
};

/* How much one column may keep. */
struct column_limits {
	size_t entries, text_bytes; /* of frequent */
	size_t k;                   /* of KLL */
	unsigned bits;              /* of HyperLogLog */
};

/* What the user says that a column is. */
enum column_wanted {
	COLUMN_AS_IT_IS,
	COLUMN_AS_TEXT,
	COLUMN_AS_NUMBER, /* what is no number counts as missing */
};

enum column_phase {
	COLUMN_COUNTING, /* every text is in `texts` */
	COLUMN_NUMBERS,
	COLUMN_TEXTS,
};

enum {
	COLUMN_PENDING = 256,
};

struct column {
	enum column_phase phase;
	enum column_wanted wanted;
	const struct column_missing *missing_words; /* borrowed */
	struct column_limits limits;
	uint64_t seed; /* of its name, for digests of rows */
	struct frequent texts;
	int64_t present[COLUMN_CLASSES]; /* cells of each class that are not in `texts` */
	double pending[COLUMN_PENDING];  /* numbers that are in neither of the next two yet */
	size_t pending_count;
	struct moments moments;
	struct kll quantiles;
	struct hll distinct;
};

/** Prepares for the first cell. @param missing borrowed as long as the column @param name of the column */
void column_init(struct column *column, const char *name, const struct column_missing *missing,
	const struct column_limits *limits, enum column_wanted wanted);

void column_done(struct column *column);

/**
 * Adds some cells of a column, each `stride` behind the one before.
 *
 * @param cells           without blanks at their ends; 8 bytes may be read, whatever stands behind them
 * @param[in,out] digests  of the cells' rows: what each cell adds to it. NULL: nothing
 */
void column_add(
	struct column *column, const struct csv_cell *cells, size_t stride, size_t count, uint64_t *digests);

/** Adds up what is pending, so that all members can be read. Cells may follow. */
void column_settle(struct column *column);

/** Returns what an entry of `texts` reads as. @param entry  WHOLE or FRACTION */
double column_value(const struct column *column, const struct frequent_entry *entry);

/**
 * Returns the cells of each class. Of a column of texts that is not counting
 * any more, only MISSING is known.
 *
 * @param[out] counts  COLUMN_CLASSES
 */
void column_count(const struct column *column, int64_t *counts);

#endif
