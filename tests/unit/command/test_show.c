/* The JSON that programs rely on. */
#include "command/show.h"

#include <string.h>

#include "cases.h"

#define TEXT(literal) ((char *)(uintptr_t)(literal))

/* Everything that a finding can say. */
struct sample {
	Tally__V1__Finding finding;
	Tally__V1__DescriptorRef place, *places[1];
	Tally__V1__Evidence evidence, *figures[1];
	Google__Protobuf__Timestamp opened;
	char *teams[1];
};

static void fill(struct sample *sample)
{
	tally__v1__finding__init(&sample->finding);
	tally__v1__descriptor_ref__init(&sample->place);
	tally__v1__evidence__init(&sample->evidence);
	google__protobuf__timestamp__init(&sample->opened);
	sample->place.kind = TALLY__V1__KIND__KIND_TRAINED_MODEL;
	sample->place.name = TEXT("scorer");
	sample->place.version = 3;
	sample->place.field = TEXT("output_spec[0].item_type");
	sample->place.value = TEXT("Float");
	sample->evidence.measure = TEXT("required cpu");
	sample->evidence._value_case = TALLY__V1__EVIDENCE___VALUE_VALUE;
	sample->evidence.value = 8;
	sample->evidence._threshold_case = TALLY__V1__EVIDENCE___THRESHOLD_THRESHOLD;
	sample->evidence.threshold = 4;
	sample->evidence.unit = TEXT("cores");
	sample->opened.seconds = 1700000000;
	sample->places[0] = &sample->place;
	sample->figures[0] = &sample->evidence;
	sample->teams[0] = TEXT("data-scientists");
	sample->finding.name = TEXT("systems/fraud/findings/f0123");
	sample->finding.rule = TEXT("api.output-type");
	sample->finding.rule_class = TEXT("api");
	sample->finding.severity = TALLY__V1__SEVERITY__SEVERITY_ERROR;
	sample->finding.subject = TEXT("score");
	sample->finding.message = TEXT("m");
	sample->finding.rationale = TEXT("why");
	sample->finding.remedy = TEXT("what");
	sample->finding.n_descriptors = 1;
	sample->finding.descriptors = sample->places;
	sample->finding.n_teams = 1;
	sample->finding.teams = sample->teams;
	sample->finding.n_evidence = 1;
	sample->finding.evidence = sample->figures;
	sample->finding.state = TALLY__V1__STATE__STATE_OPEN;
	sample->finding.opened_revision = 7;
	sample->finding.opened_at = &sample->opened;
}

static void assert_json(json_t *object, const char *expected)
{
	char *text = json_dumps(object, JSON_COMPACT);
	assert_string_equal(text, expected);
	free(text);
	json_decref(object);
}

static void a_finding_has_exactly_the_promised_keys(void **state)
{
	(void)state;
	struct sample sample;
	fill(&sample);
	assert_json(show_finding_json(&sample.finding),
		"{\"id\":\"f0123\",\"rule\":\"api.output-type\",\"class\":\"api\",\"severity\":\"error\","
		"\"subject\":\"score\",\"message\":\"m\",\"rationale\":\"why\",\"remedy\":\"what\","
		"\"descriptors\":[{\"kind\":\"trained_model\",\"name\":\"scorer\",\"version\":3,"
		"\"field\":\"output_spec[0].item_type\",\"value\":\"Float\"}],\"teams\":[\"data-scientists\"],"
		"\"evidence\":{\"required cpu\":{\"value\":8.0,\"threshold\":4.0,\"unit\":\"cores\"}},"
		"\"waived\":false,\"opened_revision\":7,\"opened_at\":\"2023-11-14T22:13:20.000000Z\"}");
}

static void a_waived_finding_says_by_whom_why_and_until_when(void **state)
{
	(void)state;
	struct sample sample;
	Tally__V1__FindingWaiver waiver = TALLY__V1__FINDING_WAIVER__INIT;
	fill(&sample);
	waiver.name = TEXT("systems/fraud/waivers/w");
	waiver.reason = TEXT("known");
	waiver.waived_by = TEXT("ann");
	waiver.expire_time = &sample.opened;
	sample.finding.waived = true;
	sample.finding.waiver = &waiver;
	json_t *object = show_finding_json(&sample.finding);
	assert_json(json_incref(json_object_get(object, "waiver")),
		"{\"name\":\"w\",\"reason\":\"known\",\"until\":\"2023-11-14T22:13:20.000000Z\",\"by\":\"ann\"}");
	json_decref(object);
}

static void a_finding_says_from_when_it_blocks_and_what_passed_last(void **state)
{
	(void)state;
	struct sample sample;
	fill(&sample);
	sample.finding.blocks_from = &sample.opened;
	sample.finding.n_last_passed = 1;
	sample.finding.last_passed = sample.places;
	json_t *object = show_finding_json(&sample.finding);
	assert_string_equal(
		json_string_value(json_object_get(object, "blocks_from")), "2023-11-14T22:13:20.000000Z");
	assert_json(json_incref(json_object_get(object, "last_passed")),
		"[{\"kind\":\"trained_model\",\"name\":\"scorer\",\"version\":3}]");
	json_decref(object);
}

