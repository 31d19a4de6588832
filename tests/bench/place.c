/* Starting, watching and ending processes. Knows no gRPC and no SQL. */
#include "place.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "postgres.h"

enum {
	ARGUMENTS_MAX = 24,
	START_TRIES = 1200,
	STEP_US = 25000,
};

struct place {
	struct postgres *postgres;
	char folder[512]; /* of this program and those beside it */
	bool sockets;
	int programs; /* started so far */
};

struct program {
	pid_t pid;
	char address[128]; /* as gRPC writes it */
	struct sockaddr_storage at;
	socklen_t at_size;
};

/* ---- addresses ---- */

static int socket_of(int family)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		give_up("socket: %s", strerror(errno));
	return fd;
}

static int free_port(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(at);
	int fd = socket_of(AF_INET);
	if (bind(fd, (struct sockaddr *)&at, size) || getsockname(fd, (struct sockaddr *)&at, &size))
		give_up("no free port: %s", strerror(errno));
	close(fd);
	return ntohs(at.sin_port);
}

static void address_port(struct program *program)
{
	int port = free_port();
	struct sockaddr_in at = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	memcpy(&program->at, &at, program->at_size = sizeof(at));
	snprintf(program->address, sizeof(program->address), "127.0.0.1:%d", port);
}

static void address_socket(struct program *program, const char *folder, int number)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int length = snprintf(at.sun_path, sizeof(at.sun_path), "%s/%d.sock", folder, number);
	if (length >= (int)sizeof(at.sun_path))
		give_up("%s: the path is too long for a socket", folder);
	memcpy(&program->at, &at, program->at_size = sizeof(at));
	snprintf(program->address, sizeof(program->address), "unix:%s", at.sun_path);
}

static bool accepts(const struct program *program)
{
	int fd = socket_of(program->at.ss_family);
	bool connected = connect(fd, (const struct sockaddr *)&program->at, program->at_size) == 0;
	close(fd);
	return connected;
}

/* ---- Postgres ---- */

struct place *place_new(bool sockets)
{
	struct place *place = calloc(1, sizeof(*place));
	if (!place)
		abort();
	ssize_t length = readlink("/proc/self/exe", place->folder, sizeof(place->folder) - 1);
	if (length < 0)
		give_up("/proc/self/exe: %s", strerror(errno));
	*strrchr(place->folder, '/') = '\0';
	if (!postgres_found())
		give_up("there is no Postgres here: run deploy/packages test");
	place->sockets = sockets;
	place->postgres = postgres_new_durable(sockets ? 0 : free_port());
	return place;
}

void place_free(struct place *place)
{
	if (!place)
		return;
	postgres_free(place->postgres);
	free(place);
}

char *place_database(struct place *place)
{
	return postgres_database(place->postgres);
}

/* ---- /proc ---- */

/* Reads parent and CPU time of a process, with that of its children that ended. @return false when it has
 * gone */
static bool read_stat(pid_t pid, pid_t *parent, int64_t *cpu_us)
{
	char path[64], text[1024];
	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	FILE *file = fopen(path, "r");
	if (!file)
		return false;
	bool read = fgets(text, sizeof(text), file) != NULL;
	fclose(file);
	const char *behind_name = read ? strrchr(text, ')') : NULL;
	long user, system, user_ended, system_ended;
	int above;
	if (!behind_name ||
		sscanf(behind_name + 1, " %*c %d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld %ld %ld", &above,
			&user, &system, &user_ended, &system_ended) != 5)
		return false;
	*parent = above;
	*cpu_us = (int64_t)(user + system + user_ended + system_ended) * 1000000 / sysconf(_SC_CLK_TCK);
	return true;
}

/* Finer than the ticks of /proc. */
int64_t program_cpu_us(const struct program *program)
{
	clockid_t clock;
	struct timespec used = {0};
	if (clock_getcpuclockid(program->pid, &clock) || clock_gettime(clock, &used))
		give_up("process %d has no CPU time: it has ended", (int)program->pid);
	return used.tv_sec * INT64_C(1000000) + used.tv_nsec / 1000;
}

