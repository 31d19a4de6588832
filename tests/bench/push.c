/*
 * Pushes that really change something, each of another kind than the one
 * before, beside plain libpq with the same bytes on the same Postgres; and
 * beside the least that a push over the C core can take, a raw echo of the same
 * bytes and a libpq transaction's share of many.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "baseline/plain.h"
#include "baseline/raw.h"
#include "bench.h"
#include "load.h"
#include "message.h"
#include "pushes.h"
#include "tally.h"
#include "tally/v1/descriptor_service.pb-c.h"

enum {
	PLAIN_CONNECTIONS = 16, /* more only wait for each other */
	PLAIN_BATCH = 64,
	DESCRIPTORS_FIELD = 2, /* of PushDescriptorsRequest */
	LATENCY_MAX = 100000,
};

/* What all parts share. Systems 0 to count - 1 are pushed to. */
struct stage {
	struct bench *bench;
	struct pushes *pushes;
	struct program *server, *echo;
	char *database;
	int systems;
	int64_t turn;   /* of all pushes to these systems */
	int64_t echoed; /* as turn, but they change nothing */
	struct plain_run single, batched;
};

static grpc_slice request_at(const struct stage *stage, int64_t turn)
{
	return pushes_request(stage->pushes, (int)(turn % stage->systems), turn / stage->systems);
}

static grpc_slice next_push(void *context)
{
	struct stage *stage = context;
	return request_at(stage, stage->turn++);
}

static grpc_slice next_push_to_one(void *context)
{
	struct stage *stage = context;
	return pushes_request(stage->pushes, stage->systems, stage->turn++);
}

static grpc_slice next_echo(void *context)
{
	struct stage *stage = context;
	return request_at(stage, stage->echoed++);
}

/* The descriptor that a push carries, as the database keeps it. */
static void *body(void *context, int64_t turn, size_t *size)
{
	const struct stage *stage = context;
	grpc_slice request = request_at(stage, turn);
	const uint8_t *bytes = message_bytes(
		GRPC_SLICE_START_PTR(request), GRPC_SLICE_LENGTH(request), DESCRIPTORS_FIELD, size);
	void *copy = malloc(*size);
	if (!copy)
		abort();
	memcpy(copy, bytes, *size);
	grpc_slice_unref(request);
	return copy;
}

/* ---- throughput ---- */

/* CPU time for each call is that of server, database and clients together. */
static void run_load(
	struct stage *stage, const struct program *server, struct load *load, struct figures *figures)
{
	const struct options *options = stage->bench->options;
	load->address = program_address(server);
	load->outstanding = load->connections = (int)options->clients;
	load->run_us = options->run_ms * 1000;
	load->context = stage;
	int64_t begin_us = place_cpu_us(stage->bench->place, server);
	struct load_result result = load_run(load);
	series_add(&figures->per_s, result.per_s);
	series_add(&figures->cpu_us,
		(double)(place_cpu_us(stage->bench->place, server) - begin_us) / (double)result.calls);
}

static void run_pushes(struct stage *stage, grpc_slice (*request)(void *), struct figures *figures)
{
	struct load load = {.method = PUSHES_METHOD, .request = request, .answer = pushes_check};
	run_load(stage, stage->server, &load, figures);
}

static void run_echo(struct stage *stage, struct figures *figures)
{
	struct load load = {.method = RAW_ECHO, .request = next_echo};
	run_load(stage, stage->echo, &load, figures);
}

/* What the echo answers is what a push was answered. */
static void teach_echo(struct stage *stage)
{
	grpc_slice request = next_push(stage);
	grpc_slice answer = load_call(program_address(stage->server), PUSHES_METHOD, request);
	grpc_slice_unref(load_call(program_address(stage->echo), RAW_KEEP, answer));
	grpc_slice_unref(answer);
	grpc_slice_unref(request);
}

static void run_plain(struct stage *stage, struct plain_run *run, struct figures *figures)
{
	int64_t begin_us = place_cpu_us(stage->bench->place, NULL);
	int64_t first = atomic_load(&run->turn);
	series_add(&figures->per_s, plain_rate(run));
	series_add(&figures->cpu_us, (double)(place_cpu_us(stage->bench->place, NULL) - begin_us) /
					     (double)(atomic_load(&run->turn) - first));
}

static void add_pair(struct stage *stage, const char *what, const struct figures *tally, const char *than,
	const struct figures *beside, double bound)
{
	struct report_row row = {.scenario = "push", .goal = GOAL_AT_LEAST, .bound = bound};
	snprintf(row.what, sizeof(row.what), "%s", what);
	snprintf(row.than, sizeof(row.than), "%s", than);
	report_add_figures(stage->bench->report, &row, tally, beside);
}

static void add_least(struct stage *stage, const struct figures *many, const struct figures *batched,
	const struct figures *echo)
{
	struct report_row row = {.scenario = "push",
		.what = "- CPU of all for each",
		.unit = "us",
		.tally = series_median(&many->cpu_us),
		.beside = series_median(&batched->cpu_us) + series_median(&echo->cpu_us),
		.goal = GOAL_NONE};
	snprintf(row.than, sizeof(row.than), "raw echo, and libpq, %d each", PLAIN_BATCH);
	report_add(stage->bench->report, &row);
}

