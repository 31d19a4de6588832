/*
 * The life of the embedded Postgres: an old one of a killed tallyd is waited
 * for or stopped, ours is started, and stopped with us.
 */
#include "store/embedded.h"

#include <errno.h>
#include <libpq-fe.h>
#include <signal.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "store/embedded_parts.h"

enum {
	START_TRIES = 20,
	PAUSE_US = 500000,
	POLL_MS = 20,
	FAST_MS = 60000, /* a fast shutdown writes everything down first */
	QUICK_MS = 10000,
	TELL_US = 10000000,
};

/* ---- the one before ---- */

/* The process that the cluster's pid file names, 0 when there is no such process or it is another program. */
static pid_t old_server(const struct store_embedded *embedded, bool *stale)
{
	char path[EMBEDDED_PATH_SIZE + 32], line[32] = "", link[64], folder[EMBEDDED_PATH_SIZE];
	snprintf(path, sizeof(path), "%s/postmaster.pid", embedded->cluster);
	FILE *file = fopen(path, "re");
	if (!file)
		return 0;
	if (!fgets(line, sizeof(line), file))
		line[0] = '\0';
	fclose(file);
	long pid = strtol(line, NULL, 10);
	snprintf(link, sizeof(link), "/proc/%ld/cwd", pid);
	ssize_t size = pid > 0 ? readlink(link, folder, sizeof(folder) - 1) : -1;
	folder[size > 0 ? size : 0] = '\0';
	*stale = strcmp(folder, embedded->cluster) != 0; /* a server works in its cluster */
	return *stale ? 0 : (pid_t)pid;
}

static bool is_gone(const struct store_embedded *embedded, int timeout_ms)
{
	int64_t until_us = clock_steady_us() + (int64_t)timeout_ms * 1000;
	bool stale;
	while (old_server(embedded, &stale)) {
		if (clock_steady_us() >= until_us)
			return false;
		usleep(POLL_MS * 1000);
	}
	return true;
}

/* Nobody else has the folder's lock, so a server that still runs was left behind by a tallyd that was killed.
 */
static enum fault_code end_old_server(const struct store_embedded *embedded, struct fault *fault)
{
	char path[EMBEDDED_PATH_SIZE + 32];
	bool stale = false;
	pid_t pid = old_server(embedded, &stale);
	if (stale) {
		/* Its number may be that of another program by now, which Postgres would take for a server.
		 */
		snprintf(path, sizeof(path), "%s/postmaster.pid", embedded->cluster);
		unlink(path);
	}
	if (!pid)
		return FAULT_NONE;
	log_info("waiting for the database of an earlier tallyd to stop", log_number("process", pid));
	kill(pid, SIGINT);
	if (is_gone(embedded, FAST_MS))
		return FAULT_NONE;
	kill(pid, SIGQUIT);
	if (is_gone(embedded, QUICK_MS))
		return FAULT_NONE;
	return embedded_trouble(
		fault, "process %ld, the server of an earlier tallyd, does not stop", (long)pid);
}

/* ---- ours ---- */

static bool start_server(struct store_embedded *embedded)
{
	char program[EMBEDDED_PATH_SIZE + 16], socket[EMBEDDED_PATH_SIZE + 32];
	snprintf(program, sizeof(program), "%s/postgres", embedded->programs);
	snprintf(socket, sizeof(socket), "unix_socket_directories=%s", embedded->socket);
	const char *const arguments[] = {program, "-D", embedded->cluster, "-c", socket, "-c",
		"unix_socket_permissions=0700", "-c", "listen_addresses=", "-c", "port=5432", "-c",
		"fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on", "-c",
		"logging_collector=off", "-c", "log_destination=stderr", NULL};
	const struct process process = {&embedded->user, arguments, embedded->log, SIGINT};
	pid_t pid = process_start(&process);
	embedded->pid = pid > 0 ? pid : 0;
	return pid > 0;
}

/* Waits until the server takes connections; recovering may take its time. @return false when it ended */
static bool await_server(struct store_embedded *embedded)
{
	int64_t tell_us = clock_steady_us() + TELL_US;
	while (PQping(embedded->url) != PQPING_OK) {
		if (process_ended(embedded->pid, POLL_MS)) {
			embedded->pid = 0;
			return false;
		}
		if (clock_steady_us() >= tell_us) {
			log_info("waiting for the embedded database", log_number("process", embedded->pid));
			tell_us += TELL_US;
		}
	}
	return true;
}

/* After a crash processes of the old server may live for a moment; it does not start beside them. */
static bool is_passing(const char *reason)
{
	return strstr(reason, "shared memory") || strstr(reason, "lock file");
}

static enum fault_code run_server(struct store_embedded *embedded, struct fault *fault)
{
	char reason[300] = "";
	for (int i = 0; i < START_TRIES; i++) {
		off_t from = embedded_log_size(embedded);
		if (!start_server(embedded))
			return embedded_trouble(fault, "%s", strerror(errno));
		if (await_server(embedded))
			return FAULT_NONE;
		embedded_log_reason(embedded, from, reason, sizeof(reason));
		if (!is_passing(reason))
			break;
		usleep(PAUSE_US);
	}
	return embedded_trouble(fault, "%s (%s/postgres.log has more)",
		reason[0] ? reason : "postgres ended without a word", embedded->folder);
}

enum fault_code store_embedded_start(
	const char *data_dir, struct store_embedded **embedded, struct fault *fault)
{
	struct store_embedded *made = calloc(1, sizeof(*made));
	if (!made)
		abort();
	made->lock = made->log = -1;
	enum fault_code code = embedded_prepare(made, data_dir, fault);
	if (code == FAULT_NONE)
		code = embedded_make_cluster(made, fault);
	if (code == FAULT_NONE)
		code = end_old_server(made, fault);
	if (code == FAULT_NONE)
		code = run_server(made, fault);
	if (code != FAULT_NONE) {
		store_embedded_stop(made);
		return code;
	}
	log_info("the embedded database runs", log_text("folder", made->folder),
		log_number("process", made->pid));
	*embedded = made;
	return FAULT_NONE;
}

bool store_embedded_ended(struct store_embedded *embedded)
{
	if (embedded->pid && process_ended(embedded->pid, 0))
		embedded->pid = 0;
	return embedded->pid == 0;
}

const char *store_embedded_url(const struct store_embedded *embedded)
{
	return embedded->url;
}

static void stop_server(struct store_embedded *embedded)
{
	static const struct {
		int signal;
		int timeout_ms;
	} ways[] = {{SIGINT, FAST_MS}, {SIGQUIT, QUICK_MS}, {SIGKILL, QUICK_MS}};
	bool ended = embedded->pid == 0;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]) && !ended; i++) {
		kill(embedded->pid, ways[i].signal);
		ended = process_ended(embedded->pid, ways[i].timeout_ms);
	}
}

void store_embedded_stop(struct store_embedded *embedded)
{
	if (!embedded)
		return;
	stop_server(embedded);
	if (embedded->socket_elsewhere && embedded->socket[0])
		rmdir(embedded->socket);
	if (embedded->log >= 0)
		close(embedded->log);
	if (embedded->lock >= 0)
		close(embedded->lock); /* last: from now on another may come */
	free(embedded);
}
