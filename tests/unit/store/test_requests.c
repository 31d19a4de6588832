/* Request ids: a repeat is given the earlier answer, for a day. */
#include "fixture.h"

#include "base/clock.h"

static const char id[] = "0190a1b2-c3d4-4e5f-8a9b-0123456789AB";

static void request(
	const struct fixture *fixture, const char *request_id, enum fault_code expected, const char *answer)
{
	struct store_request request;
	struct fault fault;
	expect_fault(expected,
		store_request(fixture->store, fixture->arena, partition_of("fraud"), "fraud", request_id,
			&request, &fault),
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

static const struct fixture_case plains[] = {
	{"a request is answered again for a day", a_request_is_answered_again_for_a_day},
	{"a request id that is a day old may be used again", an_old_request_id_may_be_used_again},
	{"requests before a time are forgotten", old_requests_are_forgotten},
};

int main(void)
{
	return fixture_end(CASES_RUN(plains, fixture_check));
}
