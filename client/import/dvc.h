/* What DVC's pipelines, their locks and its pointers have in common. */
#ifndef IMPORT_DVC_H
#define IMPORT_DVC_H

#include "import/import.h"

/* What a stage does, by its name and its command. */
enum dvc_work {
	DVC_PREPARE,
	DVC_TRAIN,
	DVC_EVALUATE,
};

enum dvc_work dvc_work(struct import *import, const char *name, const struct codec_node *stage);

/** @param endings ended by NULL; case is ignored */
bool dvc_ends_with(const char *text, const char *const *endings);

/** Is it a program or its settings? */
bool dvc_is_code(const char *path);

/** Does the path look like a model's file or folder? */
bool dvc_is_model(const char *path);

/** A path as seen from the project's top, as pointers and tables name it too. @return arena or path */
const char *dvc_place(struct import *import, const char *path);

/** Puts hyper-parameters, those inside others with dots between their names. @param name "" at the top */
void dvc_parameters(struct import *import, const struct draft_place *model, const char *name,
	const struct codec_node *value, const char *path);

enum {
	DVC_VALUES_MAX = 32, /* places that values of one pipeline are looked for in */
};

/* Where the values of a pipeline's variables are, the first one counts. Lives in the import's arena. */
struct dvc_values {
	const struct codec_node *nodes[DVC_VALUES_MAX];
	size_t count;
};

/** Gathers them. @param vars of dvc.yaml; may be NULL */
struct dvc_values dvc_values(struct import *import, const struct codec_node *vars);

/** Replaces ${name}; one that is not known stays. @param text may be NULL @return arena; NULL of NULL */
const char *dvc_resolve(struct import *import, const struct dvc_values *values, const char *text);

/** Parses a file beside this one; what does not parse is told. @return NULL when it is not there either */
const struct codec_node *dvc_parse_beside(struct import *import, const char *name);

/** Reads a lock's stages. */
bool dvc_read_lock(struct import *import, const struct codec_node *stages);

/** Reads a pointer. @return false with the import's fault */
bool dvc_read_pointer(struct import *import, const struct codec_node *top);

#endif
