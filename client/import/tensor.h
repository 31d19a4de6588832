/* Tensors that a model takes or gives, as items of a descriptor: the same for every format of models. */
#ifndef IMPORT_TENSOR_H
#define IMPORT_TENSOR_H

#include "import/import.h"

enum {
	TENSOR_DIMENSIONS_MAX = 64,
};

struct tensor {
	const char *name;
	const char *type;                         /* e.g. FLOAT */
	const char *description;                  /* NULL: none */
	int64_t sizes[TENSOR_DIMENSIONS_MAX];     /* -1: any */
	const char *names[TENSOR_DIMENSIONS_MAX]; /* of sizes that have a name; else NULL */
	size_t count;
	bool unranked; /* nothing is known of its dimensions */
};

/** Adds a dimension; past the limit it is left out. @param name NULL: none */
void tensor_dimension(struct tensor *tensor, int64_t size, const char *name);

/** Puts it into a list of items, e.g. output_spec. @param path of it in the file */
void tensor_put(struct import *import, const struct draft_place *at, const char *list,
	const struct tensor *tensor, const char *path);

/** Returns the dimensions as text: "1, batch, ?". @return arena */
const char *tensor_shape(struct import *import, const struct tensor *tensor);

#endif
