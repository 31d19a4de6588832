/* Single values: what is taken, what is refused. */
#include "config/value.h"

#include "cases.h"

enum {
	REFUSED = -1,
};

struct row {
	const char *name;
	const char *(*read)(const char *text, int64_t *number);
	const char *text;
	int64_t number;
};

static const struct row rows[] = {
	{"a count is digits", value_count, "64", 64},
	{"a count may be zero", value_count, "0", 0},
	{"a count has no sign", value_count, "-1", REFUSED},
	{"a count has no plus", value_count, "+1", REFUSED},
	{"a count has no spaces", value_count, " 1", REFUSED},
	{"a count has no unit", value_count, "1k", REFUSED},
	{"a count is not empty", value_count, "", REFUSED},
	{"a count that no integer holds is refused", value_count, "9223372036854775808", REFUSED},
	{"bytes need no unit", value_size, "65536", 65536},
	{"bytes may say so", value_size, "10B", 10},
	{"KiB is 2^10", value_size, "64KiB", 65536},
	{"MiB is 2^20", value_size, "4MiB", 4194304},
	{"GiB is 2^30", value_size, "1GiB", 1073741824},
	{"MB is refused, for it could mean either", value_size, "4MB", REFUSED},
	{"a size that overflows is refused", value_size, "9223372036854775807GiB", REFUSED},
	{"milliseconds are kept", value_duration, "500ms", 500},
	{"seconds are 1000 of them", value_duration, "10s", 10000},
	{"minutes are 60 seconds", value_duration, "1m", 60000},
	{"hours are 60 minutes", value_duration, "2h", 7200000},
	{"a duration without unit is refused", value_duration, "10", REFUSED},
	{"a duration with a fraction is refused", value_duration, "1.5s", REFUSED},
};

static void check_number(void **state)
{
	const struct row *row = *state;
	int64_t number = REFUSED;
	const char *wanted = row->read(row->text, &number);
	assert_int_equal(number, row->number);
	assert_int_equal(wanted == NULL, row->number != REFUSED);
}

struct switch_row {
	const char *name;
	const char *text;
	int on; /* or REFUSED */
};

static const struct switch_row switch_rows[] = {
	{"yes is on", "yes", 1},
	{"TRUE is on", "TRUE", 1},
	{"1 is on", "1", 1},
	{"off is off", "off", 0},
	{"false is off", "false", 0},
	{"0 is off", "0", 0},
	{"2 is neither", "2", REFUSED},
	{"nothing is neither", "", REFUSED},
};

static void check_switch(void **state)
{
	const struct switch_row *row = *state;
	bool on = row->on != 1;
	bool refused = value_switch(row->text, &on) != NULL;
	assert_int_equal(refused, row->on == REFUSED);
	if (!refused)
		assert_int_equal(on, row->on);
}

struct address_row {
	const char *name;
	const char *text;
	bool fine;
};

static const struct address_row address_rows[] = {
	{"a host with a port is an address", "127.0.0.1:7443", true},
	{"port 0 asks for any", "localhost:0", true},
	{"brackets hold an IPv6 address", "[::1]:7443", true},
	{"a socket is an address", "unix:/run/tally/tallyd.sock", true},
	{"a relative socket is refused", "unix:tallyd.sock", false},
	{"a socket without name is refused", "unix:/", false},
	{"a host without port is refused", "localhost", false},
	{"a port without host is refused", ":7443", false},
	{"a port above 65535 is refused", "localhost:65536", false},
	{"a port that is no number is refused", "localhost:http", false},
	{"an IPv6 address without brackets is refused", "::1:7443", false},
	{"nothing is refused", "", false},
};

static void check_address(void **state)
{
	const struct address_row *row = *state;
	assert_int_equal(value_address(row->text) == NULL, row->fine);
}

int main(void)
{
	struct CMUnitTest tests[CASES_COUNT(rows) + CASES_COUNT(switch_rows) + CASES_COUNT(address_rows)];
	size_t count = CASES_ADD(tests, 0, rows, check_number);
	count = CASES_ADD(tests, count, switch_rows, check_switch);
	count = CASES_ADD(tests, count, address_rows, check_address);
	return CASES_RUN_ALL(tests, count);
}
