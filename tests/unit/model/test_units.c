/* Units and operators as people write them. */
#include "model/operators.h"
#include "model/types.h"
#include "model/units.h"

#include "cases.h"

struct unit_row {
	const char *name;
	const char *a;
	const char *b;
	bool equal;
};

static const struct unit_row rows[] = {
	{"a symbol is its word", "m", "metres", true},
	{"words do not mind case", "Metres", "meter", true},
	{"metres are not feet", "m", "ft", false},
	{"symbols mind case", "mW", "MW", false},
	{"mb is not the symbol of megabytes", "MB", "mb", false},
	{"unknown units equal themselves", "parcels", " parcels ", true},
	{"unknown units differ from others", "parcels", "orders", false},
	{"a known unit is no unknown one", "km", "clicks", false},
	{"minutes are not metres", "min", "m", false},
	{"degrees Celsius have many spellings", "\u00b0C", "celsius", true},
};

static void check_unit(void **state)
{
	const struct unit_row *row = *state;
	assert_int_equal(model_units_equal(row->a, row->b), row->equal);
	assert_int_equal(model_units_equal(row->b, row->a), row->equal);
}

struct operator_row {
	const char *name;
	const char *text;
	bool below, at, above; /* does it hold for 1, 2 and 3 against 2? */
};

static const struct operator_row operators[] = {
	{"greater than", "Greater than ", false, false, true},
	{"greater or equal than", "greater or equal than", false, true, true},
	{"less than", "<", true, false, false},
	{"less or equal than", "less or equal than", true, true, false},
	{"equal to", "equal to", false, true, false},
	{"different than", "different than", true, false, true},
};

static void check_operator(void **state)
{
	const struct operator_row *row = *state;
	const enum model_operator operator= model_operator_of(row->text);
	assert_int_not_equal(operator, OPERATOR_NONE);
	assert_int_equal(model_operator_holds(operator, 1, 2), row->below);
	assert_int_equal(model_operator_holds(operator, 2, 2), row->at);
	assert_int_equal(model_operator_holds(operator, 3, 2), row->above);
	assert_true(model_operator_words(operator)[0] != '\0');
}

static void an_unknown_operator_is_none(void **state)
{
	(void)state;
	assert_int_equal(model_operator_of("about"), OPERATOR_NONE);
	assert_int_equal(model_operator_of(""), OPERATOR_NONE);
}

/* Each word that is offered is one that is known. */
static void the_words_that_are_told_are_known(void **state)
{
	(void)state;
	size_t spellings = 0;
	while (model_operator_spelling(spellings))
		assert_int_not_equal(model_operator_of(model_operator_spelling(spellings++)), OPERATOR_NONE);
	assert_true(spellings >= 6);
	size_t units = 0;
	double ms;
	while (model_time_unit(units))
		assert_true(model_time_ms(1, model_time_unit(units++), &ms));
	assert_true(units >= 4);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + CASES_COUNT(operators) + 2];
	size_t count = CASES_ADD(tests, 0, rows, check_unit);
	count = CASES_ADD(tests, count, operators, check_operator);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(an_unknown_operator_is_none);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(the_words_that_are_told_are_known);
	return CASES_RUN_ALL(tests, count);
}
