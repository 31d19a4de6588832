/* What is committed is what is read: systems, versions, findings. */
#include "fixture.h"

#include "model/name.h"

static void load(const struct fixture *fixture, const char *system, struct store_snapshot *snapshot)
{
	struct fault fault;
	expect_fault(
		FAULT_NONE, fixture_load(fixture->store, fixture->arena, system, snapshot, &fault), &fault);
}

static void an_unknown_system_is_not_found(const struct fixture *fixture)
{
	struct store_snapshot snapshot;
	struct fault fault;
	expect_fault(FAULT_NOT_FOUND,
		fixture_load(fixture->store, fixture->arena, "fraud", &snapshot, &fault), &fault);
	assert_string_equal(fault.reason, "SYSTEM_NOT_FOUND");
	expect_fault(FAULT_NONE, store_check(fixture->store, &fault), &fault);
}

static void a_push_is_loaded_again(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	struct store_snapshot snapshot;
	draft_push(draft, "fraud", 1);
	draft_version(draft, "fraud", KIND_SYSTEM_CONTEXT, "default", 1, 1, "context");
	draft_keep(draft, fixture->store);
	load(fixture, "fraud", &snapshot);
	assert_string_equal(snapshot.system.id, "fraud");
	assert_int_equal(snapshot.system.partition, partition_of("fraud"));
	assert_int_equal(snapshot.system.revision, 1);
	assert_false(snapshot.system.deleted);
	assert_int_equal(snapshot.system.created_at_us, time_of(1));
	assert_int_equal(snapshot.system.meta_size, 9);
	assert_memory_equal(snapshot.system.meta, "meta\0data", 9);
	assert_int_equal(snapshot.descriptor_count, 2);
	assert_int_equal(snapshot.deleted_count, 0);
	const struct model_version *version = model_descriptor_version(snapshot.descriptors[0]);
	assert_int_equal(version->kind, KIND_SYSTEM_CONTEXT);
	assert_string_equal(version->change_note, "Änderung 1");
	assert_string_equal(version->author, "anonymous");
	assert_int_equal(version->digest.bytes[1], 2);
	const Tally__V1__SystemContext *spec = model_descriptor_spec(snapshot.descriptors[0]);
	assert_string_equal(spec->task, "context");
	const Tally__V1__TrainedModel *model = model_descriptor_spec(snapshot.descriptors[1]);
	assert_string_equal(model->model_name, "pushed");
	assert_int_equal(snapshot.finding_count, 1);
	assert_string_equal(snapshot.findings[0].id, "f0000000000000000000000000000001");
	assert_int_equal(snapshot.findings[0].life.opened_at_us, time_of(1));
	assert_int_equal(snapshot.findings[0].life.changed_revision, 1);
	assert_int_equal(snapshot.findings[0].digest.bytes[0], 1);
	fixture_unload(&snapshot);
}

static void a_change_replaces_what_was_current(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	struct store_snapshot snapshot;
	draft_push(draft, "fraud", 1);
	draft_keep(draft, fixture->store);
	draft = draft_new(fixture->arena);
	draft_system(draft, "fraud", 1, 3, false);
	draft_version(draft, "fraud", KIND_TRAINED_MODEL, "default", 2, 2, "second");
	draft_version(draft, "fraud", KIND_TRAINED_MODEL, "default", 3, 3, "third");
	draft_end(draft, "fraud", 1, 1, 2, false);
	draft_state(draft, "fraud", 1, 2, 1, "changed");
	draft_keep(draft, fixture->store);
	load(fixture, "fraud", &snapshot);
	assert_int_equal(snapshot.system.revision, 3);
	assert_int_equal(snapshot.descriptor_count, 1);
	assert_int_equal(model_descriptor_version(snapshot.descriptors[0])->version, 3);
	assert_int_equal(snapshot.finding_count, 1);
	assert_int_equal(snapshot.findings[0].since_revision, 2);
	assert_int_equal(snapshot.findings[0].life.opened_revision, 1);
	assert_int_equal(snapshot.findings[0].life.changed_at_us, time_of(2));
	fixture_unload(&snapshot);
}

