/* Between findings and the API's message: the one place where their members meet. */
#include <stdlib.h>
#include <string.h>

#include "model/finding.h"
#include "model/message.h"

static Tally__V1__DescriptorRef *place_message(struct arena *arena, const struct model_place *place)
{
	Tally__V1__DescriptorRef *ref = arena_alloc(arena, sizeof(*ref));
	tally__v1__descriptor_ref__init(ref);
	ref->kind = (Tally__V1__Kind)place->kind;
	ref->name = (char *)(uintptr_t)place->name;
	ref->field = (char *)(uintptr_t)place->field;
	ref->value = (char *)(uintptr_t)place->value;
	return ref;
}

static Tally__V1__Evidence *evidence_message(struct arena *arena, const struct model_evidence *evidence)
{
	Tally__V1__Evidence *message = arena_alloc(arena, sizeof(*message));
	tally__v1__evidence__init(message);
	message->measure = arena_text(arena, evidence->measure);
	message->unit = arena_text(arena, evidence->unit);
	message->method = arena_text(arena, evidence->method);
	message->bins = evidence->bins;
	message->reference_count = evidence->reference_count;
	message->current_count = evidence->current_count;
	if (evidence->has_value) {
		message->_value_case = TALLY__V1__EVIDENCE___VALUE_VALUE;
		message->value = evidence->value;
	}
	if (evidence->has_threshold) {
		message->_threshold_case = TALLY__V1__EVIDENCE___THRESHOLD_THRESHOLD;
		message->threshold = evidence->threshold;
	}
	return message;
}

static void fill_teams(struct arena *arena, Tally__V1__Finding *message, uint32_t teams)
{
	message->teams = arena_array(arena, TEAM_COUNT, sizeof(*message->teams));
	for (unsigned team = 0; team < TEAM_COUNT; team++)
		if (teams & TEAM_BIT(team))
			message->teams[message->n_teams++] =
				(char *)(uintptr_t)model_team_id((enum model_team)team);
}

static Tally__V1__FindingWaiver *waiver_message(
	struct arena *arena, const char *name, const struct model_waived *waived)
{
	Tally__V1__FindingWaiver *message = arena_alloc(arena, sizeof(*message));
	tally__v1__finding_waiver__init(message);
	message->name = (char *)(uintptr_t)name;
	message->reason = (char *)(uintptr_t)waived->reason;
	message->waived_by = (char *)(uintptr_t)waived->by;
	message->expire_time = model_timestamp(arena, waived->until_us);
	return message;
}

/* What the finding says, without name, versions and life. */
static Tally__V1__Finding *said(struct arena *arena, const struct model_finding *finding)
{
	Tally__V1__Finding *message = arena_alloc(arena, sizeof(*message));
	tally__v1__finding__init(message);
	message->rule = (char *)(uintptr_t)finding->rule;
	message->rule_class = (char *)(uintptr_t)model_class_id(finding->class);
	message->severity = (Tally__V1__Severity)finding->severity;
	message->subject = (char *)(uintptr_t)finding->subject;
	message->message = (char *)(uintptr_t)finding->message;
	message->rationale = (char *)(uintptr_t)finding->rationale;
	message->remedy = (char *)(uintptr_t)finding->remedy;
	fill_teams(arena, message, finding->teams);
	message->descriptors = arena_array(arena, finding->place_count, sizeof(*message->descriptors));
	for (size_t i = 0; i < finding->place_count; i++)
		message->descriptors[message->n_descriptors++] = place_message(arena, &finding->places[i]);
	message->evidence = arena_array(arena, finding->evidence_count, sizeof(*message->evidence));
	for (size_t i = 0; i < finding->evidence_count; i++)
		message->evidence[message->n_evidence++] = evidence_message(arena, &finding->evidence[i]);
	message->waived = finding->waived != NULL;
	if (finding->waived)
		message->waiver = waiver_message(arena, finding->waived->waiver, finding->waived);
	if (finding->blocks_from_us != MODEL_BLOCKS_LATER)
		message->blocks_from = model_timestamp(arena, finding->blocks_from_us);
	return message;
}

void *model_finding_pack(struct arena *arena, const struct model_finding *finding, size_t *size)
{
	Tally__V1__Finding *message = said(arena, finding);
	message->name = (char *)(uintptr_t)finding->id;
	return model_message_pack(arena, message, size);
}

/* Gives a place its version, and its source where it was imported. */
static void look_up(Tally__V1__DescriptorRef *ref, const struct model_versions *versions)
{
	for (size_t i = 0; i < versions->count; i++) {
		const struct model_version *version = versions->items[i];
		if ((int)version->kind != (int)ref->kind || strcmp(version->name, ref->name) != 0)
			continue;
		ref->version = version->version;
		if (versions->descriptors)
			ref->source = (Tally__V1__Source *)(uintptr_t)model_descriptor_source(
				versions->descriptors[i], ref->field);
		return;
	}
}

