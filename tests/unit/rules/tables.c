/* Reading tables and profiling them exactly. */
#include "tables.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	COLUMNS_MAX = 100,
	ROWS_MAX = 20000,
	LISTED_MAX = 1000, /* texts that differ; more are counted, not listed */
	NUMBERS_MAX = 50   /* numbers that differ, up to which they are listed as texts too */
};

/* ---- reading ---- */

static const char *const missing_words[] = {"", "?", "NA", "NULL", "NaN", "nan", "null"};

static const char *cell(struct arena *arena, const char *start, size_t size)
{
	while (size > 0 && (*start == ' ' || *start == '\t')) {
		start++;
		size--;
	}
	while (size > 0 && (start[size - 1] == ' ' || start[size - 1] == '\t'))
		size--;
	char *text = arena_copy(arena, start, size);
	for (size_t i = 0; i < sizeof(missing_words) / sizeof(missing_words[0]); i++) {
		if (strcmp(text, missing_words[i]) == 0)
			return NULL;
	}
	return text;
}

/* Cells of one line; none of the files has a line break in quotes. @return how many */
static size_t split(struct arena *arena, char *line, const char **cells)
{
	size_t count = 0;
	for (char *at = line; count < COLUMNS_MAX; at++) {
		char *end;
		if (*at == '"') {
			end = strchr(++at, '"');
			cells[count++] = cell(arena, at, (size_t)(end - at));
			end++;
		} else {
			end = at + strcspn(at, ",");
			cells[count++] = cell(arena, at, (size_t)(end - at));
		}
		if (!*end)
			break;
		at = end;
	}
	return count;
}

static void take_header(struct table *table, const char **cells, size_t count, bool header)
{
	table->columns = count;
	table->names = arena_array(table->arena, count, sizeof(char *));
	for (size_t i = 0; i < count; i++) {
		if (header && cells[i])
			table->names[i] = cells[i];
		else
			table->names[i] = arena_print(table->arena, header ? "unnamed_%zu" : "c%zu", i);
	}
}

static void take_row(struct table *table, const char **cells, size_t count)
{
	if (count == table->columns && table->count < ROWS_MAX)
		table->rows[table->count++] = arena_copy(table->arena, cells, count * sizeof(char *));
}

bool table_read(struct table *table, const char *path, size_t skip, bool header)
{
	FILE *file = fopen(path, "r");
	*table = (struct table){0};
	if (!file)
		return false;
	table->arena = arena_new();
	table->rows = arena_array(table->arena, ROWS_MAX, sizeof(char **));
	char *line = NULL;
	size_t room = 0;
	while (getline(&line, &room, file) > 0) {
		const char *cells[COLUMNS_MAX];
		line[strcspn(line, "\r\n")] = '\0';
		if (skip > 0) {
			skip--;
			continue;
		}
		if (!*line)
			continue;
		size_t count = split(table->arena, line, cells);
		bool first = !table->names;
		if (first)
			take_header(table, cells, count, header);
		if (!first || !header)
			take_row(table, cells, count);
	}
	free(line);
	fclose(file);
	return true;
}

void table_done(struct table *table)
{
	arena_free(table->arena);
	*table = (struct table){0};
}

/* ---- profiling ---- */

static bool is_whole(const char *text)
{
	text += *text == '+' || *text == '-';
	return *text && !text[strspn(text, "0123456789")];
}

static bool is_decimal(const char *text)
{
	char *end;
	if (text[strspn(text, "0123456789.eE+-")])
		return false;
	strtod(text, &end);
	return !*end;
}

static const char *type_of(const char **cells, size_t count)
{
	bool whole = true;
	bool decimal = true;
	for (size_t i = 0; i < count; i++) {
		whole = whole && is_whole(cells[i]);
		decimal = decimal && is_decimal(cells[i]);
	}
	return count == 0 ? "" : whole ? "int" : decimal ? "float" : "string";
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int compare_numbers(const void *a, const void *b)
{
	double left = *(const double *)a;
	double right = *(const double *)b;
	return left < right ? -1 : left > right;
}

/* Lists the texts, which are sorted, with their counts; or none where there are too many. */
static void list_texts(
	struct arena *arena, Tally__V1__ColumnProfile *profile, const char **cells, size_t count)
{
	size_t different = 0;
	for (size_t i = 0; i < count; i++)
		different += i == 0 || strcmp(cells[i], cells[i - 1]) != 0;
	profile->distinct = (double)different;
	bool numbers = strcmp(profile->inferred_type, "string") != 0;
	if (different > (numbers ? NUMBERS_MAX : LISTED_MAX)) {
		profile->other_count = (int64_t)count;
		return;
	}
	profile->categories = arena_array(arena, different, sizeof(*profile->categories));
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || strcmp(cells[i], cells[i - 1]) != 0) {
			Tally__V1__CategoryCount *category = arena_alloc(arena, sizeof(*category));
			tally__v1__category_count__init(category);
			category->value = arena_text(arena, cells[i]);
			profile->categories[profile->n_categories++] = category;
		}
		profile->categories[profile->n_categories - 1]->count++;
	}
}

