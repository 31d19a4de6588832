/* What a stream costs that waits: the growth of the server's memory beside a raw stream server's. */
#include <stdlib.h>

#include "baseline/raw.h"
#include "bench.h"
#include "load.h"
#include "pushes.h"
#include "streams.h"
#include "subscription.h"

enum {
	STREAMS_OF_A_CONNECTION = 1000,
	FIRST_BYTES = 150, /* about what the first token takes */
	PATIENCE_US = 120 * 1000 * 1000,
	SETTLE_US = 1000 * 1000,
};

struct stage {
	long wanted;
	long came; /* first messages */
};

static void count_message(void *context, int stream, const uint8_t *bytes, size_t size)
{
	struct stage *stage = context;
	(void)stream, (void)bytes, (void)size;
	stage->came++;
}

static bool all_came(void *context)
{
	const struct stage *stage = context;
	return stage->came >= stage->wanted;
}

static struct streams *open_streams(
	struct stage *stage, const struct program *server, const char *method, grpc_slice request, long count)
{
	stage->wanted = count;
	stage->came = 0;
	struct streams_options options = {.address = program_address(server),
		.method = method,
		.request = request,
		.count = (int)count,
		.connections = (int)((count + STREAMS_OF_A_CONNECTION - 1) / STREAMS_OF_A_CONNECTION),
		.message = count_message,
		.context = stage};
	struct streams *streams = streams_open(&options);
	if (!streams_receive(streams, PATIENCE_US, all_came))
		give_up("idle: only %ld of %ld streams came up", stage->came, count);
	return streams;
}

/* @return bytes per stream. The server has served one before, so that what it makes once is not counted. */
static double measure(const struct program *server, const char *method, grpc_slice request, long count)
{
	struct stage stage;
	streams_close(open_streams(&stage, server, method, request, 1));
	int64_t before = program_memory_bytes(server);
	struct streams *streams = open_streams(&stage, server, method, request, count);
	streams_receive(streams, SETTLE_US, NULL);
	int64_t after = program_memory_bytes(server);
	streams_close(streams);
	return (double)(after - before) / (double)count;
}

void scenario_idle(struct bench *bench)
{
	const struct options *options = bench->options;
	char *database = place_database(bench->place);
	grpc_slice request = subscription_request(NULL);
	grpc_slice first = grpc_slice_malloc(FIRST_BYTES);
	struct series tally = {0}, raw = {0};
	/* Each time with a new process: memory does not go back. */
	for (long run = 0; run < options->runs; run++) {
		struct program *server = place_tallyd(bench->place, database);
		series_add(&tally, measure(server, SUBSCRIBE_METHOD, request, options->streams) / 1e3);
		program_stop(server);
		server = place_start(bench->place, "bench-stream", NULL);
		grpc_slice_unref(load_call(program_address(server), RAW_KEEP, first));
		series_add(&raw, measure(server, RAW_WAIT, request, options->streams) / 1e3);
		program_stop(server);
	}
	struct report_row row = {.scenario = "idle",
		.unit = "kB",
		.tally = series_median(&tally),
		.beside = series_median(&raw),
		.goal = GOAL_AT_MOST,
		.bound = 1.25};
	snprintf(row.what, sizeof(row.what), "%ld subscribers, memory of each", options->streams);
	snprintf(row.than, sizeof(row.than), "raw stream, waiting");
	report_add(bench->report, &row);
	grpc_slice_unref(first);
	grpc_slice_unref(request);
	free(database);
}
