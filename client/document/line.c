/* Where in a file a field stands that a server refused. Judges nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/codec.h"
#include "document/document.h"

enum {
	PATH_SIZE = 512,
};

/* The keys under which documents have what a descriptor has beside its spec. */
static const struct {
	const char *field;
	const char *path;
} elsewhere[] = {
	{"name", "metadata.name"},
	{"owner_team", "metadata.ownerTeam"},
	{"sources", "metadata.sources"},
};

static const struct codec_node *item_at(const struct codec_node *node, const char *digits)
{
	const unsigned long at = strtoul(digits, NULL, 10);
	return node->type == CODEC_SEQUENCE && at < node->count ? node->items[at] : NULL;
}

/* @param[out] line  the key's, when it is there */
static const struct codec_node *value_of(
	const struct codec_node *node, const char *name, size_t length, int *line)
{
	for (size_t i = 0; node->type == CODEC_MAPPING && i < node->count; i++) {
		if (strlen(node->keys[i]->text) != length || strncmp(node->keys[i]->text, name, length) != 0)
			continue;
		*line = node->keys[i]->line;
		return node->items[i];
	}
	return NULL;
}

/* Goes down a path such as rules[0].rule as far as it leads. @return the line where it ends */
static int follow(const struct codec_node *node, const char *path, int line)
{
	while (node && *path) {
		const size_t length = strcspn(path, ".[");
		if (length > 0) {
			node = value_of(node, path, length, &line);
		} else if (*path == '[') {
			node = item_at(node, path + 1);
			line = node ? node->line : line;
		}
		path += length > 0 ? length : *path == '[' ? strcspn(path, "]") : 1;
		path += *path == ']';
	}
	return line;
}

/* Under which key of a document is what a descriptor calls so? NULL: under none. */
static const char *root_of(const struct document *document, const char *field, size_t length)
{
	const char *kind = model_kind_info(document->kind)->id;
	if (strlen(kind) == length && strncmp(kind, field, length) == 0)
		return "spec";
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		if (strlen(elsewhere[i].field) == length && strncmp(elsewhere[i].field, field, length) == 0)
			return elsewhere[i].path;
	return NULL;
}

int document_line(const struct document *document, const char *field)
{
	char path[PATH_SIZE];
	const size_t length = strcspn(field, ".[");
	const char *root = document->node ? root_of(document, field, length) : NULL;
	if (!root)
		return document->line;
	snprintf(path, sizeof(path), "%s%s", root, field + length);
	return follow(document->node, path, document->line);
}
