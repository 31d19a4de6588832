/* The command line. Which scenarios exist is main.c's. */
#include "options.h"

#include <stddef.h>
#include <string.h>

#include "bench.h"

static const struct {
	const char *flag;
	size_t at;
	long values[SCALE_COUNT]; /* full, quick, tiny */
	const char *help;
} table[] = {
	{"--runs", offsetof(struct options, runs), {5, 3, 1}, "runs of each side, in turns"},
	{"--run-ms", offsetof(struct options, run_ms), {4000, 1000, 100}, "length of a run"},
	{"--clients", offsetof(struct options, clients), {64, 64, 8}, "push: clients at once"},
	{"--systems", offsetof(struct options, systems), {1000, 1000, 10}, "push: systems they push to"},
	{"--size", offsetof(struct options, size_bytes), {8192, 8192, 2048}, "bytes of a pushed descriptor"},
	{"--outstanding", offsetof(struct options, outstanding), {64, 64, 8}, "verdict: calls at once"},
	{"--revisions", offsetof(struct options, revisions), {100000, 10000, 100},
		"verdict: of the longest history"},
	{"--subscribers", offsetof(struct options, subscribers), {100, 100, 5}, "fanout: of everything"},
	{"--events", offsetof(struct options, events), {40000, 16000, 200},
		"fanout: that each gets flat out"},
	{"--replayed", offsetof(struct options, replayed), {1000000, 200000, 2000},
		"catchup: events that are read from the database"},
	{"--streams", offsetof(struct options, streams), {10000, 2000, 20}, "idle: at once"},
	{"--columns", offsetof(struct options, columns), {10000, 10000, 100}, "evaluate: of the widest data"},
	{"--previewed", offsetof(struct options, previewed), {1000, 200, 20},
		"preview: revisions of each of 50 systems"},
	{"--mixed-s", offsetof(struct options, mixed_s), {600, 10, 2}, "mixed: length in seconds"},
};

enum {
	TABLE_COUNT = sizeof(table) / sizeof(table[0]),
	NUMBER_MAX = 100 * 1000 * 1000,
};

static long *value_at(struct options *options, size_t i)
{
	return (long *)(void *)((char *)options + table[i].at);
}

static void set_scale(struct options *options, enum options_scale scale)
{
	options->scale = scale;
	for (size_t i = 0; i < TABLE_COUNT; i++)
		*value_at(options, i) = table[i].values[scale];
}

static long number(const char *flag, const char *text)
{
	char *end = NULL;
	long value = text ? strtol(text, &end, 10) : 0;
	if (!text || *end || value < 1 || value > NUMBER_MAX)
		give_up("%s needs a number from 1 to %d", flag, NUMBER_MAX);
	return value;
}

/* @return was it one of the table's? */
static bool set_number(struct options *options, const char *flag, const char *text)
{
	for (size_t i = 0; i < TABLE_COUNT; i++) {
		if (strcmp(flag, table[i].flag) == 0) {
			*value_at(options, i) = number(flag, text);
			return true;
		}
	}
	return false;
}

void options_help(FILE *out)
{
	fputs("  --quick           a few seconds for each scenario\n"
	      "  --tiny            does everything run? The figures mean nothing\n"
	      "  --unix            all connections over Unix sockets, gRPC's and libpq's; else over the loopback\n",
		out);
	for (size_t i = 0; i < TABLE_COUNT; i++)
		fprintf(out, "  %-17s %s (%ld; quick %ld)\n", table[i].flag, table[i].help,
			table[i].values[SCALE_FULL], table[i].values[SCALE_QUICK]);
}

/* @return was it a flag without a value? */
static bool set_switch(struct options *options, const char *word)
{
	if (strcmp(word, "--quick") == 0)
		set_scale(options, SCALE_QUICK);
	else if (strcmp(word, "--tiny") == 0)
		set_scale(options, SCALE_TINY);
	else if (strcmp(word, "--unix") == 0)
		options->sockets = true;
	else
		return false;
	return true;
}

void options_read(int count, char **arguments, struct options *options)
{
	*options = (struct options){0};
	set_scale(options, SCALE_FULL);
	int left = 1, names = 0;
	for (int i = 1; i < count; i++) /* first, because a size of run sets all numbers */
		if (!set_switch(options, arguments[i]))
			arguments[left++] = arguments[i];
	for (int i = 1; i < left; i++) {
		const char *word = arguments[i];
		if (word[0] != '-')
			arguments[names++] = arguments[i];
		else if (set_number(options, word, i + 1 < left ? arguments[i + 1] : NULL))
			i++;
		else
			give_up("there is no flag %s: see --help", word);
	}
	arguments[names] = NULL;
	options->chosen = arguments;
}

bool options_chosen(const struct options *options, const char *scenario)
{
	bool any = false;
	for (char *const *name = options->chosen; *name; name++) {
		any = true;
		if (strcmp(*name, scenario) == 0)
			return true;
	}
	return !any;
}
