/* What was there before, and how what is there now differs from it. Decides nothing. */
#include <string.h>

#include "command/failure.h"
#include "command/gate_inside.h"
#include "command/listing.h"
#include "command/show.h"

/* ---- reading ---- */

static void put_before(struct gate_before *before, Tally__V1__Finding **findings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		map_put(&before->findings, findings[i]->name, findings[i]);
}

/* A finding has a place without a name where a kind was missing. */
static void take_missing(struct gate_before *before, const Tally__V1__Finding *finding)
{
	for (size_t i = 0; i < finding->n_descriptors; i++) {
		const Tally__V1__DescriptorRef *place = finding->descriptors[i];
		if (!*place->name && place->version == 0 && model_kind_known((int)place->kind))
			before->missing |= KIND_BIT(place->kind);
	}
}

static bool know_revision(struct session *session, const struct gate_ask *ask, struct gate_before *before)
{
	Tally__V1__ListFindingsRequest request;
	struct listing listing = {.system = ask->system};
	listing_request(session, ask->system, &request);
	request.as_of_revision = ask->baseline;
	if (!listing_read(session, &request, &listing))
		return false;
	put_before(before, listing.findings, listing.count);
	for (size_t i = 0; i < listing.count; i++)
		take_missing(before, listing.findings[i]);
	return true;
}

/* Where nothing is recorded to run, all of it is new. */
static bool know_nothing(const struct session *session, const struct gate_ask *ask, struct tally_error *error)
{
	if (strcmp(error->reason, "DEPLOYMENT_NOT_FOUND") != 0 || ask->running) {
		failure_call(error, session->server, ask->system, NULL, NULL);
		return false;
	}
	fprintf(stderr, "nothing is recorded to run in %s of %s: every finding counts as new\n",
		ask->environment, ask->system);
	return true;
}

static bool know_evaluated(struct session *session, const struct gate_ask *ask, struct gate_before *before)
{
	struct tally_error error;
	Tally__V1__EvaluateRequest request = TALLY__V1__EVALUATE_REQUEST__INIT;
	request.parent = session_system_name(session, ask->system);
	request.environment = ask->environment;
	if (*ask->environment)
		request.starting_set = TALLY__V1__EVALUATION_BASE__EVALUATION_BASE_DEPLOYED;
	const Tally__V1__EvaluateResponse *answer = session_try(
		session, GATE_EVALUATE, &request.base, &tally__v1__evaluate_response__descriptor, &error);
	if (!answer)
		return know_nothing(session, ask, &error);
	if (answer->omitted_findings > 0)
		fprintf(stderr, "%d findings of before count as new: more than fit into one answer\n",
			(int)answer->omitted_findings);
	put_before(before, answer->findings, answer->n_findings);
	before->revision = answer->verdict ? answer->verdict->revision : 0;
	for (size_t i = 0; answer->verdict && i < answer->verdict->n_missing_kinds; i++)
		before->missing |= KIND_BIT(answer->verdict->missing_kinds[i]);
	return true;
}

bool gate_before_read(struct session *session, const struct gate_ask *ask, struct gate_before *before)
{
	*before = (struct gate_before){0};
	if (!ask->new_only)
		return true;
	return ask->baseline > 0 ? know_revision(session, ask, before) : know_evaluated(session, ask, before);
}

/* ---- comparing ---- */

/* Something that was there, but held by a waiver or less grave, is new all the same. */
static bool is_worse(const Tally__V1__Finding *now, const Tally__V1__Finding *was)
{
	return now->severity > was->severity || (was->waived && !now->waived) ||
	       (was->blocks_from && !now->blocks_from);
}

void gate_before_mark(const struct gate_before *before, struct gate *gate)
{
	map_done(&gate->known);
	for (size_t i = 0; i < gate->report.count; i++) {
		Tally__V1__Finding *finding = gate->report.findings[i];
		const Tally__V1__Finding *was = map_get(&before->findings, finding->name);
		if (was && !is_worse(finding, was))
			map_put(&gate->known, finding->name, finding);
	}
	gate->report.known = &gate->known;
}

static bool is_owed(const struct gate_ask *ask, const Tally__V1__Finding *finding)
{
	for (size_t i = 0; i < ask->team_count; i++) {
		for (size_t j = 0; j < finding->n_teams; j++) {
			if (strcmp(ask->teams[i], finding->teams[j]) == 0)
				return true;
		}
	}
	return ask->team_count == 0;
}

Tally__V1__Finding **gate_owed(struct session *session, const struct gate_ask *ask,
	Tally__V1__Finding *const *findings, size_t count, size_t *owed_count)
{
	Tally__V1__Finding **kept = arena_array(session->arena, count + 1, sizeof(Tally__V1__Finding *));
	*owed_count = 0;
	for (size_t i = 0; i < count; i++) {
		if (is_owed(ask, findings[i]))
			kept[(*owed_count)++] = findings[i];
	}
	return kept;
}

static void compare_with_before(struct session *session, const struct gate_ask *ask,
	const struct gate_before *before, struct gate *gate)
{
	struct map now = {0};
	size_t at = 0;
	const struct report *report = &gate->report;
	gate->opened = arena_array(session->arena, report->count + 1, sizeof(Tally__V1__Finding *));
	gate->resolved =
		arena_array(session->arena, before->findings.count + 1, sizeof(Tally__V1__Finding *));
	gate->opened_count = gate->resolved_count = 0;
	for (size_t i = 0; i < report->count; i++) {
		Tally__V1__Finding *finding = report->findings[i];
		map_put(&now, finding->name, finding);
		if (!map_get(&before->findings, finding->name))
			gate->opened[gate->opened_count++] = finding;
	}
	for (Tally__V1__Finding *was; (was = map_next(&before->findings, &at));) {
		if (!map_get(&now, was->name) && is_owed(ask, was))
			gate->resolved[gate->resolved_count++] = was;
	}
	map_done(&now);
}

static void compare_as_told(struct session *session, const struct gate_ask *ask,
	const Tally__V1__EvaluateResponse *answer, struct gate *gate)
{
	struct map opened = {0};
	const struct report *report = &gate->report;
	for (size_t i = 0; i < answer->n_opened; i++)
		map_put(&opened, answer->opened[i], answer->opened[i]);
	gate->opened = arena_array(session->arena, report->count + 1, sizeof(Tally__V1__Finding *));
	gate->opened_count = 0;
	for (size_t i = 0; i < report->count; i++) {
		if (map_get(&opened, report->findings[i]->name))
			gate->opened[gate->opened_count++] = report->findings[i];
	}
	gate->resolved = gate_owed(session, ask, answer->resolved, answer->n_resolved, &gate->resolved_count);
	map_done(&opened);
}

void gate_compare(struct session *session, const struct gate_ask *ask, const struct gate_before *before,
	const Tally__V1__EvaluateResponse *answer, struct gate *gate)
{
	gate->compared = ask->new_only || ask->version_count > 0 || ask->with.count > 0;
	if (ask->new_only && ask->baseline == 0)
		compare_with_before(session, ask, before, gate);
	else
		compare_as_told(session, ask, answer, gate);
	show_sort_findings(gate->opened, gate->opened_count);
	show_sort_findings(gate->resolved, gate->resolved_count);
}
