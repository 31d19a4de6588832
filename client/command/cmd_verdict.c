/* tally verdict: the gate. */
#include <string.h>

#include "command/failure.h"
#include "command/session.h"
#include "command/show.h"
#include "command/words.h"
#include "tally/v1/mismatch_service.pb-c.h"

enum {
	REASONS_SHOWN = 20,
};

static enum command_exit exit_of(Tally__V1__Decision decision)
{
	if (decision == TALLY__V1__DECISION__DECISION_ALLOWED)
		return COMMAND_WELL;
	return decision == TALLY__V1__DECISION__DECISION_BLOCKED ? COMMAND_BLOCKED : COMMAND_UNKNOWN;
}

/* What blocks, for people; a failure here changes nothing of the verdict. */
static void print_reasons(struct session *session, const Tally__V1__Verdict *verdict)
{
	size_t count = verdict->n_blocking_findings, shown = 0;
	Tally__V1__Finding *findings[REASONS_SHOWN];
	struct tally_error error;
	for (size_t i = 0; i < count && shown < REASONS_SHOWN; i++) {
		Tally__V1__GetFindingRequest request = TALLY__V1__GET_FINDING_REQUEST__INIT;
		request.name = verdict->blocking_findings[i];
		Tally__V1__Finding *finding = session_try(session, "/tally.v1.MismatchService/GetFinding",
			&request.base, &tally__v1__finding__descriptor, &error);
		if (!finding)
			break;
		findings[shown++] = finding;
	}
	if (shown == 0)
		return;
	buffer_text(&session->out, "\n");
	show_sort_findings(findings, shown);
	show_findings_table(session, findings, shown);
	if (shown < (size_t)verdict->error_count)
		buffer_print(&session->out, "and %s more\n",
			words_count(session->arena, verdict->error_count - (int64_t)shown, "error"));
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

static enum command_exit fail(struct session *session, const char *system, const struct tally_error *error)
{
	bool expired = strcmp(tally_code_name(error->code), "DEADLINE_EXCEEDED") == 0;
	failure_call(error, session->server, system, NULL, NULL);
	return expired && options_given(&session->options, "min-revision") ? COMMAND_UNKNOWN : COMMAND_FAILED;
}

static enum command_exit ask(struct session *session, const char *system)
{
	struct tally_error error;
	Tally__V1__GetVerdictRequest request = TALLY__V1__GET_VERDICT_REQUEST__INIT;
	request.system = session_system_name(session, system);
	request.environment = arena_text(session->arena, options_text(&session->options, "environment"));
	request.min_revision = options_number(&session->options, "min-revision", 0);
	const Tally__V1__Verdict *verdict = session_try(session, "/tally.v1.MismatchService/GetVerdict",
		&request.base, &tally__v1__verdict__descriptor, &error);
	if (!verdict)
		return fail(session, system, &error);
	print(session, verdict);
	return exit_of(verdict->decision);
}

static enum command_exit run(struct session *session)
{
	const char *system = session_system_argument(session);
	if (!system)
		return COMMAND_FAILED;
	enum command_exit code = ask(session, system);
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
	{"min-revision", 0, OPTION_NUMBER, "REVISION", "wait until this revision is judged", NULL, NULL},
	{"dry-run", 0, OPTION_FLAG, NULL, "say it, but end with 0", NULL, NULL},
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_verdict = {
	.name = "verdict",
	.alias = "can-i-deploy",
	.summary = "May this system be deployed?",
	.arguments = "[SYSTEM]",
	.about = "Exit codes: 0 allowed, 1 blocked, 2 no answer (usage, connection, server), 3 unknown:\n"
		 "a descriptor that a blocking rule needs was not pushed, or the wait expired.",
	.options = options,
	.words = WORDS_TEXT,
	.most = 1,
	.example = "  tally verdict fraud-scoring --environment eu-west && ./deploy",
	.run = run,
};
