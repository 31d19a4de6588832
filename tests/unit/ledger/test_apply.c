/* What a change does to a view, without a database. */
#include "ledger/apply.h"

#include "cases.h"
#include "changes.h"

struct fixture {
	struct arena *arena;
	struct ledger_view *view; /* NULL: the system never was */
	struct ledger_view *before;
	struct applied applied;
	struct fault fault;
	int64_t now_us;
};

static int set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	fixture->arena = arena_new();
	fixture->now_us = 1000000;
	*state = fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;
	ledger_view_unref(fixture->view);
	ledger_view_unref(fixture->before);
	arena_free(fixture->arena);
	free(fixture);
	return 0;
}

/* Applies and goes on with the view after it. */
static enum fault_code run(struct fixture *fixture, const struct ledger_change *change)
{
	enum fault_code code = apply(fixture->arena, change, fixture->view, fixture->now_us, 0,
		&fixture->applied, &fixture->fault);
	if (!code) {
		ledger_view_unref(fixture->before); /* the outcome borrows from the last one only */
		fixture->before = fixture->view;
		fixture->view = fixture->applied.view;
	}
	return code;
}

static enum fault_code create(struct fixture *fixture)
{
	struct ledger_change change = change_of(fixture->arena, LEDGER_CREATE_SYSTEM, "s", NULL, 0);
	change.meta = "meta";
	change.meta_size = 4;
	return run(fixture, &change);
}

static enum fault_code push(struct fixture *fixture, const char *name, const char *text)
{
	struct ledger_item item = raw_data_item(fixture->arena, name, text);
	struct ledger_change change = change_of(fixture->arena, LEDGER_PUSH, "s", &item, 1);
	return run(fixture, &change);
}

static enum fault_code drop(struct fixture *fixture, const char *name)
{
	struct ledger_item item = {.kind = KIND_RAW_DATA, .name = name, .etag = "", .owner_team = ""};
	struct ledger_change change = change_of(fixture->arena, LEDGER_DELETE_DESCRIPTOR, "s", &item, 1);
	return run(fixture, &change);
}

static enum fault_code drop_system(struct fixture *fixture, const char *etag)
{
	struct ledger_change change = change_of(fixture->arena, LEDGER_DELETE_SYSTEM, "s", NULL, 0);
	change.etag = etag;
	return run(fixture, &change);
}

static void a_new_system_is_revision_1_and_misses_every_kind(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(create(fixture), FAULT_NONE);
	assert_int_equal(fixture->view->revision, 1);
	assert_int_equal(fixture->applied.outcome.opened_count, KIND_END - 1);
	assert_int_equal(ledger_view_verdict(fixture->view)->decision, DECISION_UNKNOWN);
	assert_int_equal(ledger_view_verdict(fixture->view)->missing, KIND_ALL);
	assert_int_equal(create(fixture), FAULT_EXISTS);
	assert_string_equal(fixture->fault.reason, "SYSTEM_EXISTS");
}

static void a_push_adds_one_revision_and_resolves_what_it_mends(void **state)
{
	struct fixture *fixture = *state;
	create(fixture);
	assert_int_equal(push(fixture, "default", ""), FAULT_NONE);
	const struct ledger_outcome *outcome = &fixture->applied.outcome;
	assert_int_equal(outcome->revision, 2);
	assert_int_equal(outcome->versions[0]->version, 1);
	assert_int_equal(outcome->resolved_count, 1); /* raw_data is there now */
	assert_int_equal(outcome->resolved[0]->life.resolved_revision, 2);
	size_t opened = outcome->opened_count;
	assert_true(opened > 1);
	assert_int_equal(push(fixture, "default", "named"), FAULT_NONE);
	assert_int_equal(outcome->revision, 3);
	assert_int_equal(outcome->versions[0]->version, 2);
	assert_int_equal(outcome->resolved_count, 1);
	assert_string_equal(outcome->resolved[0]->finding->subject, "dataset_name");
	assert_int_equal(outcome->resolved[0]->life.opened_revision, 2);
	assert_int_equal(outcome->opened_count, 0);
	assert_int_equal(outcome->changed_count, 0);
}

static void the_same_content_changes_nothing(void **state)
{
	struct fixture *fixture = *state;
	create(fixture);
	push(fixture, "default", "same");
	struct ledger_view *view = fixture->view;
	assert_int_equal(push(fixture, "default", "same"), FAULT_NONE);
	assert_true(fixture->applied.outcome.unchanged);
	assert_int_equal(fixture->applied.outcome.revision, 2);
	assert_int_equal(fixture->applied.outcome.versions[0]->version, 1);
	assert_int_equal(fixture->applied.version_count, 0);
	assert_ptr_equal(fixture->view, view);
}