static void a_descriptor_may_be_made_and_changed_in_one_batch(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	struct store_snapshot snapshot;
	draft_system(draft, "fraud", 0, 4, false);
	draft_version(draft, "fraud", KIND_TRAINED_MODEL, "default", 1, 1, "first");
	draft_version(draft, "fraud", KIND_TRAINED_MODEL, "other", 1, 2, "other");
	draft_version(draft, "fraud", KIND_TRAINED_MODEL, "default", 2, 3, "second");
	draft_version(draft, "fraud", KIND_TRAINED_MODEL, "other", 2, 4, NULL);
	draft_keep(draft, fixture->store);
	load(fixture, "fraud", &snapshot);
	assert_int_equal(snapshot.descriptor_count, 1);
	assert_string_equal(model_descriptor_version(snapshot.descriptors[0])->name, "default");
	assert_int_equal(model_descriptor_version(snapshot.descriptors[0])->version, 2);
	assert_int_equal(snapshot.deleted_count, 1);
	assert_int_equal(snapshot.deleted[0].version, 2);
	fixture_unload(&snapshot);
}

static void a_finding_may_open_change_and_end_in_one_batch(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	struct store_finding *list;
	struct store_finding one;
	struct fault fault;
	size_t count;
	char finding[MODEL_FINDING_ID_SIZE];
	draft_system(draft, "fraud", 0, 4, false);
	draft_state(draft, "fraud", 7, 1, 1, "opened");
	draft_end(draft, "fraud", 7, 1, 2, false);
	draft_state(draft, "fraud", 7, 2, 1, "changed");
	draft_end(draft, "fraud", 7, 2, 4, true);
	draft_keep(draft, fixture->store);
	finding_id(7, finding);
	expect_fault(FAULT_NONE,
		store_finding(fixture->store, fixture->arena, partition_of("fraud"), "fraud", finding, &one,
			&fault),
		&fault);
	assert_true(one.resolved);
	assert_int_equal(one.life.opened_revision, 1);
	assert_int_equal(one.life.changed_revision, 2);
	assert_int_equal(one.life.resolved_revision, 4);
	assert_int_equal(one.life.resolved_at_us, time_of(4));
	expect_fault(FAULT_NONE,
		store_findings_at(fixture->store, fixture->arena, partition_of("fraud"), "fraud", 3, true,
			&list, &count, &fault),
		&fault);
	assert_int_equal(count, 1);
	assert_false(list[0].resolved);
	assert_int_equal(list[0].life.resolved_revision, 0);
	assert_string_equal(list[0].body, "changed");
	expect_fault(FAULT_NONE,
		store_findings_at(fixture->store, fixture->arena, partition_of("fraud"), "fraud", 4, false,
			&list, &count, &fault),
		&fault);
	assert_int_equal(count, 0);
}

static void a_finding_that_is_not_there_is_not_found(const struct fixture *fixture)
{
	struct store_finding one;
	struct fault fault;
	expect_fault(FAULT_NOT_FOUND,
		store_finding(fixture->store, fixture->arena, 0, "fraud", "f1", &one, &fault), &fault);
	assert_string_equal(fault.reason, "FINDING_NOT_FOUND");
}

static void a_deleted_descriptor_keeps_its_number(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	struct store_snapshot snapshot;
	draft_push(draft, "fraud", 1);
	draft_keep(draft, fixture->store);
	draft = draft_new(fixture->arena);
	draft_system(draft, "fraud", 1, 2, false);
	draft_version(draft, "fraud", KIND_TRAINED_MODEL, "default", 2, 2, NULL);
	draft_keep(draft, fixture->store);
	load(fixture, "fraud", &snapshot);
	assert_int_equal(snapshot.descriptor_count, 0);
	assert_int_equal(snapshot.deleted_count, 1);
	assert_int_equal(snapshot.deleted[0].version, 2);
	assert_int_equal(snapshot.deleted[0].kind, KIND_TRAINED_MODEL);
	fixture_unload(&snapshot);
}

