/* What policies, waivers and deployments are refused for. */
#include "service/specs.h"

#include <stdint.h>

#include "cases.h"
#include "model/descriptor.h"

#define NOW_US INT64_C(1000000000)

static char *text(const char *literal)
{
	return (char *)(uintptr_t)literal;
}

/* ---- waivers ---- */

#define FINDING "f0123456789abcdef0123456789abcde"

struct waiver_row {
	const char *name;
	const char *finding, *rule, *subject, *reason, *by;
	int64_t until_s;     /* 0: not given */
	const char *refused; /* the member and the fault's reason; NULL: is taken */
	const char *why;
};

static const struct waiver_row waiver_rows[] = {
	{"a waiver of a finding is taken", FINDING, "", "", "known", "ann", 2000, NULL, NULL},
	{"a waiver of a rule is taken", "", "api.output-type", "", "known", "ann", 2000, NULL, NULL},
	{"a waiver of a rule about a subject is taken", "", "api.output-type", "x", "known", "ann", 2000,
		NULL, NULL},
	{"a waiver of nothing is refused", "", "", "", "known", "ann", 2000, "finding", "FIELD_MISSING"},
	{"a waiver of both is refused", FINDING, "api.output-type", "", "known", "ann", 2000, "rule",
		"FIELD_REPEATED"},
	{"a subject needs a rule", FINDING, "", "x", "known", "ann", 2000, "rule", "FIELD_MISSING"},
	{"an id that is none is refused", "f01", "", "", "known", "ann", 2000, "finding", "NAME_INVALID"},
	{"an id with capitals is refused", "fABCDEF6789abcdef0123456789abcde", "", "", "known", "ann", 2000,
		"finding", "NAME_INVALID"},
	{"an unknown rule is refused", "", "api.output-typ", "", "known", "ann", 2000, "rule",
		"RULE_UNKNOWN"},
	{"a class is not waived", "", "api.*", "", "known", "ann", 2000, "rule", "RULE_UNKNOWN"},
	{"a reason is required", FINDING, "", "", " ", "ann", 2000, "reason", "FIELD_MISSING"},
	{"somebody must answer for it", FINDING, "", "", "known", "", 2000, "waived_by", "FIELD_MISSING"},
	{"an end is required", FINDING, "", "", "known", "ann", 0, "expire_time", "FIELD_MISSING"},
	{"an end that is now is refused", FINDING, "", "", "known", "ann", 1000, "expire_time",
		"TIME_PASSED"},
	{"an end before 1970 is refused", FINDING, "", "", "known", "ann", -5, "expire_time", "TIME_PASSED"},
	{"an end after the year 9999 is refused", FINDING, "", "", "known", "ann", INT64_MAX, "expire_time",
		"TIME_PASSED"},
};

static void assert_found(const struct fault *fault, bool good, const char *field, const char *reason)
{
	assert_int_equal(good, field == NULL);
	assert_int_equal(fault->violation_count, field ? 1 : 0);
	if (!field)
		return;
	assert_int_equal(fault->code, FAULT_INVALID);
	assert_string_equal(fault->reason, reason);
	assert_string_equal(fault->violations[0].field, field);
}

static void check_waiver(void **state)
{
	const struct waiver_row *row = *state;
	struct arena *arena = arena_new();
	Google__Protobuf__Timestamp until = GOOGLE__PROTOBUF__TIMESTAMP__INIT;
	until.seconds = row->until_s;
	Tally__V1__Waiver waiver = TALLY__V1__WAIVER__INIT;
	waiver.finding = text(row->finding);
	waiver.rule = text(row->rule);
	waiver.subject = text(row->subject);
	waiver.reason = text(row->reason);
	waiver.waived_by = text(row->by);
	waiver.expire_time = row->until_s ? &until : NULL;
	Tally__V1__Descriptor descriptor = TALLY__V1__DESCRIPTOR__INIT;
	descriptor.spec_case = TALLY__V1__DESCRIPTOR__SPEC_WAIVER;
	descriptor.waiver = &waiver;
	struct fault fault = {0};
	bool good = specs_check(arena, "descriptors[3]", &descriptor, "w", NOW_US, &fault);
	const char *field =
		row->refused ? arena_print(arena, "descriptors[3].waiver.%s", row->refused) : NULL;
	assert_found(&fault, good, field, row->why);
	arena_free(arena);
}

/* ---- policies ---- */

struct policy_row {
	const char *name;
	const char *policy; /* name of the descriptor */
	const char *rules[2];
	const char *severity;
	const char *fields[2];
	const char *rule_off;
	double ks;  /* of the first field */
	double psi; /* of all */
	int64_t grace_s;
	const char *refused;
	const char *why;
	const char *says;
};

