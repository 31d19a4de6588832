/* One pass over a file: header, columns, rows. */
#include "profile/profile.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "profile/rows.h"
#include "profile/sizes.h"

/* Besides "". */
static const char *const usual_missing[] = {"?", "NA", "NULL", "NaN", "nan", "null"};

struct reading {
	struct arena *arena;
	struct source *source;
	const struct profile_settings *settings;
	struct csv *csv;
	struct dialect dialect;
	struct column_missing missing;
	const char **names;
	struct column *columns;
	size_t count;
	size_t label; /* its place, or count */
	struct rows rows;
	int64_t row_count;
};

static void set_missing(struct reading *reading)
{
	const struct profile_settings *settings = reading->settings;
	const size_t usual = sizeof(usual_missing) / sizeof(usual_missing[0]);
	const char **words = arena_array(reading->arena, usual + settings->missing_count, sizeof(*words));
	struct column_missing *missing = &reading->missing;
	memcpy(words, usual_missing, sizeof(usual_missing));
	if (settings->missing_count > 0)
		memcpy(words + usual, settings->missing, settings->missing_count * sizeof(*words));
	missing->words = words;
	missing->count = usual + settings->missing_count;
	for (size_t i = 0; i < missing->count; i++) {
		double value;
		const size_t size = strlen(words[i]);
		const enum decimal_class class = decimal_read(words[i], size, &value);
		missing->longest = size > missing->longest ? size : missing->longest;
		missing->numeric |= class == DECIMAL_WHOLE || class == DECIMAL_FRACTION;
	}
}

/* @param cell  NULL without a header */
static const char *name_column(
	const struct reading *reading, const struct map *taken, size_t at, const struct csv_cell *cell)
{
	if (!cell || cell->size == 0)
		return arena_print(reading->arena, "unnamed_%zu", at);
	const char *name = profile_text(reading->arena, cell->text, cell->size), *first = name;
	for (int again = 2; map_get(taken, name); again++)
		name = arena_print(reading->arena, "%s_%d", first, again);
	return name;
}

static void name_columns(struct reading *reading, const struct csv_cell *cells, size_t count)
{
	reading->count = count;
	reading->names = arena_array(reading->arena, count + 1, sizeof(*reading->names));
	struct map taken = {0};
	for (size_t i = 0; i < count; i++) {
		reading->names[i] = name_column(reading, &taken, i, cells ? &cells[i] : NULL);
		map_put(&taken, reading->names[i], &reading->names[i]);
	}
	map_done(&taken);
}

/* Passes what stands in front of the data, and names the columns. */
static enum fault_code read_header(struct reading *reading, struct fault *fault)
{
	const struct csv_cell *cells = NULL;
	size_t count = reading->dialect.columns;
	for (int i = 0; i < reading->dialect.skipped; i++) {
		if (csv_next(reading->csv, &cells, &count, fault))
			return fault->code;
	}
	if (reading->dialect.header == DIALECT_HEADER_NONE) {
		cells = NULL;
		count = reading->dialect.columns;
	}
	if (count == 0)
		return fault_set(fault, FAULT_INVALID, "FILE_EMPTY", "%s: there is no %s in it",
			source_name(reading->source),
			reading->dialect.header > 1 ? "record where the header should be" : "record");
	if (count > CSV_COLUMNS_MAX)
		return fault_set(fault, FAULT_INVALID, "TOO_MANY_COLUMNS", "%s: more than %d columns",
			source_name(reading->source), CSV_COLUMNS_MAX);
	name_columns(reading, cells, count);
	return FAULT_NONE;
}

static size_t place_of(const struct reading *reading, const char *name)
{
	size_t at = 0;
	while (at < reading->count && strcmp(reading->names[at], name) != 0)
		at++;
	return at;
}

static enum fault_code no_such_column(const struct reading *reading, const char *name, struct fault *fault)
{
	const char *list = "";
	for (size_t i = 0; i < reading->count && i < 12; i++)
		list = arena_print(reading->arena, "%s%s%s", list, i ? ", " : "", reading->names[i]);
	return fault_set(fault, FAULT_INVALID, "COLUMN_UNKNOWN",
		"%s: there is no column \"%s\"; it has: %s%s", source_name(reading->source), name, list,
		reading->count > 12 ? ", …" : "");
}

static enum fault_code start_columns(struct reading *reading, struct fault *fault)
{
	const struct profile_settings *settings = reading->settings;
	const struct column_limits limits = sizes_limits(reading->count);
	enum column_wanted *wanted = arena_array(reading->arena, reading->count, sizeof(*wanted));
	for (size_t i = 0; i < settings->type_count; i++) {
		const size_t at = place_of(reading, settings->types[i].column);
		if (at == reading->count)
			return no_such_column(reading, settings->types[i].column, fault);
		wanted[at] = settings->types[i].wanted;
	}
	reading->label = settings->label ? place_of(reading, settings->label) : reading->count;
	if (settings->label && reading->label == reading->count)
		return no_such_column(reading, settings->label, fault);
	reading->columns = calloc(reading->count, sizeof(*reading->columns));
	if (!reading->columns)
		abort();
	for (size_t i = 0; i < reading->count; i++)
		column_init(&reading->columns[i], reading->names[i], &reading->missing, &limits, wanted[i]);
	return FAULT_NONE;
}

