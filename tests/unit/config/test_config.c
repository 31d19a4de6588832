/* Where settings come from, which one wins, and what a wrong one is told. */
#include "config/config.h"

#include <unistd.h>

#include "cases.h"

enum {
	WORDS_MAX = 12,
};

struct row {
	const char *name;
	const char *arguments[WORDS_MAX];   /* without the program's name; FILE stands for the file's path */
	const char *environment[WORDS_MAX]; /* HOME=/home/u is added */
	const char *file;                   /* its content; NULL: none */
	const char *refused;                /* part of the message; NULL: taken */
	void (*check)(const struct config *config);
};

static char path[] = "/tmp/tallyd-config-XXXXXX";

static void is_default(const struct config *config)
{
	assert_int_equal(config->command, CONFIG_SERVE);
	assert_int_equal(config->listen_count, 1);
	assert_string_equal(config->listen[0], "127.0.0.1:7443");
	assert_false(config->insecure);
	assert_null(config->database);
	assert_string_equal(
		config->data_dir, geteuid() == 0 ? "/var/lib/tally" : "/home/u/.local/share/tally");
	assert_int_equal(config->log_level, LOG_INFO);
	assert_int_equal(config->log_format, LOG_LOGFMT);
	assert_int_equal(config->max_message_bytes, 16 << 20);
	assert_int_equal(config->max_calls, 10000);
	assert_int_equal(config->max_streams, 12000);
	assert_int_equal(config->max_streams_per_connection, 1000);
	assert_int_equal(config->grace_ms, 10000);
	assert_int_equal(config->partitions, 64);
	assert_int_equal(config->lanes, 0);
	assert_int_equal(config->readers, 2);
	assert_int_equal(config->batch_changes, 64);
	assert_int_equal(config->batch_bytes, 4 * 1024 * 1024);
	assert_int_equal(config->queue_changes, 4096);
	assert_int_equal(config->queue_reads, 4096);
	assert_int_equal(config->view_bytes, 256 << 20);
	assert_int_equal(config->ring_events, 8192);
	assert_int_equal(config->ring_bytes, 64 << 20);
	assert_int_equal(config->connect_timeout_s, 5);
	assert_int_equal(config->statement_timeout_ms, 10000);
	assert_int_equal(config->lock_timeout_ms, 5000);
	assert_int_equal(config->follow_interval_ms, 100);
	assert_true(config->hints);
	assert_int_equal(config->event_retention_s, 30 * 24 * 3600);
	assert_int_equal(config->event_limit, 10000000);
}

static void has_3_lanes(const struct config *config)
{
	assert_int_equal(config->lanes, 3);
}

static void has_no_lanes(const struct config *config)
{
	assert_int_equal(config->lanes, 0);
}

static void listens_on_a_and_b(const struct config *config)
{
	assert_int_equal(config->listen_count, 2);
	assert_string_equal(config->listen[0], "a:1");
	assert_string_equal(config->listen[1], "unix:/b");
}

static void has_everything(const struct config *config)
{
	assert_true(config->insecure);
	assert_string_equal(config->database, "postgresql:///tally?host=/run/pg&user=a=b");
	assert_string_equal(config->data_dir, "/srv/my data");
	assert_int_equal(config->log_level, LOG_DEBUG);
	assert_int_equal(config->log_format, LOG_JSON);
	assert_int_equal(config->max_message_bytes, 65536);
	assert_int_equal(config->grace_ms, 500);
	assert_int_equal(config->connect_timeout_s, 60);
	assert_int_equal(config->ring_events, 16);
	assert_int_equal(config->follow_interval_ms, 1000);
}

static void is_secure(const struct config *config)
{
	assert_false(config->insecure);
}

static void is_insecure(const struct config *config)
{
	assert_true(config->insecure);
	assert_string_equal(config->listen[0], "a:1");
}

static void is_migration(const struct config *config)
{
	assert_int_equal(config->command, CONFIG_MIGRATE);
	assert_string_equal(config->database, "service=tally");
}

static void is_help(const struct config *config)
{
	assert_int_equal(config->command, CONFIG_HELP);
}

static void is_version(const struct config *config)
{
	assert_int_equal(config->command, CONFIG_VERSION);
}

static void has_xdg_data_dir(const struct config *config)
{
	assert_string_equal(config->data_dir, geteuid() == 0 ? "/var/lib/tally" : "/xdg/tally");
}

#define ALL_SETTINGS                                                                                         \
	"# what one server needs\n\ninsecure = yes\n database=postgresql:///tally?host=/run/pg&user=a=b\r\n" \
	"data_dir = /srv/my data\nlog-level = debug\nlog_format = json\nmax_message = 64KiB\ngrace = "       \
	"500ms\n"                                                                                            \
	"connect_timeout = 1m\nring_events = 16\nfollow_interval = 1s"

