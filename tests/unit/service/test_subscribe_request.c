/* Which requests to subscribe are good, and what is said of the others. */
#include "cases.h"

#include <string.h>

#include "service/subscribe.h"

struct row {
	const char *name;
	void (*ask)(Tally__V1__SubscribeRequest *request);
	const char *reason; /* NULL: it is good */
	const char *field;
	const char *says; /* part of the description */
};

static char *systems[] = {"systems/zebra", "systems/a", "systems/zebra", "systems/m"};
static char *bad_names[] = {"systems/a", "systems/A"};
static char *other_names[] = {"systems/a/trainedModels/default"};
static char *no_names[] = {""};
static char *many[SUBSCRIBE_SYSTEMS_MAX + 1];
static char *classes[] = {"api", "completeness"};
static char *class_slip[] = {"api", "purpos"};
static char *class_unknown[] = {"zzzzzz"};
static char *teams[] = {"operations", "data-scientists"};
static char *team_slip[] = {"data-scientist"};
static Tally__V1__Kind kinds[] = {TALLY__V1__KIND__KIND_RAW_DATA, TALLY__V1__KIND__KIND_TRAINED_MODEL};
static Tally__V1__Kind bad_kinds[] = {TALLY__V1__KIND__KIND_RAW_DATA, TALLY__V1__KIND__KIND_UNSPECIFIED};
static Tally__V1__Kind new_kinds[] = {(Tally__V1__Kind)31};
static Tally__V1__EventType types[] = {TALLY__V1__EVENT_TYPE__EVENT_TYPE_VERDICT_CHANGED};
static Tally__V1__EventType bad_types[] = {TALLY__V1__EVENT_TYPE__EVENT_TYPE_UNSPECIFIED};

#define SET(list, from)                                                                                      \
	do {                                                                                                 \
		request->list = from;                                                                        \
		request->n_##list = sizeof(from) / sizeof((from)[0]);                                        \
	} while (0)

#define ASK(function, ...)                                                                                   \
	static void function(Tally__V1__SubscribeRequest *request)                                           \
	{                                                                                                    \
		__VA_ARGS__;                                                                                 \
	}

static Google__Protobuf__Duration duration = GOOGLE__PROTOBUF__DURATION__INIT;

static void ask_interval(Tally__V1__SubscribeRequest *request, int64_t seconds, int32_t nanos)
{
	duration.seconds = seconds;
	duration.nanos = nanos;
	request->checkpoint_interval = &duration;
}

ASK(ask_nothing, (void)request)
ASK(ask_all, SET(systems, systems); SET(kinds, kinds); SET(rule_classes, classes); SET(teams, teams);
	SET(event_types, types); request->min_severity = TALLY__V1__SEVERITY__SEVERITY_WARNING)
ASK(ask_bad_name, SET(systems, bad_names))
ASK(ask_other_name, SET(systems, other_names))
ASK(ask_no_name, SET(systems, no_names))
ASK(ask_many, SET(systems, many))
ASK(ask_class_slip, SET(rule_classes, class_slip))
ASK(ask_class_unknown, SET(rule_classes, class_unknown))
ASK(ask_team_slip, SET(teams, team_slip))
ASK(ask_empty_team, SET(teams, no_names))
ASK(ask_bad_kind, SET(kinds, bad_kinds))
ASK(ask_new_kind, SET(kinds, new_kinds))
ASK(ask_bad_type, SET(event_types, bad_types))
ASK(ask_bad_severity, request->min_severity = (Tally__V1__Severity)4)
ASK(ask_1_s, ask_interval(request, 1, 0))
ASK(ask_10_s, ask_interval(request, 10, 0))
ASK(ask_0_s, ask_interval(request, 0, 0))
ASK(ask_half, ask_interval(request, 0, 500000000))
ASK(ask_long, ask_interval(request, 10, 1))
ASK(ask_negative, ask_interval(request, -1, 0))
ASK(ask_mixed, ask_interval(request, 5, -1))
ASK(ask_nanos, ask_interval(request, 5, 1000000000))
ASK(ask_huge, ask_interval(request, INT64_MAX, 0))
ASK(ask_both, request->send_initial_state = 1; request->resume_token = "x")

