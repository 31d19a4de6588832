/* Reading of the settings file. What a key means is in settings.c. */
#include "config/file.h"

#include <ctype.h>
#include <errno.h>

#include "config/settings.h"

enum {
	FILE_SIZE_MAX = 64 * 1024,
};

static char *read_whole(struct arena *arena, const char *path, struct fault *fault)
{
	FILE *file = fopen(path, "re");
	if (!file) {
		fault_set(fault, FAULT_INVALID, "USAGE", "settings file %s cannot be read: %s", path,
			strerror(errno));
		return NULL;
	}
	char *text = arena_alloc(arena, FILE_SIZE_MAX + 1);
	size_t size = fread(text, 1, FILE_SIZE_MAX + 1, file);
	bool bad = ferror(file) != 0;
	fclose(file);
	if (!bad && size <= FILE_SIZE_MAX && strlen(text) == size)
		return text;
	fault_set(fault, FAULT_INVALID, "USAGE", "settings file %s %s", path,
		bad                    ? "cannot be read"
		: size > FILE_SIZE_MAX ? "is longer than 64 KiB"
				       : "is not text");
	return NULL;
}

static char *trim(char *text)
{
	while (isspace((unsigned char)*text))
		text++;
	size_t length = strlen(text);
	while (length > 0 && isspace((unsigned char)text[length - 1]))
		text[--length] = '\0';
	return text;
}

static enum fault_code refuse_key(const char *where, const char *key, struct fault *fault)
{
	const char *meant = setting_nearest(key);
	return fault_set(fault, FAULT_INVALID, "USAGE", "%s: there is no setting %.60s%s%s%s", where, key,
		meant ? "; did you mean " : "", meant ? meant : "", meant ? "?" : "");
}

static enum fault_code read_line(
	struct arena *arena, const char *place, char *line, struct config *config, struct fault *fault)
{
	line = trim(line);
	if (line[0] == '\0' || line[0] == '#')
		return FAULT_NONE;
	char *equals = strchr(line, '=');
	if (!equals)
		return fault_set(fault, FAULT_INVALID, "USAGE", "%s: expected `key = value`", place);
	*equals = '\0';
	const char *key = trim(line);
	const struct setting *setting = setting_named(key, strlen(key));
	if (!setting)
		return refuse_key(place, key, fault);
	const char *where = arena_print(arena, "%s: %s", place, setting->name);
	return setting_apply(setting, trim(equals + 1), where, config, fault);
}

enum fault_code file_read(struct arena *arena, const char *path, struct config *config, struct fault *fault)
{
	char *line = read_whole(arena, path, fault);
	if (!line)
		return fault->code;
	for (int number = 1; line; number++) {
		char *end = strchr(line, '\n');
		if (end)
			*end = '\0';
		const char *place = arena_print(arena, "%s:%d", path, number);
		if (read_line(arena, place, line, config, fault) != FAULT_NONE)
			return fault->code;
		line = end ? end + 1 : NULL;
	}
	return FAULT_NONE;
}
