/*
 * Any past state can be asked for: random histories, kept in arrays as well,
 * are read back at every revision.
 */
#include "fixture.h"

#include "model/name.h"

enum {
	REVISIONS = 60,
	FINDINGS = 12,
	NAMES = 4,
	ROUNDS = 3,
};

static const char system_id[] = "history";

/* What is so at a revision. */
struct known {
	int since[FINDINGS]; /* of the state; 0: never was */
	int opened[FINDINGS];
	int resolved[FINDINGS]; /* 0: open */
	int version[NAMES];     /* 0: never was */
	int brought[NAMES];     /* revision of the version */
	bool deleted[NAMES];
};

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

static void change_finding(struct draft *draft, struct known *now, int finding, int revision, uint32_t what)
{
	bool open = now->since[finding] && !now->resolved[finding];
	if (!open)
		now->opened[finding] = revision;
	else
		draft_end(draft, system_id, finding, now->since[finding], revision, what % 2);
	if (open && what % 2) {
		now->resolved[finding] = revision;
		return;
	}
	now->since[finding] = revision;
	now->resolved[finding] = 0;
	draft_state(draft, system_id, finding, revision, now->opened[finding],
		arena_print(draft->arena, "%d at %d", finding, revision));
}

static void change_version(struct draft *draft, struct known *now, int name, int revision, uint32_t what)
{
	now->version[name]++;
	now->brought[name] = revision;
	now->deleted[name] = !now->deleted[name] && now->version[name] > 1 && what % 3 == 0;
	draft_version(draft, system_id, KIND_RAW_DATA, arena_print(draft->arena, "n%d", name),
		now->version[name], revision, now->deleted[name] ? NULL : "text");
}

static void change(struct draft *draft, struct known *now, int revision, uint32_t *seed)
{
	for (int i = 0; i < FINDINGS; i++)
		if (next_random(seed) % 5 == 0)
			change_finding(draft, now, i, revision, next_random(seed));
	for (int i = 0; i < NAMES; i++)
		if (next_random(seed) % 4 == 0)
			change_version(draft, now, i, revision, next_random(seed));
	draft_event(draft, system_id, revision, true);
}

/* Commits in batches of one to five revisions. */
static void write_history(const struct fixture *fixture, struct known *known, uint32_t *seed)
{
	for (int revision = 0; revision < REVISIONS;) {
		struct draft *draft = draft_new(fixture->arena);
		int first = revision, count = 1 + (int)(next_random(seed) % 5);
		for (int i = 0; i < count && revision < REVISIONS; i++) {
			revision++;
			known[revision] = known[revision - 1];
			change(draft, &known[revision], revision, seed);
		}
		draft_system(draft, system_id, first, revision, false);
		draft_keep(draft, fixture->store);
	}
}

static void check_finding(const struct store_finding *finding, const struct known *known, int number)
{
	char id[MODEL_FINDING_ID_SIZE], body[32];
	finding_id(number, id);
	snprintf(body, sizeof(body), "%d at %d", number, known->since[number]);
	assert_string_equal(finding->id, id);
	assert_int_equal(finding->resolved, known->resolved[number] != 0);
	assert_int_equal(finding->life.opened_revision, known->opened[number]);
	assert_int_equal(finding->life.changed_revision, known->since[number]);
	assert_int_equal(finding->life.resolved_revision, known->resolved[number]);
	assert_int_equal(finding->life.opened_at_us, time_of(known->opened[number]));
	assert_int_equal(finding->life.changed_at_us, time_of(known->since[number]));
	assert_int_equal(
		finding->life.resolved_at_us, known->resolved[number] ? time_of(known->resolved[number]) : 0);
	assert_string_equal(finding->body, body);
}

static void check_findings(
	const struct fixture *fixture, const struct known *known, int revision, bool resolved)
{
	struct store_finding *list = NULL;
	struct fault fault;
	size_t count = 0, at = 0;
	expect_fault(FAULT_NONE,
		store_findings_at(fixture->store, fixture->arena, model_partition(system_id, PARTITIONS),
			system_id, revision, resolved, &list, &count, &fault),
		&fault);
	for (int i = 0; i < FINDINGS; i++) {
		if (!known->since[i] || (known->resolved[i] && !resolved))
			continue;
		assert_true(at < count);
		check_finding(&list[at++], known, i);
	}
	assert_int_equal(at, count);
}

