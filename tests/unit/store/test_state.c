/* The state of a partition: what a subscriber is shown before the changes. */
#include "fixture.h"

#include "base/buffer.h"

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

static void a_partitions_state_is_read(const struct fixture *fixture)
{
	struct draft *draft = draft_new(fixture->arena);
	struct taken all = {0}, some = {0};
	int64_t head = 0;
	/* Systems of one partition, one of them deleted and one quiet. */
	const char **names = fixture_names(fixture, 5, 4);
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
	const char **names = fixture_names(fixture, 5, 100);
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
	const char **names = fixture_names(fixture, 5, 100);
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

static const struct fixture_case plains[] = {
	{"a partition's state is that of its systems, without the deleted ones", a_partitions_state_is_read},
	{"a large state is of one moment, though it is read in pages", a_large_state_is_of_one_moment},
	{"reading a state can be ended in the middle", reading_a_state_can_be_ended},
};

int main(void)
{
	return fixture_end(CASES_RUN(plains, fixture_check));
}
