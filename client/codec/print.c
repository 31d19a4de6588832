/* JSON values to text: JSON, and YAML in block style with quotes only where something would be lost. */
#include "codec/codec.h"

#include <ctype.h>
#include <strings.h>

enum {
	LINE_WIDTH = 180, /* of a list of numbers; a line ends with the next number */
};

static void print_number(const json_t *value, struct buffer *out)
{
	char text[CODEC_NUMBER_SIZE];
	if (json_is_integer(value))
		buffer_print(out, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else
		buffer_text(out, codec_number_text(json_real_value(value), text));
}

/*
 * Bytes of a character that one of the two readers could take for something
 * else (controls, line separators, the byte order mark, non-characters), or 0.
 * The text is UTF-8: JSON holds nothing else.
 */
static int unprintable(const unsigned char *at, unsigned *code)
{
	if (at[0] < 0x20 || at[0] == 0x7f) {
		*code = at[0];
		return 1;
	}
	if (at[0] == 0xc2 && at[1] < 0xa0) {
		*code = at[1];
		return 2;
	}
	if ((at[0] & 0xf0) != 0xe0)
		return 0;
	*code = (unsigned)((at[0] & 0x0f) << 12 | (at[1] & 0x3f) << 6 | (at[2] & 0x3f));
	return *code == 0x2028 || *code == 0x2029 || *code == 0xfeff || *code >= 0xfffe ? 3 : 0;
}

static void print_quoted(const char *text, struct buffer *out)
{
	buffer_text(out, "\"");
	const unsigned char *at = (const unsigned char *)text;
	while (*at) {
		unsigned code;
		int odd = unprintable(at, &code);
		if (*at == '"' || *at == '\\')
			buffer_print(out, "\\%c", *at);
		else if (*at == '\n')
			buffer_text(out, "\\n");
		else if (*at == '\t')
			buffer_text(out, "\\t");
		else if (odd)
			buffer_print(out, "\\u%04x", code);
		else
			buffer_add(out, at, 1);
		at += odd ? odd : 1;
	}
	buffer_text(out, "\"");
}

static void indent(struct buffer *out, int depth)
{
	buffer_print(out, "%*s", depth * 2, "");
}

static void print_json(const json_t *value, struct buffer *out, int depth);

static void print_json_pairs(const json_t *value, struct buffer *out, int depth)
{
	bool first = true;
	const char *key;
	json_t *item;
	json_object_foreach((json_t *)(uintptr_t)value, key, item)
	{
		buffer_text(out, first ? "\n" : ",\n");
		indent(out, depth + 1);
		print_quoted(key, out);
		buffer_text(out, ": ");
		print_json(item, out, depth + 1);
		first = false;
	}
}

static void print_json_items(const json_t *value, struct buffer *out, int depth)
{
	for (size_t i = 0; i < json_array_size(value); i++) {
		buffer_text(out, i ? ",\n" : "\n");
		indent(out, depth + 1);
		print_json(json_array_get(value, i), out, depth + 1);
	}
}

static bool is_empty_collection(const json_t *value)
{
	return (json_is_object(value) && !json_object_size(value)) ||
	       (json_is_array(value) && !json_array_size(value));
}

static void print_json(const json_t *value, struct buffer *out, int depth)
{
	switch (json_typeof(value)) {
	case JSON_OBJECT:
	case JSON_ARRAY:
		buffer_text(out, json_is_object(value) ? "{" : "[");
		(json_is_object(value) ? print_json_pairs : print_json_items)(value, out, depth);
		if (!is_empty_collection(value)) {
			buffer_text(out, "\n");
			indent(out, depth);
		}
		buffer_text(out, json_is_object(value) ? "}" : "]");
		break;
	case JSON_STRING: print_quoted(json_string_value(value), out); break;
	case JSON_INTEGER:
	case JSON_REAL: print_number(value, out); break;
	case JSON_TRUE: buffer_text(out, "true"); break;
	case JSON_FALSE: buffer_text(out, "false"); break;
	default: buffer_text(out, "null"); break;
	}
}

void codec_print_json(const json_t *value, struct buffer *out)
{
	print_json(value, out, 0);
	buffer_text(out, "\n");
}

/* Would some YAML reader, 1.1 or 1.2, see a number, date or time in it? */
static bool looks_numeric(const char *text)
{
	if (!isdigit((unsigned char)text[0]) && !strchr("+-.", text[0]))
		return false;
	return text[strspn(text, "0123456789abcdefABCDEFxXoO_.:+-TZ")] == '\0';
}

static bool is_reserved_word(const char *text)
{
	static const char *const words[] = {"null", "~", "true", "false", "yes", "no", "on", "off", "y", "n",
		".nan", ".inf", "-.inf", "+.inf", "<<", "="};
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasecmp(text, words[i]) == 0)
			return true;
	return false;
}

