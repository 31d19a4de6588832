/*
 * Comparing what people write: blanks, types, units. Knows spellings, not
 * whether a difference matters: that is for the rules.
 */
#include "model/types.h"

#include <stdint.h>
#include <strings.h>

/* A piece of text inside another one. */
struct slice {
	const char *start;
	size_t size;
};

/* White space of ASCII, whatever the locale. */
static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct slice trimmed(const char *text)
{
	if (!text)
		return (struct slice){"", 0};
	while (is_space(*text))
		text++;
	size_t size = strlen(text);
	while (size > 0 && is_space(text[size - 1]))
		size--;
	return (struct slice){text, size};
}

static bool slice_is(struct slice slice, const char *text)
{
	return strlen(text) == slice.size && strncasecmp(slice.start, text, slice.size) == 0;
}

bool model_blank(const char *text)
{
	if (!text)
		return true;
	while (is_space(*text))
		text++;
	return *text == '\0';
}

bool model_text_equal(const char *a, const char *b)
{
	struct slice left = trimmed(a);
	struct slice right = trimmed(b);
	return left.size == right.size && memcmp(left.start, right.start, left.size) == 0;
}

bool model_text_equal_nocase(const char *a, const char *b)
{
	struct slice left = trimmed(a);
	struct slice right = trimmed(b);
	return left.size == right.size && strncasecmp(left.start, right.start, left.size) == 0;
}

/* Names that schemas, data frames and model formats put in front of a type. */
static const char *const type_prefixes[] = {
	"sc:",
	"schema:",
	"xsd:",
	"np.",
	"numpy.",
	"pd.",
	"tf.",
	"torch.",
	"type_",
	"dt_",
};

struct spelling {
	const char *text;
	enum model_type type;
};

static const struct spelling type_spellings[] = {
	{"integer", TYPE_INTEGER},
	{"int", TYPE_INTEGER},
	{"int8", TYPE_INTEGER},
	{"int16", TYPE_INTEGER},
	{"int32", TYPE_INTEGER},
	{"int64", TYPE_INTEGER},
	{"uint", TYPE_INTEGER},
	{"uint8", TYPE_INTEGER},
	{"uint16", TYPE_INTEGER},
	{"uint32", TYPE_INTEGER},
	{"uint64", TYPE_INTEGER},
	{"tinyint", TYPE_INTEGER},
	{"smallint", TYPE_INTEGER},
	{"bigint", TYPE_INTEGER},
	{"short", TYPE_INTEGER},
	{"long", TYPE_INTEGER},
	{"integral", TYPE_INTEGER},
	{"float", TYPE_FLOAT},
	{"float16", TYPE_FLOAT},
	{"float32", TYPE_FLOAT},
	{"float64", TYPE_FLOAT},
	{"fp16", TYPE_FLOAT},
	{"fp32", TYPE_FLOAT},
	{"fp64", TYPE_FLOAT},
	{"bf16", TYPE_FLOAT},
	{"bfloat16", TYPE_FLOAT},
	{"half", TYPE_FLOAT},
	{"double", TYPE_FLOAT},
	{"double precision", TYPE_FLOAT},
	{"real", TYPE_FLOAT},
	{"decimal", TYPE_FLOAT},
	{"numeric", TYPE_FLOAT},
	{"number", TYPE_FLOAT},
	{"fractional", TYPE_FLOAT},
	{"string", TYPE_STRING},
	{"str", TYPE_STRING},
	{"text", TYPE_STRING},
	{"char", TYPE_STRING},
	{"varchar", TYPE_STRING},
	{"bytes", TYPE_STRING},
	{"object", TYPE_STRING},
	{"boolean", TYPE_BOOLEAN},
	{"bool", TYPE_BOOLEAN},
	{"datetime", TYPE_DATETIME},
	{"datetime64", TYPE_DATETIME},
	{"datetime64[ns]", TYPE_DATETIME},
	{"date", TYPE_DATETIME},
	{"timestamp", TYPE_DATETIME},
	{"image", TYPE_IMAGE},
	{"imageobject", TYPE_IMAGE},
};

static struct slice without_prefix(struct slice text)
{
	for (size_t i = 0; i < sizeof(type_prefixes) / sizeof(type_prefixes[0]); i++) {
		size_t size = strlen(type_prefixes[i]);
		if (text.size > size && strncasecmp(text.start, type_prefixes[i], size) == 0)
			return (struct slice){text.start + size, text.size - size};
	}
	return text;
}

/* varchar(20) and decimal(10, 2) are the types in front of the parenthesis. */
static struct slice without_parameters(struct slice text)
{
	if (text.size == 0 || text.start[text.size - 1] != ')')
		return text;
	const char *open = memchr(text.start, '(', text.size);
	if (!open)
		return text;
	size_t size = (size_t)(open - text.start);
	while (size > 0 && is_space(text.start[size - 1]))
		size--;
	return (struct slice){text.start, size};
}

enum model_type model_type_of(const char *text)
{
	struct slice name = without_parameters(without_prefix(trimmed(text)));
	for (size_t i = 0; i < sizeof(type_spellings) / sizeof(type_spellings[0]); i++) {
		if (slice_is(name, type_spellings[i].text))
			return type_spellings[i].type;
	}
	return TYPE_UNKNOWN;
}

bool model_types_equal(const char *a, const char *b)
{
	enum model_type type = model_type_of(a);
	if (type != model_type_of(b))
		return false;
	if (type != TYPE_UNKNOWN)
		return true;
	return model_text_equal_nocase(a, b);
}

bool model_json_number_fits(const char *given, const char *wanted)
{
	const enum model_type type = model_type_of(wanted);
	if (model_text_equal(given, "number"))
		return type == TYPE_INTEGER || type == TYPE_FLOAT;
	return model_text_equal(given, "integer") && type == TYPE_FLOAT;
}

struct time_unit {
	const char *text;
	double ms;
};

static const struct time_unit time_units[] = {
	{"milliseconds", 1.0},
	{"millisecond", 1.0},
	{"millis", 1.0},
	{"msec", 1.0},
	{"ms", 1.0},
	{"seconds", 1e3},
	{"second", 1e3},
	{"secs", 1e3},
	{"sec", 1e3},
	{"s", 1e3},
	{"minutes", 60e3},
	{"minute", 60e3},
	{"mins", 60e3},
	{"min", 60e3},
	{"m", 60e3},
	{"hours", 3600e3},
	{"hour", 3600e3},
	{"hrs", 3600e3},
	{"hr", 3600e3},
	{"h", 3600e3},
};

bool model_time_ms(double time, const char *unit, double *ms)
{
	struct slice name = trimmed(unit);
	for (size_t i = 0; i < sizeof(time_units) / sizeof(time_units[0]); i++) {
		if (slice_is(name, time_units[i].text)) {
			*ms = time * time_units[i].ms;
			return true;
		}
	}
	return false;
}

const char *model_time_unit(size_t at)
{
	return at < sizeof(time_units) / sizeof(time_units[0]) ? time_units[at].text : NULL;
}
