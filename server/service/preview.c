/* Judging systems by a policy that is not theirs. In what order, and who is told, is preview_policy.c. */
#include "service/preview.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/map.h"
#include "model/message.h"
#include "service/candidate.h"

enum {
	FRAME_BYTES = 16, /* at most, around one item of a list */
};

static void *grow(void *memory, size_t count, size_t size)
{
	void *larger = realloc(memory, count * size);
	if (!larger)
		abort();
	return larger;
}

void preview_policy_init(struct preview_policy *policy, struct arena *arena, Tally__V1__Policy *message)
{
	Tally__V1__Descriptor *descriptor = arena_alloc(arena, sizeof(*descriptor));
	tally__v1__descriptor__init(descriptor);
	descriptor->spec_case = TALLY__V1__DESCRIPTOR__SPEC_POLICY;
	descriptor->policy = message;
	struct ledger_item *item = arena_alloc(arena, sizeof(*item));
	*item = (struct ledger_item){
		.kind = KIND_POLICY, .name = "default", .etag = "", .owner_team = "", .message = descriptor};
	item->body = model_descriptor_pack(arena, descriptor, &item->body_size, &item->digest);
	const struct model_version version = {.kind = KIND_POLICY,
		.name = "default",
		.owner_team = "",
		.author = "",
		.author_team = "",
		.change_note = "",
		.digest = item->digest};
	policy->item = item;
	policy->descriptor = model_descriptor_of(&version, descriptor);
}

void preview_policy_done(struct preview_policy *policy)
{
	model_descriptor_unref(policy->descriptor);
	*policy = (struct preview_policy){0};
}

/* ---- comparing ---- */

/* What two ordered lists of findings do not have in common. */
struct difference {
	struct arena *arena;
	struct map gone;                    /* findings of before, by id */
	const struct model_finding **fresh; /* of after only */
	const struct model_finding **other; /* of after, of another severity or grace */
	size_t fresh_count, other_count;
};

/*
 * Walks both in their one order; what has no partner there is looked up by its
 * id: another severity moves a finding.
 */
static struct difference compare(const struct model_finding *const *before, size_t before_count,
	const struct model_finding *const *after, size_t after_count)
{
	struct difference made = {.arena = arena_new()};
	size_t was = 0, now = 0, left = 0;
	const struct model_finding **moved = arena_array(made.arena, after_count, sizeof(*moved));
	while (was < before_count || now < after_count) {
		int order = was == before_count         ? 1
			    : now == after_count        ? -1
			    : before[was] == after[now] ? 0
							: model_finding_compare(before[was], after[now]);
		bool alike = order == 0 && before[was]->blocks_from_us == after[now]->blocks_from_us;
		if (order <= 0 && !alike)
			map_put(&made.gone, before[was]->id, (void *)(uintptr_t)before[was]);
		if (order >= 0 && !alike)
			moved[left++] = after[now];
		was += order <= 0;
		now += order >= 0;
	}
	made.fresh = arena_array(made.arena, left, sizeof(*made.fresh));
	made.other = arena_array(made.arena, left, sizeof(*made.other));
	for (size_t i = 0; i < left; i++) {
		if (map_remove(&made.gone, moved[i]->id))
			made.other[made.other_count++] = moved[i];
		else
			made.fresh[made.fresh_count++] = moved[i];
	}
	return made;
}

static void difference_done(struct difference *difference)
{
	map_done(&difference->gone);
	arena_free(difference->arena);
}

/* ---- now ---- */

/* An effect being told. */
struct telling {
	struct reading *now;
	Tally__V1__PolicyEffect *effect;
	struct model_versions versions;
	size_t room_bytes;
};

static void tell(struct telling *telling, const struct model_finding *finding, Tally__V1__Finding ***list,
	size_t *count, size_t most)
{
	static const struct model_finding_life none;
	struct arena *arena = telling->now->arena;
	const struct ledger_finding *open = ledger_view_finding(telling->now->view, finding->id);
	Tally__V1__Finding *message = model_finding_message(
		arena, telling->now->system, finding, open ? &open->life : &none, &telling->versions);
	size_t size = protobuf_c_message_get_packed_size(&message->base) + FRAME_BYTES;
	if (telling->effect->omitted_findings || size > telling->room_bytes) {
		telling->effect->omitted_findings++;
		return;
	}
	telling->room_bytes -= size;
	if (!*list)
		*list = arena_array(arena, most, sizeof(**list));
	(*list)[(*count)++] = message;
}

