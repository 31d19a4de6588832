/* A finding's identity, order and bytes. */
#include "model/finding.h"

#include "cases.h"

static const struct model_place places[] = {
	{KIND_TRAINED_MODEL, "scorer", "output_spec[0].item_type", "Float"},
	{KIND_DEVELOPMENT_ENVIRONMENT, "default", "downstream_components[1].input_spec[0].item_type",
		"String"},
	{KIND_TRAINED_MODEL, "scorer", "output_spec[2].item_type", "Float"},
};

static const struct model_evidence evidence[] = {
	{"required cpu", true, 4, "cores", true, 2, "", 0, 0, 0},
	{"share", false, 0, "", false, 0, "two-proportion z", 10, 100, 200},
};

static const struct model_waived waived = {"known", "a reason", "ann", 5000000};

static struct model_finding example(void)
{
	struct model_finding finding = {
		.rule = "api.output-type",
		.class = CLASS_API,
		.severity = SEVERITY_ERROR,
		.teams = TEAM_BIT(TEAM_DATA_SCIENTISTS) | TEAM_BIT(TEAM_SOFTWARE_ENGINEERS),
		.subject = "score",
		.message = "score is Float here and String there",
		.rationale = "why",
		.remedy = "what",
		.places = places,
		.place_count = CASES_COUNT(places),
		.evidence = evidence,
		.evidence_count = CASES_COUNT(evidence),
		.waived = &waived,
		.blocks_from_us = 7000000,
	};
	model_finding_seal(&finding);
	return finding;
}

static void the_id_is_that_of_rule_descriptors_and_subject(void **state)
{
	(void)state;
	struct model_finding finding = example();
	struct model_finding other = example();
	assert_string_equal(finding.id, other.id);
	assert_true(model_id_valid(finding.id));

	struct model_place turned[] = {places[1], places[0]};
	turned[0].value = "Integer";
	turned[1].field = "output_spec[7].item_type";
	other.places = turned;
	other.place_count = 2;
	other.message = "another message";
	other.severity = SEVERITY_NOTE;
	model_finding_seal(&other);
	assert_string_equal(finding.id, other.id);
	assert_memory_not_equal(&finding.digest, &other.digest, sizeof(finding.digest));

	other.subject = "score2";
	model_finding_seal(&other);
	assert_string_not_equal(finding.id, other.id);
	other = example();
	other.rule = "api.output-types";
	model_finding_seal(&other);
	assert_string_not_equal(finding.id, other.id);
	turned[1].name = "other";
	other = example();
	other.places = turned;
	other.place_count = 2;
	model_finding_seal(&other);
	assert_string_not_equal(finding.id, other.id);
}

static void what_is_packed_is_unpacked(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct model_finding finding = example();
	size_t size;
	void *body = model_finding_pack(arena, &finding, &size);
	struct model_finding back;
	assert_true(model_finding_unpack(arena, body, size, &back));
	assert_string_equal(back.id, finding.id);
	assert_int_equal(back.class, finding.class);
	assert_int_equal(back.severity, finding.severity);
	assert_int_equal(back.teams, finding.teams);
	assert_int_equal(back.kinds, finding.kinds);
	assert_memory_equal(&back.digest, &finding.digest, sizeof(back.digest));
	assert_string_equal(back.waived->waiver, "known");
	assert_string_equal(back.waived->reason, "a reason");
	assert_string_equal(back.waived->by, "ann");
	assert_true(back.waived->until_us == 5000000);
	assert_true(back.blocks_from_us == 7000000);
	size_t again_size;
	void *again = model_finding_pack(arena, &back, &again_size);
	assert_int_equal(again_size, size);
	assert_memory_equal(again, body, size);
	assert_false(model_finding_unpack(arena, "\xff\xff", 2, &back));
	arena_free(arena);
}

static void the_message_shows_versions_and_life(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct model_finding finding = example();
	struct model_version version = {.kind = KIND_TRAINED_MODEL, .name = "scorer", .version = 7};
	const struct model_version *items[] = {&version};
	struct model_finding_life life = {
		.opened_revision = 3, .changed_revision = 5, .opened_at_us = 1500000};
	Tally__V1__Finding *message = model_finding_message(
		arena, "fraud", &finding, &life, &(struct model_versions){items, 1, NULL});
	char *name = arena_print(arena, "systems/fraud/findings/%s", finding.id);
	assert_string_equal(message->name, name);
	assert_true(message->waived);
	assert_string_equal(message->waiver->name, "systems/fraud/waivers/known");
	assert_int_equal(message->blocks_from->seconds, 7);
	assert_int_equal(message->n_descriptors, 3);
	assert_int_equal(message->descriptors[0]->version, 7);
	assert_int_equal(message->descriptors[1]->version, 0);
	assert_int_equal(message->state, TALLY__V1__STATE__STATE_OPEN);
	assert_int_equal(message->opened_at->seconds, 1);
	assert_int_equal(message->opened_at->nanos, 500000000);
	assert_null(message->resolved_at);
	life.resolved_revision = 6;
	message = model_finding_message(
		arena, "fraud", &finding, &life, &(struct model_versions){items, 1, NULL});
	assert_int_equal(message->state, TALLY__V1__STATE__STATE_RESOLVED);
	arena_free(arena);
}

static void errors_come_first_then_rules_then_subjects(void **state)
{
	(void)state;
	struct model_finding a = example();
	struct model_finding b = example();
	assert_int_equal(model_finding_compare(&a, &b), 0);
	b.subject = "zeta";
	assert_true(model_finding_compare(&a, &b) < 0);
	b.rule = "api.input-type";
	assert_true(model_finding_compare(&a, &b) > 0);
	b.severity = SEVERITY_NOTE;
	assert_true(model_finding_compare(&a, &b) < 0);
}

static void verdicts_compare_by_content(void **state)
{
	(void)state;
	static struct model_verdict a = {
		.decision = DECISION_BLOCKED, .blocking_count = 1, .blocking = {"f1"}};
	static struct model_verdict b;
	b = a;
	assert_true(model_verdict_equal(&a, &b));
	b.counts[SEVERITY_NOTE] = 1;
	assert_false(model_verdict_equal(&a, &b));
	b = a;
	snprintf(b.blocking[0], sizeof(b.blocking[0]), "f2");
	assert_false(model_verdict_equal(&a, &b));
	b = a;
	b.missing = KIND_BIT(KIND_RAW_DATA);
	assert_false(model_verdict_equal(&a, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_id_is_that_of_rule_descriptors_and_subject),
		cmocka_unit_test(what_is_packed_is_unpacked),
		cmocka_unit_test(the_message_shows_versions_and_life),
		cmocka_unit_test(errors_come_first_then_rules_then_subjects),
		cmocka_unit_test(verdicts_compare_by_content),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
