/* Guesses by looking at a sample. Reads no file. */
#include "profile/dialect.h"

#include <string.h>

#include "profile/decimal.h"

enum {
	RECORDS_MAX = 200,
	HEADERS_TRIED = 2,
};

/* Records of the sample, cells copied. */
struct sample {
	struct csv_cell *records[RECORDS_MAX];
	size_t sizes[RECORDS_MAX];
	size_t count;
};

static void read_sample(struct arena *arena, const char *bytes, size_t size, bool whole,
	const struct dialect *dialect, struct sample *sample)
{
	static struct fault fault;
	struct source *source = source_memory(bytes, size, size);
	struct csv *csv = csv_new(source);
	const struct csv_cell *cells;
	size_t count;
	*sample = (struct sample){.count = 0};
	csv_set(csv, dialect->delimiter, dialect->newline);
	while (sample->count < RECORDS_MAX && csv_next(csv, &cells, &count, &fault) == FAULT_NONE &&
		count > 0) {
		/* One more than there may be, so that it is seen to be too many. */
		const size_t kept = count <= CSV_COLUMNS_MAX ? count : CSV_COLUMNS_MAX + 1;
		struct csv_cell *record = arena_array(arena, kept, sizeof(*record));
		for (size_t i = 0; i < kept; i++)
			record[i] = (struct csv_cell){
				arena_copy(arena, cells[i].text, cells[i].size), cells[i].size, false};
		sample->records[sample->count] = record;
		sample->sizes[sample->count++] = kept;
	}
	/* The last record of a part of a file may be cut off. */
	if (!whole && sample->count > 1 && sample->count < RECORDS_MAX)
		sample->count--;
	csv_free(csv);
	source_free(source);
}

/* Returns the number of cells that most records have. @param[out] votes  how many do */
static size_t usual_size(const struct sample *sample, size_t *votes)
{
	size_t best = 0;
	*votes = 0;
	for (size_t i = 0; i < sample->count; i++) {
		size_t same = 0;
		for (size_t j = 0; j < sample->count; j++)
			same += sample->sizes[j] == sample->sizes[i];
		if (same > *votes || (same == *votes && sample->sizes[i] > best)) {
			*votes = same;
			best = sample->sizes[i];
		}
	}
	return best;
}

static char find_newline(const char *bytes, size_t size)
{
	if (memchr(bytes, '\n', size) || !memchr(bytes, '\r', size))
		return '\n';
	return '\r';
}

/*
 * Records of one cell say nothing for a delimiter. The first record speaks
 * too: a header parted by ; above numbers with a decimal comma.
 */
static double score(const struct sample *sample)
{
	size_t votes;
	const size_t size = usual_size(sample, &votes);
	if (size < 2 || sample->count == 0)
		return 0;
	const double first = sample->sizes[0] == size ? 0.5 : 0;
	return (double)votes / (double)sample->count + first + 1e-6 * (double)(size < 1000 ? size : 1000);
}

static char find_delimiter(
	struct arena *arena, const char *bytes, size_t size, bool whole, const struct dialect *dialect)
{
	static const char known[] = {',', ';', '\t', '|'};
	char best = ',';
	double best_score = 0;
	struct sample *sample = arena_alloc(arena, sizeof(*sample));
	for (size_t i = 0; i < sizeof(known); i++) {
		struct dialect tried = *dialect;
		tried.delimiter = known[i];
		read_sample(arena, bytes, size, whole, &tried, sample);
		const double here = score(sample);
		if (here > best_score) {
			best_score = here;
			best = known[i];
		}
	}
	return best;
}

static bool is_number(const struct csv_cell *cell)
{
	double value;
	const enum decimal_class class = decimal_read(cell->text, cell->size, &value);
	return class == DECIMAL_WHOLE || class == DECIMAL_FRACTION;
}

static bool same(const struct csv_cell *left, const struct csv_cell *right)
{
	return left->size == right->size && memcmp(left->text, right->text, left->size) == 0;
}

/* Could these be names? None is a number, and most are not empty. */
static bool are_names(const struct csv_cell *cells, size_t count)
{
	size_t empty = 0;
	for (size_t i = 0; i < count; i++) {
		if (is_number(&cells[i]))
			return false;
		empty += cells[i].size == 0;
	}
	return empty == 0 || empty * 2 <= count;
}

/* How a record stands to those below it, column by column. */
struct contrast {
	size_t numbers_below; /* columns of numbers under something that is none */
	size_t occurs_again;  /* columns that have its text again */
	size_t texts;         /* columns of texts */
};

