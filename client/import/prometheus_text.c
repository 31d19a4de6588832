/*
 * Prometheus' text exposition (and OpenMetrics'): which metrics a service
 * exports. Values are kept only of gauges that have one.
 */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/utf8.h"
#include "import/formats.h"
#include "import/lines.h"
#include "import/monitoring.h"
#include "import/promql.h"

enum {
	FAMILIES_MAX = 20000,
};

/* Metrics of one name. */
struct family {
	const char *name;
	const char *type; /* NULL: untyped */
	const char *help;
	int line; /* where it was first seen */
	long samples;
	bool labels; /* a sample has labels */
	double value;
};

struct exposition {
	struct import *import;
	struct map names;
	struct family *families;
	size_t count;
	long samples;
	int line;
	bool ended; /* OpenMetrics' # EOF */
};

bool prometheus_text_looks(const char *head, size_t size)
{
	for (const char *at = head; at < head + size;) {
		const size_t left = size - (size_t)(at - head);
		if ((left > 7 && memcmp(at, "# TYPE ", 7) == 0) ||
			(left > 7 && memcmp(at, "# HELP ", 7) == 0))
			return true;
		if (*at != '\n' && *at != '\r' && *at != '#')
			return false;
		const char *newline = memchr(at, '\n', left);
		if (!newline)
			return false;
		at = newline + 1;
	}
	return false;
}

static struct family *family_of(struct exposition *exposition, const char *name)
{
	struct family *family = map_get(&exposition->names, name);
	if (family)
		return family;
	if (exposition->count == FAMILIES_MAX)
		return NULL;
	family = &exposition->families[exposition->count++];
	*family = (struct family){.name = name, .line = exposition->line};
	map_put(&exposition->names, name, family);
	return family;
}

/* Of which family a sample is: x_bucket is of the histogram x. */
static struct family *family_of_sample(struct exposition *exposition, const char *name)
{
	static const struct {
		const char *end, *types;
	} series[] = {{"_bucket", "histogram gaugehistogram"}, {"_sum", "histogram summary"},
		{"_count", "histogram summary"}, {"_gsum", "gaugehistogram"}, {"_gcount", "gaugehistogram"},
		{"_total", "counter"}, {"_created", "counter histogram summary"}, {"_info", "info"}};
	const size_t size = strlen(name);
	for (size_t i = 0; i < sizeof(series) / sizeof(series[0]); i++) {
		const size_t length = strlen(series[i].end);
		if (size <= length || strcmp(name + size - length, series[i].end) != 0)
			continue;
		struct family *family = map_get(
			&exposition->names, arena_copy(exposition->import->arena, name, size - length));
		if (family && family->type && strstr(series[i].types, family->type))
			return family;
	}
	return family_of(exposition, name);
}

static bool is_name_start(char c)
{
	return isalpha((unsigned char)c) || c == '_' || c == ':';
}

static size_t name_size(const char *text)
{
	size_t size = 0;
	while (is_name_start(text[size]) || (size > 0 && isdigit((unsigned char)text[size])))
		size++;
	return size;
}

/* Past a quoted text with escapes. @return NULL when it does not end */
static const char *after_quoted(const char *at)
{
	for (at++; *at && *at != '"'; at++)
		if (*at == '\\' && at[1])
			at++;
	return *at ? at + 1 : NULL;
}

static const char *blanks(const char *at)
{
	return at + strspn(at, " \t");
}

/* Past the labels. @param[in,out] name the metric's, where it stands in quotes among them */
static const char *after_labels(struct arena *arena, const char *at, const char **name, bool *labels)
{
	at = blanks(at + 1);
	while (*at != '}') {
		const char *from = at;
		at = *at == '"' ? after_quoted(at) : at + name_size(at);
		if (!at || at == from)
			return NULL;
		const size_t size = (size_t)(at - from);
		at = blanks(at);
		if (*at == '=') {
			at = blanks(at + 1);
			at = *at == '"' ? after_quoted(at) : NULL;
			*labels = true;
		} else if (*from == '"' && !*name && size > 2) {
			*name = arena_copy(arena, from + 1, size - 2);
		} else {
			return NULL;
		}
		if (!at)
			return NULL;
		at = blanks(at);
		if (*at == ',')
			at = blanks(at + 1);
		else if (*at != '}')
			return NULL;
	}
	return at + 1;
}

/* A value as Go's ParseFloat takes it. */
static const char *read_value(const char *at, double *value)
{
	char *end;
	/* The locale of a program that has set none has a point. */
	*value = strtod(at, &end);
	return end == at || (*end && !strchr(" \t", *end)) ? NULL : end;
}