static void tell_difference(struct telling *telling, const struct difference *difference,
	const struct model_finding *const *before, size_t before_count)
{
	Tally__V1__PolicyEffect *effect = telling->effect;
	for (size_t i = 0; i < difference->fresh_count; i++)
		tell(telling, difference->fresh[i], &effect->opened, &effect->n_opened,
			difference->fresh_count);
	for (size_t i = 0; i < difference->other_count; i++)
		tell(telling, difference->other[i], &effect->changed, &effect->n_changed,
			difference->other_count);
	for (size_t i = 0; i < before_count; i++)
		if (map_get(&difference->gone, before[i]->id))
			tell(telling, before[i], &effect->closed, &effect->n_closed, difference->gone.count);
}

Tally__V1__PolicyEffect *preview_effect(
	struct reading *now, const struct preview_policy *policy, size_t room_bytes)
{
	struct candidate candidate;
	struct model_verdict verdict;
	size_t before_count, after_count;
	const struct ledger_finding *open = ledger_view_findings(now->view, &before_count);
	const struct model_finding **before = arena_array(now->arena, before_count, sizeof(*before));
	for (size_t i = 0; i < before_count; i++)
		before[i] = open[i].finding;
	candidate_init(&candidate, now, NULL);
	candidate_put_item(&candidate, policy->item);
	candidate_evaluate(&candidate, clock_wall_us());
	const struct model_finding *const *after =
		rules_evaluation_findings(candidate.evaluation, &after_count);
	rules_judge(&candidate.system, after, after_count, NULL, &verdict);
	struct telling telling = {.now = now, .room_bytes = room_bytes};
	telling.effect = arena_alloc(now->arena, sizeof(*telling.effect));
	telling.versions = model_system_versions(now->arena, &candidate.system);
	tally__v1__policy_effect__init(telling.effect);
	telling.effect->system = arena_print(now->arena, "systems/%s", now->system);
	telling.effect->before = (Tally__V1__Decision)ledger_view_verdict(now->view)->decision;
	telling.effect->after = (Tally__V1__Decision)verdict.decision;
	struct difference difference = compare(before, before_count, after, after_count);
	tell_difference(&telling, &difference, before, before_count);
	difference_done(&difference);
	candidate_done(&candidate);
	return telling.effect;
}

/* ---- months ---- */

void preview_months_done(struct preview_months *months)
{
	free(months->list);
	free(months->numbers);
	*months = (struct preview_months){0};
}

static int month_of(int64_t at_us)
{
	time_t seconds = (time_t)(at_us / 1000000);
	struct tm parts = {0};
	gmtime_r(&seconds, &parts);
	return 12 * (parts.tm_year + 1900) + parts.tm_mon;
}

/* The month's row; the last one is the likeliest. */
static Tally__V1__PolicyMonth *month_at(struct preview_months *months, int64_t at_us)
{
	int number = month_of(at_us);
	size_t at = months->count;
	while (at > 0 && months->numbers[at - 1] > number)
		at--;
	if (at > 0 && months->numbers[at - 1] == number)
		return &months->list[at - 1];
	months->list = grow(months->list, months->count + 1, sizeof(*months->list));
	months->numbers = grow(months->numbers, months->count + 1, sizeof(*months->numbers));
	memmove(&months->list[at + 1], &months->list[at], (months->count - at) * sizeof(*months->list));
	memmove(&months->numbers[at + 1], &months->numbers[at],
		(months->count - at) * sizeof(*months->numbers));
	months->count++;
	tally__v1__policy_month__init(&months->list[at]);
	months->numbers[at] = number;
	return &months->list[at];
}

