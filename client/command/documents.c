/* From files to what a request carries, and back to files and lines when the server refuses it. */
#include "command/documents.h"

#include <string.h>

#include "command/failure.h"
#include "command/input.h"

/* Appends the documents of one file. */
static enum fault_code read_file(
	struct session *session, const char *file, struct document **all, size_t *count, struct fault *fault)
{
	const char *text;
	size_t size, found_count;
	struct document *found;
	if (input_read(session->arena, file, &text, &size, fault))
		return fault->code;
	if (document_read(session->arena, file, text, size, &found, &found_count, fault))
		return fault->code;
	struct document *joined = arena_array(session->arena, *count + found_count + 1, sizeof(*joined));
	if (*count > 0)
		memcpy(joined, *all, *count * sizeof(*joined));
	if (found_count > 0)
		memcpy(joined + *count, found, found_count * sizeof(*joined));
	*all = joined;
	*count += found_count;
	return FAULT_NONE;
}

enum fault_code documents_read(struct session *session, const char *const *files, size_t file_count,
	struct document **documents, size_t *count, struct fault *fault)
{
	struct document *all = NULL;
	size_t all_count = 0;
	for (size_t i = 0; i < file_count; i++) {
		if (read_file(session, files[i], &all, &all_count, fault))
			return fault->code;
	}
	*documents = all;
	*count = all_count;
	return FAULT_NONE;
}

Tally__V1__Descriptor **documents_descriptors(
	struct session *session, const char *system, const struct document_list *list)
{
	char name[MODEL_NAME_SIZE];
	Tally__V1__Descriptor **descriptors =
		arena_array(session->arena, list->count + 1, sizeof(*descriptors));
	for (size_t i = 0; i < list->count; i++) {
		struct target target = {.kind = list->items[i]->kind};
		snprintf(target.name, sizeof(target.name), "%s", list->items[i]->name);
		descriptors[i] = list->items[i]->descriptor;
		descriptors[i]->name = arena_text(session->arena, target_resource(&target, system, name));
	}
	return descriptors;
}

/* descriptors[1].spec... is the second document's. */
const char *documents_place(void *context, struct arena *arena, const char *field)
{
	static const char head[] = "descriptors[";
	const struct document_list *list = context;
	if (strncmp(field, head, sizeof(head) - 1) != 0)
		return NULL;
	char *end;
	unsigned long at = strtoul(field + sizeof(head) - 1, &end, 10);
	if (*end != ']' || at >= list->count)
		return NULL;
	const struct document *document = list->items[at];
	const char *own = end[1] == '.' ? end + 2 : field;
	if (document->line == 0)
		return arena_text(arena, own);
	return arena_print(arena, "%s:%d: %s", document->file, document_line(document, own), own);
}
