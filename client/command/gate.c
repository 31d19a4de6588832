/*
 * Asks the server what the gate needs to know, and decides.
 *
 *   know what was before -> evaluate (-> wait for a revision -> evaluate ...) -> decide -> explain
 */
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "command/failure.h"
#include "command/gate_inside.h"
#include "command/show.h"
#include "command/words.h"

static const char verdict_method[] = "/tally.v1.MismatchService/GetVerdict";

bool gate_is_expired(const struct tally_error *error)
{
	return strcmp(tally_code_name(error->code), "DEADLINE_EXCEEDED") == 0;
}

void gate_say_expired(const struct session *session)
{
	const char *wait = options_text(&session->options, "wait");
	const char *revision = options_text(&session->options, "min-revision");
	if (revision)
		failure_say("the wait of %s is over, and nothing is known of revision %s or a later one",
			wait, revision);
	else
		failure_say("the wait of %s is over, and the answer is still unknown", wait);
}

enum command_exit gate_exit(Tally__V1__Decision decision)
{
	if (decision == TALLY__V1__DECISION__DECISION_ALLOWED)
		return COMMAND_WELL;
	return decision == TALLY__V1__DECISION__DECISION_BLOCKED ? COMMAND_BLOCKED : COMMAND_UNKNOWN;
}

/* ---- what there is ---- */

static void fill(struct session *session, const struct gate_ask *ask, Tally__V1__EvaluateRequest *request)
{
	tally__v1__evaluate_request__init(request);
	request->parent = session_system_name(session, ask->system);
	request->environment = ask->environment;
	request->starting_set = ask->running ? TALLY__V1__EVALUATION_BASE__EVALUATION_BASE_DEPLOYED
					     : TALLY__V1__EVALUATION_BASE__EVALUATION_BASE_CURRENT;
	request->versions = ask->versions;
	request->n_versions = ask->version_count;
	request->descriptors = documents_descriptors(session, ask->system, &ask->with);
	request->n_descriptors = ask->with.count;
	request->baseline_revision = ask->baseline;
	request->min_revision = ask->min_revision;
}

/* A missing descriptor is owed by the team that makes its kind. */
static bool is_kind_owed(const struct gate_ask *ask, Tally__V1__Kind kind)
{
	if (!model_kind_known((int)kind))
		return true;
	const char *team = model_team_id(model_kind_info((enum model_kind)kind)->team);
	for (size_t i = 0; i < ask->team_count; i++) {
		if (strcmp(ask->teams[i], team) == 0)
			return true;
	}
	return ask->team_count == 0;
}

/* ---- the decision ---- */

/* The server counts all; here only what one team owes may count. */
static void count_owed(struct gate *gate)
{
	int32_t *counts[] = {NULL, &gate->verdict.note_count, &gate->verdict.warning_count,
		&gate->verdict.error_count, &gate->verdict.waived_count, &gate->verdict.grace_count};
	enum {
		WAIVED = 4,
		GRACE
	};
	for (size_t i = 1; i < sizeof(counts) / sizeof(counts[0]); i++)
		*counts[i] = 0;
	for (size_t i = 0; i < gate->report.count; i++) {
		const Tally__V1__Finding *finding = gate->report.findings[i];
		unsigned severity = (unsigned)finding->severity;
		size_t place = severity >= 1 && severity < WAIVED ? severity : 1;
		place = finding->waived ? WAIVED : finding->blocks_from ? GRACE : place;
		(*counts[place])++;
	}
}

static void take_needed(struct session *session, const struct gate_ask *ask, const struct gate_before *before,
	struct gate *gate)
{
	const Tally__V1__Kind *kinds = gate->verdict.needed_kinds;
	size_t count = gate->verdict.n_needed_kinds;
	gate->verdict.needed_kinds = arena_array(session->arena, count + 1, sizeof(*kinds));
	gate->verdict.n_needed_kinds = 0;
	for (size_t i = 0; i < count; i++) {
		bool was_missing = model_kind_known((int)kinds[i]) && (before->missing & KIND_BIT(kinds[i]));
		if (!was_missing && is_kind_owed(ask, kinds[i]))
			gate->verdict.needed_kinds[gate->verdict.n_needed_kinds++] = kinds[i];
	}
}

