/*
 * Requests that SageMaker captured at an endpoint: one JSON object to a line,
 * with the request as a text inside it. How many rows arrived, in which time,
 * and what their fields are called. Answers and values are not kept.
 */
#include <string.h>

#include "base/map.h"
#include "import/columns.h"
#include "import/lines.h"
#include "import/sagemaker_capture.h"
#include "import/tree.h"

enum {
	COLUMNS_MAX = 5000, /* that are told apart by their names */
};

/* A field of requests. Without a type only null was seen. */
struct column {
	const char *name, *type, *path;
};

/* What was found in all lines. */
struct capture {
	struct column *columns; /* COLUMNS_MAX of them */
	size_t count;
	struct map by_name; /* -> struct column */
	int64_t rows;
	bool uncounted; /* a request could not be read, so the rows are not all */
	const char *first, *last;
	const struct draft_place *data;
};

/* The types of JSON's values; a number with a fraction or an exponent is no whole one. */
static const char *type_of(const struct codec_node *value)
{
	double number;
	int64_t whole;
	bool flag;
	if (tree_is_list(value))
		return "array";
	if (tree_is_mapping(value))
		return "object";
	if (tree_number(value, &number))
		return tree_integer(value, &whole) && !strpbrk(value->text, ".eE") ? "integer" : "number";
	return tree_flag(value, &flag) ? "boolean" : "string";
}

/* What holds values of both types. */
static const char *wider(const char *a, const char *b)
{
	static const char *const numbers[] = {"integer", "number"};
	bool numeric = true;
	if (!a || strcmp(a, b) == 0)
		return b;
	for (size_t i = 0; i < 2; i++)
		numeric &= strcmp(i ? b : a, numbers[0]) == 0 || strcmp(i ? b : a, numbers[1]) == 0;
	return numeric ? numbers[1] : "mixed";
}

static void read_row(
	struct import *import, struct capture *capture, const struct codec_node *row, const char *path)
{
	capture->rows++;
	/* Rows without names are told apart by their place only. */
	for (size_t i = 0; tree_is_mapping(row) && i < row->count; i++) {
		const char *name = row->keys[i]->text;
		struct column *column = map_get(&capture->by_name, name);
		if (!column && capture->count == COLUMNS_MAX)
			continue;
		if (!column) {
			column = &capture->columns[capture->count++];
			*column = (struct column){
				.name = name, .path = import_print(import, "%s.%s", path, name)};
			map_put(&capture->by_name, name, column);
		}
		if (row->items[i]->type != CODEC_NULL)
			column->type = wider(column->type, type_of(row->items[i]));
	}
}

/* {"instances": […]} and the like, a list of rows, or one row. */
static void read_json(
	struct import *import, struct capture *capture, const struct codec_node *request, const char *path)
{
	static const char *const wrappers[] = {"instances", "inputs", "dataframe_records"};
	for (size_t i = 0; i < sizeof(wrappers) / sizeof(wrappers[0]); i++)
		if (tree_is_list(tree_get(request, wrappers[i]))) {
			request = tree_get(request, wrappers[i]);
			path = import_print(import, "%s.%s", path, wrappers[i]);
		}
	if (!tree_is_list(request)) {
		read_row(import, capture, request, path);
		return;
	}
	for (size_t i = 0; i < request->count; i++)
		read_row(import, capture, request->items[i], import_print(import, "%s[%zu]", path, i));
}

static void count_lines(struct capture *capture, const char *text)
{
	while (*text) {
		const size_t size = strcspn(text, "\r\n");
		capture->rows += size > 0;
		text += size;
		text += strspn(text, "\r\n");
	}
}

static void read_request(
	struct import *import, struct capture *capture, const struct codec_node *input, const char *path)
{
	const char *encoding = tree_text(tree_get(input, "encoding"));
	const char *text = tree_text(tree_get(input, "data"));
	const char *here = import_print(import, "%s.data", path);
	struct import inner = *import;
	struct fault problem = {0};
	inner.fault = &problem;
	if (text && encoding && strcmp(encoding, "CSV") == 0) {
		count_lines(capture, text);
		return;
	}
	const struct codec_node *request = text && encoding && strcmp(encoding, "JSON") == 0
						   ? tree_json_text(&inner, text, strlen(text), here)
						   : NULL;
	if (request) {
		read_json(import, capture, request, here);
		return;
	}
	capture->uncounted = true;
	import_leave(import, here, "a request in JSON or CSV is expected here%s%s", problem.code ? ": " : "",
		problem.code ? problem.message : "");
}

/* Times in UTC, as SageMaker writes them, are in the order of their texts. */
static void read_time(struct capture *capture, const char *time)
{
	if (!time)
		return;
	if (!capture->first || strcmp(time, capture->first) < 0)
		capture->first = time;
	if (!capture->last || strcmp(time, capture->last) > 0)
		capture->last = time;
}

static void put(struct import *import, const struct capture *capture)
{
	for (size_t i = 0; i < capture->count; i++) {
		const struct column *column = &capture->columns[i];
		import_text(import, columns_put(import, capture->data, column->name, column->path),
			"field_type", column->type, column->path);
	}
	if (capture->count == COLUMNS_MAX)
		import_leave(import, "captureData", "at most %d fields are taken", COLUMNS_MAX);
	import_text(import, capture->data, "data_sources", "requests that SageMaker captured", "captureData");
	if (!capture->uncounted)
		import_integer(import, capture->data, "number_of_instances", capture->rows,
			"captureData.endpointInput.data");
	import_note(import, "eventMetadata.inferenceTime",
		capture->first ? import_print(import, "%s to %s", capture->first, capture->last) : NULL);
}

bool sagemaker_capture_looks(const char *bytes, size_t size)
{
	return memmem(bytes, size < 256 ? size : 256, "\"captureData\"", 13) != NULL;
}

static bool read_lines(struct import *import, struct capture *capture)
{
	struct lines lines;
	const char *line;
	if (!lines_start(&lines, import))
		return false;
	while ((line = lines_next(&lines))) {
		const char *path = import_print(import, "line %d", lines.number);
		if (!*lines_trim(import->arena, line))
			continue;
		const struct codec_node *event = tree_json_text(import, line, strlen(line), path);
		if (!event)
			return false;
		const struct codec_node *input = tree_at(event, "captureData.endpointInput");
		if (!input) {
			import_leave(
				import, path, "a captured request has its captureData.endpointInput here");
			capture->uncounted = true;
			continue;
		}
		read_request(
			import, capture, input, import_print(import, "%s.captureData.endpointInput", path));
		read_time(capture, tree_text(tree_at(event, "eventMetadata.inferenceTime")));
	}
	return true;
}

bool sagemaker_capture_read(struct import *import)
{
	struct capture capture = {.data = columns_set(import, KIND_PRODUCTION_DATA),
		.columns = arena_array(import->arena, COLUMNS_MAX, sizeof(*capture.columns))};
	const bool well = read_lines(import, &capture);
	if (well)
		put(import, &capture);
	map_done(&capture.by_name);
	return well;
}
