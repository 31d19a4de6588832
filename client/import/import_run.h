/* What the files behind import.h share. Formats have no need of it. */
#ifndef IMPORT_IMPORT_RUN_H
#define IMPORT_IMPORT_RUN_H

#include "base/map.h"
#include "import/import.h"

enum {
	IMPORT_OPEN_MAX = 256, /* files that are open at a time */
	IMPORT_DEPTH_MAX = 4,  /* files read beside files */
};

struct import_run {
	struct arena *arena;
	struct draft *draft;
	struct map read; /* paths, and those with their parts */
	struct import_reading *readings;
	size_t reading_count, reading_capacity;
	struct import_file open[IMPORT_OPEN_MAX];
	size_t open_count;
	int depth;
	bool full; /* told that the draft takes no more */
};

/** Reads one file, or nothing of it. @param import what its function gets; run and file are set */
enum fault_code import_run_read(struct import_run *run, const struct import_format *format,
	struct import import, struct fault *fault);

/** What tells a path that was read for one part from the same path for another. @return arena */
const char *import_run_part_key(struct import_run *run, const char *path, enum model_kind part);

/** Where in the file a text's path is, when the text is read by itself. @return arena, or path */
const char *import_whole_path(struct import *import, const char *path);

#endif
