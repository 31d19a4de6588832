/* Text on a terminal: how wide it is, and what of it is safe to show. */
#ifndef COMMAND_TEXT_H
#define COMMAND_TEXT_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buffer.h"

/** Makes text one line without control characters, so that what a peer wrote cannot steer a terminal. @return
 * arena */
const char *text_clean(struct arena *arena, const char *text);

/** Returns how many columns text takes on a terminal. Needs a UTF-8 locale. @param text clean */
size_t text_width(const char *text);

/** Returns how many bytes of text fit into so many columns. @param text clean */
size_t text_fit(const char *text, size_t columns);

/** Cuts text that is wider, and says so with an ellipsis. @param text clean @return arena, or text itself */
const char *text_cut(struct arena *arena, const char *text, size_t columns);

/**
 * Returns how many bytes to put on a line of so many columns: whole words if
 * one fits. At least one character.
 *
 * @param[out] next  where the next line starts
 */
size_t text_line(const char *text, size_t columns, const char **next);

/* How a text of several lines stands on a terminal. */
struct text_block {
	const char *lead;  /* in front of the first line; may have colours */
	size_t lead_width; /* of it */
	size_t indent;     /* blanks in front of all others */
	size_t columns;    /* of a line; a word that is longer is cut in two */
};

/** Writes text as lines. @param text clean; "" writes nothing */
void text_block(struct buffer *out, const struct text_block *block, const char *text);

#endif
