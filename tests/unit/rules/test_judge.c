/* Verdicts of hand-made findings. */
#include <stdbool.h>

#include "load.h"
#include "rules/rules.h"

#include "cases.h"

#define E         SEVERITY_ERROR
#define W         SEVERITY_WARNING
#define N         SEVERITY_NOTE
#define BUT(kind) (KIND_BIT(KIND_END) - 2 - KIND_BIT(kind))
#define EVERY     (KIND_BIT(KIND_END) - 2)

enum {
	FINDINGS_MAX = 3
};

/* A finding about a model and, when it is not NULL, a production environment. */
struct about {
	enum model_severity severity;
	const char *environment;
};

struct row {
	const char *name;
	kind_set there; /* each with a descriptor called "default" */
	const char *environment;
	struct about findings[FINDINGS_MAX];
	enum model_decision decision;
	int32_t errors;
	int32_t warnings;
	int32_t notes;
};

static const struct row rows[] = {
	{"a system without findings is allowed", EVERY, NULL, {{0}}, DECISION_ALLOWED, 0, 0, 0},
	{"warnings and notes do not block", EVERY, NULL, {{W, NULL}, {N, NULL}, {W, "default"}},
		DECISION_ALLOWED, 0, 2, 1},
	{"an error blocks", EVERY, NULL, {{E, NULL}, {N, NULL}}, DECISION_BLOCKED, 1, 0, 1},
	{"an empty system is unknown", 0, NULL, {{W, NULL}}, DECISION_UNKNOWN, 0, 1, 0},
	{"an error blocks although a kind is missing", BUT(KIND_PRODUCTION_DATA), NULL, {{E, NULL}},
		DECISION_BLOCKED, 1, 0, 0},
	{"no error rule needs the raw data", BUT(KIND_RAW_DATA), NULL, {{W, NULL}}, DECISION_ALLOWED, 0, 1,
		0},
	{"without a system context it is unknown", BUT(KIND_SYSTEM_CONTEXT), NULL, {{0}}, DECISION_UNKNOWN, 0,
		0, 0},
	{"without a pipeline it is unknown", BUT(KIND_DATA_PIPELINE), NULL, {{0}}, DECISION_UNKNOWN, 0, 0, 0},
	{"without training data it is unknown", BUT(KIND_TRAINING_DATA), NULL, {{0}}, DECISION_UNKNOWN, 0, 0,
		0},
	{"without a model it is unknown", BUT(KIND_TRAINED_MODEL), NULL, {{0}}, DECISION_UNKNOWN, 0, 0, 0},
	{"without a development environment it is unknown", BUT(KIND_DEVELOPMENT_ENVIRONMENT), NULL, {{0}},
		DECISION_UNKNOWN, 0, 0, 0},
	{"without a production environment it is unknown", BUT(KIND_PRODUCTION_ENVIRONMENT), NULL, {{0}},
		DECISION_UNKNOWN, 0, 0, 0},
	{"without production data it is unknown", BUT(KIND_PRODUCTION_DATA), NULL, {{0}}, DECISION_UNKNOWN, 0,
		0, 0},
	{"another environment's findings do not count", EVERY, "default",
		{{E, "other"}, {W, "default"}, {N, NULL}}, DECISION_ALLOWED, 0, 1, 1},
	{"the environment's own error blocks it", EVERY, "default", {{E, "default"}, {E, "other"}},
		DECISION_BLOCKED, 1, 0, 0},
	{"an error about no environment blocks each", EVERY, "default", {{E, NULL}}, DECISION_BLOCKED, 1, 0,
		0},
	{"a missing environment is every environment's", EVERY, "default", {{E, ""}}, DECISION_BLOCKED, 1, 0,
		0},
	{"the whole system counts every environment", EVERY, "", {{E, "other"}}, DECISION_BLOCKED, 1, 0, 0},
	{"an environment that does not exist is never allowed", EVERY, "other", {{0}}, DECISION_UNKNOWN, 0, 0,
		0},
};

