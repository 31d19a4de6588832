/* Do the tables agree with each other? */
#include <inttypes.h>
#include <string.h>

#include "verify.h"

/* ---- positions ---- */

static void check_positions(const struct truth *truth)
{
	size_t at = 0;
	for (size_t partition = 0; partition < truth->partition_count; partition++) {
		int64_t position = truth->partitions[partition].trimmed;
		for (; at < truth->event_count && truth->events[at].partition == (int)partition; at++) {
			if (truth->events[at].position != ++position)
				violation("the positions of partition %zu have a gap or a repeat: %" PRId64
					  " stands where %" PRId64 " should: %s",
					partition, truth->events[at].position, position,
					truth_event_text(truth->arena, &truth->events[at]));
		}
		if (position != truth->partitions[partition].head)
			violation("partition %zu says that its last position is %" PRId64
				  ", but its last event stands at %" PRId64,
				partition, truth->partitions[partition].head, position);
	}
	if (at != truth->event_count)
		violation("an event stands in a partition that does not exist: %s",
			truth_event_text(truth->arena, &truth->events[at]));
}

/* ---- revisions ---- */

static void check_revisions(const struct truth *truth, const struct truth_system *system)
{
	int64_t revision = 0;
	bool whole = true;
	for (size_t i = 0; i < system->event_count; i++) {
		const struct truth_event *event = system->events[i];
		if (i == 0 && truth_trimmed(truth, system))
			revision = event->revision - 1;
		if (event->partition != system->partition)
			violation("an event stands in another partition than its system: %s",
				truth_event_text(truth->arena, event));
		if (event->revision != revision + whole)
			violation("the revisions of %s are not contiguous: after revision %" PRId64
				  "%s comes %s",
				system->id, revision, whole ? "" : " (whose last event is not there)",
				truth_event_text(truth->arena, event));
		revision = event->revision;
		whole = event->last;
	}
	if (system->event_count && (!whole || revision != system->revision))
		violation("%s is at revision %" PRId64 ", but its last event is %s", system->id,
			system->revision,
			truth_event_text(truth->arena, system->events[system->event_count - 1]));
	if (system->event_count == 0 && !truth_trimmed(truth, system))
		violation("%s is at revision %" PRId64 " and has no event", system->id, system->revision);
}

/* ---- versions ---- */

static const struct truth_event *event_of_version(
	const struct truth_system *system, const struct truth_version *version)
{
	for (size_t i = truth_event_at(system, version->revision);
		i < system->event_count && system->events[i]->revision == version->revision; i++) {
		const Tally__V1__Event *message = system->events[i]->message;
		if (message->what_case == TALLY__V1__EVENT__WHAT_DESCRIPTOR &&
			system->events[i]->facts.kinds == KIND_BIT(version->kind) &&
			message->descriptor->version == version->version &&
			strcmp(strrchr(message->descriptor->name, '/') + 1, version->name) == 0)
			return system->events[i];
	}
	return NULL;
}

/* Waivers and policies are told of by types of their own; a clock is the server's and is not told of. */
static int type_of(const struct truth_version *version)
{
	switch (version->kind) {
	case KIND_CLOCK: return EVENT_NONE;
	case KIND_POLICY: return EVENT_POLICY_CHANGED;
	case KIND_WAIVER: return version->body ? EVENT_WAIVER_ADDED : EVENT_WAIVER_ENDED;
	default: return version->body ? EVENT_DESCRIPTOR_PUSHED : EVENT_DESCRIPTOR_DELETED;
	}
}

static void check_version(const struct truth *truth, const struct truth_system *system, size_t at)
{
	const struct truth_version *version = &system->versions[at];
	const struct truth_version *before = at ? version - 1 : NULL;
	const char *what = arena_print(truth->arena, "%s %s/%s version %d (revision %" PRId64 ")", system->id,
		model_kind_info(version->kind)->id, version->name, version->version, version->revision);
	bool first = !before || before->kind != version->kind || strcmp(before->name, version->name) != 0;
	if (version->version != (first ? 1 : before->version + 1))
		violation("a version is missing before %s", what);
	if (!first && version->revision <= before->revision)
		violation("%s is not later than the version before it", what);
	if (version->revision > system->revision)
		violation(
			"%s is later than its system, which is at revision %" PRId64, what, system->revision);
	int type = type_of(version);
	bool expected = type != EVENT_NONE &&
			(!truth_trimmed(truth, system) ||
				(system->event_count && system->events[0]->revision < version->revision));
	const struct truth_event *event = expected ? event_of_version(system, version) : NULL;
	if (expected && !event)
		violation("no event tells of %s", what);
	if (event && event->facts.type != type)
		violation("the event of %s is of another type: %s", what,
			truth_event_text(truth->arena, event));
}

