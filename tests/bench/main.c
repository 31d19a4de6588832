/*
 * tally-bench: measures real tallyds beside something independent that moves
 * the same bytes, in turns, and prints one table. It starts what it needs:
 * Postgres, tallyd, the baselines. Each scenario is a file of its own.
 */
#include <grpc/grpc.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

static const struct {
	const char *name;
	scenario_fn *run;
	const char *help;
} scenarios[] = {
	{"push", scenario_push, "pushes that change something, beside libpq transactions of the same bytes"},
	{"verdict", scenario_verdict, "verdicts, beside a raw echo; and by the length of the history"},
	{"fanout", scenario_fanout, "many subscribers of everything, beside a raw stream server"},
	{"catchup", scenario_catchup, "a subscriber who comes back, and the writers meanwhile"},
	{"idle", scenario_idle, "memory of streams that wait, beside a raw stream server"},
	{"evaluate", scenario_evaluate, "running the rules, by the number of columns"},
	{"servers", scenario_servers, "two servers on one database, beside one"},
	{"preview", scenario_preview,
		"a policy tried on the history of 50 systems, and the writers meanwhile"},
	{"mixed", scenario_mixed, "a server's memory while pushes, reads and streams go on"},
};

enum {
	SCENARIO_COUNT = sizeof(scenarios) / sizeof(scenarios[0]),
};

void give_up(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs("tally-bench: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(2);
}

static void print_help(void)
{
	puts("usage: tally-bench [SCENARIO...] [FLAG...]\n\nscenarios, all without a name:");
	for (size_t i = 0; i < SCENARIO_COUNT; i++)
		printf("  %-17s %s\n", scenarios[i].name, scenarios[i].help);
	puts("flags:");
	options_help(stdout);
}

static bool is_scenario(const char *name)
{
	for (size_t i = 0; i < SCENARIO_COUNT; i++)
		if (strcmp(scenarios[i].name, name) == 0)
			return true;
	return false;
}

/* The first line of a file that begins with `key`, behind its colon; "" without one. */
static const char *line_of(const char *path, const char *key, char *line, int size)
{
	FILE *file = fopen(path, "r");
	bool found = false;
	while (file && !found && fgets(line, size, file))
		found = strncmp(line, key, strlen(key)) == 0;
	if (file)
		fclose(file);
	if (!found)
		return "";
	line[strcspn(line, "\n")] = '\0';
	const char *colon = strchr(line, ':');
	return colon && key[0] ? colon + 2 : line;
}

static void print_machine(const struct options *options)
{
	static const char *const scales[] = {"full", "quick", "tiny: the figures mean nothing"};
	char model[256], load[256];
	const char *commit = getenv("TALLY_BENCH_COMMIT");
	printf("tally " TALLY_VERSION ", commit %s; %ld cores, %s; load average %s\n",
		commit ? commit : "unknown", sysconf(_SC_NPROCESSORS_ONLN),
		line_of("/proc/cpuinfo", "model name", model, sizeof(model)),
		line_of("/proc/loadavg", "", load, sizeof(load)));
	printf("%s; %ld runs of %ld ms each, in turns with the baseline; medians\n", scales[options->scale],
		options->runs, options->run_ms);
	printf("gRPC and libpq over %s\n\n", options->sockets ? "Unix sockets" : "the loopback");
	fflush(stdout);
}

int main(int count, char **arguments)
{
	if (count > 1 && strcmp(arguments[1], "--help") == 0) {
		print_help();
		return 0;
	}
	struct options options;
	options_read(count, arguments, &options);
	for (char *const *name = options.chosen; *name; name++)
		if (!is_scenario(*name))
			give_up("there is no scenario %s: see --help", *name);
	struct bench bench = {&options, place_new(options.sockets), report_new()};
	grpc_init();
	print_machine(&options);
	for (size_t i = 0; i < SCENARIO_COUNT; i++) {
		if (!options_chosen(&options, scenarios[i].name))
			continue;
		fprintf(stderr, "%s ...\n", scenarios[i].name);
		scenarios[i].run(&bench);
	}
	report_print(bench.report);
	grpc_shutdown_blocking();
	report_free(bench.report);
	place_free(bench.place);
	return 0;
}
