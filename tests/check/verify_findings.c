/*
 * Findings and verdicts three ways: as they are stored, as a fresh full
 * evaluation of the stored descriptors gives them, and as the events tell.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "rules/rules.h"
#include "verify.h"

/* ---- asking the tables ---- */

const Tally__V1__Verdict *verify_verdict_at(const struct truth_system *system, int64_t revision)
{
	for (size_t at = truth_event_at(system, revision + 1); at > 0; at--)
		if (system->events[at - 1]->message->what_case == TALLY__V1__EVENT__WHAT_VERDICT)
			return system->events[at - 1]->message->verdict;
	return NULL;
}

/* ---- a fresh evaluation ---- */

/* A system as its descriptors were at one revision. */
struct past {
	struct model_descriptor **descriptors;
	struct model_system system;
};

static struct past past_of(struct truth_system *system, int64_t revision)
{
	struct past past = {
		.descriptors = check_array(system->version_count, sizeof(struct model_descriptor *))};
	size_t count = 0;
	for (size_t i = 0; i < system->version_count; i++) {
		const struct truth_version *row = &system->versions[i];
		const struct truth_version *next = i + 1 < system->version_count ? row + 1 : NULL;
		bool replaced = next && next->kind == row->kind && strcmp(next->name, row->name) == 0 &&
				next->revision <= revision;
		if (row->revision > revision || replaced || !row->body)
			continue;
		struct model_version version = {.kind = row->kind,
			.name = row->name,
			.version = row->version,
			.revision = row->revision,
			.owner_team = "",
			.author = "",
			.author_team = "",
			.change_note = "",
			.digest = row->digest};
		past.descriptors[count] = model_descriptor_new(&version, row->body, row->body_size);
		if (!past.descriptors[count++])
			violation("the body of %s %s/%s version %d cannot be read", system->id,
				model_kind_info(row->kind)->id, row->name, row->version);
	}
	past.system = (struct model_system){system->id, past.descriptors, count};
	return past;
}

static void past_done(struct past *past)
{
	for (size_t i = 0; i < past->system.count; i++)
		model_descriptor_unref(past->descriptors[i]);
	free(past->descriptors);
}

static void compare_findings(const struct truth_system *system, int64_t revision,
	const struct model_finding *const *fresh, size_t count)
{
	size_t open = 0;
	for (size_t i = 0; i < count; i++) {
		const struct truth_finding *state = truth_open_at(system, fresh[i]->id, revision);
		if (!state)
			violation("a fresh evaluation of %s at revision %" PRId64
				  " finds what is not stored as open: %s %s (%s): %s",
				system->id, revision, fresh[i]->id, fresh[i]->rule, fresh[i]->subject,
				fresh[i]->message);
		if (memcmp(&state->digest, &fresh[i]->digest, sizeof(state->digest)) != 0)
			violation("a fresh evaluation of %s at revision %" PRId64
				  " says of %s something else than is stored since revision %" PRId64 ": %s",
				system->id, revision, fresh[i]->id, state->since, fresh[i]->message);
	}
	for (size_t i = 0; i < system->finding_count; i++) {
		const struct truth_finding *state = &system->findings[i];
		if (state->since > revision || (state->until && state->until <= revision))
			continue;
		open++;
		bool found = false;
		for (size_t j = 0; !found && j < count; j++)
			found = strcmp(fresh[j]->id, state->id) == 0;
		if (!found)
			violation("%s is stored as open in %s at revision %" PRId64 " (since %" PRId64
				  ", until %" PRId64 "), but a fresh evaluation does not find it",
				state->id, system->id, revision, state->since, state->until);
	}
	if (open != count)
		violation("%zu findings are stored as open in %s at revision %" PRId64
			  ", a fresh evaluation finds %zu",
			open, system->id, revision, count);
}

static void compare_verdict(const struct truth_system *system, int64_t revision,
	const struct model_verdict *fresh, const Tally__V1__Verdict *stored, const char *where)
{
	bool same = (int)stored->decision == (int)fresh->decision &&
		    stored->error_count == fresh->counts[SEVERITY_ERROR] &&
		    stored->warning_count == fresh->counts[SEVERITY_WARNING] &&
		    stored->note_count == fresh->counts[SEVERITY_NOTE] &&
		    stored->n_blocking_findings == fresh->blocking_count;
	kind_set missing = 0;
	for (size_t i = 0; i < stored->n_missing_kinds; i++)
		missing |= KIND_BIT(stored->missing_kinds[i]);
	if (!same || missing != fresh->missing)
		violation(
			"the verdict of %s at revision %" PRId64
			" is decision %d with %d errors, %d warnings, %d notes in %s, but a fresh evaluation "
			"gives decision %d with %d, %d, %d",
			system->id, revision, (int)stored->decision, stored->error_count,
			stored->warning_count, stored->note_count, where, (int)fresh->decision,
			fresh->counts[SEVERITY_ERROR], fresh->counts[SEVERITY_WARNING],
			fresh->counts[SEVERITY_NOTE]);
}