static void check_versions(const struct fixture *fixture, const struct known *known, int revision)
{
	struct store_version *list = NULL;
	struct fault fault;
	size_t count = 0, at = 0;
	expect_fault(FAULT_NONE,
		store_versions_at(fixture->store, fixture->arena, model_partition(system_id, PARTITIONS),
			system_id, revision, &list, &count, &fault),
		&fault);
	for (int i = 0; i < NAMES; i++) {
		if (!known->version[i] || known->deleted[i])
			continue;
		assert_true(at < count);
		assert_int_equal(list[at].version.name[1], '0' + i);
		assert_int_equal(list[at].version.version, known->version[i]);
		assert_int_equal(list[at].version.revision, known->brought[i]);
		assert_null(list[at].body);
		at++;
	}
	assert_int_equal(at, count);
}

/* The same with bodies, where the kind is asked for. */
static void check_whole_versions(const struct fixture *fixture, const struct known *known, int revision)
{
	for (int asked = 0; asked < 2; asked++) {
		struct store_span span = {model_partition(system_id, PARTITIONS), system_id, revision, 0,
			asked ? KIND_BIT(KIND_RAW_DATA) : KIND_BIT(KIND_POLICY), 0};
		struct store_version *list = NULL;
		struct fault fault;
		size_t count = 0, at = 0;
		expect_fault(FAULT_NONE,
			store_whole_versions_at(fixture->store, fixture->arena, &span, &list, &count, &fault),
			&fault);
		for (int i = 0; i < NAMES; i++) {
			if (!known->version[i] || known->deleted[i])
				continue;
			assert_true(at < count);
			assert_int_equal(list[at].version.version, known->version[i]);
			assert_int_equal(list[at].body_size > 0, asked);
			at++;
		}
		assert_int_equal(at, count);
	}
}

/* What a span of revisions wrote, in their order. */
static void check_written(const struct fixture *fixture, const struct known *known, int first, int last)
{
	struct store_span span = {model_partition(system_id, PARTITIONS), system_id, first, last,
		KIND_BIT(KIND_RAW_DATA), INT64_MAX};
	struct store_version *list = NULL;
	struct fault fault;
	size_t count = 0, at = 0;
	expect_fault(FAULT_NONE,
		store_versions_between(fixture->store, fixture->arena, &span, &list, &count, &fault), &fault);
	for (int revision = first + 1; revision <= last; revision++) {
		for (int i = 0; i < NAMES; i++) {
			if (known[revision].brought[i] != revision)
				continue;
			assert_true(at < count);
			assert_int_equal(list[at].version.revision, revision);
			assert_int_equal(list[at].version.name[1], '0' + i);
			assert_int_equal(list[at].version.version, known[revision].version[i]);
			assert_int_equal(list[at].deleted, known[revision].deleted[i]);
			assert_int_equal(list[at].body_size > 0, !list[at].deleted);
			at++;
		}
	}
	assert_int_equal(at, count);
}

/* With room for so many bytes the same comes in pieces, each of whole revisions and one at least. */
static void check_pieces(const struct fixture *fixture, int64_t bytes)
{
	struct store_span span = {model_partition(system_id, PARTITIONS), system_id, 0, REVISIONS,
		KIND_BIT(KIND_RAW_DATA), INT64_MAX};
	struct store_version *whole = NULL, *piece = NULL;
	struct fault fault;
	size_t whole_count = 0, count = 0, at = 0, pieces = 0;
	expect_fault(FAULT_NONE,
		store_versions_between(fixture->store, fixture->arena, &span, &whole, &whole_count, &fault),
		&fault);
	for (span.bytes = bytes; at < whole_count; pieces++) {
		expect_fault(FAULT_NONE,
			store_versions_between(fixture->store, fixture->arena, &span, &piece, &count, &fault),
			&fault);
		assert_true(count > 0);
		int64_t before = 0; /* of the last revision */
		span.first = piece[count - 1].version.revision;
		for (size_t i = 0; i < count; i++, at++) {
			assert_int_equal(piece[i].version.revision, whole[at].version.revision);
			assert_string_equal(piece[i].version.name, whole[at].version.name);
			before += piece[i].version.revision < span.first ? (int64_t)piece[i].body_size : 0;
		}
		assert_true(before < bytes);
		assert_true(at == whole_count || whole[at].version.revision > span.first);
	}
	assert_true(pieces > 1);
}

