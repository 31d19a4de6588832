/* requirements.txt of pip: one requirement a line, options, and files that it includes. */
#include <string.h>

#include "import/formats.h"
#include "import/lines.h"
#include "import/packages.h"

/* Options say where packages come from, not which; a value may follow after a space or =. */
static bool is_option(const char *line, const char *name, const char **value)
{
	const size_t size = strlen(name);
	if (strncmp(line, name, size) != 0 || !strchr(" \t=", line[size]))
		return false;
	*value = line + size + (line[size] != '\0');
	return true;
}

static void read_option(struct import *import, const char *line, const char *path)
{
	static const char *const sources[] = {"-i", "--index-url", "--extra-index-url", "--find-links", "-f",
		"--no-index", "--trusted-host", "--prefer-binary", "--pre", "--no-binary", "--only-binary",
		"--require-hashes", "--use-feature", NULL};
	const char *value;
	if (is_option(line, "-r", &value) || is_option(line, "--requirement", &value)) {
		import_beside(import, lines_trim(import->arena, value), "requirements", import->part);
		return;
	}
	for (size_t i = 0; sources[i]; i++)
		if (is_option(line, sources[i], &value)) {
			import_note(import, path, line);
			return;
		}
	import_leave(import, path, "this option is not followed: %.100s", line);
}

/* Cuts a comment and per-requirement options (--hash=…) off. */
static const char *bare_line(struct import *import, const char *line)
{
	size_t size = strlen(line);
	for (size_t i = 0; i < size; i++) {
		const bool spaced = i == 0 || line[i - 1] == ' ' || line[i - 1] == '\t';
		if (spaced && (line[i] == '#' || (i > 0 && strncmp(line + i, "--", 2) == 0)))
			size = i;
	}
	return lines_trim(import->arena, arena_copy(import->arena, line, size));
}

bool requirements_read(struct import *import)
{
	struct lines lines;
	struct requirement requirement;
	const char *line;
	if (!lines_start(&lines, import))
		return false;
	const struct draft_place *at = import_owner(import, KIND_DEVELOPMENT_ENVIRONMENT);
	while ((line = lines_next_joined(&lines))) {
		const char *path = import_print(import, "line %d", lines.first);
		line = lines_trim(import->arena, line);
		if (*line == '-') {
			read_option(import, line, path);
			continue;
		}
		line = bare_line(import, line);
		if (!*line)
			continue;
		if (requirement_pip(import->arena, line, &requirement))
			packages_put(import, at, &requirement, path);
		else
			import_leave(import, path, "\"%.100s\" is no requirement that pip understands", line);
	}
	return true;
}
