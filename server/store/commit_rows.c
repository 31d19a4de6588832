/*
 * What a batch writes, as rows: systems in one order for everybody, the ends
 * of findings that opened in the same batch merged into their rows, events
 * counted by partition. And the statements that take these rows.
 */
#include "store/commit_rows.h"

#include <inttypes.h>

#include "base/map.h"
#include "store/statement.h"
#include "store/system_row.h"

#define WRITTEN_SYSTEM                                                                                       \
	SYSTEM_COLUMNS(struct store_system_write, system.),                                                  \
		COLUMN_TIME(struct store_system_write, system.due_at_us, "due_at")

static const struct column new_system_parameters[] = {WRITTEN_SYSTEM};
static const struct column system_parameters[] = {
	WRITTEN_SYSTEM,
	COLUMN_LONG(struct store_system_write, expected.revision, "expected"),
	COLUMN_TIME(struct store_system_write, expected.updated_at_us, "expected_at"),
};
static const struct column version_parameters[] = {
	COLUMN_INT(struct store_version_write, partition, "partition"),
	COLUMN_TEXT(struct store_version_write, system, "system"),
	COLUMN_ENUM(struct store_version_write, version.version.kind, "kind"),
	COLUMN_TEXT(struct store_version_write, version.version.name, "name"),
	COLUMN_INT(struct store_version_write, version.version.version, "version"),
	COLUMN_LONG(struct store_version_write, version.version.revision, "revision"),
	COLUMN_TIME(struct store_version_write, version.version.created_at_us, "created_at"),
	COLUMN_TEXT(struct store_version_write, version.version.owner_team, "owner_team"),
	COLUMN_TEXT(struct store_version_write, version.version.author, "author"),
	COLUMN_TEXT(struct store_version_write, version.version.author_team, "author_team"),
	COLUMN_TEXT(struct store_version_write, version.version.change_note, "change_note"),
	COLUMN_DIGEST(struct store_version_write, version.version.digest, "digest"),
	COLUMN_BYTES0(struct store_version_write, version.body, version.body_size, "body"),
	COLUMN_INT(struct store_version_write, version.base, "base"),
};
static const struct column descriptor_parameters[] = {
	COLUMN_INT(struct store_version_write, partition, "partition"),
	COLUMN_TEXT(struct store_version_write, system, "system"),
	COLUMN_ENUM(struct store_version_write, version.version.kind, "kind"),
	COLUMN_TEXT(struct store_version_write, version.version.name, "name"),
};
static const struct column end_parameters[] = {
	COLUMN_INT(struct store_finding_end, partition, "partition"),
	COLUMN_TEXT(struct store_finding_end, system, "system"),
	COLUMN_TEXT(struct store_finding_end, finding, "finding"),
	COLUMN_LONG(struct store_finding_end, since_revision, "since_revision"),
	COLUMN_LONG(struct store_finding_end, until_revision, "until_revision"),
	COLUMN_TIME(struct store_finding_end, until_at_us, "until_at"),
	COLUMN_BOOL(struct store_finding_end, resolved, "resolved"),
};
static const struct column finding_parameters[] = {
	COLUMN_INT(struct finding_row, partition, "partition"),
	COLUMN_TEXT(struct finding_row, system, "system"),
	COLUMN_TEXT(struct finding_row, id, "finding"),
	COLUMN_LONG(struct finding_row, since_revision, "since_revision"),
	COLUMN_LONG0(struct finding_row, until_revision, "until_revision"),
	COLUMN_LONG(struct finding_row, opened_revision, "opened_revision"),
	COLUMN_BOOL(struct finding_row, resolved, "resolved"),
	COLUMN_TIME(struct finding_row, opened_at_us, "opened_at"),
	COLUMN_TIME(struct finding_row, since_at_us, "since_at"),
	COLUMN_TIME(struct finding_row, until_at_us, "until_at"),
	COLUMN_TEXT(struct finding_row, rule, "rule"),
	COLUMN_ENUM(struct finding_row, severity, "severity"),
	COLUMN_TEXT(struct finding_row, subject, "subject"),
	COLUMN_DIGEST(struct finding_row, digest, "digest"),
	COLUMN_BYTES(struct finding_row, body, body_size, "body"),
};
static const struct column request_parameters[] = {
	COLUMN_INT(struct store_request_write, partition, "partition"),
	COLUMN_TEXT(struct store_request_write, system, "system"),
	COLUMN_UUID(struct store_request_write, request_id, "request_id"),
	COLUMN_DIGEST(struct store_request_write, request.fingerprint, "fingerprint"),
	COLUMN_BYTES(struct store_request_write, request.answer, request.answer_size, "answer"),
	COLUMN_TIME(struct store_request_write, created_at_us, "created_at"),
};
static const struct column event_parameters[] = {
	COLUMN_INT(struct event_write_row, write.partition, "partition"),
	COLUMN_LONG(struct event_write_row, behind, "behind"),
	COLUMN_ID(struct event_write_row, write.facts.system, "system"),
	COLUMN_LONG(struct event_write_row, write.facts.revision, "revision"),
	COLUMN_ENUM(struct event_write_row, write.facts.type, "type"),
	COLUMN_BOOL(struct event_write_row, write.facts.last, "last"),
	COLUMN_BITS(struct event_write_row, write.facts.kinds, "kinds"),
	COLUMN_BYTE(struct event_write_row, write.facts.class, "class"),
	COLUMN_BYTE(struct event_write_row, write.facts.severity, "severity"),
	COLUMN_BITS(struct event_write_row, write.facts.teams, "teams"),
	COLUMN_TIME(struct event_write_row, write.facts.at_us, "at"),
	COLUMN_BYTES(struct event_write_row, write.body, write.body_size, "body"),
};

