/*
 * Trying a policy on the history of many systems: how long until the first
 * answer and until all is known, and what it leaves of the rate of those who
 * push meanwhile.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "bench.h"
#include "load.h"
#include "pushes.h"
#include "tally.h"
#include "tally/v1/mismatch_service.pb-c.h"

enum {
	SYSTEMS = 50,
	DESCRIPTOR_BYTES = 2000,
	PUSHES_AT_ONCE = 64,
	WRITERS = 16,
	CONNECTIONS = 4,
};

struct stage {
	struct bench *bench;
	struct program *server;
	char *database;
	struct pushes *pushes;
	int64_t turn;
	int64_t revisions; /* of all systems' history */
	atomic_bool over;
};

static grpc_slice next_push(void *context)
{
	struct stage *stage = context;
	int64_t turn = stage->turn++;
	return pushes_request(stage->pushes, (int)(turn % SYSTEMS), turn / SYSTEMS);
}

static double push(struct stage *stage, int outstanding, int64_t run_us, uint64_t calls)
{
	struct load load = {.address = program_address(stage->server),
		.method = PUSHES_METHOD,
		.outstanding = outstanding,
		.connections = CONNECTIONS,
		.run_us = run_us,
		.calls_max = calls,
		.request = next_push,
		.answer = pushes_check,
		.context = stage};
	return load_run(&load).per_s;
}

/* ---- one preview ---- */

struct preview {
	double first_ms, all_ms;
	int64_t systems, revisions, effects;
};

/* What a push opens or resolves becomes a note, and all columns are measured anew. */
static Tally__V1__PreviewPolicyRequest *make_request(void)
{
	static char all[] = "systems/-", rule[] = "api.*", severity[] = "note";
	static Tally__V1__RulePolicy rule_policy;
	static Tally__V1__RulePolicy *rules[] = {&rule_policy};
	static Tally__V1__DataThresholds data;
	static Tally__V1__Policy policy;
	static Tally__V1__PreviewPolicyRequest request;
	tally__v1__rule_policy__init(&rule_policy);
	rule_policy.rule = rule;
	rule_policy.severity = severity;
	tally__v1__data_thresholds__init(&data);
	data._ks_case = TALLY__V1__DATA_THRESHOLDS___KS_KS;
	data.ks = 0.05;
	tally__v1__policy__init(&policy);
	policy.rules = rules;
	policy.n_rules = 1;
	policy.data = &data;
	tally__v1__preview_policy_request__init(&request);
	request.parent = all;
	request.policy = &policy;
	request.max_revisions = 10000;
	return &request;
}

static struct preview run_preview(struct stage *stage)
{
	struct preview preview = {0};
	struct tally_error error;
	ProtobufCMessage *message;
	struct tally_client *client = tally_client_new(program_address(stage->server));
	int64_t begin_us = clock_steady_us();
	struct tally_stream *stream = tally_stream_open(client, "/tally.v1.MismatchService/PreviewPolicy",
		&make_request()->base, &tally__v1__preview_policy_response__descriptor);
	while (tally_stream_next(stream, &message, &error)) {
		const Tally__V1__PreviewPolicyResponse *answer = (const void *)message;
		preview.all_ms = (double)(clock_steady_us() - begin_us) / 1e3;
		if (preview.first_ms == 0)
			preview.first_ms = preview.all_ms;
		preview.systems = answer->systems_done;
		preview.revisions = answer->revisions_done;
		preview.effects += (int64_t)answer->n_effects;
		protobuf_c_message_free_unpacked(message, NULL);
	}
	if (error.code)
		give_up("preview: %s: %s", tally_code_name(error.code), error.message);
	if (preview.systems != SYSTEMS || preview.effects != SYSTEMS || preview.revisions < stage->revisions)
		give_up("preview: %lld systems, %lld effects, %lld revisions", (long long)preview.systems,
			(long long)preview.effects, (long long)preview.revisions);
	tally_stream_free(stream);
	tally_client_free(client);
	return preview;
}

/* ---- what is told ---- */

static void add_row(struct stage *stage, const char *what, const char *unit, double tally, const char *than,
	double beside)
{
	struct report_row row = {.scenario = "preview", .unit = unit, .tally = tally, .beside = beside};
	snprintf(row.what, sizeof(row.what), "%s", what);
	snprintf(row.than, sizeof(row.than), "%s", than);
	report_add(stage->bench->report, &row);
}

static void alone(struct stage *stage)
{
	struct series first_ms = {0}, all_ms = {0}, cpu_us = {0};
	for (long run = 0; run < stage->bench->options->runs; run++) {
		int64_t begin_cpu_us = place_cpu_us(stage->bench->place, stage->server);
		struct preview preview = run_preview(stage);
		int64_t used_us = place_cpu_us(stage->bench->place, stage->server) - begin_cpu_us;
		series_add(&cpu_us, (double)used_us / (double)stage->revisions);
		series_add(&first_ms, preview.first_ms);
		series_add(&all_ms, preview.all_ms);
	}
	char what[64];
	snprintf(what, sizeof(what), "%d systems, %lld revisions", SYSTEMS, (long long)stage->revisions);
	add_row(stage, what, "ms", series_median(&all_ms), "", 0);
	add_row(stage, "the first answer", "ms", series_median(&first_ms), "", 0);
	add_row(stage, "CPU of one revision, database included", "us", series_median(&cpu_us), "", 0);
	add_row(stage, "revisions a second", "/s", (double)stage->revisions * 1e3 / series_median(&all_ms),
		"", 0);
}

static void *preview_on(void *context)
{
	struct stage *stage = context;
	while (!atomic_load(&stage->over))
		run_preview(stage);
	return NULL;
}

static void beside_pushes(struct stage *stage)
{
	struct series quiet = {0}, busy = {0};
	int64_t run_us = stage->bench->options->run_ms * 1000;
	for (long run = 0; run < stage->bench->options->runs; run++) {
		pthread_t thread;
		series_add(&quiet, push(stage, WRITERS, run_us, 0));
		atomic_store(&stage->over, false);
		if (pthread_create(&thread, NULL, preview_on, stage))
			abort();
		series_add(&busy, push(stage, WRITERS, run_us, 0));
		atomic_store(&stage->over, true);
		pthread_join(thread, NULL);
	}
	add_row(stage, "pushes while previews run", "/s", series_median(&busy), "tally, without previews",
		series_median(&quiet));
}

void scenario_preview(struct bench *bench)
{
	struct stage stage = {.bench = bench,
		.database = place_database(bench->place),
		.pushes = pushes_new(DESCRIPTOR_BYTES)};
	stage.server = place_tallyd(bench->place, stage.database);
	stage.revisions = bench->options->previewed * SYSTEMS;
	pushes_create(stage.pushes, program_address(stage.server), 0, SYSTEMS);
	push(&stage, PUSHES_AT_ONCE, 0, (uint64_t)stage.revisions);
	alone(&stage);
	beside_pushes(&stage);
	program_stop(stage.server);
	pushes_free(stage.pushes);
	free(stage.database);
}