static void set_moments(Tally__V1__ColumnProfile *profile, const double *values, size_t count)
{
	double sum = 0;
	double squares = 0;
	for (size_t i = 0; i < count; i++)
		sum += values[i];
	for (size_t i = 0; i < count; i++)
		squares += (values[i] - sum / (double)count) * (values[i] - sum / (double)count);
	bool constant = values[0] == values[count - 1];
	profile->_min_case = TALLY__V1__COLUMN_PROFILE___MIN_MIN;
	profile->min = values[0];
	profile->_max_case = TALLY__V1__COLUMN_PROFILE___MAX_MAX;
	profile->max = values[count - 1];
	profile->_mean_case = TALLY__V1__COLUMN_PROFILE___MEAN_MEAN;
	profile->mean = sum / (double)count;
	profile->_standard_deviation_case = TALLY__V1__COLUMN_PROFILE___STANDARD_DEVIATION_STANDARD_DEVIATION;
	profile->standard_deviation = constant ? 0 : sqrt(squares / (double)count);
}

static void list_numbers(
	struct arena *arena, Tally__V1__ColumnProfile *profile, const char **cells, size_t count)
{
	double *values = arena_array(arena, count, sizeof(*values));
	for (size_t i = 0; i < count; i++)
		values[i] = strtod(cells[i], NULL);
	qsort(values, count, sizeof(*values), compare_numbers);
	set_moments(profile, values, count);
	Tally__V1__Quantiles *quantiles = arena_alloc(arena, sizeof(*quantiles));
	tally__v1__quantiles__init(quantiles);
	quantiles->values = arena_array(arena, count, sizeof(*quantiles->values));
	quantiles->weights = arena_array(arena, count, sizeof(*quantiles->weights));
	for (size_t i = 0; i < count; i++) {
		if (i == 0 || values[i] != values[i - 1])
			quantiles->values[quantiles->n_values++] = values[i];
		quantiles->weights[quantiles->n_values - 1]++;
	}
	quantiles->n_weights = quantiles->n_values;
	profile->quantiles = quantiles;
}

static Tally__V1__ColumnProfile *profile_column(
	struct arena *arena, const struct table *table, size_t column, const size_t *rows, size_t count)
{
	Tally__V1__ColumnProfile *profile = arena_alloc(arena, sizeof(*profile));
	tally__v1__column_profile__init(profile);
	const char **cells = arena_array(arena, count, sizeof(*cells));
	size_t present = 0;
	for (size_t i = 0; i < count; i++) {
		if (table->rows[rows[i]][column])
			cells[present++] = table->rows[rows[i]][column];
	}
	profile->count = (int64_t)count;
	profile->missing = (int64_t)(count - present);
	profile->inferred_type = arena_text(arena, type_of(cells, present));
	if (present == 0)
		return profile;
	qsort(cells, present, sizeof(*cells), compare_texts);
	list_texts(arena, profile, cells, present);
	if (strcmp(profile->inferred_type, "string") != 0)
		list_numbers(arena, profile, cells, present);
	return profile;
}

/* ---- describing ---- */

static void *training(struct arena *arena, const struct table *table, const size_t *rows, size_t count)
{
	Tally__V1__TrainingData *data = arena_alloc(arena, sizeof(*data));
	tally__v1__training_data__init(data);
	data->schema = arena_array(arena, table->columns, sizeof(*data->schema));
	for (size_t i = 0; i < table->columns; i++) {
		Tally__V1__TrainingDataField *field = arena_alloc(arena, sizeof(*field));
		tally__v1__training_data_field__init(field);
		field->field_name = arena_text(arena, table->names[i]);
		field->mapping_production_data = field->field_name;
		field->profile = profile_column(arena, table, i, rows, count);
		data->schema[data->n_schema++] = field;
	}
	return data;
}

static void *production(struct arena *arena, const struct table *table, const size_t *rows, size_t count)
{
	Tally__V1__ProductionData *data = arena_alloc(arena, sizeof(*data));
	tally__v1__production_data__init(data);
	data->schema = arena_array(arena, table->columns, sizeof(*data->schema));
	for (size_t i = 0; i < table->columns; i++) {
		Tally__V1__ProductionDataField *field = arena_alloc(arena, sizeof(*field));
		tally__v1__production_data_field__init(field);
		field->field_name = arena_text(arena, table->names[i]);
		field->profile = profile_column(arena, table, i, rows, count);
		data->schema[data->n_schema++] = field;
	}
	return data;
}

struct model_descriptor *table_describe(
	const struct table *table, enum model_kind kind, const size_t *rows, size_t count)
{
	struct arena *arena = arena_new();
	Tally__V1__Descriptor message = TALLY__V1__DESCRIPTOR__INIT;
	message.spec_case = (Tally__V1__Descriptor__SpecCase)(kind + 1);
	if (kind == KIND_TRAINING_DATA)
		message.training_data = training(arena, table, rows, count);
	else
		message.production_data = production(arena, table, rows, count);
	struct model_version version = {.kind = kind,
		.name = "default",
		.version = 1,
		.revision = 1,
		.owner_team = "",
		.author = "",
		.author_team = "",
		.change_note = ""};
	size_t size;
	void *body = model_descriptor_pack(arena, &message, &size, &version.digest);
	struct model_descriptor *descriptor = model_descriptor_new(&version, body, size);
	arena_free(arena);
	return descriptor;
}
