/* A reader of TOML for project files. Arrays of tables become lists; dates stay text. Bounded in size and
 * depth. */
#include "import/toml.h"

#include <ctype.h>
#include <string.h>

#include "base/buffer.h"
#include "base/utf8.h"

enum {
	SIZE_MAX_BYTES = 4 * 1024 * 1024,
	DEPTH_MAX = 32,
};

struct toml {
	struct import *import;
	const char *at, *end;
	int line;
	struct codec_node *top;
	struct codec_node *table; /* that keys go into now */
};

static struct codec_node *read_value(struct toml *toml, int depth);

static bool expected(struct toml *toml, const char *what)
{
	return import_refuse_line(toml->import, toml->line, "%s is expected here", what);
}

static char peek(const struct toml *toml)
{
	return toml->at < toml->end ? *toml->at : '\0';
}

static bool starts(const struct toml *toml, const char *text)
{
	const size_t size = strlen(text);
	return (size_t)(toml->end - toml->at) >= size && memcmp(toml->at, text, size) == 0;
}

/* Spaces and comments; also line ends where they mean nothing. */
static void skip(struct toml *toml, bool lines)
{
	while (toml->at < toml->end) {
		const char c = *toml->at;
		if (c == '#')
			while (toml->at < toml->end && *toml->at != '\n')
				toml->at++;
		else if (c == ' ' || c == '\t' || c == '\r' || (lines && c == '\n')) {
			toml->line += c == '\n';
			toml->at++;
		} else
			return;
	}
}

static struct codec_node *new_node(struct toml *toml, enum codec_node_type type)
{
	struct codec_node *node = arena_alloc(toml->import->arena, sizeof(*node));
	*node = (struct codec_node){.type = type, .text = "", .line = toml->line, .column = 1};
	return node;
}

static struct codec_node *scalar(struct toml *toml, const char *text, size_t size, bool quoted)
{
	struct codec_node *node = new_node(toml, CODEC_SCALAR);
	node->text = arena_copy(toml->import->arena, text, size);
	node->text_size = size;
	node->quoted = quoted;
	return node;
}

static struct codec_node **more(struct toml *toml, struct codec_node **nodes, size_t count)
{
	if (count & (count - 1) || count == 1)
		return nodes;
	struct codec_node **larger = arena_array(toml->import->arena, count ? count * 2 : 2, sizeof(*larger));
	if (count)
		memcpy(larger, nodes, count * sizeof(*larger));
	return larger;
}

static void append(
	struct toml *toml, struct codec_node *node, struct codec_node *key, struct codec_node *value)
{
	if (key) {
		node->keys = more(toml, node->keys, node->count);
		node->keys[node->count] = key;
	}
	node->items = more(toml, node->items, node->count);
	node->items[node->count++] = value;
}

static void read_escape(struct toml *toml, struct buffer *out)
{
	static const char names[] = "btnfre\"\\", bytes[] = "\b\t\n\f\r\x1b\"\\";
	const char *name = peek(toml) ? strchr(names, peek(toml)) : NULL;
	if (name)
		buffer_add(out, &bytes[name - names], 1);
	else /* \u and the rest are kept as they are written */
		buffer_print(out, "\\%c", peek(toml) ? peek(toml) : '\\');
	toml->at += toml->at < toml->end;
}

/* @param quote one of ", ', """, ''' */
static struct codec_node *read_string(struct toml *toml, const char *quote)
{
	const size_t size = strlen(quote);
	struct buffer out = {0};
	toml->at += size;
	if (size == 3 && peek(toml) == '\n')
		toml->at++, toml->line++;
	while (toml->at < toml->end && !starts(toml, quote) && (size == 3 || *toml->at != '\n')) {
		toml->line += *toml->at == '\n';
		if (*quote == '"' && *toml->at == '\\') {
			toml->at++;
			read_escape(toml, &out);
		} else
			buffer_add(&out, toml->at++, 1);
	}
	struct codec_node *node = NULL;
	if (!starts(toml, quote))
		expected(toml, "the quote that ends the text");
	else {
		toml->at += size;
		node = scalar(toml, buffer_string(&out), out.size, true);
	}
	buffer_done(&out);
	return node;
}

static struct codec_node *read_any_string(struct toml *toml)
{
	static const char *const quotes[] = {"\"\"\"", "'''", "\"", "'"};
	for (size_t i = 0; i < sizeof(quotes) / sizeof(quotes[0]); i++)
		if (starts(toml, quotes[i]))
			return read_string(toml, quotes[i]);
	return NULL;
}

static struct codec_node *read_array(struct toml *toml, int depth)
{
	struct codec_node *list = new_node(toml, CODEC_SEQUENCE);
	toml->at++;
	for (skip(toml, true); peek(toml) != ']'; skip(toml, true)) {
		struct codec_node *item = read_value(toml, depth + 1);
		if (!item)
			return NULL;
		append(toml, list, NULL, item);
		skip(toml, true);
		if (peek(toml) == ',')
			toml->at++;
		else if (peek(toml) != ']') {
			expected(toml, ", or ]");
			return NULL;
		}
	}
	toml->at++;
	return list;
}

static struct codec_node *read_key_part(struct toml *toml)
{
	if (peek(toml) == '"' || peek(toml) == '\'')
		return read_any_string(toml);
	const char *start = toml->at;
	while (toml->at < toml->end &&
		(isalnum((unsigned char)*toml->at) || *toml->at == '_' || *toml->at == '-'))
		toml->at++;
	if (toml->at > start)
		return scalar(toml, start, (size_t)(toml->at - start), true);
	expected(toml, "a key");
	return NULL;
}

