/* Answers made of hand-made outcomes and rows. */
#include "cases.h"
#include "ledger/view_build.h"
#include "model/message.h"
#include "service/descriptors.h"
#include "service/findings.h"
#include "service/systems.h"
#include "service/write.h"

static const struct model_place places[] = {
	{KIND_TRAINED_MODEL, "default", "output_spec[0].item_type", "Float"},
	{KIND_RAW_DATA, "default", "", ""},
};

static struct model_finding finding_of(const char *subject)
{
	struct model_finding finding = {
		.rule = "api.output-type",
		.class = CLASS_API,
		.severity = SEVERITY_ERROR,
		.teams = TEAM_BIT(TEAM_DATA_SCIENTISTS),
		.subject = subject,
		.message = "score is Float here and String there",
		.rationale = "the one that takes it reads it as text",
		.remedy = "agree on one type",
		.places = places,
		.place_count = CASES_COUNT(places),
	};
	model_finding_seal(&finding);
	return finding;
}

/* A view of a system with one trained model of version `version`. */
static struct ledger_view *view_of(int64_t revision, int32_t version)
{
	struct ledger_view *view = ledger_view_new("fraud");
	Tally__V1__Descriptor message = TALLY__V1__DESCRIPTOR__INIT;
	Tally__V1__TrainedModel model = TALLY__V1__TRAINED_MODEL__INIT;
	message.spec_case = TALLY__V1__DESCRIPTOR__SPEC_TRAINED_MODEL;
	message.trained_model = &model;
	struct model_version facts = {
		.kind = KIND_TRAINED_MODEL,
		.name = "default",
		.version = version,
		.revision = revision,
		.owner_team = "",
		.author = "anonymous",
		.author_team = "",
		.change_note = "",
	};
	size_t size = 0;
	void *body = model_descriptor_pack(view->arena, &message, &size, &facts.digest);
	*ledger_view_descriptors(view, 1) = model_descriptor_new(&facts, body, size);
	view->revision = revision;
	view->created_at_us = 1000000;
	view->updated_at_us = 2000000;
	view->verdict.decision = DECISION_BLOCKED;
	view->verdict.counts[SEVERITY_ERROR] = 2;
	return view;
}

/* ---- changes ---- */

struct change {
	struct arena *arena;
	struct service service;
	struct write write;
	struct model_finding one, two, three;
	struct ledger_finding opened[2], resolved[1];
	const struct ledger_finding *opened_list[2], *resolved_list[1];
	struct ledger_outcome outcome;
};

static void change_init(struct change *change, size_t max_message_bytes)
{
	*change = (struct change){.arena = arena_new()};
	change->service.max_message_bytes = max_message_bytes;
	change->write.service = &change->service;
	change->write.change.context = &change->write;
	change->write.change.system = "fraud";
	change->one = finding_of("score");
	change->two = finding_of("amount");
	change->three = finding_of("label");
	struct model_finding_life life = {.opened_revision = 6, .changed_revision = 6};
	change->opened[0] = (struct ledger_finding){&change->one, life};
	change->opened[1] = (struct ledger_finding){&change->two, life};
	life = (struct model_finding_life){
		.opened_revision = 2, .changed_revision = 3, .resolved_revision = 6};
	change->resolved[0] = (struct ledger_finding){&change->three, life};
	change->opened_list[0] = &change->opened[0];
	change->opened_list[1] = &change->opened[1];
	change->resolved_list[0] = &change->resolved[0];
	change->outcome = (struct ledger_outcome){
		.view = view_of(6, 4),
		.before = view_of(5, 3),
		.revision = 6,
		.opened = change->opened_list,
		.opened_count = 2,
		.resolved = change->resolved_list,
		.resolved_count = 1,
	};
}

static void change_done(struct change *change)
{
	ledger_view_unref((struct ledger_view *)(uintptr_t)change->outcome.view);
	ledger_view_unref((struct ledger_view *)(uintptr_t)change->outcome.before);
	arena_free(change->arena);
}

static void findings_of_a_change(void **state)
{
	(void)state;
	struct change change;
	change_init(&change, 1 << 20);
	const struct write_answer *answer =
		write_answer_of(&change.write.change, &change.outcome, change.arena, 0);
	assert_int_equal(answer->omitted, 0);
	assert_int_equal(answer->opened.count, 2);
	assert_int_equal(answer->changed.count, 0);
	assert_int_equal(answer->resolved.count, 1);
	assert_int_equal(answer->verdict->revision, 6);
	assert_int_equal(answer->verdict->decision, TALLY__V1__DECISION__DECISION_BLOCKED);

	const Tally__V1__Finding *opened = answer->opened.items[0];
	assert_string_equal(
		opened->name, arena_print(change.arena, "systems/fraud/findings/%s", change.one.id));
	assert_int_equal(opened->state, TALLY__V1__STATE__STATE_OPEN);
	assert_int_equal(opened->descriptors[0]->version, 4);
	assert_int_equal(opened->descriptors[1]->version, 0);

	/* What was resolved was found in the versions before. */
	const Tally__V1__Finding *resolved = answer->resolved.items[0];
	assert_int_equal(resolved->state, TALLY__V1__STATE__STATE_RESOLVED);
	assert_int_equal(resolved->resolved_revision, 6);
	assert_int_equal(resolved->descriptors[0]->version, 3);
	change_done(&change);
}