static const struct row rows[] = {
	{"an empty request asks for everything", ask_nothing, NULL, NULL, NULL},
	{"all conditions may be given", ask_all, NULL, NULL, NULL},
	{"a system's name must be well formed", ask_bad_name, "NAME_INVALID", "systems[1]", "an id is"},
	{"a descriptor is no system", ask_other_name, "NAME_INVALID", "systems[0]", "systems/{system}"},
	{"an empty name is no system", ask_no_name, "NAME_INVALID", "systems[0]", "systems/{system}"},
	{"more than 1,000 systems are refused", ask_many, "TOO_MANY_SYSTEMS", "systems", "1000"},
	{"a class with a slip gets the nearest", ask_class_slip, "RULE_CLASS_UNKNOWN", "rule_classes[1]",
		"did you mean 'purpose'?"},
	{"a class like no other is refused", ask_class_unknown, "RULE_CLASS_UNKNOWN", "rule_classes[0]",
		"there is no class of rules 'zzzzzz'"},
	{"a team with a slip gets the nearest", ask_team_slip, "TEAM_UNKNOWN", "teams[0]",
		"did you mean 'data-scientists'?"},
	{"an empty team is refused", ask_empty_team, "TEAM_UNKNOWN", "teams[0]", "there is no team ''"},
	{"an unspecified kind is refused", ask_bad_kind, "ENUM_UNSPECIFIED", "kinds[1]", "must name one"},
	{"a kind beyond the known ones is refused", ask_new_kind, "ENUM_UNSPECIFIED", "kinds[0]",
		"must name one"},
	{"an unspecified event type is refused", ask_bad_type, "ENUM_UNSPECIFIED", "event_types[0]",
		"must name one"},
	{"a severity beyond the known ones is refused", ask_bad_severity, "ENUM_UNSPECIFIED", "min_severity",
		"4"},
	{"checkpoints every second are fine", ask_1_s, NULL, NULL, NULL},
	{"checkpoints every 10 seconds are fine", ask_10_s, NULL, NULL, NULL},
	{"an empty interval is as none", ask_0_s, NULL, NULL, NULL},
	{"half a second is too short", ask_half, "CHECKPOINT_INTERVAL", "checkpoint_interval",
		"from 1 s to 10 s"},
	{"a nanosecond over 10 s is too long", ask_long, "CHECKPOINT_INTERVAL", "checkpoint_interval",
		"10 s"},
	{"a negative interval is refused", ask_negative, "CHECKPOINT_INTERVAL", "checkpoint_interval",
		"10 s"},
	{"an interval of two signs is refused", ask_mixed, "CHECKPOINT_INTERVAL", "checkpoint_interval",
		"10 s"},
	{"a whole second of nanoseconds is refused", ask_nanos, "CHECKPOINT_INTERVAL", "checkpoint_interval",
		"10 s"},
	{"the longest interval is refused", ask_huge, "CHECKPOINT_INTERVAL", "checkpoint_interval", "10 s"},
	{"state and token exclude each other", ask_both, "INITIAL_STATE_WITH_TOKEN", "send_initial_state",
		"not both"},
};

static void check_all(const struct subscribe_wish *wish)
{
	const struct hub_filter *filter = &wish->filter;
	assert_int_equal(filter->system_count, 3);
	assert_string_equal(filter->systems[0], "a");
	assert_string_equal(filter->systems[1], "m");
	assert_string_equal(filter->systems[2], "zebra");
	assert_int_equal(filter->kinds, KIND_BIT(KIND_RAW_DATA) | KIND_BIT(KIND_TRAINED_MODEL));
	assert_int_equal(filter->classes, 1 << CLASS_API | 1 << CLASS_COMPLETENESS);
	assert_int_equal(filter->teams, TEAM_BIT(TEAM_OPERATIONS) | TEAM_BIT(TEAM_DATA_SCIENTISTS));
	assert_int_equal(filter->types, 1 << EVENT_VERDICT_CHANGED);
	assert_int_equal(filter->min_severity, SEVERITY_WARNING);
}