static void a_deleted_system_can_be_made_again(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	struct store_snapshot snapshot;
	struct store_system *systems;
	struct fault fault;
	size_t count;
	draft_push(draft, "fraud", 1);
	draft_keep(draft, fixture->store);
	draft = draft_new(fixture->arena);
	draft_system(draft, "fraud", 1, 2, true);
	draft_end(draft, "fraud", 1, 1, 2, true);
	draft_keep(draft, fixture->store);
	load(fixture, "fraud", &snapshot);
	assert_true(snapshot.system.deleted);
	assert_int_equal(snapshot.descriptor_count, 0);
	assert_int_equal(snapshot.deleted_count, 1);
	expect_fault(FAULT_NONE,
		store_list_systems(fixture->store, fixture->arena, "", 10, &systems, &count, &fault), &fault);
	assert_int_equal(count, 0);
	draft = draft_new(fixture->arena);
	draft_system(draft, "fraud", 2, 3, false);
	draft_version(draft, "fraud", KIND_TRAINED_MODEL, "default", 2, 3, "again");
	draft_keep(draft, fixture->store);
	load(fixture, "fraud", &snapshot);
	assert_false(snapshot.system.deleted);
	assert_int_equal(snapshot.descriptor_count, 1);
	fixture_unload(&snapshot);
}

static void systems_are_listed_by_id(const struct fixture *fixture)
{
	static const char *const names[] = {"b-2", "a", "b", "b1", "c"};
	static const char *const after_a[] = {"b", "b-2", "b1"};
	struct draft *draft = draft_new(fixture->arena);
	struct store_system *systems;
	struct fault fault;
	size_t count;
	for (size_t i = 0; i < CASES_COUNT(names); i++)
		draft_push(draft, names[i], 1);
	draft_keep(draft, fixture->store);
	expect_fault(FAULT_NONE,
		store_list_systems(fixture->store, fixture->arena, "a", 3, &systems, &count, &fault), &fault);
	assert_int_equal(count, 3);
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(systems[i].id, after_a[i]);
		assert_int_equal(systems[i].partition, partition_of(after_a[i]));
	}
}

static void versions_are_read_one_by_one_and_listed(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	struct store_version version, *versions;
	struct fault fault;
	size_t count;
	draft_system(draft, "fraud", 0, 4, false);
	for (int i = 1; i <= 4; i++)
		draft_version(draft, "fraud", KIND_RAW_DATA, "orders", i, i, i == 3 ? NULL : "text");
	draft_keep(draft, fixture->store);
	expect_fault(FAULT_NONE,
		store_version(fixture->store, fixture->arena, partition_of("fraud"), "fraud", KIND_RAW_DATA,
			"orders", 2, &version, &fault),
		&fault);
	assert_true(version.body && !version.deleted && version.version.revision == 2);
	assert_int_equal(version.body_size, 8);
	expect_fault(FAULT_NONE,
		store_version(fixture->store, fixture->arena, partition_of("fraud"), "fraud", KIND_RAW_DATA,
			"orders", 3, &version, &fault),
		&fault);
	assert_true(!version.body && version.deleted);
	expect_fault(FAULT_NOT_FOUND,
		store_version(fixture->store, fixture->arena, partition_of("fraud"), "fraud", KIND_RAW_DATA,
			"orders", 5, &version, &fault),
		&fault);
	assert_string_equal(fault.reason, "VERSION_NOT_FOUND");
	expect_fault(FAULT_NONE,
		store_list_versions(fixture->store, fixture->arena, partition_of("fraud"), "fraud",
			KIND_RAW_DATA, "orders", 0, 2, &versions, &count, &fault),
		&fault);
	assert_true(count == 2 && versions[0].version.version == 4 && versions[1].version.version == 3);
	assert_true(versions[1].deleted && !versions[0].body);
	expect_fault(FAULT_NONE,
		store_list_versions(fixture->store, fixture->arena, partition_of("fraud"), "fraud",
			KIND_RAW_DATA, "orders", 3, 5, &versions, &count, &fault),
		&fault);
	assert_true(count == 2 && versions[0].version.version == 2 && versions[1].version.version == 1);
}

