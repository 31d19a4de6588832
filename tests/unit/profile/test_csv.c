/* The reader: what stands in a file and which cells come out, whatever the pieces it arrives in. */
#include "profile/csv.h"

#include "cases.h"

#include "base/buffer.h"

struct row {
	const char *name;
	char delimiter;
	char newline;
	const char *text;
	const char *expected; /* cells in [], records end with / */
};

static void read_all(const struct row *row, size_t piece, struct buffer *got)
{
	static struct fault fault;
	struct source *source = source_memory(row->text, strlen(row->text), piece);
	struct csv *csv = csv_new(source);
	const struct csv_cell *cells;
	size_t count;
	csv_set(csv, row->delimiter, row->newline);
	for (;;) {
		assert_int_equal(csv_next(csv, &cells, &count, &fault), FAULT_NONE);
		if (count == 0)
			break;
		for (size_t i = 0; i < count; i++)
			buffer_print(got, "[%.*s]", (int)cells[i].size, cells[i].text);
		buffer_text(got, "/");
	}
	csv_free(csv);
	source_free(source);
}

static void check(void **state)
{
	static const size_t pieces[] = {1, 2, 3, 5, 64, 100000};
	const struct row *row = *state;
	for (size_t i = 0; i < CASES_COUNT(pieces); i++) {
		struct buffer got = {0};
		read_all(row, pieces[i], &got);
		assert_string_equal(buffer_string(&got), row->expected);
		buffer_done(&got);
	}
}

#define LONG "0123456789012345678901234567890123456789012345678901234567890123456789"

static const struct row rows[] = {
	{"commas part cells and line ends records", ',', '\n', "a,b\nc,d\n", "[a][b]/[c][d]/"},
	{"the last line needs no end", ',', '\n', "a,b\nc,d", "[a][b]/[c][d]/"},
	{"CRLF ends a line", ',', '\n', "a,b\r\nc,d\r\n", "[a][b]/[c][d]/"},
	{"a file may mix both", ',', '\n', "a,b\r\nc,d\ne,f\r", "[a][b]/[c][d]/[e][f]/"},
	{"CR alone ends lines where nothing else does", ',', '\r', "a,b\rc,d\r", "[a][b]/[c][d]/"},
	{"the mark of UTF-8 is skipped", ',', '\n',
		"\xef\xbb\xbf"
		"a,b\n",
		"[a][b]/"},
	{"a quoted name behind the mark of UTF-8 is quoted", ',', '\n', "\xef\xbb\xbf\"a\",b\n", "[a][b]/"},
	{"empty lines are no records", ',', '\n', "\n\na,b\n\n\r\nc,d\n\n", "[a][b]/[c][d]/"},
	{"a line of blanks is a record of one empty cell", ',', '\n', "a\n  \nb\n", "[a]/[]/[b]/"},
	{"an empty file has none", ',', '\n', "", ""},
	{"a file of ends has none", ',', '\n', "\n\r\n\n", ""},
	{"a file with only the mark of UTF-8 has none", ',', '\n', "\xef\xbb\xbf", ""},
	{"empty cells are cells", ',', '\n', ",\n,,\n", "[][]/[][][]/"},
	{"a delimiter at the end opens one more cell", ',', '\n', "a,\n", "[a][]/"},
	{"and also without a line's end", ',', '\n', "a,", "[a][]/"},
	{"blanks at both ends go", ',', '\n', " a , b\t,\tc \n", "[a][b][c]/"},
	{"blanks inside stay", ',', '\n', "a b,c  d\n", "[a b][c  d]/"},
	{"a cell of blanks is empty", ',', '\n', "a,   ,b\n", "[a][][b]/"},
	{"blanks in quotes go too", ',', '\n', "\" a \",b\n", "[a][b]/"},
	{"quotes hold delimiters", ',', '\n', "\"a,b\",c\n", "[a,b][c]/"},
	{"quotes hold ends of lines", ',', '\n', "\"a\nb\",c\nd,e\n", "[a\nb][c]/[d][e]/"},
	{"quotes hold CRLF", ',', '\n', "\"a\r\nb\",c\r\n", "[a\r\nb][c]/"},
	{"doubled quotes are one", ',', '\n', "\"a \"\"b\"\" c\",d\n", "[a \"b\" c][d]/"},
	{"only doubled quotes", ',', '\n', "\"\"\"\"\"\",d\n", "[\"\"][d]/"},
	{"two cells with doubled quotes", ',', '\n', "\"a\"\"\",\"\"\"b\"\n\"c\",d\n", "[a\"][\"b]/[c][d]/"},
	{"empty quotes are an empty cell", ',', '\n', "\"\",a\n", "[][a]/"},
	{"blanks may stand before a quote", ',', '\n', "a, \"b,c\",d\n", "[a][b,c][d]/"},
	{"blanks may stand behind a quote", ',', '\n', "\"a,b\" ,c\n", "[a,b][c]/"},
	{"what follows a closing quote belongs to the cell", ',', '\n', "\"a,b\"c,d\n", "[a,bc][d]/"},
	{"a quote inside a cell is a character", ',', '\n', "5\" pipe,a\"b\"\n", "[5\" pipe][a\"b\"]/"},
	{"a quote that nothing closes holds the rest", ',', '\n', "a,\"b\nc,d\n", "[a][b\nc,d]/"},
	{"a file may end in quotes", ',', '\n', "a,\"b\"", "[a][b]/"},
	{"a file may end with an opening quote", ',', '\n', "a,\"", "[a][]/"},
	{"a file may end with doubled quotes", ',', '\n', "a,\"b\"\"", "[a][b\"]/"},
	{"semicolons part cells", ';', '\n', "a;1,5\nb;2,5\n", "[a][1,5]/[b][2,5]/"},
	{"tabs part cells", '\t', '\n', "a\t\tb c\n\t\t\n", "[a][][b c]/[][][]/"},
	{"bars part cells", '|', '\n', "a|b,c\n", "[a][b,c]/"},
	{"records may have any number of cells", ',', '\n', "a\nb,c,d\ne,f\n", "[a]/[b][c][d]/[e][f]/"},
	{"cells may be longer than what is scanned at once", ',', '\n', LONG "," LONG LONG "\n" LONG "\n",
		"[" LONG "][" LONG LONG "]/[" LONG "]/"},
	{"quoted cells too", ',', '\n', "\"" LONG ",\"\"" LONG "\",x\n", "[" LONG ",\"" LONG "][x]/"},
};

