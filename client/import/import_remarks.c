/* What is told about a file: what was left out, what looks wrong, and why it is refused. */
#include <stdarg.h>

#include "import/import_run.h"

const char *import_whole_path(struct import *import, const char *path)
{
	return import->prefix ? import_print(import, "%s.%s", import->prefix, path) : path;
}

const char *import_print(struct import *import, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	char *text = arena_vprint(import->arena, format, arguments);
	va_end(arguments);
	return text;
}

static void remark(struct import *import, enum draft_remark_kind kind, const char *path, const char *format,
	va_list arguments)
{
	const struct draft_remark made = {kind, {import->file->path, import_whole_path(import, path)},
		arena_vprint(import->arena, format, arguments)};
	draft_remark(import->run->draft, &made);
}

void import_leave(struct import *import, const char *path, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	remark(import, DRAFT_LEFT, path, format, arguments);
	va_end(arguments);
}

void import_warn(struct import *import, const char *path, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	remark(import, DRAFT_WARNED, path, format, arguments);
	va_end(arguments);
}

bool import_refuse(
	struct import *import, const struct codec_node *node, const char *path, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	const char *text = arena_vprint(import->arena, format, arguments);
	va_end(arguments);
	if (node && node->line > 0) {
		const struct codec_place place = {import->file->path, path, node->line, node->column};
		codec_refuse(import->fault, "UNEXPECTED", &place, "%s", text);
	} else {
		fault_set(import->fault, FAULT_INVALID, "UNEXPECTED", "%s: %s%s%s", import->file->path, path,
			*path ? ": " : "", text);
	}
	return false;
}

bool import_refuse_line(struct import *import, int line, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	const char *text = arena_vprint(import->arena, format, arguments);
	va_end(arguments);
	const struct codec_node at = {.line = line, .column = 1};
	return import_refuse(import, &at, "", "%s", text);
}
