/*
 * Asking for verdicts: many at once beside a raw echo of the same bytes, and
 * one at a time by how long the system's history is.
 */
#include <stdlib.h>

#include "baseline/raw.h"
#include "bench.h"
#include "load.h"
#include "pushes.h"
#include "tally/v1/mismatch_service.pb-c.h"

#define VERDICT_METHOD "/tally.v1.MismatchService/GetVerdict"

enum {
	CONNECTIONS = 4,
	DESCRIPTOR_BYTES = 500, /* of the histories, whose number of revisions matters */
	HISTORIES = 3,
	WARMING = 8, /* systems that are asked for before, so that every reader has its connection */
	PUSHES_AT_ONCE = 64,
};

struct stage {
	struct bench *bench;
	struct program *server;
	struct program *echo;
	char *database;
	struct pushes *pushes;
	grpc_slice request; /* the one that is asked again and again */
	int64_t turn;       /* of pushes to `system` */
	int system;
};

static grpc_slice same_request(void *context)
{
	struct stage *stage = context;
	return grpc_slice_ref(stage->request);
}

static grpc_slice next_push(void *context)
{
	struct stage *stage = context;
	return pushes_model_request(stage->pushes, stage->system, stage->turn++);
}

static grpc_slice pack_request(int system)
{
	char id[PUSHES_SYSTEM_SIZE], name[40];
	snprintf(name, sizeof(name), "systems/%s", pushes_system(system, id));
	Tally__V1__GetVerdictRequest request = TALLY__V1__GET_VERDICT_REQUEST__INIT;
	request.system = name;
	grpc_slice packed = grpc_slice_malloc(tally__v1__get_verdict_request__get_packed_size(&request));
	tally__v1__get_verdict_request__pack(&request, GRPC_SLICE_START_PTR(packed));
	return packed;
}

static struct load_result ask(struct stage *stage, const struct program *server, const char *method,
	int outstanding, uint64_t calls)
{
	struct load load = {.address = program_address(server),
		.method = method,
		.outstanding = outstanding,
		.connections = outstanding < CONNECTIONS ? outstanding : CONNECTIONS,
		.run_us = calls ? 0 : stage->bench->options->run_ms * 1000,
		.calls_max = calls,
		.request = same_request,
		.context = stage};
	return load_run(&load);
}

/* ---- beside the echo ---- */

static void add_row(struct stage *stage, const char *what, const char *unit, double tally, const char *than,
	double beside, enum goal goal, double bound)
{
	struct report_row row = {.scenario = "verdict",
		.unit = unit,
		.tally = tally,
		.beside = beside,
		.goal = goal,
		.bound = bound};
	snprintf(row.what, sizeof(row.what), "%s", what);
	snprintf(row.than, sizeof(row.than), "%s", than);
	report_add(stage->bench->report, &row);
}

static void beside_echo(struct stage *stage)
{
	const struct options *options = stage->bench->options;
	stage->request = pack_request(0);
	grpc_slice answer = load_call(program_address(stage->server), VERDICT_METHOD, stage->request);
	grpc_slice_unref(load_call(program_address(stage->echo), RAW_KEEP, answer));
	struct series tally = {0}, raw = {0}, tally_ms = {0}, raw_ms = {0};
	for (long run = 0; run < options->runs; run++) {
		struct load_result result =
			ask(stage, stage->server, VERDICT_METHOD, (int)options->outstanding, 0);
		series_add(&tally, result.per_s);
		series_add(&tally_ms, result.p99_ms);
		result = ask(stage, stage->echo, RAW_ECHO, (int)options->outstanding, 0);
		series_add(&raw, result.per_s);
		series_add(&raw_ms, result.p99_ms);
	}
	char what[64], than[64];
	snprintf(what, sizeof(what), "%ld calls at once", options->outstanding);
	snprintf(than, sizeof(than), "raw echo, the same bytes (%zu, %zu)", GRPC_SLICE_LENGTH(stage->request),
		GRPC_SLICE_LENGTH(answer));
	add_row(stage, what, "/s", series_median(&tally), than, series_median(&raw), GOAL_AT_LEAST, 0.7);
	snprintf(what, sizeof(what), "%ld calls at once, p99", options->outstanding);
	add_row(stage, what, "ms", series_median(&tally_ms), "raw echo", series_median(&raw_ms), GOAL_NONE,
		0);
	grpc_slice_unref(answer);
	grpc_slice_unref(stage->request);
}

