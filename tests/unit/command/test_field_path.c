/* Paths of fields: what is read, and what is suggested instead. */
#include "command/field_path.h"

#include "cases.h"

static const struct row {
	const char *name;
	enum model_kind kind;
	const char *path;
	const char *read;    /* NULL: refused */
	const char *message; /* then */
} rows[] = {
	{"a field is read", KIND_TRAINED_MODEL, "artifact", "artifact", NULL},
	{"nothing is the whole", KIND_TRAINED_MODEL, "", "", NULL},
	{"a list that is gone into gets its brackets", KIND_TRAINED_MODEL, "output_spec.item_type",
		"output_spec[].item_type", NULL},
	{"an index is left out", KIND_TRAINED_MODEL, "output_spec[12].item_type", "output_spec[].item_type",
		NULL},
	{"empty brackets stay", KIND_DEVELOPMENT_ENVIRONMENT, "upstream_components[].output_spec[].unit",
		"upstream_components[].output_spec[].unit", NULL},
	{"a list itself has none", KIND_TRAINED_MODEL, "output_spec[0]", "output_spec", NULL},
	{"a slip names the field", KIND_TRAINED_MODEL, "output_spec.item_typ", NULL,
		"trained_model has no field output_spec[].item_typ; did you mean output_spec[].item_type?"},
	{"a field further in is found", KIND_DATA_PIPELINE, "test_case_name", NULL,
		"data_pipeline has no field test_case_name; did you mean test_cases[].test_case_name?"},
	{"a text has no fields", KIND_TRAINED_MODEL, "artifact.digest", NULL,
		"trained_model has no field artifact.digest"},
	{"an index that is not closed is no field's", KIND_TRAINED_MODEL, "output_spec[0.item_type", NULL,
		"trained_model has no field output_spec[0; did you mean output_spec?"},
	{"what follows brackets without a dot is no field's", KIND_TRAINED_MODEL, "output_spec[]unit", NULL,
		"trained_model has no field output_spec[]unit; did you mean output_spec?"},
	{"a dot at the end asks for a field", KIND_TRAINED_MODEL, "output_spec.", NULL,
		"trained_model has no field output_spec[]."},
};

static void check(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	struct fault fault;
	const char *read = field_path_read(arena, row->kind, row->path, &fault);
	if (row->read)
		assert_string_equal(read, row->read);
	else
		assert_null(read);
	if (row->message)
		assert_string_equal(fault.message, row->message);
	arena_free(arena);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows)];
	size_t count = CASES_ADD(tests, 0, rows, check);
	return CASES_RUN_ALL(tests, count);
}
