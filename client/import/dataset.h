/* Where measured tables go: the same for tables and for statistics that others made of one. */
#ifndef IMPORT_DATASET_H
#define IMPORT_DATASET_H

#include "import/import.h"
#include "profile/profile.h"

/**
 * Tells by a name what data it is of; without such a word in it, it is
 * training data, with a warning.
 *
 * @param name  normally the file's
 * @return KIND_TRAINED_MODEL: the model's test set
 */
enum model_kind dataset_kind(struct import *import, const char *name);

/** Puts a table's schema, statistics and profiles into a descriptor. @param kind one that describes a table
 */
void dataset_put(struct import *import, enum model_kind kind, const struct profile_data *data);

/** Puts a table in as the model's test set. */
void dataset_put_test(struct import *import, const struct profile_data *data);

#endif
