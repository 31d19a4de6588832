/* Lays out tables. Knows widths, not meanings. */
#include "command/table.h"

#include <assert.h>
#include <string.h>

#include "command/text.h"

enum {
	GAP = 2,
	NARROWEST = 6,   /* where even the least widths are too much; below it rows are stacked */
	LAST_LEAST = 20, /* narrower than this the last column is not broken well */
	LAST_SHARE = 3,  /* of the width belongs to the last column, if it needs that */
};

struct row {
	struct table_cell cells[TABLE_COLUMNS_MAX];
	struct row *next;
};

struct table {
	struct arena *arena;
	struct table_column columns[TABLE_COLUMNS_MAX];
	size_t count;
	size_t rows;
	struct row *first, **end;
};

struct table *table_new(struct arena *arena, const struct table_column *columns, size_t count)
{
	assert(count > 0 && count <= TABLE_COLUMNS_MAX);
	struct table *table = arena_alloc(arena, sizeof(*table));
	table->arena = arena;
	memcpy(table->columns, columns, count * sizeof(*columns));
	table->count = count;
	table->end = &table->first;
	return table;
}

void table_add(struct table *table, const struct table_cell *cells)
{
	struct row *row = arena_alloc(table->arena, sizeof(*row));
	for (size_t i = 0; i < table->count; i++) {
		row->cells[i].text = cells[i].text ? text_clean(table->arena, cells[i].text) : "";
		row->cells[i].colour = cells[i].colour;
	}
	*table->end = row;
	table->end = &row->next;
	table->rows++;
}

size_t table_rows(const struct table *table)
{
	return table->rows;
}

static void measure(const struct table *table, size_t *widths)
{
	for (size_t i = 0; i < table->count; i++)
		widths[i] = text_width(table->columns[i].title);
	for (const struct row *row = table->first; row; row = row->next) {
		for (size_t i = 0; i < table->count; i++) {
			size_t width = text_width(row->cells[i].text);
			if (width > widths[i])
				widths[i] = width;
		}
	}
}

static size_t before_last(const struct table *table, const size_t *widths)
{
	size_t sum = 0;
	for (size_t i = 0; i + 1 < table->count; i++)
		sum += widths[i] + GAP;
	return sum;
}

/* Takes from the columns on the right first. */
static void cut(const struct table *table, size_t *widths, size_t room, size_t least_of_all)
{
	for (size_t i = table->count - 1; i-- > 0;) {
		size_t least = table->columns[i].least;
		if (least_of_all > 0 && least > least_of_all)
			least = least_of_all;
		while (least > 0 && widths[i] > least && before_last(table, widths) > room)
			widths[i]--;
	}
}

/* Makes room for the last column. @return false when there is none */
static bool squeeze(const struct table *table, size_t *widths, size_t width)
{
	size_t last = widths[table->count - 1];
	size_t share = width / LAST_SHARE > LAST_LEAST ? width / LAST_SHARE : LAST_LEAST;
	size_t wanted = last < share ? last : share;
	size_t room = width > wanted ? width - wanted : 0;
	cut(table, widths, room, 0);
	cut(table, widths, room, NARROWEST);
	size_t left = before_last(table, widths);
	if (left + last > width)
		widths[table->count - 1] = width > left + wanted ? width - left : wanted;
	return left + wanted <= width;
}

static void blanks(struct buffer *out, size_t count)
{
	buffer_print(out, "%*s", (int)count, "");
}

static void print_cell(struct buffer *out, const char *text, size_t size, enum colour colour, bool in_colour)
{
	buffer_text(out, colour_start(colour, in_colour));
	buffer_add(out, text, size);
	buffer_text(out, colour_end(colour, in_colour));
}

static void print_last(
	struct buffer *out, const struct table_cell *cell, size_t width, size_t indent, bool in_colour)
{
	const char *text = cell->text;
	while (!*text && out->size > 0 && out->bytes[out->size - 1] == ' ')
		out->bytes[--out->size] = '\0';
	do {
		const char *next = text + strlen(text);
		size_t size = width > 0 ? text_line(text, width, &next) : strlen(text);
		print_cell(out, text, size, cell->colour, in_colour);
		buffer_text(out, "\n");
		text = next;
		if (*text)
			blanks(out, indent);
	} while (*text);
}

static void print_row(const struct table *table, const struct table_cell *cells, const size_t *widths,
	bool wrap, bool in_colour, struct buffer *out)
{
	size_t last = table->count - 1;
	for (size_t i = 0; i < last; i++) {
		const char *text = text_cut(table->arena, cells[i].text, widths[i]);
		size_t fill = widths[i] - text_width(text);
		bool right = table->columns[i].right;
		blanks(out, right ? fill : 0);
		print_cell(out, text, strlen(text), cells[i].colour, in_colour);
		blanks(out, (right ? 0 : fill) + GAP);
	}
	print_last(out, &cells[last], wrap ? widths[last] : 0, before_last(table, widths), in_colour);
}

/* Where columns have no room beside each other, each cell has lines of its own, behind its title. */
static void print_stacked(const struct table *table, size_t width, bool in_colour, struct buffer *out)
{
	size_t indent = 0;
	for (size_t i = 0; i < table->count; i++) {
		size_t title = text_width(table->columns[i].title) + GAP;
		indent = title > indent ? title : indent;
	}
	for (const struct row *row = table->first; row; row = row->next) {
		for (size_t i = 0; i < table->count; i++) {
			const char *title = table->columns[i].title;
			if (!*row->cells[i].text)
				continue;
			print_cell(out, title, strlen(title), COLOUR_BOLD, in_colour);
			blanks(out, indent - text_width(title));
			print_last(
				out, &row->cells[i], width > indent ? width - indent : 1, indent, in_colour);
		}
		buffer_text(out, row->next ? "\n" : "");
	}
}

void table_print(const struct table *table, size_t width, bool colour, struct buffer *out)
{
	size_t widths[TABLE_COLUMNS_MAX] = {0};
	struct table_cell titles[TABLE_COLUMNS_MAX] = {0};
	measure(table, widths);
	if (width > 0 && !squeeze(table, widths, width)) {
		print_stacked(table, width, colour, out);
		return;
	}
	for (size_t i = 0; i < table->count; i++)
		titles[i] = (struct table_cell){table->columns[i].title, COLOUR_BOLD};
	print_row(table, titles, widths, width > 0, colour, out);
	for (const struct row *row = table->first; row; row = row->next)
		print_row(table, row->cells, widths, width > 0, colour, out);
}
