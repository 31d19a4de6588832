/*
 * What is planted, and when: PLANTED_BUG=name:n strikes at one of n chances,
 * without a rhythm that what is struck could keep step with.
 * Only in tallyd-planted. Two sorts:
 *
 *   bugs    where the server's code says PLANTED(name); tally-check must report them
 *   faults  of the database, on the way of each statement to libpq: the linker puts
 *           __wrap_PQsendQueryPrepared before libpq's own function; the server must bear them
 */
#include "base/plant.h"

#include <libpq-fe.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool planted(const char *bug)
{
	static _Atomic uint64_t chances;
	const char *wish = getenv("PLANTED_BUG");
	size_t length = strlen(bug);
	if (!wish || strncmp(wish, bug, length) != 0 || wish[length] != ':')
		return false;
	unsigned long every = strtoul(wish + length + 1, NULL, 10);
	uint64_t mixed = (atomic_fetch_add(&chances, 1) + 1) * UINT64_C(0x9E3779B97F4A7C15);
	mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	return every && (mixed >> 33) % every == 0;
}

/* ---- faults ---- */

int __real_PQsendQueryPrepared(PGconn *pg, const char *name, int count, const char *const *values,
	const int *sizes, const int *formats, int format);
int __wrap_PQsendQueryPrepared(PGconn *pg, const char *name, int count, const char *const *values,
	const int *sizes, const int *formats, int format);

/* Errors that the database answers instead of running the statement. */
static const struct {
	const char *name, *state;
} errors[] = {
	{"fault-conflict", "40001"},
	{"fault-timeout", "57014"},
	{"fault-full", "53100"},
};

static int raise_instead(PGconn *pg, const char *state)
{
	char sql[200];
	snprintf(sql, sizeof(sql), "DO $$ BEGIN RAISE EXCEPTION 'as planned' USING ERRCODE = '%s'; END $$",
		state);
	return PQsendQueryParams(pg, sql, 0, NULL, NULL, NULL, NULL, 1);
}

/* Lets the database do it, then takes the connection away with the answer. */
static void lose_answer(PGconn *pg)
{
	PQsendFlushRequest(pg);
	while (PQflush(pg) == 1)
		usleep(1000);
	usleep(20000);
	shutdown(PQsocket(pg), SHUT_RDWR);
}

int __wrap_PQsendQueryPrepared(PGconn *pg, const char *name, int count, const char *const *values,
	const int *sizes, const int *formats, int format)
{
	bool of_session = strcmp(name, "session.sql") == 0; /* only sets: no error but a lost connection */
	for (size_t i = 0; !of_session && i < sizeof(errors) / sizeof(errors[0]); i++)
		if (planted(errors[i].name))
			return raise_instead(pg, errors[i].state);
	if (planted("fault-unavailable"))
		shutdown(PQsocket(pg), SHUT_RDWR);
	int sent = __real_PQsendQueryPrepared(pg, name, count, values, sizes, formats, format);
	if (planted("fault-uncertain"))
		lose_answer(pg);
	return sent;
}