static const struct column event_columns[] = {
	COLUMN_INT(struct place_row, partition, "partition"),
	COLUMN_LONG(struct place_row, position, "position"),
};

#define WRITES(name, row, table)                                                                             \
	{                                                                                                    \
		.file = name, .parameters = COLUMNS(row, table), .arrays = true                              \
	}

const struct statement statement_insert_systems =
	WRITES("insert_systems.sql", struct store_system_write, new_system_parameters);
const struct statement statement_update_systems =
	WRITES("update_systems.sql", struct store_system_write, system_parameters);
const struct statement statement_insert_versions =
	WRITES("insert_versions.sql", struct store_version_write, version_parameters);
const struct statement statement_insert_descriptors =
	WRITES("insert_descriptors.sql", struct store_version_write, descriptor_parameters);
const struct statement statement_end_findings =
	WRITES("end_findings.sql", struct store_finding_end, end_parameters);
const struct statement statement_insert_findings =
	WRITES("insert_findings.sql", struct finding_row, finding_parameters);
const struct statement statement_insert_requests =
	WRITES("insert_requests.sql", struct store_request_write, request_parameters);
const struct statement statement_insert_events = {.file = "insert_events.sql",
	.parameters = COLUMNS(struct event_write_row, event_parameters),
	.result = COLUMNS(struct place_row, event_columns),
	.arrays = true};

static int compare_systems(const void *a, const void *b)
{
	const struct store_system *left = &((const struct store_system_write *)a)->system;
	const struct store_system *right = &((const struct store_system_write *)b)->system;
	if (left->partition != right->partition)
		return left->partition < right->partition ? -1 : 1;
	return strcmp(left->id, right->id);
}

static void add_systems(struct arena *arena, const struct store_batch *batch, struct commit_rows *rows)
{
	rows->inserts = arena_array(arena, batch->system_count, sizeof(*rows->inserts));
	rows->updates = arena_array(arena, batch->system_count, sizeof(*rows->updates));
	for (size_t i = 0; i < batch->system_count; i++) {
		if (batch->systems[i].expected.revision == 0)
			rows->inserts[rows->insert_count++] = batch->systems[i];
		else
			rows->updates[rows->update_count++] = batch->systems[i];
	}
	qsort(rows->inserts, rows->insert_count, sizeof(*rows->inserts), compare_systems);
	qsort(rows->updates, rows->update_count, sizeof(*rows->updates), compare_systems);
}

