/* Thresholds of a policy: the defaults, and which one holds for a column. */
#include "rules/policy.h"

#include "load.h"
#include "rules/rule.h"

#include "cases.h"

struct row {
	const char *name;
	const char *policy; /* NULL: the system has none */
	const char *field;
	const char *mapped;
	enum policy_threshold threshold;
	double value;
};

#define FIELDS                                                                                               \
	"{'data': {'ks': 0.2, 'min_present': 7}, 'fields': ["                                                \
	"{'field': 'distance', 'data': {'ks': 0.3, 'psi': 0.5}}, {'field': 'km', 'data': {'ks': 0.4, "       \
	"'linf': 0}}, {'field': 'off', 'rules_off': ['data.missing-rate']}]}"

static const struct row rows[] = {
	{"without a policy the default holds", NULL, "distance", "", POLICY_KS, 0.1},
	{"an empty policy changes nothing", "{}", "distance", "", POLICY_LABEL_SHARE, 5},
	{"what is for all columns holds for each", FIELDS, "other", "another", POLICY_KS, 0.2},
	{"a whole number is a threshold too", FIELDS, "other", NULL, POLICY_MIN_PRESENT, 7},
	{"what a column has of its own holds", FIELDS, "distance", NULL, POLICY_KS, 0.3},
	{"what a column leaves out is that for all columns", FIELDS, "distance", "", POLICY_MIN_PRESENT, 7},
	{"what neither gives is the default", FIELDS, "distance", "", POLICY_KS_P, 0.001},
	{"the name in the production data finds a column", FIELDS, "other", "km", POLICY_KS, 0.4},
	{"a threshold of 0 is one", FIELDS, "other", "km", POLICY_LINF, 0},
	{"the name in the training data is asked first", FIELDS, "distance", "km", POLICY_KS, 0.3},
	{"and the other name gives what it leaves out", FIELDS, "distance", "km", POLICY_LINF, 0},
	{"a column without thresholds of its own has those of all", FIELDS, "off", "", POLICY_KS, 0.2},
	{"a column without any name has those of all", FIELDS, "", NULL, POLICY_KS, 0.2},
};

static void check(void **state)
{
	const struct row *row = *state;
	struct loaded loaded = {0};
	if (row->policy)
		load_text(&loaded, KIND_POLICY, "default", row->policy);
	struct rule_run run;
	rule_run_init(&run, &loaded.system, rule_at(0), KIND_NONE);
	const struct policy *policy = policy_of(&run);
	const struct policy_column column = policy_column(policy, row->field, row->mapped);
	assert_true(column.values[row->threshold] == row->value);
	rule_run_done(&run);
	load_done(&loaded);
}

static void a_measure_without_a_column_has_the_threshold_for_all(void **state)
{
	(void)state;
	struct loaded loaded = {0};
	load_text(&loaded, KIND_POLICY, "default", FIELDS);
	struct rule_run run;
	rule_run_init(&run, &loaded.system, rule_at(0), KIND_NONE);
	assert_true(policy_threshold(policy_of(&run), POLICY_KS) == 0.2);
	assert_true(policy_threshold(policy_of(&run), POLICY_OVERLAP) == 0.01);
	rule_run_done(&run);
	load_done(&loaded);
}

static void the_table_is_that_of_the_message(void **state)
{
	(void)state;
	const ProtobufCMessageDescriptor *type = &tally__v1__data_thresholds__descriptor;
	assert_int_equal(type->n_fields, POLICY_THRESHOLDS);
	for (unsigned i = 0; i < POLICY_THRESHOLDS; i++) {
		const struct policy_range *range = policy_range((enum policy_threshold)i);
		assert_string_equal(range->id, type->fields[i].name);
		assert_int_equal(type->fields[i].id, i + 1);
		assert_true(range->least <= range->standard && range->standard <= range->most);
	}
}

static const struct CMUnitTest single[] = {
	{"a measure without a column has the threshold for all",
		a_measure_without_a_column_has_the_threshold_for_all, NULL, NULL, NULL},
	{"the table of thresholds is that of the message", the_table_is_that_of_the_message, NULL, NULL,
		NULL},
};

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + CASES_COUNT(single)];
	size_t count = CASES_ADD(tests, 0, rows, check);
	for (size_t i = 0; i < CASES_COUNT(single); i++)
		tests[count++] = single[i];
	return CASES_RUN_ALL(tests, count);
}
