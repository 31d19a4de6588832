/* What callers can make grow: what waits is refused at once beyond its bound, what is remembered is
 * forgotten. */
#include <libpq-fe.h>
#include <pthread.h>
#include <unistd.h>

#include "base/clock.h"
#include "ledger/view_build.h"
#include "postgres.h"
#include "server.h"

enum {
	BATCH = 3,
	QUEUE = 10,
	CHANGES = 40,
	READS = 20,
	VIEWS = 40,
	VIEW_SIZE = 20000,
	VIEW_BYTES = 200000,
};

static struct postgres *postgres;

static void tune(struct ledger_options *options)
{
	options->lanes = 1;
	options->readers = 1;
	options->batch_changes = BATCH;
	options->queue_changes = QUEUE;
	options->queue_reads = QUEUE;
	options->view_bytes = VIEW_BYTES;
}

static void sql(PGconn *pg, const char *text)
{
	PGresult *result = PQexec(pg, text);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail_msg("%s: %s", text, PQerrorMessage(pg));
	PQclear(result);
}

/* Somebody else keeps the database from committing; the changes that wait meanwhile are few. */
static void changes_beyond_the_queue_are_refused_at_once(struct server *server, const char *url)
{
	struct arena *arena = arena_new();
	struct ledger_item items[CHANGES];
	struct call calls[CHANGES];
	int accepted = 0;
	assert_int_equal(server_create(server, "s"), FAULT_NONE);
	PGconn *pg = PQconnectdb(url);
	sql(pg, "BEGIN");
	sql(pg, "LOCK TABLE system IN SHARE MODE");
	int64_t since_us = clock_steady_us();
	for (int i = 0; i < CHANGES; i++) {
		items[i] = raw_data_item(arena, arena_print(arena, "d%d", i), "text");
		server_submit(server, change_of(arena_new(), LEDGER_PUSH, "s", &items[i], 1), &calls[i]);
	}
	assert_true(clock_steady_us() - since_us < 1000000);
	for (int i = 0; i < CHANGES; i++) {
		pthread_mutex_lock(&calls[i].lock);
		accepted += !calls[i].done;
		if (calls[i].done) {
			assert_int_equal(calls[i].change.fault.code, FAULT_EXHAUSTED);
			assert_string_equal(calls[i].change.fault.reason, "QUEUE_FULL");
		}
		pthread_mutex_unlock(&calls[i].lock);
	}
	assert_in_range(accepted, QUEUE, QUEUE + BATCH);
	sql(pg, "COMMIT");
	PQfinish(pg);
	int stored = 0;
	for (int i = 0; i < CHANGES; i++) {
		server_await(&calls[i]);
		stored += calls[i].change.fault.code == FAULT_NONE;
		arena_free(calls[i].change.arena);
	}
	assert_int_equal(stored, accepted);
	assert_int_equal(server_check(server, "s"), 1 + stored);
	assert_int_equal(server_push(server, "s", "later", "text", NULL), FAULT_NONE);
	arena_free(arena);
}

/* A door that reads stand before. */
struct door {
	pthread_mutex_t lock;
	pthread_cond_t opened;
	bool open;
	int passed;
};

static void pass(struct ledger_read *read, struct store *store)
{
	struct door *door = read->context;
	(void)store;
	pthread_mutex_lock(&door->lock);
	while (!door->open)
		pthread_cond_wait(&door->opened, &door->lock);
	door->passed++;
	pthread_cond_broadcast(&door->opened);
	pthread_mutex_unlock(&door->lock);
}

static void reads_beyond_the_queue_are_refused_at_once(struct server *server, const char *url)
{
	struct door door = {.lock = PTHREAD_MUTEX_INITIALIZER, .opened = PTHREAD_COND_INITIALIZER};
	struct ledger_read reads[READS];
	int accepted = 0;
	(void)url;
	int64_t since_us = clock_steady_us();
	for (int i = 0; i < READS; i++) {
		struct fault fault;
		reads[i] = (struct ledger_read){.run = pass, .context = &door};
		enum fault_code code = ledger_read(server->ledger, &reads[i], &fault);
		accepted += code == FAULT_NONE;
		if (code == FAULT_NONE)
			continue;
		assert_int_equal(code, FAULT_EXHAUSTED);
		assert_string_equal(fault.reason, "QUEUE_FULL");
	}
	assert_true(clock_steady_us() - since_us < 1000000);
	assert_in_range(accepted, QUEUE, QUEUE + 1);
	pthread_mutex_lock(&door.lock);
	door.open = true;
	pthread_cond_broadcast(&door.opened);
	while (door.passed < accepted)
		pthread_cond_wait(&door.opened, &door.lock);
	pthread_mutex_unlock(&door.lock);
}

/* Bytes of the views that are in memory. @param[out] count */
static size_t remembered(struct server *server, const char *const *systems, int *count)
{
	size_t bytes = 0;
	*count = 0;
	for (int i = 0; i < VIEWS && systems[i]; i++) {
		struct ledger_view *view = ledger_view_cached(server->ledger, systems[i]);
		if (!view)
			continue;
		bytes += ledger_view_memory(view);
		++*count;
		ledger_view_unref(view);
	}
	return bytes;
}

static void systems_beyond_the_memory_are_forgotten_and_loaded_again(struct server *server, const char *url)
{
	struct arena *arena = arena_new();
	const char *systems[VIEWS] = {NULL};
	char *text = arena_print(arena, "%0*d", VIEW_SIZE, 1);
	int count = 0;
	(void)url;
	for (int round = 0; round < 2; round++) {
		text[0] = (char)('a' + round);
		for (int i = 0; i < VIEWS; i++) {
			struct answer answer;
			systems[i] = arena_print(arena, "s%d", i);
			if (round == 0)
				assert_int_equal(server_create(server, systems[i]), FAULT_NONE);
			assert_int_equal(
				server_push(server, systems[i], "default", text, &answer), FAULT_NONE);
			assert_int_equal(answer.version, 1 + round);
			assert_int_equal(answer.revision, 2 + round);
			assert_true(remembered(server, systems, &count) <= VIEW_BYTES);
		}
		assert_in_range(count, 2, VIEWS / 2);
	}
	for (int i = 0; i < VIEWS; i++)
		assert_int_equal(server_check(server, systems[i]), 3);
	arena_free(arena);
}

struct row {
	const char *name;
	void (*run)(struct server *server, const char *url);
};

static const struct row rows[] = {
	{"changes beyond the queue are refused at once, and those in it are stored",
		changes_beyond_the_queue_are_refused_at_once},
	{"reads beyond the queue are refused at once, and those in it are run",
		reads_beyond_the_queue_are_refused_at_once},
	{"systems beyond the memory are forgotten, and loaded again when they are wanted",
		systems_beyond_the_memory_are_forgotten_and_loaded_again},
};

static void run(void **state)
{
	const struct row *row = *state;
	struct server server;
	char *url = postgres_database(postgres);
	server_open(&server, url, tune);
	row->run(&server, url);
	server_close(&server);
	free(url);
}

int main(void)
{
	postgres = postgres_new();
	int failed = CASES_RUN(rows, run);
	postgres_free(postgres);
	return failed;
}