static void take_failing(struct session *session, struct gate *gate)
{
	size_t count = gate->report.count;
	gate->failing = arena_array(session->arena, count + 1, sizeof(Tally__V1__Finding *));
	gate->failing_count = 0;
	gate->verdict.blocking_findings = arena_array(session->arena, count + 1, sizeof(char *));
	for (size_t i = 0; i < count; i++) {
		Tally__V1__Finding *finding = gate->report.findings[i];
		if (!report_fails(&gate->report, finding))
			continue;
		gate->verdict.blocking_findings[gate->failing_count] = finding->name;
		gate->failing[gate->failing_count++] = finding;
	}
	gate->verdict.n_blocking_findings = gate->failing_count;
}

/* May a finding that fails be among those that did not fit into the answer? The gravest came first, and the
 * server counts all. */
static bool may_be_hidden(const struct gate_ask *ask, const Tally__V1__EvaluateResponse *answer)
{
	const Tally__V1__Verdict *verdict = answer->verdict;
	if (answer->omitted_findings == 0 || !verdict)
		return false;
	if (answer->n_findings > 0 && answer->findings[answer->n_findings - 1]->severity < ask->fail_on)
		return false;
	int64_t count = verdict->error_count;
	if (ask->fail_on <= TALLY__V1__SEVERITY__SEVERITY_WARNING)
		count += verdict->warning_count;
	if (ask->fail_on <= TALLY__V1__SEVERITY__SEVERITY_NOTE)
		count += verdict->note_count;
	return count > 0;
}

static Tally__V1__Decision decision(
	const struct gate_ask *ask, const Tally__V1__EvaluateResponse *answer, const struct gate *gate)
{
	bool hidden = gate->failing_count == 0 && may_be_hidden(ask, answer);
	bool all_count = ask->team_count == 0 && !ask->new_only;
	if (gate->failing_count > 0 || (hidden && all_count))
		return TALLY__V1__DECISION__DECISION_BLOCKED;
	if (gate->verdict.n_needed_kinds > 0 || hidden)
		return TALLY__V1__DECISION__DECISION_UNKNOWN;
	return TALLY__V1__DECISION__DECISION_ALLOWED;
}

static void decide(struct session *session, const struct gate_ask *ask, const struct gate_before *before,
	const Tally__V1__EvaluateResponse *answer, struct gate *gate)
{
	struct report *report = &gate->report;
	report->findings = gate_owed(session, ask, answer->findings, answer->n_findings, &report->count);
	show_sort_findings(report->findings, report->count);
	if (ask->new_only)
		gate_before_mark(before, gate);
	tally__v1__verdict__init(&gate->verdict);
	if (answer->verdict)
		gate->verdict = *answer->verdict;
	gate->omitted = answer->omitted_findings;
	report->revision = gate->verdict.revision;
	if (ask->team_count > 0)
		count_owed(gate);
	take_needed(session, ask, before, gate);
	take_failing(session, gate);
	gate->verdict.decision = decision(ask, answer, gate);
}

/* ---- asking ---- */

static enum command_exit fail(
	struct session *session, const struct gate_ask *ask, const struct tally_error *error)
{
	struct document_list list = ask->with;
	bool waited = ask->wait_ms > 0 || ask->min_revision > 0;
	if (ask->wait_ms > 0 && gate_is_expired(error))
		gate_say_expired(session);
	failure_call(error, session->server, ask->system, documents_place, &list);
	return waited && gate_is_expired(error) ? COMMAND_UNKNOWN : COMMAND_FAILED;
}

/* Waits until there is another revision to judge. @return false when none came, with the error set */
static bool wait_for(
	struct session *session, const struct gate_ask *ask, int64_t revision, struct tally_error *error)
{
	Tally__V1__GetVerdictRequest request = TALLY__V1__GET_VERDICT_REQUEST__INIT;
	request.system = session_system_name(session, ask->system);
	request.min_revision = revision;
	return session_try(session, verdict_method, &request.base, &tally__v1__verdict__descriptor, error);
}

