/*
 * Many subscribers of everything: how many events they get flat out, beside a
 * raw stream server with the same bytes and as many events in a message; and
 * how long after its commit an event is received.
 *
 * Flat out, the events are in the hub's ring before anyone subscribes, and
 * every subscriber takes all of them: pushing and the database take no part.
 */
#include <endian.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "baseline/plain.h"
#include "baseline/raw.h"
#include "bench.h"
#include "database.h"
#include "load.h"
#include "message.h"
#include "paced.h"
#include "pushes.h"
#include "receipts.h"
#include "streams.h"
#include "subscription.h"

enum {
	SYSTEMS_MAX = 200,
	DESCRIPTOR_BYTES = 400,
	PER_S = 200,
	EVENTS_OF_A_PUSH = 8,
	PUSHES_AT_ONCE = 32,
	PATIENCE_US = 120 * 1000 * 1000,
	SETTLE_US = 300 * 1000,
	COMMITS = 200,
};

struct stage {
	struct bench *bench;
	char *database_url;
	struct database *database;
	struct program *server, *raw;
	struct pushes *pushes;
	int systems; /* that are pushed to */
	int64_t turn;
	grpc_slice event; /* one as it is stored */
	/* flat out */
	uint64_t *got; /* by stream */
	uint64_t wanted, all, messages, bytes;
	long done;
	/* paced */
	struct receipts *receipts;
	grpc_slice published;
	char system[PUSHES_SYSTEM_SIZE];
};

static void add_row(struct stage *stage, const char *what, const char *unit, double tally, const char *than,
	double beside, enum goal goal, double bound)
{
	struct report_row row = {.scenario = "fanout",
		.unit = unit,
		.tally = tally,
		.beside = beside,
		.goal = goal,
		.bound = bound};
	snprintf(row.what, sizeof(row.what), "%s", what);
	snprintf(row.than, sizeof(row.than), "%s", than);
	report_add(stage->bench->report, &row);
}

/* ---- flat out ---- */

static void count_events(void *context, int stream, const uint8_t *bytes, size_t size)
{
	struct stage *stage = context;
	uint64_t events = message_count(bytes, size, SUBSCRIPTION_EVENTS_FIELD);
	if (events == 0)
		return; /* a checkpoint */
	stage->messages++;
	stage->bytes += size;
	stage->all += events;
	uint64_t before = stage->got[stream];
	stage->got[stream] += events;
	stage->done += before < stage->wanted && stage->got[stream] >= stage->wanted;
}

static bool all_done(void *context)
{
	const struct stage *stage = context;
	return stage->done == stage->bench->options->subscribers;
}

/* @param[out] cpu_ns of the server, for each event @return events per second */
static double flat_out(struct stage *stage, const struct program *server, const char *method,
	grpc_slice request, double *cpu_ns)
{
	long subscribers = stage->bench->options->subscribers;
	memset(stage->got, 0, (size_t)subscribers * sizeof(*stage->got));
	stage->all = stage->messages = stage->bytes = 0;
	stage->done = 0;
	struct streams_options options = {.address = program_address(server),
		.method = method,
		.request = request,
		.count = (int)subscribers,
		.connections = (int)subscribers,
		.message = count_events,
		.context = stage};
	int64_t begin_us = clock_steady_us(), begin_cpu_us = program_cpu_us(server);
	struct streams *streams = streams_open(&options);
	if (!streams_receive(streams, PATIENCE_US, all_done))
		give_up("fanout: only %ld of %ld subscribers got all events", stage->done, subscribers);
	int64_t took_us = clock_steady_us() - begin_us;
	*cpu_ns = (double)(program_cpu_us(server) - begin_cpu_us) * 1e3 / (double)stage->all;
	streams_close(streams);
	return (double)stage->all * 1e6 / (double)took_us;
}

static grpc_slice next_all_push(void *context)
{
	struct stage *stage = context;
	int64_t turn = stage->turn++;
	return pushes_all_request(stage->pushes, (int)(turn % stage->systems), turn / stage->systems);
}

static void fill_ring(struct stage *stage)
{
	stage->wanted = (uint64_t)stage->bench->options->events / EVENTS_OF_A_PUSH * EVENTS_OF_A_PUSH;
	struct load load = {.address = program_address(stage->server),
		.method = PUSHES_METHOD,
		.outstanding = PUSHES_AT_ONCE,
		.connections = 4,
		.calls_max = stage->wanted / EVENTS_OF_A_PUSH,
		.request = next_all_push,
		.answer = pushes_check,
		.context = stage};
	load_run(&load);
}

