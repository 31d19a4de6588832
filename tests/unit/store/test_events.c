/* Events: their order, their pages, and what is trimmed of them. */
#include "fixture.h"

#include "model/name.h"

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
	expect_fault(FAULT_NONE,
		store_events(fixture->store, partition_of("fraud"), 1, 10, events, &count, &fault), &fault);
	assert_int_equal(count, 2);
	const struct model_event *event = events[0];
	assert_true(event->position == 2 && event->partition == partition_of("fraud"));
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
	expect_fault(FAULT_NONE,
		store_events(fixture->store, partition_of("fraud"), 0, 1, events, &count, &fault), &fault);
	assert_true(count == 1 && events[0]->position == 1);
	model_event_unref(events[0]);
	expect_fault(FAULT_NONE, store_heads(fixture->store, heads, PARTITIONS, &fault), &fault);
	for (int i = 0; i < PARTITIONS; i++)
		assert_int_equal(heads[i].head, i == partition_of("fraud") ? 3 : 0);
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
		store_events(fixture->store, partition_of("fraud"), 1, 10, events, &count, &fault), &fault);
	assert_string_equal(fault.reason, "EVENTS_TRIMMED");
	assert_string_equal(fault.facts[0].key, "trimmed");
	assert_string_equal(fault.facts[0].value, "2");
	expect_fault(FAULT_NONE,
		store_events(fixture->store, partition_of("fraud"), 2, 10, events, &count, &fault), &fault);
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
				fixture->store, partition_of("fraud"), &cases[i].retention, &removed, &fault),
			&fault);
		expect_fault(FAULT_NONE, store_heads(fixture->store, heads, PARTITIONS, &fault), &fault);
		if (heads[partition_of("fraud")].trimmed != cases[i].trimmed)
			fail_msg("%s: trimmed to %lld", cases[i].name,
				(long long)heads[partition_of("fraud")].trimmed);
		assert_int_equal(removed, cases[i].trimmed - before);
		assert_int_equal(heads[partition_of("fraud")].head, 6);
		before = cases[i].trimmed;
	}
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
	const char **names = fixture_names(fixture, 5, 3);
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

/* @return what was read, each as partition.position */
static const char *read_stretches(
	const struct fixture *fixture, const struct store_stretch *stretches, size_t stretch_count)
{
	struct model_event *events[64];
	struct fault fault;
	size_t count = 0;
	char *text = arena_text(fixture->arena, "");
	expect_fault(FAULT_NONE,
		store_stretches(fixture->store, stretches, stretch_count, events, &count, &fault), &fault);
	for (size_t i = 0; i < count; i++) {
		text = arena_print(fixture->arena, "%s %d.%lld", text, events[i]->partition,
			(long long)events[i]->position);
		model_event_unref(events[i]);
	}
	return text;
}

static void stretches_of_several_partitions_come_at_once(const struct fixture *fixture)
{
	const struct store_stretch stretches[] = {{2, 4, 6}, {5, 0, 3}, {7, 1, 99}, {9, 0, 1}};
	struct draft *draft = draft_new(fixture->arena);
	for (int partition = 2; partition <= 7; partition++) {
		const char **names = fixture_names(fixture, partition, 3);
		for (size_t i = 0; i < 3; i++)
			draft_push(draft, names[i], 1);
	}
	draft_keep(draft, fixture->store);
	assert_string_equal(read_stretches(fixture, stretches, CASES_COUNT(stretches)),
		" 2.5 2.6 5.1 5.2 5.3 7.2 7.3 7.4 7.5 7.6");
	fixture_sql(fixture,
		"UPDATE event SET body = convert_to(repeat('x', 100 * 1024), 'UTF8') WHERE partition = 5");
	assert_string_equal(read_stretches(fixture, stretches, CASES_COUNT(stretches)),
		" 2.5 2.6 5.1 7.2 7.3 7.4 7.5 7.6");
	fixture_sql(fixture,
		"UPDATE event SET body = convert_to(repeat('x', 900 * 1024), 'UTF8') WHERE partition = 5");
	assert_string_equal(read_stretches(fixture, &stretches[1], 1), " 5.1");
	fixture_sql(fixture,
		"DELETE FROM event WHERE partition = 5 AND position < 3; UPDATE event SET body = ''");
	assert_string_equal(read_stretches(fixture, stretches, 2), " 2.5 2.6 5.3");
}

static const struct fixture_case plains[] = {
	{"events come in the order they were given", events_come_in_the_order_they_were_given},
	{"events that were trimmed are out of range", events_that_were_trimmed_are_out_of_range},
	{"old events are trimmed in whole revisions", old_events_are_trimmed_in_whole_revisions},
	{"events come in pages of bounded size, but one in any case", events_come_in_bounded_pages},
	{"stretches of several partitions come at once, in order and bounded",
		stretches_of_several_partitions_come_at_once},
};

int main(void)
{
	return fixture_end(CASES_RUN(plains, fixture_check));
}
