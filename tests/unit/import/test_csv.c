/* Tables of data: what the file's name makes of them. */
#include "importing.h"

#include "cases.h"

struct row {
	const char *name;
	const char *path;
	const char *text;
	const char *expected; /* must be among the lines */
};

static void check(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	const char *lines = importing_lines(arena, "csv", row->path, row->text, strlen(row->text));
	if (!strstr(lines, row->expected))
		assert_string_equal(lines, row->expected);
	arena_free(arena);
}

#define TABLE "a,b\n1,x\n2,y\n3,x\n"

static const struct row rows[] = {
	{"a training table gives the types of its columns", "data/train.csv", TABLE,
		"training_data/data schema[column a].field_type = Integer @ column a\n"},
	{"a column's profile is put in whole", "train.csv", TABLE,
		"training_data schema[column a].profile = ("},
	{"a serving table is production data", "serving.csv", TABLE,
		"production_data schema[column b].field_name = b @ column b\n"},
	{"a test table is the model's test set", "data/test.csv", TABLE,
		"trained_model test_dataset.file = data/test.csv @ the file\n"},
	{"a name that tells nothing is told", "data.csv", TABLE,
		"warned the file: the name does not tell what data this is; taken as training data (tally profile "
		"--kind says it)\n"},
	{"rows that do not fit are told", "train.csv", TABLE "1\n",
		"warned the file: 1 rows have more or fewer cells than the header and are not counted\n"},
	{"an empty file is refused", "train.csv", "", "refused: train.csv: there is no record in it\n"},
};

int main(void)
{
	return CASES_RUN(rows, check);
}