#define RULES                                                                                                \
	{                                                                                                    \
		"api.output-type", "data.*"                                                                  \
	}
#define FIELDS                                                                                               \
	{                                                                                                    \
		"age", "sex"                                                                                 \
	}

static const struct policy_row policy_rows[] = {
	{"a policy is taken", "default", RULES, "error", FIELDS, "data.field-type", 1, 12, 86400, NULL, NULL,
		NULL},
	{"a severity may be left out", "default", RULES, "", FIELDS, "data.field-type", 0, 0, 0, NULL, NULL,
		NULL},
	{"another name is refused", "strict", RULES, "", FIELDS, "data.field-type", 0, 0, 0, "name",
		"NAME_INVALID", "named default"},
	{"an unknown rule is refused", "default", {"api.output-tipe", "data.*"}, "", FIELDS,
		"data.field-type", 0, 0, 0, "policy.rules[0].rule", "RULE_UNKNOWN",
		"did you mean \"api.output-type\"?"},
	{"an unknown class is refused", "default", {"apy.*", "data.*"}, "", FIELDS, "data.field-type", 0, 0,
		0, "policy.rules[0].rule", "RULE_UNKNOWN", "did you mean \"api.*\"?"},
	{"a rule twice is refused", "default", {"data.*", "data.*"}, "", FIELDS, "data.field-type", 0, 0, 0,
		"policy.rules[1].rule", "FIELD_REPEATED", "twice"},
	{"an unknown severity is refused", "default", RULES, "errror", FIELDS, "data.field-type", 0, 0, 0,
		"policy.rules[0].severity", "SEVERITY_UNKNOWN", "did you mean \"error\"?"},
	{"a column without a name is refused", "default", RULES, "", {"age", " "}, "data.field-type", 0, 0, 0,
		"policy.fields[1].field", "FIELD_MISSING", "column"},
	{"a column twice is refused", "default", RULES, "", {"age", "age"}, "data.field-type", 0, 0, 0,
		"policy.fields[1].field", "FIELD_REPEATED", "age"},
	{"a class is not off for a column", "default", RULES, "", FIELDS, "data.*", 0, 0, 0,
		"policy.fields[0].rules_off[0]", "RULE_UNKNOWN", "no rule"},
	{"a distance above 1 is refused", "default", RULES, "", FIELDS, "data.field-type", 1.5, 0, 0,
		"policy.fields[0].data.ks", "THRESHOLD_OUT_OF_RANGE", "0 to 1"},
	{"a negative threshold is refused", "default", RULES, "", FIELDS, "data.field-type", 0, -0.1, 0,
		"policy.data.psi", "THRESHOLD_OUT_OF_RANGE", "0 or more"},
	{"a negative grace is refused", "default", RULES, "", FIELDS, "data.field-type", 0, 0, -1,
		"policy.new_rule_grace", "THRESHOLD_OUT_OF_RANGE", "days"},
};

static void check_policy(void **state)
{
	const struct policy_row *row = *state;
	struct arena *arena = arena_new();
	Tally__V1__RulePolicy rules[2] = {TALLY__V1__RULE_POLICY__INIT, TALLY__V1__RULE_POLICY__INIT};
	Tally__V1__FieldPolicy fields[2] = {TALLY__V1__FIELD_POLICY__INIT, TALLY__V1__FIELD_POLICY__INIT};
	Tally__V1__RulePolicy *rule_list[] = {&rules[0], &rules[1]};
	Tally__V1__FieldPolicy *field_list[] = {&fields[0], &fields[1]};
	for (size_t i = 0; i < 2; i++) {
		rules[i].rule = text(row->rules[i]);
		fields[i].field = text(row->fields[i]);
	}
	rules[0].severity = text(row->severity);
	char *off[] = {text(row->rule_off)};
	fields[0].rules_off = off;
	fields[0].n_rules_off = 1;
	Tally__V1__DataThresholds own = TALLY__V1__DATA_THRESHOLDS__INIT;
	own._ks_case = TALLY__V1__DATA_THRESHOLDS___KS_KS;
	own.ks = row->ks;
	fields[0].data = &own;
	Tally__V1__DataThresholds all = TALLY__V1__DATA_THRESHOLDS__INIT;
	all._psi_case = TALLY__V1__DATA_THRESHOLDS___PSI_PSI;
	all.psi = row->psi;
	Google__Protobuf__Duration grace = GOOGLE__PROTOBUF__DURATION__INIT;
	grace.seconds = row->grace_s;
	Tally__V1__Policy policy = TALLY__V1__POLICY__INIT;
	policy.rules = rule_list;
	policy.fields = field_list;
	policy.n_rules = policy.n_fields = 2;
	policy.data = &all;
	policy.new_rule_grace = &grace;
	Tally__V1__Descriptor descriptor = TALLY__V1__DESCRIPTOR__INIT;
	descriptor.spec_case = TALLY__V1__DESCRIPTOR__SPEC_POLICY;
	descriptor.policy = &policy;
	struct fault fault = {0};
	bool good = specs_check(arena, "d", &descriptor, row->policy, NOW_US, &fault);
	assert_found(&fault, good, row->refused ? arena_print(arena, "d.%s", row->refused) : NULL, row->why);
	if (row->says)
		assert_non_null(strstr(fault.violations[0].description, row->says));
	arena_free(arena);
}

