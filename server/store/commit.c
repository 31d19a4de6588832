/*
 * One batch, one transaction, one round trip: the systems with their
 * revisions checked, all that hangs on them, and at the end, so that their
 * locks are held for a short time only, the partitions' rows in their order
 * with the events, and COMMIT. What stands against the commit makes a
 * statement fail, and the database passes over those behind it.
 */
#include "base/plant.h"
#include "store/commit_rows.h"
#include "store/parts.h"

enum {
	BATCH_BYTES_MAX = 256 * 1024 * 1024, /* Postgres takes up to 1 GiB in one message */
	STEPS_MAX = 10,
};

struct commit {
	struct store *store;
	struct store_batch *batch;
	struct commit_rows *rows;
	struct arena *arena;
	bool *conflicted;
	struct fault *fault;
	struct step steps[STEPS_MAX];
	size_t count;
	const struct step *append; /* of the events, among them; NULL when there are none */
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

/* ---- what is sent ---- */

static void add_step(struct commit *commit, const struct statement *statement, const void *rows, size_t count)
{
	if (count)
		commit->steps[commit->count++] = (struct step){statement, rows, count, NULL};
}

static void add_steps(struct commit *commit)
{
	const struct store_batch *batch = commit->batch;
	const struct commit_rows *rows = commit->rows;
	add_step(commit, &statement_begin, rows, 1);
	/* First of all: what was made from stale state may fail for that very reason. */
	add_step(commit, &statement_update_systems, rows->updates, rows->update_count);
	add_step(commit, &statement_insert_systems, rows->inserts, rows->insert_count);
	add_step(commit, &statement_insert_versions, batch->versions, batch->version_count);
	add_step(commit, &statement_insert_descriptors, rows->firsts, rows->first_count);
	add_step(commit, &statement_end_findings, rows->ends, rows->end_count);
	add_step(commit, &statement_insert_findings, rows->findings, batch->finding_count);
	add_step(commit, &statement_insert_requests, batch->requests, batch->request_count);
	if (batch->event_count)
		commit->append = &commit->steps[commit->count];
	add_step(commit, &statement_insert_events, rows->events, batch->event_count);
	if (!PLANTED("early-answer"))
		add_step(commit, &statement_commit, rows, 1);
}

/* ---- what comes back ---- */

static enum fault_code take_positions(struct commit *commit)
{
	void *rows = NULL;
	size_t count = 0;
	if (!commit->append)
		return FAULT_NONE;
	enum fault_code code = store_rows(commit->append, commit->arena, &rows, &count, commit->fault);
	if (code == FAULT_NONE)
		commit_rows_place(commit->rows, rows, count, commit->batch);
	return code;
}

/* Which systems has another writer changed? Where that cannot be told none is marked, and the caller reloads
 * all. */
static void mark_losers(struct commit *commit)
{
	const struct store_batch *batch = commit->batch;
	struct store_belief *beliefs = arena_array(commit->arena, batch->system_count, sizeof(*beliefs));
	struct fault ignored;
	size_t marked = 0;
	for (size_t i = 0; i < batch->system_count; i++) {
		const struct store_system_write *write = &batch->systems[i];
		beliefs[i].partition = write->system.partition;
		beliefs[i].stamp = write->expected;
		snprintf(beliefs[i].system, sizeof(beliefs[i].system), "%s", write->system.id);
	}
	if (store_check_beliefs(commit->store, beliefs, batch->system_count, &ignored) != FAULT_NONE)
		return;
	for (size_t i = 0; i < batch->system_count; i++) {
		commit->conflicted[i] = beliefs[i].stale;
		marked += beliefs[i].stale;
	}
	if (marked)
		fault_set(commit->fault, FAULT_CONFLICT, "REVISION_CONFLICT",
			"another writer changed %zu of %zu systems", marked, batch->system_count);
}

static enum fault_code write_batch(struct commit *commit)
{
	add_steps(commit);
	enum fault_code code =
		connection_run(commit->store->connection, commit->steps, commit->count, commit->fault);
	if (code == FAULT_NONE)
		code = take_positions(commit);
	steps_done(commit->steps, commit->count);
	if (code == FAULT_CONFLICT && commit->batch->system_count)
		mark_losers(commit);
	return code;
}

enum fault_code store_commit(
	struct store *store, struct store_batch *batch, bool *conflicted, struct fault *fault)
{
	struct commit commit = {.store = store, .batch = batch, .conflicted = conflicted, .fault = fault};
	if (batch->system_count)
		memset(conflicted, 0, batch->system_count * sizeof(*conflicted));
	enum fault_code code = check(&commit);
	if (code == FAULT_NONE)
		code = connection_ready(store->connection, fault);
	if (code != FAULT_NONE)
		return code;
	commit.arena = arena_new();
	commit.rows = commit_rows_of(commit.arena, batch);
	code = write_batch(&commit);
	arena_free(commit.arena);
	return code;
}