static void too_many_findings(void **state)
{
	(void)state;
	struct change change;
	change_init(&change, 1 << 20);
	const struct write_answer *all =
		write_answer_of(&change.write.change, &change.outcome, change.arena, 0);
	size_t one = protobuf_c_message_get_packed_size(&all->opened.items[0]->base);
	size_t verdict = protobuf_c_message_get_packed_size(&all->verdict->base);
	change.service.max_message_bytes = 4096 + verdict + one + one / 2;
	const struct write_answer *some =
		write_answer_of(&change.write.change, &change.outcome, change.arena, 0);
	assert_int_equal(some->opened.count, 1);
	assert_int_equal(some->resolved.count, 0);
	assert_int_equal(some->omitted, 2);
	const struct write_answer *none =
		write_answer_of(&change.write.change, &change.outcome, change.arena, 1 << 20);
	assert_int_equal(none->opened.count, 0);
	assert_int_equal(none->omitted, 3);
	change_done(&change);
}

/* ---- systems ---- */

static void system_of_a_view(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct ledger_view *view = view_of(12, 1);
	Tally__V1__System meta = TALLY__V1__SYSTEM__INIT;
	char display_name[] = "Fraud scoring";
	meta.display_name = display_name;
	size_t size = 0;
	void *bytes = model_message_pack(arena, &meta, &size);
	ledger_view_set_meta(view, bytes, size);
	const Tally__V1__System *system = systems_of_view(arena, view);
	assert_string_equal(system->name, "systems/fraud");
	assert_string_equal(system->display_name, "Fraud scoring");
	assert_string_equal(system->etag, "\"r12\"");
	assert_int_equal(system->revision, 12);
	assert_int_equal(system->create_time->seconds, 1);
	assert_int_equal(system->update_time->seconds, 2);
	ledger_view_unref(view);
	arena_free(arena);
}

/* ---- rows ---- */

static void version_of_a_row(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct store_version row = {
		.version = {.kind = KIND_RAW_DATA,
			.name = "default",
			.version = 7,
			.revision = 9,
			.owner_team = "data",
			.author = "anonymous",
			.author_team = "",
			.change_note = "gone"},
		.deleted = true,
	};
	const Tally__V1__Descriptor *message = descriptors_of_row(arena, "fraud", &row);
	assert_string_equal(message->name, "systems/fraud/rawData/default");
	assert_int_equal(message->version, 7);
	assert_true(message->deleted);
	assert_int_equal(message->spec_case, TALLY__V1__DESCRIPTOR__SPEC__NOT_SET);
	row.deleted = false;
	row.body = "\xff";
	row.body_size = 1;
	assert_null(descriptors_of_row(arena, "fraud", &row));
	arena_free(arena);
}

static void finding_of_a_row(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct model_finding finding = finding_of("score");
	struct store_finding row = {.life = {.opened_revision = 2, .resolved_revision = 5}};
	memcpy(row.id, finding.id, sizeof(row.id));
	row.body = model_finding_pack(arena, &finding, &row.body_size);
	struct findings_item item;
	assert_true(findings_of_row(arena, &row, &item));
	assert_string_equal(item.finding->id, finding.id);
	assert_string_equal(item.finding->subject, "score");
	/* At the revision asked for it was still open. */
	assert_int_equal(item.life.resolved_revision, 0);
	row.resolved = true;
	assert_true(findings_of_row(arena, &row, &item));
	assert_int_equal(item.life.resolved_revision, 5);
	row.body_size -= 1;
	assert_false(findings_of_row(arena, &row, &item));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{"a change's findings name the versions they were found in", findings_of_a_change, NULL, NULL,
			NULL},
		{"findings that do not fit are counted", too_many_findings, NULL, NULL, NULL},
		{"a system shows what its owner said and its revision", system_of_a_view, NULL, NULL, NULL},
		{"a deleted version is marked and has no spec", version_of_a_row, NULL, NULL, NULL},
		{"a finding's row says whether it was open then", finding_of_a_row, NULL, NULL, NULL},
	};
	return CASES_RUN_ALL(tests, CASES_COUNT(tests));
}
