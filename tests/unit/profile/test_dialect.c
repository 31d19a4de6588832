/* What is found out about a file from its first lines. */
#include "profile/dialect.h"

#include "cases.h"

#include <string.h>

struct row {
	const char *name;
	const char *text;
	char delimiter;
	char newline;
	int header, skipped;
	size_t columns;
};

static void check(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	struct dialect dialect = {.header = DIALECT_HEADER_INFER};
	dialect_find(arena, row->text, strlen(row->text), true, &dialect);
	assert_int_equal(dialect.delimiter, row->delimiter);
	assert_int_equal(dialect.newline, row->newline);
	assert_int_equal(dialect.header, row->header);
	assert_int_equal(dialect.skipped, row->skipped);
	assert_int_equal(dialect.columns, row->columns);
	arena_free(arena);
}

static const struct row rows[] = {
	{"names above numbers are a header", "a,b\n1,2\n3,4\n", ',', '\n', 1, 1, 2},
	{"numbers alone have none", "1,2\n3,4\n", ',', '\n', 0, 0, 2},
	{"a first record with a number in it is no header",
		"39, State-gov, 77516, Bachelors\n"
		"50, Self-emp, 83311, HS-grad\n38, Private, 215646, HS-grad\n",
		',', '\n', 0, 0, 4},
	{"counts above the names are skipped",
		"506,3,,\n\"CRIM\",\"ZN\",\"INDUS\",\"CHAS\"\n0.006,18,2.31,0\n"
		"0.027,0,7.07,0\n",
		',', '\n', 2, 2, 4},
	{"counts above numbers are skipped and no header",
		"150,4,setosa,versicolor,virginica\n"
		"5.1,3.5,1.4,0.2,0\n4.9,3.0,1.4,0.2,0\n",
		',', '\n', 0, 1, 5},
	{"a title above the names is skipped", "Sales of 2019\na,b,c\n1,2,3\n4,5,6\n", ',', '\n', 2, 2, 3},
	{"a title with empty cells is no header", "Sales of 2019,,,\na,b,c,d\n1,2,3,4\n4,5,6,7\n", ',', '\n',
		2, 2, 4},
	{"a title of which half is empty is no header", "Sales,\na,b\n1,x\n2,y\n", ',', '\n', 2, 2, 2},
	{"a header of which half is empty is one", ",b\nx,1\ny,2\n", ',', '\n', 1, 1, 2},
	{"a line that declares the delimiter is believed", "sep=:\na:b,c\nx:y\nx:z\nu:y\n", ':', '\n', 2, 2,
		2},
	{"and skipped where no header follows", "sep=;\r\n1;2\r\n3;4\r\n", ';', '\n', 0, 1, 2},
	{"a name that begins as such a line is a name", "sep=x\n1\n2\n", ',', '\n', 1, 1, 1},
	{"semicolons are found above decimal commas", "a;b;c\n1,5;2,5;3\n4,5;5,5;6\n", ';', '\n', 1, 1, 3},
	{"tabs are found", "a\tb\n1\t2,5\n3\t4\n", '\t', '\n', 1, 1, 2},
	{"bars are found", "a|b\n1|x, y\n3|z\n", '|', '\n', 1, 1, 2},
	{"commas in quotes part nothing", "a;b\n\"x,y,z\";1\n\"x,y,z\";2\n", ';', '\n', 1, 1, 2},
	{"a comma and a blank are a comma", "a, b\n1, 2\n3, 4\n", ',', '\n', 1, 1, 2},
	{"one column has a header too", "age\n3\n4\n", ',', '\n', 1, 1, 1},
	{"an empty name is a name", ",a,b\n0,1,2\n1,3,4\n", ',', '\n', 1, 1, 3},
	{"texts that come back are data", "p,x,s\ne,x,s\ne,b,s\np,x,w\n", ',', '\n', 0, 0, 3},
	{"texts that never come back are names", "class,shape,surface\np,x,s\ne,x,s\ne,b,s\n", ',', '\n', 1,
		1, 3},
	{"CR alone is found", "a,b\r1,2\r3,4\r", ',', '\r', 1, 1, 2},
	{"a header alone is one", "a,b,c\n", ',', '\n', 1, 1, 3},
	{"nothing is nothing", "", ',', '\n', 0, 0, 0},
	{"a ragged line changes nothing", "a,b\n1,2\n3\n4,5\n", ',', '\n', 1, 1, 2},
};

static void what_was_said_stays(void **state)
{
	(void)state;
	static const char text[] = "a,b;c\n1,2;3\n";
	struct arena *arena = arena_new();
	struct dialect dialect = {.delimiter = ';', .header = DIALECT_HEADER_NONE};
	dialect_find(arena, text, strlen(text), true, &dialect);
	assert_int_equal(dialect.delimiter, ';');
	assert_int_equal(dialect.header, DIALECT_HEADER_NONE);
	assert_int_equal(dialect.columns, 2);
	assert_int_equal(dialect.skipped, 0);
	arena_free(arena);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + 1];
	size_t count = CASES_ADD(tests, 0, rows, check);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(what_was_said_stays);
	return CASES_RUN_ALL(tests, count);
}
