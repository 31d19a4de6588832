/* Databases and drafts for the store's tests. */
#include "fixture.h"

#include "model/name.h"

static struct postgres *shared;

struct postgres *fixture_postgres(void)
{
	if (!shared)
		shared = postgres_new();
	return shared;
}

int fixture_end(int failed)
{
	postgres_free(shared);
	shared = NULL;
	return failed;
}

void fixture_open_empty(struct fixture *fixture)
{
	*fixture = (struct fixture){.postgres = fixture_postgres(), .arena = arena_new()};
	fixture->url = postgres_database(fixture->postgres);
	fixture->options = (struct store_options){
		.url = fixture->url,
		.connect_timeout_s = 5,
		.statement_timeout_ms = 20000,
		.lock_timeout_ms = 10000,
		.application_name = "tally test",
	};
}

void fixture_open(struct fixture *fixture)
{
	struct fault fault;
	fixture_open_empty(fixture);
	expect_fault(FAULT_NONE, store_migrate(&fixture->options, PARTITIONS, NULL, &fault), &fault);
	fixture->store = store_new(&fixture->options);
}

void fixture_close(struct fixture *fixture)
{
	store_free(fixture->store);
	arena_free(fixture->arena);
	free(fixture->url);
}

void fixture_check(void **state)
{
	const struct fixture_case *row = *state;
	struct fixture fixture;
	fixture_open(&fixture);
	row->check(&fixture);
	fixture_close(&fixture);
}

static PGresult *ask(const struct fixture *fixture, PGconn *pg, const char *sql)
{
	(void)fixture;
	PGresult *result = PQexec(pg, sql);
	ExecStatusType status = PQresultStatus(result);
	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		fail_msg("%s: %s", sql, PQerrorMessage(pg));
	return result;
}

void fixture_sql(const struct fixture *fixture, const char *sql)
{
	PGconn *pg = PQconnectdb(fixture->url);
	PQclear(ask(fixture, pg, sql));
	PQfinish(pg);
}

int64_t fixture_number(const struct fixture *fixture, const char *sql)
{
	PGconn *pg = PQconnectdb(fixture->url);
	PGresult *result = ask(fixture, pg, sql);
	int64_t number = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
	PQclear(result);
	PQfinish(pg);
	return number;
}

int64_t fixture_trace(const struct fixture *fixture)
{
	return fixture_number(fixture,
		"SELECT (SELECT count(*) + sum(revision) FROM system)"
		" + 1000 * (SELECT count(*) FROM version) + 10000 * (SELECT count(*) FROM descriptor)"
		" + 100000 * (SELECT count(*) + count(until_revision) FROM finding)"
		" + 1000000 * (SELECT count(*) FROM event) + 10000000 * (SELECT sum(head) FROM partition)"
		" + 100000000 * (SELECT count(*) FROM request)");
}

void expect_fault(enum fault_code expected, enum fault_code code, const struct fault *fault)
{
	if (code != expected)
		fail_msg("expected %s, got %s%s%s", fault_name(expected), fault_name(code), code ? ": " : "",
			code ? fault->message : "");
}

enum fault_code fixture_load(struct store *store, struct arena *arena, const char *system,
	struct store_snapshot *snapshot, struct fault *fault)
{
	struct store_load load = {.partition = partition_of(system), .system = system};
	store_load(store, arena, &load, 1);
	if (load.fault.code)
		*fault = load.fault;
	else
		*snapshot = load.snapshot;
	return load.fault.code;
}

void fixture_unload(struct store_snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->descriptor_count; i++)
		model_descriptor_unref(snapshot->descriptors[i]);
}

int partition_of(const char *system)
{
	return model_partition(system, PARTITIONS);
}

int64_t time_of(int64_t revision)
{
	return INT64_C(1795000000000000) + revision * 1000001;
}

const char **fixture_names(const struct fixture *fixture, int partition, size_t count)
{
	const char **names = arena_array(fixture->arena, count, sizeof(*names));
	size_t found = 0;
	for (int i = 0; found < count; i++) {
		const char *name = arena_print(fixture->arena, "s%04d", i);
		if (model_partition(name, PARTITIONS) == partition)
			names[found++] = name;
	}
	return names;
}

void finding_id(int number, char *id)
{
	snprintf(id, MODEL_FINDING_ID_SIZE, "f%031d", number);
}

struct draft *draft_new(struct arena *arena)
{
	struct draft *draft = arena_alloc(arena, sizeof(*draft));
	draft->arena = arena;
	draft->batch.systems = arena_array(arena, DRAFT_MAX, sizeof(*draft->batch.systems));
	draft->batch.versions = arena_array(arena, DRAFT_MAX, sizeof(*draft->batch.versions));
	draft->batch.ends = arena_array(arena, DRAFT_MAX, sizeof(*draft->batch.ends));
	draft->batch.findings = arena_array(arena, DRAFT_MAX, sizeof(*draft->batch.findings));
	draft->batch.events = arena_array(arena, DRAFT_MAX, sizeof(*draft->batch.events));
	draft->batch.requests = arena_array(arena, DRAFT_MAX, sizeof(*draft->batch.requests));
	return draft;
}

