/*
 * The gate beyond one constant-time call: versions that are chosen or not
 * pushed, what runs in an environment, only what is new, only what one team
 * owes, and the findings in formats of other programs. One evaluation answers
 * all of it, so that whatever is printed shows the same revision.
 */
#ifndef COMMAND_GATE_H
#define COMMAND_GATE_H

#include "command/documents.h"
#include "command/report.h"
#include "command/session.h"
#include "tally/v1/mismatch_service.pb-c.h"

/* What is asked, by the options of the command. All of it is the session's. */
struct gate_ask {
	const char *system;
	char *environment;         /* "" for the whole system */
	struct document_list with; /* not pushed */
	char **versions;           /* in place of the current ones; resource names */
	size_t version_count;
	bool running;     /* begin with what runs in the environment */
	bool new_only;    /* only what is new counts ... */
	int64_t baseline; /* ... after this revision; 0: against what runs, or what is current */
	char **teams;     /* only what these owe counts; none: all */
	size_t team_count;
	Tally__V1__Severity fail_on;
	int64_t min_revision;
	int wait_ms;       /* 0: no wait */
	const char *scope; /* all that in words, "" for nothing in particular */
};

/* What came of it. */
struct gate {
	bool answered;
	struct report report; /* with the verdict below */
	struct map known;
	Tally__V1__Verdict verdict; /* as the options let it be: decision, counts, all that blocks */
	Tally__V1__Finding **failing;
	size_t failing_count;
	bool compared; /* the two below mean something */
	Tally__V1__Finding **opened, **resolved;
	size_t opened_count, resolved_count;
	int omitted;  /* findings that the server left out: more than fit into one answer */
	bool expired; /* the wait is over, and the answer is still unknown */
};

/** Reads options and files. @param[out] ask  set on success only @return false after complaining */
bool gate_ask_read(struct session *session, struct gate_ask *ask);

/**
 * Asks the server.
 *
 * @param[out] gate  to be freed with gate_done() in any case
 * @return the code to end with; when gate->answered is false it has complained
 */
enum command_exit gate_judge(struct session *session, const struct gate_ask *ask, struct gate *gate);

void gate_done(struct gate *gate);

/** Writes what came of it in the format of --output, and all of --report. @return false after complaining */
bool gate_show(struct session *session, const struct gate_ask *ask, struct gate *gate);

/** Writes findings one by one with all that explains them. @param all how many block, those too that are not
 * shown */
void gate_show_reasons(
	struct session *session, Tally__V1__Finding *const *findings, size_t count, size_t all);

/** Returns the code that a decision ends with. */
enum command_exit gate_exit(Tally__V1__Decision decision);

/** Says that the wait is over. */
void gate_say_expired(const struct session *session);

/** Did a call end because its time was over? */
bool gate_is_expired(const struct tally_error *error);

enum {
	GATE_REASONS_MAX = 20, /* findings that are explained one by one */
};

#endif
