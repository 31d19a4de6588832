/* Times and durations as text, both ways. */
#include "codec/moment.h"

#include "cases.h"

#include <stdio.h>
#include <string.h>

struct row {
	const char *name;
	const char *text;
	const char *expected; /* seconds and nanos, or NULL for refused */
	const char *again;    /* as written; NULL: like text */
};

static void compare(const struct row *row, bool (*read)(const char *, struct moment *),
	bool (*write)(const struct moment *, char *))
{
	struct moment moment;
	char text[64];
	if (!read(row->text, &moment)) {
		assert_null(row->expected);
		return;
	}
	snprintf(text, sizeof(text), "%lld %d", (long long)moment.seconds, moment.nanos);
	if (!row->expected)
		fail_msg("%s was read as %s", row->text, text);
	assert_string_equal(text, row->expected);
	assert_true(write(&moment, text));
	assert_string_equal(text, row->again ? row->again : row->text);
}

static void check_time(void **state)
{
	compare(*state, moment_read_time, moment_write_time);
}

static void check_duration(void **state)
{
	compare(*state, moment_read_duration, moment_write_duration);
}

static const struct row times[] = {
	{"the epoch is zero", "1970-01-01T00:00:00Z", "0 0", NULL},
	{"milliseconds are kept", "2026-11-23T04:45:00.123Z", "1795409100 123000000", NULL},
	{"one digit of fraction is read", "2026-11-23T04:45:00.5Z", "1795409100 500000000",
		"2026-11-23T04:45:00.500Z"},
	{"nanoseconds are kept", "2026-11-23T04:45:00.000000001Z", "1795409100 1", NULL},
	{"an offset is taken off", "2026-11-23T05:45:00+01:00", "1795409100 0", "2026-11-23T04:45:00Z"},
	{"a negative offset is added", "2026-11-22T23:45:00-05:00", "1795409100 0", "2026-11-23T04:45:00Z"},
	{"a leap day is a day", "2024-02-29T00:00:00Z", "1709164800 0", NULL},
	{"the first second is written", "0001-01-01T00:00:00Z", "-62135596800 0", NULL},
	{"the last second is written", "9999-12-31T23:59:59Z", "253402300799 0", NULL},
	{"the 29th of February of 2023 is refused", "2023-02-29T00:00:00Z", NULL, NULL},
	{"a 13th month is refused", "2023-13-01T00:00:00Z", NULL, NULL},
	{"hour 24 is refused", "2023-01-01T24:00:00Z", NULL, NULL},
	{"a time without zone is refused", "2023-01-01T00:00:00", NULL, NULL},
	{"a date alone begins at midnight in UTC", "2026-12-31", "1798675200 0", "2026-12-31T00:00:00Z"},
	{"a date that is none is refused", "2026-12-32", NULL, NULL},
	{"a date and what is no time is refused", "2026-12-31 noon", NULL, NULL},
	{"a zone alone is refused behind a date", "2026-12-31Z", NULL, NULL},
	{"ten digits of fraction are refused", "2023-01-01T00:00:00.0000000001Z", NULL, NULL},
	{"a point without digits is refused", "2023-01-01T00:00:00.Z", NULL, NULL},
	{"what follows is refused", "2023-01-01T00:00:00Zx", NULL, NULL},
	{"an offset out of year 1 is refused", "0001-01-01T00:00:00+01:00", NULL, NULL},
};

static const struct row durations[] = {
	{"seconds are read", "10s", "10 0", NULL},
	{"a fraction is read", "1.5s", "1 500000000", "1.500s"},
	{"a negative fraction is read", "-0.25s", "0 -250000000", "-0.250s"},
	{"the longest is read", "315576000000s", "315576000000 0", NULL},
	{"more than the longest is refused", "315576000001s", NULL, NULL},
	{"endless digits are refused", "99999999999999999999999999s", NULL, NULL},
	{"a missing unit is refused", "10", NULL, NULL},
	{"days are read", "14d", "1209600 0", "1209600s"},
	{"hours are read", "36h", "129600 0", "129600s"},
	{"minutes are read", "90m", "5400 0", "5400s"},
	{"weeks are read", "2w", "1209600 0", "1209600s"},
	{"milliseconds are read", "1500ms", "1 500000000", "1.500s"},
	{"a fraction of days is read", "0.5d", "43200 0", "43200s"},
	{"a fraction of a week is exact", "0.000000001w", "0 604800", "0.000604800s"},
	{"the longest in days is read", "3652500d", "315576000000 0", "315576000000s"},
	{"more than the longest in days is refused", "3652501d", NULL, NULL},
	{"a fraction beyond the longest is refused", "3652500.00002d", NULL, NULL},
	{"so many weeks that they overflow are refused", "315576000000000w", NULL, NULL},
	{"another unit is refused", "10y", NULL, NULL},
	{"two units are refused", "1h30m", NULL, NULL},
	{"a capital unit is refused", "10D", NULL, NULL},
	{"nothing is refused", "s", NULL, NULL},
};

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(times) + CASES_COUNT(durations)];
	size_t count = CASES_ADD(tests, 0, times, check_time);
	count = CASES_ADD(tests, count, durations, check_duration);
	return CASES_RUN_ALL(tests, count);
}
