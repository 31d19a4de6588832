/* Faults: filling, cutting, bounds. */
#include "base/fault.h"

#include "cases.h"

static void setting_overwrites_all(void **state)
{
	(void)state;
	struct fault fault;
	memset(&fault, 0xaa, sizeof(fault));
	assert_int_equal(fault_set(&fault, FAULT_CONFLICT, "LOST", "race %d", 3), FAULT_CONFLICT);
	assert_string_equal(fault.message, "race 3");
	assert_string_equal(fault.reason, "LOST");
	assert_int_equal(fault.violation_count, 0);
	assert_int_equal(fault.fact_count, 0);
}

static void text_is_cut_between_characters(void **state)
{
	(void)state;
	struct fault fault;
	char text[1000];
	for (size_t shift = 0; shift < 3; shift++) {
		memset(text, 'x', sizeof(text));
		for (size_t i = shift; i + 3 < sizeof(text); i += 3)
			memcpy(text + i, "\xe2\x82\xac", 3);
		text[sizeof(text) - 1] = '\0';
		fault_set(&fault, FAULT_INVALID, "LONG", "%s", text);
		size_t length = strlen(fault.message);
		assert_in_range(length, sizeof(fault.message) - 4, sizeof(fault.message) - 1);
		assert_int_equal((length - shift) % 3, 0);
	}
}

static void the_first_violation_is_the_message(void **state)
{
	(void)state;
	struct fault fault;
	assert_int_equal(fault_field(&fault, "BAD", "a.b", "must be %d", 1), FAULT_INVALID);
	fault_violate(&fault, "c", "must not be");
	assert_string_equal(fault.message, "a.b: must be 1");
	assert_int_equal(fault.violation_count, 2);
	assert_string_equal(fault.violations[1].field, "c");
}

static void more_than_fits_is_counted_or_dropped(void **state)
{
	(void)state;
	struct fault fault;
	fault_set(&fault, FAULT_INVALID, "MANY", "many");
	for (int i = 0; i < 100; i++) {
		fault_violate(&fault, "field", "%d", i);
		fault_add(&fault, "key", "%d", i);
	}
	assert_int_equal(fault.violation_count, 100);
	assert_int_equal(fault.fact_count, FAULT_FACTS_MAX);
	assert_string_equal(fault.violations[FAULT_VIOLATIONS_MAX - 1].description, "7");
}

static void every_code_has_a_name(void **state)
{
	(void)state;
	for (unsigned code = 0; code < FAULT_COUNT; code++)
		assert_non_null(fault_name((enum fault_code)code));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(setting_overwrites_all),
		cmocka_unit_test(text_is_cut_between_characters),
		cmocka_unit_test(the_first_violation_is_the_message),
		cmocka_unit_test(more_than_fits_is_counted_or_dropped),
		cmocka_unit_test(every_code_has_a_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
