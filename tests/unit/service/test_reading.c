/* Waiting for a revision and jobs on readers, step by step, with the real hub and views that the test gives.
 */
#include "service/reading.h"

#include "cases.h"
#include "fake_call.h"
#include "ledger/view_build.h"
#include "model/message.h"
#include "service/methods.h"
#include "tally/v1/system.pb-c.h"

enum {
	SECOND_US = 1000000,
};

static const int64_t heads[1];
static const struct store_identity identity = {.partitions = 1};
static int64_t deadline_us;

/* What the ledger has in memory and what the store has; 0: nothing. */
static int64_t cached, stored;
static bool deleted;
static int loads;

int64_t rpc_deadline_us(struct rpc_call *call)
{
	(void)call;
	return deadline_us;
}

static struct ledger_view *view_of(int64_t revision)
{
	struct ledger_view *view = ledger_view_new("fraud");
	view->revision = revision;
	view->deleted = deleted;
	return view;
}

struct ledger_view *ledger_view_cached(struct ledger *ledger, const char *system)
{
	(void)ledger;
	assert_string_equal(system, "fraud");
	return cached ? view_of(cached) : NULL;
}

enum fault_code ledger_load(struct ledger *ledger, struct store *store, const char *system,
	struct ledger_view **view, struct fault *fault)
{
	(void)ledger;
	(void)store;
	assert_string_equal(system, "fraud");
	loads++;
	if (!stored)
		return fault_set(fault, FAULT_NOT_FOUND, "SYSTEM_NOT_FOUND", "there is no system %s", system);
	*view = view_of(stored);
	cached = stored;
	return FAULT_NONE;
}

/* ---- one call ---- */

struct get {
	struct fake_call fake;
	struct service service;
	uint8_t request[64];
	int64_t revision; /* that was answered */
};

static void take(void *context, const void *bytes, size_t size, bool more)
{
	struct get *get = context;
	struct arena *arena = arena_new();
	assert_false(more);
	const Tally__V1__System *system =
		model_message_unpack(arena, &tally__v1__system__descriptor, bytes, size);
	assert_non_null(system);
	get->revision = system->revision;
	arena_free(arena);
}

static void begin(struct get *get, int64_t in_memory, int64_t in_store)
{
	*get = (struct get){
		.service = {.identity = &identity, .max_message_bytes = 1 << 20, .wait_ms = 5000}};
	get->service.hub = hub_new(&(struct hub_options){1, 100, 1 << 20}, heads);
	get->fake.message = take;
	get->fake.message_context = get;
	fake_now_us = SECOND_US;
	fake_defers_reads = fake_refuses_reads = false;
	deadline_us = INT64_MAX;
	cached = in_memory;
	stored = in_store;
	deleted = false;
	loads = 0;
}

static void open_call(struct get *get, int64_t min_revision)
{
	static char name[] = "systems/fraud";
	Tally__V1__GetSystemRequest request = TALLY__V1__GET_SYSTEM_REQUEST__INIT;
	request.name = name;
	request.min_revision = min_revision;
	assert_true(protobuf_c_message_get_packed_size(&request.base) <= sizeof(get->request));
	size_t size = protobuf_c_message_pack(&request.base, get->request);
	fake_open(&get->fake, &get_system_methods[0], &get->service, get->request, size);
}

static void end(struct get *get)
{
	fake_close(&get->fake);
	hub_free(get->service.hub);
}

static void assert_shown(const struct get *get, int64_t revision)
{
	assert_true(get->fake.answered);
	assert_int_equal(get->fake.fault.code, FAULT_NONE);
	assert_int_equal(get->revision, revision);
}

static void assert_failed(const struct get *get, enum fault_code code, const char *reason)
{
	assert_true(get->fake.answered);
	assert_int_equal(get->fake.fault.code, code);
	assert_string_equal(get->fake.fault.reason, reason);
}

