/* tally-check: its flags and its two commands. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "verify.h"

static const char *const help =
	"tally-check proves Tally's promises on running servers: it writes, reads and subscribes, keeps\n"
	"what it was told, and holds that against the database.\n"
	"\n"
	"Usage:\n"
	"  tally-check run --server ADDRESS... --database URL --journal DIR [OPTION...]\n"
	"  tally-check verify --database URL --journal DIR [OPTION...]\n"
	"\n"
	"`run` writes for a time, waits until every subscriber heard all, and verifies. Killed, or on\n"
	"servers that were killed, it can run again on the same folder and goes on. `verify` only verifies;\n"
	"nobody may write to the database since the last run's subscribers ended.\n"
	"\n"
	"Options:\n"
	"  --server ADDRESS    host:port or unix:/path of a tallyd; repeated for several on one database\n"
	"  --database URL      libpq URL of their database; it is only read\n"
	"  --journal DIR       what was told is kept here; made when it does not exist\n"
	"  --prefix NAME       systems are called NAME-0, NAME-1 ... (check)\n"
	"  --seconds N         how long to write (10)\n"
	"  --pushes N          end after so many writes (0: only by time)\n"
	"  --writers N         clients that write (8)\n"
	"  --subscribers N     clients that subscribe, each with a filter of another sort (12)\n"
	"  --systems N         systems that are written (6)\n"
	"  --size BYTES        filling of each descriptor (0)\n"
	"  --stall SECONDS     one subscriber stops reading now and then for so long (0: none)\n"
	"  --settle SECONDS    how long subscribers may take to hear the rest (30)\n"
	"  --linger SECONDS    how much longer they stay then, when only checkpoints may come (0)\n"
	"  --patience SECONDS  how long a write is repeated at the end when nobody answers (30)\n"
	"  --slack MS          what a checkpoint may be late (5000)\n"
	"  --past N            past revisions of each system that are evaluated anew (20)\n"
	"  --seed N            of all chance (1)\n"
	"  --help              this text\n"
	"\n"
	"Example:\n"
	"  tally-check run --server localhost:7443 --database service=tally --journal /tmp/check --seconds 60\n"
	"\n"
	"It ends with 0 when every promise was kept, with 1 and the first violation with its evidence, with 2\n"
	"when it could not check.\n";

enum flag {
	FLAG_HELP = 1000, /* those below are numbers' offsets */
	FLAG_SERVER,
	FLAG_DATABASE,
	FLAG_JOURNAL,
	FLAG_PREFIX,
	FLAG_SEED,
};

static const struct {
	const char *name;
	size_t offset;
	int least, most;
} numbers[] = {
	{"seconds", offsetof(struct options, seconds), 0, 1000000},
	{"pushes", offsetof(struct options, pushes), 0, 100000000},
	{"writers", offsetof(struct options, writers), 0, 1000},
	{"subscribers", offsetof(struct options, subscribers), 0, 1000},
	{"systems", offsetof(struct options, systems), 1, CHECK_SYSTEMS_MAX},
	{"size", offsetof(struct options, size), 0, 1000000},
	{"stall", offsetof(struct options, stall_s), 0, 100000},
	{"settle", offsetof(struct options, settle_s), 0, 100000},
	{"linger", offsetof(struct options, linger_s), 0, 100000},
	{"patience", offsetof(struct options, patience_s), 0, 100000},
	{"slack", offsetof(struct options, slack_ms), 0, 1000000},
	{"past", offsetof(struct options, past), 0, 1000000},
};

enum {
	NUMBERS = sizeof(numbers) / sizeof(numbers[0]),
	TEXTS = 6,
};

static long number_of(const char *name, const char *text, long least, long most)
{
	char *end;
	long number = strtol(text, &end, 10);
	if (*end || end == text || number < least || number > most)
		trouble("--%s takes a number from %ld to %ld, not '%s'", name, least, most, text);
	return number;
}

static void take_text(struct options *options, int flag, const char *text)
{
	switch (flag) {
	case FLAG_SERVER:
		if (options->server_count == CHECK_SERVERS_MAX)
			trouble("more than %d servers", CHECK_SERVERS_MAX);
		options->servers[options->server_count++] = text;
		break;
	case FLAG_DATABASE: options->database = text; break;
	case FLAG_JOURNAL: options->journal = text; break;
	case FLAG_PREFIX: options->prefix = text; break;
	case FLAG_SEED: options->seed = (uint64_t)number_of("seed", text, 0, INT32_MAX); break;
	case FLAG_HELP: fputs(help, stdout); exit(0);
	default: trouble("see `tally-check --help`");
	}
}

static struct options read_options(int count, char **arguments)
{
	struct option flags[NUMBERS + TEXTS + 1] = {
		{"help", no_argument, NULL, FLAG_HELP},
		{"server", required_argument, NULL, FLAG_SERVER},
		{"database", required_argument, NULL, FLAG_DATABASE},
		{"journal", required_argument, NULL, FLAG_JOURNAL},
		{"prefix", required_argument, NULL, FLAG_PREFIX},
		{"seed", required_argument, NULL, FLAG_SEED},
	};
	for (size_t i = 0; i < NUMBERS; i++)
		flags[TEXTS + i] = (struct option){numbers[i].name, required_argument, NULL, (int)i};
	struct options options = {.prefix = "check",
		.seconds = 10,
		.writers = 8,
		.subscribers = 12,
		.systems = 6,
		.settle_s = 30,
		.patience_s = 30,
		.slack_ms = 5000,
		.past = 20,
		.seed = 1};
	int flag;
	while ((flag = getopt_long(count, arguments, "", flags, NULL)) != -1) {
		if (flag >= FLAG_HELP || flag == '?')
			take_text(&options, flag, optarg);
		else
			*(int *)(void *)((char *)&options + numbers[flag].offset) = (int)number_of(
				numbers[flag].name, optarg, numbers[flag].least, numbers[flag].most);
	}
	return options;
}

void check_verify(const struct options *options)
{
	struct truth *truth = truth_load(options->database);
	progress("the database has %zu systems and %zu events", truth->system_count, truth->event_count);
	verify_writes(truth, options);
	verify_tables(truth);
	verify_findings(truth, options);
	verify_looks(truth, options);
	verify_logs(truth, options);
	progress("every promise was kept");
	truth_free(truth);
}

int main(int count, char **arguments)
{
	struct options options = read_options(count, arguments);
	const char *command = optind + 1 == count ? arguments[optind] : "";
	bool run = strcmp(command, "run") == 0;
	if (!run && strcmp(command, "verify") != 0)
		trouble("the command is run or verify; see `tally-check --help`");
	if (!options.database || !options.journal || (run && options.server_count == 0))
		trouble("%s needs --database and --journal%s; see `tally-check --help`", command,
			run ? ", and at least one --server" : "");
	if (run)
		check_run(&options);
	check_verify(&options);
	return 0;
}