static void deleting_buries_and_pushing_goes_on_counting(void **state)
{
	struct fixture *fixture = *state;
	create(fixture);
	push(fixture, "a", "x");
	push(fixture, "b", "x");
	assert_int_equal(drop(fixture, "a"), FAULT_NONE);
	assert_int_equal(fixture->applied.version_count, 1);
	assert_true(fixture->applied.versions[0].version.deleted);
	assert_int_equal(fixture->applied.versions[0].version.version.version, 2);
	assert_int_equal(fixture->view->system.count, 2); /* and the clock */
	assert_int_equal(drop(fixture, "a"), FAULT_NOT_FOUND);
	assert_string_equal(fixture->fault.reason, "DESCRIPTOR_NOT_FOUND");
	assert_int_equal(push(fixture, "a", "x"), FAULT_NONE);
	assert_int_equal(fixture->applied.outcome.versions[0]->version, 3);
	assert_int_equal(fixture->view->gone_count, 0);
	assert_int_equal(drop(fixture, "b"), FAULT_NONE);
	assert_int_equal(fixture->view->gone_count, 1);
}

static void a_deleted_system_lives_on_in_its_numbers(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(drop_system(fixture, ""), FAULT_NOT_FOUND);
	create(fixture);
	push(fixture, "a", "x");
	size_t open;
	ledger_view_findings(fixture->view, &open);
	assert_int_equal(drop_system(fixture, "\"r1\""), FAULT_CONFLICT);
	assert_string_equal(fixture->fault.reason, "ETAG_MISMATCH");
	assert_int_equal(drop_system(fixture, "\"r2\""), FAULT_NONE);
	assert_true(ledger_view_deleted(fixture->view));
	assert_int_equal(fixture->applied.outcome.resolved_count, open);
	assert_int_equal(fixture->applied.version_count, 2); /* of the clock too */
	assert_int_equal(push(fixture, "a", "x"), FAULT_NOT_FOUND);
	fixture->now_us = 5000000;
	assert_int_equal(create(fixture), FAULT_NONE);
	assert_int_equal(fixture->view->revision, 4);
	assert_int_equal(fixture->view->created_at_us, 5000000);
	push(fixture, "a", "x");
	assert_int_equal(fixture->applied.outcome.versions[0]->version, 3);
}

static void a_foreign_etag_stops_the_whole_push(void **state)
{
	struct fixture *fixture = *state;
	create(fixture);
	push(fixture, "a", "x");
	char etag[MODEL_ETAG_SIZE];
	model_version_etag(fixture->applied.outcome.versions[0], etag);
	struct ledger_item items[] = {
		raw_data_item(fixture->arena, "b", "y"), raw_data_item(fixture->arena, "a", "y")};
	items[1].etag = "\"1-0000000000000000\"";
	struct ledger_change change = change_of(fixture->arena, LEDGER_PUSH, "s", items, 2);
	assert_int_equal(run(fixture, &change), FAULT_CONFLICT);
	assert_string_equal(fixture->fault.reason, "ETAG_MISMATCH");
	assert_int_equal(fixture->view->revision, 2);
	items[1].etag = etag;
	assert_int_equal(run(fixture, &change), FAULT_NONE);
	assert_int_equal(fixture->view->system.count, 3); /* and the clock */
	items[0].etag = etag;                             /* of another one */
	items[1].etag = "";
	assert_int_equal(run(fixture, &change), FAULT_CONFLICT);
}

static void time_never_goes_back(void **state)
{
	struct fixture *fixture = *state;
	create(fixture);
	fixture->now_us = 500;
	push(fixture, "a", "x");
	assert_int_equal(fixture->view->updated_at_us, 1000000);
}

/* Pushes `count` new names, the first of them with this number. */
static enum fault_code push_names(struct fixture *fixture, int first, int count)
{
	struct ledger_item *items = calloc((size_t)count, sizeof(*items));
	for (int i = 0; i < count; i++) {
		char name[16];
		snprintf(name, sizeof(name), "d%d", first + i);
		items[i] = raw_data_item(fixture->arena, name, "x");
	}
	struct ledger_change change = change_of(fixture->arena, LEDGER_PUSH, "s", items, (size_t)count);
	enum fault_code code = run(fixture, &change);
	free(items);
	return code;
}

