/* Suites of Great Expectations: three spellings, what is a rule and what was only observed. */
#include "importing.h"

#include "cases.h"

struct row {
	const char *name;
	const char *text;
	const char *says;
	const char *path; /* NULL: suite.json */
};

static void check(void **state)
{
	const struct row *row = *state;
	importing_expect("great-expectations", row->path ? row->path : "suite.json", row->text, row->says);
}

static const struct row rows[] = {
	{"the oldest spelling is read",
		"{\"expectation_suite_name\": \"s\", \"expectations\": [{\"expectation_type\": \"expect_column_to_exist\", \"kwargs\": {\"column\": \"a\"}}]}",
		"training_data schema[column a].field_name = a @ expectations[0]\n"
		"data_pipeline test_cases[s].test_case_name = s @ expectation_suite_name\n",
		NULL},
	{"the spelling in between is read",
		"{\"name\": \"s\", \"expectations\": [{\"expectation_type\": \"expect_column_to_exist\", \"kwargs\": {\"column\": \"a\"}}]}",
		"training_data schema[column a].field_name = a @ expectations[0]\n"
		"data_pipeline test_cases[s].test_case_name = s @ name\n",
		NULL},
	{"the newest spelling is read",
		"{\"name\": \"s\", \"expectations\": [{\"type\": \"expect_column_to_exist\", \"kwargs\": {\"column\": \"a\"}}]}",
		"training_data schema[column a].field_name = a @ expectations[0]\n", NULL},
	{"bounds of values are the column's",
		"{\"name\": \"s\", \"expectations\": [{\"type\": \"expect_column_values_to_be_between\", \"kwargs\": {\"column\": \"a\", \"min_value\": 0, \"max_value\": 1.5}}]}",
		"training_data schema[column a].min_value = 0 @ expectations[0].kwargs.min_value\n"
		"training_data schema[column a].max_value = 1.5 @ expectations[0].kwargs.max_value\n"
		"training_data schema[column a].expected_values = 0 to 1.5 @ expectations[0].kwargs.min_value\n",
		NULL},
	{"a bound that is null is none",
		"{\"name\": \"s\", \"expectations\": [{\"type\": \"expect_column_values_to_be_between\", \"kwargs\": {\"column\": \"a\", \"min_value\": 0, \"max_value\": null}}]}",
		"training_data schema[column a].min_value = 0 @ expectations[0].kwargs.min_value\n"
		"!max_value\n",
		NULL},
	{"bounds that are both null say nothing",
		"{\"name\": \"s\", \"expectations\": [{\"type\": \"expect_column_values_to_be_between\", \"kwargs\": {\"column\": \"a\", \"min_value\": null, \"max_value\": null}}]}",
		"!min_value\n"
		"!max_value\n",
		NULL},
	{"what holds for most rows is no bound",
		"{\"name\": \"s\", \"expectations\": [{\"type\": \"expect_column_values_to_be_between\", \"kwargs\": {\"column\": \"a\", \"min_value\": 0, \"max_value\": 9, \"mostly\": 0.95}}]}",
		"training_data schema[column a].expected_values = 0 to 9 for at least 95 % of rows @ expectations[0]\n"
		"!min_value\n",
		NULL},
	{"both bounds of the minimum are what was observed",
		"{\"name\": \"s\", \"expectations\": [{\"type\": \"expect_column_min_to_be_between\", \"kwargs\": {\"column\": \"a\", \"min_value\": 1, \"max_value\": 1}}]}",
		"training_data statistics[column a Minimum].value = 1 @ expectations[0]\n"
		"!min_value\n",
		NULL},
	{"bounds of the mean are what was observed when they are one number",
		"{\"name\": \"s\", \"expectations\": [{\"type\": \"expect_column_mean_to_be_between\", \"kwargs\": {\"column\": \"a\", \"min_value\": 1.57, \"max_value\": 1.57}}]}",
		"training_data statistics[column a Mean].value = 1.57 @ expectations[0]\n"
		"training_data statistics[column a Mean].property = Mean @ expectations[0]\n",
		NULL},
	{"a range of the mean is no statistic",
		"{\"name\": \"s\", \"expectations\": [{\"type\": \"expect_column_mean_to_be_between\", \"kwargs\": {\"column\": \"a\", \"min_value\": 1, \"max_value\": 2}}]}",
		"1 to 2 @ expectations[0]\n"
		"!statistics\n",
		NULL},
	{"the least of the minimum bounds all values",
		"{\"name\": \"s\", \"expectations\": [{\"type\": \"expect_column_min_to_be_between\", \"kwargs\": {\"column\": \"a\", \"min_value\": 1, \"max_value\": 3}}]}",
		"training_data schema[column a].min_value = 1 @ expectations[0].kwargs.min_value\n"
		"!max_value\n",
		NULL},
	{"a set of values is the only ones",
		"{\"name\": \"s\", \"expectations\": [{\"type\": \"expect_column_values_to_be_in_set\", \"kwargs\": {\"column\": \"a\", \"value_set\": [1, \"x\"]}}]}",
		"training_data schema[column a].allowed_values = 1 @ expectations[0].kwargs.value_set[0]\n"
		"training_data schema[column a].allowed_values = x @ expectations[0].kwargs.value_set[1]\n",
		NULL},
	{"a set that is null is none",
		"{\"name\": \"s\", \"expectations\": [{\"type\": \"expect_column_values_to_be_in_set\", \"kwargs\": {\"column\": \"a\", \"value_set\": null}}]}",
		"!allowed_values\n", NULL},
	{"of many names of a type a known one is taken",
		"{\"name\": \"s\", \"expectations\": [{\"type\": \"expect_column_values_to_be_in_type_list\", \"kwargs\": {\"column\": \"a\", \"type_list\": [\"DoubleType\", \"FLOAT\"]}}]}",
		"training_data schema[column a].field_type = FLOAT @ expectations[0].kwargs.type_list\n",
		NULL},
	{"types of two kinds are told",
		"{\"name\": \"s\", \"expectations\": [{\"type\": \"expect_column_values_to_be_in_type_list\", \"kwargs\": {\"column\": \"a\", \"type_list\": [\"int\", \"string\"]}}]}",
		"left expectations[0].kwargs.type_list: the types differ in kind, so none is the column's\n"
		"!field_type\n",
		NULL},
	{"values that are there for most rows may be missing for the rest",
		"{\"name\": \"s\", \"expectations\": [{\"type\": \"expect_column_values_to_not_be_null\", \"kwargs\": {\"column\": \"a\", \"mostly\": 0.5}}]}",
		"training_data schema[column a].missing_values = at most 50 % of rows @ expectations[0]\n",
		NULL},
	{"values that must be there are never missing",
		"{\"name\": \"s\", \"expectations\": [{\"type\": \"expect_column_values_to_not_be_null\", \"kwargs\": {\"column\": \"a\"}}]}",
		"training_data schema[column a].missing_values = none @ expectations[0]\n", NULL},
	{"an exact number of rows is the data's",
		"{\"name\": \"s\", \"expectations\": [{\"type\": \"expect_table_row_count_to_be_between\", \"kwargs\": {\"min_value\": 10, \"max_value\": 10}}]}",
		"training_data number_of_instances = 10 @ expectations[0]\n", NULL},
	{"a range of rows is no number",
		"{\"name\": \"s\", \"expectations\": [{\"type\": \"expect_table_row_count_to_be_between\", \"kwargs\": {\"min_value\": 0, \"max_value\": 10}}]}",
		"!number_of_instances\n", NULL},
	{"a bound of a date is said in words",
		"{\"name\": \"s\", \"expectations\": [{\"type\": \"expect_column_values_to_be_between\", \"kwargs\": {\"column\": \"a\", \"min_value\": \"2019-01-01\", \"max_value\": \"2019-02-01\"}}]}",
		"training_data schema[column a].expected_values = 2019-01-01 to 2019-02-01 @ expectations[0]\n"
		"!min_value\n",
		NULL},
	{"what holds for some rows only is told",
		"{\"name\": \"s\", \"expectations\": [{\"type\": \"expect_column_values_to_be_between\", \"kwargs\": {\"column\": \"a\", \"min_value\": 0, \"row_condition\": \"b>1\"}}]}",
		"left expectations[0]: what holds for some rows only is not taken\n"
		"!min_value\n",
		NULL},
	{"an expectation that is not known is told",
		"{\"name\": \"s\", \"expectations\": [{\"type\": \"expect_column_to_be_nice\", \"kwargs\": {\"column\": \"a\"}}]}",
		"left expectations[0]: no descriptor has a place for expect_column_to_be_nice\n", NULL},
	{"an expectation without a column is told",
		"{\"name\": \"s\", \"expectations\": [{\"type\": \"expect_column_values_to_not_be_null\", \"kwargs\": {}}]}",
		"left expectations[0]: it names no column\n", NULL},
	{"a file without expectations is refused", "{}",
		"refused: suite.json: expectations: a suite of Great Expectations has a list of expectations here\n",
		NULL},
};

int main(void)
{
	return CASES_RUN(rows, check);
}
