/* The table of problem.c. */
#ifndef STORE_PROBLEM_STATES_H
#define STORE_PROBLEM_STATES_H

#include "base/fault.h"

/* What does not work any more. */
enum problem_reach {
	REACH_STATEMENT,  /* this statement */
	REACH_CONNECTION, /* the next call does better with a new one */
	REACH_PREPARED,   /* so too, when the statement was prepared; otherwise the row does not fit */
};

struct problem_state {
	const char *prefix; /* of the SQLSTATE; the first row that fits counts, "" ends the table */
	enum fault_code fault;
	const char *reason;
	const char *meaning;
	enum problem_reach reach;
};

static const struct problem_state problem_states[] = {
	{"08", FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "the connection to the database was lost",
		REACH_CONNECTION},
	{"57P", FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "the database stops or starts", REACH_CONNECTION},
	{"25P03", FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "the database gave up waiting for this server",
		REACH_CONNECTION},
	{"25006", FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "the database accepts no writes",
		REACH_CONNECTION},
	{"28", FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "the database refuses this user", REACH_CONNECTION},
	{"3D", FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "there is no such database", REACH_CONNECTION},
	{"53", FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "the database has no room for more",
		REACH_STATEMENT},
	{"58", FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "the database's machine has a problem",
		REACH_STATEMENT},
	{"57014", FAULT_TIMEOUT, "DATABASE_TIMEOUT", "the database took too long", REACH_STATEMENT},
	{"55P03", FAULT_TIMEOUT, "DATABASE_TIMEOUT", "another writer kept a lock too long", REACH_STATEMENT},
	{"40003", FAULT_UNCERTAIN, "COMMIT_UNKNOWN", "it is not known whether the write was kept",
		REACH_CONNECTION},
	{"40", FAULT_CONFLICT, "REVISION_CONFLICT", "another writer won", REACH_STATEMENT},
	{"23505", FAULT_CONFLICT, "REVISION_CONFLICT", "another writer won", REACH_STATEMENT},
	/* Nothing else divides: update_systems.sql says why. */
	{"22012", FAULT_CONFLICT, "REVISION_CONFLICT", "another writer won", REACH_STATEMENT},
	{"26", FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "the connection lost its prepared statements",
		REACH_CONNECTION},
	{"0A000", FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "the schema changed under the connection",
		REACH_PREPARED},
	{"42P05", FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "the connection is shared with another client",
		REACH_CONNECTION},
	{"42501", FAULT_INVALID, "SCHEMA_MISMATCH", "the database refuses this user a table",
		REACH_CONNECTION},
	{"42", FAULT_INVALID, "SCHEMA_MISMATCH", "the database's schema does not fit; run the migrations",
		REACH_CONNECTION},
	{"3F", FAULT_INVALID, "SCHEMA_MISMATCH", "the database's schema does not fit; run the migrations",
		REACH_CONNECTION},
	{"54", FAULT_EXHAUSTED, "DATABASE_LIMIT", "it is more than the database takes at once",
		REACH_STATEMENT},
	{"", FAULT_INTERNAL, "DATABASE_ERROR", "the database refused a statement", REACH_STATEMENT},
};

#endif
