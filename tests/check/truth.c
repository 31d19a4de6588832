/* Loading the database with plain statements of its own: nothing of the store's code is trusted. */
#include "truth.h"

#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/difference.h"
#include "model/message.h"
#include "tally/v1/event.pb-c.h"

/* A result being read, row by row. */
struct rows {
	struct arena *arena;
	PGresult *result;
	int row, count;
};

static struct rows ask(struct arena *arena, PGconn *connection, const char *sql)
{
	struct rows rows = {.arena = arena, .result = PQexec(connection, sql), .row = -1};
	if (PQresultStatus(rows.result) != PGRES_TUPLES_OK && PQresultStatus(rows.result) != PGRES_COMMAND_OK)
		trouble("the database does not answer `%s`: %s", sql, PQerrorMessage(connection));
	rows.count = PQntuples(rows.result);
	return rows;
}

static bool next(struct rows *rows)
{
	if (++rows->row < rows->count)
		return true;
	PQclear(rows->result);
	return false;
}

static int64_t number(const struct rows *rows, int column)
{
	return strtoll(PQgetvalue(rows->result, rows->row, column), NULL, 10);
}

static bool truth_of(const struct rows *rows, int column)
{
	return *PQgetvalue(rows->result, rows->row, column) == 't';
}

static const char *text(const struct rows *rows, int column)
{
	return arena_text(rows->arena, PQgetvalue(rows->result, rows->row, column));
}

/* @return arena; NULL for NULL */
static const void *bytes(const struct rows *rows, int column, size_t *size)
{
	*size = 0;
	if (PQgetisnull(rows->result, rows->row, column))
		return NULL;
	unsigned char *raw =
		PQunescapeBytea((const unsigned char *)PQgetvalue(rows->result, rows->row, column), size);
	void *copy = arena_copy(rows->arena, raw, *size);
	PQfreemem(raw);
	return copy;
}

static struct model_digest digest(const struct rows *rows, int column)
{
	struct model_digest made = {{0}};
	size_t size;
	const void *raw = bytes(rows, column, &size);
	if (raw && size == sizeof(made.bytes))
		memcpy(made.bytes, raw, size);
	return made;
}

/* ---- tables ---- */

static void load_partitions(struct truth *truth, PGconn *connection)
{
	struct rows rows = ask(truth->arena, connection,
		"SELECT partition, head, trimmed FROM partition ORDER BY partition");
	truth->partition_count = (size_t)rows.count;
	truth->partitions = arena_array(truth->arena, truth->partition_count, sizeof(*truth->partitions));
	while (next(&rows)) {
		if (number(&rows, 0) != rows.row)
			violation("the partitions are not numbered from 0 on: row %d is partition %" PRId64,
				rows.row, number(&rows, 0));
		truth->partitions[rows.row] =
			(struct truth_partition){.head = number(&rows, 1), .trimmed = number(&rows, 2)};
	}
}

static void load_systems(struct truth *truth, PGconn *connection)
{
	struct rows rows = ask(truth->arena, connection,
		"SELECT partition, system, revision, deleted, verdict FROM system ORDER BY system COLLATE \"C\"");
	truth->system_count = (size_t)rows.count;
	truth->systems = arena_array(truth->arena, truth->system_count, sizeof(*truth->systems));
	while (next(&rows)) {
		struct truth_system *system = &truth->systems[rows.row];
		size_t size;
		const void *raw = bytes(&rows, 4, &size);
		*system = (struct truth_system){.partition = (int)number(&rows, 0),
			.id = text(&rows, 1),
			.revision = number(&rows, 2),
			.deleted = truth_of(&rows, 3)};
		system->verdict =
			model_message_unpack(truth->arena, &tally__v1__verdict__descriptor, raw, size);
		if (!system->verdict)
			violation("the stored verdict of %s cannot be read", system->id);
	}
}

static struct truth_system *must_find(const struct truth *truth, const char *id, const char *table)
{
	struct truth_system *system = truth_find(truth, id);
	if (!system)
		violation("a row of `%s` belongs to %s, which `system` does not have", table, id);
	return system;
}

static void check_columns(const struct rows *rows, const struct truth_event *event, const char *system)
{
	const struct wish_facts *facts = &event->facts;
	bool same = strcmp(facts->system, system) == 0 && event->message->revision == event->revision &&
		    facts->type == number(rows, 4) && facts->kinds == number(rows, 6) &&
		    facts->class == number(rows, 7) && facts->severity == number(rows, 8) &&
		    facts->teams == number(rows, 9);
	/* A finding of a rule that the writer did not have says nothing but its id. */
	bool stray = event->message->finding && event->message->what_case == TALLY__V1__EVENT__WHAT_FINDING &&
		     !*event->message->finding->rule;
	if (!same && !stray)
		violation("an event's columns do not say what its body says: partition %d, position %" PRId64
			  ", %s",
			event->partition, event->position, truth_event_text(rows->arena, event));
}

