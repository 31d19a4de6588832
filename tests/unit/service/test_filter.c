/* Which findings pass which conditions, with the real rules. */
#include "service/filter.h"

#include "cases.h"
#include "rules/rules.h"

static char *texts(const char *text)
{
	return (char *)(uintptr_t)text;
}

/* A finding of the first rule of a class. */
static struct model_finding finding_of(enum model_class class, enum model_severity severity)
{
	struct model_finding finding = {
		.rule = "",
		.class = class,
		.severity = severity,
		.teams = TEAM_BIT(TEAM_OPERATIONS),
		.kinds = KIND_BIT(KIND_TRAINED_MODEL) | KIND_BIT(KIND_PRODUCTION_ENVIRONMENT),
	};
	for (size_t i = 0; i < rules_count() && !finding.rule[0]; i++)
		if (rules_at(i)->class == class)
			finding.rule = rules_at(i)->id;
	assert_true(finding.rule[0] != '\0');
	return finding;
}

struct row {
	const char *name;
	Tally__V1__Kind kind;
	const char *class;
	const char *rule; /* "same": the finding's */
	Tally__V1__Severity min_severity;
	const char *team;
	bool passes;
	const char *reason; /* NULL: the conditions are fine */
	const char *field;
};

static const struct row rows[] = {
	{"no condition lets all pass", 0, NULL, NULL, 0, NULL, true, NULL, NULL},
	{"a kind that is involved passes", TALLY__V1__KIND__KIND_TRAINED_MODEL, NULL, NULL, 0, NULL, true,
		NULL, NULL},
	{"a kind that is not involved stops", TALLY__V1__KIND__KIND_RAW_DATA, NULL, NULL, 0, NULL, false,
		NULL, NULL},
	{"the class passes", 0, "resources", NULL, 0, NULL, true, NULL, NULL},
	{"another class stops", 0, "api", NULL, 0, NULL, false, NULL, NULL},
	{"the rule passes", 0, NULL, "same", 0, NULL, true, NULL, NULL},
	{"another rule stops", 0, NULL, "api.output-type", 0, NULL, false, NULL, NULL},
	{"the severity passes", 0, NULL, NULL, TALLY__V1__SEVERITY__SEVERITY_WARNING, NULL, true, NULL, NULL},
	{"a graver severity stops", 0, NULL, NULL, TALLY__V1__SEVERITY__SEVERITY_ERROR, NULL, false, NULL,
		NULL},
	{"the team passes", 0, NULL, NULL, 0, "operations", true, NULL, NULL},
	{"another team stops", 0, NULL, NULL, 0, "data-owners", false, NULL, NULL},
	{"all conditions must pass", 0, "resources", NULL, 0, "data-owners", false, NULL, NULL},
	{"an unknown class is refused", 0, "resource", NULL, 0, NULL, false, "RULE_CLASS_UNKNOWN",
		"rule_classes[0]"},
	{"an unknown rule is refused", 0, NULL, "api.output-typ", 0, NULL, false, "RULE_UNKNOWN", "rules[0]"},
	{"an unknown team is refused", 0, NULL, NULL, 0, "operation", false, "TEAM_UNKNOWN", "teams[0]"},
};

static void check(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	struct model_finding finding = finding_of(CLASS_RESOURCES, SEVERITY_WARNING);
	Tally__V1__ListFindingsRequest request = TALLY__V1__LIST_FINDINGS_REQUEST__INIT;
	Tally__V1__Kind kinds[] = {row->kind};
	char *classes[] = {texts(row->class)};
	char *rules[] = {texts(row->rule && strcmp(row->rule, "same") == 0 ? finding.rule : row->rule)};
	char *teams[] = {texts(row->team)};
	request.kinds = kinds;
	request.n_kinds = row->kind != 0;
	request.rule_classes = classes;
	request.n_rule_classes = row->class != NULL;
	request.rules = rules;
	request.n_rules = row->rule != NULL;
	request.min_severity = row->min_severity;
	request.teams = teams;
	request.n_teams = row->team != NULL;
	struct fault fault = {0};
	struct filter filter;
	bool good = filter_read(arena, &request, &filter, &fault);
	assert_int_equal(good, row->reason == NULL);
	if (good) {
		assert_int_equal(filter_passes(&filter, &finding), row->passes);
	} else {
		assert_string_equal(fault.reason, row->reason);
		assert_string_equal(fault.violations[0].field, row->field);
		assert_non_null(strstr(fault.message, "did you mean"));
	}
	arena_free(arena);
}

int main(void)
{
	return CASES_RUN(rows, check);
}
