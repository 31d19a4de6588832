/* Paths of fields as people write them, held against a kind's messages. */
#ifndef COMMAND_FIELD_PATH_H
#define COMMAND_FIELD_PATH_H

#include "base/arena.h"
#include "base/fault.h"
#include "model/kind.h"

/**
 * Checks a path and writes it as rules declare theirs: [] behind every list that it goes into.
 *
 * @param path  e.g. output_spec[0].item_type, output_spec[].item_type or output_spec.item_type
 * @param[out] fault  FAULT_INVALID (FIELD_UNKNOWN) with the path that was probably meant
 * @return arena; NULL when the kind has no such field
 */
const char *field_path_read(struct arena *arena, enum model_kind kind, const char *path, struct fault *fault);

#endif