static void measure_flat_out(struct stage *stage)
{
	const struct options *options = stage->bench->options;
	char *token = subscription_token(program_address(stage->server));
	fill_ring(stage);
	grpc_slice request = subscription_request(token);
	/* Once uncounted, to learn what a message holds. */
	double cpu_ns;
	flat_out(stage, stage->server, SUBSCRIBE_METHOD, request, &cpu_ns);
	int events = (int)((stage->all + stage->messages / 2) / stage->messages);
	size_t size = stage->bytes / stage->messages;
	grpc_slice message = subscription_message(
		GRPC_SLICE_START_PTR(stage->event), GRPC_SLICE_LENGTH(stage->event), events, size);
	grpc_slice_unref(load_call(program_address(stage->raw), RAW_KEEP, message));
	struct series tally = {0}, raw = {0}, tally_ns = {0}, raw_ns = {0};
	for (long run = 0; run < options->runs; run++) {
		series_add(&tally, flat_out(stage, stage->server, SUBSCRIBE_METHOD, request, &cpu_ns));
		series_add(&tally_ns, cpu_ns);
		series_add(&raw, flat_out(stage, stage->raw, RAW_FLOOD, request, &cpu_ns));
		series_add(&raw_ns, cpu_ns);
	}
	char what[64], than[64];
	snprintf(what, sizeof(what), "%ld subscribers, %llu events each", options->subscribers,
		(unsigned long long)stage->wanted);
	snprintf(than, sizeof(than), "raw stream, %d events, %zu B a message", events,
		GRPC_SLICE_LENGTH(message));
	add_row(stage, what, "/s", series_median(&tally), than, series_median(&raw), GOAL_AT_LEAST, 0.8);
	add_row(stage, "- the server's CPU for each", "ns", series_median(&tally_ns), than,
		series_median(&raw_ns), GOAL_NONE, 0);
	grpc_slice_unref(message);
	grpc_slice_unref(request);
	free(token);
}

/* ---- at a steady rate ---- */

static void note_events(void *context, int stream, const uint8_t *bytes, size_t size)
{
	struct stage *stage = context;
	(void)stream;
	receipts_add_message(stage->receipts, bytes, size);
}

/* A published message begins with the time at which the raw server sent it. */
static void note_published(void *context, int stream, const uint8_t *bytes, size_t size)
{
	struct stage *stage = context;
	int64_t now_us = clock_wall_us();
	uint64_t sent_us;
	(void)stream;
	if (size != GRPC_SLICE_LENGTH(stage->published))
		return; /* what was kept, at the beginning */
	memcpy(&sent_us, bytes, sizeof(sent_us));
	receipts_add(stage->receipts, (int64_t)be64toh(sent_us), now_us);
}

static grpc_slice next_raw_data(void *context)
{
	struct stage *stage = context;
	return pushes_raw_data_request(stage->pushes, stage->systems, stage->turn++);
}

static grpc_slice next_published(void *context)
{
	struct stage *stage = context;
	/* The server writes the time into it. */
	return grpc_slice_from_copied_buffer(
		(const char *)GRPC_SLICE_START_PTR(stage->published), GRPC_SLICE_LENGTH(stage->published));
}

static void receive_paced(struct stage *stage, const struct program *server, const char *subscribe,
	grpc_slice request, streams_message_fn *note, const struct paced_options *calls)
{
	long subscribers = stage->bench->options->subscribers;
	struct streams_options options = {.address = program_address(server),
		.method = subscribe,
		.request = request,
		.count = (int)subscribers,
		.connections = (int)subscribers,
		.message = note,
		.context = stage};
	struct streams *streams = streams_open(&options);
	streams_receive(streams, SETTLE_US, NULL);
	receipts_clear(stage->receipts);
	struct paced *paced = paced_start(calls);
	streams_receive(streams, calls->run_us + SETTLE_US, NULL);
	streams_close(streams);
	paced_wait(paced);
	if (receipts_count(stage->receipts) == 0)
		give_up("fanout: no event was received");
}

/* How long the database takes from the time that it notes to the answer, in milliseconds. */
static double commit_part(struct stage *stage)
{
	struct plain *plain = plain_open(stage->database_url);
	struct receipts *ends = receipts_new();
	char body[DESCRIPTOR_BYTES] = {0};
	for (int i = 0; i < COMMITS; i++) {
		int64_t turn = stage->turn++;
		plain_commit(plain, turn, body, sizeof(body));
		receipts_add(ends, turn, clock_wall_us());
	}
	double p50_ms, p99_ms;
	receipts_after_commit(ends, stage->database,
		"SELECT id, " RECEIPTS_COMMITTED_AT " FROM plain.unit ORDER BY id", &p50_ms, &p99_ms);
	receipts_free(ends);
	plain_close(plain);
	return p50_ms;
}

