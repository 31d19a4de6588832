/* A project's folder: which files there are, and reading those of known formats into one draft. */
#ifndef IMPORT_WALK_H
#define IMPORT_WALK_H

#include "import/import.h"

enum {
	WALK_FILES_MAX = 200 * 1000,
	WALK_DEPTH_MAX = 32,
	WALK_UNKNOWN_MAX = 10, /* that are named */
};

/* Something that was not taken, and why. */
struct walk_left {
	const char *path;
	const char *why;
};

struct walk_result {
	size_t files;                                /* that were seen */
	size_t unknown;                              /* of them: of no format that is known */
	const char *unknown_paths[WALK_UNKNOWN_MAX]; /* the first of those, in the order of paths */
	struct walk_left *left;
	size_t left_count;
};

/** Called now and then. @param total 0 while files are still being found */
typedef void walk_progress_fn(void *context, size_t done, size_t total);

/**
 * Reads what is recognised in a folder and those inside it, in the order of
 * the table of formats, then of paths. Folders of version control, packages
 * and virtual environments are left out, links are not followed. A file that
 * fails gives nothing and is told in result->left. A table whose name does not
 * tell what data it is counts as training data when it is the only one and no
 * other file is.
 *
 * @param progress  may be NULL
 * @param[out] result  on success only; arena
 * @param[out] fault  FAULT_INVALID: the folder cannot be read
 */
enum fault_code walk_import(struct import_run *run, struct arena *arena, const char *folder,
	walk_progress_fn *progress, void *context, struct walk_result *result, struct fault *fault);

#endif
