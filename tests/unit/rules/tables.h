/*
 * Tables from files, and profiles of any of their rows that leave nothing out:
 * what the rules about profiles are tested with. As definitions have it: cells
 * are stripped of blanks, rows of another length are left out, and a few words
 * stand for a missing value.
 */
#ifndef RULES_TABLES_H
#define RULES_TABLES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/descriptor.h"

/* All in one arena. */
struct table {
	struct arena *arena;
	const char **names;
	size_t columns;
	const char ***rows; /* of cells; NULL: missing */
	size_t count;
};

/**
 * Reads a file.
 *
 * @param skip    lines before the header
 * @param header  false: columns are called c0, c1 and so on
 * @return false when there is no such file
 */
bool table_read(struct table *table, const char *path, size_t skip, bool header);

void table_done(struct table *table);

/**
 * Makes a descriptor with a profile of each column, mapped to the column of its name.
 *
 * @param kind   KIND_TRAINING_DATA or KIND_PRODUCTION_DATA
 * @param rows   numbers of the rows
 * @return owned
 */
struct model_descriptor *table_describe(
	const struct table *table, enum model_kind kind, const size_t *rows, size_t count);

#endif
