/* Frictionless data packages. */
#include "importing.h"

#include "cases.h"

struct row {
	const char *name;
	const char *text;
	const char *says;
	const char *path; /* NULL: datapackage.json */
};

static void check(void **state)
{
	const struct row *row = *state;
	importing_expect("frictionless", row->path ? row->path : "datapackage.json", row->text, row->says);
}

static const struct row rows[] = {
	{"a field's name and type are the column's",
		"{\"name\": \"p\", \"resources\": [{\"name\": \"t\", \"schema\": {\"fields\": [{\"name\": \"a\", \"type\": \"number\"}]}}]}",
		"raw_data schema[column a].field_type = number @ resources[0].schema.fields[0].type\n", NULL},
	{"bounds that are texts are numbers",
		"{\"name\": \"p\", \"resources\": [{\"name\": \"t\", \"schema\": {\"fields\": [{\"name\": \"a\", \"constraints\": {\"minimum\": \"-99.99\", \"maximum\": \"1000\"}}]}}]}",
		"raw_data schema[column a].min_value = -99.99 @ resources[0].schema.fields[0].constraints.minimum\n"
		"raw_data schema[column a].max_value = 1000 @ resources[0].schema.fields[0].constraints.maximum\n"
		"raw_data schema[column a].expected_values = -99.99 to 1000 @ resources[0].schema.fields[0].constraints.minimum\n",
		NULL},
	{"a bound of a date is told",
		"{\"name\": \"p\", \"resources\": [{\"name\": \"t\", \"schema\": {\"fields\": [{\"name\": \"a\", \"constraints\": {\"minimum\": \"2020-01-01\"}}]}}]}",
		"left resources[0].schema.fields[0].constraints.minimum: only a bound that is a number is taken\n"
		"!min_value\n",
		NULL},
	{"an enumeration is the only values",
		"{\"name\": \"p\", \"resources\": [{\"name\": \"t\", \"schema\": {\"fields\": [{\"name\": \"a\", \"constraints\": {\"enum\": [\"x\", \"y\"]}}]}}]}",
		"raw_data schema[column a].allowed_values = y @ resources[0].schema.fields[0].constraints.enum[1]\n",
		NULL},
	{"a year is a whole number",
		"{\"name\": \"p\", \"resources\": [{\"name\": \"t\", \"schema\": {\"fields\": [{\"name\": \"a\", \"type\": \"year\"}]}}]}",
		"raw_data schema[column a].field_type = integer @ resources[0].schema.fields[0].type\n",
		NULL},
	{"any type is none",
		"{\"name\": \"p\", \"resources\": [{\"name\": \"t\", \"schema\": {\"fields\": [{\"name\": \"a\", \"type\": \"any\"}]}}]}",
		"!field_type\n", NULL},
	{"a title in a language is the description",
		"{\"name\": \"p\", \"resources\": [{\"name\": \"t\", \"schema\": {\"fields\": [{\"name\": \"a\", \"title@de\": \"Jahr\"}]}}]}",
		"raw_data schema[column a].field_description = Jahr @ resources[0].schema.fields[0].title\n",
		NULL},
	{"texts for missing values are told",
		"{\"name\": \"p\", \"resources\": [{\"name\": \"t\", \"schema\": {\"fields\": [{\"name\": \"a\"}], \"missingValues\": [\"\", \"-\"]}}]}",
		"raw_data schema[column a].interpret_missing = missing where it says \"-\" @ resources[0].schema.fields[0]\n",
		NULL},
	{"a schema in a file that is not there is told",
		"{\"resources\": [{\"name\": \"t\", \"schema\": \"other.json\"}]}",
		"left resources[0].schema: the schema is in a file that is not beside this one\n", NULL},
	{"a resource's digest is the version, and MD5 unless it says so",
		"{\"version\": \"2\", \"resources\": [{\"name\": \"t\", \"hash\": \"abc\"}]}",
		"raw_data dataset_version = md5:abc @ resources[0].hash\n"
		"!= 2\n",
		NULL},
	{"a digest that says what it is stays",
		"{\"resources\": [{\"name\": \"t\", \"hash\": \"sha256:abc\"}]}",
		"raw_data dataset_version = sha256:abc @ resources[0].hash\n", NULL},
	{"a licence of the package is that of its resources",
		"{\"licenses\": [{\"name\": \"mit\"}], \"resources\": [{\"name\": \"t\"}]}",
		"raw_data data_rights = mit @ licenses\n", NULL},
	{"a licence of a resource is its own",
		"{\"licenses\": [{\"name\": \"mit\"}], \"resources\": [{\"name\": \"t\", \"licenses\": [{\"name\": \"cc0\"}]}]}",
		"raw_data data_rights = cc0 @ resources[0].licenses\n"
		"!= mit\n",
		NULL},
	{"several resources are data sets of their own",
		"{\"resources\": [{\"name\": \"t\"}, {\"name\": \"u\"}]}",
		"raw_data/t dataset_name = t @ resources[0].name\n"
		"raw_data/u dataset_name = u @ resources[1].name\n",
		NULL},
	{"a resource that is called train is training data",
		"{\"resources\": [{\"name\": \"train\", \"schema\": {\"fields\": [{\"name\": \"a\"}]}}]}",
		"training_data schema[column a].field_name = a @ resources[0].schema.fields[0]\n", NULL},
	{"a key in a language is known", "{\"title@de\": \"x\", \"resources\": [{\"name\": \"t\"}]}",
		"!left\n", NULL},
	{"an unknown key is told", "{\"wow\": \"x\", \"resources\": [{\"name\": \"t\"}]}",
		"left wow: this is not known of data packages\n", NULL},
	{"a package without resources is refused", "{}",
		"refused: datapackage.json: resources: a data package has a list of at least one resource here\n",
		NULL},
	{"one text for missing values is told too",
		"{\"resources\": [{\"name\": \"t\", \"schema\": {\"fields\": [{\"name\": \"a\"}], \"missingValues\": [\"NA\"]}}]}",
		"raw_data schema[column a].interpret_missing = missing where it says \"NA\" @ resources[0].schema.fields[0]\n",
		NULL},
	{"that blank is missing goes without saying",
		"{\"resources\": [{\"name\": \"t\", \"schema\": {\"fields\": [{\"name\": \"a\"}], \"missingValues\": [\"\"]}}]}",
		"!interpret_missing\n", NULL},
	{"a second field of a name is told",
		"{\"resources\": [{\"name\": \"t\", \"schema\": {\"fields\": [{\"name\": \"a\", \"type\": \"integer\"}, {\"name\": \"a\", \"type\": \"string\"}]}}]}",
		"raw_data schema[column a].field_type = integer @ resources[0].schema.fields[0].type\n"
		"left resources[0].schema.fields[1]: there is a field of this name already\n"
		"!= string\n",
		NULL},
	{"keys are understood",
		"{\"resources\": [{\"name\": \"t\", \"schema\": {\"fields\": [{\"name\": \"a\"}], \"primaryKey\": \"a\"}}]}",
		"a @ resources[0].schema.primaryKey\n", NULL},
	{"an unknown key of a field is told",
		"{\"resources\": [{\"name\": \"t\", \"schema\": {\"fields\": [{\"name\": \"a\", \"wow\": 1}]}}]}",
		"left resources[0].schema.fields[0].wow: this is not known of fields\n", NULL},
	{"an unknown key of a resource is told", "{\"resources\": [{\"name\": \"t\", \"wow\": 1}]}",
		"left resources[0].wow: this is not known of resources\n", NULL},
	{"counted rows are the data's", "{\"resources\": [{\"name\": \"t\", \"stats\": {\"rows\": 12}}]}",
		"raw_data number_of_instances = 12 @ resources[0].rows\n", NULL},
};

int main(void)
{
	return CASES_RUN(rows, check);
}
