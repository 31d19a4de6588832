/*
 * One batch, one transaction, two round trips. The first writes the systems
 * with their revisions checked and all that hangs on them; the second, when
 * nothing stands against the commit, takes the partitions' rows in their
 * order, appends the events and commits, so that the rows' locks are held
 * for that one round trip only.
 */
#include "base/plant.h"
#include "store/commit_rows.h"
#include "store/parts.h"

enum {
	BATCH_BYTES_MAX = 256 * 1024 * 1024, /* Postgres takes up to 1 GiB in one message */
	FIRST_STEPS = 9,
	SECOND_STEPS = 3,
};

struct commit {
	struct connection *connection;
	struct store_batch *batch;
	struct commit_rows *rows;
	struct arena *arena;
	bool *conflicted;
	struct fault *fault;
	struct step first[FIRST_STEPS];
	size_t first_count;
	struct step *insert, *update, *end,
		*request; /* among the first; NULL when there is nothing to write */
};

/* ---- may it be sent at all? ---- */

static size_t batch_bytes(const struct store_batch *batch)
{
	size_t bytes = 0;
	for (size_t i = 0; i < batch->system_count; i++)
		bytes += batch->systems[i].system.meta_size + batch->systems[i].system.verdict_size;
	for (size_t i = 0; i < batch->version_count; i++)
		bytes += batch->versions[i].version.body_size;
	for (size_t i = 0; i < batch->finding_count; i++)
		bytes += batch->findings[i].body_size;
	for (size_t i = 0; i < batch->event_count; i++)
		bytes += batch->events[i].body_size;
	for (size_t i = 0; i < batch->request_count; i++)
		bytes += batch->requests[i].request.answer_size;
	return bytes;
}

static enum fault_code check(const struct commit *commit)
{
	const struct store_batch *batch = commit->batch;
	uint8_t bytes[COLUMN_UUID_SIZE];
	for (size_t i = 0; i < batch->request_count; i++)
		if (!column_uuid(batch->requests[i].request_id, bytes))
			return fault_set(
				commit->fault, FAULT_INVALID, "REQUEST_ID_INVALID", "a request id is a UUID");
	if (batch_bytes(batch) > BATCH_BYTES_MAX)
		return fault_set(commit->fault, FAULT_EXHAUSTED, "BATCH_TOO_LARGE",
			"more than %d MiB in one transaction", BATCH_BYTES_MAX / 1024 / 1024);
	return FAULT_NONE;
}

/* ---- the first round trip ---- */

static struct step *add_step(
	struct commit *commit, const struct statement *statement, const void *rows, size_t count)
{
	if (count == 0)
		return NULL;
	struct step *step = &commit->first[commit->first_count++];
	*step = (struct step){statement, rows, count, NULL};
	return step;
}

static void add_steps(struct commit *commit)
{
	const struct store_batch *batch = commit->batch;
	const struct commit_rows *rows = commit->rows;
	add_step(commit, &statement_begin, rows, 1);
	commit->update = add_step(commit, &statement_update_systems, rows->updates, rows->update_count);
	commit->insert = add_step(commit, &statement_insert_systems, rows->inserts, rows->insert_count);
	add_step(commit, &statement_insert_versions, batch->versions, batch->version_count);
	add_step(commit, &statement_point_descriptors, rows->descriptors, batch->version_count);
	commit->end = add_step(commit, &statement_end_findings, rows->ends, rows->end_count);
	add_step(commit, &statement_insert_findings, rows->findings, batch->finding_count);
	commit->request = add_step(commit, &statement_insert_requests, batch->requests, batch->request_count);
}

static bool was_written(const struct written_row *written, size_t count, const struct store_system *system)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(written[i].system, system->id) == 0)
			return true;
	return false;
}

/* Marks the systems that a step should have written and did not. @return how many */
static size_t mark_step(const struct commit *commit, const struct step *step, bool fresh)
{
	void *rows = NULL;
	size_t written = 0, marked = 0;
	struct fault ignored;
	if (!step || !step->result || step_rows(step) == step->count)
		return 0;
	if (store_rows(step, commit->arena, &rows, &written, &ignored) != FAULT_NONE)
		return 0;
	for (size_t i = 0; i < commit->batch->system_count; i++) {
		const struct store_system_write *write = &commit->batch->systems[i];
		if ((write->expected_revision == 0) != fresh || was_written(rows, written, &write->system))
			continue;
		commit->conflicted[i] = true;
		marked++;
	}
	return marked;
}