static const struct row rows[] = {
	{"nothing given is the defaults", {NULL}, {NULL}, NULL, NULL, is_default},
	{"a flag takes the next word", {"--lanes", "3"}, {NULL}, NULL, NULL, has_3_lanes},
	{"a flag takes what stands behind =", {"--lanes=3"}, {NULL}, NULL, NULL, has_3_lanes},
	{"the last of a repeated flag counts", {"--lanes=1", "--lanes=3"}, {NULL}, NULL, NULL, has_3_lanes},
	{"a variable beats the default", {NULL}, {"TALLYD_LANES=3"}, NULL, NULL, has_3_lanes},
	{"an empty variable is none", {NULL}, {"TALLYD_LANES="}, NULL, NULL, has_no_lanes},
	{"a variable of another name is passed over", {NULL}, {"TALLYD_PORT=tcp://x"}, NULL, NULL,
		is_default},
	{"a flag beats a variable", {"--lanes", "3"}, {"TALLYD_LANES=4"}, NULL, NULL, has_3_lanes},
	{"a variable beats the file", {"--config", "FILE"}, {"TALLYD_LANES=3"}, "lanes = 4\n", NULL,
		has_3_lanes},
	{"a flag beats the file", {"--config", "FILE", "--lanes", "3"}, {NULL}, "lanes = 4\n", NULL,
		has_3_lanes},
	{"the file beats the default", {"--config", "FILE"}, {NULL}, "lanes = 3\n", NULL, has_3_lanes},
	{"a variable names the file", {NULL}, {"TALLYD_CONFIG=FILE"}, "lanes = 3\n", NULL, has_3_lanes},
	{"the file holds every kind of setting", {"--config=FILE"}, {NULL}, ALL_SETTINGS, NULL,
		has_everything},
	{"--listen adds up", {"--listen", "a:1", "--listen=unix:/b"}, {NULL}, NULL, NULL, listens_on_a_and_b},
	{"a variable lists addresses with commas", {NULL}, {"TALLYD_LISTEN=a:1,unix:/b"}, NULL, NULL,
		listens_on_a_and_b},
	{"the file lists addresses in lines", {"--config=FILE"}, {NULL}, "listen=a:1\nlisten=unix:/b", NULL,
		listens_on_a_and_b},
	{"addresses of a stronger source replace the others", {"--listen=a:1,unix:/b"}, {"TALLYD_LISTEN=c:1"},
		NULL, NULL, listens_on_a_and_b},
	{"a switch needs no value", {"--insecure", "--listen", "a:1"}, {NULL}, NULL, NULL, is_insecure},
	{"a switch can be turned off", {"--insecure=no"}, {"TALLYD_INSECURE=yes"}, NULL, NULL, is_secure},
	{"migrate is a command", {"migrate", "--database", "service=tally"}, {NULL}, NULL, NULL,
		is_migration},
	{"a command may stand last", {"--database", "service=tally", "migrate"}, {NULL}, NULL, NULL,
		is_migration},
	{"--help asks for help", {"--help"}, {NULL}, NULL, NULL, is_help},
	{"help wins over a command", {"migrate", "--help"}, {NULL}, NULL, NULL, is_help},
	{"help does not look at the file", {"--help", "--config", "/nowhere"}, {NULL}, NULL, NULL, is_help},
	{"--version asks for the version", {"--version"}, {NULL}, NULL, NULL, is_version},
	{"XDG_DATA_HOME moves the data", {NULL}, {"XDG_DATA_HOME=/xdg"}, NULL, NULL, has_xdg_data_dir},

	{"an unknown flag is told the nearest", {"--lissten", "a:1"}, {NULL}, NULL,
		"there is no flag --lissten; did you mean --listen?", NULL},
	{"an unknown flag far from all is told where they are", {"--frobnicate"}, {NULL}, NULL,
		"there is no flag --frobnicate; tallyd --help lists them", NULL},
	{"a single dash is no flag", {"-lanes"}, {NULL}, NULL, "did you mean --lanes?", NULL},
	{"an unknown command is told the nearest", {"migrat"}, {NULL}, NULL,
		"there is no command migrat; did you mean migrate?", NULL},
	{"a flag without value is refused", {"--lanes"}, {NULL}, NULL, "--lanes needs a value", NULL},
	{"an empty value is refused", {"--data-dir="}, {NULL}, NULL, "--data-dir must be given a value",
		NULL},
	{"a count below its bound is refused", {"--readers", "0"}, {NULL}, NULL, "--readers must be 1 to 64",
		NULL},
	{"a count above its bound is refused", {NULL}, {"TALLYD_LANES=65"}, NULL,
		"TALLYD_LANES must be 0 to 64", NULL},
	{"a size's bounds are told as sizes", {"--max-message", "1GiB"}, {NULL}, NULL,
		"--max-message must be 64KiB to 64MiB", NULL},
	{"a duration's bounds are told as durations", {"--follow-interval=1ms"}, {NULL}, NULL,
		"--follow-interval must be 10ms to 60s", NULL},
	{"half a second is not whole", {"--connect-timeout=1500ms"}, {NULL}, NULL,
		"--connect-timeout must be whole seconds", NULL},
	{"a word where a number belongs is refused", {"--lanes=two"}, {NULL}, NULL,
		"--lanes must be a whole number", NULL},
	{"an unknown level is refused", {"--log-level=loud"}, {NULL}, NULL,
		"--log-level must be debug, info, warning or error", NULL},
	{"an unknown format is refused", {"--log-format=xml"}, {NULL}, NULL,
		"--log-format must be logfmt or json", NULL},
	{"an address without port is refused", {"--listen=localhost"}, {NULL}, NULL,
		"--listen must be host:port", NULL},
	{"nine addresses are too many", {"--listen=a:1,a:2,a:3,a:4,a:5,a:6,a:7,a:8,a:9"}, {NULL}, NULL,
		"at most 8 addresses", NULL},
	{"an unknown key is told line and nearest", {"--config=FILE"}, {NULL}, "\n# x\nlanse = 3\n",
		":3: there is no setting lanse; did you mean lanes?", NULL},
	{"a line without = is told its number", {"--config=FILE"}, {NULL}, "lanes = 3\nlanes\n",
		":2: expected `key = value`", NULL},
	{"a wrong value in the file is told line and key", {"--config=FILE"}, {NULL}, "lanes = x\n",
		":1: lanes must be a whole number", NULL},
	{"a file that is not there is named", {"--config=/nowhere/tallyd.conf"}, {NULL}, NULL,
		"settings file /nowhere/tallyd.conf cannot be read: No such file", NULL},
};

