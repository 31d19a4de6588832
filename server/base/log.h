/*
 * Structured log lines on standard error: logfmt, or one JSON object a line.
 * Any thread may write; a line is one write(2), so lines never mix. Never log
 * what a peer must keep secret: tokens, passwords, database URLs.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum log_level {
	LOG_DEBUG,
	LOG_INFO,
	LOG_WARNING,
	LOG_ERROR,
	LOG_LEVEL_COUNT
};

enum log_format {
	LOG_LOGFMT,
	LOG_JSON,
};

/* One key of a line. Make it with log_text() or log_number(). */
struct log_field {
	const char *key;
	const char *text; /* NULL: number */
	int64_t number;
};

/** Chooses what is written and how; call it before other threads start. */
void log_setup(enum log_level level, enum log_format format);

/** Sends lines to another file descriptor than 2, for tests. */
void log_to(int fd);

bool log_wants(enum log_level level);

/** Returns the level of that name, or LOG_LEVEL_COUNT. */
enum log_level log_level_named(const char *name);

/** Writes one line: time, level, message and the fields. Text is escaped, long text is cut. */
void log_line(enum log_level level, const char *message, const struct log_field *fields, size_t count);

static inline struct log_field log_text(const char *key, const char *text)
{
	return (struct log_field){key, text ? text : "", 0};
}

static inline struct log_field log_number(const char *key, int64_t number)
{
	return (struct log_field){key, NULL, number};
}

#define LOG_FIELDS(...)                                                                                      \
	(const struct log_field[]){__VA_ARGS__},                                                             \
		sizeof((const struct log_field[]){__VA_ARGS__}) / sizeof(struct log_field)

/* log_info("listening", log_text("address", address), log_number("port", port)); */
#define log_debug(message, ...)   log_line(LOG_DEBUG, message, LOG_FIELDS(__VA_ARGS__))
#define log_info(message, ...)    log_line(LOG_INFO, message, LOG_FIELDS(__VA_ARGS__))
#define log_warning(message, ...) log_line(LOG_WARNING, message, LOG_FIELDS(__VA_ARGS__))
#define log_error(message, ...)   log_line(LOG_ERROR, message, LOG_FIELDS(__VA_ARGS__))

#endif
