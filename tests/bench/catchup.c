/*
 * One subscriber comes back and reads all that happened from the database,
 * beside a raw stream of 16 events in a message; and what that leaves of the
 * rate of those who push meanwhile.
 *
 * The events are written with SQL, in the table's own format, while no tallyd
 * runs: pushing a million of them would take minutes.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "baseline/raw.h"
#include "bench.h"
#include "database.h"
#include "load.h"
#include "message.h"
#include "pushes.h"
#include "streams.h"
#include "subscription.h"

enum {
	SYSTEMS_MAX = 256, /* so that most partitions have one */
	DESCRIPTOR_BYTES = 8192,
	RAW_EVENTS = 16, /* in a message of the raw stream */
	WRITERS = 16,
	PATIENCE_US = 600 * 1000 * 1000,
	VARINT_BYTES = 4,
};

struct stage {
	struct bench *bench;
	char *database_url;
	struct program *server, *raw;
	struct pushes *pushes;
	int systems; /* that are pushed to */
	char *token;
	grpc_slice event;
	uint64_t written, got, wanted, bytes;
	int64_t turn;
	atomic_bool writers_done;
};

static void add_row(
	struct stage *stage, const char *what, double tally, const char *than, double beside, double bound)
{
	struct report_row row = {.scenario = "catchup",
		.unit = "/s",
		.tally = tally,
		.beside = beside,
		.goal = GOAL_AT_LEAST,
		.bound = bound};
	snprintf(row.what, sizeof(row.what), "%s", what);
	snprintf(row.than, sizeof(row.than), "%s", than);
	report_add(stage->bench->report, &row);
}

/* ---- a long history ---- */

/*
 * Copies an event that tallyd wrote so that the system's name and the revision
 * can be written into it: the revision as a number of VARINT_BYTES, which may
 * have leading zeros.
 *
 * @param[out] revision_at  offset of the revision
 */
static uint8_t *make_template(const uint8_t *event, size_t size, size_t *template_size, size_t *revision_at)
{
	uint8_t *made = malloc(size + VARINT_BYTES);
	struct message_field field;
	if (!made)
		abort();
	*template_size = 0;
	for (const uint8_t *at = event, *end = event + size; at < end;) {
		const uint8_t *begin = at;
		message_next(&at, end, &field);
		if (field.number != EVENT_REVISION_FIELD) {
			memcpy(made + *template_size, begin, (size_t)(at - begin));
			*template_size += (size_t)(at - begin);
			continue;
		}
		made[(*template_size)++] = *begin;
		*revision_at = *template_size;
		memset(made + *template_size, 0, VARINT_BYTES);
		*template_size += VARINT_BYTES;
	}
	return made;
}

/* One system of each partition goes on with events of a revision each. $1 is the template, $2 how many each.
 */
static const char insert[] =
	"INSERT INTO event (partition, position, system, revision, type, last, kinds, class, severity, teams, at, body) "
	"SELECT s.partition, p.head + n, s.system, s.revision + n, e.type, true, e.kinds, e.class, e.severity, e.teams, "
	"now(), set_byte(set_byte(set_byte(set_byte(overlay($1::bytea PLACING convert_to(s.system, 'UTF8') FROM %zu), "
	"%zu, (((s.revision + n) & 127) | 128)::int), %zu, (((s.revision + n) >> 7 & 127) | 128)::int), "
	"%zu, (((s.revision + n) >> 14 & 127) | 128)::int), %zu, ((s.revision + n) >> 21 & 127)::int) "
	"FROM (SELECT DISTINCT ON (partition) partition, system, revision FROM system ORDER BY partition, system) AS s "
	"JOIN partition AS p USING (partition) "
	"CROSS JOIN (SELECT * FROM event WHERE type = 1 LIMIT 1) AS e "
	"CROSS JOIN generate_series(1, $2::bigint) AS n";

