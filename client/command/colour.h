/* Colours on a terminal. */
#ifndef COMMAND_COLOUR_H
#define COMMAND_COLOUR_H

#include <stdbool.h>

enum colour {
	COLOUR_PLAIN,
	COLOUR_BOLD,
	COLOUR_FAINT,
	COLOUR_RED,
	COLOUR_YELLOW,
	COLOUR_GREEN,
	COLOUR_CYAN,
	COLOUR_COUNT
};

/** Returns what switches to a colour. @param on false: "" */
const char *colour_start(enum colour colour, bool on);

/** Returns what switches back. @param on false: "" */
const char *colour_end(enum colour colour, bool on);

/**
 * May this stream be coloured? Only a terminal that can, unless NO_COLOR says
 * no.
 */
bool colour_wanted(int fd);

#endif
