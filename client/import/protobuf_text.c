/* A reader of protobuf's text format: messages become mappings of lists. Bounded in size, depth and values.
 */
#include "import/protobuf_text.h"

#include <ctype.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"

enum {
	SIZE_MAX_BYTES = 16 * 1024 * 1024,
	DEPTH_MAX = 64,
	VALUES_MAX = 500 * 1000,
};

struct reading {
	struct import *import;
	const char *at, *end;
	int line;
	size_t values;
};

static bool read_fields(struct reading *reading, struct codec_node *into, char close, int depth);

static bool expected(struct reading *reading, const char *what)
{
	if (reading->at == reading->end)
		return import_refuse_line(
			reading->import, reading->line, "%s is expected; the file ends here", what);
	return import_refuse_line(reading->import, reading->line, "%s is expected, not \"%.*s\"", what,
		(int)strnlen(reading->at, (size_t)(reading->end - reading->at) < 10
						  ? (size_t)(reading->end - reading->at)
						  : 10),
		reading->at);
}

/* Also commas and semicolons, which may stand between fields. */
static void skip_space(struct reading *reading)
{
	while (reading->at < reading->end) {
		const char c = *reading->at;
		if (c == '#') {
			while (reading->at < reading->end && *reading->at != '\n')
				reading->at++;
			continue;
		}
		if (!isspace((unsigned char)c))
			return;
		reading->line += c == '\n';
		reading->at++;
	}
}

static char peek(struct reading *reading)
{
	skip_space(reading);
	return reading->at < reading->end ? *reading->at : '\0';
}

static bool take(struct reading *reading, char c)
{
	if (peek(reading) != c)
		return false;
	reading->at++;
	return true;
}

static struct codec_node *new_node(struct reading *reading, enum codec_node_type type)
{
	struct codec_node *node = arena_alloc(reading->import->arena, sizeof(*node));
	*node = (struct codec_node){.type = type, .text = "", .line = reading->line, .column = 1};
	return node;
}

static struct codec_node **more(struct reading *reading, struct codec_node **nodes, size_t count)
{
	if (count & (count - 1) || count == 1)
		return nodes;
	struct codec_node **larger =
		arena_array(reading->import->arena, count ? count * 2 : 2, sizeof(*larger));
	if (count)
		memcpy(larger, nodes, count * sizeof(*larger));
	return larger;
}

static struct codec_node *list_of(struct reading *reading, struct codec_node *message, struct codec_node *key)
{
	for (size_t i = 0; i < message->count; i++)
		if (strcmp(message->keys[i]->text, key->text) == 0)
			return message->items[i];
	struct codec_node *list = new_node(reading, CODEC_SEQUENCE);
	message->keys = more(reading, message->keys, message->count);
	message->items = more(reading, message->items, message->count);
	message->keys[message->count] = key;
	message->items[message->count++] = list;
	return list;
}

static bool add(struct reading *reading, struct codec_node *list, struct codec_node *value)
{
	if (++reading->values > VALUES_MAX)
		return import_refuse_line(
			reading->import, reading->line, "more than %d values are not read", VALUES_MAX);
	list->items = more(reading, list->items, list->count);
	list->items[list->count++] = value;
	return true;
}

static struct codec_node *scalar(struct reading *reading, const char *text, size_t size, bool quoted)
{
	struct codec_node *node = new_node(reading, CODEC_SCALAR);
	node->text = arena_copy(reading->import->arena, text, size);
	node->text_size = size;
	node->quoted = quoted;
	return node;
}

/* A field's name, or an extension's in brackets. @return NULL with a fault */
static struct codec_node *read_name(struct reading *reading)
{
	const char *start = (skip_space(reading), reading->at);
	if (reading->at < reading->end && *start == '[') {
		while (reading->at < reading->end && *reading->at != ']' && *reading->at != '\n')
			reading->at++;
		if (take(reading, ']'))
			return scalar(reading, start, (size_t)(reading->at - start), true);
		expected(reading, "]");
		return NULL;
	}
	while (reading->at < reading->end &&
		(isalnum((unsigned char)*reading->at) || *reading->at == '_' || *reading->at == '.'))
		reading->at++;
	if (reading->at > start)
		return scalar(reading, start, (size_t)(reading->at - start), true);
	expected(reading, "a field's name");
	return NULL;
}

static bool read_number(struct reading *reading, unsigned base, int most, unsigned *value)
{
	static const char digits[] = "0123456789abcdef";
	int count = 0;
	*value = 0;
	for (; count < most && reading->at < reading->end; count++) {
		const char *digit =
			*reading->at ? strchr(digits, tolower((unsigned char)*reading->at)) : NULL;
		if (!digit || (unsigned)(digit - digits) >= base)
			break;
		*value = *value * base + (unsigned)(digit - digits);
		reading->at++;
	}
	return count > 0;
}