static void write_history(struct stage *stage)
{
	struct database *database = database_open(stage->database_url);
	size_t size, template_size, revision_at = 0, count;
	uint8_t *event = database_bytes(database, "SELECT body FROM event WHERE type = 1 LIMIT 1", &size);
	uint8_t *template = make_template(event, size, &template_size, &revision_at);
	char id[PUSHES_SYSTEM_SIZE], statement[2000];
	pushes_system(0, id);
	const uint8_t *name = memmem(template, template_size, id, 4); /* "sys-": all ids are as long */
	if (!name || revision_at == 0)
		give_up("catchup: an event does not look as expected");
	struct database_pair *partitions = database_pairs(
		database, "SELECT count(DISTINCT partition)::bigint, 0::bigint FROM system", &count);
	int64_t each = stage->bench->options->replayed / partitions[0].first;
	stage->written = (uint64_t)(each * partitions[0].first);
	snprintf(statement, sizeof(statement), insert, (size_t)(name - template) + 1, revision_at,
		revision_at + 1, revision_at + 2, revision_at + 3);
	database_run_with(database, statement, template, template_size, each);
	database_run(database,
		"UPDATE partition AS p SET head = (SELECT coalesce(max(position), 0) FROM event AS e WHERE "
		"e.partition = p.partition)");
	database_run(database, "VACUUM ANALYZE event");
	stage->event = grpc_slice_from_copied_buffer((const char *)event, size);
	free(partitions);
	free(template);
	free(event);
	database_close(database);
}

/* ---- replaying ---- */

static void count_events(void *context, int stream, const uint8_t *bytes, size_t size)
{
	struct stage *stage = context;
	(void)stream;
	stage->got += message_count(bytes, size, SUBSCRIPTION_EVENTS_FIELD);
	stage->bytes += size;
}

static bool got_all(void *context)
{
	const struct stage *stage = context;
	return stage->got >= stage->wanted;
}

/* @return events per second */
static double replay(struct stage *stage, const struct program *server, const char *method, const char *token)
{
	stage->got = stage->bytes = 0;
	struct streams_options options = {.address = program_address(server),
		.method = method,
		.request = subscription_request(token),
		.count = 1,
		.connections = 1,
		.message = count_events,
		.context = stage};
	int64_t begin_us = clock_steady_us();
	struct streams *streams = streams_open(&options);
	if (!streams_receive(streams, PATIENCE_US, got_all))
		give_up("catchup: only %llu of %llu events came", (unsigned long long)stage->got,
			(unsigned long long)stage->wanted);
	int64_t took_us = clock_steady_us() - begin_us;
	streams_close(streams);
	grpc_slice_unref(options.request);
	return (double)stage->got * 1e6 / (double)took_us;
}

/* @param[out] share of the machine's CPU that it took, of server, database and subscriber together */
static double replay_alone(struct stage *stage, double *share)
{
	const struct place *place = stage->bench->place;
	int64_t begin_us = clock_steady_us(), begin_cpu_us = place_cpu_us(place, stage->server);
	double rate = replay(stage, stage->server, SUBSCRIBE_METHOD, stage->token);
	*share = (double)(place_cpu_us(place, stage->server) - begin_cpu_us) /
		 ((double)(clock_steady_us() - begin_us) * (double)sysconf(_SC_NPROCESSORS_ONLN));
	return rate;
}

/* ---- who pushes meanwhile ---- */

static grpc_slice next_push(void *context)
{
	struct stage *stage = context;
	int64_t turn = stage->turn++;
	return pushes_request(stage->pushes, (int)(turn % stage->systems), turn / stage->systems);
}

static double push_rate(struct stage *stage)
{
	struct load load = {.address = program_address(stage->server),
		.method = PUSHES_METHOD,
		.outstanding = WRITERS,
		.connections = WRITERS,
		.run_us = stage->bench->options->run_ms * 1000,
		.request = next_push,
		.answer = pushes_check,
		.context = stage};
	return load_run(&load).per_s;
}

struct writers {
	pthread_t thread;
	struct stage *stage;
	double rate;
};