static void throughput(struct stage *stage)
{
	const struct options *options = stage->bench->options;
	struct figures many = {0}, one = {0}, single = {0}, batched = {0}, echo = {0};
	teach_echo(stage);
	for (long run = 0; run < options->runs; run++) {
		run_pushes(stage, next_push, &many);
		run_plain(stage, &stage->single, &single);
		run_plain(stage, &stage->batched, &batched);
		run_pushes(stage, next_push_to_one, &one);
		run_echo(stage, &echo);
	}
	char what[64], than[64];
	snprintf(what, sizeof(what), "%ld clients, %ld systems, %ld B", options->clients, options->systems,
		options->size_bytes);
	snprintf(than, sizeof(than), "libpq, 1 each, %d connections", PLAIN_CONNECTIONS);
	add_pair(stage, what, &many, than, &single, 1.5);
	snprintf(than, sizeof(than), "libpq, %d each, 1 connection", PLAIN_BATCH);
	add_pair(stage, what, &many, than, &batched, 0.4);
	add_least(stage, &many, &batched, &echo);
	snprintf(what, sizeof(what), "%ld clients, 1 system", options->clients);
	snprintf(than, sizeof(than), "tally, %ld systems", options->systems);
	add_pair(stage, what, &one, than, &many, 0.25);
}

/* ---- latency ---- */

static int64_t time_push(struct tally_client *client, grpc_slice packed)
{
	ProtobufCMessage *request =
		protobuf_c_message_unpack(&tally__v1__push_descriptors_request__descriptor, NULL,
			GRPC_SLICE_LENGTH(packed), GRPC_SLICE_START_PTR(packed));
	ProtobufCMessage *answer;
	struct tally_error error;
	int64_t begin_us = clock_steady_us();
	if (!tally_call(client, PUSHES_METHOD, request, &tally__v1__push_descriptors_response__descriptor,
		    30000, &answer, &error))
		give_up("push: %s %s", tally_code_name(error.code), error.message);
	int64_t took_us = clock_steady_us() - begin_us;
	protobuf_c_message_free_unpacked(answer, NULL);
	protobuf_c_message_free_unpacked(request, NULL);
	return took_us;
}

static int64_t time_commit(struct stage *stage, struct plain *plain)
{
	int64_t turn = atomic_fetch_add(&stage->single.turn, 1);
	size_t size;
	void *bytes = body(stage, turn, &size);
	int64_t begin_us = clock_steady_us();
	plain_commit(plain, turn, bytes, size);
	int64_t took_us = clock_steady_us() - begin_us;
	free(bytes);
	return took_us;
}

static void add_latency(struct stage *stage, const char *which, double share, int64_t *tally_us,
	int64_t *plain_us, size_t count, enum goal goal)
{
	struct report_row row = {.scenario = "push",
		.unit = "ms",
		.tally = times_at(tally_us, count, share) / 1e3,
		.beside = times_at(plain_us, count, share) / 1e3,
		.goal = goal,
		.bound = 2};
	snprintf(row.what, sizeof(row.what), "1 client, %s", which);
	snprintf(row.than, sizeof(row.than), "libpq, 1 each, 1 connection");
	report_add(stage->bench->report, &row);
}

/* One client by libtally and one connection, push and commit in turns. */
static void latency(struct stage *stage)
{
	const struct options *options = stage->bench->options;
	struct tally_client *client = tally_client_new(program_address(stage->server));
	struct plain *plain = plain_open(stage->database);
	int64_t *tally_us = calloc(LATENCY_MAX, sizeof(*tally_us));
	int64_t *plain_us = calloc(LATENCY_MAX, sizeof(*plain_us));
	if (!tally_us || !plain_us)
		abort();
	size_t count = 0;
	int64_t end_us = clock_steady_us() + options->runs * options->run_ms * 1000;
	while (clock_steady_us() < end_us && count < LATENCY_MAX) {
		grpc_slice packed = next_push(stage);
		tally_us[count] = time_push(client, packed);
		plain_us[count++] = time_commit(stage, plain);
		grpc_slice_unref(packed);
	}
	add_latency(stage, "p50", 0.5, tally_us, plain_us, count, GOAL_AT_MOST);
	add_latency(stage, "p99", 0.99, tally_us, plain_us, count, GOAL_NONE);
	free(tally_us);
	free(plain_us);
	plain_close(plain);
	tally_client_free(client);
}

void scenario_push(struct bench *bench)
{
	const struct options *options = bench->options;
	struct stage stage = {.bench = bench,
		.pushes = pushes_new((size_t)options->size_bytes),
		.database = place_database(bench->place),
		.systems = (int)options->systems};
	stage.single = stage.batched = (struct plain_run){.database = stage.database,
		.connections = PLAIN_CONNECTIONS,
		.batch = 1,
		.run_us = options->run_ms * 1000,
		.body = body,
		.context = &stage};
	stage.batched.connections = 1;
	stage.batched.batch = PLAIN_BATCH;
	/* Both fill the same tables, so their numbers must not meet. */
	atomic_store(&stage.batched.turn, INT64_C(1) << 36);
	stage.server = place_tallyd(bench->place, stage.database);
	stage.echo = place_start(bench->place, "bench-echo", NULL);
	plain_prepare(stage.database);
	/* One more: the system that all push to. */
	pushes_create(stage.pushes, program_address(stage.server), 0, stage.systems + 1);
	throughput(&stage);
	latency(&stage);
	program_stop(stage.server);
	program_stop(stage.echo);
	pushes_free(stage.pushes);
	free(stage.database);
}
