/* The embedded Postgres: started, stopped, killed and found again. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fixture.h"

#include "base/clock.h"
#include "store/embedded.h"

struct house {
	char folder[200]; /* holds the data folder */
	char data[400];
};

__attribute__((format(printf, 1, 2))) static void shell(const char *format, ...)
{
	char command[2000];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(command, sizeof(command), format, arguments);
	va_end(arguments);
	assert_int_equal(system(command), 0);
}

/* Making a cluster takes longest: most houses get a copy of this one. */
static struct house made;

static void house_open(struct house *house)
{
	snprintf(house->folder, sizeof(house->folder), "/tmp/tally-embedded-XXXXXX");
	assert_non_null(mkdtemp(house->folder));
	assert_int_equal(chmod(house->folder, 0711), 0);
	snprintf(house->data, sizeof(house->data), "%s/var/tally data", house->folder);
	if (made.folder[0])
		shell("mkdir -p '%s' && cp -a '%s/postgres' '%s'", house->data, made.data, house->data);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status, (void)type, (void)walk;
	return remove(path);
}

static void house_close(struct house *house)
{
	nftw(house->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static struct store_embedded *start(const char *data)
{
	struct store_embedded *embedded = NULL;
	struct fault fault;
	expect_fault(FAULT_NONE, store_embedded_start(data, &embedded, &fault), &fault);
	return embedded;
}

static void expect_trouble(const char *data, const char *word)
{
	struct store_embedded *embedded = NULL;
	struct fault fault;
	expect_fault(FAULT_UNAVAILABLE, store_embedded_start(data, &embedded, &fault), &fault);
	assert_string_equal(fault.reason, "EMBEDDED_DATABASE");
	if (!strstr(fault.message, word))
		fail_msg("no \"%s\" in: %s", word, fault.message);
	assert_null(embedded);
}

static struct store_options options_of(const char *url)
{
	return (struct store_options){.url = url,
		.connect_timeout_s = 5,
		.statement_timeout_ms = 10000,
		.lock_timeout_ms = 5000,
		.application_name = "tally test"};
}

/* Writes the next revision of a system. */
static void write_revision(const char *url, int64_t revision)
{
	struct store_options options = options_of(url);
	struct arena *arena = arena_new();
	struct fault fault;
	expect_fault(FAULT_NONE, store_migrate(&options, PARTITIONS, NULL, &fault), &fault);
	struct store *store = store_new(&options);
	struct draft *draft = draft_new(arena);
	draft_push(draft, "fraud", revision);
	draft_keep(draft, store);
	store_free(store);
	arena_free(arena);
}

static pid_t postmaster(const struct house *house)
{
	char path[500], line[32] = "";
	snprintf(path, sizeof(path), "%s/postgres/postmaster.pid", house->data);
	FILE *file = fopen(path, "r");
	if (file && !fgets(line, sizeof(line), file))
		line[0] = '\0';
	if (file)
		fclose(file);
	return (pid_t)strtol(line, NULL, 10);
}

static bool ends_within(pid_t pid, int seconds)
{
	int64_t until_us = clock_steady_us() + (int64_t)seconds * 1000000;
	while (kill(pid, 0) == 0) {
		if (clock_steady_us() > until_us)
			return false;
		usleep(20000);
	}
	return true;
}

static void expect_mode(const struct house *house, const char *name, mode_t mode)
{
	char path[500];
	struct stat status;
	snprintf(path, sizeof(path), "%s/%s", house->data, name);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 0777, mode);
}

static void it_makes_its_cluster(struct house *house)
{
	struct house fresh;
	(void)house;
	house_open(&fresh);
	store_embedded_stop(start(fresh.data));
	made = fresh;
}

static void it_starts_stops_and_starts_again(struct house *house)
{
	struct store_embedded *embedded = start(house->data);
	pid_t pid = postmaster(house);
	write_revision(store_embedded_url(embedded), 1);
	expect_mode(house, "postgres", 0700);
	expect_mode(house, "socket", 0700);
	expect_mode(house, "postgres.log", 0600);
	store_embedded_stop(embedded);
	assert_true(ends_within(pid, 0));
	embedded = start(house->data);
	write_revision(store_embedded_url(embedded), 2);
	store_embedded_stop(embedded);
}

static int64_t shown(const char *url, const char *setting)
{
	char sql[200];
	snprintf(sql, sizeof(sql), "SELECT (setting = 'on')::integer FROM pg_settings WHERE name = '%s'",
		setting);
	PGconn *pg = PQconnectdb(url);
	PGresult *result = PQexec(pg, sql);
	int64_t on = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
	PQclear(result);
	PQfinish(pg);
	return on;
}

static void it_is_durable(struct house *house)
{
	static const char *const settings[] = {
		"fsync", "synchronous_commit", "full_page_writes", "data_checksums"};
	struct store_embedded *embedded = start(house->data);
	for (size_t i = 0; i < CASES_COUNT(settings); i++)
		if (!shown(store_embedded_url(embedded), settings[i]))
			fail_msg("%s is off", settings[i]);
	store_embedded_stop(embedded);
}

static void a_second_one_is_kept_out(struct house *house)
{
	struct store_embedded *embedded = start(house->data);
	expect_trouble(house->data, "another tallyd (process ");
	write_revision(store_embedded_url(embedded), 1);
	store_embedded_stop(embedded);
	store_embedded_stop(start(house->data));
}

/* A tallyd: starts, commits one revision, says so, and waits. */
static pid_t other_tallyd(const struct house *house, int64_t revision)
{
	int ends[2];
	char said = 0;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	pid_t pid = fork();
	if (pid == 0) {
		struct store_embedded *embedded = NULL;
		struct fault fault;
		if (store_embedded_start(house->data, &embedded, &fault) != FAULT_NONE)
			_exit(1);
		write_revision(store_embedded_url(embedded), revision);
		if (write(ends[1], "x", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &said, 1), 1);
	close(ends[0]);
	return pid;
}

static void kill_tallyd(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void the_server_ends_with_a_tallyd_that_is_killed(struct house *house)
{
	pid_t tallyd = other_tallyd(house, 1);
	pid_t server = postmaster(house);
	assert_int_equal(kill(server, 0), 0);
	kill_tallyd(tallyd);
	assert_true(ends_within(server, 20));
	struct store_embedded *embedded = start(house->data);
	write_revision(store_embedded_url(embedded), 2);
	store_embedded_stop(embedded);
}

static void the_next_tallyd_waits_for_the_old_server(struct house *house)
{
	for (int64_t revision = 1; revision <= 3; revision++)
		kill_tallyd(other_tallyd(house, revision));
	struct store_embedded *embedded = start(house->data);
	write_revision(store_embedded_url(embedded), 4);
	store_embedded_stop(embedded);
}

/* As if the machine had lost power: both are gone at once, and the pid file stays. */
static void a_crash_of_both_is_recovered(struct house *house)
{
	pid_t tallyd = other_tallyd(house, 1);
	pid_t server = postmaster(house);
	kill(server, SIGKILL);
	kill_tallyd(tallyd);
	struct store_embedded *embedded = start(house->data);
	write_revision(store_embedded_url(embedded), 2);
	store_embedded_stop(embedded);
}

static void a_pid_file_of_another_program_does_not_matter(struct house *house)
{
	char path[500];
	store_embedded_stop(start(house->data));
	snprintf(path, sizeof(path), "%s/postgres/postmaster.pid", house->data);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fprintf(file, "%ld\n%s/postgres\n", (long)getpid(), house->data);
	fclose(file);
	store_embedded_stop(start(house->data));
}

static void what_a_broken_first_start_left_is_made_again(struct house *house)
{
	store_embedded_stop(start(house->data));
	shell("mv '%s/postgres' '%s/postgres.new'", house->data, house->data);
	store_embedded_stop(start(house->data));
	expect_mode(house, "postgres", 0700);
}

static void a_long_path_has_its_socket_elsewhere(struct house *house)
{
	char data[400];
	snprintf(data, sizeof(data), "%s/%0120d", house->folder, 1);
	struct store_embedded *embedded = start(data);
	assert_null(strstr(store_embedded_url(embedded), "00000000"));
	write_revision(store_embedded_url(embedded), 1);
	store_embedded_stop(embedded);
}

static void a_folder_that_postgres_may_not_enter_is_named(struct house *house)
{
	if (geteuid() != 0)
		skip(); /* only root has another user */
	assert_int_equal(chmod(house->folder, 0700), 0);
	expect_trouble(house->data, "chmod o+x /tmp/tally-embedded-");
	assert_int_equal(chmod(house->folder, 0711), 0);
	store_embedded_stop(start(house->data));
}

static void a_folder_that_cannot_be_made_is_named(struct house *house)
{
	(void)house;
	expect_trouble("/proc/tally", "/proc/tally cannot be made");
	expect_trouble("", "empty");
}

static void another_major_version_is_named(struct house *house)
{
	store_embedded_stop(start(house->data));
	shell("echo 8 > '%s/postgres/PG_VERSION'", house->data);
	expect_trouble(house->data, "postgresql-8");
}

static void what_postgres_complains_about_is_told(struct house *house)
{
	store_embedded_stop(start(house->data));
	shell("echo 'no_such_setting = 1' >> '%s/postgres/postgresql.conf'", house->data);
	expect_trouble(house->data, "postgres.log has more");
}

struct plain {
	const char *name;
	void (*run)(struct house *house);
};

static const struct plain plains[] = {
	{"it makes its cluster at the first start", it_makes_its_cluster},
	{"it starts, stops and starts again with its data", it_starts_stops_and_starts_again},
	{"it is durable and has checksums", it_is_durable},
	{"a second one on the same folder is kept out", a_second_one_is_kept_out},
	{"the server ends with a tallyd that is killed", the_server_ends_with_a_tallyd_that_is_killed},
	{"the next tallyd waits for the server of one that was killed",
		the_next_tallyd_waits_for_the_old_server},
	{"a crash of both is recovered", a_crash_of_both_is_recovered},
	{"a pid file that names another program does not matter",
		a_pid_file_of_another_program_does_not_matter},
	{"what a broken first start left is made again", what_a_broken_first_start_left_is_made_again},
	{"a folder with a long path has its socket elsewhere", a_long_path_has_its_socket_elsewhere},
	{"a folder that the server's user may not enter is named",
		a_folder_that_postgres_may_not_enter_is_named},
	{"a folder that cannot be made is named", a_folder_that_cannot_be_made_is_named},
	{"the package of another major version is named", another_major_version_is_named},
	{"what Postgres complains about is told", what_postgres_complains_about_is_told},
};

static void run(void **state)
{
	const struct plain *plain = *state;
	struct house house;
	house_open(&house);
	plain->run(&house);
	house_close(&house);
}

int main(void)
{
	int failed = CASES_RUN(plains, run);
	if (made.folder[0])
		house_close(&made);
	return fixture_end(failed);
}