static struct contrast compare(const struct sample *sample, size_t at)
{
	struct contrast contrast = {0};
	const size_t columns = sample->sizes[at];
	for (size_t column = 0; column < columns; column++) {
		size_t numbers = 0, values = 0;
		bool again = false;
		for (size_t below = at + 1; below < sample->count; below++) {
			if (sample->sizes[below] != columns)
				continue;
			const struct csv_cell *cell = &sample->records[below][column];
			values += cell->size > 0;
			numbers += is_number(cell);
			again |= cell->size > 0 && same(cell, &sample->records[at][column]);
		}
		const bool of_numbers = values > 0 && 2 * numbers > values;
		contrast.numbers_below += of_numbers && !is_number(&sample->records[at][column]);
		contrast.texts += values > 0 && !of_numbers;
		contrast.occurs_again += again;
	}
	return contrast;
}

/*
 * Names stand above numbers. Where all columns hold text, a record whose texts
 * come back further down is one of the data.
 */
static bool is_header(const struct sample *sample, size_t at)
{
	if (!are_names(sample->records[at], sample->sizes[at]))
		return false;
	if (at + 1 == sample->count)
		return true;
	const struct contrast contrast = compare(sample, at);
	return contrast.numbers_below > 0 || 2 * contrast.occurs_again < contrast.texts ||
	       contrast.occurs_again == 0;
}

static size_t count_empty(const struct sample *sample, size_t at)
{
	size_t empty = 0;
	for (size_t i = 0; i < sample->sizes[at]; i++)
		empty += sample->records[at][i].size == 0;
	return empty;
}

/* A title that a spreadsheet has filled up with empty cells stands above names of which none is empty. */
static bool is_title(const struct sample *sample, size_t at)
{
	const size_t next = at + 1;
	return count_empty(sample, at) > 0 && next < sample->count &&
	       sample->sizes[next] == sample->sizes[at] && count_empty(sample, next) == 0 &&
	       are_names(sample->records[next], sample->sizes[next]) &&
	       compare(sample, next).numbers_below > 0;
}

/* @param first  the record to look at first, from 0 */
static int find_header(const struct sample *sample, size_t columns, size_t first)
{
	size_t tried = 0;
	for (size_t at = first; at < sample->count && tried < HEADERS_TRIED; at++) {
		/* Titles and remarks above the table are of another size. */
		if (sample->sizes[at] != columns)
			continue;
		/* Below a first record of numbers, only names above numbers are names. */
		if (is_header(sample, at) && !is_title(sample, at) &&
			(tried == 0 || compare(sample, at).numbers_below > 0))
			return (int)at + 1;
		tried++;
	}
	return DIALECT_HEADER_NONE;
}

/* Is the first record no name and none of the data either: mostly text above numbers? */
static bool is_preamble(const struct sample *sample, size_t columns)
{
	if (sample->count < 3 || sample->sizes[0] != columns)
		return false;
	const struct contrast contrast = compare(sample, 0);
	return columns > 2 && 2 * contrast.numbers_below > columns - contrast.texts;
}

/* Spreadsheets say the delimiter in a line of its own: sep=; */
static bool declares(const char *bytes, size_t size)
{
	return size > 5 && memcmp(bytes, "sep=", 4) == 0 && (bytes[5] == '\n' || bytes[5] == '\r') &&
	       memchr(",;|:\t", bytes[4], 5);
}

void dialect_find(struct arena *arena, const char *bytes, size_t size, bool whole, struct dialect *dialect)
{
	size_t votes;
	struct sample *sample = arena_alloc(arena, sizeof(*sample));
	if (!dialect->newline)
		dialect->newline = find_newline(bytes, size);
	const bool declared = declares(bytes, size);
	if (!dialect->delimiter && declared)
		dialect->delimiter = bytes[4];
	if (!dialect->delimiter)
		dialect->delimiter = find_delimiter(arena, bytes, size, whole, dialect);
	read_sample(arena, bytes, size, whole, dialect, sample);
	dialect->columns = usual_size(sample, &votes);
	const bool inferred = dialect->header == DIALECT_HEADER_INFER;
	if (inferred)
		dialect->header = find_header(sample, dialect->columns, declared);
	dialect->skipped = dialect->header;
	if (dialect->header == DIALECT_HEADER_NONE)
		dialect->skipped = inferred && (declared || is_preamble(sample, dialect->columns));
	else if ((size_t)dialect->header <= sample->count)
		dialect->columns = sample->sizes[dialect->header - 1];
}