static void large_bodies_come_back_whole(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	struct store_finding *list;
	struct fault fault;
	size_t count, size = 3 * 1024 * 1024 + 1;
	char *body = arena_alloc(fixture->arena, size);
	for (size_t i = 0; i < size; i++)
		body[i] = (char)(i * i >> 7);
	draft_system(draft, "fraud", 0, 1, false);
	for (int i = 0; i < 8; i++) {
		draft_state(draft, "fraud", i, 1, 1, "");
		draft->batch.findings[i].body = body;
		draft->batch.findings[i].body_size = size;
	}
	draft_keep(draft, fixture->store);
	expect_fault(FAULT_NONE,
		store_findings_at(fixture->store, fixture->arena, partition_of("fraud"), "fraud", 1, false,
			&list, &count, &fault),
		&fault);
	assert_int_equal(count, 8);
	assert_int_equal(list[7].body_size, size);
	assert_memory_equal(list[7].body, body, size);
}

static void bodies_are_compressed_fast(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	draft_push(draft, "fraud", 1);
	draft->batch.findings[0].body = arena_print(fixture->arena, "%08000d", 1);
	draft->batch.findings[0].body_size = 8000;
	draft_keep(draft, fixture->store);
	int64_t has_lz4 = fixture_number(fixture,
		"SELECT count(*) FROM pg_settings "
		"WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)");
	assert_int_equal(fixture_number(fixture,
				 "SELECT count(*) FROM finding WHERE pg_column_compression(body) = 'lz4'"),
		has_lz4);
}

/* ---- loading what is partly known ---- */

static void load_known(
	const struct fixture *fixture, const struct store_snapshot *known, struct store_load *load)
{
	struct model_system system = {"fraud", known->descriptors, known->descriptor_count};
	*load = (struct store_load){.partition = partition_of("fraud"), .system = "fraud", .known = &system};
	store_load(fixture->store, fixture->arena, load, 1);
	expect_fault(FAULT_NONE, load->fault.code, &load->fault);
}

/* The trained model's third version is current, and its second is loaded. */
static void push_three(const struct fixture *fixture, struct store_snapshot *second)
{
	struct draft *draft = draft_new(fixture->arena);
	draft_push(draft, "fraud", 1);
	draft_version(draft, "fraud", KIND_SYSTEM_CONTEXT, "default", 1, 1, "context");
	draft_keep(draft, fixture->store);
	for (int revision = 2; revision <= 3; revision++) {
		draft = draft_new(fixture->arena);
		draft_system(draft, "fraud", revision - 1, revision, false);
		draft_version(draft, "fraud", KIND_TRAINED_MODEL, "default", revision, revision,
			revision == 2 ? "second" : "third");
		draft_keep(draft, fixture->store);
		if (revision == 2)
			load(fixture, "fraud", second);
	}
}

static void what_is_known_and_current_is_shared(const struct fixture *fixture)
{
	struct store_snapshot known;
	struct store_load again;
	push_three(fixture, &known);
	load_known(fixture, &known, &again);
	assert_int_equal(again.snapshot.descriptor_count, 2);
	assert_ptr_equal(again.snapshot.descriptors[0], known.descriptors[0]);
	assert_ptr_not_equal(again.snapshot.descriptors[1], known.descriptors[1]);
	const Tally__V1__TrainedModel *model = model_descriptor_spec(again.snapshot.descriptors[1]);
	assert_string_equal(model->model_name, "third");
	fixture_unload(&again.snapshot);
	fixture_unload(&known);
}

struct history_row {
	const char *name;
	const char *sql; /* what another history did */
};

static const struct history_row histories[] = {
	{"the same number at another time is another version",
		"UPDATE version SET created_at = created_at + interval '1 microsecond' WHERE version = 1"},
	{"the same number at another revision is another version",
		"UPDATE version SET revision = 2 WHERE kind = 1"},
	{"another number is another version", "UPDATE version SET version = 4 WHERE kind = 1"},
	{"another name is another descriptor",
		"UPDATE version SET name = 'x' WHERE kind = 1; UPDATE descriptor SET name = 'x' WHERE kind = 1"},
};

