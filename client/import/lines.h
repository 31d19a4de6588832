/* Text formats line by line. */
#ifndef IMPORT_LINES_H
#define IMPORT_LINES_H

#include "import/import.h"

enum {
	LINES_SIZE_MAX = 64 * 1024 * 1024, /* bytes of a file that is read so */
	LINES_LINE_MAX = 1024 * 1024,      /* bytes of one line */
};

/* A text of which the next line is asked. */
struct lines {
	struct import *import;
	const char *at, *end;
	int number; /* of the line given last, from 1 */
	int first;  /* of the first of those that were joined */
};

/**
 * Starts with the import's file. A byte order mark is skipped; UTF-16 (which
 * PowerShell writes) is turned into UTF-8.
 *
 * @return false with the import's fault when it is too large or no text
 */
bool lines_start(struct lines *lines, struct import *import);

/** The same for a text that is in memory. */
bool lines_start_text(struct lines *lines, struct import *import, const char *text, size_t size);

/** Gets the next line without its end (LF or CRLF). @return arena, NUL-terminated; NULL at the end */
const char *lines_next(struct lines *lines);

/** Gets the next line with those that continue it: a line that ends with a backslash goes on in the next one,
 * and comments in between are dropped, as Dockerfiles and requirements have it. lines->first is the number of
 * the first. */
const char *lines_next_joined(struct lines *lines);

/** Cuts white space off both ends. @return arena */
const char *lines_trim(struct arena *arena, const char *text);

#endif
