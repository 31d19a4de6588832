/*
 * Passing a read between a call and a reader's thread, with real threads: for
 * ThreadSanitizer and AddressSanitizer to watch. Each round has a call of its
 * own that is freed with its read, so that a reader who comes late touches
 * freed memory.
 */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdlib.h>

#include "cases.h"
#include "service/subscribe.h"

enum {
	ROUNDS = 20000,
	READERS = 2,
	EVENTS = 3, /* of each read */
};

/* ---- the call, the ledger and the store ---- */

struct rpc_call {
	struct service *service;
	sem_t woken;
	int wakes;
};

void *rpc_context(struct rpc_call *call)
{
	return call->service;
}

void rpc_wake(struct rpc_call *call)
{
	sem_post(&call->woken);
	sched_yield(); /* the call may go on before its reader has left */
	call->wakes++;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t arrived = PTHREAD_COND_INITIALIZER;
/* locked */
static struct ledger_read *queue;
static bool stopping;

enum fault_code ledger_read(struct ledger *ledger, struct ledger_read *read, struct fault *fault)
{
	(void)ledger;
	(void)fault;
	pthread_mutex_lock(&lock);
	read->next = queue;
	queue = read;
	pthread_cond_signal(&arrived);
	pthread_mutex_unlock(&lock);
	return FAULT_NONE;
}

static void *serve(void *context)
{
	(void)context;
	for (;;) {
		pthread_mutex_lock(&lock);
		while (!queue && !stopping)
			pthread_cond_wait(&arrived, &lock);
		struct ledger_read *read = queue;
		if (read)
			queue = read->next;
		pthread_mutex_unlock(&lock);
		if (!read)
			return NULL;
		read->run(read, NULL);
	}
}

enum fault_code store_events(struct store *store, int partition, int64_t after, int limit,
	struct model_event **events, size_t *count, struct fault *fault)
{
	const struct model_event_facts facts = {.revision = 1, .last = true};
	(void)store;
	(void)limit;
	(void)fault;
	for (*count = 0; *count < EVENTS; ++*count)
		events[*count] = model_event_new(&facts, partition, after + 1 + (int64_t)*count, "event", 5);
	return FAULT_NONE;
}

/* What other reads ask; here nobody does. */

enum fault_code store_heads(struct store *store, struct store_head *rows, size_t count, struct fault *fault)
{
	(void)store, (void)rows, (void)count, (void)fault;
	abort();
}

enum fault_code store_state(
	struct store *store, const struct store_state_ask *ask, int64_t *head, struct fault *fault)
{
	(void)store, (void)ask, (void)head, (void)fault;
	abort();
}

struct ledger_view *ledger_view_cached(struct ledger *ledger, const char *system)
{
	(void)ledger, (void)system;
	abort();
}

enum fault_code ledger_load(struct ledger *ledger, struct store *store, const char *system,
	struct ledger_view **view, struct fault *fault)
{
	(void)ledger, (void)store, (void)system, (void)view, (void)fault;
	abort();
}

bool ledger_view_deleted(const struct ledger_view *view)
{
	(void)view;
	abort();
}

void ledger_view_unref(struct ledger_view *view)
{
	(void)view;
	abort();
}

/* ---- rounds ---- */

/* By chance, so that call and reader meet at every place. */
static uint32_t draw(uint32_t below)
{
	static uint64_t seed = 1;
	seed = seed * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)(seed >> 33) % below;
}

static void dawdle(void)
{
	for (uint32_t i = draw(8) ? draw(4) : draw(200); i > 0; i--)
		sched_yield();
}

static void expect_answer(struct subscribe_read *read)
{
	while (subscribe_read_await(read))
		sem_wait(&read->call->woken);
	assert_int_equal(read->fault.code, FAULT_NONE);
	assert_int_equal(read->event_count, EVENTS);
	for (int i = 0; i < EVENTS; i++)
		assert_int_equal(read->events[i]->position, read->after + 1 + i);
	assert_true(atomic_load(&read->service->stream_memory->held) > 0);
}

/* One call with one read. @return was it read ahead? */
static bool play_round(struct service *service, int number)
{
	struct rpc_call *call = calloc(1, sizeof(*call));
	assert_non_null(call);
	call->service = service;
	sem_init(&call->woken, 0, 0);
	struct subscribe_read *read = subscribe_read_new(call, NULL);
	read->after = number;
	read->read.run = subscribe_read_events;
	bool ahead = draw(4) > 0;
	bool under_way = ahead ? subscribe_read_ahead(read) : subscribe_read_ask(read) == FAULT_NONE;
	dawdle();
	if (under_way && (!ahead || draw(2)))
		expect_answer(read);
	dawdle();
	subscribe_read_free(read); /* one that is under way is abandoned */
	sem_destroy(&call->woken);
	free(call);
	return ahead && under_way;
}

static void reads_are_passed_on_and_back(void **state)
{
	struct stream_memory memory = {.limit = SIZE_MAX};
	struct service service = {.stream_memory = &memory};
	pthread_t readers[READERS];
	int ahead = 0;
	(void)state;
	for (int i = 0; i < READERS; i++)
		assert_int_equal(pthread_create(&readers[i], NULL, serve, NULL), 0);
	for (int i = 0; i < ROUNDS; i++)
		ahead += play_round(&service, i);
	pthread_mutex_lock(&lock);
	stopping = true;
	pthread_cond_broadcast(&arrived);
	pthread_mutex_unlock(&lock);
	for (int i = 0; i < READERS; i++)
		pthread_join(readers[i], NULL);
	assert_true(ahead > ROUNDS / 10);
	assert_int_equal(atomic_load(&memory.ahead), 0);
	assert_int_equal(atomic_load(&memory.held), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{"a read passes between call and reader, waited for, ahead or abandoned, and nothing is left of it",
			reads_are_passed_on_and_back, NULL, NULL, NULL},
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
