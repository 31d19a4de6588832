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
	{"a file may end in quotes", ',', '\n', "a,\"b\"", "[a][b]/"},
	{"a file may end with doubled quotes and one that closes", ',', '\n', "a,\"b\"\"\"", "[a][b\"]/"},
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
		"memory: the record that begins in line 2 is larger than 64 MiB; is there a quote that nothing closes?");
	csv_free(csv);
	source_free(source);
	free(text);
}

struct refusal {
	const char *name;
	char newline;
	const char *text;
	size_t size;
	const char *reason;
	const char *message; /* its beginning */
};

#define FILE_OF(text) text, sizeof(text) - 1

static const struct refusal refusals[] = {
	{"a quote that nothing closes is told with its line", '\n', FILE_OF("a,b\n1,\"x\n2,y\n3,z\n"),
		"QUOTE_OPEN", "memory: nothing closes the quote that opens in line 2"},
	{"a file may not end with an opening quote", '\n', FILE_OF("a,\""), "QUOTE_OPEN",
		"memory: nothing closes the quote that opens in line 1"},
	{"doubled quotes close nothing", '\n', FILE_OF("a,b\n\na,\"b\"\""), "QUOTE_OPEN",
		"memory: nothing closes the quote that opens in line 3"},
	{"lines in quotes count as lines", '\n', FILE_OF("a\n\"1\n2\r\n\"\n\n4,\"\n"), "QUOTE_OPEN",
		"memory: nothing closes the quote that opens in line 6"},
	{"lines that end with CR count too", '\r', FILE_OF("a\rb\r\"c\rd"), "QUOTE_OPEN",
		"memory: nothing closes the quote that opens in line 3"},
	{"a byte of 0 is no text", '\n', FILE_OF("a,b\n1,2\n3,\0\n"), "NOT_TEXT",
		"memory: line 3 has a byte of 0, so this is no text in UTF-8"},
	{"UTF-16 without its mark is no text", '\n', FILE_OF("a\0,\0b\0\n\0"), "NOT_TEXT",
		"memory: line 1 has"},
	{"UTF-16 is told", '\n',
		FILE_OF("\xff\xfe"
			"a\0,\0"),
		"NOT_CSV", "memory: this is UTF-16"},
	{"UTF-16 the other way round too", '\n', FILE_OF("\xfe\xff\0a\0,"), "NOT_CSV",
		"memory: this is UTF-16"},
	{"UTF-32 is told from UTF-16", '\n', FILE_OF("\xff\xfe\0\0a\0\0\0"), "NOT_CSV",
		"memory: this is UTF-32"},
	{"a workbook is told", '\n', FILE_OF("PK\3\4\x14\0"), "NOT_CSV",
		"memory: this is a zip archive or a workbook"},
	{"a Parquet file is told", '\n', FILE_OF("PAR1\x15\0"), "NOT_CSV", "memory: this is a Parquet file"},
	{"xz is told", '\n',
		FILE_OF("\xfd"
			"7zXZ\0"),
		"NOT_CSV", "memory: this is packed with xz"},
	{"bzip2 is told", '\n', FILE_OF("BZh91AY&SY"), "NOT_CSV", "memory: this is packed with bzip2"},
	{"lines of JSON are told", '\n', FILE_OF("{\"a\": 1, \"b\": 2}\n"), "NOT_CSV",
		"memory: this is JSON"},
};

static void check_refusal(void **state)
{
	static struct fault fault;
	const struct refusal *row = *state;
	for (size_t piece = 1; piece < 9; piece++) {
		struct source *source = source_memory(row->text, row->size, piece);
		struct csv *csv = csv_new(source);
		const struct csv_cell *cells;
		size_t count = 1;
		enum fault_code code = FAULT_NONE;
		csv_set(csv, ',', row->newline);
		while (code == FAULT_NONE && count > 0)
			code = csv_next(csv, &cells, &count, &fault);
		assert_int_equal(code, FAULT_INVALID);
		assert_string_equal(fault.reason, row->reason);
		assert_int_equal(strncmp(fault.message, row->message, strlen(row->message)), 0);
		csv_free(csv);
		source_free(source);
	}
}

/* What comes after the sample is looked at when it is read. */
static void a_late_byte_of_0_is_found_with_its_line(void **state)
{
	(void)state;
	static struct fault fault;
	const size_t lines = 100000, size = 4 * lines;
	char *text = malloc(size);
	assert_non_null(text);
	for (size_t i = 0; i < lines; i++)
		memcpy(text + 4 * i, "a,b\n", 4);
	text[size - 6] = '\0';
	struct source *source = source_memory(text, size, 100000);
	struct csv *csv = csv_new(source);
	struct csv_rows some = {.count = 1};
	enum fault_code code = FAULT_NONE;
	while (code == FAULT_NONE && some.count > 0)
		code = csv_next_rows(csv, 2, &some, &fault);
	assert_int_equal(code, FAULT_INVALID);
	assert_string_equal(fault.message, "memory: line 99999 has a byte of 0, so this is no text in UTF-8");
	csv_free(csv);
	source_free(source);
	free(text);
}

static void the_first_record_of_another_size_is_kept(void **state)
{
	(void)state;
	static struct fault fault;
	static const char text[] = "a,b\n\n\"c\nd\",e\nf\ng,h,i\nj,k\n";
	for (size_t piece = 1; piece < sizeof(text); piece++) {
		struct source *source = source_memory(text, sizeof(text) - 1, piece);
		struct csv *csv = csv_new(source);
		struct csv_rows some;
		size_t all = 0, ragged = 0;
		do {
			assert_int_equal(csv_next_rows(csv, 2, &some, &fault), FAULT_NONE);
			all += some.count;
			ragged += some.ragged;
		} while (some.count + some.ragged > 0);
		assert_int_equal(all, 3);
		assert_int_equal(ragged, 2);
		assert_int_equal(csv_ragged(csv)->count, 2);
		assert_int_equal(csv_ragged(csv)->line, 5);
		assert_int_equal(csv_ragged(csv)->cells, 1);
		csv_free(csv);
		source_free(source);
	}
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
	struct CMUnitTest tests[CASES_COUNT(rows) + CASES_COUNT(refusals) + 4];
	size_t count = CASES_ADD(tests, 0, rows, check);
	count = CASES_ADD(tests, count, refusals, check_refusal);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(a_record_without_an_end_is_refused);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(a_late_byte_of_0_is_found_with_its_line);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(the_first_record_of_another_size_is_kept);
	tests[count++] =
		(struct CMUnitTest)cmocka_unit_test(many_cells_are_counted_and_those_that_fit_are_kept);
	return CASES_RUN_ALL(tests, count);
}