static bool read_escape(struct reading *reading, struct buffer *out)
{
	static const char names[] = "nrtabfv\\'\"?", bytes[] = "\n\r\t\a\b\f\v\\'\"?";
	unsigned value = 0;
	if (reading->at == reading->end)
		return expected(reading, "a character after \\");
	const char *name = *reading->at ? strchr(names, *reading->at) : NULL;
	if (name) {
		buffer_add(out, &bytes[name - names], 1);
		reading->at++;
		return true;
	}
	if (*reading->at == 'x' || *reading->at == 'X') {
		reading->at++;
		if (!read_number(reading, 16, 2, &value))
			return expected(reading, "a hexadecimal digit");
	} else if (!read_number(reading, 8, 3, &value)) {
		return expected(reading, "an escape (\\n, \\x41, \\101)");
	}
	const char byte = (char)(unsigned char)value;
	buffer_add(out, &byte, 1);
	return true;
}

static bool read_quoted(struct reading *reading, struct buffer *out)
{
	const char quote = *reading->at++;
	while (reading->at < reading->end && *reading->at != quote && *reading->at != '\n') {
		if (*reading->at != '\\') {
			buffer_add(out, reading->at++, 1);
			continue;
		}
		reading->at++;
		if (!read_escape(reading, out))
			return false;
	}
	if (reading->at == reading->end || *reading->at != quote)
		return expected(reading, "the quote that ends the text");
	reading->at++;
	return true;
}

/* Texts that follow each other are one. Bytes that are no text become "?". */
static struct codec_node *read_text(struct reading *reading)
{
	struct buffer out = {0};
	bool well = true;
	while (well && (peek(reading) == '"' || peek(reading) == '\''))
		well = read_quoted(reading, &out);
	struct codec_node *node = NULL;
	if (well) {
		char *text = arena_copy(reading->import->arena, buffer_string(&out), out.size);
		for (size_t bad; (bad = utf8_check(text, out.size)) < out.size;)
			text[bad] = '?';
		node = scalar(reading, text, out.size, true);
	}
	buffer_done(&out);
	return node;
}

static struct codec_node *read_word(struct reading *reading)
{
	const char *start = reading->at;
	while (reading->at < reading->end &&
		(isalnum((unsigned char)*reading->at) || strchr("_.+-", *reading->at)) && *reading->at)
		reading->at++;
	if (reading->at > start)
		return scalar(reading, start, (size_t)(reading->at - start), false);
	expected(reading, "a value");
	return NULL;
}

static struct codec_node *read_value(struct reading *reading, int depth)
{
	const char c = peek(reading);
	if (c == '"' || c == '\'')
		return read_text(reading);
	if (c != '{' && c != '<')
		return read_word(reading);
	struct codec_node *message = new_node(reading, CODEC_MAPPING);
	reading->at++;
	return read_fields(reading, message, c == '{' ? '}' : '>', depth + 1) ? message : NULL;
}

static bool read_list(struct reading *reading, struct codec_node *list, int depth)
{
	if (take(reading, ']'))
		return true;
	do {
		struct codec_node *value = read_value(reading, depth);
		if (!value || !add(reading, list, value))
			return false;
	} while (take(reading, ','));
	return take(reading, ']') || expected(reading, ", or ]");
}

static bool read_field(struct reading *reading, struct codec_node *into, int depth)
{
	struct codec_node *name = read_name(reading);
	if (!name)
		return false;
	const bool colon = take(reading, ':');
	if (!colon && peek(reading) != '{' && peek(reading) != '<' && peek(reading) != '[')
		return expected(reading, ": or {");
	struct codec_node *list = list_of(reading, into, name);
	if (take(reading, '['))
		return read_list(reading, list, depth);
	struct codec_node *value = read_value(reading, depth);
	return value && add(reading, list, value);
}

/* @param close what ends the message; 0: the file's end */
static bool read_fields(struct reading *reading, struct codec_node *into, char close, int depth)
{
	if (depth > DEPTH_MAX)
		return import_refuse_line(reading->import, reading->line,
			"messages are nested deeper than %d levels", DEPTH_MAX);
	while (peek(reading) != close || (!close && reading->at < reading->end)) {
		if (!read_field(reading, into, depth))
			return false;
		if (!take(reading, ','))
			take(reading, ';');
	}
	return !close || take(reading, close);
}

const struct codec_node *protobuf_text(struct import *import)
{
	if (import->file->size > SIZE_MAX_BYTES) {
		import_refuse_line(
			import, 0, "the file is too large: at most %d MiB are read", SIZE_MAX_BYTES >> 20);
		return NULL;
	}
	struct reading reading = {.import = import, .at = import->file->bytes, .line = 1};
	reading.at = import->file->size ? import->file->bytes : "";
	reading.end = reading.at + import->file->size;
	struct codec_node *message = new_node(&reading, CODEC_MAPPING);
	return read_fields(&reading, message, '\0', 0) ? message : NULL;
}

const struct codec_node *protobuf_text_all(const struct codec_node *message, const char *field)
{
	return message ? codec_get(message, field) : NULL;
}

const struct codec_node *protobuf_text_first(const struct codec_node *message, const char *field)
{
	const struct codec_node *all = protobuf_text_all(message, field);
	return all && all->count ? all->items[0] : NULL;
}