static void descriptors_are_bounded(void **state)
{
	struct fixture *fixture = *state;
	create(fixture);
	assert_int_equal(push_names(fixture, 0, LEDGER_DESCRIPTORS_MAX + 1), FAULT_EXHAUSTED);
	assert_string_equal(fixture->fault.reason, "TOO_MANY_DESCRIPTORS");
}

static void names_are_bounded_and_can_be_used_again(void **state)
{
	struct fixture *fixture = *state;
	for (int first = 0; first < LEDGER_NAMES_MAX; first += LEDGER_DESCRIPTORS_MAX) {
		create(fixture);
		assert_int_equal(push_names(fixture, first, LEDGER_DESCRIPTORS_MAX), FAULT_NONE);
		drop_system(fixture, "");
	}
	create(fixture);
	assert_int_equal(push(fixture, "new", "x"), FAULT_EXHAUSTED);
	assert_string_equal(fixture->fault.reason, "TOO_MANY_NAMES");
	assert_int_equal(push(fixture, "d0", "x"), FAULT_NONE);
	assert_int_equal(fixture->applied.outcome.versions[0]->version, 3);
}

/* ---- time ---- */

static enum fault_code push_item(struct fixture *fixture, struct ledger_item item)
{
	struct ledger_change change = change_of(fixture->arena, LEDGER_PUSH, "s", &item, 1);
	return run(fixture, &change);
}

static enum fault_code tick_at(struct fixture *fixture, int64_t now_s)
{
	struct ledger_change change = change_of(fixture->arena, LEDGER_TICK, "s", NULL, 0);
	fixture->now_us = now_s * 1000000;
	return run(fixture, &change);
}

static int32_t clock_version(const struct fixture *fixture)
{
	return model_descriptor_version(model_system_find(&fixture->view->system, KIND_CLOCK, "default"))
		->version;
}

static const struct ledger_finding *finding_of(const struct fixture *fixture, const char *rule)
{
	size_t count;
	const struct ledger_finding *findings = ledger_view_findings(fixture->view, &count);
	for (size_t i = 0; i < count; i++)
		if (strcmp(findings[i].finding->rule, rule) == 0)
			return &findings[i];
	return NULL;
}

static void a_waiver_holds_until_its_time(void **state)
{
	struct fixture *fixture = *state;
	const struct ledger_outcome *outcome = &fixture->applied.outcome;
	create(fixture);
	push(fixture, "default", "");
	push_item(fixture, waiver_item(fixture->arena, "w", "completeness.descriptor-missing", 100));
	assert_int_equal(outcome->changed_count, 7);
	assert_int_equal(ledger_view_verdict(fixture->view)->waived, 7);
	assert_int_equal(clock_version(fixture), 1);
	assert_true(outcome->due_us == 100000000);

	assert_int_equal(tick_at(fixture, 99), FAULT_NONE);
	assert_true(outcome->unchanged);
	assert_int_equal(outcome->revision, 3);
	assert_int_equal(tick_at(fixture, 100), FAULT_NONE);
	assert_false(outcome->unchanged);
	assert_int_equal(outcome->revision, 4);
	assert_int_equal(outcome->changed_count, 7);
	assert_int_equal(fixture->applied.lapsed_count, 1);
	assert_int_equal(ledger_view_verdict(fixture->view)->waived, 0);
	assert_int_equal(clock_version(fixture), 2);
	assert_true(outcome->due_us == INT64_MAX);
	assert_int_equal(tick_at(fixture, 200), FAULT_NONE);
	assert_true(outcome->unchanged);
}

/* Whatever comes first after a waiver's end moves the clock. */
static void a_push_after_a_waivers_end_ends_it(void **state)
{
	struct fixture *fixture = *state;
	create(fixture);
	push_item(fixture, waiver_item(fixture->arena, "w", "completeness.descriptor-missing", 100));
	fixture->now_us = 100000000;
	push(fixture, "default", "");
	assert_int_equal(fixture->applied.lapsed_count, 1);
	assert_int_equal(fixture->applied.version_count, 2);
	assert_int_equal(fixture->applied.versions[1].version.version.kind, KIND_CLOCK);
	assert_int_equal(ledger_view_verdict(fixture->view)->waived, 0);
}

/* It held nothing, but whoever relies on it is told. */
static void the_end_of_an_unused_waiver_is_a_revision(void **state)
{
	struct fixture *fixture = *state;
	create(fixture);
	push_item(fixture, waiver_item(fixture->arena, "w", "api.output-type", 100));
	tick_at(fixture, 101);
	assert_int_equal(fixture->applied.outcome.revision, 3);
	assert_int_equal(fixture->applied.lapsed_count, 1);
}

