/* What passes a filter: one event of a finding, one of a descriptor, one of a verdict. */
#include "cases.h"

#include "hub/hub.h"

static const struct model_event_facts finding = {
	.system = "fraud-scoring",
	.revision = 7,
	.type = EVENT_FINDING_OPENED,
	.kinds = KIND_BIT(KIND_TRAINED_MODEL) | KIND_BIT(KIND_DATA_PIPELINE),
	.class = CLASS_API,
	.severity = SEVERITY_WARNING,
	.teams = TEAM_BIT(TEAM_DATA_SCIENTISTS),
};
static const struct model_event_facts descriptor = {
	.system = "fraud-scoring",
	.revision = 7,
	.type = EVENT_DESCRIPTOR_PUSHED,
	.kinds = KIND_BIT(KIND_RAW_DATA),
};
static const struct model_event_facts verdict = {
	.system = "zebra",
	.revision = 7,
	.type = EVENT_VERDICT_CHANGED,
};

static const char *const several[] = {"a", "fraud-scoring", "zebra"};
static const char *const others[] = {"fraud", "fraud-scoring-2", "zebr"};

enum {
	F = 1,
	D = 2,
	V = 4
};

struct row {
	const char *name;
	struct hub_filter filter;
	int passes; /* F, D, V */
};

static const struct row rows[] = {
	{"an empty filter lets everything pass", {0}, F | D | V},
	{"one of several systems passes", {.systems = several, .system_count = 3}, F | D | V},
	{"a system passes by its whole name", {.systems = others, .system_count = 3}, 0},
	{"only the first system of two passes", {.systems = several, .system_count = 2}, F | D},
	{"one of the event's kinds is enough", {.kinds = KIND_BIT(KIND_DATA_PIPELINE)}, F},
	{"a descriptor passes by its kind", {.kinds = KIND_BIT(KIND_RAW_DATA)}, D},
	{"an event without a kind does not pass when kinds are asked for", {.kinds = KIND_ALL}, F | D},
	{"a finding passes by its class", {.classes = 1 << CLASS_API}, F},
	{"another class does not pass", {.classes = 1 << CLASS_DATA}, 0},
	{"an event without a class does not pass when all classes are asked for", {.classes = ~0U}, F},
	{"the same severity passes", {.min_severity = SEVERITY_WARNING}, F},
	{"a graver severity passes", {.min_severity = SEVERITY_NOTE}, F},
	{"a lesser severity does not pass", {.min_severity = SEVERITY_ERROR}, 0},
	{"a finding passes by its team",
		{.teams = TEAM_BIT(TEAM_DATA_SCIENTISTS) | TEAM_BIT(TEAM_OPERATIONS)}, F},
	{"a team whose move it is not does not hear of it", {.teams = TEAM_BIT(TEAM_OPERATIONS)}, 0},
	{"types pass by their number", {.types = 1 << EVENT_VERDICT_CHANGED | 1 << EVENT_FINDING_OPENED},
		F | V},
	{"all conditions must hold", {.types = 1 << EVENT_FINDING_OPENED, .classes = 1 << CLASS_DATA}, 0},
	{"conditions that all hold let it pass",
		{.systems = several,
			.system_count = 3,
			.kinds = KIND_BIT(KIND_TRAINED_MODEL),
			.classes = 1 << CLASS_API,
			.min_severity = SEVERITY_WARNING,
			.teams = TEAM_BIT(TEAM_DATA_SCIENTISTS),
			.types = 1 << EVENT_FINDING_OPENED},
		F},
};

static void check(void **state)
{
	const struct row *row = *state;
	assert_int_equal(hub_filter_passes(&row->filter, &finding), (row->passes & F) != 0);
	assert_int_equal(hub_filter_passes(&row->filter, &descriptor), (row->passes & D) != 0);
	assert_int_equal(hub_filter_passes(&row->filter, &verdict), (row->passes & V) != 0);
}

int main(void)
{
	return CASES_RUN(rows, check);
}
