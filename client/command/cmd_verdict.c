/* tally verdict: the gate. What its options ask beyond one constant-time call is in gate.h. */
#include <string.h>

#include "command/failure.h"
#include "command/gate.h"
#include "command/show.h"
#include "command/words.h"

enum {
	LAST_LOOK_MS = 5000,
};

/* Options that one constant-time call cannot answer. */
static bool is_plain(const struct session *session)
{
	static const char *const more[] = {
		"with", "use", "running", "new-only", "baseline", "team", "fail-on", "report"};
	const char *output = options_text(&session->options, "output");
	for (size_t i = 0; i < sizeof(more) / sizeof(more[0]); i++) {
		if (options_given(&session->options, more[i]))
			return false;
	}
	return !output || session->json || strcmp(output, "text") == 0;
}

/* What blocks, for people; a failure here changes nothing of the verdict. */
static void print_reasons(struct session *session, const Tally__V1__Verdict *verdict)
{
	size_t count = verdict->n_blocking_findings, shown = 0;
	Tally__V1__Finding *findings[GATE_REASONS_MAX];
	struct tally_error error;
	for (size_t i = 0; i < count && shown < GATE_REASONS_MAX; i++) {
		Tally__V1__GetFindingRequest request = TALLY__V1__GET_FINDING_REQUEST__INIT;
		request.name = verdict->blocking_findings[i];
		Tally__V1__Finding *finding = session_try(session, "/tally.v1.MismatchService/GetFinding",
			&request.base, &tally__v1__finding__descriptor, &error);
		if (!finding)
			break;
		findings[shown++] = finding;
	}
	show_sort_findings(findings, shown);
	gate_show_reasons(session, findings, shown, (size_t)verdict->error_count);
}

static void print(struct session *session, const Tally__V1__Verdict *verdict)
{
	if (session->json) {
		session_json(session, show_verdict_json(verdict));
		return;
	}
	show_verdict_line(session, verdict);
	if (verdict->decision == TALLY__V1__DECISION__DECISION_BLOCKED)
		print_reasons(session, verdict);
}

static const Tally__V1__Verdict *get_verdict(
	struct session *session, const Tally__V1__GetVerdictRequest *request, struct tally_error *error)
{
	return session_try(session, "/tally.v1.MismatchService/GetVerdict", &request->base,
		&tally__v1__verdict__descriptor, error);
}

/* The wait is over: what is known now is shown all the same, if the server still answers. */
static enum command_exit expire(struct session *session, Tally__V1__GetVerdictRequest *request)
{
	struct tally_error error;
	gate_say_expired(session);
	request->until_known = false;
	request->min_revision = 0;
	if (session->timeout_ms == 0 || session->timeout_ms > LAST_LOOK_MS)
		session->timeout_ms = LAST_LOOK_MS;
	const Tally__V1__Verdict *verdict = get_verdict(session, request, &error);
	if (verdict)
		print(session, verdict);
	return COMMAND_UNKNOWN;
}

static enum command_exit fail(struct session *session, const char *system, const struct tally_error *error)
{
	bool waited =
		options_given(&session->options, "wait") || options_given(&session->options, "min-revision");
	failure_call(error, session->server, system, NULL, NULL);
	return waited && gate_is_expired(error) ? COMMAND_UNKNOWN : COMMAND_FAILED;
}

static enum command_exit ask_plainly(struct session *session, const char *system)
{
	struct tally_error error;
	Tally__V1__GetVerdictRequest request = TALLY__V1__GET_VERDICT_REQUEST__INIT;
	int timeout_ms = session->timeout_ms;
	int wait_ms = options_duration_ms(&session->options, "wait", 0);
	request.system = session_system_name(session, system);
	request.environment = arena_text(session->arena, options_text(&session->options, "environment"));
	request.min_revision = options_number(&session->options, "min-revision", 0);
	request.until_known = wait_ms > 0;
	session->timeout_ms = wait_ms > 0 ? wait_ms : timeout_ms;
	const Tally__V1__Verdict *verdict = get_verdict(session, &request, &error);
	session->timeout_ms = timeout_ms;
	if (!verdict && wait_ms > 0 && gate_is_expired(&error))
		return expire(session, &request);
	if (!verdict)
		return fail(session, system, &error);
	print(session, verdict);
	return gate_exit(verdict->decision);
}