/* ---- deployments, clocks ---- */

struct deployment_row {
	const char *name;
	const char *descriptors[2];
	int32_t version;
	const char *refused;
	const char *why;
};

static const struct deployment_row deployment_rows[] = {
	{"a deployment is taken", {"trainedModels/default", "dataPipelines/a"}, 3, NULL, NULL},
	{"a version is required", {"trainedModels/default", "dataPipelines/a"}, 0, "versions[0].version",
		"FIELD_MISSING"},
	{"a descriptor is named by its collection", {"trained_model/default", "dataPipelines/a"}, 3,
		"versions[0].descriptor", "NAME_INVALID"},
	{"a descriptor is named whole", {"trainedModels", "dataPipelines/a"}, 3, "versions[0].descriptor",
		"NAME_INVALID"},
	{"a waiver is not deployed", {"waivers/w", "dataPipelines/a"}, 3, "versions[0].descriptor",
		"NAME_INVALID"},
	{"a descriptor runs in one version", {"trainedModels/a", "trainedModels/a"}, 3,
		"versions[1].descriptor", "FIELD_REPEATED"},
};

static void check_deployment(void **state)
{
	const struct deployment_row *row = *state;
	struct arena *arena = arena_new();
	Tally__V1__DeployedVersion versions[2] = {
		TALLY__V1__DEPLOYED_VERSION__INIT, TALLY__V1__DEPLOYED_VERSION__INIT};
	Tally__V1__DeployedVersion *list[] = {&versions[0], &versions[1]};
	versions[0].descriptor = text(row->descriptors[0]);
	versions[1].descriptor = text(row->descriptors[1]);
	versions[0].version = row->version;
	versions[1].version = 1;
	Tally__V1__Deployment deployment = TALLY__V1__DEPLOYMENT__INIT;
	deployment.versions = list;
	deployment.n_versions = 2;
	Tally__V1__Descriptor descriptor = TALLY__V1__DESCRIPTOR__INIT;
	descriptor.spec_case = TALLY__V1__DESCRIPTOR__SPEC_DEPLOYMENT;
	descriptor.deployment = &deployment;
	struct fault fault = {0};
	bool good = specs_check(arena, "d", &descriptor, "eu", NOW_US, &fault);
	assert_found(&fault, good, row->refused ? arena_print(arena, "d.deployment.%s", row->refused) : NULL,
		row->why);
	arena_free(arena);
}

static void nobody_pushes_a_clock(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	Tally__V1__Clock clock = TALLY__V1__CLOCK__INIT;
	Tally__V1__Descriptor descriptor = TALLY__V1__DESCRIPTOR__INIT;
	descriptor.spec_case = TALLY__V1__DESCRIPTOR__SPEC_CLOCK;
	descriptor.clock = &clock;
	struct fault fault = {0};
	assert_found(&fault, specs_check(arena, "d", &descriptor, "default", NOW_US, &fault), "d.clock",
		"CLOCK_NOT_TAKEN");
	arena_free(arena);
}

static const struct CMUnitTest single[] = {
	{"nobody pushes a clock", nobody_pushes_a_clock, NULL, NULL, NULL},
};

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(waiver_rows) + CASES_COUNT(policy_rows) +
				CASES_COUNT(deployment_rows) + CASES_COUNT(single)];
	size_t count = CASES_ADD(tests, 0, waiver_rows, check_waiver);
	count = CASES_ADD(tests, count, policy_rows, check_policy);
	count = CASES_ADD(tests, count, deployment_rows, check_deployment);
	for (size_t i = 0; i < CASES_COUNT(single); i++)
		tests[count++] = single[i];
	return CASES_RUN_ALL(tests, count);
}