static struct codec_node *find(const struct codec_node *table, const char *key)
{
	for (size_t i = 0; i < table->count; i++)
		if (strcmp(table->keys[i]->text, key) == 0)
			return table->items[i];
	return NULL;
}

/* Goes into a table, made when it is not there; of a list of tables into the last one. */
static struct codec_node *enter(struct toml *toml, struct codec_node *table, struct codec_node *key)
{
	struct codec_node *inner = find(table, key->text);
	if (!inner) {
		inner = new_node(toml, CODEC_MAPPING);
		append(toml, table, key, inner);
	}
	if (inner->type == CODEC_SEQUENCE && inner->count)
		inner = inner->items[inner->count - 1];
	if (inner->type == CODEC_MAPPING)
		return inner;
	import_refuse_line(toml->import, toml->line, "%.100s is no table", key->text);
	return NULL;
}

/* Reads a.b.c. @param[out] last the last part @return the table that it is in */
static struct codec_node *read_path(struct toml *toml, struct codec_node *table, struct codec_node **last)
{
	for (int depth = 0; depth < DEPTH_MAX; depth++) {
		skip(toml, false);
		*last = read_key_part(toml);
		if (!*last)
			return NULL;
		skip(toml, false);
		if (peek(toml) != '.')
			return table;
		toml->at++;
		table = enter(toml, table, *last);
		if (!table)
			return NULL;
	}
	import_refuse_line(toml->import, toml->line, "a key has more than %d parts", DEPTH_MAX);
	return NULL;
}

static bool read_pair(struct toml *toml, struct codec_node *into, int depth)
{
	struct codec_node *key, *table = read_path(toml, into, &key);
	if (!table)
		return false;
	if (peek(toml) != '=')
		return expected(toml, "=");
	toml->at++;
	skip(toml, false);
	if (find(table, key->text))
		return import_refuse_line(
			toml->import, toml->line, "%.100s is given a second time", key->text);
	struct codec_node *value = read_value(toml, depth + 1);
	if (value)
		append(toml, table, key, value);
	return value != NULL;
}

static struct codec_node *read_inline_table(struct toml *toml, int depth)
{
	struct codec_node *table = new_node(toml, CODEC_MAPPING);
	toml->at++;
	for (skip(toml, true); peek(toml) != '}'; skip(toml, true)) {
		if (!read_pair(toml, table, depth))
			return NULL;
		skip(toml, true);
		if (peek(toml) == ',')
			toml->at++;
		else if (peek(toml) != '}') {
			expected(toml, ", or }");
			return NULL;
		}
	}
	toml->at++;
	return table;
}

static struct codec_node *read_value(struct toml *toml, int depth)
{
	if (depth > DEPTH_MAX) {
		import_refuse_line(
			toml->import, toml->line, "values are nested deeper than %d levels", DEPTH_MAX);
		return NULL;
	}
	const char c = peek(toml);
	if (c == '"' || c == '\'')
		return read_any_string(toml);
	if (c == '[')
		return read_array(toml, depth);
	if (c == '{')
		return read_inline_table(toml, depth);
	const char *start = toml->at;
	while (toml->at < toml->end && !strchr(",]}#\r\n\t ", *toml->at) && *toml->at)
		toml->at++;
	if (toml->at > start)
		return scalar(toml, start, (size_t)(toml->at - start), false);
	expected(toml, "a value");
	return NULL;
}

static struct codec_node *add_to_list(struct toml *toml, struct codec_node *outer, struct codec_node *key)
{
	struct codec_node *list = find(outer, key->text);
	struct codec_node *table = new_node(toml, CODEC_MAPPING);
	if (!list) {
		list = new_node(toml, CODEC_SEQUENCE);
		append(toml, outer, key, list);
	}
	if (list->type != CODEC_SEQUENCE) {
		import_refuse_line(toml->import, toml->line, "%.100s is no list of tables", key->text);
		return NULL;
	}
	append(toml, list, NULL, table);
	return table;
}

/* [a.b] or [[a.b]] */
static bool read_header(struct toml *toml)
{
	const bool list = starts(toml, "[[");
	struct codec_node *key;
	toml->at += list ? 2 : 1;
	struct codec_node *outer = read_path(toml, toml->top, &key);
	if (!outer)
		return false;
	toml->table = list ? add_to_list(toml, outer, key) : enter(toml, outer, key);
	if (!toml->table)
		return false;
	if (!starts(toml, list ? "]]" : "]"))
		return expected(toml, "]");
	toml->at += list ? 2 : 1;
	return true;
}

const struct codec_node *toml_parse(struct import *import)
{
	const size_t size = import->file->size;
	if (size > SIZE_MAX_BYTES || (size && utf8_check(import->file->bytes, size) != size)) {
		import_refuse_line(
			import, 0, "this is no UTF-8 text of at most %d MiB", SIZE_MAX_BYTES >> 20);
		return NULL;
	}
	struct toml toml = {.import = import, .at = size ? import->file->bytes : "", .line = 1};
	toml.end = toml.at + size;
	toml.top = toml.table = new_node(&toml, CODEC_MAPPING);
	for (skip(&toml, true); toml.at < toml.end; skip(&toml, true)) {
		if (!(*toml.at == '[' ? read_header(&toml) : read_pair(&toml, toml.table, 0)))
			return NULL;
		skip(&toml, false);
		if (toml.at < toml.end && *toml.at != '\n') {
			expected(&toml, "the end of the line");
			return NULL;
		}
	}
	return toml.top;
}
