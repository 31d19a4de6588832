/* Finds cells in bytes. Knows neither types nor columns, and allocates nothing for a cell. */
#include "profile/csv.h"

#include <stdlib.h>
#include <string.h>

#include "profile/foreign.h"
#include "profile/scan.h"

enum {
	ROOM_FIRST = CSV_SAMPLE_MAX,
	CELLS_FIRST = 64,
	ROWS_CELLS = 4096, /* so many at once stay in the nearest cache */
};

static const size_t NO_BLOCK = SIZE_MAX / 2;
static const size_t NO_QUOTE = SIZE_MAX;

struct csv {
	struct source *source;
	char *bytes; /* [at, end) is read and not taken; SCAN_WIDTH more may be read, whatever they are */
	size_t at, end, room;
	bool ended; /* of the source */
	bool started;
	struct scan_marks marks;
	struct csv_cell *cells;
	size_t base;  /* cells in front that are earlier records' */
	size_t count; /* of this record */
	size_t cell_room;
	size_t rough; /* cells of this record that are */
	/* Marks in the 64 bytes from `block` on that were not passed yet. Good while nothing moved. */
	size_t block;
	uint64_t found;
	int64_t lines;    /* that ended in bytes which are no longer there */
	size_t record_at; /* where this record began */
	size_t quote_at;  /* a quote that nothing closes up to the file's end; NO_QUOTE */
	struct csv_ragged ragged;
};

struct csv *csv_new(struct source *source)
{
	struct csv *csv = calloc(1, sizeof(*csv));
	if (!csv || !(csv->bytes = calloc(1, ROOM_FIRST + SCAN_WIDTH)) ||
		!(csv->cells = malloc(CELLS_FIRST * sizeof(*csv->cells))))
		abort();
	csv->source = source;
	csv->room = ROOM_FIRST;
	csv->cell_room = CELLS_FIRST;
	csv->quote_at = NO_QUOTE;
	csv_set(csv, ',', '\n');
	return csv;
}

void csv_free(struct csv *csv)
{
	if (!csv)
		return;
	free(csv->bytes);
	free(csv->cells);
	free(csv);
}

void csv_set(struct csv *csv, char delimiter, char newline)
{
	csv->marks = (struct scan_marks){delimiter, newline, '"'};
	csv->block = NO_BLOCK;
}

/* Counts the ends of lines in front of a place. */
static int64_t ends_before(const struct csv *csv, size_t place)
{
	const struct scan_marks ends = {csv->marks.newline, csv->marks.newline, csv->marks.newline};
	int64_t count = 0;
	for (size_t i = 0; i < place; i += SCAN_WIDTH) {
		uint64_t found = scan(csv->bytes + i, &ends);
		if (place - i < SCAN_WIDTH)
			found &= ~(~UINT64_C(0) << (place - i));
		count += __builtin_popcountll(found);
	}
	return count;
}

static int64_t line_at(const struct csv *csv, size_t place)
{
	return csv->lines + ends_before(csv, place) + 1;
}

/* Text has no byte of 0; what has one would come out as another text. @param from  what is before was looked
 * at
 */
static enum fault_code check_text(const struct csv *csv, size_t from, struct fault *fault)
{
	const char *zero = memchr(csv->bytes + from, 0, csv->end - from);
	if (!zero)
		return FAULT_NONE;
	return fault_set(fault, FAULT_INVALID, "NOT_TEXT",
		"%s: line %lld has a byte of 0, so this is no text in UTF-8", source_name(csv->source),
		(long long)line_at(csv, (size_t)(zero - csv->bytes)));
}

/* Brings more bytes in behind those that are there. */
static enum fault_code fill(struct csv *csv, struct fault *fault)
{
	size_t got;
	csv->lines += ends_before(csv, csv->at);
	if (csv->at > 0)
		memmove(csv->bytes, csv->bytes + csv->at, csv->end - csv->at);
	csv->end -= csv->at;
	csv->at = 0;
	if (csv->end == csv->room) {
		if (csv->room >= CSV_RECORD_MAX)
			return fault_set(fault, FAULT_INVALID, "RECORD_TOO_LARGE",
				"%s: the record that begins in line %lld is larger than %d MiB; is there a "
				"quote that nothing closes?",
				source_name(csv->source), (long long)csv->lines + 1, CSV_RECORD_MAX >> 20);
		csv->room *= 2;
		csv->bytes = realloc(csv->bytes, csv->room + SCAN_WIDTH);
		if (!csv->bytes)
			abort();
	}
	if (source_read(csv->source, csv->bytes + csv->end, csv->room - csv->end, &got, fault))
		return fault->code;
	memset(csv->bytes + csv->end + got, 0, SCAN_WIDTH);
	csv->end += got;
	csv->ended = got == 0;
	csv->block = NO_BLOCK;
	return csv->started ? check_text(csv, csv->end - got, fault) : FAULT_NONE;
}