static const char *with_path(const char *word, char *text, size_t size)
{
	const char *file = strstr(word, "FILE");
	if (!file)
		return word;
	snprintf(text, size, "%.*s%s", (int)(file - word), word, path);
	return text;
}

static void write_file(const char *content)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(content ? content : "", file) >= 0);
	assert_int_equal(fclose(file), 0);
}

static void check(void **state)
{
	const struct row *row = *state;
	char texts[2][WORDS_MAX][200];
	const char *arguments[WORDS_MAX + 2] = {"tallyd"};
	const char *environment[WORDS_MAX + 2] = {"HOME=/home/u"};
	int count = 1;
	for (size_t i = 0; row->arguments[i]; i++)
		arguments[count++] = with_path(row->arguments[i], texts[0][i], sizeof(texts[0][i]));
	for (size_t i = 0; row->environment[i]; i++)
		environment[i + 1] = with_path(row->environment[i], texts[1][i], sizeof(texts[1][i]));
	write_file(row->file);

	struct config *config = NULL;
	struct fault fault = {0};
	enum fault_code code = config_read(
		count, (char *const *)(void *)arguments, (char *const *)(void *)environment, &config, &fault);
	if (!row->refused) {
		if (code != FAULT_NONE)
			fail_msg("refused: %s", fault.message);
		row->check(config);
		config_free(config);
		return;
	}
	assert_int_equal(code, FAULT_INVALID);
	assert_string_equal(fault.reason, "USAGE");
	assert_null(config);
	if (!strstr(fault.message, row->refused))
		fail_msg("\"%s\" lacks \"%s\"", fault.message, row->refused);
}

static void help_names_every_setting(void **state)
{
	(void)state;
	static const char *const flags[] = {"--config FILE", "--listen ADDRESS", "--insecure",
		"--database URL", "--data-dir DIR", "--max-message SIZE", "--grace TIME", "(64)",
		"tallyd migrate", "--version"};
	for (size_t i = 0; i < CASES_COUNT(flags); i++) {
		if (!strstr(config_help(), flags[i]))
			fail_msg("--help lacks %s", flags[i]);
	}
	size_t length = strlen(config_help());
	assert_int_equal(config_help()[length - 1], '\n');
	for (const char *line = config_help(); *line; line += strcspn(line, "\n") + 1)
		assert_true(strcspn(line, "\n") <= 104);
}

int main(void)
{
	int descriptor = mkstemp(path);
	if (descriptor < 0)
		return 1;
	close(descriptor);
	struct CMUnitTest tests[CASES_COUNT(rows) + 1];
	size_t count = CASES_ADD(tests, 0, rows, check);
	tests[count++] = (struct CMUnitTest)cmocka_unit_test(help_names_every_setting);
	int failed = CASES_RUN_ALL(tests, count);
	unlink(path);
	return failed;
}
