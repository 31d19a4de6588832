/* Checks that several methods make, and names in requests. */
#include "service/check.h"

#include "base/arena.h"
#include "cases.h"
#include "model/kind.h"
#include "service/names.h"

static void assert_refused(const struct fault *fault, const char *reason, const char *field)
{
	assert_int_equal(fault->code, FAULT_INVALID);
	assert_string_equal(fault->reason, reason);
	assert_int_equal(fault->violation_count, 1);
	assert_string_equal(fault->violations[0].field, field);
	assert_true(fault->violations[0].description[0] != '\0');
}

/* ---- request ids ---- */

struct id_row {
	const char *name;
	const char *text;
	const char *id; /* NULL: refused */
};

static const struct id_row id_rows[] = {
	{"no request id is fine", "", ""},
	{"a UUID is fine", "6f1c2a34-0000-4000-8000-00000000abcd", "6f1c2a34-0000-4000-8000-00000000abcd"},
	{"a UUID is lower-cased", "6F1C2A34-0000-4000-8000-00000000ABCD",
		"6f1c2a34-0000-4000-8000-00000000abcd"},
	{"a UUID without hyphens is refused", "6f1c2a34000040008000000000000001", NULL},
	{"a UUID in braces is refused", "{6f1c2a34-0000-4000-8000-0000000001}", NULL},
	{"a UUID that is too short is refused", "6f1c2a34-0000-4000-8000-00000000000", NULL},
	{"a UUID that is too long is refused", "6f1c2a34-0000-4000-8000-0000000000012", NULL},
	{"a letter above f is refused", "6f1c2a34-0000-4000-8000-00000000000g", NULL},
	{"a hyphen in the wrong place is refused", "6f1c2a3-40000-4000-8000-000000000001", NULL},
	{"a word is refused", "again", NULL},
};

static void check_id(void **state)
{
	const struct id_row *row = *state;
	struct arena *arena = arena_new();
	struct fault fault = {0};
	char *id = arena_text(arena, row->text);
	bool good = check_request_id(&fault, id);
	assert_int_equal(good, row->id != NULL);
	if (row->id)
		assert_string_equal(id, row->id);
	else
		assert_refused(&fault, "REQUEST_ID_INVALID", "request_id");
	arena_free(arena);
}

/* ---- names ---- */

struct name_row {
	const char *name;
	enum model_name_form form;
	const char *text;
	const char *system; /* NULL: refused */
};

static const struct name_row name_rows[] = {
	{"a system's name is taken", NAME_SYSTEM, "systems/fraud", "fraud"},
	{"a descriptor's name is taken", NAME_DESCRIPTOR, "systems/fraud/rawData/default", "fraud"},
	{"a version's name is taken", NAME_VERSION, "systems/fraud/rawData/default/versions/3", "fraud"},
	{"a finding's name is taken", NAME_FINDING, "systems/fraud/findings/f0123", "fraud"},
	{"a missing name is refused", NAME_SYSTEM, "", NULL},
	{"an id alone is refused", NAME_SYSTEM, "fraud", NULL},
	{"capital letters are refused", NAME_SYSTEM, "systems/Fraud", NULL},
	{"an id that ends with a hyphen is refused", NAME_SYSTEM, "systems/fraud-", NULL},
	{"an id of 64 letters is refused", NAME_SYSTEM,
		"systems/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", NULL},
	{"a name that goes on is refused", NAME_SYSTEM, "systems/fraud/", NULL},
	{"a descriptor's name in place of a system's is refused", NAME_SYSTEM,
		"systems/fraud/rawData/default", NULL},
	{"a version's name in place of a descriptor's is refused", NAME_DESCRIPTOR,
		"systems/fraud/rawData/default/versions/3", NULL},
	{"a system's name in place of a descriptor's is refused", NAME_DESCRIPTOR, "systems/fraud", NULL},
	{"an unknown collection is refused", NAME_DESCRIPTOR, "systems/fraud/models/default", NULL},
	{"version 0 is refused", NAME_VERSION, "systems/fraud/rawData/default/versions/0", NULL},
};

static void check_name(void **state)
{
	const struct name_row *row = *state;
	struct fault fault = {0};
	struct model_name name;
	bool good = names_take(&fault, "some.field", row->text, row->form, &name);
	assert_int_equal(good, row->system != NULL);
	if (row->system) {
		assert_int_equal(fault.code, FAULT_NONE);
		assert_int_equal(name.form, row->form);
		assert_string_equal(name.system, row->system);
	} else {
		assert_refused(&fault, "NAME_INVALID", "some.field");
	}
}

/* ---- the rest ---- */

static void collects(void **state)
{
	(void)state;
	struct fault fault = {0};
	assert_false(check_refuse(&fault, "FIRST", "a", "is %d", 1));
	assert_false(check_refuse(&fault, "SECOND", "b", "is %d", 2));
	assert_string_equal(fault.reason, "FIRST");
	assert_string_equal(fault.message, "a: is 1");
	assert_int_equal(fault.violation_count, 2);
	assert_string_equal(fault.violations[1].field, "b");
	assert_string_equal(fault.violations[1].description, "is 2");
}

static void sizes(void **state)
{
	(void)state;
	struct fault fault = {0};
	assert_true(check_size(&fault, "note", "", 0));
	assert_true(check_size(&fault, "note", "abc", 3));
	assert_int_equal(fault.code, FAULT_NONE);
	assert_false(check_size(&fault, "note", "abcd", 3));
	assert_refused(&fault, "TEXT_TOO_LONG", "note");
}

static void revisions(void **state)
{
	(void)state;
	struct fault fault = {0};
	assert_true(check_revision(&fault, "min_revision", 0));
	assert_true(check_revision(&fault, "min_revision", INT64_MAX));
	assert_false(check_revision(&fault, "min_revision", -1));
	assert_refused(&fault, "REVISION_NEGATIVE", "min_revision");
}

static void kinds(void **state)
{
	(void)state;
	struct fault fault = {0};
	kind_set set = 0;
	assert_true(check_kinds(&fault, "kinds", NULL, 0, &set));
	assert_int_equal(set, KIND_EVERY);
	assert_true(check_kinds(
		&fault, "kinds", (const int[]){KIND_RAW_DATA, KIND_RAW_DATA, KIND_PRODUCTION_DATA}, 3, &set));
	assert_int_equal(set, KIND_BIT(KIND_RAW_DATA) | KIND_BIT(KIND_PRODUCTION_DATA));
	assert_false(check_kinds(&fault, "kinds", (const int[]){KIND_NONE}, 1, &set));
	assert_refused(&fault, "KIND_UNSPECIFIED", "kinds");
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(id_rows) + CASES_COUNT(name_rows) + 4];
	size_t count = CASES_ADD(tests, 0, id_rows, check_id);
	count = CASES_ADD(tests, count, name_rows, check_name);
	tests[count++] = (struct CMUnitTest){
		"all fields are named and the first gives the reason", collects, NULL, NULL, NULL};
	tests[count++] =
		(struct CMUnitTest){"text is as long as it may be and no longer", sizes, NULL, NULL, NULL};
	tests[count++] = (struct CMUnitTest){"a negative revision is refused", revisions, NULL, NULL, NULL};
	tests[count++] = (struct CMUnitTest){"kinds become a set", kinds, NULL, NULL, NULL};
	return CASES_RUN_ALL(tests, count);
}
