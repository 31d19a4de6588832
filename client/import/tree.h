/*
 * YAML and JSON as codec nodes. Scalars keep the text that was written: an
 * unquoted python: 3.10 is "3.10".
 */
#ifndef IMPORT_TREE_H
#define IMPORT_TREE_H

#include "import/import.h"

/**
 * Parses the file as YAML, all documents of it; bounded as codec_parse() is.
 *
 * @param[out] documents  arena; those that are not empty
 * @return false with the import's fault
 */
bool tree_yaml(struct import *import, struct codec_node ***documents, size_t *count);

/** The same for a file that holds one document. @return NULL with the import's fault */
const struct codec_node *tree_yaml_one(struct import *import);

/** Parses the file as JSON. Its nodes have no lines. @return NULL with the import's fault */
const struct codec_node *tree_json(struct import *import);

/** Parses JSON that stands inside the file, e.g. in a text of it. @param path where, for messages */
const struct codec_node *tree_json_text(
	struct import *import, const char *text, size_t size, const char *path);

/** Makes nodes of JSON. @param json borrowed for the call @return arena */
const struct codec_node *tree_of_json(struct import *import, const json_t *json);

/** JSON if it starts like it, else YAML. @return NULL with the import's fault */
const struct codec_node *tree_any(struct import *import);

/** @return the value of a key; NULL when there is none, it is null, or the node is NULL or no mapping */
const struct codec_node *tree_get(const struct codec_node *node, const char *key);

/** Follows keys with dots between them, and numbers in lists: "spec.template.spec", "containers.0". */
const struct codec_node *tree_at(const struct codec_node *node, const char *keys);

/** @return a scalar's text; NULL for everything else, also for blank text */
const char *tree_text(const struct codec_node *node);

/** tree_text(tree_at()) */
const char *tree_text_at(const struct codec_node *node, const char *keys);

/** Is it the plain number that it looks like? @param[out] value on success only */
bool tree_number(const struct codec_node *node, double *value);
bool tree_integer(const struct codec_node *node, int64_t *value);
bool tree_flag(const struct codec_node *node, bool *value);

/** How many items or pairs; 0 for NULL and for scalars. */
size_t tree_count(const struct codec_node *node);

/** Is it a mapping, or a list? NULL is neither. */
bool tree_is_mapping(const struct codec_node *node);
bool tree_is_list(const struct codec_node *node);

/** Returns the value as compact JSON text, for a field that keeps it as text. @return arena */
const char *tree_print(struct import *import, const struct codec_node *node);

/** Tells, with import_leave(), of each key of a mapping that is not among the known ones. @param known ended
 * by NULL */
void tree_leave_unknown(struct import *import, const struct codec_node *node, const char *path,
	const char *const *known, const char *why);

#endif
