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

/** Reads a lock's stages. */
bool dvc_read_lock(struct import *import, const struct codec_node *stages);

/** Reads a pointer. @return false with the import's fault */
bool dvc_read_pointer(struct import *import, const struct codec_node *top);

#endif
