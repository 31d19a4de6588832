/*
 * Two servers on one database: do they push as much together as one alone, and
 * how soon does one tell of what the other committed?
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "bench.h"
#include "database.h"
#include "load.h"
#include "paced.h"
#include "pushes.h"
#include "receipts.h"
#include "streams.h"
#include "subscription.h"

enum {
	PER_S = 50,
	SETTLE_US = 500 * 1000,
	GOAL_MS = 20,
};

struct stage {
	struct bench *bench;
	char *database_url;
	struct program *servers[2];
	struct pushes *pushes;
	_Atomic int64_t turns[2]; /* of the lower and of the upper half of the systems */
	_Atomic int64_t paced_turn;
	int half; /* of the systems */
	struct receipts *receipts;
};

/* What one server is asked to do. */
struct side {
	struct stage *stage;
	const struct program *server;
	int clients;
	int halves[2]; /* to which it pushes in turn */
	int64_t calls;
	double per_s;
	pthread_t thread;
};

static grpc_slice next_push(void *context)
{
	struct side *side = context;
	struct stage *stage = side->stage;
	int half = side->halves[side->calls++ % 2];
	int64_t turn = atomic_fetch_add(&stage->turns[half], 1);
	return pushes_request(
		stage->pushes, half * stage->half + (int)(turn % stage->half), turn / stage->half);
}

static struct load load_of(struct side *side)
{
	return (struct load){.address = program_address(side->server),
		.method = PUSHES_METHOD,
		.outstanding = side->clients,
		.connections = side->clients,
		.request = next_push,
		.answer = pushes_check,
		.context = side};
}

/* A push to each of its systems: what another server pushed to before is not in this one's memory. */
static void take_over(struct side *side)
{
	struct load load = load_of(side);
	int halves = side->halves[0] == side->halves[1] ? 1 : 2;
	load.calls_max = (uint64_t)(halves * side->stage->half);
	load_run(&load);
	side->calls = 0;
}

static void *push_on(void *context)
{
	struct side *side = context;
	struct load load = load_of(side);
	load.run_us = side->stage->bench->options->run_ms * 1000;
	side->per_s = load_run(&load).per_s;
	return NULL;
}

/* Of servers, database and clients together. */
static int64_t used_cpu_us(const struct stage *stage)
{
	return place_cpu_us(stage->bench->place, stage->servers[0]) + program_cpu_us(stage->servers[1]);
}

static void run(struct stage *stage, struct side *sides, int count, struct figures *figures)
{
	double per_s = 0;
	int64_t calls = 0;
	for (int i = 0; i < count; i++)
		take_over(&sides[i]);
	usleep(SETTLE_US);
	int64_t begin_us = used_cpu_us(stage);
	for (int i = 0; i < count; i++)
		if (pthread_create(&sides[i].thread, NULL, push_on, &sides[i]))
			abort();
	for (int i = 0; i < count; i++) {
		pthread_join(sides[i].thread, NULL);
		per_s += sides[i].per_s;
		calls += sides[i].calls;
	}
	usleep(SETTLE_US); /* until both know what was pushed */
	series_add(&figures->per_s, per_s);
	series_add(&figures->cpu_us, (double)(used_cpu_us(stage) - begin_us) / (double)calls);
}

static void add_pair(struct stage *stage, const char *what, const struct figures *two,
	const struct figures *one, enum goal goal)
{
	struct report_row row = {.scenario = "servers", .goal = goal, .bound = 1, .than = "tally, 1 server"};
	snprintf(row.what, sizeof(row.what), "%s", what);
	report_add_figures(stage->bench->report, &row, two, one);
}