static void *write_on(void *context)
{
	struct writers *writers = context;
	writers->rate = push_rate(writers->stage);
	atomic_store(&writers->stage->writers_done, true);
	return NULL;
}

static bool writers_are_done(void *context)
{
	struct stage *stage = context;
	return atomic_load(&stage->writers_done);
}

/* One replay after the other until the writers are done. @return their rate */
static double push_during_replays(struct stage *stage)
{
	struct writers writers = {.stage = stage};
	atomic_store(&stage->writers_done, false);
	if (pthread_create(&writers.thread, NULL, write_on, &writers))
		abort();
	while (!atomic_load(&stage->writers_done)) {
		struct streams_options options = {.address = program_address(stage->server),
			.method = SUBSCRIBE_METHOD,
			.request = subscription_request(stage->token),
			.count = 1,
			.connections = 1,
			.message = count_events,
			.context = stage};
		stage->got = 0;
		struct streams *streams = streams_open(&options);
		while (!atomic_load(&stage->writers_done) && stage->got < stage->wanted)
			streams_receive(streams, 100 * 1000, writers_are_done);
		streams_close(streams);
		grpc_slice_unref(options.request);
	}
	pthread_join(writers.thread, NULL);
	return writers.rate;
}

static void measure(struct stage *stage)
{
	const struct options *options = stage->bench->options;
	struct series tally = {0}, raw = {0}, shares = {0}, alone = {0}, during = {0};
	stage->wanted = stage->written;
	for (long run = 0; run < options->runs; run++) {
		double share;
		series_add(&tally, replay_alone(stage, &share));
		series_add(&shares, share);
		series_add(&raw, replay(stage, stage->raw, RAW_FLOOD, NULL));
	}
	for (long run = 0; run < options->runs; run++) {
		series_add(&alone, push_rate(stage));
		series_add(&during, push_during_replays(stage));
	}
	char what[64], than[64];
	snprintf(what, sizeof(what), "1 subscriber, %llu events", (unsigned long long)stage->written);
	snprintf(than, sizeof(than), "raw stream, %d events a message", RAW_EVENTS);
	add_row(stage, what, series_median(&tally), than, series_median(&raw), 0.25);
	snprintf(what, sizeof(what), "%d clients that push meanwhile", WRITERS);
	add_row(stage, what, series_median(&during), "tally, without the subscriber", series_median(&alone),
		1 - series_median(&shares));
	report_note(stage->bench->report,
		"catchup: the events were written with SQL; alone the replay takes %.0f %% of the machine's CPU "
		"(server, database and subscriber), which those who push may lose",
		100 * series_median(&shares));
}

void scenario_catchup(struct bench *bench)
{
	struct stage stage = {.bench = bench,
		.database_url = place_database(bench->place),
		.pushes = pushes_new(DESCRIPTOR_BYTES)};
	long systems = bench->options->systems;
	stage.systems = systems < SYSTEMS_MAX ? (int)systems : SYSTEMS_MAX;
	stage.server = place_tallyd(bench->place, stage.database_url);
	stage.token = subscription_token(program_address(stage.server));
	pushes_create(stage.pushes, program_address(stage.server), 0, stage.systems);
	program_stop(stage.server);
	write_history(&stage);
	/* Now it has none of them in memory. */
	stage.server = place_tallyd(bench->place, stage.database_url);
	stage.raw = place_start(bench->place, "bench-stream", NULL);
	grpc_slice message = subscription_message(
		GRPC_SLICE_START_PTR(stage.event), GRPC_SLICE_LENGTH(stage.event), RAW_EVENTS, 0);
	grpc_slice_unref(load_call(program_address(stage.raw), RAW_KEEP, message));
	measure(&stage);
	grpc_slice_unref(message);
	grpc_slice_unref(stage.event);
	program_stop(stage.raw);
	program_stop(stage.server);
	pushes_free(stage.pushes);
	free(stage.token);
	free(stage.database_url);
}
