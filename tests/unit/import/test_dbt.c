/* Properties of dbt's models. */
#include "importing.h"

#include "cases.h"

struct row {
	const char *name;
	const char *text;
	const char *says;
	const char *path; /* NULL: schema.yml */
};

static void check(void **state)
{
	const struct row *row = *state;
	importing_expect("dbt", row->path ? row->path : "schema.yml", row->text, row->says);
}

static const struct row rows[] = {
	{"each table is a data set of its own",
		"version: 2\n"
		"models: [{name: t, description: d}, {name: u, description: e}]\n",
		"raw_data/t dataset_description = d @ models[0].description\n"
		"raw_data/u dataset_description = e @ models[1].description\n",
		NULL},
	{"accepted values are the only ones",
		"version: 2\n"
		"models:\n"
		"- name: t\n"
		"  columns:\n"
		"  - {name: a, tests: [{accepted_values: {values: [x, 2]}}]}\n",
		"raw_data/t schema[column a].allowed_values = x @ models[0].columns[0].tests[0].accepted_values.values[0]\n"
		"raw_data/t schema[column a].allowed_values = 2 @ models[0].columns[0].tests[0].accepted_values.values[1]\n",
		NULL},
	{"tests have a new name",
		"version: 2\n"
		"models:\n"
		"- name: t\n"
		"  columns:\n"
		"  - {name: a, data_tests: [{accepted_values: {arguments: {values: [x]}}}]}\n",
		"raw_data/t schema[column a].allowed_values = x @ models[0].columns[0].data_tests[0].accepted_values.values[0]\n",
		NULL},
	{"a range of a package of tests is the column's",
		"version: 2\n"
		"models:\n"
		"- name: t\n"
		"  columns:\n"
		"  - {name: a, tests: [{dbt_utils.accepted_range: {min_value: 0, max_value: 9}}]}\n",
		"raw_data/t schema[column a].min_value = 0 @ models[0].columns[0].tests[0].dbt_utils.accepted_range.min_value\n"
		"raw_data/t schema[column a].max_value = 9 @ models[0].columns[0].tests[0].dbt_utils.accepted_range.max_value\n",
		NULL},
	{"what is not null is never missing in training data",
		"version: 2\n"
		"seeds: [{name: train_set, columns: [{name: a, tests: [not_null]}]}]\n",
		"training_data/train_set schema[column a].missing_values = none @ seeds[0].columns[0].tests[0]\n",
		NULL},
	{"a description that is Jinja is told",
		"version: 2\n"
		"models:\n"
		"- name: t\n"
		"  columns:\n"
		"  - {name: a, description: '{{ doc(\"x\") }}'}\n",
		"left models[0].columns[0].description: this refers to a text elsewhere, which is not read\n"
		"!field_description\n",
		NULL},
	{"a type is taken where one is given",
		"version: 2\n"
		"models:\n"
		"- name: t\n"
		"  columns:\n"
		"  - {name: a, data_type: 'numeric(10, 2)'}\n",
		"raw_data/t schema[column a].field_type = numeric(10, 2) @ models[0].columns[0].data_type\n",
		NULL},
	{"tables of sources are read",
		"version: 2\n"
		"sources: [{name: s, tables: [{name: t, columns: [{name: a}]}]}]\n",
		"raw_data/t schema[column a].field_name = a @ sources[0].tables[0].columns[0]\n", NULL},
	{"a test that is not known is told",
		"version: 2\n"
		"models:\n"
		"- name: t\n"
		"  columns:\n"
		"  - {name: a, tests: [is_nice]}\n",
		"left models[0].columns[0].tests[0]: no descriptor has a place for the test is_nice\n", NULL},
	{"a unique column is understood",
		"version: 2\n"
		"models:\n"
		"- name: t\n"
		"  columns:\n"
		"  - {name: a, tests: [unique]}\n",
		"unique @ models[0].columns[0].tests[0]\n"
		"!left\n",
		NULL},
	{"a description of a table that is Jinja is told",
		"version: 2\n"
		"models: [{name: t, description: '{{ doc(\"x\") }}', columns: [{name: a}]}]\n",
		"left models[0].description: this refers to a text elsewhere, which is not read\n", NULL},
	{"a test of a whole table is told",
		"version: 2\n"
		"models: [{name: t, columns: [{name: a}], tests: [{dbt_utils.unique_combination_of_columns: {}}]}]\n",
		"left models[0].tests[0]: no descriptor has a place for the test dbt_utils.unique_combination_of_columns of a whole table\n",
		NULL},
	{"a constraint is the column's",
		"version: 2\n"
		"models: [{name: train_t, columns: [{name: a, constraints: [{type: not_null}, {type: unique}]}]}]\n",
		"training_data/train_t schema[column a].missing_values = none @ models[0].columns[0].constraints[0]\n"
		"{\"type\":\"unique\"} @ models[0].columns[0].constraints[1]\n",
		NULL},
	{"what is no table is told",
		"version: 2\n"
		"models: [{name: t}]\n"
		"exposures: [{name: e}]\n",
		"left exposures: this is not taken from dbt's properties\n", NULL},
	{"an unknown key of a column is told",
		"version: 2\n"
		"models: [{name: t, columns: [{name: a, wow: 1}]}]\n",
		"left models[0].columns[0].wow: this is not taken from dbt's columns\n", NULL},
	{"a table of which nothing is said is none",
		"version: 2\n"
		"models: [{name: t}]\n",
		"!raw_data\n", NULL},
	{"a project's settings are refused",
		"name: p\n"
		"models: {p: {materialized: table}}\n",
		"refused: schema.yml:1:1: models: properties of dbt have lists of models, seeds, snapshots or sources here\n",
		NULL},
};

int main(void)
{
	return CASES_RUN(rows, check);
}
