/* Files as bytes that are mapped, not read: a model may be larger than memory. */
#ifndef IMPORT_FILE_H
#define IMPORT_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/fault.h"

struct import_file {
	const char *path;  /* as the user gave it, or from the walked folder on; for messages and sources */
	const char *name;  /* its last part */
	const char *bytes; /* not NUL-terminated; NULL when size is 0 */
	size_t size;
	const char
		*opened; /* what was opened; NULL for bytes that are no file's, and then none is beside it */
};

/**
 * Maps a regular file. While it is mapped nobody may cut it short.
 *
 * @param opened  the path to open
 * @param path    what it is called in messages
 * @param[out] file  on success only; its texts are the arena's; file_close() it
 * @param[out] fault  FAULT_INVALID: FILE_UNREADABLE
 */
enum fault_code file_open(struct arena *arena, const char *opened, const char *path, struct import_file *file,
	struct fault *fault);

/** Unmaps it. */
void file_close(struct import_file *file);

/** Makes a file of bytes that are in memory, e.g. of standard input. @param bytes,path borrowed by it */
struct import_file file_of_bytes(const char *path, const char *bytes, size_t size);

#endif