/* Fills up to the sample's size, and passes the mark of UTF-8. */
static enum fault_code start(struct csv *csv, struct fault *fault)
{
	static const char utf8[] = "\xef\xbb\xbf";
	while (!csv->ended && csv->end < CSV_SAMPLE_MAX) {
		if (fill(csv, fault))
			return fault->code;
	}
	csv->started = true;
	if (csv->end >= 3 && memcmp(csv->bytes, utf8, 3) == 0)
		csv->at = 3;
	const char *kind = foreign_kind(csv->bytes, csv->end);
	if (kind)
		return fault_set(
			fault, FAULT_INVALID, "NOT_CSV", "%s: this is %s", source_name(csv->source), kind);
	return check_text(csv, 0, fault);
}

enum fault_code csv_sample(
	struct csv *csv, const char **bytes, size_t *size, bool *whole, struct fault *fault)
{
	if (!csv->started && start(csv, fault))
		return fault->code;
	*bytes = csv->bytes + csv->at;
	*size = csv->end - csv->at;
	*whole = csv->ended;
	return FAULT_NONE;
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct csv_cell stripped(const char *from, const char *to)
{
	while (from < to && is_blank(*from))
		from++;
	while (to > from && is_blank(to[-1]))
		to--;
	return (struct csv_cell){from, (size_t)(to - from), false};
}

static void make_room(struct csv *csv, size_t room)
{
	if (csv->cell_room >= room)
		return;
	csv->cell_room = room;
	csv->cells = realloc(csv->cells, room * sizeof(*csv->cells));
	if (!csv->cells)
		abort();
}

static void add_cell(struct csv *csv, struct csv_cell cell)
{
	const size_t at = csv->base + csv->count;
	if (at == csv->cell_room && csv->count <= CSV_COLUMNS_MAX)
		make_room(csv, 2 * csv->cell_room);
	/* Cells beyond what a header may have are counted and not kept. */
	if (at < csv->cell_room)
		csv->cells[at] = cell;
	csv->count++;
}

/* Finds the next mark from `from` on. @return its place; csv->end when there is none */
static size_t next_mark(struct csv *csv, size_t from)
{
	if (from < csv->block || from >= csv->block + SCAN_WIDTH) {
		csv->block = from;
		csv->found = scan(csv->bytes + from, &csv->marks);
	} else {
		csv->found &= ~UINT64_C(0) << (from - csv->block);
	}
	while (csv->found == 0) {
		csv->block += SCAN_WIDTH;
		if (csv->block >= csv->end)
			return csv->end;
		csv->found = scan(csv->bytes + csv->block, &csv->marks);
	}
	const size_t at = csv->block + (size_t)__builtin_ctzll(csv->found);
	return at < csv->end ? at : csv->end;
}

enum part {
	PART_CELL,   /* another cell follows */
	PART_RECORD, /* the record has ended */
	PART_OPEN,   /* more bytes are needed to say */
};

/* What stands at the end of a cell. */
static enum part part_at(const struct csv *csv, size_t end)
{
	if (end == csv->end)
		return csv->ended ? PART_RECORD : PART_OPEN;
	return csv->bytes[end] == csv->marks.newline ? PART_RECORD : PART_CELL;
}

/* Finds where an unquoted cell ends. Quotes in it are characters. */
static size_t plain_end(struct csv *csv, size_t from)
{
	size_t at = next_mark(csv, from);
	while (at < csv->end && csv->bytes[at] == csv->marks.quote)
		at = next_mark(csv, at + 1);
	return at;
}

/* Finds the quote that closes. @param[out] doubled  others were passed @return csv->end when there is none */
static size_t closing_quote(const struct csv *csv, size_t from, bool *doubled)
{
	*doubled = false;
	while (from < csv->end) {
		const char *found = memchr(csv->bytes + from, csv->marks.quote, csv->end - from);
		if (!found)
			break;
		from = (size_t)(found - csv->bytes);
		if (from + 1 >= csv->end || found[1] != csv->marks.quote)
			return from;
		*doubled = true;
		from += 2;
	}
	return csv->end;
}

/* Reads a cell whose opening quote is at `quote`. */
static enum part quoted(struct csv *csv, size_t quote, size_t *at)
{
	bool doubled;
	const size_t close = closing_quote(csv, quote + 1, &doubled);
	if (close + 1 >= csv->end && !csv->ended)
		return PART_OPEN;
	const size_t stop = close < csv->end ? plain_end(csv, close + 1) : csv->end;
	const enum part part = part_at(csv, stop);
	if (part == PART_OPEN)
		return part;
	if (close == csv->end)
		csv->quote_at = quote;
	struct csv_cell cell = stripped(csv->bytes + quote + 1, csv->bytes + close);
	if (doubled || (close < csv->end && stripped(csv->bytes + close + 1, csv->bytes + stop).size > 0)) {
		cell = (struct csv_cell){csv->bytes + quote + 1, stop - quote - 1, true};
		csv->rough++;
	}
	add_cell(csv, cell);
	*at = stop;
	return part;
}

/* Reads one cell. @param[in,out] at  where it begins; then its end */
static enum part read_cell(struct csv *csv, size_t *at)
{
	const size_t from = *at;
	size_t first = from, mark = next_mark(csv, from);
	if (mark < csv->end && csv->bytes[mark] == csv->marks.quote) {
		while (first < mark && is_blank(csv->bytes[first]))
			first++;
		if (first == mark)
			return quoted(csv, mark, at);
		mark = plain_end(csv, mark);
	}
	const enum part part = part_at(csv, mark);
	if (part != PART_OPEN)
		add_cell(csv, stripped(csv->bytes + from, csv->bytes + mark));
	*at = mark;
	return part;
}

/* Takes the quotes off, in place: doubled ones become one, and what follows the closing one is moved up. */
static struct csv_cell smooth(const struct csv *csv, const struct csv_cell *cell)
{
	char *to = csv->bytes + (cell->text - csv->bytes);
	const char *from = to, *start = to, *end = from + cell->size;
	for (bool inside = true; from < end;) {
		if (inside && *from == csv->marks.quote) {
			from++;
			inside = from < end && *from == csv->marks.quote;
			if (!inside)
				continue;
		}
		*to++ = *from++;
	}
	return stripped(start, to);
}

static void smooth_all(struct csv *csv)
{
	const size_t all = csv->base + csv->count, kept = all < csv->cell_room ? all : csv->cell_room;
	for (size_t i = csv->base; i < kept; i++) {
		if (csv->cells[i].rough)
			csv->cells[i] = smooth(csv, &csv->cells[i]);
	}
}

/*
 * Most records have no quote and are there to their end: their cells are
 * found in one tight loop.
 *
 * @return false when it is not such a record; nothing has changed then
 */
static bool read_plain_record(struct csv *csv)
{
	const char *bytes = csv->bytes;
	const char newline = csv->marks.newline, quote = csv->marks.quote;
	size_t from = csv->at, at = next_mark(csv, from);
	size_t block = csv->block, count = csv->base;
	uint64_t found = csv->found;
	for (;;) {
		if (at >= csv->end || bytes[at] == quote || count == csv->cell_room)
			return false;
		/* Member by member: a copy of the whole would wait for the parts to be stored. */
		struct csv_cell *cell = &csv->cells[count++];
		const char *first = bytes + from, *last = bytes + at;
		if (first < last && ((unsigned char)*first <= ' ' || (unsigned char)last[-1] <= ' ')) {
			while (first < last && is_blank(*first))
				first++;
			while (last > first && is_blank(last[-1]))
				last--;
		}
		cell->text = first;
		cell->size = (size_t)(last - first);
		cell->rough = false;
		from = at + 1;
		found &= found - 1;
		if (bytes[at] == newline)
			break;
		while (found == 0) {
			block += SCAN_WIDTH;
			if (block >= csv->end)
				return false;
			found = scan(bytes + block, &csv->marks);
		}
		at = block + (size_t)__builtin_ctzll(found);
	}
	csv->count = count - csv->base;
	csv->block = block;
	csv->found = found;
	csv->at = from;
	return true;
}

/* Reads the record at csv->at, if it is there to its end; changes nothing otherwise. */
static bool read_record(struct csv *csv)
{
	size_t at = csv->at;
	if (read_plain_record(csv))
		return true;
	csv->count = csv->rough = 0;
	csv->block = NO_BLOCK;
	for (;;) {
		const enum part part = read_cell(csv, &at);
		if (part == PART_OPEN)
			return false;
		if (part == PART_RECORD)
			break;
		at++;
	}
	csv->at = at < csv->end ? at + 1 : at;
	if (csv->rough > 0)
		smooth_all(csv);
	return true;
}

/* Passes lines in which nothing stands. @return false when more bytes are needed to say */
static bool pass_empty_lines(struct csv *csv)
{
	for (;;) {
		const char *at = csv->bytes + csv->at;
		const size_t left = csv->end - csv->at;
		if (left > 0 && at[0] == csv->marks.newline)
			csv->at += 1;
		else if (left > 1 && at[0] == '\r' && at[1] == csv->marks.newline)
			csv->at += 2;
		else if (left == 1 && at[0] == '\r' && csv->ended)
			csv->at += 1;
		else
			return left > 1 || csv->ended || (left == 1 && at[0] != '\r');
	}
}

/* What there is of the next record. */
enum next {
	NEXT_RECORD,
	NEXT_BYTES, /* more are needed */
	NEXT_END,
	NEXT_OPEN, /* a quote that nothing closes */
};

static enum next take(struct csv *csv)
{
	if (!pass_empty_lines(csv) || csv->at == csv->end)
		return csv->ended ? NEXT_END : NEXT_BYTES;
	csv->record_at = csv->at;
	if (!read_record(csv))
		return csv->ended ? NEXT_END : NEXT_BYTES;
	return csv->quote_at == NO_QUOTE ? NEXT_RECORD : NEXT_OPEN;
}

static enum fault_code still_open(const struct csv *csv, struct fault *fault)
{
	return fault_set(fault, FAULT_INVALID, "QUOTE_OPEN",
		"%s: nothing closes the quote that opens in line %lld", source_name(csv->source),
		(long long)line_at(csv, csv->quote_at));
}

enum fault_code csv_next(struct csv *csv, const struct csv_cell **cells, size_t *count, struct fault *fault)
{
	enum next next;
	if (!csv->started && start(csv, fault))
		return fault->code;
	csv->base = 0;
	while ((next = take(csv)) == NEXT_BYTES) {
		if (fill(csv, fault))
			return fault->code;
	}
	if (next == NEXT_OPEN)
		return still_open(csv, fault);
	*cells = csv->cells;
	*count = next == NEXT_END ? 0 : csv->count;
	return FAULT_NONE;
}

/* Counts a record of another size; of the first one more is kept. */
static void pass_ragged(struct csv *csv)
{
	if (csv->ragged.count++ > 0)
		return;
	csv->ragged.line = line_at(csv, csv->record_at);
	csv->ragged.cells = csv->count;
}

const struct csv_ragged *csv_ragged(const struct csv *csv)
{
	return &csv->ragged;
}

enum fault_code csv_next_rows(struct csv *csv, size_t columns, struct csv_rows *rows, struct fault *fault)
{
	const size_t fitting = ROWS_CELLS / columns;
	const size_t most = fitting < 1 ? 1 : fitting < CSV_ROWS_MAX ? fitting : CSV_ROWS_MAX;
	const int64_t before = csv->ragged.count;
	size_t count = 0;
	if (!csv->started && start(csv, fault))
		return fault->code;
	make_room(csv, (most + 1) * columns);
	csv->base = 0;
	while (count < most) {
		const enum next next = take(csv);
		/* New bytes would move those that the cells are in. */
		if (next == NEXT_END || (next == NEXT_BYTES && (count > 0 || csv->ragged.count > before)))
			break;
		if (next == NEXT_OPEN)
			return still_open(csv, fault);
		if (next == NEXT_BYTES) {
			if (fill(csv, fault))
				return fault->code;
			continue;
		}
		if (csv->count == columns)
			count++;
		else
			pass_ragged(csv);
		csv->base = count * columns;
	}
	*rows = (struct csv_rows){csv->cells, count, (size_t)(csv->ragged.count - before)};
	return FAULT_NONE;
}
