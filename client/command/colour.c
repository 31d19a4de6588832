/* ANSI colours and who wants them. */
#include "command/colour.h"

#include <unistd.h>

static const char *const starts[COLOUR_COUNT] = {
	[COLOUR_PLAIN] = "",
	[COLOUR_BOLD] = "\x1b[1m",
	[COLOUR_FAINT] = "\x1b[2m",
	[COLOUR_RED] = "\x1b[1;31m",
	[COLOUR_YELLOW] = "\x1b[33m",
	[COLOUR_GREEN] = "\x1b[1;32m",
	[COLOUR_CYAN] = "\x1b[36m",
};

const char *colour_start(enum colour colour, bool on)
{
	return on ? starts[colour] : "";
}

const char *colour_end(enum colour colour, bool on)
{
	return on && colour != COLOUR_PLAIN ? "\x1b[0m" : "";
}

bool colour_wanted(int fd)
{
	const char *no = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");
	if (no && *no)
		return false;
	return isatty(fd) && terminal && strcmp(terminal, "dumb") != 0;
}
