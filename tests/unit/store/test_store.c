/* What is committed is what is read: systems, versions, findings, events, requests. */
#include "fixture.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "model/name.h"

static const char id[] = "0190a1b2-c3d4-4e5f-8a9b-0123456789AB";

static int part(const char *system)
{
	return model_partition(system, PARTITIONS);
}

static void load(const struct fixture *fixture, const char *system, struct store_snapshot *snapshot)
{
	struct fault fault;
	expect_fault(FAULT_NONE,
		store_load(fixture->store, fixture->arena, part(system), system, snapshot, &fault), &fault);
}

static void unload(struct store_snapshot *snapshot)
{
	for (size_t i = 0; i < snapshot->descriptor_count; i++)
		model_descriptor_unref(snapshot->descriptors[i]);
}

static void an_unknown_system_is_not_found(const struct fixture *fixture)
{
	struct store_snapshot snapshot;
	struct fault fault;
	expect_fault(FAULT_NOT_FOUND,
		store_load(fixture->store, fixture->arena, part("fraud"), "fraud", &snapshot, &fault),
		&fault);
	assert_string_equal(fault.reason, "SYSTEM_NOT_FOUND");
	expect_fault(FAULT_NONE, store_check(fixture->store, &fault), &fault);
}

static void a_push_is_loaded_again(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	struct store_snapshot snapshot;
	size_t size = 0;
	draft_push(draft, "fraud", 1);
	draft_version(draft, "fraud", KIND_SYSTEM_CONTEXT, "default", 1, 1, "context");
	draft_keep(draft, fixture->store);
	load(fixture, "fraud", &snapshot);
	assert_string_equal(snapshot.system.id, "fraud");
	assert_int_equal(snapshot.system.partition, part("fraud"));
	assert_int_equal(snapshot.system.revision, 1);
	assert_false(snapshot.system.deleted);
	assert_int_equal(snapshot.system.created_at_us, time_of(1));
	assert_int_equal(snapshot.system.meta_size, 9);
	assert_memory_equal(snapshot.system.meta, "meta\0data", 9);
	assert_int_equal(snapshot.position, 2);
	assert_int_equal(snapshot.descriptor_count, 2);
	assert_int_equal(snapshot.deleted_count, 0);
	const struct model_version *version = model_descriptor_version(snapshot.descriptors[0]);
	assert_int_equal(version->kind, KIND_SYSTEM_CONTEXT);
	assert_string_equal(version->change_note, "Änderung 1");
	assert_string_equal(version->author, "anonymous");
	assert_int_equal(version->digest.bytes[1], 2);
	const Tally__V1__SystemContext *spec = model_descriptor_spec(snapshot.descriptors[0]);
	assert_string_equal(spec->task, "context");
	const char *body = model_descriptor_body(snapshot.descriptors[1], &size);
	assert_memory_equal(body + size - 6, "pushed", 6);
	assert_int_equal(snapshot.finding_count, 1);
	assert_string_equal(snapshot.findings[0].id, "f0000000000000000000000000000001");
	assert_int_equal(snapshot.findings[0].life.opened_at_us, time_of(1));
	assert_int_equal(snapshot.findings[0].life.changed_revision, 1);
	assert_int_equal(snapshot.findings[0].digest.bytes[0], 1);
	unload(&snapshot);
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
	unload(&snapshot);
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
		store_finding(fixture->store, fixture->arena, part("fraud"), "fraud", finding, &one, &fault),
		&fault);
	assert_true(one.resolved);
	assert_int_equal(one.life.opened_revision, 1);
	assert_int_equal(one.life.changed_revision, 2);
	assert_int_equal(one.life.resolved_revision, 4);
	assert_int_equal(one.life.resolved_at_us, time_of(4));
	expect_fault(FAULT_NONE,
		store_findings_at(fixture->store, fixture->arena, part("fraud"), "fraud", 3, true, &list,
			&count, &fault),
		&fault);
	assert_int_equal(count, 1);
	assert_false(list[0].resolved);
	assert_int_equal(list[0].life.resolved_revision, 0);
	assert_string_equal(list[0].body, "changed");
	expect_fault(FAULT_NONE,
		store_findings_at(fixture->store, fixture->arena, part("fraud"), "fraud", 4, false, &list,
			&count, &fault),
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
	unload(&snapshot);
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
	unload(&snapshot);
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
		assert_int_equal(systems[i].partition, part(after_a[i]));
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
		store_version(fixture->store, fixture->arena, part("fraud"), "fraud", KIND_RAW_DATA, "orders",
			2, &version, &fault),
		&fault);
	assert_true(version.body && !version.deleted && version.version.revision == 2);
	assert_int_equal(version.body_size, 8);
	expect_fault(FAULT_NONE,
		store_version(fixture->store, fixture->arena, part("fraud"), "fraud", KIND_RAW_DATA, "orders",
			3, &version, &fault),
		&fault);
	assert_true(!version.body && version.deleted);
	expect_fault(FAULT_NOT_FOUND,
		store_version(fixture->store, fixture->arena, part("fraud"), "fraud", KIND_RAW_DATA, "orders",
			5, &version, &fault),
		&fault);
	assert_string_equal(fault.reason, "VERSION_NOT_FOUND");
	expect_fault(FAULT_NONE,
		store_list_versions(fixture->store, fixture->arena, part("fraud"), "fraud", KIND_RAW_DATA,
			"orders", 0, 2, &versions, &count, &fault),
		&fault);
	assert_true(count == 2 && versions[0].version.version == 4 && versions[1].version.version == 3);
	assert_true(versions[1].deleted && !versions[0].body);
	expect_fault(FAULT_NONE,
		store_list_versions(fixture->store, fixture->arena, part("fraud"), "fraud", KIND_RAW_DATA,
			"orders", 3, 5, &versions, &count, &fault),
		&fault);
	assert_true(count == 2 && versions[0].version.version == 2 && versions[1].version.version == 1);
}