static const char *const subjects[FINDINGS_MAX] = {"a", "b", "c"};

static size_t make_findings(
	const struct row *row, struct model_finding *findings, struct model_place (*places)[2])
{
	size_t count = 0;
	for (; count < FINDINGS_MAX && row->findings[count].severity; count++) {
		const struct about *about = &row->findings[count];
		struct model_place *at = places[count];
		at[0] = (struct model_place){KIND_TRAINED_MODEL, "default", "", ""};
		at[1] = (struct model_place){KIND_PRODUCTION_ENVIRONMENT, about->environment, "", ""};
		findings[count] = (struct model_finding){.rule = "r",
			.severity = about->severity,
			.subject = subjects[count],
			.message = "",
			.rationale = "",
			.remedy = "",
			.places = at,
			.place_count = about->environment ? 2 : 1};
		model_finding_seal(&findings[count]);
	}
	return count;
}

static kind_set make_system(const struct row *row, struct loaded *loaded)
{
	for (unsigned kind = KIND_NONE + 1; kind < KIND_END; kind++) {
		if (row->there & KIND_BIT(kind))
			load_text(loaded, (enum model_kind)kind, "default", "{}");
	}
	kind_set missing = EVERY & ~row->there;
	if (row->environment && strcmp(row->environment, "other") == 0)
		missing |= KIND_BIT(KIND_PRODUCTION_ENVIRONMENT);
	return missing;
}

static void check(void **state)
{
	const struct row *row = *state;
	struct loaded loaded = {0};
	kind_set missing = make_system(row, &loaded);
	struct model_finding findings[FINDINGS_MAX];
	struct model_place places[FINDINGS_MAX][2];
	const struct model_finding *list[FINDINGS_MAX];
	size_t count = make_findings(row, findings, places);
	for (size_t i = 0; i < count; i++)
		list[i] = &findings[i];
	struct model_verdict verdict;
	rules_judge(&loaded.system, list, count, row->environment, &verdict);
	assert_int_equal(verdict.decision, row->decision);
	assert_int_equal(verdict.counts[E], row->errors);
	assert_int_equal(verdict.counts[W], row->warnings);
	assert_int_equal(verdict.counts[N], row->notes);
	assert_int_equal(verdict.counts[SEVERITY_NONE], 0);
	assert_int_equal(verdict.missing, missing);
	assert_int_equal(verdict.blocking_count, row->errors);
	for (size_t i = 0; i < count && verdict.blocking_count == 1; i++) {
		bool blocks = strcmp(verdict.blocking[0], findings[i].id) == 0;
		assert_true(!blocks || findings[i].severity == E);
	}
	load_done(&loaded);
}

/* More errors than a verdict has room for. */
static void many_errors(void **state)
{
	(void)state;
	struct loaded loaded = {0};
	struct model_place place = {KIND_TRAINED_MODEL, "default", "", ""};
	struct model_finding finding = {.rule = "r",
		.severity = E,
		.subject = "s",
		.message = "",
		.rationale = "",
		.remedy = "",
		.places = &place,
		.place_count = 1};
	model_finding_seal(&finding);
	const struct model_finding *list[MODEL_BLOCKING_MAX + 7];
	for (size_t i = 0; i < CASES_COUNT(list); i++)
		list[i] = &finding;
	struct model_verdict verdict;
	rules_judge(&loaded.system, list, CASES_COUNT(list), NULL, &verdict);
	assert_int_equal(verdict.counts[E], CASES_COUNT(list));
	assert_int_equal(verdict.blocking_count, MODEL_BLOCKING_MAX);
	assert_string_equal(verdict.blocking[MODEL_BLOCKING_MAX - 1], finding.id);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + 1];
	size_t count = CASES_ADD(tests, 0, rows, check);
	tests[count++] = (struct CMUnitTest){
		"all errors are counted and the first hundred named", many_errors, NULL, NULL, NULL};
	return CASES_RUN_ALL(tests, count);
}
