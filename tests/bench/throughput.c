/* How many pushes a second many clients get through, beside as many plain connections. */
#include <pthread.h>
#include <stdatomic.h>

#include "base/clock.h"
#include "bench.h"

enum {
	SYSTEM_SIZE = 40,
	BASELINE_CLIENTS = 16, /* more only wait for each other */
};

/* What all workers of one run share. */
struct run {
	const struct options *options;
	char (*systems)[SYSTEM_SIZE]; /* NULL: the baseline */
	_Atomic int turn;
};

/* Each turn pushes to the next system something that no turn pushed before. */
static void *push_turns(void *context)
{
	struct run *run = context;
	struct tally_client *client = tally_client_new(run->options->server);
	int turn;
	while ((turn = atomic_fetch_add(&run->turn, 1)) < run->options->pushes) {
		struct arena *arena = arena_new();
		const char *system = run->systems[turn % run->options->systems];
		bench_push_one(client, system, bench_raw_data(arena, system, run->options->size, turn + 1));
		arena_free(arena);
	}
	tally_client_free(client);
	return NULL;
}

static void *commit_turns(void *context)
{
	struct run *run = context;
	struct baseline *baseline = baseline_open(run->options->database);
	int turn;
	while ((turn = atomic_fetch_add(&run->turn, 1)) < run->options->pushes) {
		struct arena *arena = arena_new();
		Tally__V1__Descriptor *raw = bench_raw_data(arena, "bench", run->options->size, turn + 1);
		size_t size = tally__v1__descriptor__get_packed_size(raw);
		uint8_t *bytes = arena_alloc(arena, size);
		tally__v1__descriptor__pack(raw, bytes);
		baseline_commit(baseline, bytes, size);
		arena_free(arena);
	}
	baseline_close(baseline);
	return NULL;
}

/* @return turns per second */
static double run_workers(struct run *run, void *(*work)(void *), int workers)
{
	pthread_t *threads = calloc((size_t)workers, sizeof(*threads));
	if (!threads)
		abort();
	int64_t begin_us = clock_steady_us();
	for (int i = 0; i < workers; i++)
		if (pthread_create(&threads[i], NULL, work, run))
			abort();
	for (int i = 0; i < workers; i++)
		pthread_join(threads[i], NULL);
	free(threads);
	return run->options->pushes * 1e6 / (double)(clock_steady_us() - begin_us);
}

void bench_throughput(const struct options *options)
{
	struct run run = {.options = options, .systems = calloc((size_t)options->systems, SYSTEM_SIZE)};
	if (!run.systems)
		abort();
	struct tally_client *client = tally_client_new(options->server);
	for (int i = 0; i < options->systems; i++)
		bench_create_system(client, run.systems[i], SYSTEM_SIZE);
	tally_client_free(client);
	double pushes = run_workers(&run, push_turns, options->clients);
	struct run plain = {.options = options};
	double commits = run_workers(&plain, commit_turns, BASELINE_CLIENTS);
	printf("\nthroughput: %d pushes of %zu bytes, %d systems\n", options->pushes, options->size,
		options->systems);
	printf("%-34s %9s\n", "", "per s");
	printf("tally, %3d clients                 %9.0f\n", options->clients, pushes);
	printf("libpq, %3d connections             %9.0f\n", BASELINE_CLIENTS, commits);
	printf("%-34s %9.2f\n", "ratio", pushes / commits);
	free(run.systems);
}
