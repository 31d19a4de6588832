/* The system's clock: what time it is for the rules, and how it moves. Who moves it, and when, is the
 * ledger's. */
#include "model/message.h"
#include "rules/policy.h"
#include "rules/settle.h"

const Tally__V1__Clock *settle_clock(const struct model_system *system)
{
	const struct model_descriptor *descriptor = model_system_find(system, KIND_CLOCK, "default");
	return descriptor ? model_descriptor_spec(descriptor) : NULL;
}

int64_t settle_grace_us(const struct model_system *system)
{
	const Tally__V1__Policy *policy = policy_of_system(system);
	return policy ? model_duration_us(policy->new_rule_grace) : 0;
}

/* Neither sum nor parts overflow: model_time_us() and model_duration_us() bound them. */
int64_t settle_grace_end_us(const struct model_system *system)
{
	const Tally__V1__Clock *clock = settle_clock(system);
	int64_t grace_us = settle_grace_us(system);
	if (!clock || clock->earlier_rule_set == 0 || grace_us == 0)
		return 0;
	int64_t end_us = model_time_us(clock->rule_set_time) + grace_us;
	return end_us < MODEL_TIME_LAST_US ? end_us : MODEL_TIME_LAST_US;
}

int64_t rules_now_us(const struct model_system *system)
{
	const Tally__V1__Clock *clock = settle_clock(system);
	return clock ? model_time_us(clock->time) : 0;
}

bool rules_clock_behind(const struct model_system *system)
{
	const Tally__V1__Clock *clock = settle_clock(system);
	return !clock || clock->rule_set < RULES_SET;
}

/* A grace that still runs is not cut short by the next set: its rules then get the new one's. */
static int32_t earlier_set(const struct model_system *system, int64_t now_us)
{
	const Tally__V1__Clock *clock = settle_clock(system);
	if (!clock)
		return 1;
	return settle_grace_end_us(system) > now_us ? clock->earlier_rule_set : clock->rule_set;
}

Tally__V1__Clock *rules_clock_next(
	struct arena *arena, const struct model_system *system, bool first, int64_t now_us)
{
	const Tally__V1__Clock *clock = settle_clock(system);
	Tally__V1__Clock *next = arena_alloc(arena, sizeof(*next));
	tally__v1__clock__init(next);
	next->time = model_timestamp(arena, now_us);
	if (rules_clock_behind(system)) {
		next->rule_set = RULES_SET;
		next->rule_set_time = model_timestamp(arena, now_us);
		next->earlier_rule_set = first ? 0 : earlier_set(system, now_us);
		return next;
	}
	next->rule_set = clock->rule_set;
	next->rule_set_time = model_timestamp(arena, model_time_us(clock->rule_set_time));
	next->earlier_rule_set = clock->earlier_rule_set;
	return next;
}
