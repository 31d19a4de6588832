/* Text on a terminal: how wide it is, and what of it is safe to show. */
#ifndef COMMAND_TEXT_H
#define COMMAND_TEXT_H

#include <stddef.h>

#include "base/arena.h"

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

#endif
