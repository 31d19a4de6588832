/* monitoring.overdue: production data that its own schedule makes old. */
#include "rule_case.h"

#include "cases.h"

#define CLOCK(s)                                                                                             \
	{                                                                                                    \
		KIND_CLOCK, "{'time': {'seconds': " #s "}}"                                                  \
	}
#define DATA(...)                                                                                            \
	{                                                                                                    \
		KIND_PRODUCTION_DATA, __VA_ARGS__                                                            \
	}
#define EVERY_10 "'refresh_interval': {'seconds': 10}"
#define ENDS_100 "'profile': {'window_end': {'seconds': 100}}"

static const struct rule_case rows[] = {
	{"data is fresh until its interval has passed", "monitoring.overdue", "", NULL,
		{CLOCK(110), DATA("{" EVERY_10 ", " ENDS_100 "}")}},
	{"data is overdue after it", "monitoring.overdue",
		"default @ production_data:refresh_interval production_data:profile.window_end",
		"promised every 10 s; the production data ends at 1970-01-01T00:01:40.000000Z, so the next was due at "
		"1970-01-01T00:01:50.000000Z",
		{CLOCK(111), DATA("{" EVERY_10 ", " ENDS_100 "}")}},
	{"without a window the push tells the age", "monitoring.overdue",
		"default @ production_data:refresh_interval", "was pushed at 1970-01-01T00:00:00",
		{CLOCK(11), DATA("{" EVERY_10 "}")}},
	{"without an interval nothing is promised", "monitoring.overdue", "", NULL,
		{CLOCK(900000000), DATA("{" ENDS_100 "}")}},
	{"an interval of 0 promises nothing", "monitoring.overdue", "", NULL,
		{CLOCK(900000000), DATA("{'refresh_interval': {'seconds': 0}, " ENDS_100 "}")}},
	{"each production data has its own promise", "monitoring.overdue",
		"east @ production_data/east:refresh_interval", NULL,
		{CLOCK(12), DATA("{" EVERY_10 "}", "east"),
			DATA("{'refresh_interval': {'seconds': 20}}", "west")}},
	{"a length is told in its widest whole unit", "monitoring.overdue",
		"default @ production_data:refresh_interval", "every 36 h;",
		{CLOCK(900000000), DATA("{'refresh_interval': {'seconds': 129600}}")}},
	{"without a clock nothing is late", "monitoring.overdue", "", NULL, {DATA("{" EVERY_10 "}")}},
};

int main(void)
{
	return CASES_RUN(rows, rule_case_check);
}
