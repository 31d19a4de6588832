/* Forking, becoming another user, and waiting. Between fork and exec only what is safe after a fork of a
 * thread. */
#include "store/process.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

enum {
	STEP_US = 20000,
	EXIT_NOT_STARTED = 127,
};

static void reset_signals(void)
{
	sigset_t none;
	struct sigaction usual = {.sa_handler = SIG_DFL};
	static const int handled[] = {SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGPIPE, SIGCHLD, SIGUSR1, SIGUSR2};
	for (size_t i = 0; i < sizeof(handled) / sizeof(handled[0]); i++)
		sigaction(handled[i], &usual, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

__attribute__((noreturn)) static void become(const struct process *process, pid_t parent)
{
	const struct process_user *user = process->user;
	umask(077);
	setsid();
	reset_signals();
	int null = open("/dev/null", O_RDWR);
	int output = process->output >= 0 ? process->output : null;
	if (dup2(null, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
		dup2(output, STDERR_FILENO) < 0)
		_exit(EXIT_NOT_STARTED);
	close_range(STDERR_FILENO + 1, ~0U, 0);
	if (user && user->other && (setgroups(0, NULL) || setgid(user->gid) || setuid(user->uid)))
		_exit(EXIT_NOT_STARTED);
	/* A change of user clears the death signal, so it comes after it; the parent may be gone already. */
	if (process->death_signal && (prctl(PR_SET_PDEATHSIG, process->death_signal) || getppid() != parent))
		_exit(EXIT_NOT_STARTED);
	if (chdir("/"))
		_exit(EXIT_NOT_STARTED);
	execvp(process->arguments[0], (char *const *)(uintptr_t)process->arguments);
	_exit(EXIT_NOT_STARTED);
}

pid_t process_start(const struct process *process)
{
	pid_t parent = getpid();
	pid_t pid = fork();
	if (pid == 0)
		become(process, parent);
	return pid;
}

static int wait_for(pid_t pid)
{
	int status = 0;
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int process_run(const struct process *process)
{
	pid_t pid = process_start(process);
	return pid < 0 ? -1 : wait_for(pid);
}

bool process_line(const char *const *arguments, char *line, size_t size)
{
	int ends[2];
	size_t at = 0;
	if (pipe2(ends, O_CLOEXEC))
		return false;
	struct process process = {.arguments = arguments, .output = ends[1]};
	pid_t pid = process_start(&process);
	close(ends[1]);
	for (ssize_t got = 1; pid > 0 && got > 0 && at + 1 < size; at += got > 0 ? (size_t)got : 0)
		got = read(ends[0], line + at, size - 1 - at);
	close(ends[0]);
	line[at] = '\0';
	line[strcspn(line, "\n")] = '\0';
	return pid > 0 && wait_for(pid) == 0 && line[0];
}

bool process_ended(pid_t pid, int timeout_ms)
{
	int64_t until_us = clock_steady_us() + (int64_t)timeout_ms * 1000;
	for (;;) {
		pid_t got = waitpid(pid, NULL, WNOHANG);
		if (got == pid || (got < 0 && errno == ECHILD))
			return true;
		if (clock_steady_us() >= until_us)
			return false;
		usleep(STEP_US);
	}
}
