/* Log lines: both formats, escapes, levels. */
#include "base/log.h"

#include <unistd.h>

#include "cases.h"

struct row {
	const char *name;
	enum log_level lowest, level;
	enum log_format format;
	const char *text;
	const char *expected; /* behind the time; NULL: nothing is written */
};

static const struct row rows[] = {
	{"plain text stands bare in logfmt", LOG_INFO, LOG_INFO, LOG_LOGFMT, "a/b:1",
		"level=info msg=\"said\" text=a/b:1 n=-5\n"},
	{"text with blanks is quoted in logfmt", LOG_INFO, LOG_WARNING, LOG_LOGFMT, "a b",
		"level=warning msg=\"said\" text=\"a b\" n=-5\n"},
	{"empty text is quoted", LOG_INFO, LOG_INFO, LOG_LOGFMT, "",
		"level=info msg=\"said\" text=\"\" n=-5\n"},
	{"a line end cannot forge a line", LOG_INFO, LOG_INFO, LOG_LOGFMT, "a\nlevel=error \"x\\",
		"level=info msg=\"said\" text=\"a\\nlevel=error \\\"x\\\\\" n=-5\n"},
	{"json carries the same", LOG_INFO, LOG_ERROR, LOG_JSON, "a\x01",
		"\"level\":\"error\",\"msg\":\"said\",\"text\":\"a\\u0001\",\"n\":-5}\n"},
	{"a level below the lowest is silent", LOG_WARNING, LOG_INFO, LOG_LOGFMT, "x", NULL},
};

static void check(void **state)
{
	const struct row *row = *state;
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	log_setup(row->lowest, row->format);
	log_to(ends[1]);
	log_line(row->level, "said", LOG_FIELDS(log_text("text", row->text), log_number("n", -5)));
	log_to(STDERR_FILENO);
	close(ends[1]);
	char line[1000] = "";
	ssize_t size = read(ends[0], line, sizeof(line) - 1);
	close(ends[0]);
	if (!row->expected) {
		assert_int_equal(size, 0);
		return;
	}
	const char *behind = strstr(line, "level");
	assert_non_null(behind);
	assert_string_equal(row->format == LOG_JSON ? behind - 1 : behind, row->expected);
}

int main(void)
{
	return CASES_RUN(rows, check);
}
