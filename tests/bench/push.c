/*
 * Pushes that really change something, each of another kind than the one
 * before, beside plain libpq with the same bytes on the same Postgres.
 */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "baseline/plain.h"
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
	struct program *server;
	char *database;
	int systems;
	int64_t turn; /* of all pushes to these systems */
	struct plain_run single, batched;
};

static grpc_slice next_push(void *context)
{
	struct stage *stage = context;
	int64_t turn = stage->turn++;
	return pushes_request(stage->pushes, (int)(turn % stage->systems), turn / stage->systems);
}

static grpc_slice next_push_to_one(void *context)
{
	struct stage *stage = context;
	return pushes_request(stage->pushes, stage->systems, stage->turn++);
}

/* @param[out] cpu_us for each push, of server, database and clients together */
static double push_rate(struct stage *stage, grpc_slice (*request)(void *), double *cpu_us)
{
	const struct options *options = stage->bench->options;
	struct load load = {.address = program_address(stage->server),
		.method = PUSHES_METHOD,
		.outstanding = (int)options->clients,
		.connections = (int)options->clients,
		.run_us = options->run_ms * 1000,
		.request = request,
		.answer = pushes_check,
		.context = stage};
	int64_t begin_us = place_cpu_us(stage->bench->place, stage->server);
	struct load_result result = load_run(&load);
	*cpu_us =
		(double)(place_cpu_us(stage->bench->place, stage->server) - begin_us) / (double)result.calls;
	return result.per_s;
}

/* The descriptor that a push carries, as the database keeps it. */
static void *body(void *context, int64_t turn, size_t *size)
{
	const struct stage *stage = context;
	grpc_slice request =
		pushes_request(stage->pushes, (int)(turn % stage->systems), turn / stage->systems);
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

static void run_pushes(struct stage *stage, grpc_slice (*request)(void *), struct figures *figures)
{
	double cpu_us;
	series_add(&figures->per_s, push_rate(stage, request, &cpu_us));
	series_add(&figures->cpu_us, cpu_us);
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

static void throughput(struct stage *stage)
{
	const struct options *options = stage->bench->options;
	struct figures many = {0}, one = {0}, single = {0}, batched = {0};
	for (long run = 0; run < options->runs; run++) {
		run_pushes(stage, next_push, &many);
		run_plain(stage, &stage->single, &single);
		run_plain(stage, &stage->batched, &batched);
		run_pushes(stage, next_push_to_one, &one);
	}
	char what[64], than[64];
	snprintf(what, sizeof(what), "%ld clients, %ld systems, %ld B", options->clients, options->systems,
		options->size_bytes);
	snprintf(than, sizeof(than), "libpq, 1 each, %d connections", PLAIN_CONNECTIONS);
	add_pair(stage, what, &many, than, &single, 1.5);
	snprintf(than, sizeof(than), "libpq, %d each, 1 connection", PLAIN_BATCH);
	add_pair(stage, what, &many, than, &batched, 0.4);
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
	plain_prepare(stage.database);
	/* One more: the system that all push to. */
	pushes_create(stage.pushes, program_address(stage.server), 0, stage.systems + 1);
	throughput(&stage);
	latency(&stage);
	program_stop(stage.server);
	pushes_free(stage.pushes);
	free(stage.database);
}