/* The system reaches a revision; as the ledger does it, its event comes after its view. */
static void commit(struct get *get, int64_t revision)
{
	struct model_event_facts facts = {
		.system = "fraud", .revision = revision, .type = EVENT_DESCRIPTOR_PUSHED, .last = true};
	struct model_event *event = model_event_new(&facts, 0, hub_head(get->service.hub, 0) + 1, "", 0);
	cached = stored = revision;
	assert_true(hub_publish(get->service.hub, 0, &event, 1));
	model_event_unref(event);
}

/* ---- the cases ---- */

static void shows_what_is_in_memory(void **state)
{
	(void)state;
	struct get get;
	begin(&get, 3, 3);
	open_call(&get, 3);
	assert_shown(&get, 3);
	assert_int_equal(loads, 0);
	end(&get);
}

static void loads_what_is_not(void **state)
{
	(void)state;
	struct get get;
	begin(&get, 0, 3);
	open_call(&get, 0);
	assert_shown(&get, 3);
	assert_int_equal(loads, 1);
	end(&get);
}

static void says_that_there_is_none(void **state)
{
	(void)state;
	struct get get;
	begin(&get, 0, 0);
	open_call(&get, 7);
	assert_failed(&get, FAULT_NOT_FOUND, "SYSTEM_NOT_FOUND");
	end(&get);
}

static void a_deleted_system_is_none(void **state)
{
	(void)state;
	struct get get;
	begin(&get, 3, 3);
	deleted = true;
	open_call(&get, 0);
	assert_failed(&get, FAULT_NOT_FOUND, "SYSTEM_NOT_FOUND");
	end(&get);
}

static void another_server_may_have_written(void **state)
{
	(void)state;
	struct get get;
	begin(&get, 3, 5);
	open_call(&get, 4);
	assert_shown(&get, 5);
	assert_int_equal(loads, 1);
	end(&get);
}

static void waits_for_the_event(void **state)
{
	(void)state;
	struct get get;
	begin(&get, 3, 3);
	open_call(&get, 5);
	assert_true(get.fake.parked);
	commit(&get, 4);
	fake_go(&get.fake);
	assert_true(get.fake.parked);
	commit(&get, 5);
	fake_go(&get.fake);
	assert_shown(&get, 5);
	end(&get);
}

static void asks_the_store_again_in_growing_intervals(void **state)
{
	(void)state;
	struct get get;
	begin(&get, 3, 3);
	deadline_us = fake_now_us + 3600 * (int64_t)SECOND_US;
	open_call(&get, 5);
	for (int i = 0; i < 1000; i++) {
		assert_true(get.fake.parked);
		fake_now_us += 100000;
		fake_go(&get.fake);
	}
	/* 100 s: at once, after 0.1, 0.3, 0.7, 1.5 s and then about every 2 s. */
	assert_in_range(loads, 30, 60);
	stored = 5;
	fake_now_us += 4 * SECOND_US;
	fake_go(&get.fake);
	assert_shown(&get, 5);
	end(&get);
}

static void a_view_that_is_dropped_is_loaded(void **state)
{
	(void)state;
	struct get get;
	begin(&get, 3, 3);
	open_call(&get, 5);
	assert_true(get.fake.parked);
	commit(&get, 5);
	cached = 0;
	fake_go(&get.fake);
	assert_shown(&get, 5);
	end(&get);
}

static void gives_up_after_a_while(void **state)
{
	(void)state;
	struct get get;
	begin(&get, 3, 3);
	open_call(&get, 5);
	for (int i = 0; i < 60 && !get.fake.answered; i++) {
		fake_now_us = get.fake.until_us;
		fake_go(&get.fake);
	}
	assert_failed(&get, FAULT_TIMEOUT, "REVISION_NOT_REACHED");
	assert_int_equal(fake_now_us, 6 * SECOND_US); /* wait_ms after the start */
	assert_string_equal(get.fake.fault.facts[1].key, "revision");
	assert_string_equal(get.fake.fault.facts[1].value, "3");
	assert_string_equal(get.fake.fault.facts[2].key, "min_revision");
	assert_string_equal(get.fake.fault.facts[2].value, "5");
	end(&get);
}

