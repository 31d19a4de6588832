/*
 * Starts and stops a private Postgres for tests. It uses processes and files
 * only, no libpq, so that any room's tests may have it.
 */
#include "postgres.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct postgres {
	char folder[64];
	char data[96];
	char log[96];
	char url[256];
	char host[80]; /* the folder, for the Unix socket there, or the loopback's address */
	int port;
	pid_t pid; /* 0: not running */
	int databases;
	const char *const *settings; /* for the command line; NULL-terminated */
};

enum {
	PORT = 5432, /* names the Unix socket too */
	START_TRIES = 1200,
	STEP_US = 50000,
};

__attribute__((noreturn, format(printf, 1, 2))) static void give_up(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs("postgres for tests: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	exit(99);
}

static bool has_programs(const char *folder)
{
	char path[512];
	snprintf(path, sizeof(path), "%s/initdb", folder);
	return folder[0] && access(path, X_OK) == 0;
}

static void programs_of_config(char *folder, size_t size)
{
	FILE *pipe = popen("pg_config --bindir 2>/dev/null", "r");
	if (!pipe || !fgets(folder, (int)size, pipe))
		folder[0] = '\0';
	if (pipe)
		pclose(pipe);
	folder[strcspn(folder, "\n")] = '\0';
}

const char *postgres_programs(void)
{
	static char folder[256];
	if (folder[0])
		return folder;
	programs_of_config(folder, sizeof(folder));
	if (has_programs(folder))
		return folder;
	folder[0] = '\0';
	glob_t found = {0};
	if (glob("/usr/lib/postgresql/*/bin", 0, NULL, &found) == 0)
		for (size_t i = found.gl_pathc; i-- > 0 && !folder[0];)
			if (has_programs(found.gl_pathv[i]))
				snprintf(folder, sizeof(folder), "%s", found.gl_pathv[i]);
	globfree(&found);
	return folder;
}

bool postgres_found(void)
{
	return postgres_programs()[0] != '\0';
}

static const struct passwd *server_user(void)
{
	if (geteuid() != 0)
		return NULL;
	const struct passwd *user = getpwnam("postgres");
	if (!user)
		give_up("there is no user postgres, and Postgres refuses to run as root");
	return user;
}

/* Runs in the child: becomes the server's user and then the program. */
__attribute__((noreturn)) static void become(
	const struct passwd *user, pid_t parent, bool dies, int log, const char *const *arguments)
{
	if (user && (setgroups(0, NULL) || setgid(user->pw_gid) || setuid(user->pw_uid)))
		_exit(98);
	if (dies && (prctl(PR_SET_PDEATHSIG, SIGQUIT) || getppid() != parent))
		_exit(97);
	setsid();
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	int null = open("/dev/null", O_RDONLY);
	dup2(null, 0);
	dup2(log, 1);
	dup2(log, 2);
	close_range(3, ~0U, 0);
	if (chdir("/"))
		_exit(96);
	execv(arguments[0], (char *const *)(uintptr_t)arguments);
	_exit(95);
}

static pid_t start_program(const struct postgres *postgres, bool dies, const char *const *arguments)
{
	const struct passwd *user = server_user();
	int log = open(postgres->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (log < 0)
		give_up("%s: %s", postgres->log, strerror(errno));
	pid_t parent = getpid();
	pid_t pid = fork();
	if (pid == 0)
		become(user, parent, dies, log, arguments);
	close(log);
	if (pid < 0)
		give_up("fork: %s", strerror(errno));
	return pid;
}

static void show_log(const struct postgres *postgres)
{
	FILE *file = fopen(postgres->log, "r");
	for (int c; file && (c = fgetc(file)) != EOF;)
		fputc(c, stderr);
	if (file)
		fclose(file);
}

static void run_program(const struct postgres *postgres, const char *const *arguments)
{
	int status = 0;
	pid_t pid = start_program(postgres, false, arguments);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (status != 0) {
		show_log(postgres);
		give_up("%s failed", arguments[0]);
	}
}

/* The server writes `ready` into the eighth line of its pid file. */
static bool is_ready(const struct postgres *postgres)
{
	char path[128], line[1100];
	snprintf(path, sizeof(path), "%s/postmaster.pid", postgres->data);
	FILE *file = fopen(path, "r");
	if (!file)
		return false;
	int number = 0;
	bool mine = false, ready = false;
	while (fgets(line, sizeof(line), file)) {
		number++;
		if (number == 1)
			mine = strtol(line, NULL, 10) == postgres->pid;
		if (number == 8)
			ready = strncmp(line, "ready", 5) == 0;
	}
	fclose(file);
	return mine && ready;
}

static const char *const passing[] = {
	"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "shared_buffers=32MB", NULL};

/* As tallyd sets up its own one where there is memory enough. */
static const char *const durable[] = {"-c", "fsync=on", "-c", "synchronous_commit=on", "-c",
	"full_page_writes=on", "-c", "shared_buffers=256MB", "-c", "max_wal_size=2GB", "-c",
	"track_commit_timestamp=on", NULL};

static bool start_once(struct postgres *postgres)
{
	char program[300], socket[128], addresses[128], port[16];
	snprintf(program, sizeof(program), "%s/postgres", postgres_programs());
	snprintf(socket, sizeof(socket), "unix_socket_directories=%s", postgres->folder);
	snprintf(addresses, sizeof(addresses), "listen_addresses=%s",
		postgres->host[0] == '/' ? "" : postgres->host);
	snprintf(port, sizeof(port), "port=%d", postgres->port);
	const char *arguments[32] = {program, "-D", postgres->data, "-c", socket, "-c", addresses, "-c", port,
		"-c", "max_connections=60", "-c", "log_checkpoints=off", "-c",
		"unix_socket_permissions=0777"};
	size_t count = 0;
	while (arguments[count])
		count++;
	for (const char *const *setting = postgres->settings; *setting; setting++)
		arguments[count++] = *setting;
	postgres->pid = start_program(postgres, true, arguments);
	for (int i = 0; i < START_TRIES; i++) {
		if (is_ready(postgres))
			return true;
		if (waitpid(postgres->pid, NULL, WNOHANG) == postgres->pid)
			break;
		usleep(STEP_US);
	}
	postgres->pid = 0;
	return false;
}

void postgres_start(struct postgres *postgres)
{
	/* After a kill, processes of the old server may take a moment to notice. */
	for (int i = 0; i < 10; i++) {
		if (start_once(postgres))
			return;
		usleep(500000);
	}
	show_log(postgres);
	give_up("the server does not start");
}

static void end(struct postgres *postgres, int signal)
{
	if (!postgres->pid)
		return;
	kill(postgres->pid, signal);
	while (waitpid(postgres->pid, NULL, 0) < 0 && errno == EINTR)
		;
	postgres->pid = 0;
}

void postgres_stop(struct postgres *postgres)
{
	end(postgres, SIGINT);
}

void postgres_kill(struct postgres *postgres)
{
	/* SIGQUIT: no checkpoint, no farewell to the data; unlike SIGKILL it takes the server's children
	 * along. */
	end(postgres, SIGQUIT);
}

const char *postgres_folder(const struct postgres *postgres)
{
	return postgres->folder;
}

pid_t postgres_pid(const struct postgres *postgres)
{
	return postgres->pid;
}

const char *postgres_url(const struct postgres *postgres)
{
	return postgres->url;
}

char *postgres_database(struct postgres *postgres)
{
	char program[300], name[32], port[16], *url = NULL;
	snprintf(program, sizeof(program), "%s/createdb", postgres_programs());
	snprintf(name, sizeof(name), "test_%d", ++postgres->databases);
	snprintf(port, sizeof(port), "%d", postgres->port);
	const char *const arguments[] = {
		program, "-h", postgres->host, "-p", port, "-U", "tally", name, NULL};
	run_program(postgres, arguments);
	if (asprintf(&url, "postgresql:///%s?host=%s&port=%d&user=tally", name, postgres->host,
		    postgres->port) < 0)
		abort();
	return url;
}

static struct postgres *make(const char *const *settings, int port)
{
	if (!postgres_found())
		give_up("no initdb with pg_config --bindir or below /usr/lib/postgresql");
	struct postgres *postgres = calloc(1, sizeof(*postgres));
	if (!postgres)
		abort();
	postgres->settings = settings;
	snprintf(postgres->folder, sizeof(postgres->folder), "/tmp/tally-test-XXXXXX");
	if (!mkdtemp(postgres->folder))
		give_up("%s: %s", postgres->folder, strerror(errno));
	snprintf(postgres->data, sizeof(postgres->data), "%s/data", postgres->folder);
	snprintf(postgres->log, sizeof(postgres->log), "%s/log", postgres->folder);
	snprintf(postgres->host, sizeof(postgres->host), "%s", port ? "127.0.0.1" : postgres->folder);
	postgres->port = port ? port : PORT;
	snprintf(postgres->url, sizeof(postgres->url), "postgresql:///postgres?host=%s&port=%d&user=tally",
		postgres->host, postgres->port);
	const struct passwd *user = server_user();
	if (user && chown(postgres->folder, user->pw_uid, user->pw_gid))
		give_up("%s: %s", postgres->folder, strerror(errno));
	char program[300];
	snprintf(program, sizeof(program), "%s/initdb", postgres_programs());
	const char *const arguments[] = {program, "-D", postgres->data, "-U", "tally", "-A", "trust", "-E",
		"UTF8", "--locale=C", "--no-sync", "--no-instructions", NULL};
	run_program(postgres, arguments);
	postgres_start(postgres);
	return postgres;
}

struct postgres *postgres_new(void)
{
	return make(passing, 0);
}

struct postgres *postgres_new_durable(int port)
{
	return make(durable, port);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status, (void)type, (void)walk;
	return remove(path);
}

void postgres_free(struct postgres *postgres)
{
	if (!postgres)
		return;
	postgres_kill(postgres);
	nftw(postgres->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	free(postgres);
}