static void evaluate(const struct truth *truth, struct truth_system *system, int64_t revision)
{
	struct past past = past_of(system, revision);
	struct rules_evaluation *evaluation = rules_evaluate(&past.system, NULL);
	size_t count;
	const struct model_finding *const *fresh = rules_evaluation_findings(evaluation, &count);
	struct model_verdict verdict;
	rules_judge(&past.system, fresh, count, NULL, &verdict);
	compare_findings(system, revision, fresh, count);
	const Tally__V1__Verdict *told = verify_verdict_at(system, revision);
	if (told)
		compare_verdict(system, revision, &verdict, told, "the events");
	else if (!truth_trimmed(truth, system))
		violation("no event tells the verdict of %s at revision %" PRId64, system->id, revision);
	if (revision == system->revision)
		compare_verdict(system, revision, &verdict, system->verdict, "`system`");
	rules_evaluation_unref(evaluation);
	past_done(&past);
}

/* A deleted system says nothing of its findings: is this revision the end of one? */
static bool is_end(const struct truth_system *system, int64_t revision)
{
	for (size_t i = truth_event_at(system, revision);
		i < system->event_count && system->events[i]->revision == revision; i++)
		if (system->events[i]->facts.type == EVENT_SYSTEM_DELETED)
			return true;
	return revision == system->revision && system->deleted;
}

static void evaluate_some(
	const struct truth *truth, struct truth_system *system, const struct options *options)
{
	struct dice dice = dice_new(options->seed, (uint64_t)system->revision);
	int64_t first = system->event_count ? system->events[0]->revision : system->revision;
	if (!is_end(system, system->revision))
		evaluate(truth, system, system->revision);
	for (int i = 0; i < options->past && first < system->revision; i++) {
		int64_t revision = first + dice_roll(&dice, (int)(system->revision - first));
		if (!is_end(system, revision))
			evaluate(truth, system, revision);
	}
}

/* ---- what the events tell ---- */

static void replay_finding(const struct truth *truth, const struct truth_system *system, struct map *open,
	const struct truth_event *event)
{
	const Tally__V1__Finding *finding = event->message->finding;
	const char *id = strrchr(finding->name, '/') + 1;
	struct truth_event *known = map_get(open, id);
	const char *text = truth_event_text(truth->arena, event);
	switch (event->facts.type) {
	case EVENT_FINDING_OPENED:
		if (known)
			violation("a finding is told to open that was open: %s", text);
		map_put(open, id, (void *)(uintptr_t)event);
		break;
	case EVENT_FINDING_CHANGED:
		if (!known && !truth_trimmed(truth, system))
			violation("a finding is told to change that was not open: %s", text);
		map_put(open, id, (void *)(uintptr_t)event);
		break;
	case EVENT_FINDING_RESOLVED:
		if (!map_remove(open, id) && !truth_trimmed(truth, system))
			violation("a finding is told to be resolved that was not open: %s", text);
		break;
	default: break;
	}
}

static void replay(const struct truth *truth, const struct truth_system *system)
{
	struct map open = {0};
	size_t stored = 0;
	for (size_t i = 0; i < system->event_count; i++)
		if (system->events[i]->message->what_case == TALLY__V1__EVENT__WHAT_FINDING)
			replay_finding(truth, system, &open, system->events[i]);
	for (size_t i = 0; i < system->finding_count; i++) {
		const struct truth_finding *state = &system->findings[i];
		if (state->until)
			continue;
		stored++;
		const struct truth_event *told = map_get(&open, state->id);
		if (!told && !truth_trimmed(truth, system))
			violation("%s is stored as open in %s since revision %" PRId64
				  ", but the events leave it resolved or never opened it",
				state->id, system->id, state->since);
		if (told && told->revision != state->since)
			violation("%s is stored in %s as it is since revision %" PRId64
				  ", but the last event about it is %s",
				state->id, system->id, state->since, truth_event_text(truth->arena, told));
	}
	size_t at = 0;
	const struct truth_event *left;
	while ((left = map_next(&open, &at)))
		if (!truth_open_at(system, strrchr(left->message->finding->name, '/') + 1, system->revision))
			violation("the events leave a finding open that is not stored as open: %s",
				truth_event_text(truth->arena, left));
	if (stored != open.count && !truth_trimmed(truth, system))
		violation("%zu findings of %s are stored as open, the events leave %zu open", stored,
			system->id, open.count);
	map_done(&open);
}

void verify_findings(const struct truth *truth, const struct options *options)
{
	for (size_t i = 0; i < truth->system_count; i++) {
		replay(truth, &truth->systems[i]);
		evaluate_some(truth, &truth->systems[i], options);
	}
}
