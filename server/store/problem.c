/*
 * SQLSTATE to fault: the one place that knows Postgres' error codes.
 */
#include "store/problem.h"

#include "store/problem_states.h"

static bool fits(const struct problem_state *state, const char *code, bool prepared)
{
	return strncmp(code, state->prefix, strlen(state->prefix)) == 0 &&
	       (prepared || state->reach != REACH_PREPARED);
}

static const struct problem_state *state_of(const char *code, bool prepared)
{
	const struct problem_state *state = problem_states;
	while (!fits(state, code, prepared))
		state++;
	return state;
}

static const char *field(const PGresult *result, int which)
{
	const char *text = PQresultErrorField(result, which);
	return text ? text : "";
}

/* Messages of libpq have several lines; ours have one. */
static void one_line(char *text, size_t room, const char *from)
{
	size_t size = 0;
	for (; *from && size + 1 < room; from++) {
		char c = *from == '\n' || *from == '\t' ? ' ' : *from;
		if (c == ' ' && (size == 0 || text[size - 1] == ' '))
			continue;
		text[size++] = c;
	}
	while (size > 0 && text[size - 1] == ' ')
		size--;
	text[size] = '\0';
}

enum fault_code problem_of_result(
	const PGresult *result, const char *statement, bool prepared, struct fault *fault)
{
	char text[400];
	const char *code = field(result, PG_DIAG_SQLSTATE);
	const struct problem_state *state = state_of(code, prepared);
	const char *message = field(result, PG_DIAG_MESSAGE_PRIMARY);
	one_line(text, sizeof(text), message[0] ? message : PQresultErrorMessage(result));
	fault_set(fault, state->fault, state->reason, "%s: %s", state->meaning, text);
	fault_add(fault, "sqlstate", "%s", code);
	fault_add(fault, "statement", "%s", statement);
	return fault->code;
}

bool problem_is_fatal(const PGresult *result)
{
	const char *severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
	return strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0;
}

bool problem_ends_connection(const PGresult *result, bool prepared)
{
	return problem_is_fatal(result) ||
	       state_of(field(result, PG_DIAG_SQLSTATE), prepared)->reach != REACH_STATEMENT;
}

enum fault_code problem_of_connection(const PGconn *pg, struct fault *fault)
{
	char text[400];
	one_line(text, sizeof(text), pg ? PQerrorMessage(pg) : "out of memory");
	return fault_set(fault, FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE",
		"the database cannot be reached: %s", text[0] ? text : "the connection was lost");
}