static bool is_part(int type)
{
	return type == EVENT_DESCRIPTOR_PUSHED || type == EVENT_DESCRIPTOR_DELETED;
}

static void check_versions(const struct truth *truth, const struct truth_system *system)
{
	size_t told = 0, since = 0;
	int64_t first = system->event_count ? system->events[0]->revision : 0;
	for (size_t i = 0; i < system->version_count; i++) {
		check_version(truth, system, i);
		since += is_part(type_of(&system->versions[i])) && system->versions[i].revision >= first;
	}
	for (size_t i = 0; i < system->event_count; i++)
		told += is_part(system->events[i]->facts.type);
	if (told != since && !truth_trimmed(truth, system))
		violation("%s has %zu versions, but %zu events tell of versions", system->id, since, told);
}

/* `descriptor` lists all that have versions. */
static void check_list(const struct truth_system *system)
{
	size_t at = 0;
	for (size_t i = 0; i < system->descriptor_count; i++) {
		const struct truth_descriptor *listed = &system->descriptors[i];
		size_t first = at;
		while (at < system->version_count && system->versions[at].kind == listed->kind &&
			strcmp(system->versions[at].name, listed->name) == 0)
			at++;
		if (at == first)
			violation("%s is said to have %s/%s, which has no version", system->id,
				model_kind_info(listed->kind)->id, listed->name);
	}
	if (at != system->version_count)
		violation("%s has a version that `descriptor` does not know: %s/%s version %d", system->id,
			model_kind_info(system->versions[at].kind)->id, system->versions[at].name,
			system->versions[at].version);
}

/* ---- findings ---- */

/* An open state is not resolved and has no end; an ended one lasted at least for a revision. */
static void check_end(const struct truth_finding *state, const char *what)
{
	if (state->until != 0 && state->until <= state->since)
		violation("%s ends at revision %" PRId64, what, state->until);
	if (state->until == 0 && state->resolved)
		violation("%s is resolved, but has no end", what);
	if ((state->until != 0) != state->has_end_time)
		violation("%s has a %s for its end", what,
			state->until ? "revision without a time" : "time without a revision");
}

static void check_states(const struct truth *truth, const struct truth_system *system)
{
	for (size_t i = 0; i < system->finding_count; i++) {
		const struct truth_finding *state = &system->findings[i];
		const struct truth_finding *before =
			i && strcmp(state[-1].id, state->id) == 0 ? state - 1 : NULL;
		const char *what =
			arena_print(truth->arena, "the state of %s finding %s since revision %" PRId64,
				system->id, state->id, state->since);
		check_end(state, what);
		if (before && (before->until == 0 || before->until > state->since))
			violation("%s overlaps the one before it, which holds until %" PRId64, what,
				before->until);
		bool follows = before && !before->resolved;
		if (follows && (before->until != state->since || before->opened != state->opened))
			violation("%s does not follow the one before it, which changed at %" PRId64
				  " and was opened at %" PRId64,
				what, before->until, before->opened);
		if (!follows && state->opened != state->since)
			violation("%s says that it was opened at %" PRId64, what, state->opened);
		if (state->until > system->revision || state->since > system->revision)
			violation("%s reaches beyond its system, which is at revision %" PRId64, what,
				system->revision);
		if (state->until == 0 && system->deleted)
			violation("%s is open, but its system is deleted", what);
	}
}

void verify_tables(const struct truth *truth)
{
	check_positions(truth);
	for (size_t i = 0; i < truth->system_count; i++) {
		const struct truth_system *system = &truth->systems[i];
		check_revisions(truth, system);
		check_versions(truth, system);
		check_list(system);
		check_states(truth, system);
	}
}
