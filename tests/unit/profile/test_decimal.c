/* Numbers from text: their class, and that they are the double that strtod() gives. */
#include "profile/decimal.h"

#include "cases.h"

#include <math.h>
#include <string.h>

struct row {
	const char *name;
	const char *text;
	enum decimal_class class;
	double value;
};

static void check(void **state)
{
	const struct row *row = *state;
	double value = -12345;
	const enum decimal_class class = decimal_read(row->text, strlen(row->text), &value);
	assert_int_equal(class, row->class);
	if (class == DECIMAL_WHOLE || class == DECIMAL_FRACTION) {
		assert_true(value == row->value);
		assert_false(signbit(value) && value == 0);
	}
}

static const struct row rows[] = {
	{"digits are a whole number", "42", DECIMAL_WHOLE, 42},
	{"a minus counts", "-7", DECIMAL_WHOLE, -7},
	{"a plus is no text", "+7", DECIMAL_WHOLE, 7},
	{"leading zeros are digits", "007", DECIMAL_WHOLE, 7},
	{"minus nothing is nothing", "-0", DECIMAL_WHOLE, 0},
	{"minus nothing point nothing too", "-0.0", DECIMAL_FRACTION, 0},
	{"a long id is the nearest double", "17031839100", DECIMAL_WHOLE, 17031839100},
	{"beyond 2^53 it is rounded to even", "9007199254740993", DECIMAL_WHOLE, 9007199254740992},
	{"twenty digits and more are whole", "123456789012345678901234", DECIMAL_WHOLE,
		123456789012345678901234.0},
	{"a point makes a fraction", "1.0", DECIMAL_FRACTION, 1},
	{"a point may come first", ".5", DECIMAL_FRACTION, .5},
	{"a point may come last", "5.", DECIMAL_FRACTION, 5},
	{"an exponent makes a fraction", "1e3", DECIMAL_FRACTION, 1000},
	{"exponents have signs", "25E-1", DECIMAL_FRACTION, 2.5},
	{"a tenth is the nearest double", "0.1", DECIMAL_FRACTION, 0.1},
	{"a hard one is rounded right", "2.2250738585072011e-308", DECIMAL_FRACTION, 2.2250738585072011e-308},
	{"many digits are rounded right", "0.1000000000000000055511151231257827021181583404541015625000001",
		DECIMAL_FRACTION, 0.1},
	{"beyond the smallest is nothing", "1e-400", DECIMAL_FRACTION, 0},
	{"beyond the largest is not finite", "1e400", DECIMAL_NOT_FINITE, 0},
	{"an endless exponent is not finite", "1e99999999999999999999", DECIMAL_NOT_FINITE, 0},
	{"a word for infinity is not finite", "inf", DECIMAL_NOT_FINITE, 0},
	{"in any case and with a sign", "-Infinity", DECIMAL_NOT_FINITE, 0},
	{"NAN that is no missing token is not finite", "NAN", DECIMAL_NOT_FINITE, 0},
	{"nothing is text", "", DECIMAL_TEXT, 0},
	{"a sign alone is text", "-", DECIMAL_TEXT, 0},
	{"a point alone is text", ".", DECIMAL_TEXT, 0},
	{"an exponent without digits is text", "1e", DECIMAL_TEXT, 0},
	{"an exponent with only a sign is text", "1e+", DECIMAL_TEXT, 0},
	{"an exponent alone is text", "e5", DECIMAL_TEXT, 0},
	{"two points are text", "1.2.3", DECIMAL_TEXT, 0},
	{"a decimal comma is text", "1,5", DECIMAL_TEXT, 0},
	{"a date is text", "2019-01-15", DECIMAL_TEXT, 0},
	{"a unit makes text", "5kg", DECIMAL_TEXT, 0},
	{"hexadecimal is text", "0x10", DECIMAL_TEXT, 0},
	{"two signs are text", "--1", DECIMAL_TEXT, 0},
	{"a blank inside is text", "1 000", DECIMAL_TEXT, 0},
};

/* xorshift: the same numbers in every run. */
static uint64_t random_state = 88172645463325252u;

static uint64_t draw(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

static void random_numbers_are_those_of_strtod(void **state)
{
	(void)state;
	for (int i = 0; i < 200000; i++) {
		char text[64];
		double value = 0, scale = pow(10, (double)(draw() % 20));
		const int size = snprintf(text, sizeof(text), "%.*g", (int)(draw() % 19 + 1),
			((double)draw() - 9.2e18) / scale);
		assert_in_range(decimal_read(text, (size_t)size, &value), DECIMAL_WHOLE, DECIMAL_FRACTION);
		assert_true(value == strtod(text, NULL));
	}
}

static void it_reads_no_further_than_it_is_told(void **state)
{
	(void)state;
	double value;
	assert_int_equal(decimal_read("123456", 3, &value), DECIMAL_WHOLE);
	assert_true(value == 123);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + 2];
	size_t count = CASES_ADD(tests, 0, rows, check);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(random_numbers_are_those_of_strtod);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(it_reads_no_further_than_it_is_told);
	return CASES_RUN_ALL(tests, count);
}
