/* Resource names (AIP-122) and ids. */
#ifndef MODEL_NAME_H
#define MODEL_NAME_H

#include <stdbool.h>
#include <stdint.h>

#include "model/kind.h"

enum {
	MODEL_ID_SIZE = 64,   /* a system's id or a descriptor's name, with its NUL */
	MODEL_NAME_SIZE = 256 /* any resource name, with its NUL */
};

enum model_name_form {
	NAME_SYSTEM,     /* systems/{system}                                */
	NAME_DESCRIPTOR, /* systems/{system}/{collection}/{name}            */
	NAME_VERSION,    /* systems/{system}/{collection}/{name}/versions/{n} */
	NAME_FINDING,    /* systems/{system}/findings/{finding}             */
};

/* A resource name taken apart. */
struct model_name {
	enum model_name_form form;
	char system[MODEL_ID_SIZE];
	enum model_kind kind; /* descriptor, version */
	char descriptor[MODEL_ID_SIZE];
	int32_t version;             /* version; 1 or more */
	char finding[MODEL_ID_SIZE]; /* finding */
};

/** Is this ^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$ ? */
bool model_id_valid(const char *id);

/**
 * Takes a resource name apart.
 *
 * @param[out] name  set on success only
 * @param[out] why   set on failure only: what would be right, a literal
 */
bool model_name_parse(const char *text, struct model_name *name, const char **why);

/** Writes a resource name. @param[out] text MODEL_NAME_SIZE bytes @return text */
char *model_name_print(const struct model_name *name, char *text);

/** Returns the partition that a system belongs to: FNV-1a (64 bits) of its id, modulo. Never change it. */
int model_partition(const char *system, int partitions);

#endif