/* ---- by history ---- */

struct history {
	int system;
	long revisions;
	struct series warm_ms, cold_ms;
};

/* Every push opens or resolves a finding, so there are as many of those in the history. */
static void grow(struct stage *stage, const struct history *history)
{
	stage->system = history->system;
	stage->turn = 0;
	struct load load = {.address = program_address(stage->server),
		.method = PUSHES_METHOD,
		.outstanding = PUSHES_AT_ONCE,
		.connections = CONNECTIONS,
		.calls_max = (uint64_t)history->revisions,
		.request = next_push,
		.answer = pushes_check,
		.context = stage};
	load_run(&load);
}

static double ask_one(struct stage *stage, int system, uint64_t calls)
{
	stage->request = pack_request(system);
	double p50_ms = ask(stage, stage->server, VERDICT_METHOD, 1, calls).p50_ms;
	grpc_slice_unref(stage->request);
	return p50_ms;
}

/* A server that has just started has no system in memory. */
static void restart(struct stage *stage)
{
	program_stop(stage->server);
	stage->server = place_tallyd(stage->bench->place, stage->database);
	for (int i = 0; i < WARMING; i++)
		ask_one(stage, HISTORIES + i, 1);
}

static void measure(struct stage *stage, struct history *histories)
{
	for (long run = 0; run < stage->bench->options->runs; run++) {
		restart(stage);
		for (int i = 0; i < HISTORIES; i++)
			series_add(&histories[i].cold_ms, ask_one(stage, histories[i].system, 1));
		for (int i = 0; i < HISTORIES; i++)
			series_add(&histories[i].warm_ms, ask_one(stage, histories[i].system, 0));
	}
}

static void by_history(struct stage *stage)
{
	long longest = stage->bench->options->revisions;
	struct history histories[HISTORIES] = {
		{.system = 0, .revisions = 10},
		{.system = 1, .revisions = longest < 1000 ? longest : 1000},
		{.system = 2, .revisions = longest},
	};
	for (int i = 0; i < HISTORIES; i++)
		grow(stage, &histories[i]);
	measure(stage, histories);
	for (int i = 1; i < HISTORIES; i++) {
		char what[64];
		snprintf(what, sizeof(what), "1 call, %ld revisions, p50", histories[i].revisions);
		add_row(stage, what, "ms", series_median(&histories[i].warm_ms), "tally, 10 revisions",
			series_median(&histories[0].warm_ms), GOAL_AT_MOST, 1.2);
		snprintf(
			what, sizeof(what), "the first after a start, %ld revisions", histories[i].revisions);
		add_row(stage, what, "ms", series_median(&histories[i].cold_ms), "tally, 10 revisions",
			series_median(&histories[0].cold_ms), GOAL_AT_MOST, 2);
	}
}

void scenario_verdict(struct bench *bench)
{
	struct stage stage = {.bench = bench,
		.database = place_database(bench->place),
		.pushes = pushes_new(DESCRIPTOR_BYTES)};
	stage.server = place_tallyd(bench->place, stage.database);
	stage.echo = place_start(bench->place, "bench-echo", NULL);
	pushes_create(stage.pushes, program_address(stage.server), 0, HISTORIES + WARMING);
	by_history(&stage);
	beside_echo(&stage);
	program_stop(stage.echo);
	program_stop(stage.server);
	pushes_free(stage.pushes);
	free(stage.database);
}
