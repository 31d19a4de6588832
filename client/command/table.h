/* Aligned columns. On a terminal a table keeps to its width, elsewhere every row is one whole line. */
#ifndef COMMAND_TABLE_H
#define COMMAND_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "command/colour.h"

enum {
	TABLE_COLUMNS_MAX = 8,
};

struct table_column {
	const char *title;
	size_t least; /* on a narrow terminal it may be cut down to so many columns; 0: never */
	bool right;   /* numbers end in one line */
};

struct table_cell {
	const char *text; /* cleaned by table_add(); NULL is empty */
	enum colour colour;
};

struct table;

/** Makes an empty table. @param columns borrowed, up to TABLE_COLUMNS_MAX; the last one is broken into lines
 * @return arena */
struct table *table_new(struct arena *arena, const struct table_column *columns, size_t count);

/** Adds a row of as many cells as there are columns. @param cells borrowed, text is copied */
void table_add(struct table *table, const struct table_cell *cells);

size_t table_rows(const struct table *table);

/**
 * Writes titles and rows; where the terminal has no room for the columns, each
 * cell behind its title, with an empty line between rows.
 *
 * @param width   of the terminal; 0: no terminal
 * @param colour  in colours
 */
void table_print(const struct table *table, size_t width, bool colour, struct buffer *out);

#endif
