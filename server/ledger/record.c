/* Rows and events of a batch. */
#include "ledger/record.h"

#include <string.h>

#include "base/plant.h"
#include "model/message.h"
#include "tally/v1/event.pb-c.h"

/* Room for one more row at the end of an array; arrays double. */
static void *one_more(struct arena *arena, void **rows, size_t *count, size_t *room, size_t size)
{
	if (*count == *room) {
		size_t wider = *room ? *room * 2 : 16;
		void *moved = arena_array(arena, wider, size);
		if (*count)
			memcpy(moved, *rows, *count * size);
		*rows = moved;
		*room = wider;
	}
	return (char *)*rows + (*count)++ * size;
}

#define ADD(record, name)                                                                                    \
	one_more((record)->arena, (void **)&(record)->batch.name##s, &(record)->batch.name##_count,          \
		&(record)->name##_room, sizeof(*(record)->batch.name##s))

/* ---- findings ---- */

static void end_state(struct record *record, const struct ledger_view *after, int partition,
	const char *finding, int64_t since_revision, bool resolved)
{
	struct store_finding_end *end = ADD(record, end);
	*end = (struct store_finding_end){
		.partition = partition,
		.system = after->system.id,
		.finding = finding,
		.since_revision = since_revision,
		.until_revision = after->revision,
		.until_at_us = after->updated_at_us,
		.resolved = resolved,
	};
}

static void write_state(struct record *record, const struct ledger_view *after, int partition,
	const struct ledger_finding *finding)
{
	struct store_finding_write *row = ADD(record, finding);
	*row = (struct store_finding_write){
		.partition = partition,
		.system = after->system.id,
		.finding = finding->finding,
		.since_revision = finding->life.changed_revision,
		.since_at_us = finding->life.changed_at_us,
		.opened_revision = finding->life.opened_revision,
		.opened_at_us = finding->life.opened_at_us,
	};
	row->body = model_finding_pack(record->arena, finding->finding, &row->body_size);
}

static void record_findings(struct record *record, const struct applied *applied, int partition)
{
	const struct ledger_outcome *outcome = &applied->outcome;
	const struct ledger_view *after = applied->view;
	for (size_t i = 0; i < outcome->resolved_count; i++)
		if (!PLANTED("lost-resolve"))
			end_state(record, after, partition, outcome->resolved[i]->finding->id,
				outcome->resolved[i]->life.changed_revision, true);
	for (size_t i = 0; i < outcome->changed_count; i++) {
		end_state(record, after, partition, outcome->changed[i]->finding->id,
			applied->changed_since[i], false);
		write_state(record, after, partition, outcome->changed[i]);
	}
	for (size_t i = 0; i < outcome->opened_count; i++)
		write_state(record, after, partition, outcome->opened[i]);
	for (size_t i = 0; outcome->before && i < outcome->before->stray_count; i++)
		end_state(record, after, partition, outcome->before->strays[i].id,
			outcome->before->strays[i].since_revision, true);
}

/* ---- events ---- */

/* What all events of one revision share. */
struct telling {
	struct record *record;
	const struct applied *applied;
	int partition;
	struct model_versions versions; /* after the change */
	struct model_versions earlier;  /* before it, for what is resolved */
};

static void tell(struct telling *telling, Tally__V1__Event *event, struct model_event_facts *facts)
{
	const struct ledger_view *after = telling->applied->view;
	struct arena *arena = telling->record->arena;
	event->system = arena_print(arena, "systems/%s", after->system.id);
	event->revision = after->revision;
	event->type = (Tally__V1__EventType)facts->type;
	event->time = model_timestamp(arena, after->updated_at_us);
	snprintf(facts->system, sizeof(facts->system), "%s", after->system.id);
	facts->revision = after->revision;
	facts->at_us = after->updated_at_us;
	struct store_event_write *row = ADD(telling->record, event);
	*row = (struct store_event_write){.partition = telling->partition, .facts = *facts};
	row->body = model_message_pack(arena, event, &row->body_size);
}

static void tell_plain(struct telling *telling, enum model_event_type type)
{
	Tally__V1__Event event = TALLY__V1__EVENT__INIT;
	tell(telling, &event, &(struct model_event_facts){.type = type});
}

/* Whoever hears of waivers and policies hears of them by their own types; a clock is not told of, only what
 * it brings. */
static enum model_event_type type_of(const struct store_version *version)
{
	switch (version->version.kind) {
	case KIND_POLICY: return EVENT_POLICY_CHANGED;
	case KIND_WAIVER: return version->deleted ? EVENT_WAIVER_ENDED : EVENT_WAIVER_ADDED;
	case KIND_CLOCK: return EVENT_NONE;
	default: return version->deleted ? EVENT_DESCRIPTOR_DELETED : EVENT_DESCRIPTOR_PUSHED;
	}
}

static void tell_version(
	struct telling *telling, enum model_event_type type, const struct store_version *version)
{
	if (type == EVENT_NONE)
		return;
	Tally__V1__Event event = TALLY__V1__EVENT__INIT;
	event.what_case = TALLY__V1__EVENT__WHAT_DESCRIPTOR;
	event.descriptor = model_descriptor_message_of(
		telling->record->arena, telling->applied->view->system.id, &version->version, NULL);
	event.descriptor->deleted = version->deleted;
	tell(telling, &event,
		&(struct model_event_facts){.type = type, .kinds = KIND_BIT(version->version.kind)});
}

static void tell_finding(
	struct telling *telling, enum model_event_type type, const struct ledger_finding *finding)
{
	const struct model_finding *said = finding->finding;
	Tally__V1__Event event = TALLY__V1__EVENT__INIT;
	event.what_case = TALLY__V1__EVENT__WHAT_FINDING;
	event.finding = model_finding_message(telling->record->arena, telling->applied->view->system.id, said,
		&finding->life, type == EVENT_FINDING_RESOLVED ? &telling->earlier : &telling->versions);
	tell(telling, &event,
		&(struct model_event_facts){.type = type,
			.kinds = said->kinds,
			.class = (uint8_t)said->class,
			.severity = (uint8_t)said->severity,
			.teams = said->teams});
}

static void tell_findings(struct telling *telling, enum model_event_type type,
	const struct ledger_finding *const *findings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		tell_finding(telling, type, findings[i]);
}

/* A finding of a rule that this server does not have: all that is known of it is its id. */
static void tell_stray(struct telling *telling, const struct store_open_finding *stray)
{
	const struct ledger_view *after = telling->applied->view;
	struct model_finding said = {.rule = "", .subject = "", .message = "", .rationale = "", .remedy = ""};
	memcpy(said.id, stray->id, sizeof(said.id));
	struct ledger_finding finding = {&said, stray->life};
	finding.life.resolved_revision = after->revision;
	finding.life.resolved_at_us = after->updated_at_us;
	tell_finding(telling, EVENT_FINDING_RESOLVED, &finding);
}

static void tell_verdict(struct telling *telling)
{
	const struct ledger_view *after = telling->applied->view;
	const struct ledger_view *before = telling->applied->outcome.before;
	if (after->deleted ||
		(before && !before->deleted && model_verdict_equal(&before->verdict, &after->verdict)))
		return;
	Tally__V1__Event event = TALLY__V1__EVENT__INIT;
	event.what_case = TALLY__V1__EVENT__WHAT_VERDICT;
	event.verdict = model_verdict_message(
		telling->record->arena, after->system.id, after->revision, "", &after->verdict);
	tell(telling, &event, &(struct model_event_facts){.type = EVENT_VERDICT_CHANGED});
}

/* The order inside a revision: what was done, then what follows from it. */
static void record_events(struct record *record, const struct applied *applied, int partition)
{
	const struct ledger_outcome *outcome = &applied->outcome;
	const struct ledger_view *before = outcome->before;
	struct telling telling = {record, applied, partition, {0}, {0}};
	telling.versions = model_system_versions(record->arena, &applied->view->system);
	if (before)
		telling.earlier = model_system_versions(record->arena, &before->system);
	if (!before || before->deleted)
		tell_plain(&telling, EVENT_SYSTEM_CREATED);
	for (size_t i = 0; i < applied->version_count; i++)
		tell_version(&telling, type_of(&applied->versions[i].version), &applied->versions[i].version);
	for (size_t i = 0; i < applied->lapsed_count; i++)
		tell_version(&telling, EVENT_WAIVER_ENDED,
			&(struct store_version){.version = *model_descriptor_version(applied->lapsed[i])});
	tell_findings(&telling, EVENT_FINDING_RESOLVED, outcome->resolved, outcome->resolved_count);
	for (size_t i = 0; before && i < before->stray_count; i++)
		tell_stray(&telling, &before->strays[i]);
	tell_findings(&telling, EVENT_FINDING_CHANGED, outcome->changed, outcome->changed_count);
	tell_findings(&telling, EVENT_FINDING_OPENED, outcome->opened, outcome->opened_count);
	tell_verdict(&telling);
	if (applied->view->deleted)
		tell_plain(&telling, EVENT_SYSTEM_DELETED);
	record->batch.events[record->batch.event_count - 1].facts.last = true;
}

/* ---- all of it ---- */

void record_change(struct record *record, const struct applied *applied, int partition)
{
	for (size_t i = 0; i < applied->version_count; i++) {
		struct store_version_write *row = ADD(record, version);
		*row = applied->versions[i];
	}
	record_findings(record, applied, partition);
	record_events(record, applied, partition);
}

void record_system(struct record *record, const struct ledger_view *view, int partition,
	const struct store_stamp *expected)
{
	int64_t due_us = ledger_view_due_us(view);
	struct store_system_write *row = ADD(record, system);
	*row = (struct store_system_write){
		.expected = *expected,
		.system = {.partition = partition,
			.revision = view->revision,
			.deleted = view->deleted,
			.created_at_us = view->created_at_us,
			.updated_at_us = view->updated_at_us,
			.meta = view->meta,
			.meta_size = view->meta_size,
			.due_at_us = due_us == INT64_MAX ? 0 : due_us},
	};
	snprintf(row->system.id, sizeof(row->system.id), "%s", view->system.id);
	Tally__V1__Verdict *verdict =
		model_verdict_message(record->arena, view->system.id, view->revision, "", &view->verdict);
	row->system.verdict = model_message_pack(record->arena, verdict, &row->system.verdict_size);
}

void record_request(struct record *record, const struct ledger_change *change, int partition, int64_t now_us)
{
	struct store_request_write *row = ADD(record, request);
	*row = (struct store_request_write){
		.partition = partition,
		.system = change->system,
		.request_id = change->request_id,
		.request = {.fingerprint = change->fingerprint,
			.answer = change->answer,
			.answer_size = change->answer_size},
		.created_at_us = now_us,
	};
}