/* Every state that held at some revision of a span, and for how long. */
static void check_held(const struct fixture *fixture, const struct known *known, int first, int last)
{
	struct store_span span = {model_partition(system_id, PARTITIONS), system_id, first, last, 0, 0};
	struct store_held *list = NULL;
	struct fault fault;
	size_t count = 0, held = 0;
	expect_fault(FAULT_NONE,
		store_findings_between(fixture->store, fixture->arena, &span, &list, &count, &fault), &fault);
	for (int revision = first; revision <= last; revision++) {
		for (int i = 0; i < FINDINGS; i++) {
			char id[MODEL_FINDING_ID_SIZE];
			size_t matches = 0;
			finding_id(i, id);
			for (size_t j = 0; j < count; j++)
				matches += strcmp(list[j].finding.id, id) == 0 &&
					   list[j].since_revision <= revision &&
					   list[j].until_revision > revision;
			bool open = known[revision].since[i] && !known[revision].resolved[i];
			assert_int_equal(matches, open);
		}
	}
	for (size_t j = 0; j < count; j++)
		held += list[j].since_revision <= last && list[j].until_revision > first;
	assert_int_equal(held, count);
}

static void check_current(const struct fixture *fixture, const struct known *known)
{
	struct store_snapshot snapshot;
	struct fault fault;
	size_t open = 0, living = 0, deleted = 0;
	expect_fault(FAULT_NONE, fixture_load(fixture->store, fixture->arena, system_id, &snapshot, &fault),
		&fault);
	for (int i = 0; i < FINDINGS; i++)
		open += known->since[i] && !known->resolved[i];
	for (int i = 0; i < NAMES; i++) {
		living += known->version[i] && !known->deleted[i];
		deleted += known->deleted[i];
	}
	assert_int_equal(snapshot.system.revision, REVISIONS);
	assert_int_equal(snapshot.finding_count, open);
	assert_int_equal(snapshot.descriptor_count, living);
	assert_int_equal(snapshot.deleted_count, deleted);
	fixture_unload(&snapshot);
}

struct round {
	const char *name;
	uint32_t seed;
};

static const struct round rounds[ROUNDS] = {
	{"every revision of history 1 reads as it was", 1},
	{"every revision of history 2 reads as it was", 20261123},
	{"every revision of history 3 reads as it was", 0xdeadbeef},
};

static void run(void **state)
{
	const struct round *round = *state;
	struct known *known = calloc(REVISIONS + 1, sizeof(*known));
	struct fixture fixture;
	uint32_t seed = round->seed;
	assert_non_null(known);
	fixture_open(&fixture);
	write_history(&fixture, known, &seed);
	for (int revision = 1; revision <= REVISIONS; revision++) {
		check_findings(&fixture, &known[revision], revision, false);
		check_findings(&fixture, &known[revision], revision, true);
		check_versions(&fixture, &known[revision], revision);
		check_whole_versions(&fixture, &known[revision], revision);
	}
	for (int first = 0; first <= REVISIONS; first += 7) {
		for (int last = first; last <= REVISIONS; last += 11) {
			check_written(&fixture, known, first, last);
			check_held(&fixture, known, first, last);
		}
	}
	check_pieces(&fixture, 1);
	check_pieces(&fixture, 200);
	check_current(&fixture, &known[REVISIONS]);
	fixture_close(&fixture);
	free(known);
}

int main(void)
{
	return fixture_end(CASES_RUN(rounds, run));
}