static void measure_paced(struct stage *stage)
{
	const struct options *options = stage->bench->options;
	struct series tally[2] = {0}, raw[2] = {0}, commit = {0};
	char commits[256];
	snprintf(commits, sizeof(commits),
		"SELECT revision, " RECEIPTS_COMMITTED_AT " FROM event WHERE system = '%s' ORDER BY revision",
		pushes_system(stage->systems, stage->system));
	grpc_slice everything = subscription_request(NULL);
	stage->published = subscription_message(
		GRPC_SLICE_START_PTR(stage->event), GRPC_SLICE_LENGTH(stage->event), 1, 0);
	struct paced_options pushes = {.address = program_address(stage->server),
		.method = PUSHES_METHOD,
		.per_s = PER_S,
		.run_us = options->run_ms * 1000,
		.request = next_raw_data,
		.context = stage};
	struct paced_options publications = pushes;
	publications.address = program_address(stage->raw);
	publications.method = RAW_PUBLISH;
	publications.request = next_published;
	for (long run = 0; run < options->runs; run++) {
		double p50_ms, p99_ms;
		receive_paced(stage, stage->server, SUBSCRIBE_METHOD, everything, note_events, &pushes);
		receipts_after_commit(stage->receipts, stage->database, commits, &p50_ms, &p99_ms);
		double part_ms = commit_part(stage);
		series_add(&commit, part_ms);
		series_add(&tally[0], p50_ms - part_ms);
		series_add(&tally[1], p99_ms - part_ms);
		receive_paced(stage, stage->raw, RAW_WAIT, everything, note_published, &publications);
		receipts_after_sending(stage->receipts, &p50_ms, &p99_ms);
		series_add(&raw[0], p50_ms);
		series_add(&raw[1], p99_ms);
	}
	char what[64];
	snprintf(what, sizeof(what), "%ld subscribers, %d/s, p50 after commit", options->subscribers, PER_S);
	add_row(stage, what, "ms", series_median(&tally[0]), "raw stream, p50 after sending",
		series_median(&raw[0]), GOAL_AT_MOST, 2);
	snprintf(what, sizeof(what), "%ld subscribers, %d/s, p99 after commit", options->subscribers, PER_S);
	add_row(stage, what, "ms", series_median(&tally[1]), "raw stream, p99 after sending",
		series_median(&raw[1]), GOAL_NONE, 0);
	report_note(stage->bench->report,
		"fanout, after commit: counted from the database's note of the commit, less the %.2f ms that "
		"plain libpq waits from that note to the answer",
		series_median(&commit));
	grpc_slice_unref(stage->published);
	grpc_slice_unref(everything);
}

/* Keeps an event of a descriptor that was pushed, as the database has it. */
static void learn_event(struct stage *stage)
{
	size_t size;
	void *bytes = database_bytes(stage->database,
		"SELECT body FROM event WHERE type = 1 ORDER BY partition, position LIMIT 1", &size);
	stage->event = grpc_slice_from_copied_buffer(bytes, size);
	free(bytes);
}

void scenario_fanout(struct bench *bench)
{
	struct stage stage = {.bench = bench,
		.database_url = place_database(bench->place),
		.pushes = pushes_new(DESCRIPTOR_BYTES),
		.receipts = receipts_new(),
		.got = calloc((size_t)bench->options->subscribers, sizeof(uint64_t))};
	if (!stage.got)
		abort();
	long systems = bench->options->systems;
	stage.systems = systems < SYSTEMS_MAX ? (int)systems : SYSTEMS_MAX;
	stage.server = place_tallyd(bench->place, stage.database_url);
	stage.raw = place_start(bench->place, "bench-stream", NULL);
	stage.database = database_open(stage.database_url);
	plain_prepare(stage.database_url);
	/* One more: the system of the steady rate. */
	pushes_create(stage.pushes, program_address(stage.server), 0, stage.systems + 1);
	learn_event(&stage);
	measure_flat_out(&stage);
	measure_paced(&stage);
	grpc_slice_unref(stage.event);
	database_close(stage.database);
	program_stop(stage.raw);
	program_stop(stage.server);
	receipts_free(stage.receipts);
	pushes_free(stage.pushes);
	free(stage.got);
	free(stage.database_url);
}