static void measure_rate(struct stage *stage)
{
	const struct options *options = stage->bench->options;
	int clients = (int)options->clients;
	struct figures alone = {0}, apart = {0}, mixed = {0};
	for (long i = 0; i < options->runs; i++) {
		struct side one = {stage, stage->servers[0], clients, {0, 1}, .calls = 0};
		struct side own[2] = {{stage, stage->servers[0], clients / 2, {0, 0}, .calls = 0},
			{stage, stage->servers[1], clients / 2, {1, 1}, .calls = 0}};
		struct side both[2] = {{stage, stage->servers[0], clients / 2, {0, 1}, .calls = 0},
			{stage, stage->servers[1], clients / 2, {0, 1}, .calls = 0}};
		run(stage, &one, 1, &alone);
		run(stage, own, 2, &apart);
		run(stage, both, 2, &mixed);
	}
	add_pair(stage, "2 servers, each its systems", &apart, &alone, GOAL_AT_LEAST);
	add_pair(stage, "2 servers, the same systems", &mixed, &alone, GOAL_NONE);
}

/* ---- from one to the other ---- */

static void note_events(void *context, int stream, const uint8_t *bytes, size_t size)
{
	struct stage *stage = context;
	(void)stream;
	receipts_add_message(stage->receipts, bytes, size);
}

/* To a system of its own: revisions tell its events apart. */
static grpc_slice next_paced(void *context)
{
	struct stage *stage = context;
	return pushes_raw_data_request(
		stage->pushes, 2 * stage->half, atomic_fetch_add(&stage->paced_turn, 1));
}

static double receive_one_run(struct stage *stage, struct database *database, const char *commits)
{
	const struct options *options = stage->bench->options;
	struct streams_options subscriber = {.address = program_address(stage->servers[1]),
		.method = SUBSCRIBE_METHOD,
		.request = subscription_request(NULL),
		.count = 1,
		.connections = 1,
		.message = note_events,
		.context = stage};
	struct paced_options pushes = {.address = program_address(stage->servers[0]),
		.method = PUSHES_METHOD,
		.per_s = PER_S,
		.run_us = options->run_ms * 1000,
		.request = next_paced,
		.context = stage};
	struct streams *streams = streams_open(&subscriber);
	streams_receive(streams, SETTLE_US, NULL);
	receipts_clear(stage->receipts);
	struct paced *paced = paced_start(&pushes);
	streams_receive(streams, pushes.run_us + SETTLE_US, NULL);
	streams_close(streams);
	paced_wait(paced);
	grpc_slice_unref(subscriber.request);
	if (receipts_count(stage->receipts) == 0)
		give_up("servers: nothing came from the other server");
	double p50_ms, p99_ms;
	receipts_after_commit(stage->receipts, database, commits, &p50_ms, &p99_ms);
	return p50_ms;
}

static void measure_delay(struct stage *stage)
{
	struct series delay = {0};
	struct database *database = database_open(stage->database_url);
	char id[PUSHES_SYSTEM_SIZE], commits[256];
	snprintf(commits, sizeof(commits),
		"SELECT revision, " RECEIPTS_COMMITTED_AT " FROM event WHERE system = '%s' ORDER BY revision",
		pushes_system(2 * stage->half, id));
	for (long i = 0; i < stage->bench->options->runs; i++)
		series_add(&delay, receive_one_run(stage, database, commits));
	struct report_row row = {.scenario = "servers",
		.what = "commit on one, received from the other, p50",
		.unit = "ms",
		.tally = series_median(&delay),
		.than = "what we aim at",
		.beside = GOAL_MS,
		.goal = GOAL_AT_MOST,
		.bound = 1};
	report_add(stage->bench->report, &row);
	database_close(database);
}

void scenario_servers(struct bench *bench)
{
	const struct options *options = bench->options;
	struct stage stage = {.bench = bench,
		.database_url = place_database(bench->place),
		.pushes = pushes_new((size_t)options->size_bytes),
		.receipts = receipts_new(),
		.half = (int)(options->systems + 1) / 2};
	for (int i = 0; i < 2; i++)
		stage.servers[i] = place_tallyd(bench->place, stage.database_url);
	pushes_create(stage.pushes, program_address(stage.servers[0]), 0, 2 * stage.half + 1);
	measure_rate(&stage);
	measure_delay(&stage);
	for (int i = 0; i < 2; i++)
		program_stop(stage.servers[i]);
	receipts_free(stage.receipts);
	pushes_free(stage.pushes);
	free(stage.database_url);
}