static void load_events(struct truth *truth, PGconn *connection)
{
	struct rows rows = ask(truth->arena, connection,
		"SELECT partition, position, system, revision, type, last, kinds, class, severity, teams, body"
		" FROM event ORDER BY partition, position");
	truth->event_count = (size_t)rows.count;
	truth->events = arena_array(truth->arena, truth->event_count, sizeof(*truth->events));
	while (next(&rows)) {
		struct truth_event *event = &truth->events[rows.row];
		size_t size;
		const void *raw = bytes(&rows, 10, &size);
		*event = (struct truth_event){.partition = (int)number(&rows, 0),
			.position = number(&rows, 1),
			.revision = number(&rows, 3),
			.last = truth_of(&rows, 5)};
		event->message = model_message_unpack(truth->arena, &tally__v1__event__descriptor, raw, size);
		if (!event->message)
			violation("the body of the event at position %" PRId64
				  " of partition %d cannot be read",
				event->position, event->partition);
		wish_facts_of(event->message, &event->facts);
		wish_digest(event->message, event->digest);
		check_columns(&rows, event, PQgetvalue(rows.result, rows.row, 2));
		must_find(truth, event->facts.system, "event")->event_count++;
	}
}

/* Hands each system its events. */
static void part_events(struct truth *truth)
{
	for (size_t i = 0; i < truth->system_count; i++) {
		struct truth_system *system = &truth->systems[i];
		system->events = arena_array(truth->arena, system->event_count, sizeof(struct truth_event *));
		system->event_count = 0;
	}
	for (size_t i = 0; i < truth->event_count; i++) {
		struct truth_system *system = truth_find(truth, truth->events[i].facts.system);
		system->events[system->event_count++] = &truth->events[i];
	}
}

/* A body that is stored as the difference to another. */
static void make_whole(struct arena *arena, const struct rows *rows, struct truth_version *row)
{
	size_t base_size;
	const void *base = bytes(rows, 9, &base_size);
	row->body =
		model_difference_apply(arena, base, base_size, row->body, row->body_size, &row->body_size);
	if (!row->body)
		violation("%s/%s version %d is no difference to version %" PRId64 ", as it should be",
			model_kind_info(row->kind)->id, row->name, row->version, number(rows, 8));
}

static void load_versions(struct truth *truth, PGconn *connection)
{
	struct rows rows = ask(truth->arena, connection,
		"SELECT system, kind, name, version, revision, change_note, digest, body, base, base_body FROM based_version"
		" ORDER BY system, kind, name, version");
	struct truth_version *all = arena_array(truth->arena, (size_t)rows.count, sizeof(*all));
	while (next(&rows)) {
		struct truth_version *row = &all[rows.row];
		struct truth_system *system =
			must_find(truth, PQgetvalue(rows.result, rows.row, 0), "version");
		*row = (struct truth_version){.kind = (enum model_kind)number(&rows, 1),
			.name = text(&rows, 2),
			.version = (int32_t)number(&rows, 3),
			.revision = number(&rows, 4),
			.note = text(&rows, 5),
			.digest = digest(&rows, 6)};
		row->body = bytes(&rows, 7, &row->body_size);
		if (number(&rows, 8))
			make_whole(truth->arena, &rows, row);
		if (system->version_count++ == 0)
			system->versions = row;
	}
}

static void load_findings(struct truth *truth, PGconn *connection)
{
	struct rows rows = ask(truth->arena, connection,
		"SELECT system, finding, since_revision, until_revision, opened_revision, resolved, digest, body, "
		"until_at IS NOT NULL FROM finding ORDER BY system, finding, since_revision");
	struct truth_finding *all = arena_array(truth->arena, (size_t)rows.count, sizeof(*all));
	while (next(&rows)) {
		struct truth_finding *row = &all[rows.row];
		struct truth_system *system =
			must_find(truth, PQgetvalue(rows.result, rows.row, 0), "finding");
		*row = (struct truth_finding){.id = text(&rows, 1),
			.since = number(&rows, 2),
			.until = number(&rows, 3), /* 0 for NULL */
			.opened = number(&rows, 4),
			.resolved = truth_of(&rows, 5),
			.digest = digest(&rows, 6),
			.has_end_time = truth_of(&rows, 8)};
		row->body = bytes(&rows, 7, &row->body_size);
		if (system->finding_count++ == 0)
			system->findings = row;
	}
}