/* Is there time left? Then it is what the next call may take. */
static bool time_left(struct session *session, const struct gate_ask *ask, int64_t end_us)
{
	if (ask->wait_ms == 0)
		return false;
	int64_t left_ms = (end_us - clock_steady_us()) / 1000;
	session->timeout_ms = left_ms > 0 ? (int)left_ms : 1;
	return left_ms > 0;
}

/* @param[out] error set when NULL is returned; an answer that is there already goes before an expired wait */
static const Tally__V1__EvaluateResponse *evaluate(struct session *session, const struct gate_ask *ask,
	const struct gate_before *before, struct gate *gate, struct tally_error *error)
{
	Tally__V1__EvaluateRequest request;
	const Tally__V1__EvaluateResponse *answer = NULL;
	int64_t end_us = clock_steady_us() + (int64_t)ask->wait_ms * 1000;
	fill(session, ask, &request);
	if (request.min_revision < before->revision)
		request.min_revision = before->revision;
	time_left(session, ask, end_us);
	for (;;) {
		const Tally__V1__EvaluateResponse *next = session_try(session, GATE_EVALUATE, &request.base,
			&tally__v1__evaluate_response__descriptor, error);
		if (!next)
			break;
		answer = next;
		decide(session, ask, before, answer, gate);
		if (ask->wait_ms == 0 || gate->verdict.decision != TALLY__V1__DECISION__DECISION_UNKNOWN)
			return answer;
		request.min_revision = gate->verdict.revision + 1;
		gate->expired = !time_left(session, ask, end_us);
		if (gate->expired)
			return answer;
		if (!wait_for(session, ask, request.min_revision, error))
			break;
		time_left(session, ask, end_us);
	}
	gate->expired = answer && gate_is_expired(error);
	return gate->expired ? answer : NULL;
}

/* The answers stay as they are: what is added goes into a copy. */
static void explain_one(struct session *session, Tally__V1__Finding **finding)
{
	struct tally_error error;
	Tally__V1__GetFindingRequest request = TALLY__V1__GET_FINDING_REQUEST__INIT;
	if ((*finding)->n_last_passed > 0 || (*finding)->opened_revision == 0)
		return;
	request.name = (*finding)->name;
	const Tally__V1__Finding *stored = session_try(session, "/tally.v1.MismatchService/GetFinding",
		&request.base, &tally__v1__finding__descriptor, &error);
	if (!stored)
		return; /* it changes nothing of the decision */
	*finding = arena_copy(session->arena, *finding, sizeof(**finding));
	(*finding)->last_passed = stored->last_passed;
	(*finding)->n_last_passed = stored->n_last_passed;
}

static void explain(struct session *session, struct gate *gate)
{
	size_t shown = 0;
	for (size_t i = 0; i < gate->report.count && shown < GATE_REASONS_MAX; i++) {
		if (!report_fails(&gate->report, gate->report.findings[i]))
			continue;
		explain_one(session, &gate->report.findings[i]);
		shown++;
	}
	take_failing(session, gate);
}

enum command_exit gate_judge(struct session *session, const struct gate_ask *ask, struct gate *gate)
{
	struct gate_before before;
	struct tally_error error;
	*gate = (struct gate){0};
	gate->report = (struct report){.system = ask->system,
		.environment = ask->environment,
		.verdict = &gate->verdict,
		.made_at_s = time(NULL),
		.fail_on = ask->fail_on,
		.scope = ask->scope};
	int timeout_ms = session->timeout_ms;
	bool known = gate_before_read(session, ask, &before);
	const Tally__V1__EvaluateResponse *answer =
		known ? evaluate(session, ask, &before, gate, &error) : NULL;
	session->timeout_ms = timeout_ms;
	gate->answered = answer != NULL;
	if (answer) {
		explain(session, gate);
		gate_compare(session, ask, &before, answer, gate);
	}
	map_done(&before.findings);
	if (!answer)
		return known ? fail(session, ask, &error) : COMMAND_FAILED;
	return gate_exit(gate->verdict.decision);
}

void gate_done(struct gate *gate)
{
	map_done(&gate->known);
}