void draft_system(struct draft *draft, const char *system, int64_t expected, int64_t revision, bool deleted)
{
	struct store_system_write *write = &draft->batch.systems[draft->batch.system_count++];
	write->expected = (struct store_stamp){expected, expected ? time_of(expected) : 0};
	write->system = (struct store_system){
		.partition = model_partition(system, PARTITIONS),
		.revision = revision,
		.deleted = deleted,
		.created_at_us = time_of(1),
		.updated_at_us = time_of(revision),
		.meta = "meta\0data",
		.meta_size = 9,
		.verdict = arena_print(draft->arena, "verdict %lld", (long long)revision),
	};
	write->system.verdict_size = strlen(write->system.verdict);
	snprintf(write->system.id, sizeof(write->system.id), "%s", system);
}

/* A packed tally.v1.Descriptor: the spec's field holds a message whose field 15 is our text. */
static void *body_of(struct arena *arena, enum model_kind kind, const char *text, size_t *size)
{
	size_t length = strlen(text);
	unsigned char *body = arena_alloc(arena, length + 8);
	assert_true(length < 120);
	unsigned char head[] = {(unsigned char)(((kind + 1) << 3) | 2), (unsigned char)(length + 2), 0x0a,
		(unsigned char)length};
	memcpy(body, head, sizeof(head));
	memcpy(body + sizeof(head), text, length);
	*size = length + sizeof(head);
	return body;
}

void draft_version(struct draft *draft, const char *system, enum model_kind kind, const char *name,
	int32_t number, int64_t revision, const char *text)
{
	struct store_version_write *write = &draft->batch.versions[draft->batch.version_count++];
	*write = (struct store_version_write){
		.partition = model_partition(system, PARTITIONS),
		.system = arena_text(draft->arena, system),
		.version.version =
			{
				.kind = kind,
				.name = arena_text(draft->arena, name),
				.version = number,
				.revision = revision,
				.created_at_us = time_of(revision),
				.owner_team = "data",
				.author = "anonymous",
				.author_team = "",
				.change_note = "Änderung 1",
				.digest.bytes = {1, 2, (uint8_t)number},
			},
	};
	if (text)
		write->version.body = body_of(draft->arena, kind, text, &write->version.body_size);
}

void draft_state(
	struct draft *draft, const char *system, int finding, int64_t since, int64_t opened, const char *text)
{
	struct model_finding *made = arena_alloc(draft->arena, sizeof(*made));
	*made = (struct model_finding){
		.rule = "api.output-type",
		.severity = SEVERITY_ERROR,
		.subject = "output",
		.digest.bytes = {(uint8_t)finding, (uint8_t)since},
	};
	finding_id(finding, made->id);
	draft->batch.findings[draft->batch.finding_count++] = (struct store_finding_write){
		.partition = model_partition(system, PARTITIONS),
		.system = arena_text(draft->arena, system),
		.finding = made,
		.since_revision = since,
		.since_at_us = time_of(since),
		.opened_revision = opened,
		.opened_at_us = time_of(opened),
		.body = arena_text(draft->arena, text),
		.body_size = strlen(text),
	};
}

void draft_end(
	struct draft *draft, const char *system, int finding, int64_t since, int64_t until, bool resolved)
{
	char *id = arena_alloc(draft->arena, MODEL_FINDING_ID_SIZE);
	finding_id(finding, id);
	draft->batch.ends[draft->batch.end_count++] = (struct store_finding_end){
		.partition = model_partition(system, PARTITIONS),
		.system = arena_text(draft->arena, system),
		.finding = id,
		.since_revision = since,
		.until_revision = until,
		.until_at_us = time_of(until),
		.resolved = resolved,
	};
}

void draft_event(struct draft *draft, const char *system, int64_t revision, bool last)
{
	struct store_event_write *write = &draft->batch.events[draft->batch.event_count++];
	*write = (struct store_event_write){
		.partition = model_partition(system, PARTITIONS),
		.facts =
			{
				.revision = revision,
				.type = EVENT_DESCRIPTOR_PUSHED,
				.last = last,
				.kinds = KIND_ALL,
				.class = CLASS_API,
				.severity = SEVERITY_ERROR,
				.teams = UINT32_C(1) << 31,
				.at_us = time_of(revision),
			},
		.body = arena_print(draft->arena, "event %lld of %s", (long long)revision, system),
	};
	write->body_size = strlen(write->body);
	snprintf(write->facts.system, sizeof(write->facts.system), "%s", system);
}

void draft_request(struct draft *draft, const char *system, const char *id, const char *text, int64_t at_us)
{
	draft->batch.requests[draft->batch.request_count++] = (struct store_request_write){
		.partition = model_partition(system, PARTITIONS),
		.system = arena_text(draft->arena, system),
		.request_id = arena_text(draft->arena, id),
		.request = {.fingerprint.bytes = {7, (uint8_t)text[0]},
			.answer = arena_text(draft->arena, text),
			.answer_size = strlen(text)},
		.created_at_us = at_us,
	};
}

void draft_push(struct draft *draft, const char *system, int64_t revision)
{
	draft_system(draft, system, revision - 1, revision, false);
	draft_version(draft, system, KIND_TRAINED_MODEL, "default", (int32_t)revision, revision, "pushed");
	draft_state(draft, system, (int)revision, revision, revision, "opened");
	draft_event(draft, system, revision, false);
	draft_event(draft, system, revision, true);
}

enum fault_code draft_commit(struct draft *draft, struct store *store, struct fault *fault)
{
	return store_commit(store, &draft->batch, draft->conflicted, fault);
}

void draft_keep(struct draft *draft, struct store *store)
{
	struct fault fault;
	expect_fault(FAULT_NONE, draft_commit(draft, store, &fault), &fault);
}