static void events_come_in_the_order_they_were_given(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	struct model_event *events[10];
	struct store_head heads[PARTITIONS];
	struct fault fault;
	size_t count;
	for (int i = 1; i <= 3; i++)
		draft_event(draft, "fraud", i, i != 2);
	draft_system(draft, "fraud", 0, 3, false);
	draft_keep(draft, fixture->store);
	for (int i = 0; i < 3; i++)
		assert_int_equal(draft->batch.events[i].position, i + 1);
	expect_fault(FAULT_NONE, store_events(fixture->store, part("fraud"), 1, 10, events, &count, &fault),
		&fault);
	assert_int_equal(count, 2);
	const struct model_event *event = events[0];
	assert_true(event->position == 2 && event->partition == part("fraud"));
	assert_string_equal(event->facts.system, "fraud");
	assert_true(event->facts.revision == 2 && !event->facts.last && events[1]->facts.last);
	assert_int_equal(event->facts.type, EVENT_DESCRIPTOR_PUSHED);
	assert_int_equal(event->facts.kinds, KIND_ALL);
	assert_int_equal(event->facts.teams, UINT32_C(1) << 31);
	assert_true(event->facts.class == CLASS_API && event->facts.severity == SEVERITY_ERROR);
	assert_int_equal(event->facts.at_us, time_of(2));
	assert_memory_equal(event->body, "event 2 of fraud", event->size);
	model_event_unref(events[0]);
	model_event_unref(events[1]);
	expect_fault(FAULT_NONE, store_events(fixture->store, part("fraud"), 0, 1, events, &count, &fault),
		&fault);
	assert_true(count == 1 && events[0]->position == 1);
	model_event_unref(events[0]);
	expect_fault(FAULT_NONE, store_heads(fixture->store, heads, PARTITIONS, &fault), &fault);
	for (int i = 0; i < PARTITIONS; i++)
		assert_int_equal(heads[i].head, i == part("fraud") ? 3 : 0);
}

static void events_that_were_trimmed_are_out_of_range(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	struct model_event *events[10];
	struct fault fault;
	size_t count;
	draft_system(draft, "fraud", 0, 3, false);
	for (int i = 1; i <= 3; i++)
		draft_event(draft, "fraud", i, true);
	draft_keep(draft, fixture->store);
	fixture_sql(fixture,
		"UPDATE partition SET trimmed = 2 WHERE head = 3; DELETE FROM event WHERE position <= 2");
	expect_fault(FAULT_OUT_OF_RANGE,
		store_events(fixture->store, part("fraud"), 1, 10, events, &count, &fault), &fault);
	assert_string_equal(fault.reason, "EVENTS_TRIMMED");
	assert_string_equal(fault.facts[0].key, "trimmed");
	assert_string_equal(fault.facts[0].value, "2");
	expect_fault(FAULT_NONE, store_events(fixture->store, part("fraud"), 2, 10, events, &count, &fault),
		&fault);
	assert_true(count == 1 && events[0]->position == 3);
	model_event_unref(events[0]);
}