/* May it stand without quotes, on one line, in block style? */
static bool is_plain(const char *text)
{
	const size_t size = strlen(text);
	if (size == 0 || strchr("-?:,[]{}#&*!|>'\"%@` ", text[0]) || text[size - 1] == ' ' ||
		text[size - 1] == ':')
		return false;
	if (looks_numeric(text) || is_reserved_word(text))
		return false;
	if (strstr(text, ": ") || strstr(text, " #") || strncmp(text, "...", 3) == 0)
		return false;
	unsigned code;
	for (const unsigned char *at = (const unsigned char *)text; *at; at++)
		if (unprintable(at, &code))
			return false;
	return true;
}

/* May it stand as a literal block (| or |-)? Only text whose first and last line show, and none ends in a
 * space. */
static bool is_block(const char *text)
{
	const size_t size = strlen(text);
	if (!strchr(text, '\n') || text[0] == '\n' || text[0] == ' ' || strcmp(text + size - 2, "\n\n") == 0)
		return false;
	if (text[size - 1] == ' ' || strstr(text, " \n") || strstr(text, "\n "))
		return false;
	unsigned code;
	for (const unsigned char *at = (const unsigned char *)text; *at; at++)
		if (*at != '\n' && unprintable(at, &code))
			return false;
	return true;
}

static void print_block(const char *text, struct buffer *out, int depth)
{
	const size_t size = strlen(text);
	buffer_text(out, text[size - 1] == '\n' ? "|" : "|-");
	for (const char *line = text; *line;) {
		size_t length = strcspn(line, "\n");
		buffer_text(out, "\n");
		if (length)
			indent(out, depth);
		buffer_add(out, line, length);
		line += length + (line[length] == '\n');
	}
}

static void print_yaml_text(const char *text, struct buffer *out, int depth)
{
	if (is_plain(text))
		buffer_text(out, text);
	else if (is_block(text))
		print_block(text, out, depth);
	else
		print_quoted(text, out);
}

static void print_yaml_pairs(const json_t *value, struct buffer *out, int depth);
static void print_yaml_items(const json_t *value, struct buffer *out, int depth);

/* Numbers alone stand behind each other: a list of them may be long, and none says much by itself. */
static bool is_number_list(const json_t *value)
{
	for (size_t i = 0; i < json_array_size(value); i++)
		if (!json_is_number(json_array_get(value, i)))
			return false;
	return json_array_size(value) > 0;
}

static void print_number_list(const json_t *value, struct buffer *out, int depth)
{
	size_t line = out->size;
	buffer_text(out, "[");
	for (size_t i = 0; i < json_array_size(value); i++) {
		if (i > 0 && out->size - line > LINE_WIDTH) {
			buffer_text(out, ",\n");
			line = out->size;
			indent(out, depth);
		} else if (i > 0) {
			buffer_text(out, ", ");
		}
		print_number(json_array_get(value, i), out);
	}
	buffer_text(out, "]");
}

/* Prints what fits behind a key or a dash; `depth` is that of the lines below. */
static void print_yaml_value(const json_t *value, struct buffer *out, int depth)
{
	if (json_is_string(value))
		print_yaml_text(json_string_value(value), out, depth);
	else if (is_number_list(value))
		print_number_list(value, out, depth);
	else
		print_json(value, out, depth);
}

/* Does it take lines of its own? */
static bool is_collection(const json_t *value)
{
	return (json_is_object(value) || json_is_array(value)) && !is_empty_collection(value) &&
	       !is_number_list(value);
}

/* Prints the pairs; the first one's line is already indented. */
static void print_yaml_pairs(const json_t *value, struct buffer *out, int depth)
{
	bool first = true;
	const char *key;
	json_t *item;
	json_object_foreach((json_t *)(uintptr_t)value, key, item)
	{
		if (!first)
			indent(out, depth);
		first = false;
		if (is_plain(key))
			buffer_text(out, key);
		else
			print_quoted(key, out);
		buffer_text(out, is_collection(item) ? ":\n" : ": ");
		if (!is_collection(item)) {
			print_yaml_value(item, out, depth + 1);
			buffer_text(out, "\n");
			continue;
		}
		indent(out, depth + 1);
		(json_is_object(item) ? print_yaml_pairs : print_yaml_items)(item, out, depth + 1);
	}
}

static void print_yaml_items(const json_t *value, struct buffer *out, int depth)
{
	for (size_t i = 0; i < json_array_size(value); i++) {
		const json_t *item = json_array_get(value, i);
		if (i)
			indent(out, depth);
		buffer_text(out, "- ");
		if (!is_collection(item)) {
			print_yaml_value(item, out, depth + 1);
			buffer_text(out, "\n");
			continue;
		}
		(json_is_object(item) ? print_yaml_pairs : print_yaml_items)(item, out, depth + 1);
	}
}

void codec_print_yaml(const json_t *value, struct buffer *out)
{
	if (is_collection(value)) {
		(json_is_object(value) ? print_yaml_pairs : print_yaml_items)(value, out, 0);
		return;
	}
	print_yaml_value(value, out, 1);
	buffer_text(out, "\n");
}
