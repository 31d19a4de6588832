/*
 * A server's memory while clients push, read verdicts and subscribe for a
 * time. The budgets are small, so that they are reached early: from then on
 * the memory must not grow.
 */
#include <pthread.h>
#include <stdlib.h>

#include "base/clock.h"
#include "bench.h"
#include "load.h"
#include "message.h"
#include "paced.h"
#include "pushes.h"
#include "streams.h"
#include "subscription.h"
#include "tally/v1/mismatch_service.pb-c.h"

#define BUDGET "24MiB"

enum {
	BUDGET_BYTES = 24 << 20,
	WRITERS = 16,
	VERDICTS_PER_S = 500,
	SUBSCRIBERS = 50,
	SAMPLE_US = 250 * 1000,
};

struct stage {
	struct bench *bench;
	struct program *server;
	struct pushes *pushes;
	int systems;
	int64_t turn, asked;
	struct load_result pushed;
	uint64_t events;
	double *memory_mb; /* samples */
	size_t samples, samples_max;
};

static grpc_slice next_push(void *context)
{
	struct stage *stage = context;
	int64_t turn = stage->turn++;
	return pushes_request(stage->pushes, (int)(turn % stage->systems), turn / stage->systems);
}

static grpc_slice next_verdict(void *context)
{
	struct stage *stage = context;
	char id[PUSHES_SYSTEM_SIZE], name[40];
	/* A step that meets all systems, not in the order of the pushes. */
	int system = (int)(stage->asked++ * 7919 % stage->systems);
	snprintf(name, sizeof(name), "systems/%s", pushes_system(system, id));
	Tally__V1__GetVerdictRequest request = TALLY__V1__GET_VERDICT_REQUEST__INIT;
	request.system = name;
	grpc_slice packed = grpc_slice_malloc(tally__v1__get_verdict_request__get_packed_size(&request));
	tally__v1__get_verdict_request__pack(&request, GRPC_SLICE_START_PTR(packed));
	return packed;
}

static void *push_on(void *context)
{
	struct stage *stage = context;
	struct load load = {.address = program_address(stage->server),
		.method = PUSHES_METHOD,
		.outstanding = WRITERS,
		.connections = WRITERS,
		.run_us = stage->bench->options->mixed_s * 1000000,
		.request = next_push,
		.answer = pushes_check,
		.context = stage};
	stage->pushed = load_run(&load);
	return NULL;
}

static void count_events(void *context, int stream, const uint8_t *bytes, size_t size)
{
	struct stage *stage = context;
	(void)stream;
	stage->events += message_count(bytes, size, SUBSCRIPTION_EVENTS_FIELD);
}

/* ---- what the samples say ---- */

static double highest(const struct stage *stage, size_t from, size_t to)
{
	double most = 0;
	for (size_t i = from; i < to; i++)
		most = stage->memory_mb[i] > most ? stage->memory_mb[i] : most;
	return most;
}

/* Least squares over the second half. @return MB per minute */
static double slope(const struct stage *stage)
{
	size_t from = stage->samples / 2, count = stage->samples - from;
	double mean_x = (double)(count - 1) / 2, mean_y = 0, above = 0, below = 0;
	for (size_t i = 0; i < count; i++)
		mean_y += stage->memory_mb[from + i] / (double)count;
	for (size_t i = 0; i < count; i++) {
		above += ((double)i - mean_x) * (stage->memory_mb[from + i] - mean_y);
		below += ((double)i - mean_x) * ((double)i - mean_x);
	}
	return below > 0 ? above / below * (60e6 / SAMPLE_US) : 0;
}

static void report_memory(struct stage *stage)
{
	size_t half = stage->samples / 2;
	double first = highest(stage, 0, half), second = highest(stage, half, stage->samples);
	struct report_row row = {.scenario = "mixed",
		.unit = "MB",
		.tally = second,
		.beside = first,
		.goal = GOAL_AT_MOST,
		.bound = 1.05,
		.what = "most memory, second half",
		.than = "tally, first half"};
	report_add(stage->bench->report, &row);
	row.goal = GOAL_NONE;
	row.tally = first > second ? first : second;
	row.beside = 2 * BUDGET_BYTES / 1e6;
	snprintf(row.what, sizeof(row.what), "most memory");
	snprintf(row.than, sizeof(row.than), "budgets: views %s, events %s", BUDGET, BUDGET);
	report_add(stage->bench->report, &row);
	long mixed_s = stage->bench->options->mixed_s;
	report_note(stage->bench->report,
		"mixed: %ld s, %d clients pushed %.0f/s, %d verdicts/s were asked for, %d subscribers got %.0f events/s; "
		"memory grew by %.2f MB/min in the second half",
		mixed_s, WRITERS, stage->pushed.per_s, VERDICTS_PER_S, SUBSCRIBERS,
		(double)stage->events / (double)mixed_s, slope(stage));
}

/* ---- the time itself ---- */

static void go_on(struct stage *stage)
{
	long mixed_s = stage->bench->options->mixed_s;
	struct paced_options verdicts = {.address = program_address(stage->server),
		.method = "/tally.v1.MismatchService/GetVerdict",
		.per_s = VERDICTS_PER_S,
		.run_us = mixed_s * 1000000,
		.request = next_verdict,
		.context = stage};
	struct streams_options subscribers = {.address = program_address(stage->server),
		.method = SUBSCRIBE_METHOD,
		.request = subscription_request(NULL),
		.count = SUBSCRIBERS,
		.connections = SUBSCRIBERS,
		.message = count_events,
		.context = stage};
	struct streams *streams = streams_open(&subscribers);
	struct paced *paced = paced_start(&verdicts);
	pthread_t writer;
	if (pthread_create(&writer, NULL, push_on, stage))
		abort();
	int64_t end_us = clock_steady_us() + mixed_s * 1000000;
	while (clock_steady_us() < end_us && stage->samples < stage->samples_max) {
		streams_receive(streams, SAMPLE_US, NULL);
		stage->memory_mb[stage->samples++] = (double)program_memory_bytes(stage->server) / 1e6;
	}
	pthread_join(writer, NULL);
	paced_wait(paced);
	streams_close(streams);
	grpc_slice_unref(subscribers.request);
}

void scenario_mixed(struct bench *bench)
{
	const struct options *options = bench->options;
	char *database = place_database(bench->place);
	struct stage stage = {.bench = bench,
		.pushes = pushes_new((size_t)options->size_bytes),
		.systems = (int)options->systems,
		.samples_max = (size_t)options->mixed_s * 1000000 / SAMPLE_US};
	stage.memory_mb = calloc(stage.samples_max, sizeof(*stage.memory_mb));
	if (!stage.memory_mb)
		abort();
	stage.server = place_small_tallyd(bench->place, database, BUDGET);
	pushes_create(stage.pushes, program_address(stage.server), 0, stage.systems);
	go_on(&stage);
	report_memory(&stage);
	program_stop(stage.server);
	pushes_free(stage.pushes);
	free(stage.memory_mb);
	free(database);
}