/* Six events of revisions 1, 2 (two events), 3, 4, 5, a second apart. */
static void keep_six_events(const struct fixture *fixture)
{
	static const struct {
		int64_t revision;
		bool last;
	} events[] = {{1, true}, {2, false}, {2, true}, {3, true}, {4, true}, {5, true}};
	struct draft *draft = draft_new(fixture->arena);
	draft_system(draft, "fraud", 0, 5, false);
	for (size_t i = 0; i < CASES_COUNT(events); i++)
		draft_event(draft, "fraud", events[i].revision, events[i].last);
	draft_keep(draft, fixture->store);
}

struct trim_case {
	const char *name;
	struct store_retention retention;
	int64_t trimmed; /* afterwards */
};

static void old_events_are_trimmed_in_whole_revisions(const struct fixture *fixture)
{
	const int64_t long_ago = time_of(0), later = time_of(100);
	const struct trim_case cases[] = {
		{"nothing is old", {long_ago, 100, later, 100}, 0},
		{"all that is old is young", {later, 100, long_ago, 100}, 0},
		{"a page that ends inside the first revisions stops before", {later, 0, later, 2}, 1},
		{"older than the second revision", {time_of(2), 100, later, 100}, 1},
		{"one half of a revision beyond the count", {long_ago, 4, later, 100}, 1},
		{"a whole revision beyond the count", {long_ago, 3, later, 100}, 3},
		{"beyond the count, but young", {long_ago, 0, time_of(4), 100}, 4},
		{"older than the last revision", {time_of(5), 100, later, 100}, 5},
		{"everything", {later, 0, later, 100}, 6},
		{"nothing is left", {later, 0, later, 100}, 6},
	};
	keep_six_events(fixture);
	int64_t before = 0;
	for (size_t i = 0; i < CASES_COUNT(cases); i++) {
		struct store_head heads[PARTITIONS];
		struct fault fault;
		int64_t removed = 0;
		expect_fault(FAULT_NONE,
			store_trim_events(
				fixture->store, part("fraud"), &cases[i].retention, &removed, &fault),
			&fault);
		expect_fault(FAULT_NONE, store_heads(fixture->store, heads, PARTITIONS, &fault), &fault);
		if (heads[part("fraud")].trimmed != cases[i].trimmed)
			fail_msg("%s: trimmed to %lld", cases[i].name,
				(long long)heads[part("fraud")].trimmed);
		assert_int_equal(removed, cases[i].trimmed - before);
		assert_int_equal(heads[part("fraud")].head, 6);
		before = cases[i].trimmed;
	}
}

/* What was taken of a partition's state. */
struct taken {
	const struct fixture *fixture;
	struct buffer text; /* system:versions:findings, in order */
	size_t calls, most;
	bool meddles;
	enum fault_code fails;
};

static enum fault_code take_states(
	void *context, const struct store_state *states, size_t count, struct fault *fault)
{
	struct taken *taken = context;
	for (size_t i = 0; i < count; i++) {
		buffer_print(&taken->text, "%s:%zu:%zu ", states[i].system.id, states[i].version_count,
			states[i].finding_count);
		for (size_t j = 0; j < states[i].finding_count; j++)
			assert_string_equal(states[i].findings[j].body, "opened");
	}
	taken->calls++;
	taken->most = count > taken->most ? count : taken->most;
	if (taken->meddles)
		fixture_sql(taken->fixture, "DELETE FROM finding; UPDATE system SET deleted = true");
	if (taken->fails)
		fault_set(fault, taken->fails, "ENOUGH", "enough");
	return taken->fails;
}

static enum fault_code state(const struct fixture *fixture, const struct store_state_ask *asked,
	struct taken *taken, int64_t *head)
{
	struct fault fault;
	struct store_state_ask ask = *asked;
	taken->fixture = fixture;
	ask.partition = 5;
	ask.take = take_states;
	ask.context = taken;
	return store_state(fixture->store, &ask, head, &fault);
}

/* Names of systems in partition 5, in order. */
static const char **names_of(const struct fixture *fixture, size_t count)
{
	const char **names = arena_array(fixture->arena, count, sizeof(*names));
	size_t found = 0;
	for (int i = 0; found < count; i++) {
		const char *name = arena_print(fixture->arena, "s%04d", i);
		if (part(name) == 5)
			names[found++] = name;
	}
	return names;
}

