/* Formatting and writing of log lines. */
#include "base/log.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/buffer.h"
#include "base/clock.h"

enum {
	TEXT_MAX = 2000,
};

static const char *const level_names[LOG_LEVEL_COUNT] = {"debug", "info", "warning", "error"};

static enum log_level lowest = LOG_INFO;
static enum log_format shape = LOG_LOGFMT;
static _Atomic int target = STDERR_FILENO;

void log_setup(enum log_level level, enum log_format format)
{
	lowest = level;
	shape = format;
}

void log_to(int fd)
{
	atomic_store(&target, fd);
}

bool log_wants(enum log_level level)
{
	return level >= lowest;
}

enum log_level log_level_named(const char *name)
{
	unsigned level = 0;
	while (level < LOG_LEVEL_COUNT && strcmp(level_names[level], name) != 0)
		level++;
	return (enum log_level)level;
}

/* JSON's escapes serve logfmt too. */
static void add_quoted(struct buffer *line, const char *text)
{
	buffer_text(line, "\"");
	for (size_t i = 0; text[i] && i < TEXT_MAX; i++) {
		unsigned char c = (unsigned char)text[i];
		if (c == '"' || c == '\\')
			buffer_print(line, "\\%c", c);
		else if (c == '\n')
			buffer_text(line, "\\n");
		else if (c < 0x20 || c == 0x7f)
			buffer_print(line, "\\u%04x", c);
		else
			buffer_add(line, &text[i], 1);
	}
	buffer_text(line, "\"");
}

static bool is_plain(const char *text)
{
	size_t length =
		strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:+@,[]");
	return length > 0 && text[length] == '\0' && length < TEXT_MAX;
}

static void add_field(struct buffer *line, const struct log_field *field)
{
	buffer_print(line, shape == LOG_JSON ? ",\"%s\":" : " %s=", field->key);
	if (!field->text)
		buffer_print(line, "%" PRId64, field->number);
	else if (shape == LOG_LOGFMT && is_plain(field->text))
		buffer_text(line, field->text);
	else
		add_quoted(line, field->text);
}

void log_line(enum log_level level, const char *message, const struct log_field *fields, size_t count)
{
	if (!log_wants(level))
		return;
	struct buffer line = {0};
	char now[CLOCK_TEXT_SIZE];
	clock_text(clock_wall_us(), now);
	buffer_print(&line,
		shape == LOG_JSON ? "{\"time\":\"%s\",\"level\":\"%s\",\"msg\":" : "time=%s level=%s msg=",
		now, level_names[level]);
	add_quoted(&line, message);
	for (size_t i = 0; i < count; i++)
		add_field(&line, &fields[i]);
	buffer_text(&line, shape == LOG_JSON ? "}\n" : "\n");
	ssize_t written = write(atomic_load(&target), line.bytes, line.size);
	(void)written; /* nowhere left to complain */
	buffer_done(&line);
}