static void check(void **state)
{
	const struct row *row = *state;
	struct arena *arena = arena_new();
	Tally__V1__SubscribeRequest request = TALLY__V1__SUBSCRIBE_REQUEST__INIT;
	row->ask(&request);
	struct subscribe_wish wish = {.interval_us = -1};
	struct fault fault = {0};
	enum fault_code code = subscribe_request_read(arena, &request, &wish, &fault);
	if (row->reason) {
		assert_int_equal(code, FAULT_INVALID);
		assert_string_equal(fault.reason, row->reason);
		assert_string_equal(fault.violations[0].field, row->field);
		assert_non_null(strstr(fault.violations[0].description, row->says));
		assert_int_equal(wish.interval_us, -1);
	} else {
		assert_int_equal(code, FAULT_NONE);
		bool second = request.checkpoint_interval && duration.seconds == 1;
		assert_int_equal(wish.interval_us, second ? 1000000 : 10000000);
	}
	if (row->ask == ask_all)
		check_all(&wish);
	arena_free(arena);
}

/* ---- digests ---- */

struct pair {
	const char *name;
	void (*one)(Tally__V1__SubscribeRequest *request);
	void (*other)(Tally__V1__SubscribeRequest *request);
	bool same;
};

static char *sorted[] = {"systems/a", "systems/m", "systems/zebra"};
static char *fewer[] = {"systems/a", "systems/m"};
ASK(ask_systems, SET(systems, systems))
ASK(ask_sorted, SET(systems, sorted))
ASK(ask_fewer, SET(systems, fewer))
ASK(ask_kinds, SET(kinds, kinds))
ASK(ask_types, SET(event_types, types))
ASK(ask_classes, SET(rule_classes, classes))
ASK(ask_teams, SET(teams, teams))
ASK(ask_state, request->send_initial_state = 1; ask_interval(request, 3, 0))

static const struct pair pairs[] = {
	{"order and repeats do not make another filter", ask_systems, ask_sorted, true},
	{"neither interval nor state make another filter", ask_nothing, ask_state, true},
	{"other systems make another filter", ask_sorted, ask_fewer, false},
	{"kinds make another filter", ask_nothing, ask_kinds, false},
	{"types make another filter", ask_nothing, ask_types, false},
	{"classes make another filter", ask_nothing, ask_classes, false},
	{"teams make another filter", ask_nothing, ask_teams, false},
};

static struct model_digest digest_of(void (*ask)(Tally__V1__SubscribeRequest *request))
{
	struct arena *arena = arena_new();
	Tally__V1__SubscribeRequest request = TALLY__V1__SUBSCRIBE_REQUEST__INIT;
	ask(&request);
	struct subscribe_wish wish;
	struct fault fault;
	assert_int_equal(subscribe_request_read(arena, &request, &wish, &fault), FAULT_NONE);
	struct model_digest digest = subscribe_filter_digest(&wish.filter);
	arena_free(arena);
	return digest;
}

static void check_pair(void **state)
{
	const struct pair *pair = *state;
	struct model_digest one = digest_of(pair->one);
	struct model_digest other = digest_of(pair->other);
	assert_int_equal(memcmp(&one, &other, sizeof(one)) == 0, pair->same);
}

int main(void)
{
	for (size_t i = 0; i <= SUBSCRIBE_SYSTEMS_MAX; i++)
		many[i] = "systems/a";
	struct CMUnitTest tests[CASES_COUNT(rows) + CASES_COUNT(pairs)];
	size_t count = CASES_ADD(tests, 0, rows, check);
	count = CASES_ADD(tests, count, pairs, check_pair);
	return CASES_RUN_ALL(tests, count);
}
