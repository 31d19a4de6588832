/* Files that a command is given. */
#ifndef COMMAND_INPUT_H
#define COMMAND_INPUT_H

#include "base/arena.h"
#include "base/fault.h"

enum {
	INPUT_SIZE_MAX = 64 << 20,
};

/**
 * Reads a whole file.
 *
 * @param file      "-" is standard input
 * @param[out] text arena; NUL-terminated
 * @param[out] size bytes
 * @param[out] fault FAULT_INVALID when it cannot be read or is larger than INPUT_SIZE_MAX
 */
enum fault_code input_read(
	struct arena *arena, const char *file, const char **text, size_t *size, struct fault *fault);

#endif
