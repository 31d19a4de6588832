/* Columns and characters. Knows UTF-8 and wcwidth(), nothing of tables. */
#include "command/text.h"

#include <string.h>
#include <wchar.h>

#include "base/buffer.h"
#include "base/utf8.h"

static const char replacement[] = "\xEF\xBF\xBD";
static const char ellipsis[] = "\xE2\x80\xA6";

static size_t character_size(const char *text)
{
	unsigned char first = (unsigned char)*text;
	if (first < 0xC0)
		return 1;
	size_t size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
	return strnlen(text, size);
}

static wchar_t character(const char *text, size_t size)
{
	static const unsigned char masks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
	unsigned value = (unsigned char)text[0] & masks[size];
	for (size_t i = 1; i < size; i++)
		value = value << 6 | ((unsigned char)text[i] & 0x3F);
	return (wchar_t)value;
}

/* Line breaks become blanks, what would steer a terminal becomes a mark. */
static void clean_character(struct buffer *out, const char *text, size_t size)
{
	unsigned char first = (unsigned char)text[0], second = (unsigned char)text[size - 1];
	if (first == '\n' || first == '\t' || first == '\r')
		buffer_add(out, " ", 1);
	else if (first < 0x20 || first == 0x7F || (size == 2 && first == 0xC2 && second < 0xA0))
		buffer_text(out, replacement);
	else
		buffer_add(out, text, size);
}

const char *text_clean(struct arena *arena, const char *text)
{
	struct buffer out = {0};
	size_t left = strlen(text);
	while (left > 0) {
		size_t size = character_size(text);
		if (utf8_check(text, size) == size) {
			clean_character(&out, text, size);
		} else {
			buffer_text(&out, replacement);
			size = 1;
		}
		text += size;
		left -= size;
	}
	const char *clean = arena_text(arena, buffer_string(&out));
	buffer_done(&out);
	return clean;
}

static size_t columns_of(const char *text, size_t size)
{
	int columns = wcwidth(character(text, size));
	return columns < 0 ? 1 : (size_t)columns;
}

size_t text_width(const char *text)
{
	size_t width = 0;
	while (*text) {
		size_t size = character_size(text);
		width += columns_of(text, size);
		text += size;
	}
	return width;
}

size_t text_fit(const char *text, size_t columns)
{
	size_t at = 0, width = 0;
	while (text[at]) {
		size_t size = character_size(text + at);
		width += columns_of(text + at, size);
		if (width > columns)
			break;
		at += size;
	}
	return at;
}

const char *text_cut(struct arena *arena, const char *text, size_t columns)
{
	if (text_width(text) <= columns)
		return text;
	if (columns == 0)
		return "";
	return arena_print(arena, "%.*s%s", (int)text_fit(text, columns - 1), text, ellipsis);
}

size_t text_line(const char *text, size_t columns, const char **next)
{
	size_t fit = text_fit(text, columns);
	if (fit == 0 && text[0])
		fit = character_size(text);
	size_t end = fit;
	if (text[fit] && text[fit] != ' ') {
		while (end > 0 && text[end - 1] != ' ')
			end--;
		if (end == 0)
			end = fit;
	}
	*next = text + end;
	while (**next == ' ')
		(*next)++;
	while (end > 0 && text[end - 1] == ' ')
		end--;
	return end;
}

static size_t room(size_t columns, size_t taken)
{
	return columns > taken + 10 ? columns - taken : 10;
}

void text_block(struct buffer *out, const struct text_block *block, const char *text)
{
	size_t left = room(block->columns, block->lead_width);
	const char *lead = block->lead;
	size_t indent = 0;
	while (*text) {
		const char *next;
		const size_t size = text_line(text, left, &next);
		buffer_print(out, "%*s%s%.*s\n", (int)indent, "", lead, (int)size, text);
		lead = "";
		indent = block->indent;
		left = room(block->columns, block->indent);
		text = next;
	}
}
