/* What the two files of the embedded Postgres share. */
#ifndef STORE_EMBEDDED_PARTS_H
#define STORE_EMBEDDED_PARTS_H

#include <limits.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/fault.h"
#include "store/process.h"

enum {
	EMBEDDED_PATH_SIZE = PATH_MAX + 64,
	EMBEDDED_URL_SIZE = 3 * 108 + 64, /* each byte of a socket's folder may need three */
};

struct store_embedded {
	struct process_user user;
	char folder[EMBEDDED_PATH_SIZE]; /* the data folder, absolute */
	char cluster[EMBEDDED_PATH_SIZE];
	char programs[EMBEDDED_PATH_SIZE]; /* initdb and postgres are here */
	char socket[EMBEDDED_PATH_SIZE];   /* folder of the socket */
	bool socket_elsewhere;
	char url[EMBEDDED_URL_SIZE];
	int lock; /* file descriptors; -1: not open */
	int log;
	pid_t pid; /* of the server; 0: does not run */
};

/** Fills UNAVAILABLE (EMBEDDED_DATABASE). */
enum fault_code embedded_trouble(struct fault *fault, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/** Makes the data folder, keeps others out of it, and finds out as whom the server runs and what it needs. */
enum fault_code embedded_prepare(struct store_embedded *embedded, const char *data_dir, struct fault *fault);

/** Makes the cluster if there is none. */
enum fault_code embedded_make_cluster(struct store_embedded *embedded, struct fault *fault);

/** Returns how long the log is: where what is written from now on begins. */
off_t embedded_log_size(const struct store_embedded *embedded);

/** Takes the line of the log that says most about a failure, of those from a place on. @return text, "" when
 * empty */
const char *embedded_log_reason(const struct store_embedded *embedded, off_t from, char *text, size_t size);

#endif