static void add_descriptors(struct arena *arena, const struct store_batch *batch, struct commit_rows *rows)
{
	rows->firsts = arena_array(arena, batch->version_count, sizeof(*rows->firsts));
	for (size_t i = 0; i < batch->version_count; i++)
		if (batch->versions[i].version.version.version == 1)
			rows->firsts[rows->first_count++] = batch->versions[i];
}

static struct finding_row finding_row(const struct store_finding_write *write)
{
	const struct model_finding *finding = write->finding;
	return (struct finding_row){
		.partition = write->partition,
		.system = write->system,
		.id = finding->id,
		.since_revision = write->since_revision,
		.opened_revision = write->opened_revision,
		.opened_at_us = write->opened_at_us,
		.since_at_us = write->since_at_us,
		.rule = finding->rule,
		.severity = finding->severity,
		.subject = finding->subject,
		.digest = finding->digest,
		.body = write->body,
		.body_size = write->body_size,
	};
}

static const char *state_key(
	struct arena *arena, const char *system, const char *finding, int64_t since_revision)
{
	return arena_print(arena, "%s/%s/%" PRId64, system, finding, since_revision);
}

/* One statement does not see what another of its kind writes: an end whose row is new goes into that row. */
static void add_findings(struct arena *arena, const struct store_batch *batch, struct commit_rows *rows)
{
	struct map fresh = {0};
	rows->findings = arena_array(arena, batch->finding_count, sizeof(*rows->findings));
	rows->ends = arena_array(arena, batch->end_count, sizeof(*rows->ends));
	for (size_t i = 0; i < batch->finding_count; i++) {
		struct finding_row *row = &rows->findings[i];
		*row = finding_row(&batch->findings[i]);
		if (batch->end_count)
			map_put(&fresh, state_key(arena, row->system, row->id, row->since_revision), row);
	}
	for (size_t i = 0; i < batch->end_count; i++) {
		const struct store_finding_end *end = &batch->ends[i];
		struct finding_row *row =
			map_get(&fresh, state_key(arena, end->system, end->finding, end->since_revision));
		if (!row) {
			rows->ends[rows->end_count++] = *end;
			continue;
		}
		row->until_revision = end->until_revision;
		row->until_at_us = end->until_at_us;
		row->resolved = end->resolved;
	}
	map_done(&fresh);
}

static struct head_row *head_of(struct commit_rows *rows, int partition)
{
	size_t i = 0;
	while (i < rows->head_count && rows->heads[i].partition != partition)
		i++;
	if (i == rows->head_count)
		rows->heads[rows->head_count++] = (struct head_row){.partition = partition};
	return &rows->heads[i];
}

static void add_events(struct arena *arena, const struct store_batch *batch, struct commit_rows *rows)
{
	rows->events = arena_array(arena, batch->event_count, sizeof(*rows->events));
	rows->heads = arena_array(arena, batch->event_count, sizeof(*rows->heads));
	for (size_t i = batch->event_count; i-- > 0;)
		rows->events[i] = (struct event_write_row){
			batch->events[i], head_of(rows, batch->events[i].partition)->count++};
}

/* The last event's position is the highest; the others are found from it, in whatever order the rows come. */
void commit_rows_place(
	struct commit_rows *rows, const struct place_row *places, size_t count, struct store_batch *batch)
{
	for (size_t i = 0; i < count; i++) {
		struct head_row *head = head_of(rows, places[i].partition);
		if (places[i].position > head->position)
			head->position = places[i].position;
	}
	for (size_t i = 0; i < batch->event_count; i++)
		batch->events[i].position =
			head_of(rows, batch->events[i].partition)->position - rows->events[i].behind;
}

struct commit_rows *commit_rows_of(struct arena *arena, const struct store_batch *batch)
{
	struct commit_rows *rows = arena_alloc(arena, sizeof(*rows));
	add_systems(arena, batch, rows);
	add_descriptors(arena, batch, rows);
	add_findings(arena, batch, rows);
	add_events(arena, batch, rows);
	return rows;
}