/*
 * Did another writer change one of the systems? What came after it in the
 * list was made from stale state and may have failed for that very reason,
 * so this is asked first.
 */
static enum fault_code check_systems(const struct commit *commit, enum fault_code code)
{
	if (code == FAULT_UNAVAILABLE || code == FAULT_TIMEOUT)
		return code;
	size_t marked = mark_step(commit, commit->update, false) + mark_step(commit, commit->insert, true);
	if (marked == 0)
		return code;
	return fault_set(commit->fault, FAULT_CONFLICT, "REVISION_CONFLICT",
		"another writer changed %zu of %zu systems", marked, commit->batch->system_count);
}

static enum fault_code check_rest(const struct commit *commit)
{
	if (commit->request && step_written(commit->request) != (int64_t)commit->request->count)
		return fault_set(commit->fault, FAULT_CONFLICT, "REVISION_CONFLICT",
			"another writer used the same request id");
	if (commit->end && step_written(commit->end) != (int64_t)commit->end->count)
		return fault_set(commit->fault, FAULT_INTERNAL, "DATABASE_ERROR",
			"a finding that should end was not open");
	return FAULT_NONE;
}

static enum fault_code write_first(struct commit *commit)
{
	add_steps(commit);
	enum fault_code code =
		connection_run(commit->connection, commit->first, commit->first_count, commit->fault);
	code = check_systems(commit, code);
	if (code == FAULT_NONE)
		code = check_rest(commit);
	steps_done(commit->first, commit->first_count);
	return code;
}

/* ---- the second round trip ---- */

static void set_positions(struct commit *commit, const struct advance_row *advance)
{
	for (size_t i = 0; i < commit->batch->event_count; i++)
		if (commit->batch->events[i].partition == advance->partition)
			commit->batch->events[i].position = advance->head - commit->rows->events[i].behind;
}

/* A partition that does not exist has failed the events already: they have no position then. */
static enum fault_code take_positions(struct commit *commit, const struct step *advance)
{
	void *rows = NULL;
	size_t count = 0;
	enum fault_code code = store_rows(advance, commit->arena, &rows, &count, commit->fault);
	for (size_t i = 0; i < count && code == FAULT_NONE; i++)
		set_positions(commit, &((const struct advance_row *)rows)[i]);
	return code;
}

static enum fault_code write_second(struct commit *commit)
{
	const struct commit_rows *rows = commit->rows;
	struct step steps[SECOND_STEPS];
	struct step *advance = NULL;
	size_t count = 0;
	if (rows->advance_count) {
		advance = &steps[count++];
		*advance = (struct step){
			&statement_advance_partitions, rows->advances, rows->advance_count, NULL};
		steps[count++] = (struct step){
			&statement_insert_events, rows->events, commit->batch->event_count, NULL};
	}
	if (!PLANTED("early-answer"))
		steps[count++] = (struct step){&statement_commit, NULL, 0, NULL};
	enum fault_code code = connection_run(commit->connection, steps, count, commit->fault);
	if (code == FAULT_NONE && advance)
		code = take_positions(commit, advance);
	steps_done(steps, count);
	return code;
}

enum fault_code store_commit(
	struct store *store, struct store_batch *batch, bool *conflicted, struct fault *fault)
{
	struct commit commit = {
		.connection = store->connection, .batch = batch, .conflicted = conflicted, .fault = fault};
	if (batch->system_count)
		memset(conflicted, 0, batch->system_count * sizeof(*conflicted));
	enum fault_code code = check(&commit);
	if (code == FAULT_NONE)
		code = connection_ready(store->connection, fault);
	if (code != FAULT_NONE)
		return code;
	commit.arena = arena_new();
	commit.rows = commit_rows_of(commit.arena, batch);
	code = write_first(&commit);
	if (code == FAULT_NONE)
		code = write_second(&commit);
	else
		connection_rollback(store->connection);
	arena_free(commit.arena);
	return code;
}