Tally__V1__PolicyMonth **preview_months_messages(
	const struct preview_months *months, struct arena *arena, size_t *count)
{
	Tally__V1__PolicyMonth **messages = arena_array(arena, months->count, sizeof(*messages));
	for (size_t i = 0; i < months->count; i++) {
		messages[i] = arena_copy(arena, &months->list[i], sizeof(months->list[i]));
		messages[i]->month =
			arena_print(arena, "%04d-%02d", months->numbers[i] / 12, months->numbers[i] % 12 + 1);
	}
	*count = months->count;
	return messages;
}

/* ---- history ---- */

/* The system as it is at a step of the walk, with the policy that is tried in the place of its own. */
static struct model_system tried_system(struct preview_walk *walk)
{
	const struct model_system *state = &walk->past.state;
	size_t count = 0;
	bool put = false;
	if (walk->tried_capacity < state->count + 1) {
		walk->tried_capacity = 2 * (state->count + 1);
		walk->tried = grow(walk->tried, walk->tried_capacity, sizeof(struct model_descriptor *));
	}
	for (size_t i = 0; i < state->count; i++) {
		enum model_kind kind = model_descriptor_version(state->descriptors[i])->kind;
		if (!put && kind >= KIND_POLICY) {
			walk->tried[count++] = walk->policy->descriptor;
			put = true;
		}
		if (kind != KIND_POLICY)
			walk->tried[count++] = state->descriptors[i];
	}
	if (!put)
		walk->tried[count++] = walk->policy->descriptor;
	return (struct model_system){state->id, walk->tried, count};
}

/* @param[out] blocked, opened  what `next` is, beside what was before */
static void replace(struct rules_evaluation **evaluation, struct rules_evaluation *next,
	const struct model_system *system, bool *blocked, int64_t *opened)
{
	size_t before_count = 0, after_count = 0;
	const struct model_finding *const *before =
		*evaluation ? rules_evaluation_findings(*evaluation, &before_count) : NULL;
	const struct model_finding *const *after =
		next ? rules_evaluation_findings(next, &after_count) : NULL;
	struct model_verdict verdict = {0};
	if (next)
		rules_judge(system, after, after_count, NULL, &verdict);
	struct difference difference = compare(before, before_count, after, after_count);
	*blocked = verdict.decision == DECISION_BLOCKED;
	*opened = (int64_t)difference.fresh_count;
	difference_done(&difference);
	rules_evaluation_unref(*evaluation);
	*evaluation = next;
}

/* Evaluates what the walk stands at, what changed only. @param[out] month what it comes to, of one revision
 */
static void evaluate(struct preview_walk *walk, Tally__V1__PolicyMonth *month)
{
	const struct model_system *own = &walk->past.state;
	struct model_system tried = tried_system(walk);
	bool there = own->count > 0, blocked;
	replace(&walk->own, there ? rules_evaluate(own, walk->own) : NULL, own, &blocked,
		&month->opened_before);
	month->blocked_before = blocked;
	replace(&walk->other, there ? rules_evaluate_beside(&tried, walk->other, walk->own) : NULL, &tried,
		&blocked, &month->opened_after);
	month->blocked_after = blocked;
}

enum fault_code preview_walk_start(struct preview_walk *walk, struct store *store, struct fault *fault)
{
	Tally__V1__PolicyMonth ignored;
	enum fault_code code = past_start(&walk->past, store, fault);
	if (!code)
		evaluate(walk, &ignored);
	return code;
}

enum fault_code preview_walk_step(
	struct preview_walk *walk, struct store *store, struct preview_months *months, struct fault *fault)
{
	Tally__V1__PolicyMonth one = TALLY__V1__POLICY_MONTH__INIT;
	enum fault_code code = past_step(&walk->past, store, fault);
	if (code)
		return code;
	evaluate(walk, &one);
	Tally__V1__PolicyMonth *month = month_at(months, walk->past.at_us);
	month->revisions++;
	month->blocked_before += one.blocked_before;
	month->blocked_after += one.blocked_after;
	month->opened_before += one.opened_before;
	month->opened_after += one.opened_after;
	return FAULT_NONE;
}

void preview_walk_done(struct preview_walk *walk)
{
	past_done(&walk->past);
	rules_evaluation_unref(walk->own);
	rules_evaluation_unref(walk->other);
	free(walk->tried);
	*walk = (struct preview_walk){0};
}
