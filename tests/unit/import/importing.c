/* See importing.h. */
#include "importing.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "cases.h"

#include "base/buffer.h"
#include "import/import.h"

/* @return the run, with the file read; NULL after writing the refusal */
static struct import_run *read_text(struct arena *arena, const char *format, const char *path,
	const char *text, size_t size, struct buffer *out)
{
	struct import_run *run = import_run_new(arena);
	/* Exactly as large, so that AddressSanitizer sees a read past its end. */
	char *bytes = malloc(size ? size : 1);
	if (!bytes)
		abort();
	memcpy(bytes, text, size);
	const struct import_file file = file_of_bytes(path, bytes, size);
	struct fault fault;
	const struct import_format *row = import_format_named(format);
	if (!row) {
		fprintf(stderr, "there is no format %s\n", format);
		abort();
	}
	if (import_read(run, row, &file, &fault) != FAULT_NONE) {
		buffer_print(out, "refused: %s\n", fault.message);
		import_run_done(run);
		run = NULL;
	}
	free(bytes);
	return run;
}

static void write_fact(struct buffer *out, const struct draft_fact *fact)
{
	if (fact->place && !fact->field)
		return;
	if (fact->place)
		buffer_print(out, "%s%s%s %s%s%s = ", model_kind_info(fact->place->kind)->id,
			fact->place->subject ? "/" : "", fact->place->subject ? fact->place->subject : "",
			fact->place->path, *fact->place->path ? "." : "", fact->field);
	buffer_print(out, "%s @ %s%s\n", fact->value, fact->source.path,
		fact->strength == DRAFT_WEAK ? " (weak)" : "");
}

static const char *kept(struct arena *arena, struct buffer *out)
{
	const char *text = arena_text(arena, buffer_string(out));
	buffer_done(out);
	return text;
}

const char *importing_lines(
	struct arena *arena, const char *format, const char *path, const char *text, size_t size)
{
	struct buffer out = {0};
	struct import_run *run = read_text(arena, format, path, text, size, &out);
	if (!run)
		return kept(arena, &out);
	size_t count;
	const struct draft_fact *facts = draft_facts(import_run_draft(run), &count);
	for (size_t i = 0; i < count; i++)
		write_fact(&out, &facts[i]);
	const struct draft_remark *remarks = draft_remarks(import_run_draft(run), &count);
	for (size_t i = 0; i < count; i++)
		buffer_print(&out, "%s %s: %s\n", remarks[i].kind == DRAFT_LEFT ? "left" : "warned",
			remarks[i].source.path, remarks[i].text);
	import_run_done(run);
	return kept(arena, &out);
}

static void write_conflict(struct buffer *out, const struct draft_conflict *conflict)
{
	buffer_print(out, "conflict %s/%s %s:", model_kind_info(conflict->kind)->id, conflict->name,
		conflict->field);
	for (size_t i = 0; i < conflict->count; i++)
		buffer_print(out, "%s %s (%s)", i ? " |" : "", conflict->claims[i].value,
			conflict->claims[i].source.path);
	buffer_text(out, "\n");
}

const char *importing_documents(struct arena *arena, const char *format, const char *path, const char *text)
{
	return importing_documents_of(arena, format, path, text, strlen(text));
}

const char *importing_documents_of(
	struct arena *arena, const char *format, const char *path, const char *bytes, size_t size)
{
	struct buffer out = {0};
	struct import_run *run = read_text(arena, format, path, bytes, size, &out);
	if (!run)
		return kept(arena, &out);
	struct draft_result result;
	struct fault fault;
	if (draft_build(import_run_draft(run), NULL, &result, &fault) != FAULT_NONE) {
		buffer_print(&out, "not built: %s\n", fault.message);
		import_run_done(run);
		return kept(arena, &out);
	}
	for (size_t i = 0; i < result.count; i++) {
		const struct document *document = &result.documents[i];
		json_t *json = document_json("", document->name, document->descriptor);
		char *spec =
			json_dumps(json_object_get(json, "spec"), JSON_COMPACT | JSON_REAL_PRECISION(15));
		buffer_print(&out, "%s/%s %s\n", model_kind_info(document->kind)->id, document->name, spec);
		free(spec);
		json_decref(json);
	}
	for (size_t i = 0; i < result.conflict_count; i++)
		write_conflict(&out, &result.conflicts[i]);
	import_run_done(run);
	return kept(arena, &out);
}

static bool has_line(const char *lines, const char *line, size_t size)
{
	for (const char *at = lines; (at = strstr(at, line)); at++)
		if ((at == lines || at[-1] == '\n') && at[size] == '\n')
			return true;
	return false;
}

void importing_expect(const char *format, const char *path, const char *text, const char *says)
{
	struct arena *arena = arena_new();
	const char *lines = importing_lines(arena, format, path, text, strlen(text));
	while (*says) {
		const size_t size = strcspn(says, "\n");
		const char *line = arena_copy(arena, says, size);
		const bool unwanted = *line == '!';
		const bool there = unwanted ? strstr(lines, line + 1) != NULL : has_line(lines, line, size);
		if (there == unwanted)
			fail_msg("%s: %s\nin:\n%s", unwanted ? "is there" : "is not there", line, lines);
		says += size + (says[size] == '\n');
	}
	arena_free(arena);
}
