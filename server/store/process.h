/* Programs as children: what the embedded Postgres is started with. */
#ifndef STORE_PROCESS_H
#define STORE_PROCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Who the children are. */
struct process_user {
	bool other; /* not who we are: switch to it */
	uid_t uid;
	gid_t gid;
};

struct process {
	const struct process_user *user; /* NULL: as we are */
	const char *const *arguments;    /* NULL at the end; the first is the program's path or name */
	int output;                      /* file descriptor of its output and errors; -1: /dev/null */
	int death_signal;                /* sent to it when the calling thread ends; 0: none */
};

/**
 * Starts a program in a session of its own, so that a terminal's signals do
 * not reach it, without any other file descriptor of ours.
 *
 * @return its id, or -1 (errno)
 */
pid_t process_start(const struct process *process);

/** Starts a program and waits for its end. @return its exit status, -1 when it could not be started or was
 * killed */
int process_run(const struct process *process);

/** Runs a program and takes the first line that it prints. @return false when it fails or prints none */
bool process_line(const char *const *arguments, char *line, size_t size);

/** Has the child ended? It is reaped then. Waits up to timeout_ms. */
bool process_ended(pid_t pid, int timeout_ms);

#endif