static void a_waiver_that_is_pushed_anew_goes_on(void **state)
{
	struct fixture *fixture = *state;
	create(fixture);
	push_item(fixture, waiver_item(fixture->arena, "w", "completeness.descriptor-missing", 100));
	fixture->now_us = 150000000;
	push_item(fixture, waiver_item(fixture->arena, "w", "completeness.descriptor-missing", 200));
	assert_int_equal(fixture->applied.lapsed_count, 0);
	assert_int_equal(fixture->applied.outcome.changed_count, 8); /* they say until when */
	assert_true(fixture->applied.outcome.due_us == 200000000);
}

static void a_broken_promise_opens_a_finding_in_its_time(void **state)
{
	struct fixture *fixture = *state;
	create(fixture);
	push_item(fixture, production_item(fixture->arena, "default", 10)); /* at 1 s */
	assert_null(finding_of(fixture, "monitoring.overdue"));
	tick_at(fixture, 11);
	assert_true(fixture->applied.outcome.unchanged);
	tick_at(fixture, 12);
	assert_int_equal(fixture->applied.outcome.opened_count, 1);
	assert_non_null(finding_of(fixture, "monitoring.overdue"));
	assert_int_equal(ledger_view_verdict(fixture->view)->decision, DECISION_BLOCKED);
	push_item(fixture, production_item(fixture->arena, "default", 20));
	assert_null(finding_of(fixture, "monitoring.overdue"));
	assert_true(fixture->applied.outcome.due_us == 32000001);
}

/* What nobody would see is no revision; the next moment is told all the same. */
static void a_tick_that_changes_nothing_moves_only_the_moment(void **state)
{
	struct fixture *fixture = *state;
	create(fixture);
	Tally__V1__RulePolicy off = TALLY__V1__RULE_POLICY__INIT;
	off.rule = arena_text(fixture->arena, "monitoring.overdue");
	off.off = true;
	Tally__V1__RulePolicy *rules[] = {&off};
	Tally__V1__Policy policy = TALLY__V1__POLICY__INIT;
	policy.rules = rules;
	policy.n_rules = 1;
	Tally__V1__Descriptor message = TALLY__V1__DESCRIPTOR__INIT;
	message.spec_case = TALLY__V1__DESCRIPTOR__SPEC_POLICY;
	message.policy = &policy;
	push_item(fixture, item_of(fixture->arena, "default", &message));
	push_item(fixture, production_item(fixture->arena, "default", 10));
	push_item(fixture, waiver_item(fixture->arena, "w", "api.output-type", 1000));
	assert_true(fixture->applied.outcome.due_us == 11000001);
	tick_at(fixture, 20);
	assert_true(fixture->applied.outcome.unchanged);
	assert_int_equal(fixture->view->revision, 4);
	assert_true(fixture->applied.outcome.due_us == 1000000000);
}

static void a_deployment_names_versions_that_there_are(void **state)
{
	struct fixture *fixture = *state;
	create(fixture);
	push(fixture, "a", "x");
	Tally__V1__DeployedVersion version = TALLY__V1__DEPLOYED_VERSION__INIT;
	Tally__V1__DeployedVersion *versions[] = {&version};
	Tally__V1__Deployment deployment = TALLY__V1__DEPLOYMENT__INIT;
	deployment.versions = versions;
	deployment.n_versions = 1;
	Tally__V1__Descriptor message = TALLY__V1__DESCRIPTOR__INIT;
	message.spec_case = TALLY__V1__DESCRIPTOR__SPEC_DEPLOYMENT;
	message.deployment = &deployment;
	version.descriptor = arena_text(fixture->arena, "rawData/b");
	version.version = 1;
	assert_int_equal(push_item(fixture, item_of(fixture->arena, "eu", &message)), FAULT_INVALID);
	assert_string_equal(fixture->fault.reason, "VERSION_NOT_FOUND");
	assert_string_equal(
		fixture->fault.violations[0].field, "descriptors[0].deployment.versions[0].version");
	version.descriptor = arena_text(fixture->arena, "rawData/a");
	version.version = 2;
	assert_int_equal(push_item(fixture, item_of(fixture->arena, "eu", &message)), FAULT_INVALID);
	struct ledger_item both[] = {
		item_of(fixture->arena, "eu", &message), raw_data_item(fixture->arena, "a", "y")};
	struct ledger_change change = change_of(fixture->arena, LEDGER_PUSH, "s", both, 2);
	assert_int_equal(run(fixture, &change), FAULT_NONE); /* the second one comes with it */
	assert_int_equal(drop(fixture, "a"), FAULT_NONE);
	version.version = 3; /* that it was deleted */
	assert_int_equal(push_item(fixture, item_of(fixture->arena, "eu", &message)), FAULT_INVALID);
	version.version = 1;
	assert_int_equal(push_item(fixture, item_of(fixture->arena, "eu", &message)), FAULT_NONE);
}

