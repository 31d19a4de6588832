/*
 * The data folder of the embedded Postgres: who may use it, where its socket
 * is, which programs fit it, and making a cluster in it. The cluster is made
 * beside its place and renamed, so that there is a whole one or none.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "store/embedded_parts.h"

enum {
	LOG_SIZE_MAX = 16 * 1024 * 1024,
	LOG_TAIL_SIZE = 8192,
	SHARED_BUFFERS_MAX_MB = 256,
	SHARED_BUFFERS_MIN_MB = 32,
};

#define SOCKET_FILE "/.s.PGSQL.5432" /* below the socket's folder */

enum fault_code embedded_trouble(struct fault *fault, const char *format, ...)
{
	char text[600];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return fault_set(fault, FAULT_UNAVAILABLE, "EMBEDDED_DATABASE",
		"the embedded database does not start: %s", text);
}

__attribute__((format(printf, 3, 4))) static void print_path(char *path, size_t size, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(path, size, format, arguments);
	va_end(arguments);
}

/* ---- the folder ---- */

static enum fault_code make_folder(struct store_embedded *embedded, const char *data_dir, struct fault *fault)
{
	char path[PATH_MAX], absolute[PATH_MAX];
	if (!data_dir[0] || strlen(data_dir) >= sizeof(path) - 32)
		return embedded_trouble(fault, "the data folder's path is empty or too long");
	snprintf(path, sizeof(path), "%s", data_dir);
	for (char *at = path + 1; *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		mkdir(path, 0755); /* whether it is there is seen in the end */
		*at = '/';
	}
	/* 0711: the server's user has to come through, nobody needs to look in. */
	if (mkdir(path, 0711) && errno != EEXIST)
		return embedded_trouble(fault, "%s cannot be made: %s", path, strerror(errno));
	if (!realpath(path, absolute))
		return embedded_trouble(fault, "%s cannot be used: %s", path, strerror(errno));
	print_path(embedded->folder, sizeof(embedded->folder), "%s", absolute);
	print_path(embedded->cluster, sizeof(embedded->cluster), "%s/postgres", absolute);
	return FAULT_NONE;
}

static enum fault_code lock_folder(struct store_embedded *embedded, struct fault *fault)
{
	char path[EMBEDDED_PATH_SIZE + 16], holder[16] = "";
	print_path(path, sizeof(path), "%s/tallyd.lock", embedded->folder);
	embedded->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (embedded->lock < 0)
		return embedded_trouble(fault, "%s cannot be opened: %s", path, strerror(errno));
	if (flock(embedded->lock, LOCK_EX | LOCK_NB)) {
		ssize_t size = pread(embedded->lock, holder, sizeof(holder) - 1, 0);
		holder[size > 0 ? strcspn(holder, "\n") : 0] = '\0';
		return embedded_trouble(fault,
			"another tallyd (process %s) uses %s; stop it or choose another data folder", holder,
			embedded->folder);
	}
	int length = snprintf(holder, sizeof(holder), "%ld\n", (long)getpid());
	if (ftruncate(embedded->lock, 0) || pwrite(embedded->lock, holder, (size_t)length, 0) != length)
		return embedded_trouble(fault, "%s cannot be written: %s", path, strerror(errno));
	return FAULT_NONE;
}

static enum fault_code open_log(struct store_embedded *embedded, struct fault *fault)
{
	char path[EMBEDDED_PATH_SIZE + 16], old[EMBEDDED_PATH_SIZE + 16];
	struct stat status;
	print_path(path, sizeof(path), "%s/postgres.log", embedded->folder);
	print_path(old, sizeof(old), "%s/postgres.log.1", embedded->folder);
	if (stat(path, &status) == 0 && status.st_size > LOG_SIZE_MAX)
		rename(path, old);
	embedded->log = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (embedded->log < 0)
		return embedded_trouble(fault, "%s cannot be opened: %s", path, strerror(errno));
	return FAULT_NONE;
}