Tally__V1__Finding *model_finding_message(struct arena *arena, const char *system,
	const struct model_finding *finding, const struct model_finding_life *life,
	const struct model_versions *versions)
{
	Tally__V1__Finding *message = said(arena, finding);
	message->name = arena_print(arena, "systems/%s/findings/%s", system, finding->id);
	for (size_t i = 0; i < message->n_descriptors; i++)
		look_up(message->descriptors[i], versions);
	if (message->waiver)
		message->waiver->name =
			arena_print(arena, "systems/%s/waivers/%s", system, finding->waived->waiver);
	message->state =
		life->resolved_revision ? TALLY__V1__STATE__STATE_RESOLVED : TALLY__V1__STATE__STATE_OPEN;
	message->opened_revision = life->opened_revision;
	message->changed_revision = life->changed_revision;
	message->resolved_revision = life->resolved_revision;
	message->opened_at = model_timestamp(arena, life->opened_at_us);
	message->changed_at = model_timestamp(arena, life->changed_at_us);
	message->resolved_at = model_timestamp(arena, life->resolved_at_us);
	return message;
}

static bool take_places(struct arena *arena, const Tally__V1__Finding *message, struct model_finding *finding)
{
	struct model_place *places = arena_array(arena, message->n_descriptors, sizeof(*places));
	for (size_t i = 0; i < message->n_descriptors; i++) {
		const Tally__V1__DescriptorRef *ref = message->descriptors[i];
		if (!model_kind_known((int)ref->kind))
			return false;
		places[i] =
			(struct model_place){(enum model_kind)ref->kind, ref->name, ref->field, ref->value};
		finding->kinds |= KIND_BIT(ref->kind);
	}
	finding->places = places;
	finding->place_count = message->n_descriptors;
	return true;
}

static void take_evidence(
	struct arena *arena, const Tally__V1__Finding *message, struct model_finding *finding)
{
	struct model_evidence *evidence = arena_array(arena, message->n_evidence, sizeof(*evidence));
	for (size_t i = 0; i < message->n_evidence; i++) {
		const Tally__V1__Evidence *from = message->evidence[i];
		evidence[i] = (struct model_evidence){
			.measure = from->measure,
			.has_value = from->_value_case != 0,
			.value = from->_value_case ? from->value : 0,
			.unit = from->unit,
			.has_threshold = from->_threshold_case != 0,
			.threshold = from->_threshold_case ? from->threshold : 0,
			.method = from->method,
			.bins = from->bins,
			.reference_count = from->reference_count,
			.current_count = from->current_count,
		};
	}
	finding->evidence = evidence;
	finding->evidence_count = message->n_evidence;
}

static void take_waiver(struct arena *arena, const Tally__V1__Finding *message, struct model_finding *finding)
{
	finding->blocks_from_us = model_time_us(message->blocks_from);
	if (!message->waiver)
		return;
	struct model_waived *waived = arena_alloc(arena, sizeof(*waived));
	*waived = (struct model_waived){
		.waiver = message->waiver->name,
		.reason = message->waiver->reason,
		.by = message->waiver->waived_by,
		.until_us = model_time_us(message->waiver->expire_time),
	};
	finding->waived = waived;
}

bool model_finding_unpack(struct arena *arena, const void *body, size_t size, struct model_finding *finding)
{
	Tally__V1__Finding *message =
		model_message_unpack(arena, &tally__v1__finding__descriptor, body, size);
	if (!message || strlen(message->name) >= MODEL_FINDING_ID_SIZE ||
		(int)message->severity >= SEVERITY_END)
		return false;
	struct model_finding made = {
		.rule = message->rule,
		.class = model_class_by_id(message->rule_class),
		.severity = (enum model_severity)message->severity,
		.subject = message->subject,
		.message = message->message,
		.rationale = message->rationale,
		.remedy = message->remedy,
		.digest = model_digest_of(&(struct model_digest_part){body, size}, 1),
	};
	memcpy(made.id, message->name, strlen(message->name) + 1);
	for (size_t i = 0; i < message->n_teams; i++) {
		enum model_team team = model_team_by_id(message->teams[i]);
		made.teams |= team < TEAM_COUNT ? TEAM_BIT(team) : 0;
	}
	if (!take_places(arena, message, &made))
		return false;
	take_evidence(arena, message, &made);
	take_waiver(arena, message, &made);
	*finding = made;
	return true;
}