static bool read_sample(struct exposition *exposition, const char *line)
{
	struct import *import = exposition->import;
	const char *at = line;
	const size_t size = name_size(at);
	const char *name = size > 0 ? arena_copy(import->arena, at, size) : NULL;
	bool labels = false;
	double value;
	at = blanks(at + size);
	if (*at == '{')
		at = after_labels(import->arena, at, &name, &labels);
	if (!at || !name)
		return import_refuse_line(
			import, exposition->line, "a sample is expected: a name, labels in braces, a number");
	at = read_value(blanks(at), &value);
	if (!at)
		return import_refuse_line(
			import, exposition->line, "a number is expected after \"%s\"", name);
	struct family *family = family_of_sample(exposition, name);
	exposition->samples++;
	if (!family)
		return true;
	family->samples++;
	family->labels |= labels;
	family->value = value;
	return true;
}

/* # TYPE name type, # HELP name text; all other comments mean nothing. */
static void read_comment(struct exposition *exposition, const char *line)
{
	static const char *const types[] = {"counter", "gauge", "histogram", "summary", "untyped", "unknown",
		"info", "stateset", "gaugehistogram", NULL};
	struct arena *arena = exposition->import->arena;
	const char *at = blanks(line + 1);
	const size_t word = strcspn(at, " \t");
	const bool type = word == 4 && strncmp(at, "TYPE", 4) == 0;
	exposition->ended |= strcmp(at, "EOF") == 0;
	if (!type && !(word == 4 && strncmp(at, "HELP", 4) == 0))
		return;
	at = blanks(at + word);
	const char *end = *at == '"' ? after_quoted(at) : at + strcspn(at, " \t");
	if (!end || end == at)
		return;
	const bool quoted = *at == '"';
	const char *name = arena_copy(arena, at + quoted, (size_t)(end - at) - (quoted ? 2 : 0));
	struct family *family = *name ? family_of(exposition, name) : NULL;
	const char *text = lines_trim(arena, end);
	if (!family)
		return;
	if (!type) {
		family->help = text;
		return;
	}
	for (size_t i = 0; types[i]; i++)
		if (strcmp(types[i], text) == 0)
			family->type = i == 4 || i == 5 ? NULL : types[i];
}

static void put_family(struct import *import, const struct family *family)
{
	const char *path = import_print(import, "line %d", family->line);
	const char *type = family->type ? family->type : "untyped";
	const struct draft_place *environment = import_descriptor(import, KIND_PRODUCTION_ENVIRONMENT);
	const struct draft_place *metric =
		import_named(import, environment, "exported_metrics", "metric", family->name, path);
	import_text(import, metric, "type", type, path);
	import_text(import, metric, "description", family->help, path);
	monitoring_collected(import, family->name, "Prometheus", path);
	/* One number without labels is what the metric was when this was written. */
	if (family->samples != 1 || family->labels || strcmp(type, "gauge") != 0 ||
		!isfinite(family->value) || !promql_is_algorithm(family->name))
		return;
	const struct draft_place *observed =
		import_named(import, environment, "observed_metrics", "metric", family->name, path);
	import_number(import, observed, "value", family->value, path);
}

static bool read_lines(struct exposition *exposition)
{
	struct lines lines;
	if (!lines_start(&lines, exposition->import))
		return false;
	for (const char *line = lines_next(&lines); line && !exposition->ended; line = lines_next(&lines)) {
		exposition->line = lines.number;
		line = blanks(line);
		if (*line == '#')
			read_comment(exposition, line);
		else if (*line && !read_sample(exposition, line))
			return false;
	}
	return true;
}

bool prometheus_text_read(struct import *import)
{
	struct exposition exposition = {.import = import};
	exposition.families = arena_array(import->arena, FAMILIES_MAX, sizeof(*exposition.families));
	const bool well = read_lines(&exposition);
	map_done(&exposition.names);
	if (!well)
		return false;
	if (exposition.samples == 0)
		return import_refuse(import, NULL, "", "there is no sample in it");
	if (exposition.count == FAMILIES_MAX)
		import_leave(import, import_print(import, "line %d", exposition.line),
			"there are more than %d metrics; the rest is not taken", FAMILIES_MAX);
	for (size_t i = 0; i < exposition.count; i++)
		put_family(import, &exposition.families[i]);
	import_note_quantity(import, "samples", (double)exposition.samples, NULL);
	return true;
}
