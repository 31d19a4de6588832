/* The table of problem.c; the tests walk it too. */
#ifndef STORE_PROBLEM_STATES_H
#define STORE_PROBLEM_STATES_H

#include <stdbool.h>

#include "base/fault.h"

struct problem_state {
	const char *prefix; /* of the SQLSTATE; the first row that fits counts, "" ends the table */
	enum fault_code fault;
	const char *reason;
	const char *meaning;
	bool ends_connection; /* the next call does better with a new one */
};

static const struct problem_state problem_states[] = {
	{"08", FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "the connection to the database was lost", true},
	{"57P", FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "the database stops or starts", true},
	{"25P03", FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "the database gave up waiting for this server",
		true},
	{"25006", FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "the database accepts no writes", true},
	{"28", FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "the database refuses this user", true},
	{"3D", FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "there is no such database", true},
	{"53", FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "the database has no room for more", false},
	{"58", FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "the database's machine has a problem", false},
	{"57014", FAULT_TIMEOUT, "DATABASE_TIMEOUT", "the database took too long", false},
	{"55P03", FAULT_TIMEOUT, "DATABASE_TIMEOUT", "another writer kept a lock too long", false},
	{"40003", FAULT_UNCERTAIN, "COMMIT_UNKNOWN", "it is not known whether the write was kept", true},
	{"40", FAULT_CONFLICT, "REVISION_CONFLICT", "another writer won", false},
	{"23505", FAULT_CONFLICT, "REVISION_CONFLICT", "another writer won", false},
	{"26", FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "the connection lost its prepared statements",
		true},
	{"0A000", FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "the schema changed under the connection", true},
	{"42P05", FAULT_UNAVAILABLE, "DATABASE_UNAVAILABLE", "the connection is shared with another client",
		true},
	{"42501", FAULT_INVALID, "SCHEMA_MISMATCH", "the database refuses this user a table", true},
	{"42", FAULT_INVALID, "SCHEMA_MISMATCH", "the database's schema does not fit; run the migrations",
		true},
	{"3F", FAULT_INVALID, "SCHEMA_MISMATCH", "the database's schema does not fit; run the migrations",
		true},
	{"54", FAULT_EXHAUSTED, "DATABASE_LIMIT", "it is more than the database takes at once", false},
	{"", FAULT_INTERNAL, "DATABASE_ERROR", "the database refused a statement", false},
};

#endif
