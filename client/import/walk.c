/* Walks a project's folder. What a file says is for its format. */
#include "import/walk.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <string.h>
#include <sys/stat.h>

#include "import/label.h"

enum {
	PROGRESS_EVERY = 100, /* files */
	TABLES_TOLD_MAX = 10, /* of those that cannot be taken */
};

/* One file that was found. */
struct found {
	const char *path; /* from the folder on */
	const struct import_format *format;
	bool table; /* of data, with a name that does not tell of which */
};

struct walking {
	struct import_run *run;
	struct arena *arena;
	const char *folder;
	struct found *found;
	size_t count, capacity;
	size_t left_capacity;
	walk_progress_fn *progress;
	void *context;
	struct walk_result *result;
};

/* Folders that hold other people's files, or what tools keep for themselves. */
static const char *const skipped[] = {".git", ".hg", ".svn", "node_modules", "site-packages", "__pycache__",
	".venv", "venv", ".tox", ".nox", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".ipynb_checkpoints",
	".dvc", ".terraform", ".idea", ".vscode", ".cache", ".eggs", NULL};

static void *grown(struct arena *arena, void *array, size_t count, size_t *capacity, size_t size)
{
	if (count < *capacity)
		return array;
	*capacity = *capacity ? *capacity * 2 : 256;
	void *larger = arena_array(arena, *capacity, size);
	if (count)
		memcpy(larger, array, count * size);
	return larger;
}

static void leave(struct walking *walking, const char *path, const char *why)
{
	struct walk_result *result = walking->result;
	result->left = grown(walking->arena, result->left, result->left_count, &walking->left_capacity,
		sizeof(*result->left));
	result->left[result->left_count++] =
		(struct walk_left){arena_text(walking->arena, path), arena_text(walking->arena, why)};
}

static const char *opened(struct walking *walking, const char *path)
{
	return arena_print(walking->arena, "%s%s%s", walking->folder, *path ? "/" : "", path);
}

static bool is_skipped(struct walking *walking, const char *path, const char *name)
{
	struct stat about;
	for (size_t i = 0; skipped[i]; i++)
		if (strcmp(skipped[i], name) == 0)
			return true;
	/* A virtual environment by any other name. */
	return stat(arena_print(walking->arena, "%s/pyvenv.cfg", opened(walking, path)), &about) == 0;
}

static void walk(struct walking *walking, const char *path, int depth);

static void visit(struct walking *walking, const char *path, const char *name, int depth)
{
	struct stat about;
	if (lstat(opened(walking, path), &about) != 0)
		return;
	if (S_ISDIR(about.st_mode)) {
		if (is_skipped(walking, path, name))
			return;
		if (depth == WALK_DEPTH_MAX)
			leave(walking, path, "folders are nested too deep");
		else
			walk(walking, path, depth + 1);
		return;
	}
	if (S_ISLNK(about.st_mode)) {
		size_t at = 0;
		if (import_format_candidate(path, &at))
			leave(walking, path, "links are not followed");
		return;
	}
	if (!S_ISREG(about.st_mode) || walking->count == WALK_FILES_MAX)
		return;
	walking->found = grown(
		walking->arena, walking->found, walking->count, &walking->capacity, sizeof(*walking->found));
	walking->found[walking->count++].path = path;
	if (walking->progress && walking->count % PROGRESS_EVERY == 0)
		walking->progress(walking->context, walking->count, 0);
}

static void walk(struct walking *walking, const char *path, int depth)
{
	DIR *entries = opendir(opened(walking, path));
	if (!entries) {
		leave(walking, path, strerror(errno));
		return;
	}
	for (struct dirent *entry = readdir(entries); entry; entry = readdir(entries)) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		visit(walking, arena_print(walking->arena, "%s%s%s", path, *path ? "/" : "", entry->d_name),
			entry->d_name, depth);
	}
	closedir(entries);
}

/* Opens those files only whose names may be of a format. */
static void recognise(struct walking *walking, struct found *found)
{
	struct import_file file;
	struct fault fault;
	size_t at = 0;
	found->table = fnmatch("*.[ct]sv", found->path, FNM_CASEFOLD) == 0;
	if (!import_format_candidate(found->path, &at))
		return;
	if (file_open(walking->arena, opened(walking, found->path), found->path, &file, &fault) !=
		FAULT_NONE) {
		leave(walking, found->path, fault.message);
		return;
	}
	found->format = import_recognise(&file);
	found->table = found->table && !found->format;
	file_close(&file);
}

