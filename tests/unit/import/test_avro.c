/* Avro schemas: unions, logical types and types that are known by name. */
#include "importing.h"

#include "cases.h"

struct row {
	const char *name;
	const char *text;
	const char *says;
	const char *path; /* NULL: event.avsc */
};

static void check(void **state)
{
	const struct row *row = *state;
	importing_expect("avro", row->path ? row->path : "event.avsc", row->text, row->says);
}

static const struct row rows[] = {
	{"a type's name is the column's type",
		"{\"type\": \"record\", \"name\": \"t\", \"fields\": [{\"name\": \"a\", \"type\": \"long\"}]}",
		"raw_data/t schema[column a].field_type = long @ fields[0].type\n", NULL},
	{"null beside a type only says that it may be missing",
		"{\"type\": \"record\", \"name\": \"train_t\", \"fields\": [{\"name\": \"a\", \"type\": [\"null\", \"string\"]}]}",
		"training_data/train_t schema[column a].field_type = string @ fields[0].type\n"
		"!missing_values\n",
		NULL},
	{"a type without null is never missing",
		"{\"type\": \"record\", \"name\": \"train_t\", \"fields\": [{\"name\": \"a\", \"type\": \"string\"}]}",
		"training_data/train_t schema[column a].missing_values = none @ fields[0].type\n", NULL},
	{"several types are all said",
		"{\"type\": \"record\", \"name\": \"t\", \"fields\": [{\"name\": \"a\", \"type\": [\"boolean\", \"double\"]}]}",
		"raw_data/t schema[column a].field_type = boolean or double @ fields[0].type\n", NULL},
	{"a logical type says what a number means",
		"{\"type\": \"record\", \"name\": \"t\", \"fields\": [{\"name\": \"a\", \"type\": {\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}}]}",
		"raw_data/t schema[column a].field_type = timestamp @ fields[0].type\n", NULL},
	{"an enumeration has the only values",
		"{\"type\": \"record\", \"name\": \"t\", \"fields\": [{\"name\": \"a\", \"type\": [\"null\", {\"type\": \"enum\", \"name\": \"E\", \"symbols\": [\"A\", \"B\"]}]}]}",
		"raw_data/t schema[column a].field_type = string @ fields[0].type\n"
		"raw_data/t schema[column a].allowed_values = B @ fields[0].type.symbols[1]\n",
		NULL},
	{"an array is one of something",
		"{\"type\": \"record\", \"name\": \"t\", \"fields\": [{\"name\": \"a\", \"type\": {\"type\": \"array\", \"items\": \"double\"}}]}",
		"raw_data/t schema[column a].field_type = array(double) @ fields[0].type\n", NULL},
	{"a map is one of something",
		"{\"type\": \"record\", \"name\": \"t\", \"fields\": [{\"name\": \"a\", \"type\": {\"type\": \"map\", \"values\": \"int\"}}]}",
		"raw_data/t schema[column a].field_type = map(int) @ fields[0].type\n", NULL},
	{"a type that was named before is known",
		"{\"type\": \"record\", \"name\": \"t\", \"namespace\": \"n\", \"fields\": [{\"name\": \"x\", \"type\": {\"type\": \"enum\", \"name\": \"E\", \"namespace\": \"n\", \"symbols\": [\"A\"]}}, {\"name\": \"a\", \"type\": \"n.E\"}]}",
		"raw_data/t schema[column a].allowed_values = A @ fields[1].type.symbols[0]\n", NULL},
	{"a record that holds itself is read",
		"{\"type\": \"record\", \"name\": \"t\", \"fields\": [{\"name\": \"a\", \"type\": [\"null\", \"t\"]}]}",
		"raw_data/t schema[column a].field_type = record @ fields[0].type\n", NULL},
	{"a type that another file defines is told and is none",
		"{\"type\": \"record\", \"name\": \"t\", \"fields\": [{\"name\": \"a\", \"type\": [\"null\", \"shop.Money\"]}]}",
		"raw_data/t schema[column a].field_name = a @ fields[0]\n"
		"left fields[0].type: the type shop.Money is not defined in this file\n"
		"!field_type\n",
		NULL},
	{"a record in a list is told",
		"{\"type\": \"record\", \"name\": \"t\", \"fields\": [{\"name\": \"a\", \"type\": {\"type\": \"array\", \"items\": {\"type\": \"record\", \"name\": \"r\", \"fields\": []}}}]}",
		"left fields[0].type: the fields inside a field are not taken\n", NULL},
	{"a default is understood",
		"{\"type\": \"record\", \"name\": \"t\", \"fields\": [{\"name\": \"a\", \"type\": \"int\", \"default\": 3}]}",
		"3 @ fields[0].default\n", NULL},
	{"a record inside is told",
		"{\"type\": \"record\", \"name\": \"t\", \"fields\": [{\"name\": \"a\", \"type\": {\"type\": \"record\", \"name\": \"r\", \"fields\": []}}]}",
		"left fields[0].type: the fields inside a field are not taken\n", NULL},
	{"a field without a type is told",
		"{\"type\": \"record\", \"name\": \"t\", \"fields\": [{\"name\": \"a\"}]}",
		"left fields[0]: a field has a name and a type\n", NULL},
	{"events that are called requests are production data",
		"{\"type\": \"record\", \"name\": \"ScoringRequest\", \"fields\": [{\"name\": \"a\", \"type\": \"int\"}]}",
		"production_data/ScoringRequest schema[column a].field_type = int @ fields[0].type\n", NULL},
	{"several records in a list are data sets of their own",
		"[{\"type\": \"record\", \"name\": \"t\", \"fields\": [{\"name\": \"a\", \"type\": \"int\"}]},{\"type\": \"record\", \"name\": \"u\", \"fields\": [{\"name\": \"a\", \"type\": \"long\"}]}]",
		"raw_data/u schema[column a].field_type = long @ [1].fields[0].type\n", NULL},
	{"an enumeration alone is refused", "{\"type\": \"enum\", \"name\": \"E\", \"symbols\": []}",
		"refused: event.avsc: type: a record with its fields is expected; a schema of anything else describes no columns\n",
		NULL},
};

int main(void)
{
	return CASES_RUN(rows, check);
}