static void check_history(void **state)
{
	const struct history_row *row = *state;
	struct fixture fixture;
	struct store_snapshot known;
	struct store_load again;
	fixture_open(&fixture);
	push_three(&fixture, &known);
	fixture_sql(&fixture, row->sql);
	load_known(&fixture, &known, &again);
	assert_int_equal(again.snapshot.descriptor_count, 2);
	assert_ptr_not_equal(again.snapshot.descriptors[0], known.descriptors[0]);
	const Tally__V1__SystemContext *context = model_descriptor_spec(again.snapshot.descriptors[0]);
	assert_string_equal(context->task, "context");
	fixture_unload(&again.snapshot);
	fixture_unload(&known);
	fixture_close(&fixture);
}

static void what_was_deleted_since_is_gone(const struct fixture *fixture)
{
	struct store_snapshot known;
	struct store_load again;
	push_three(fixture, &known);
	struct draft *draft = draft_new(fixture->arena);
	draft_system(draft, "fraud", 3, 4, false);
	draft_version(draft, "fraud", KIND_SYSTEM_CONTEXT, "default", 2, 4, NULL);
	draft_keep(draft, fixture->store);
	load_known(fixture, &known, &again);
	assert_int_equal(again.snapshot.descriptor_count, 1);
	assert_int_equal(again.snapshot.deleted_count, 1);
	assert_int_equal(again.snapshot.deleted[0].version, 2);
	fixture_unload(&again.snapshot);
	fixture_unload(&known);
}

static void many_are_loaded_and_each_has_its_own_fault(const struct fixture *fixture)
{
	enum {
		COUNT = 40,
		UNKNOWN = 7,
		DAMAGED = 20
	};
	struct store_load loads[COUNT];
	struct draft *draft = draft_new(fixture->arena);
	for (int i = 0; i < COUNT; i++) {
		const char *system = arena_print(fixture->arena, "s%d", i);
		loads[i] = (struct store_load){.partition = partition_of(system), .system = system};
		if (i != UNKNOWN)
			draft_push(draft, system, 1);
	}
	draft_keep(draft, fixture->store);
	fixture_sql(fixture, "UPDATE version SET body = '\\xff' WHERE system = 's20'");
	store_load(fixture->store, fixture->arena, loads, COUNT);
	for (int i = 0; i < COUNT; i++) {
		enum fault_code expected = i == UNKNOWN   ? FAULT_NOT_FOUND
					   : i == DAMAGED ? FAULT_INTERNAL
							  : FAULT_NONE;
		expect_fault(expected, loads[i].fault.code, &loads[i].fault);
		if (loads[i].fault.code)
			continue;
		assert_string_equal(loads[i].snapshot.system.id, loads[i].system);
		assert_int_equal(loads[i].snapshot.finding_count, 1);
		fixture_unload(&loads[i].snapshot);
	}
}

static const struct fixture_case plains[] = {
	{"an unknown system is not found", an_unknown_system_is_not_found},
	{"a push is loaded again as it was", a_push_is_loaded_again},
	{"a change replaces what was current", a_change_replaces_what_was_current},
	{"a descriptor may be made and changed in one batch",
		a_descriptor_may_be_made_and_changed_in_one_batch},
	{"a finding may open, change and end in one batch", a_finding_may_open_change_and_end_in_one_batch},
	{"a finding that is not there is not found", a_finding_that_is_not_there_is_not_found},
	{"a deleted descriptor keeps its number", a_deleted_descriptor_keeps_its_number},
	{"a deleted system has no descriptors and can be made again", a_deleted_system_can_be_made_again},
	{"systems of all partitions are listed by id", systems_are_listed_by_id},
	{"versions are read one by one and listed newest first", versions_are_read_one_by_one_and_listed},
	{"what is known and current is shared", what_is_known_and_current_is_shared},
	{"what was deleted since it was known is gone", what_was_deleted_since_is_gone},
	{"many are loaded at once, and each has its own fault", many_are_loaded_and_each_has_its_own_fault},
	{"bodies are compressed with lz4 where the server has it", bodies_are_compressed_fast},
	{"large bodies come back whole", large_bodies_come_back_whole},
};

int main(void)
{
	int failed = CASES_RUN(plains, fixture_check) + CASES_RUN(histories, check_history);
	return fixture_end(failed);
}
