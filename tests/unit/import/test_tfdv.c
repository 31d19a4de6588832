/* Schemas and statistics of TensorFlow Data Validation. The statistics were written field by field. */
#include "cases.h"
#include "lines_cases.h"

#include <string.h>

#include "importing.h"

#define BYTES(text)  text, sizeof(text) - 1
#define TD           "training_data schema[column "
#define SCHEMA(text) "tfdv-schema", "schema.pbtxt", text, 0

/* 100 rows: fares from 0 to 19.8 in ten buckets, and a payment, 60 times cash and 40 times card. */
#define STATISTICS                                                                                           \
	"\012\240\003\020\144\032\334\002\012\004\146\141\162\145\020\001\032\321\002\012\004\010\144\040\001\021\315\314\314\314\314\314\043\100\031\226\065\317\151\305\027\027\100\051\000\000\000\000\000\000\000\000\071\315\314\314\314\314\314\063\100\102\244\002\032\033\011\000\000\000\000\000\000\000\000\021\000\000\000\000\000\000\000\100\041\000\000\000\000\000\000\044\100\032\033\011\000\000\000\000\000\000\000\100\021\000\000\000\000\000\000\020\100\041\000\000\000\000\000\000\044\100\032\033\011\000\000\000\000\000\000\020\100\021\000\000\000\000\000\000\030\100\041\000\000\000\000\000\000\044\100\032\033\011\000\000\000\000\000\000\030\100\021\000\000\000\000\000\000\040\100\041\000\000\000\000\000\000\044\100\032\033\011\000\000\000\000\000\000\040\100\021\000\000\000\000\000\000\044\100\041\000\000\000\000\000\000\044\100\032\033\011\000\000\000\000\000\000\044\100\021\232\231\231\231\231\231\047\100\041\000\000\000\000\000\000\044\100\032\033\011\232\231\231\231\231\231\047\100\021\232\231\231\231\231\231\053\100\041\000\000\000\000\000\000\044\100\032\033\011\232\231\231\231\231\231\053\100\021\232\231\231\231\231\231\057\100\041\000\000\000\000\000\000\044\100\032\033\011\232\231\231\231\231\231\057\100\021\315\314\314\314\314\314\061\100\041\000\000\000\000\000\000\044\100\032\033\011\315\314\314\314\314\314\061\100\021\315\314\314\314\314\314\063\100\041\000\000\000\000\000\000\044\100\040\001\032\075\012\003\160\141\171\020\002\042\064\012\004\010\144\040\001\020\002\052\052\012\023\010\000\020\000\042\004\143\141\163\150\051\000\000\000\000\000\000\116\100\012\023\010\001\020\001\042\004\143\141\162\144\051\000\000\000\000\000\000\104\100"

static const struct lines_case rows[] = {
	{"a feature has a type, and a range that counts",
		SCHEMA("feature { name: \"a\" type: INT int_domain { min: 0 max: 9 } }"),
		{TD "a].field_type = INT @ feature[0]", TD "a].min_value = 0 @ feature[0]",
			TD "a].max_value = 9 @ feature[0]"},
		{"missing_values"}},
	{"a domain that is named has the values",
		SCHEMA("feature { name: \"b\" type: BYTES domain: \"d\" } string_domain { name: \"d\" value: \"x\" value: \"y\" }"),
		{TD "b].allowed_values = x @ feature[0]", TD "b].allowed_values = y @ feature[0]"}, {0}},
	{"a domain that values may leave allows all",
		SCHEMA("feature { name: \"b\" domain: \"d\" distribution_constraints { min_domain_mass: 0.9 } } string_domain { "
		       "name: \"d\" value: \"x\" }"),
		{TD "b].expected_values = x @ feature[0]"}, {"allowed_values"}},
	{"presence says how much may be missing",
		SCHEMA("feature { name: \"a\" presence { min_fraction: 1.0 } } feature { name: \"b\" presence { min_fraction: 0.9 } "
		       "} feature { name: \"c\" presence { min_count: 1 } }"),
		{TD "a].missing_values = none @ feature[0]",
			TD "b].missing_values = at most 10 % of rows @ feature[1]"},
		{"column c].missing_values"}},
	{"several values in a row are a list",
		SCHEMA("feature { name: \"a\" type: FLOAT value_count { min: 1 max: 3 } }"),
		{TD "a].field_type = list of FLOAT @ feature[0]"}, {0}},
	{"a feature that is not used any more is no column",
		SCHEMA("feature { name: \"a\" lifecycle_stage: DEPRECATED } feature { name: \"b\" type: INT }"),
		{TD "b].field_type = INT @ feature[1]"}, {"column a"}},
	{"a schema without features is refused", SCHEMA("string_domain { name: \"d\" }"),
		{"refused: schema.pbtxt: a schema has features: feature { name: \"…\" type: … }"}, {0}},
	{"statistics of serving are production data", "tfdv-statistics", "serving_stats.pb",
		BYTES(STATISTICS), {"production_data schema[column pay].field_type = String @ column pay"},
		{"training_data"}},
	{"only the folder may tell what they are of", "tfdv-statistics", "Split-train/FeatureStats.pb",
		BYTES(STATISTICS), {"training_data/Split-train number_of_instances = 100 @ the file"},
		{"warned"}},
	{"of a test set the rows count", "tfdv-statistics", "eval_stats.pb", BYTES(STATISTICS),
		{"trained_model test_dataset.name = eval_stats.pb @ the file"}, {"schema["}},
	{"statistics that were cut short are refused", "tfdv-statistics", "train_stats.pb", STATISTICS,
		sizeof(STATISTICS) - 4,
		{"refused: train_stats.pb: these are no statistics of TensorFlow Data Validation (FeatureStats.pb), or they were "
		 "cut short"},
		{0}},
};

struct row {
	const char *name;
	const char *expected; /* stands in the document */
};

/* The importing helper takes text; these bytes hold NULs, so the record is given by its length. */
static void check_profile(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	const char *documents =
		importing_documents_of(arena, "tfdv-statistics", "train_stats.pb", BYTES(STATISTICS));
	if (!strstr(documents, row->expected))
		fail_msg("\"%s\" does not stand in:\n%s", row->expected, documents);
	arena_free(arena);
}

static const struct row profiles[] = {
	{"each bucket becomes points up to its upper edge, the first one with its lower edge",
		"\"quantiles\":{\"values\":[0.0,0.2,0.4,0.6,0.8,1.2,1.4,1.6,1.8,2.0,2.2,"},
	{"a rank is as wrong as a bucket is large", "\"rank_error\":0.1"},
	{"texts are counted, the most frequent first",
		"\"categories\":[{\"value\":\"cash\",\"count\":60},{\"value\":\"card\",\"count\":40}]"},
	{"all rows were read",
		"\"profile\":{\"count\":100,\"inferred_type\":\"float\",\"min\":0.0,\"max\":19.8"},
};

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + CASES_COUNT(profiles)];
	size_t at = CASES_ADD(tests, 0, rows, lines_case_check);
	at = CASES_ADD(tests, at, profiles, check_profile);
	return CASES_RUN_ALL(tests, at);
}