static void load_descriptors(struct truth *truth, PGconn *connection)
{
	struct rows rows = ask(truth->arena, connection,
		"SELECT system, kind, name FROM descriptor ORDER BY system, kind, name");
	struct truth_descriptor *all = arena_array(truth->arena, (size_t)rows.count, sizeof(*all));
	while (next(&rows)) {
		struct truth_descriptor *row = &all[rows.row];
		struct truth_system *system =
			must_find(truth, PQgetvalue(rows.result, rows.row, 0), "descriptor");
		*row = (struct truth_descriptor){
			.kind = (enum model_kind)number(&rows, 1), .name = text(&rows, 2)};
		if (system->descriptor_count++ == 0)
			system->descriptors = row;
	}
}

/* ---- all of it ---- */

struct truth *truth_load(const char *database)
{
	PGconn *connection = PQconnectdb(database);
	if (PQstatus(connection) != CONNECTION_OK)
		trouble("the database cannot be reached: %s", PQerrorMessage(connection));
	struct arena *arena = arena_new();
	struct truth *truth = arena_alloc(arena, sizeof(*truth));
	truth->arena = arena;
	PQclear(ask(arena, connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").result);
	load_partitions(truth, connection);
	load_systems(truth, connection);
	load_events(truth, connection);
	part_events(truth);
	load_versions(truth, connection);
	load_findings(truth, connection);
	load_descriptors(truth, connection);
	PQfinish(connection);
	return truth;
}

void truth_free(struct truth *truth)
{
	arena_free(truth->arena);
}

static int by_id(const void *key, const void *element)
{
	const struct truth_system *system = element;
	return strcmp(key, system->id);
}

struct truth_system *truth_find(const struct truth *truth, const char *id)
{
	return truth->system_count == 0
		       ? NULL
		       : bsearch(id, truth->systems, truth->system_count, sizeof(*truth->systems), by_id);
}

bool truth_trimmed(const struct truth *truth, const struct truth_system *system)
{
	return truth->partitions[system->partition].trimmed > 0;
}

size_t truth_event_at(const struct truth_system *system, int64_t revision)
{
	size_t low = 0;
	size_t high = system->event_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (system->events[middle]->revision < revision)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int compare_versions(const void *a, const void *b)
{
	const struct truth_version *left = a;
	const struct truth_version *right = b;
	if (left->kind != right->kind)
		return left->kind < right->kind ? -1 : 1;
	int order = strcmp(left->name, right->name);
	return order ? order : (left->version > right->version) - (left->version < right->version);
}

const struct truth_version *truth_version_of(
	const struct truth_system *system, enum model_kind kind, const char *name, int32_t version)
{
	struct truth_version key = {.kind = kind, .name = name, .version = version};
	return system->version_count == 0 ? NULL
					  : bsearch(&key, system->versions, system->version_count,
						    sizeof(*system->versions), compare_versions);
}

static int compare_ids(const void *key, const void *element)
{
	const struct truth_finding *state = element;
	return strcmp(key, state->id);
}

const struct truth_finding *truth_open_at(
	const struct truth_system *system, const char *finding, int64_t revision)
{
	if (system->finding_count == 0)
		return NULL;
	const struct truth_finding *end = system->findings + system->finding_count;
	const struct truth_finding *state = bsearch(
		finding, system->findings, system->finding_count, sizeof(*system->findings), compare_ids);
	if (!state)
		return NULL;
	while (state > system->findings && strcmp(state[-1].id, finding) == 0)
		state--;
	for (; state < end && strcmp(state->id, finding) == 0; state++)
		if (state->since <= revision && (state->until == 0 || revision < state->until))
			return state;
	return NULL;
}

const char *truth_event_text(struct arena *arena, const struct truth_event *event)
{
	const Tally__V1__Event *message = event->message;
	const ProtobufCEnumValue *type =
		protobuf_c_enum_descriptor_get_value(&tally__v1__event_type__descriptor, (int)message->type);
	const char *what = "";
	if (message->what_case == TALLY__V1__EVENT__WHAT_FINDING)
		what = message->finding->name;
	else if (message->what_case == TALLY__V1__EVENT__WHAT_DESCRIPTOR)
		what = message->descriptor->name;
	return arena_print(arena, "%s revision %" PRId64 " %s %s%s (partition %d, position %" PRId64 ", %s)",
		message->system, message->revision, type ? type->name : "?", what,
		event->last ? " [last]" : "", event->partition, event->position, event->digest);
}