static int64_t database_cpu_us(const struct place *place)
{
	pid_t postmaster = postgres_pid(place->postgres);
	int64_t sum_us = 0;
	DIR *processes = opendir("/proc");
	for (struct dirent *entry; processes && (entry = readdir(processes));) {
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10), parent;
		int64_t cpu_us;
		if (pid > 0 && read_stat(pid, &parent, &cpu_us) &&
			(parent == postmaster || pid == postmaster))
			sum_us += cpu_us;
	}
	if (processes)
		closedir(processes);
	return sum_us;
}

int64_t place_cpu_us(const struct place *place, const struct program *server)
{
	struct timespec own;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &own);
	return own.tv_sec * INT64_C(1000000) + own.tv_nsec / 1000 + database_cpu_us(place) +
	       (server ? program_cpu_us(server) : 0);
}

int64_t program_memory_bytes(const struct program *program)
{
	char path[64], line[256];
	long kib = 0;
	snprintf(path, sizeof(path), "/proc/%d/status", (int)program->pid);
	FILE *file = fopen(path, "r");
	while (file && fgets(line, sizeof(line), file) && sscanf(line, "VmRSS: %ld kB", &kib) != 1)
		;
	if (file)
		fclose(file);
	return (int64_t)kib * 1024;
}

/* ---- programs ---- */

/* Runs in the child, between fork and exec: only what is safe there. */
__attribute__((noreturn)) static void become(pid_t parent, char *const *arguments)
{
	if (prctl(PR_SET_PDEATHSIG, SIGTERM) || getppid() != parent)
		_exit(97);
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	dup2(2, 1); /* the table is the only thing on our standard output */
	execv(arguments[0], arguments);
	_exit(95);
}

static void wait_until_up(struct program *program, const char *name)
{
	for (int i = 0; i < START_TRIES; i++) {
		if (accepts(program))
			return;
		if (waitpid(program->pid, NULL, WNOHANG) == program->pid)
			give_up("%s ended at once", name);
		usleep(STEP_US);
	}
	give_up("%s does not accept connections", name);
}

struct program *place_start(struct place *place, const char *name, const char *const *arguments)
{
	struct program *program = calloc(1, sizeof(*program));
	if (!program)
		abort();
	char path[600];
	snprintf(path, sizeof(path), "%s/%s", place->folder, name);
	if (place->sockets)
		address_socket(program, postgres_folder(place->postgres), ++place->programs);
	else
		address_port(program);
	const char *all[ARGUMENTS_MAX] = {path, "--listen", program->address};
	for (size_t i = 3; arguments && *arguments && i + 1 < ARGUMENTS_MAX; i++)
		all[i] = *arguments++;
	pid_t parent = getpid();
	program->pid = fork();
	if (program->pid < 0)
		give_up("fork: %s", strerror(errno));
	if (program->pid == 0)
		become(parent, (char *const *)(uintptr_t)all);
	wait_until_up(program, name);
	return program;
}

struct program *place_tallyd(struct place *place, const char *database)
{
	const char *const arguments[] = {"--database", database, "--log-level", "warning", "--max-streams",
		"20000", "--max-streams-per-connection", "2000", NULL};
	return place_start(place, "tallyd", arguments);
}

struct program *place_small_tallyd(struct place *place, const char *database, const char *size)
{
	const char *const arguments[] = {"--database", database, "--log-level", "warning", "--view-memory",
		size, "--ring-memory", size, NULL};
	return place_start(place, "tallyd", arguments);
}

const char *program_address(const struct program *program)
{
	return program->address;
}

void program_stop(struct program *program)
{
	if (!program)
		return;
	kill(program->pid, SIGTERM);
	while (waitpid(program->pid, NULL, 0) < 0 && errno == EINTR)
		;
	free(program);
}
