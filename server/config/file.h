/* The settings file: `key = value` lines and # comments. */
#ifndef CONFIG_FILE_H
#define CONFIG_FILE_H

#include "base/arena.h"
#include "base/fault.h"
#include "config/config.h"

/**
 * Reads a file into the config.
 *
 * @param arena  borrowed; keeps the text that config then points to
 * @param path   borrowed
 * @return FAULT_NONE; FAULT_INVALID (USAGE) with file and line
 */
enum fault_code file_read(struct arena *arena, const char *path, struct config *config, struct fault *fault);

#endif