static void a_partitions_state_is_read(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	struct taken all = {0}, some = {0};
	int64_t head = 0;
	/* Systems of one partition, one of them deleted and one quiet. */
	const char **names = names_of(fixture, 4);
	draft_push(draft, names[0], 1);
	draft_system(draft, names[1], 0, 1, false);
	draft_push(draft, names[2], 1);
	draft->batch.systems[2].system.deleted = true;
	draft_push(draft, names[3], 1);
	draft_version(draft, names[3], KIND_RAW_DATA, "a", 1, 1, NULL);
	draft_version(draft, names[3], KIND_RAW_DATA, "b", 1, 1, "text");
	draft_keep(draft, fixture->store);
	assert_int_equal(state(fixture, &(struct store_state_ask){0}, &all, &head), FAULT_NONE);
	assert_int_equal(head, 6);
	assert_string_equal(buffer_string(&all.text),
		arena_print(fixture->arena, "%s:1:1 %s:0:0 %s:2:1 ", names[0], names[1], names[3]));
	assert_int_equal(state(fixture, &(struct store_state_ask){.systems = &names[2], .system_count = 2},
				 &some, &head),
		FAULT_NONE);
	assert_string_equal(buffer_string(&some.text), arena_print(fixture->arena, "%s:2:1 ", names[3]));
	buffer_done(&all.text);
	buffer_done(&some.text);
}

/* 100 systems come some at a time; somebody who deletes all of them after the first is not seen. */
static void a_large_state_is_of_one_moment(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	struct taken taken = {.meddles = true};
	struct buffer expected = {0};
	const char **names = names_of(fixture, 100);
	int64_t head = 0;
	for (size_t i = 0; i < 100; i++) {
		draft_push(draft, names[i], 1);
		buffer_print(&expected, "%s:1:1 ", names[i]);
	}
	draft_keep(draft, fixture->store);
	assert_int_equal(state(fixture, &(struct store_state_ask){0}, &taken, &head), FAULT_NONE);
	assert_string_equal(buffer_string(&taken.text), buffer_string(&expected));
	assert_int_equal(head, 200);
	assert_true(taken.calls >= 3 && taken.most <= 40);
	buffer_done(&taken.text);
	buffer_done(&expected);
}

static void reading_a_state_can_be_ended(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	struct taken taken = {.fails = FAULT_EXHAUSTED};
	int64_t head = -1;
	const char **names = names_of(fixture, 100);
	for (size_t i = 0; i < 100; i++)
		draft_push(draft, names[i], 1);
	draft_keep(draft, fixture->store);
	assert_int_equal(state(fixture, &(struct store_state_ask){0}, &taken, &head), FAULT_EXHAUSTED);
	assert_true(taken.calls == 1 && head == -1);
	/* Its transaction has ended: what is written now is seen. */
	taken = (struct taken){.text = taken.text};
	draft = draft_new(fixture->arena);
	draft_system(draft, names[0], 1, 2, true);
	draft_keep(draft, fixture->store);
	assert_int_equal(state(fixture, &(struct store_state_ask){0}, &taken, &head), FAULT_NONE);
	assert_null(strstr(buffer_string(&taken.text) + 300, names[0]));
	assert_int_equal(head, 200);
	buffer_done(&taken.text);
}

static size_t page_after(const struct fixture *fixture, int64_t after)
{
	struct model_event *events[64];
	struct fault fault;
	size_t count = 0;
	expect_fault(FAULT_NONE, store_events(fixture->store, 5, after, 64, events, &count, &fault), &fault);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(events[i]->position, after + 1 + (int64_t)i);
		model_event_unref(events[i]);
	}
	return count;
}

static void events_come_in_bounded_pages(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	const char **names = names_of(fixture, 3);
	for (size_t i = 0; i < 3; i++)
		draft_push(draft, names[i], 1);
	draft_keep(draft, fixture->store);
	assert_int_equal(page_after(fixture, 0), 6);
	fixture_sql(fixture,
		"UPDATE event SET body = convert_to(repeat('x', 200 * 1024), 'UTF8') WHERE position < 5");
	assert_int_equal(page_after(fixture, 0), 2);
	assert_int_equal(page_after(fixture, 2), 2);
	assert_int_equal(page_after(fixture, 4), 2);
	fixture_sql(fixture,
		"UPDATE event SET body = convert_to(repeat('x', 900 * 1024), 'UTF8') WHERE position = 5");
	assert_int_equal(page_after(fixture, 3), 1);
	assert_int_equal(page_after(fixture, 4), 1);
	assert_int_equal(page_after(fixture, 5), 1);
	assert_int_equal(page_after(fixture, 6), 0);
	fixture_sql(fixture, "UPDATE event SET body = ''");
	assert_int_equal(page_after(fixture, 0), 6);
}

