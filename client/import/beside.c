/*
 * Files and texts that a file brings in: those beside it, and those inside it.
 * None leads out of the folder that is walked.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "import/import_run.h"

enum {
	LISTED_MAX = 10000, /* files of one folder */
};

/* The folder part of a path with its slash; "" without one. */
static const char *folder_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? arena_copy(arena, path, (size_t)(slash - path) + 1) : "";
}

/* Takes "../" off a name together with the folder that it leaves. @return false when it would leave the top
 */
static bool step_up(struct arena *arena, const char **folder, const char **name)
{
	while (strncmp(*name, "../", 3) == 0) {
		size_t size = strlen(*folder);
		if (size == 0)
			return false;
		const char *outer = folder_of(arena, arena_copy(arena, *folder, size - 1));
		if (strcmp(*folder + strlen(outer), "../") == 0)
			return false;
		*folder = outer;
		*name += 3;
	}
	return true;
}

/* Leaves "./" out, so that one file has one name. */
static const char *plain_name(struct arena *arena, const char *name)
{
	char *made = arena_text(arena, name);
	size_t size = 0;
	for (const char *at = name; *at;) {
		if ((size == 0 || made[size - 1] == '/') && (strncmp(at, "./", 2) == 0 || *at == '/')) {
			at += *at == '/' ? 1 : 2;
			continue;
		}
		made[size++] = *at++;
	}
	made[size] = '\0';
	return made;
}

/* Where a name beside this file is, as it is called and as it is opened. */
static bool place_beside(struct import *import, const char *name, const char **path, const char **opened)
{
	if (!import->file->opened || *name == '/')
		return false;
	name = plain_name(import->arena, name);
	/* Up first, then down. */
	const char *down = name;
	while (strncmp(down, "../", 3) == 0)
		down += 3;
	if (strstr(down, "../"))
		return false;
	const char *called = folder_of(import->arena, import->file->path);
	const char *at = folder_of(import->arena, import->file->opened);
	const char *rest = name;
	if (!step_up(import->arena, &called, &rest))
		return false;
	rest = name;
	if (!step_up(import->arena, &at, &rest))
		return false;
	*path = arena_print(import->arena, "%s%s", called, rest);
	*opened = arena_print(import->arena, "%s%s", at, rest);
	return true;
}

const struct import_file *import_open_beside(struct import *import, const char *name)
{
	struct import_run *run = import->run;
	const char *path, *opened;
	struct fault fault;
	struct stat about;
	/* A link could lead anywhere. */
	if (run->open_count == IMPORT_OPEN_MAX || !place_beside(import, name, &path, &opened) ||
		lstat(opened, &about) != 0 || !S_ISREG(about.st_mode) ||
		file_open(import->arena, opened, path, &run->open[run->open_count], &fault) != FAULT_NONE)
		return NULL;
	return &run->open[run->open_count++];
}

void import_beside(struct import *import, const char *name, const char *format, enum model_kind part)
{
	const char *path, *opened;
	struct import_run *run = import->run;
	if (!place_beside(import, name, &path, &opened) ||
		map_get(&run->read, import_run_part_key(run, path, part)) || run->depth >= IMPORT_DEPTH_MAX)
		return;
	const struct import_file *file = import_open_beside(import, name);
	const struct import_format *row = import_format_named(format);
	struct fault fault;
	if (!row)
		abort();
	if (!file)
		return;
	const struct import inner = {
		.arena = run->arena, .file = file, .subject = import->subject, .part = part, .run = run};
	if (import_run_read(run, row, inner, &fault) != FAULT_NONE)
		import_leave(import, name, "%s", fault.message);
}

void import_skip_beside(struct import *import, const char *name)
{
	const char *path, *opened;
	if (place_beside(import, name, &path, &opened) && !import_was_read(import->run, path))
		map_put(&import->run->read, path, import->run);
}

void import_inside(struct import *import, const char *name, const char *text, const char *path)
{
	struct import_run *run = import->run;
	struct fault fault;
	const struct import_file file = {
		.path = import->file->path, .name = name, .bytes = text, .size = strlen(text)};
	struct import_file named = file;
	named.path = name;
	const struct import_format *row = import_recognise(&named);
	const struct draft_mark mark = draft_mark(run->draft);
	if (!row || run->depth >= IMPORT_DEPTH_MAX) {
		import_leave(import, path, "this is of no format that is known");
		return;
	}
	struct import inner = *import;
	inner.file = &file;
	inner.prefix = import_whole_path(import, path);
	inner.fault = &fault;
	fault = (struct fault){0};
	run->depth++;
	bool well = row->read(&inner);
	run->depth--;
	if (well)
		return;
	draft_rewind(run->draft, mark);
	import_leave(import, path, "%s", fault.code ? fault.message : row->takes);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char **import_list_beside(struct import *import, const char *folder, size_t *count)
{
	const char *path, *opened;
	if (!place_beside(import, import_print(import, "%s/", folder), &path, &opened))
		return NULL;
	DIR *entries = opendir(opened);
	if (!entries)
		return NULL;
	const char **names = arena_array(import->arena, LISTED_MAX, sizeof(*names));
	*count = 0;
	for (struct dirent *entry = readdir(entries); entry && *count < LISTED_MAX;
		entry = readdir(entries)) {
		struct stat about;
		if (lstat(import_print(import, "%s%s", opened, entry->d_name), &about) == 0 &&
			S_ISREG(about.st_mode))
			names[(*count)++] = arena_text(import->arena, entry->d_name);
	}
	closedir(entries);
	qsort(names, *count, sizeof(*names), by_text);
	return names;
}

const char *import_folder(struct import *import)
{
	const char *folder = folder_of(import->arena, import->file->path);
	size_t size = strlen(folder);
	while (size > 0 && folder[size - 1] == '/')
		size--;
	if (size == 0)
		return NULL;
	const char *whole = arena_copy(import->arena, folder, size);
	const char *slash = strrchr(whole, '/');
	const char *last = slash ? slash + 1 : whole;
	return strcmp(last, ".") == 0 || strcmp(last, "..") == 0 || !*last ? NULL : last;
}

const char *import_model_folder(struct import *import)
{
	const char *last = import_folder(import);
	if (!last || last[strspn(last, "0123456789")] != '\0')
		return last;
	const char *folder = folder_of(import->arena, import->file->path);
	const char *above = folder_of(import->arena, arena_copy(import->arena, folder, strlen(folder) - 1));
	const size_t size = strlen(above);
	if (size < 2)
		return last;
	const char *name = folder_of(import->arena, arena_copy(import->arena, above, size - 1));
	name = arena_copy(import->arena, above + strlen(name), size - 1 - strlen(name));
	return *name == '.' ? last : import_print(import, "%s/%s", name, last);
}