/*
 * Column by column: its table and sketches are at hand for all of its cells.
 * A row's digest is a sum, so that the columns' order does not matter; their
 * names are in what they add.
 */
static void add_rows(struct reading *reading, const struct csv_rows *rows)
{
	uint64_t digests[CSV_ROWS_MAX] = {0};
	for (size_t i = 0; i < reading->count; i++) {
		column_add(&reading->columns[i], rows->cells + i, reading->count, rows->count,
			i == reading->label ? NULL : digests);
	}
	for (size_t row = 0; row < rows->count; row++)
		rows_add(&reading->rows, (int64_t)(hash_mix(digests[row] ^ HASH_A, HASH_B) >> 1));
	reading->row_count += (int64_t)rows->count;
}

static enum fault_code read_rows(struct reading *reading, struct fault *fault)
{
	const struct profile_settings *settings = reading->settings;
	struct csv_rows rows;
	for (;;) {
		if (csv_next_rows(reading->csv, reading->count, &rows, fault))
			return fault->code;
		if (rows.count + rows.ragged == 0)
			return FAULT_NONE;
		add_rows(reading, &rows);
		if (settings->progress)
			settings->progress(settings->context, reading->source, reading->row_count);
	}
}

static enum fault_code find_dialect(struct reading *reading, struct fault *fault)
{
	const char *bytes;
	size_t size;
	bool whole;
	if (csv_sample(reading->csv, &bytes, &size, &whole, fault))
		return fault->code;
	reading->dialect = (struct dialect){
		.delimiter = reading->settings->delimiter, .header = reading->settings->header};
	dialect_find(reading->arena, bytes, size, whole, &reading->dialect);
	csv_set(reading->csv, reading->dialect.delimiter, reading->dialect.newline);
	return FAULT_NONE;
}

static int compare_names(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

static Tally__V1__RowSketch *export_rows(struct reading *reading)
{
	Tally__V1__RowSketch *sketch = arena_alloc(reading->arena, sizeof(*sketch));
	tally__v1__row_sketch__init(sketch);
	rows_settle(&reading->rows);
	sketch->size = (int32_t)reading->rows.size;
	sketch->n_digests = reading->rows.count;
	sketch->digests = arena_array(reading->arena, sketch->n_digests, sizeof(*sketch->digests));
	memcpy(sketch->digests, reading->rows.digests, sketch->n_digests * sizeof(*sketch->digests));
	sketch->columns = arena_array(reading->arena, reading->count, sizeof(*sketch->columns));
	for (size_t i = 0; i < reading->count; i++) {
		if (i != reading->label)
			sketch->columns[sketch->n_columns++] = (char *)(uintptr_t)reading->names[i];
	}
	qsort(sketch->columns, sketch->n_columns, sizeof(*sketch->columns), compare_names);
	return sketch;
}

static void export_all(struct reading *reading, struct profile_data *data)
{
	Tally__V1__DatasetProfile *dataset = arena_alloc(reading->arena, sizeof(*dataset));
	tally__v1__dataset_profile__init(dataset);
	dataset->rows = reading->row_count;
	dataset->ragged_rows = csv_ragged(reading->csv)->count;
	dataset->digest = arena_text(reading->arena, source_digest(reading->source));
	dataset->row_sketch = export_rows(reading);
	*data = (struct profile_data){.file = arena_text(reading->arena, source_name(reading->source)),
		.dataset = dataset,
		.columns = arena_array(reading->arena, reading->count, sizeof(*data->columns)),
		.count = reading->count,
		.ragged = *csv_ragged(reading->csv)};
	for (size_t i = 0; i < reading->count; i++) {
		data->columns[i] = (struct profile_column){reading->names[i], i == reading->label,
			profile_export(
				reading->arena, &reading->columns[i], reading->row_count, reading->count)};
		column_done(&reading->columns[i]);
	}
}

enum fault_code profile_read(struct arena *arena, struct source *source,
	const struct profile_settings *settings, struct profile_data *data, struct fault *fault)
{
	struct reading reading = {.arena = arena, .source = source, .settings = settings};
	enum fault_code code;
	reading.csv = csv_new(source);
	rows_init(&reading.rows, SIZES_ROWS);
	set_missing(&reading);
	if (!(code = find_dialect(&reading, fault)) && !(code = read_header(&reading, fault)) &&
		!(code = start_columns(&reading, fault)) && !(code = read_rows(&reading, fault)))
		export_all(&reading, data);
	for (size_t i = 0; reading.columns && i < reading.count; i++)
		column_done(&reading.columns[i]);
	free(reading.columns);
	rows_done(&reading.rows);
	csv_free(reading.csv);
	return code;
}

struct profile_column *profile_find(const struct profile_data *data, const char *name)
{
	for (size_t i = 0; i < data->count; i++) {
		if (strcmp(data->columns[i].name, name) == 0)
			return &data->columns[i];
	}
	return NULL;
}
