/*
 * The part of TOML that pyproject.toml needs, as codec nodes: tables, keys,
 * strings, arrays, inline tables; numbers, dates and booleans as the text that
 * was written. Debian has no C library for it.
 */
#ifndef IMPORT_TOML_H
#define IMPORT_TOML_H

#include "import/import.h"

/** Parses the import's file. @return a mapping of mappings; NULL with the import's fault and the line */
const struct codec_node *toml_parse(struct import *import);

#endif
