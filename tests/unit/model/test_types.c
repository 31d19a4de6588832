/* Blanks, types and units as people write them. */
#include "model/types.h"

#include "cases.h"

struct blank_row {
	const char *name;
	const char *text;
	bool blank;
};

static const struct blank_row blanks[] = {
	{"no text is blank", NULL, true},
	{"empty text is blank", "", true},
	{"spaces, tabs and line ends are blank", " \t\r\n\v\f", true},
	{"a letter between spaces is not blank", " x ", false},
	{"a zero is not blank", "0", false},
};

static void check_blank(void **state)
{
	const struct blank_row *row = *state;
	assert_int_equal(model_blank(row->text), row->blank);
}

struct text_row {
	const char *name;
	const char *a;
	const char *b;
	bool equal;
};

static const struct text_row texts[] = {
	{"white space at the ends does not count", " Python\n", "Python", true},
	{"white space inside counts", "a b", "a  b", false},
	{"case counts", "python", "Python", false},
	{"no text equals blank text", NULL, "  ", true},
	{"a beginning is not the whole", "Py", "Python", false},
	{"text beyond ASCII is compared byte by byte", "größe", "größe ", true},
};

static void check_text(void **state)
{
	const struct text_row *row = *state;
	assert_int_equal(model_text_equal(row->a, row->b), row->equal);
	assert_int_equal(model_text_equal(row->b, row->a), row->equal);
}

struct type_row {
	const char *name;
	const char *text;
	enum model_type type;
};

static const struct type_row types[] = {
	{"Integer is an integer", "Integer", TYPE_INTEGER},
	{"int64 is an integer", "int64", TYPE_INTEGER},
	{"long is an integer", "long", TYPE_INTEGER},
	{"Triton's TYPE_INT32 is an integer", "TYPE_INT32", TYPE_INTEGER},
	{"sc:Integer is an integer", "sc:Integer", TYPE_INTEGER},
	{"np.uint8 is an integer", " np.uint8 ", TYPE_INTEGER},
	{"Float is a float", "Float", TYPE_FLOAT},
	{"double is a float", "double", TYPE_FLOAT},
	{"FP16 is a float", "FP16", TYPE_FLOAT},
	{"number is a float", "number", TYPE_FLOAT},
	{"Fractional is a float", "Fractional", TYPE_FLOAT},
	{"decimal(10, 2) is a float", "decimal(10, 2)", TYPE_FLOAT},
	{"String is a string", "String", TYPE_STRING},
	{"sc:Text is a string", "sc:Text", TYPE_STRING},
	{"BYTES is a string", "BYTES", TYPE_STRING},
	{"VARCHAR (20) is a string", "VARCHAR (20)", TYPE_STRING},
	{"a data frame's object is a string", "object", TYPE_STRING},
	{"bool is a boolean", "bool", TYPE_BOOLEAN},
	{"timestamp is a date and time", "timestamp", TYPE_DATETIME},
	{"datetime64[ns] is a date and time", "datetime64[ns]", TYPE_DATETIME},
	{"Image is an image", "Image", TYPE_IMAGE},
	{"Other is no type we know", "Other", TYPE_UNKNOWN},
	{"a tensor is not its element", "tensor(float)", TYPE_UNKNOWN},
	{"an array of integers is no integer", "array(int)", TYPE_UNKNOWN},
	{"blank is no type", "  ", TYPE_UNKNOWN},
	{"no text is no type", NULL, TYPE_UNKNOWN},
	{"a prefix alone is no type", "sc:", TYPE_UNKNOWN},
	{"a parenthesis alone is no type", "()", TYPE_UNKNOWN},
};

static void check_type(void **state)
{
	const struct type_row *row = *state;
	assert_int_equal(model_type_of(row->text), row->type);
}

static const struct text_row same_types[] = {
	{"spellings of one type are the same type", "int64", "Integer", true},
	{"an integer is not a float", "Integer", "Float", false},
	{"a string is not an image", "String", "Image", false},
	{"unknown types are the same when their text is", " geo point", "Geo Point", true},
	{"unknown types differ when their text does", "point", "polygon", false},
	{"unknown types keep their parameters", "tensor(float)", "tensor(int64)", false},
	{"an unknown type is not a known one", "Other", "String", false},
};

static void check_same_type(void **state)
{
	const struct text_row *row = *state;
	assert_int_equal(model_types_equal(row->a, row->b), row->equal);
	assert_int_equal(model_types_equal(row->b, row->a), row->equal);
}

static const struct text_row json_numbers[] = {
	{"JSON Schema's number may be an integer", "number", "int64", true},
	{"JSON Schema's number may be a float", "number", "Float", true},
	{"JSON Schema's number is no text", "number", "String", false},
	{"JSON Schema's integer widens to a float", "integer", "double", true},
	{"JSON Schema's integer is no text", "integer", "String", false},
	{"Integer is not JSON Schema's word", "Integer", "Float", false},
	{"a float is not JSON Schema's word", "float", "Integer", false},
	{"nothing is no number", NULL, "Float", false},
};

static void check_json_number(void **state)
{
	const struct text_row *row = *state;
	assert_int_equal(model_json_number_fits(row->a, row->b), row->equal);
}

struct time_row {
	const char *name;
	double time;
	const char *unit;
	bool known;
	double ms;
};

static const struct time_row times[] = {
	{"milliseconds stay as they are", 20, "Milliseconds", true, 20},
	{"a second is a thousand milliseconds", 1, "Seconds", true, 1000},
	{"a minute is sixty seconds", 2, "Minutes", true, 120000},
	{"an hour is sixty minutes", 0.5, "Hours", true, 1800000},
	{"short forms are known", 3, "ms", true, 3},
	{"s is a second", 0.25, "s", true, 250},
	{"case and white space do not matter", 1, " SEC ", true, 1000},
	{"nothing is nothing in every unit", 0, "Hours", true, 0},
	{"no unit is no time", 1, "", false, 0},
	{"an absent unit is no time", 1, NULL, false, 0},
	{"an unknown unit is no time", 1, "fortnights", false, 0},
};

static void check_time(void **state)
{
	const struct time_row *row = *state;
	double ms = -1.0;
	assert_int_equal(model_time_ms(row->time, row->unit, &ms), row->known);
	assert_true(ms == (row->known ? row->ms : -1.0));
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(blanks) + CASES_COUNT(texts) + CASES_COUNT(types) +
				CASES_COUNT(same_types) + CASES_COUNT(json_numbers) + CASES_COUNT(times)];
	size_t count = CASES_ADD(tests, 0, blanks, check_blank);
	count = CASES_ADD(tests, count, texts, check_text);
	count = CASES_ADD(tests, count, types, check_type);
	count = CASES_ADD(tests, count, same_types, check_same_type);
	count = CASES_ADD(tests, count, json_numbers, check_json_number);
	count = CASES_ADD(tests, count, times, check_time);
	return CASES_RUN_ALL(tests, count);
}
