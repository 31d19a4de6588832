/* Lines of a text file, whatever wrote it. */
#include "import/lines.h"

#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"

static void put_character(struct buffer *out, uint32_t code)
{
	if (code < 0x80)
		buffer_print(out, "%c", (int)code);
	else if (code < 0x800)
		buffer_print(out, "%c%c", (int)(0xc0 | code >> 6), (int)(0x80 | (code & 0x3f)));
	else if (code < 0x10000)
		buffer_print(out, "%c%c%c", (int)(0xe0 | code >> 12), (int)(0x80 | (code >> 6 & 0x3f)),
			(int)(0x80 | (code & 0x3f)));
	else
		buffer_print(out, "%c%c%c%c", (int)(0xf0 | code >> 18), (int)(0x80 | (code >> 12 & 0x3f)),
			(int)(0x80 | (code >> 6 & 0x3f)), (int)(0x80 | (code & 0x3f)));
}

/* @param large the first byte of each pair is the high one */
static bool from_utf16(struct lines *lines, const char *text, size_t size, bool large)
{
	struct buffer out = {0};
	const unsigned char *bytes = (const unsigned char *)text;
	bool well = size % 2 == 0;
	for (size_t i = 0; i + 1 < size && well; i += 2) {
		uint32_t code =
			(uint32_t)(large ? bytes[i] << 8 | bytes[i + 1] : bytes[i + 1] << 8 | bytes[i]);
		if (code >= 0xd800 && code < 0xdc00 && i + 3 < size) {
			uint32_t low = (uint32_t)(large ? bytes[i + 2] << 8 | bytes[i + 3]
							: bytes[i + 3] << 8 | bytes[i + 2]);
			well = low >= 0xdc00 && low < 0xe000;
			code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
			i += 2;
		}
		well = well && code != 0 && (code < 0xd800 || code >= 0xe000);
		if (well)
			put_character(&out, code);
	}
	lines->at = arena_copy(lines->import->arena, buffer_string(&out), out.size);
	lines->end = lines->at + out.size;
	buffer_done(&out);
	return well;
}

/* @return the line that holds the byte */
static int line_of(const char *text, size_t at)
{
	int line = 1;
	for (size_t i = 0; i < at; i++)
		line += text[i] == '\n';
	return line;
}

bool lines_start_text(struct lines *lines, struct import *import, const char *text, size_t size)
{
	*lines = (struct lines){.import = import, .at = text ? text : "", .end = text ? text + size : ""};
	if (size > LINES_SIZE_MAX)
		return import_refuse_line(
			import, 0, "the file is too large: at most %d MiB are read", LINES_SIZE_MAX >> 20);
	const bool large = size >= 2 && memcmp(text, "\xfe\xff", 2) == 0;
	if (large || (size >= 2 && memcmp(text, "\xff\xfe", 2) == 0)) {
		if (!from_utf16(lines, text + 2, size - 2, large))
			return import_refuse_line(import, 1, "this starts like UTF-16 text and is none");
		return true;
	}
	if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		lines->at += 3;
	const size_t bad = size ? utf8_check(text, size) : 0;
	if (bad < size)
		return import_refuse_line(import, line_of(text, bad), "byte 0x%02x is not UTF-8 text",
			(unsigned char)text[bad]);
	return true;
}

bool lines_start(struct lines *lines, struct import *import)
{
	return lines_start_text(lines, import, import->file->bytes, import->file->size);
}

const char *lines_next(struct lines *lines)
{
	if (lines->at == lines->end)
		return NULL;
	const size_t left = (size_t)(lines->end - lines->at);
	const char *newline = memchr(lines->at, '\n', left);
	size_t size = newline ? (size_t)(newline - lines->at) : left;
	const char *line = lines->at;
	lines->at += size + (newline != NULL);
	lines->number++;
	if (size > 0 && line[size - 1] == '\r')
		size--;
	if (size > LINES_LINE_MAX) {
		import_leave(lines->import, import_print(lines->import, "line %d", lines->number),
			"a line of %zu bytes is too long; only its start is read", size);
		size = LINES_LINE_MAX;
		while (size > 0 && ((unsigned char)line[size] & 0xc0) == 0x80)
			size--;
	}
	return arena_copy(lines->import->arena, line, size);
}

static bool is_comment(const char *line)
{
	return line[strspn(line, " \t")] == '#';
}

const char *lines_next_joined(struct lines *lines)
{
	struct buffer whole = {0};
	const char *line = lines_next(lines);
	lines->first = lines->number;
	bool more = line != NULL;
	if (!line)
		return NULL;
	while (more) {
		size_t size = strlen(line);
		while (size > 0 && (line[size - 1] == ' ' || line[size - 1] == '\t'))
			size--;
		more = size > 0 && line[size - 1] == '\\' && !(whole.size == 0 && is_comment(line));
		if (more && whole.size + size < LINES_LINE_MAX)
			buffer_print(&whole, "%.*s ", (int)(size - 1), line);
		else if (whole.size + size < LINES_LINE_MAX)
			buffer_text(&whole, line);
		if (!more)
			break;
		do
			line = lines_next(lines);
		while (line && is_comment(line));
		more = line != NULL;
	}
	const char *kept = arena_copy(lines->import->arena, buffer_string(&whole), whole.size);
	buffer_done(&whole);
	return kept;
}

const char *lines_trim(struct arena *arena, const char *text)
{
	text += strspn(text, " \t\r\n\f\v");
	size_t size = strlen(text);
	while (size > 0 && strchr(" \t\r\n\f\v", text[size - 1]))
		size--;
	return arena_copy(arena, text, size);
}
