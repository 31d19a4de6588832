/* What runs in production: which of several services serves the model, and what it is given. */
#ifndef IMPORT_SERVING_H
#define IMPORT_SERVING_H

#include "import/import.h"

/* A workload of Kubernetes or a service of Compose. Texts may be NULL. */
struct serving {
	const char *name;
	const char *namespace;
	const char *image;
	bool gpu;
	bool model; /* something else says that it serves a model: its kind, a variable, a path */
};

/** Is it an image of a database, a proxy, a broker and the like? */
bool serving_is_infrastructure(const char *image);

/** Does the image's name speak of serving a model? */
bool serving_is_model_image(const char *image);

/** Is this a variable or an argument that names the model's file or folder? e.g. MODEL_PATH,
 * --model_base_path */
bool serving_is_model_path(const char *name);

/**
 * The production environment that a service belongs to. One that serves a
 * model has its own; what any other says only stands where none does, and
 * infrastructure has none. Named after staging, production and the like where
 * the path or the namespace says so, else after the service. Sets
 * import->strength.
 *
 * @return NULL for infrastructure
 */
const struct draft_place *serving_place(struct import *import, const struct serving *serving);

/** The subject of serving_place(). @return arena */
const char *serving_subject(struct import *import, const char *name, const char *namespace);

#endif
