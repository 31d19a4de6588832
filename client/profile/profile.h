/*
 * Profiles of data: what a table looks like, without its rows.
 *
 * One pass over a file in bounded memory. The same file gives the same
 * profile, byte for byte.
 */
#ifndef PROFILE_PROFILE_H
#define PROFILE_PROFILE_H

#include "base/arena.h"
#include "base/fault.h"
#include "profile/column.h"
#include "profile/dialect.h"
#include "profile/source.h"
#include "tally/v1/profile.pb-c.h"

/* What the user says of one column. */
struct profile_type {
	const char *column;
	enum column_wanted wanted;
};

/** Is told how far it is, from time to time. @param rows  read so far */
typedef void profile_progress_fn(void *context, const struct source *source, int64_t rows);

struct profile_settings {
	char delimiter;             /* 0: found out */
	int header;                 /* the record with the names, from 1; or DIALECT_HEADER_… */
	const char *const *missing; /* words for missing values besides the usual ones */
	size_t missing_count;
	const struct profile_type *types;
	size_t type_count;
	const char *label; /* the column that a model learns to predict, or NULL */
	profile_progress_fn *progress;
	void *context;
};

struct profile_column {
	const char *name;
	bool label;
	Tally__V1__ColumnProfile *profile;
};

/* A profiled table. All of it is the arena's. */
struct profile_data {
	const char *file;
	Tally__V1__DatasetProfile *dataset;
	struct profile_column *columns;
	size_t count;
	struct csv_ragged ragged; /* of the file that was read */
};

/**
 * Profiles a file.
 *
 * Columns without a name are called unnamed_<i>, from 0 on; a name that was
 * there before gets _2, _3 … The row sketch covers every column but the label.
 *
 * @param source      borrowed; read to its end
 * @param[out] data   set on success only; arena
 * @param[out] fault  FAULT_INVALID
 */
enum fault_code profile_read(struct arena *arena, struct source *source,
	const struct profile_settings *settings, struct profile_data *data, struct fault *fault);

/** Finds a column by its name, or NULL. */
struct profile_column *profile_find(const struct profile_data *data, const char *name);

/** Makes text that a message may hold of a file's bytes: UTF-8 without NUL, Latin-1 read as such; at most
 * FREQUENT_TEXT_MAX bytes. @return arena */
char *profile_text(struct arena *arena, const char *bytes, size_t size);

/** Makes the message of a column that has been read. @param rows  that were read @return arena */
Tally__V1__ColumnProfile *profile_export(
	struct arena *arena, struct column *column, int64_t rows, size_t columns);

#endif