off_t embedded_log_size(const struct store_embedded *embedded)
{
	struct stat status;
	return fstat(embedded->log, &status) == 0 ? status.st_size : 0;
}

const char *embedded_log_reason(const struct store_embedded *embedded, off_t from, char *text, size_t size)
{
	char tail[LOG_TAIL_SIZE];
	off_t end = embedded_log_size(embedded);
	if (end - from > LOG_TAIL_SIZE - 1)
		from = end - (LOG_TAIL_SIZE - 1);
	ssize_t got = pread(embedded->log, tail, LOG_TAIL_SIZE - 1, from);
	tail[got > 0 ? got : 0] = '\0';
	const char *best = tail;
	for (const char *line = tail; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
		size_t length = strcspn(line, "\n");
		bool grave = memmem(line, length, "FATAL:", 6) || memmem(line, length, "PANIC:", 6) ||
			     memmem(line, length, "error:", 6);
		if (grave)
			best = line;
	}
	snprintf(text, size, "%.*s", (int)strcspn(best, "\n"), best);
	return text;
}

/* ---- the user ---- */

static bool may_enter(const struct stat *status, const struct process_user *user)
{
	if (status->st_uid == user->uid)
		return status->st_mode & S_IXUSR;
	if (status->st_gid == user->gid)
		return status->st_mode & S_IXGRP;
	return status->st_mode & S_IXOTH;
}

/* Every folder on the way has to let the server's user through. */
static enum fault_code check_way(const struct store_embedded *embedded, struct fault *fault)
{
	char path[EMBEDDED_PATH_SIZE];
	struct stat status;
	print_path(path, sizeof(path), "%s/", embedded->folder);
	for (char *at = strchr(path + 1, '/'); at; at = strchr(at + 1, '/')) {
		*at = '\0';
		if (stat(path, &status) == 0 && !may_enter(&status, &embedded->user))
			return embedded_trouble(fault,
				"Postgres does not run as root, and its user postgres may not enter %s; "
				"run chmod o+x %s or choose another data folder",
				path, path);
		*at = '/';
	}
	return FAULT_NONE;
}

static enum fault_code choose_user(struct store_embedded *embedded, struct fault *fault)
{
	embedded->user = (struct process_user){false, geteuid(), getegid()};
	if (embedded->user.uid != 0)
		return FAULT_NONE;
	const struct passwd *user = getpwnam("postgres");
	if (!user)
		return embedded_trouble(fault,
			"Postgres does not run as root, and there is no user postgres; "
			"install the package postgresql, or run tallyd as another user");
	embedded->user = (struct process_user){true, user->pw_uid, user->pw_gid};
	return check_way(embedded, fault);
}

/* A folder that only the server's user may enter. One that is there already must be its own. */
static enum fault_code make_private(
	const struct store_embedded *embedded, const char *path, struct fault *fault)
{
	struct stat status;
	if (mkdir(path, 0700) == 0) {
		if (embedded->user.other && lchown(path, embedded->user.uid, embedded->user.gid))
			return embedded_trouble(
				fault, "%s cannot be given to postgres: %s", path, strerror(errno));
		return FAULT_NONE;
	}
	if (errno != EEXIST || lstat(path, &status))
		return embedded_trouble(fault, "%s cannot be made: %s", path, strerror(errno));
	if (!S_ISDIR(status.st_mode) || status.st_uid != embedded->user.uid || (status.st_mode & 077))
		return embedded_trouble(
			fault, "%s is not a private folder of the server's user; remove it", path);
	return FAULT_NONE;
}

/* ---- the socket ---- */

