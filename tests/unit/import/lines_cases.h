/* Cases of formats where each line that is named must come of a text, or must not. */
#ifndef TESTS_IMPORT_LINES_CASES_H
#define TESTS_IMPORT_LINES_CASES_H

#include <stddef.h>

enum {
	LINES_CASE_MAX = 6,
};

struct lines_case {
	const char *name;
	const char *format;
	const char *path;
	const char *text;
	size_t size;                       /* 0: up to the NUL */
	const char *has[LINES_CASE_MAX];   /* lines of importing_lines() */
	const char *lacks[LINES_CASE_MAX]; /* texts that stand nowhere in it */
};

/** For CASES_RUN(). */
void lines_case_check(void **state);

#endif