static void gives_up_before_the_deadline(void **state)
{
	(void)state;
	struct get get;
	begin(&get, 3, 3);
	deadline_us = fake_now_us + SECOND_US;
	open_call(&get, 5);
	for (int i = 0; i < 60 && !get.fake.answered; i++) {
		fake_now_us = get.fake.until_us;
		fake_go(&get.fake);
	}
	assert_failed(&get, FAULT_TIMEOUT, "REVISION_NOT_REACHED");
	assert_in_range(fake_now_us, deadline_us - SECOND_US / 10, deadline_us - 1);
	end(&get);
}

static void ends_when_the_client_goes(void **state)
{
	(void)state;
	struct get get;
	begin(&get, 3, 3);
	open_call(&get, 5);
	fake_cancel(&get.fake);
	assert_failed(&get, FAULT_CANCELLED, "CANCELLED");
	end(&get);
}

static void ends_when_the_server_drains(void **state)
{
	(void)state;
	struct get get;
	begin(&get, 3, 3);
	open_call(&get, 5);
	fake_drain(&get.fake);
	assert_failed(&get, FAULT_UNAVAILABLE, "SERVER_STOPPING");
	end(&get);
}

static void a_wake_does_not_end_a_job(void **state)
{
	(void)state;
	struct get get;
	begin(&get, 3, 3);
	open_call(&get, 5);
	assert_true(get.fake.parked);
	fake_defers_reads = true;
	cached = 0;
	rpc_wake(get.fake.call);
	fake_go(&get.fake);
	assert_false(get.fake.parked); /* it holds: the job waits */
	rpc_wake(get.fake.call);
	fake_go(&get.fake);
	assert_false(get.fake.parked);
	assert_false(get.fake.answered);
	stored = 5;
	fake_serve(NULL);
	fake_go(&get.fake);
	assert_shown(&get, 5);
	end(&get);
}

static void a_full_queue_ends_the_call(void **state)
{
	(void)state;
	struct get get;
	begin(&get, 0, 3);
	fake_refuses_reads = true;
	open_call(&get, 0);
	assert_failed(&get, FAULT_EXHAUSTED, "QUEUE_FULL");
	end(&get);
}

static void a_waiter_that_is_released_is_not_woken(void **state)
{
	(void)state;
	struct get get;
	begin(&get, 3, 3);
	open_call(&get, 5);
	assert_true(get.fake.parked);
	fake_close(&get.fake);
	commit(&get, 5); /* AddressSanitizer sees a wake of the freed call */
	hub_free(get.service.hub);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{"what is in memory is shown", shows_what_is_in_memory, NULL, NULL, NULL},
		{"what is not in memory is loaded", loads_what_is_not, NULL, NULL, NULL},
		{"a system that is not there is not waited for", says_that_there_is_none, NULL, NULL, NULL},
		{"a deleted system is not there", a_deleted_system_is_none, NULL, NULL, NULL},
		{"what another server wrote is found at once", another_server_may_have_written, NULL, NULL,
			NULL},
		{"a call waits for the event of its revision", waits_for_the_event, NULL, NULL, NULL},
		{"the store is asked again in growing intervals", asks_the_store_again_in_growing_intervals,
			NULL, NULL, NULL},
		{"a view that was dropped is loaded", a_view_that_is_dropped_is_loaded, NULL, NULL, NULL},
		{"without a deadline it gives up after a while", gives_up_after_a_while, NULL, NULL, NULL},
		{"it gives up before the deadline", gives_up_before_the_deadline, NULL, NULL, NULL},
		{"it ends when the client goes", ends_when_the_client_goes, NULL, NULL, NULL},
		{"it ends when the server drains", ends_when_the_server_drains, NULL, NULL, NULL},
		{"a wake does not end a job", a_wake_does_not_end_a_job, NULL, NULL, NULL},
		{"a full queue ends the call", a_full_queue_ends_the_call, NULL, NULL, NULL},
		{"a waiter that was released is not woken", a_waiter_that_is_released_is_not_woken, NULL,
			NULL, NULL},
	};
	return CASES_RUN_ALL(tests, CASES_COUNT(tests));
}