static void request(
	const struct fixture *fixture, const char *request_id, enum fault_code expected, const char *answer)
{
	struct store_request request;
	struct fault fault;
	expect_fault(expected,
		store_request(
			fixture->store, fixture->arena, part("fraud"), "fraud", request_id, &request, &fault),
		&fault);
	if (expected == FAULT_NONE)
		assert_string_equal(request.answer, answer);
}

static void a_request_is_answered_again_for_a_day(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	int64_t hour_us = INT64_C(3600) * 1000000;
	request(fixture, id, FAULT_NOT_FOUND, NULL);
	draft_push(draft, "fraud", 1);
	draft_request(draft, "fraud", id, "first", clock_wall_us() - 23 * hour_us);
	draft_request(draft, "fraud", "0190a1b2-c3d4-4e5f-8a9b-000000000000", "old",
		clock_wall_us() - 25 * hour_us);
	draft_keep(draft, fixture->store);
	request(fixture, id, FAULT_NONE, "first");
	request(fixture, "0190A1B2-c3d4-4e5f-8a9b-0123456789ab", FAULT_NONE, "first");
	request(fixture, "0190a1b2-c3d4-4e5f-8a9b-000000000000", FAULT_NOT_FOUND, NULL);
	request(fixture, "0190a1b2c3d44e5f8a9b000000000000", FAULT_INVALID, NULL);
}

static void an_old_request_id_may_be_used_again(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	int64_t day_us = INT64_C(24) * 3600 * 1000000;
	draft_push(draft, "fraud", 1);
	draft_request(draft, "fraud", id, "old", clock_wall_us() - day_us - 1000000);
	draft_keep(draft, fixture->store);
	draft = draft_new(fixture->arena);
	draft_push(draft, "fraud", 2);
	draft_request(draft, "fraud", id, "new", clock_wall_us());
	draft_keep(draft, fixture->store);
	request(fixture, id, FAULT_NONE, "new");
}

static void old_requests_are_forgotten(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	struct fault fault;
	int64_t removed = 0;
	draft_request(draft, "fraud", id, "old", time_of(1));
	draft_request(draft, "fraud", "0190a1b2-c3d4-4e5f-8a9b-000000000000", "new", time_of(2));
	draft_keep(draft, fixture->store);
	expect_fault(FAULT_NONE, store_forget_requests(fixture->store, time_of(2), &removed, &fault), &fault);
	assert_int_equal(removed, 1);
	assert_int_equal(fixture_number(fixture, "SELECT count(*) FROM request"), 1);
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
		store_findings_at(fixture->store, fixture->arena, part("fraud"), "fraud", 1, false, &list,
			&count, &fault),
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

struct plain {
	const char *name;
	void (*run)(const struct fixture *fixture);
};

static const struct plain plains[] = {
	{"an unknown system is not found", an_unknown_system_is_not_found},
	{"a push is loaded again as it was", a_push_is_loaded_again},
	{"a change replaces what was current", a_change_replaces_what_was_current},
	{"a finding may open, change and end in one batch", a_finding_may_open_change_and_end_in_one_batch},
	{"a finding that is not there is not found", a_finding_that_is_not_there_is_not_found},
	{"a deleted descriptor keeps its number", a_deleted_descriptor_keeps_its_number},
	{"a deleted system has no descriptors and can be made again", a_deleted_system_can_be_made_again},
	{"systems of all partitions are listed by id", systems_are_listed_by_id},
	{"versions are read one by one and listed newest first", versions_are_read_one_by_one_and_listed},
	{"events come in the order they were given", events_come_in_the_order_they_were_given},
	{"events that were trimmed are out of range", events_that_were_trimmed_are_out_of_range},
	{"old events are trimmed in whole revisions", old_events_are_trimmed_in_whole_revisions},
	{"a partition's state is that of its systems, without the deleted ones", a_partitions_state_is_read},
	{"a large state is of one moment, though it is read in pages", a_large_state_is_of_one_moment},
	{"reading a state can be ended in the middle", reading_a_state_can_be_ended},
	{"events come in pages of bounded size, but one in any case", events_come_in_bounded_pages},
	{"a request is answered again for a day", a_request_is_answered_again_for_a_day},
	{"a request id that is a day old may be used again", an_old_request_id_may_be_used_again},
	{"requests before a time are forgotten", old_requests_are_forgotten},
	{"bodies are compressed with lz4 where the server has it", bodies_are_compressed_fast},
	{"large bodies come back whole", large_bodies_come_back_whole},
};

static void run(void **state)
{
	const struct plain *plain = *state;
	struct fixture fixture;
	fixture_open(&fixture);
	plain->run(&fixture);
	fixture_close(&fixture);
}

int main(void)
{
	return fixture_end(CASES_RUN(plains, run));
}