static struct ledger_item environment_item(struct arena *arena, const char *name)
{
	Tally__V1__ProductionEnvironment environment = TALLY__V1__PRODUCTION_ENVIRONMENT__INIT;
	Tally__V1__Descriptor message = TALLY__V1__DESCRIPTOR__INIT;
	message.spec_case = TALLY__V1__DESCRIPTOR__SPEC_PRODUCTION_ENVIRONMENT;
	message.production_environment = &environment;
	return item_of(arena, name, &message);
}

/* Raw data with something that no rule reads. */
static struct ledger_item documented_item(struct arena *arena, const char *text)
{
	Tally__V1__Documentation said = TALLY__V1__DOCUMENTATION__INIT, *list[] = {&said};
	Tally__V1__RawData raw = TALLY__V1__RAW_DATA__INIT;
	said.description = arena_text(arena, text);
	raw.documentation = list;
	raw.n_documentation = 1;
	Tally__V1__Descriptor message = TALLY__V1__DESCRIPTOR__INIT;
	message.spec_case = TALLY__V1__DESCRIPTOR__SPEC_RAW_DATA;
	message.raw_data = &raw;
	return item_of(arena, "default", &message);
}

static void expect_judged(const struct ledger_view *view)
{
	static const char *const environments[] = {NULL, "live", "staging"};
	size_t count;
	const struct model_finding *const *found =
		rules_evaluation_findings(ledger_view_evaluation(view), &count);
	for (size_t i = 0; i < CASES_COUNT(environments); i++) {
		struct model_verdict verdict;
		rules_judge(ledger_view_system(view), found, count, environments[i], &verdict);
		const struct model_verdict *kept = environments[i]
							   ? ledger_view_environment(view, environments[i])
							   : ledger_view_verdict(view);
		assert_non_null(kept);
		assert_true(model_verdict_equal(kept, &verdict));
	}
}

static void what_nobody_reads_leaves_findings_and_verdicts(void **state)
{
	struct fixture *fixture = *state;
	assert_int_equal(create(fixture), FAULT_NONE);
	struct ledger_item items[] = {environment_item(fixture->arena, "live"),
		environment_item(fixture->arena, "staging"), documented_item(fixture->arena, "a")};
	struct ledger_change change = change_of(fixture->arena, LEDGER_PUSH, "s", items, 3);
	assert_int_equal(run(fixture, &change), FAULT_NONE);
	expect_judged(fixture->view);
	items[0] = documented_item(fixture->arena, "b");
	change.item_count = 1;
	assert_int_equal(run(fixture, &change), FAULT_NONE);
	const struct ledger_outcome *outcome = &fixture->applied.outcome;
	assert_false(outcome->unchanged);
	assert_int_equal(outcome->opened_count + outcome->changed_count + outcome->resolved_count, 0);
	expect_judged(fixture->view);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_new_system_is_revision_1_and_misses_every_kind),
		TEST(a_push_adds_one_revision_and_resolves_what_it_mends),
		TEST(the_same_content_changes_nothing),
		TEST(deleting_buries_and_pushing_goes_on_counting),
		TEST(a_deleted_system_lives_on_in_its_numbers),
		TEST(a_foreign_etag_stops_the_whole_push),
		TEST(time_never_goes_back),
		TEST(descriptors_are_bounded),
		TEST(names_are_bounded_and_can_be_used_again),
		TEST(a_waiver_holds_until_its_time),
		TEST(a_push_after_a_waivers_end_ends_it),
		TEST(the_end_of_an_unused_waiver_is_a_revision),
		TEST(a_waiver_that_is_pushed_anew_goes_on),
		TEST(a_broken_promise_opens_a_finding_in_its_time),
		TEST(a_tick_that_changes_nothing_moves_only_the_moment),
		TEST(a_deployment_names_versions_that_there_are),
		TEST(what_nobody_reads_leaves_findings_and_verdicts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