static enum command_exit judge(struct session *session)
{
	struct gate_ask ask;
	struct gate gate;
	if (!gate_ask_read(session, &ask))
		return COMMAND_FAILED;
	enum command_exit code = gate_judge(session, &ask, &gate);
	if (gate.expired)
		gate_say_expired(session);
	if (gate.answered && !gate_show(session, &ask, &gate))
		code = COMMAND_FAILED;
	gate_done(&gate);
	return code;
}

static enum command_exit ask(struct session *session)
{
	if (!is_plain(session))
		return judge(session);
	const char *system = session_system_argument(session);
	return system ? ask_plainly(session, system) : COMMAND_FAILED;
}

static enum command_exit run(struct session *session)
{
	enum command_exit code = ask(session);
	if (!options_given(&session->options, "dry-run"))
		return code;
	fprintf(stderr, "dry run: ends with 0 instead of %d\n", (int)code);
	return COMMAND_WELL;
}

static const struct option options[] = {
	{"system", 0, OPTION_TEXT, "SYSTEM", "else the argument or $TALLY_SYSTEM", NULL, NULL},
	{"environment", 'e', OPTION_TEXT, "NAME",
		"the name of a production environment: findings about other ones do not count", NULL, NULL},
	{"to-environment", 0, OPTION_TEXT, "NAME", "another word for --environment", NULL, "environment"},
	{"with", 'w', OPTION_TEXT, "FILE",
		"documents that are not pushed, as if they were; repeat it for more", NULL, NULL},
	{"use", 0, OPTION_TEXT, "KIND[/NAME]@VERSION", "this version instead; repeat it for more", NULL,
		NULL},
	{"running", 0, OPTION_FLAG, NULL,
		"begin with what runs in the environment instead of the current versions", NULL, NULL},
	{"new-only", 0, OPTION_FLAG, NULL,
		"only what is new counts: with --environment against what is recorded to run there (where "
		"nothing is, every finding is new), else, with --with or --use, against the current versions",
		NULL, NULL},
	{"baseline", 0, OPTION_NUMBER, "REVISION", "only what is new counts: against this revision", NULL,
		NULL},
	{"team", 0, OPTION_CHOICE, "TEAM", "only what these teams owe counts", words_teams, NULL},
	{"fail-on", 0, OPTION_CHOICE, "SEVERITY", "what blocks: this severity (error) and graver ones",
		words_severities, NULL},
	{"wait", 0, OPTION_DURATION, "TIME", "wait until the answer is known, e.g. 5m", NULL, NULL},
	{"min-revision", 0, OPTION_NUMBER, "REVISION", "wait until this revision is judged", NULL, NULL},
	{"dry-run", 0, OPTION_FLAG, NULL, "say it, but end with 0", NULL, NULL},
	{"report", 0, OPTION_TEXT, "FORMAT=FILE",
		"write the same answer to a file too, e.g. sarif=tally.sarif; repeat it for more", NULL,
		NULL},
	REPORT_OUTPUT_OPTION,
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_verdict = {
	.name = "verdict",
	.alias = "can-i-deploy",
	.summary = "May this system be deployed?",
	.arguments = "[SYSTEM]",
	.about = "Exit codes: 0 allowed, 1 blocked, 2 no answer (usage, connection, server), 3 unknown:\n"
		 "a descriptor that a blocking rule needs was not pushed, or the wait expired.\n"
		 "Judged are the current versions, or with --running those that `tally\n"
		 "record-deployment` recorded; --use and --with take the place of some of them. Nothing\n"
		 "is stored. A finding that was there before counts as new when it got graver or its\n"
		 "waiver ended.",
	.options = options,
	.words = WORDS_TEXT,
	.most = 1,
	.example = "  tally verdict fraud-scoring --environment eu-west && ./deploy\n"
		   "  tally verdict fraud-scoring --with model.yaml --new-only\n"
		   "  tally verdict fraud-scoring -e eu-west --running --use trained_model/scorer@3",
	.run = run,
};
