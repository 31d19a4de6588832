/* Where the columns of data go: the same for every format that describes data without its rows. */
#ifndef IMPORT_COLUMNS_H
#define IMPORT_COLUMNS_H

#include "import/import.h"

/**
 * Tells by a name which data it is of: training, test (KIND_TRAINED_MODEL),
 * production or raw data.
 *
 * @return KIND_NONE when the name does not tell
 */
enum model_kind columns_kind(const char *name);

/** The data set that a file describes; those of one project are told apart by the folders that they are in.
 */
const struct draft_place *columns_set(struct import *import, enum model_kind kind);

/** A column of raw, training or production data; the same one that a table beside it has. */
const struct draft_place *columns_put(
	struct import *import, const struct draft_place *set, const char *name, const char *path);

/** Puts a text into a field, or notes it where the kind of data has no such field. */
void columns_say(struct import *import, const struct draft_place *at, const char *field, const char *text,
	const char *path);

/** Says in words what is expected. Only stands where no other file says it. */
void columns_expect(
	struct import *import, const struct draft_place *column, const char *text, const char *path);

/** What share of values may be missing: 0 none, 1 all. Said in words, like columns_expect(). */
void columns_missing(struct import *import, const struct draft_place *column, double share, const char *path);

/** A number that describes the whole column: Mean, Minimum. Noted where the kind of data has none. */
void columns_statistic(struct import *import, const struct draft_place *set, const char *column,
	const char *property, double value, const char *path);

/** Puts the only values that a column may have, and says them. */
void columns_allow(struct import *import, const struct draft_place *column, const struct codec_node *values,
	const char *path);

/**
 * Puts bounds, which may be written as text ("-99.99"), and says them. One that
 * is NULL is not there; one that is no number is told.
 *
 * @param paths  of both
 */
void columns_range(struct import *import, const struct draft_place *column, const struct codec_node *min,
	const struct codec_node *max, const char *const paths[2]);

#endif