static void a_resolved_finding_says_when(void **state)
{
	(void)state;
	struct sample sample;
	fill(&sample);
	sample.finding.state = TALLY__V1__STATE__STATE_RESOLVED;
	sample.finding.resolved_revision = 9;
	sample.finding.resolved_at = &sample.opened;
	json_t *object = show_finding_json(&sample.finding);
	assert_int_equal(json_integer_value(json_object_get(object, "resolved_revision")), 9);
	assert_string_equal(
		json_string_value(json_object_get(object, "resolved_at")), "2023-11-14T22:13:20.000000Z");
	json_decref(object);
}

static void a_finding_without_anything_is_still_an_object(void **state)
{
	(void)state;
	Tally__V1__Finding empty = TALLY__V1__FINDING__INIT;
	json_t *object = show_finding_json(&empty);
	assert_int_equal(json_object_size(object), 14);
	assert_int_equal(json_array_size(json_object_get(object, "descriptors")), 0);
	assert_int_equal(json_object_size(json_object_get(object, "evidence")), 0);
	assert_true(json_is_null(json_object_get(object, "opened_at")));
	json_decref(object);
}

static void findings_stand_by_severity_rule_and_subject(void **state)
{
	(void)state;
	static const struct {
		Tally__V1__Severity severity;
		const char *rule, *subject;
	} given[] = {
		{TALLY__V1__SEVERITY__SEVERITY_NOTE, "a.a", "5"},
		{TALLY__V1__SEVERITY__SEVERITY_ERROR, "b.b", "3"},
		{TALLY__V1__SEVERITY__SEVERITY_WARNING, "a.a", "4"},
		{TALLY__V1__SEVERITY__SEVERITY_ERROR, "b.b", "2"},
		{TALLY__V1__SEVERITY__SEVERITY_ERROR, "a.a", "1"},
	};
	Tally__V1__Finding findings[CASES_COUNT(given)], *list[CASES_COUNT(given)];
	for (size_t i = 0; i < CASES_COUNT(given); i++) {
		tally__v1__finding__init(&findings[i]);
		findings[i].severity = given[i].severity;
		findings[i].rule = TEXT(given[i].rule);
		findings[i].subject = TEXT(given[i].subject);
		list[i] = &findings[i];
	}
	json_t *array = show_findings_json(list, CASES_COUNT(given));
	for (size_t i = 0; i < CASES_COUNT(given); i++) {
		const char expected[] = {(char)('1' + i), '\0'};
		assert_string_equal(
			json_string_value(json_object_get(json_array_get(array, i), "subject")), expected);
	}
	json_decref(array);
}

static void a_verdict_has_exactly_the_promised_keys(void **state)
{
	(void)state;
	char *blocking[] = {TEXT("systems/fraud/findings/f1")};
	Tally__V1__Kind missing[] = {TALLY__V1__KIND__KIND_RAW_DATA};
	Tally__V1__Verdict verdict = TALLY__V1__VERDICT__INIT;
	verdict.system = TEXT("systems/fraud");
	verdict.revision = 4;
	verdict.decision = TALLY__V1__DECISION__DECISION_BLOCKED;
	verdict.environment = TEXT("eu-west");
	verdict.error_count = 1;
	verdict.warning_count = 2;
	verdict.note_count = 3;
	verdict.waived_count = 4;
	verdict.n_blocking_findings = 1;
	verdict.blocking_findings = blocking;
	verdict.n_missing_kinds = 1;
	verdict.missing_kinds = missing;
	verdict.grace_count = 5;
	verdict.n_needed_kinds = 1;
	verdict.needed_kinds = missing;
	assert_json(show_verdict_json(&verdict),
		"{\"system\":\"fraud\",\"revision\":4,\"verdict\":\"blocked\",\"environment\":\"eu-west\","
		"\"errors\":1,\"warnings\":2,\"notes\":3,\"waived\":4,\"blocking\":[\"f1\"],"
		"\"grace\":5,\"missing_kinds\":[\"raw_data\"],\"needed_kinds\":[\"raw_data\"]}");
}

static void a_verdict_that_says_nothing_is_unknown(void **state)
{
	(void)state;
	Tally__V1__Verdict verdict = TALLY__V1__VERDICT__INIT;
	json_t *object = show_verdict_json(&verdict);
	assert_string_equal(json_string_value(json_object_get(object, "verdict")), "unknown");
	json_decref(object);
}

static void a_descriptor_is_named_by_kind_and_name(void **state)
{
	(void)state;
	Tally__V1__Descriptor descriptor = TALLY__V1__DESCRIPTOR__INIT;
	descriptor.name = TEXT("systems/fraud/trainedModels/scorer/versions/3");
	json_t *object = show_descriptor_json(&descriptor);
	assert_string_equal(json_string_value(json_object_get(object, "kind")), "trained_model");
	assert_string_equal(json_string_value(json_object_get(object, "name")), "scorer");
	json_decref(object);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_finding_has_exactly_the_promised_keys),
		cmocka_unit_test(a_waived_finding_says_by_whom_why_and_until_when),
		cmocka_unit_test(a_finding_says_from_when_it_blocks_and_what_passed_last),
		cmocka_unit_test(a_resolved_finding_says_when),
		cmocka_unit_test(a_finding_without_anything_is_still_an_object),
		cmocka_unit_test(findings_stand_by_severity_rule_and_subject),
		cmocka_unit_test(a_verdict_has_exactly_the_promised_keys),
		cmocka_unit_test(a_verdict_that_says_nothing_is_unknown),
		cmocka_unit_test(a_descriptor_is_named_by_kind_and_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
