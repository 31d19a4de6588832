/* Monitoring over time: does fresh production data come as often as its descriptor promises? */
#include "base/clock.h"
#include "model/message.h"
#include "rules/rule.h"

#define READS (KIND_BIT(KIND_PRODUCTION_DATA) | KIND_BIT(KIND_CLOCK))

/* A length in the widest unit that gives a whole number. */
static const char *length_text(struct rule_run *run, int64_t length_us)
{
	static const struct {
		int64_t us;
		const char *unit;
	} units[] = {{INT64_C(86400000000), "d"}, {INT64_C(3600000000), "h"}, {60000000, "min"},
		{1000000, "s"}, {1000, "ms"}, {1, "us"}};
	size_t i = 0;
	while (length_us % units[i].us != 0)
		i++;
	return arena_print(run->scratch, "%lld %s", (long long)(length_us / units[i].us), units[i].unit);
}

static const char *time_text(struct rule_run *run, int64_t at_us)
{
	char text[CLOCK_TEXT_SIZE];
	return arena_text(run->scratch, clock_text(at_us, text));
}

/* The data that one descriptor has, and until when it counts as fresh. */
struct promise {
	const struct model_descriptor *descriptor;
	bool windowed; /* the data's window tells its age, else the push does */
	int64_t data_us;
	int64_t interval_us;
	int64_t due_us;
};

static struct promise promise_of(const struct model_descriptor *descriptor)
{
	const Tally__V1__ProductionData *data = model_descriptor_spec(descriptor);
	struct promise promise = {.descriptor = descriptor};
	promise.windowed = data->profile && data->profile->window_end;
	promise.data_us = promise.windowed ? model_time_us(data->profile->window_end)
					   : model_descriptor_version(descriptor)->created_at_us;
	promise.interval_us = model_duration_us(data->refresh_interval);
	promise.due_us = promise.data_us + promise.interval_us;
	return promise;
}

static void draft_overdue(struct rule_run *run, const struct promise *promise)
{
	const char *name = model_descriptor_version(promise->descriptor)->name;
	const char *every = length_text(run, promise->interval_us);
	const char *from = time_text(run, promise->data_us);
	struct rule_draft *draft = rule_draft(run, name);
	rule_say(draft, "Fresh production data is promised every %s; %s %s %s, so the next was due at %s.",
		every, rule_descriptor(run, promise->descriptor),
		promise->windowed ? "ends at" : "was pushed at", from, time_text(run, promise->due_us));
	rule_place(draft, promise->descriptor, every, "refresh_interval");
	if (promise->windowed)
		rule_place(draft, promise->descriptor, from, "profile.window_end");
	rule_measure(draft, &(struct model_evidence){.measure = "promised interval",
				    .has_value = true,
				    .value = (double)promise->interval_us / 1e6,
				    .unit = "s"});
}

/* At the very moment it is still in time. */
static void overdue(struct rule_run *run)
{
	size_t count;
	struct model_descriptor *const *all = model_system_of_kind(run->system, KIND_PRODUCTION_DATA, &count);
	int64_t now_us = rules_now_us(run->system);
	for (size_t i = 0; i < count; i++) {
		struct promise promise = promise_of(all[i]);
		if (promise.interval_us == 0)
			continue;
		if (promise.due_us < now_us)
			draft_overdue(run, &promise);
		else
			rule_due(run, promise.due_us + 1);
	}
}

const struct rule rule_overdue = {
	.info =
		{
			.id = "monitoring.overdue",
			.class = CLASS_MONITORING,
			.severity = SEVERITY_ERROR,
			.kinds = READS,
			.needs = KIND_BIT(KIND_PRODUCTION_DATA),
			.fields = RULE_FIELDS("production_data:refresh_interval",
				"production_data:profile.window_end", "clock:time"),
			.teams = TEAM_BIT(TEAM_OPERATIONS),
			.title = "Production data is older than its own schedule allows",
			.rationale = "Drift is found by comparing fresh production data with what the model "
				     "learned from; when none comes any more, everything seems well only "
				     "because nobody looks.",
			.remedy =
				"Profile recent production data and push it; when the schedule is no longer "
				"meant, change or remove refresh_interval.",
			.since = 2,
		},
	.run = overdue,
	.dated = true,
};
