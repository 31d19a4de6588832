/* Which column a model learned, told by the columns that it takes. */
#ifndef IMPORT_LABEL_H
#define IMPORT_LABEL_H

#include "import/import.h"

/**
 * Marks the label among the columns of training data, when all files are read:
 * the only column that the model's signature does not take, or the only one of
 * several that is called label, target, class or y. Says so. Does nothing
 * where a file names the label, where there are several models or several sets
 * of training data, and where the signature is not made of columns.
 */
void label_infer(struct import_run *run);

#endif