static void print_url(struct store_embedded *embedded)
{
	size_t at = (size_t)snprintf(
		embedded->url, sizeof(embedded->url), "postgresql:///postgres?user=tally&host=");
	for (const char *c = embedded->socket; *c && at + 4 < sizeof(embedded->url); c++)
		at += (size_t)snprintf(embedded->url + at, 4,
			(*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
					strchr("-._~/", *c)
				? "%c"
				: "%%%02X",
			(unsigned char)*c);
}

static enum fault_code place_socket(struct store_embedded *embedded, struct fault *fault)
{
	struct stat status;
	const size_t room = sizeof(((struct sockaddr_un *)NULL)->sun_path);
	print_path(embedded->socket, sizeof(embedded->socket), "%s/socket", embedded->folder);
	embedded->socket_elsewhere = strlen(embedded->socket) + sizeof(SOCKET_FILE) > room;
	if (embedded->socket_elsewhere) {
		/* Its name is that of the folder on disk: the same with every start. */
		const char *run = getenv("XDG_RUNTIME_DIR");
		bool usable = run && run[0] == '/' && strlen(run) < 40 && !embedded->user.other;
		if (stat(embedded->folder, &status))
			return embedded_trouble(fault, "%s: %s", embedded->folder, strerror(errno));
		print_path(embedded->socket, sizeof(embedded->socket), "%s/tally-%lx-%lx",
			usable ? run : "/tmp", (unsigned long)status.st_dev, (unsigned long)status.st_ino);
		log_info("the data folder's path is too long for a socket; it is elsewhere",
			log_text("socket", embedded->socket));
	}
	print_url(embedded);
	return make_private(embedded, embedded->socket, fault);
}

/* ---- the programs ---- */

/* Returns the major version of a cluster, 0 when there is none. */
static long cluster_version(const struct store_embedded *embedded)
{
	char path[EMBEDDED_PATH_SIZE + 16], text[16] = "";
	print_path(path, sizeof(path), "%s/PG_VERSION", embedded->cluster);
	FILE *file = fopen(path, "re");
	if (file && !fgets(text, sizeof(text), file))
		text[0] = '\0';
	if (file)
		fclose(file);
	return strtol(text, NULL, 10);
}

static bool programs_fit(const char *folder, long version)
{
	char initdb[EMBEDDED_PATH_SIZE], postgres[EMBEDDED_PATH_SIZE], line[200];
	print_path(initdb, sizeof(initdb), "%s/initdb", folder);
	print_path(postgres, sizeof(postgres), "%s/postgres", folder);
	if (!folder[0] || access(initdb, X_OK) || access(postgres, X_OK))
		return false;
	if (!process_line((const char *const[]){postgres, "-V", NULL}, line, sizeof(line)))
		return false;
	const char *number = strchr(line, ')'); /* postgres (PostgreSQL) 15.20 */
	return number && (version == 0 || strtol(number + 1, NULL, 10) == version);
}

static void search_programs(struct store_embedded *embedded, long version)
{
	char *folder = embedded->programs;
	size_t size = sizeof(embedded->programs);
	if (process_line((const char *const[]){"pg_config", "--bindir", NULL}, folder, size) &&
		programs_fit(folder, version))
		return;
	folder[0] = '\0';
	glob_t found = {0};
	if (glob("/usr/lib/postgresql/*/bin", 0, NULL, &found) == 0)
		for (size_t i = found.gl_pathc; i-- > 0 && !folder[0];)
			if (programs_fit(found.gl_pathv[i], version))
				print_path(folder, size, "%s", found.gl_pathv[i]);
	globfree(&found);
}

static enum fault_code find_programs(struct store_embedded *embedded, struct fault *fault)
{
	long version = cluster_version(embedded);
	search_programs(embedded, version);
	if (embedded->programs[0])
		return FAULT_NONE;
	if (version)
		return embedded_trouble(fault,
			"%s was made by Postgres %ld, which is not installed; install the package "
			"postgresql-%ld",
			embedded->cluster, version, version);
	return embedded_trouble(fault, "there are no initdb and postgres where pg_config --bindir says or "
				       "below /usr/lib/postgresql; "
				       "install the package postgresql, or give --database");
}

enum fault_code embedded_prepare(struct store_embedded *embedded, const char *data_dir, struct fault *fault)
{
	enum fault_code code = make_folder(embedded, data_dir, fault);
	if (code == FAULT_NONE)
		code = lock_folder(embedded, fault);
	if (code == FAULT_NONE)
		code = open_log(embedded, fault);
	if (code == FAULT_NONE)
		code = choose_user(embedded, fault);
	if (code == FAULT_NONE)
		code = find_programs(embedded, fault);
	if (code == FAULT_NONE)
		code = place_socket(embedded, fault);
	return code;
}

/* ---- the cluster ---- */

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status, (void)type, (void)walk;
	return remove(path);
}

