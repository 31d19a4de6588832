/* What rules read: their own lists, and the one that follows from the table of what should be filled in. */
#include "rules/rules.h"

#include <stdlib.h>
#include <string.h>

#include "rules/completeness.h"
#include "rules/fields.h"

/* ---- the list that follows from the table ---- */

/* What is being listed. */
struct listed {
	struct arena *arena;
	const char **items;
	size_t count;
};

/*
 * Writes kind:path with [] behind every list that the path goes into.
 *
 * @param[out] last  type of the message at the path's end; NULL when it ends in a text or a number
 */
static char *with_lists(
	struct arena *arena, enum model_kind kind, const char *path, const ProtobufCMessageDescriptor **last)
{
	const struct model_kind_info *info = model_kind_info(kind);
	const ProtobufCMessageDescriptor *type = info->spec;
	char *text = arena_print(arena, "%s:", info->id);
	const char *dot = "";
	while (*path) {
		size_t size = strcspn(path, ".");
		const ProtobufCFieldDescriptor *field = fields_find(type, path, size);
		path += size + (path[size] != '\0');
		bool into = *path && field->label == PROTOBUF_C_LABEL_REPEATED;
		text = arena_print(arena, "%s%s%s%s", text, dot, field->name, into ? "[]" : "");
		type = field->type == PROTOBUF_C_TYPE_MESSAGE ? fields_type(field) : NULL;
		dot = ".";
	}
	*last = type;
	return text;
}

static void add(struct listed *listed, enum model_kind kind, const char *path)
{
	const ProtobufCMessageDescriptor *last;
	listed->items[listed->count++] = with_lists(listed->arena, kind, path, &last);
}

/* Adds a field that stands beside the one at a path. @param size of its name */
static void add_beside(
	struct listed *listed, enum model_kind kind, const char *path, const char *name, size_t size)
{
	const char *end = strrchr(path, '.');
	int around = end ? (int)(end - path) + 1 : 0;
	add(listed, kind, arena_print(listed->arena, "%.*s%.*s", around, path, (int)size, name));
}

/* What decides stands in the message at the path's end, which is listed whole, or beside a text or number. */
static void add_entry(struct listed *listed, const struct completeness_entry *entry)
{
	const ProtobufCMessageDescriptor *last;
	listed->items[listed->count++] = with_lists(listed->arena, entry->kind, entry->path, &last);
	if (entry->condition) {
		const char *name = entry->condition + (*entry->condition == '!');
		add_beside(listed, entry->kind, entry->path, name, strlen(name));
	}
	for (const char *at = last ? NULL : entry->members; at && *at;) {
		size_t size = strcspn(at, "!/ ");
		if (size > 0)
			add_beside(listed, entry->kind, entry->path, at, size);
		at += size + (at[size] != '\0');
	}
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum {
	PER_ENTRY = 8 /* fields that one entry of the table names, at most */
};

static const char *const *from_table(struct arena *arena, size_t *count)
{
	size_t entry_count;
	const struct completeness_entry *entries = completeness_entries(&entry_count);
	struct listed listed = {arena, arena_array(arena, entry_count * PER_ENTRY, sizeof(char *)), 0};
	*count = 0;
	for (size_t i = 0; i < entry_count; i++) {
		size_t first = listed.count;
		for (; i < entry_count; i++) {
			add_entry(&listed, &entries[i]);
			if (i + 1 < entry_count && entries[i + 1].kind != entries[i].kind)
				break;
		}
		qsort(listed.items + first, listed.count - first, sizeof(*listed.items), compare);
	}
	for (size_t i = 0; i < listed.count; i++)
		if (*count == 0 || strcmp(listed.items[*count - 1], listed.items[i]) != 0)
			listed.items[(*count)++] = listed.items[i];
	return listed.items;
}

const char *const *rules_fields(struct arena *arena, const struct rules_info *info, size_t *count)
{
	if (!info->fields)
		return from_table(arena, count);
	for (*count = 0; info->fields[*count];)
		(*count)++;
	return info->fields;
}

/* ---- fields and paths ---- */

/* Steps over the brackets behind a name, whatever stands in them. */
static const char *past_brackets(const char *path)
{
	while (*path == '[')
		path += strcspn(path, "]") + (strchr(path, ']') != NULL);
	return path;
}

enum rules_touch rules_field_touches(const char *field, enum model_kind kind, const char *path)
{
	const char *id = model_kind_info(kind)->id;
	size_t size = strlen(id);
	if (strncmp(field, id, size) != 0 || field[size] != ':')
		return RULES_TOUCH_NONE;
	field += size + 1;
	if (!*field)
		return *path ? RULES_TOUCH_NONE : RULES_TOUCH_INSIDE;
	while (*field && *path) {
		size = strcspn(field, ".[");
		if (strncmp(field, path, size) != 0 || strcspn(path, ".[") != size)
			return RULES_TOUCH_NONE;
		field = past_brackets(field + size);
		path = past_brackets(path + size);
		field += *field == '.';
		path += *path == '.';
	}
	return *field ? RULES_TOUCH_AROUND : RULES_TOUCH_INSIDE;
}
