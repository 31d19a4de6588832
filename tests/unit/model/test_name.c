/* Resource names: what is one, what is not, and back. */
#include "model/name.h"

#include "cases.h"

struct row {
	const char *name;
	const char *text;
	bool valid;
	enum model_name_form form;
};

#define LONGEST "a23456789012345678901234567890123456789012345678901234567890123"

static const struct row rows[] = {
	{"a system is a name", "systems/fraud-scoring", true, NAME_SYSTEM},
	{"one letter is an id", "systems/a", true, NAME_SYSTEM},
	{"63 characters are an id", "systems/" LONGEST, true, NAME_SYSTEM},
	{"64 characters are not", "systems/" LONGEST "4", false, 0},
	{"an upper-case letter is not", "systems/Fraud", false, 0},
	{"a leading digit is not", "systems/1a", false, 0},
	{"a trailing hyphen is not", "systems/a-", false, 0},
	{"an underscore is not", "systems/a_b", false, 0},
	{"an empty id is not", "systems/", false, 0},
	{"nothing is not", "", false, 0},
	{"another collection is not", "system/a", false, 0},
	{"a trailing slash is not", "systems/a/", false, 0},
	{"a descriptor is a name", "systems/a/trainedModels/scorer", true, NAME_DESCRIPTOR},
	{"raw data is a name", "systems/a/rawData/default", true, NAME_DESCRIPTOR},
	{"a collection is not", "systems/a/trainedModels", false, 0},
	{"an unknown collection is not", "systems/a/models/scorer", false, 0},
	{"a version is a name", "systems/a/trainedModels/scorer/versions/12", true, NAME_VERSION},
	{"version 0 is not", "systems/a/trainedModels/scorer/versions/0", false, 0},
	{"a version with a leading zero is not", "systems/a/trainedModels/scorer/versions/01", false, 0},
	{"a negative version is not", "systems/a/trainedModels/scorer/versions/-1", false, 0},
	{"a version that is too large is not", "systems/a/trainedModels/scorer/versions/9999999999", false,
		0},
	{"versions alone are not", "systems/a/trainedModels/scorer/versions", false, 0},
	{"something behind a version is not", "systems/a/trainedModels/s/versions/1/x", false, 0},
	{"a finding is a name", "systems/a/findings/f0123456789abcdef0123456789abcde", true, NAME_FINDING},
	{"a finding has no versions", "systems/a/findings/f01/versions/1", false, 0},
};

static void check(void **state)
{
	const struct row *row = *state;
	struct model_name name;
	const char *why = NULL;
	assert_int_equal(model_name_parse(row->text, &name, &why), row->valid);
	if (!row->valid) {
		assert_non_null(why);
		return;
	}
	char text[MODEL_NAME_SIZE];
	assert_int_equal(name.form, row->form);
	assert_string_equal(model_name_print(&name, text), row->text);
}

/* Stored data depends on these. */
static void partitions_never_move(void **state)
{
	(void)state;
	assert_int_equal(model_partition("a", 64), 0xaf63dc4c8601ec8cU % 64);
	assert_int_equal(model_partition("foobar", 1000), 0x85944171f73967e8U % 1000);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + 1];
	size_t count = CASES_ADD(tests, 0, rows, check);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(partitions_never_move);
	return CASES_RUN_ALL(tests, count);
}
