/*
 * The statements: one per file below sql/, with the structs that its
 * parameters are taken from and its rows are put into. A statement is defined
 * beside the function that runs it; statement.c lists them.
 */
#ifndef STORE_STATEMENT_H
#define STORE_STATEMENT_H

#include "store/column.h"

struct statement {
	const char *file;          /* in sql/ */
	struct columns parameters; /* count 0: none */
	struct columns result;     /* count 0: no rows, or nobody reads them */
	bool arrays;               /* each parameter is an array, of all rows given */
	bool decides;              /* whether it ran decides about the transaction: COMMIT */
	bool apart; /* runs before there is a schema, only once, or may not work: is not prepared */
};

/* All of them; the last is NULL. */
extern const struct statement *const statements[];

/** Returns a statement's SQL text. @return borrowed, NUL-terminated; never NULL */
const char *statement_sql(const struct statement *statement);

enum {
	STATEMENT_PARAMETERS_MAX = 16
};

/* Parameters as libpq takes them. */
struct bound {
	int count;
	const char *values[STATEMENT_PARAMETERS_MAX];
	int sizes[STATEMENT_PARAMETERS_MAX];
	int formats[STATEMENT_PARAMETERS_MAX];
};

/**
 * Makes a statement's parameters from row structs.
 *
 * @param rows    borrowed; one, or count for a statement that takes arrays
 * @param memory  emptied; the values are made in it
 */
void statement_bind(const struct statement *statement, const void *rows, size_t count, struct buffer *memory,
	struct bound *bound);

/* Read transactions and others without a better place; see statement.c. */
extern const struct statement statement_session, statement_begin, statement_begin_read, statement_commit,
	statement_end_read, statement_rollback, statement_identity;
/* load.c */
extern const struct statement statement_system, statement_current_versions, statement_open_findings;
/* read_systems.c */
extern const struct statement statement_list_systems, statement_partition_systems,
	statement_partition_versions, statement_partition_findings, statement_stale_systems;
/* read_versions.c */
extern const struct statement statement_version, statement_list_versions, statement_versions_at,
	statement_whole_versions_at, statement_versions_between;
/* read_findings.c */
extern const struct statement statement_open_findings_at, statement_findings_at, statement_finding,
	statement_findings_between;
/* read_events.c */
extern const struct statement statement_head, statement_heads, statement_events, statement_stretches;
/* requests.c */
extern const struct statement statement_request, statement_delete_requests;
/* nudge.c */
extern const struct statement statement_listen, statement_nudge;
/* due.c */
extern const struct statement statement_due_systems, statement_move_due;
/* trim.c */
extern const struct statement statement_trim_events;
/* commit_rows.c */
extern const struct statement statement_insert_systems, statement_update_systems, statement_insert_versions,
	statement_insert_descriptors, statement_end_findings, statement_insert_findings,
	statement_insert_requests, statement_insert_events;
/* migrate.c */
extern const struct statement statement_make_migrations, statement_lock_migrations, statement_migrations,
	statement_add_migration, statement_settled, statement_new_identity, statement_new_partitions;

/* What the reading statements are asked with; each takes some of the members. */
struct ask {
	int32_t partition;
	const char *system;
	unsigned kind; /* enum model_kind */
	const char *name;
	const char *finding;
	const char *request_id;
	int32_t number;
	int32_t limit;
	int64_t revision;
	int64_t first;  /* revision */
	uint32_t kinds; /* bits: 1 << kind */
	int64_t position;
	int64_t bytes;
	int64_t at_us;
	const char *const *systems;
	size_t system_count;
};

#endif