/* What people may tune; what must hold is given with every start. */
static enum fault_code add_settings(const char *cluster, struct fault *fault)
{
	char path[EMBEDDED_PATH_SIZE + 32];
	long memory_mb = sysconf(_SC_PHYS_PAGES) / 1024 * sysconf(_SC_PAGESIZE) / 1024;
	long buffers_mb = memory_mb / 16;
	buffers_mb = buffers_mb > SHARED_BUFFERS_MAX_MB ? SHARED_BUFFERS_MAX_MB : buffers_mb;
	buffers_mb = buffers_mb < SHARED_BUFFERS_MIN_MB ? SHARED_BUFFERS_MIN_MB : buffers_mb;
	print_path(path, sizeof(path), "%s/postgresql.conf", cluster);
	FILE *file = fopen(path, "ae");
	if (!file)
		return embedded_trouble(fault, "%s cannot be written: %s", path, strerror(errno));
	fprintf(file,
		"\n# Set when tallyd made this cluster; change them as you like.\n"
		"shared_buffers = %ldMB\nmax_connections = 60\nmax_wal_size = 2GB\nlog_checkpoints = off\n"
		"timezone = 'UTC'\nlog_timezone = 'UTC'\nlog_line_prefix = '%%m [%%p] '\n",
		buffers_mb);
	if (fclose(file))
		return embedded_trouble(fault, "%s cannot be written: %s", path, strerror(errno));
	return FAULT_NONE;
}

static enum fault_code run_initdb(struct store_embedded *embedded, const char *cluster, struct fault *fault)
{
	char program[EMBEDDED_PATH_SIZE + 16], reason[300];
	print_path(program, sizeof(program), "%s/initdb", embedded->programs);
	const char *const arguments[] = {program, "-D", cluster, "-U", "tally", "--encoding=UTF8",
		"--locale=C", "--auth-local=trust", "--auth-host=reject", "--data-checksums",
		"--no-instructions", NULL};
	const struct process process = {&embedded->user, arguments, embedded->log, SIGKILL};
	off_t from = embedded_log_size(embedded);
	if (process_run(&process) == 0)
		return FAULT_NONE;
	return embedded_trouble(
		fault, "initdb failed: %s", embedded_log_reason(embedded, from, reason, sizeof(reason)));
}

enum fault_code embedded_make_cluster(struct store_embedded *embedded, struct fault *fault)
{
	char fresh[EMBEDDED_PATH_SIZE + 16];
	if (cluster_version(embedded))
		return FAULT_NONE;
	print_path(fresh, sizeof(fresh), "%s.new", embedded->cluster);
	nftw(fresh, remove_one, 16,
		FTW_DEPTH | FTW_PHYS); /* of an earlier start that did not come to its end */
	log_info("making the embedded database", log_text("folder", embedded->cluster));
	enum fault_code code = make_private(embedded, fresh, fault);
	if (code == FAULT_NONE)
		code = run_initdb(embedded, fresh, fault);
	if (code == FAULT_NONE)
		code = add_settings(fresh, fault);
	if (code == FAULT_NONE && rename(fresh, embedded->cluster))
		code = embedded_trouble(fault, "%s cannot be made: %s", embedded->cluster, strerror(errno));
	return code;
}