static void a_record_without_an_end_is_refused(void **state)
{
	(void)state;
	static struct fault fault;
	const size_t size = (size_t)CSV_RECORD_MAX + 4096;
	char *text = malloc(size);
	assert_non_null(text);
	memset(text, 'x', size);
	memcpy(text, "a,b\n\"", 5);
	struct source *source = source_memory(text, size, size);
	struct csv *csv = csv_new(source);
	const struct csv_cell *cells;
	size_t count;
	assert_int_equal(csv_next(csv, &cells, &count, &fault), FAULT_NONE);
	assert_int_equal(count, 2);
	assert_int_equal(csv_next(csv, &cells, &count, &fault), FAULT_INVALID);
	assert_string_equal(fault.reason, "RECORD_TOO_LARGE");
	assert_string_equal(fault.message,
		"memory: record 2 is larger than 64 MiB; is there a quote that nothing closes?");
	csv_free(csv);
	source_free(source);
	free(text);
}

static void utf16_is_refused(void **state)
{
	(void)state;
	static struct fault fault;
	struct source *source = source_memory("\xff\xfe"
					      "a\0,\0",
		6, 6);
	struct csv *csv = csv_new(source);
	const struct csv_cell *cells;
	size_t count;
	assert_int_equal(csv_next(csv, &cells, &count, &fault), FAULT_INVALID);
	assert_string_equal(fault.reason, "NOT_UTF8");
	csv_free(csv);
	source_free(source);
}

static void many_cells_are_counted_and_those_that_fit_are_kept(void **state)
{
	(void)state;
	static struct fault fault;
	const size_t size = 300000;
	char *text = malloc(size);
	assert_non_null(text);
	memset(text, ',', size);
	text[size - 1] = '\n';
	struct source *source = source_memory(text, size, size);
	struct csv *csv = csv_new(source);
	const struct csv_cell *cells;
	size_t count;
	assert_int_equal(csv_next(csv, &cells, &count, &fault), FAULT_NONE);
	assert_int_equal(count, size);
	assert_int_equal(cells[CSV_COLUMNS_MAX].size, 0);
	assert_int_equal(csv_next(csv, &cells, &count, &fault), FAULT_NONE);
	assert_int_equal(count, 0);
	csv_free(csv);
	source_free(source);
	free(text);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + 3];
	size_t count = CASES_ADD(tests, 0, rows, check);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(a_record_without_an_end_is_refused);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(utf16_is_refused);
	tests[count++] =
		(struct CMUnitTest)cmocka_unit_test(many_cells_are_counted_and_those_that_fit_are_kept);
	return CASES_RUN_ALL(tests, count);
}