static int by_format_and_path(const void *a, const void *b)
{
	const struct found *left = a, *right = b;
	if (left->format != right->format) {
		if (!left->format || !right->format)
			return left->format ? -1 : 1;
		return left->format < right->format ? -1 : 1;
	}
	return strcmp(left->path, right->path);
}

static void read_one(struct walking *walking, const struct found *found)
{
	struct import_file file;
	struct fault fault;
	if (import_was_read(walking->run, found->path))
		return;
	if (found->format->beside_only) {
		leave(walking, found->path, "no other file here needs it");
		return;
	}
	if (file_open(walking->arena, opened(walking, found->path), found->path, &file, &fault) !=
		FAULT_NONE) {
		leave(walking, found->path, fault.message);
		return;
	}
	if (import_read(walking->run, found->format, &file, &fault) != FAULT_NONE)
		leave(walking, found->path, fault.message);
	file_close(&file);
}

/* Did another file give the rows that a model was trained on? */
static bool has_training_rows(struct walking *walking)
{
	size_t count;
	const struct draft_fact *facts = draft_facts(import_run_draft(walking->run), &count);
	for (size_t i = 0; i < count; i++)
		if (facts[i].message && facts[i].place->kind == KIND_TRAINING_DATA)
			return true;
	return false;
}

/* A project's only table is what its model was trained on; of several nobody can tell. */
static void read_tables(struct walking *walking, size_t count)
{
	const bool alone = count == 1 && !has_training_rows(walking);
	size_t told = 0;
	for (size_t i = 0; i < walking->count; i++) {
		struct found *found = &walking->found[i];
		if (!found->table || import_was_read(walking->run, found->path))
			continue;
		if (alone) {
			found->format = import_format_named("csv");
			read_one(walking, found);
		} else if (told++ < TABLES_TOLD_MAX) {
			leave(walking, found->path,
				"the name does not tell what data this is; put train, test, production or raw "
				"into it, or say it with tally profile --kind");
		} else {
			leave(walking, found->path,
				arena_print(walking->arena,
					"its name does not tell either, nor do those of %zu more tables",
					count - told));
			return;
		}
	}
}

static void note_unknown(struct walk_result *result, const char *path)
{
	if (result->unknown < WALK_UNKNOWN_MAX)
		result->unknown_paths[result->unknown] = path;
	result->unknown++;
}

static void read_all(struct walking *walking)
{
	size_t tables = 0;
	for (size_t i = 0; i < walking->count; i++)
		recognise(walking, &walking->found[i]);
	if (walking->count)
		qsort(walking->found, walking->count, sizeof(*walking->found), by_format_and_path);
	for (size_t i = 0; i < walking->count; i++) {
		if (walking->found[i].format)
			read_one(walking, &walking->found[i]);
		else if (walking->found[i].table)
			tables++;
		else
			note_unknown(walking->result, walking->found[i].path);
		if (walking->progress && i % PROGRESS_EVERY == 0)
			walking->progress(walking->context, i, walking->count);
	}
	read_tables(walking, tables);
}

enum fault_code walk_import(struct import_run *run, struct arena *arena, const char *folder,
	walk_progress_fn *progress, void *context, struct walk_result *result, struct fault *fault)
{
	struct walk_result made = {0};
	struct walking walking = {.run = run,
		.arena = arena,
		.folder = folder,
		.progress = progress,
		.context = context,
		.result = &made};
	DIR *top = opendir(folder);
	if (!top)
		return fault_set(fault, FAULT_INVALID, "FILE_UNREADABLE", "%s: %s", folder, strerror(errno));
	closedir(top);
	walk(&walking, "", 1);
	if (walking.count == WALK_FILES_MAX)
		leave(&walking, ".", "there are too many files; only the first ones were looked at");
	made.files = walking.count;
	read_all(&walking);
	label_infer(run);
	*result = made;
	return FAULT_NONE;
}
