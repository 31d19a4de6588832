/* See lines_cases.h. */
#include "lines_cases.h"

#include "cases.h"

#include <string.h>

#include "importing.h"

static bool has_line(const char *lines, const char *line)
{
	const size_t size = strlen(line);
	for (const char *at = lines; (at = strstr(at, line)); at++)
		if ((at == lines || at[-1] == '\n') && at[size] == '\n')
			return true;
	return false;
}

void lines_case_check(void **state)
{
	const struct lines_case *row = *state;
	struct arena *arena = arena_new();
	const char *lines = importing_lines(
		arena, row->format, row->path, row->text, row->size ? row->size : strlen(row->text));
	for (size_t i = 0; i < LINES_CASE_MAX && row->has[i]; i++)
		if (!has_line(lines, row->has[i]))
			fail_msg("\"%s\" is no line of:\n%s", row->has[i], lines);
	for (size_t i = 0; i < LINES_CASE_MAX && row->lacks[i]; i++)
		if (strstr(lines, row->lacks[i]))
			fail_msg("\"%s\" stands in:\n%s", row->lacks[i], lines);
	assert_non_null(row->has[0]);
	arena_free(arena);
}
