/* Comparing verdicts and making the API's message of one. */
#include <stdlib.h>
#include <string.h>

#include "model/finding.h"

bool model_verdict_equal(const struct model_verdict *a, const struct model_verdict *b)
{
	if (a->decision != b->decision || a->waived != b->waived || a->grace != b->grace ||
		memcmp(a->counts, b->counts, sizeof(a->counts)) != 0 || a->missing != b->missing ||
		a->blocking_count != b->blocking_count)
		return false;
	for (size_t i = 0; i < a->blocking_count; i++)
		if (strcmp(a->blocking[i], b->blocking[i]) != 0)
			return false;
	return true;
}

Tally__V1__Verdict *model_verdict_message(struct arena *arena, const char *system, int64_t revision,
	const char *environment, const struct model_verdict *verdict)
{
	Tally__V1__Verdict *message = arena_alloc(arena, sizeof(*message));
	tally__v1__verdict__init(message);
	message->system = arena_print(arena, "systems/%s", system);
	message->revision = revision;
	message->environment = arena_text(arena, environment);
	message->decision = (Tally__V1__Decision)verdict->decision;
	message->error_count = verdict->counts[SEVERITY_ERROR];
	message->warning_count = verdict->counts[SEVERITY_WARNING];
	message->note_count = verdict->counts[SEVERITY_NOTE];
	message->waived_count = verdict->waived;
	message->grace_count = verdict->grace;
	message->blocking_findings = arena_array(arena, verdict->blocking_count, sizeof(char *));
	for (size_t i = 0; i < verdict->blocking_count; i++)
		message->blocking_findings[message->n_blocking_findings++] =
			arena_print(arena, "systems/%s/findings/%s", system, verdict->blocking[i]);
	message->missing_kinds = arena_array(arena, KIND_END, sizeof(*message->missing_kinds));
	message->needed_kinds = arena_array(arena, KIND_END, sizeof(*message->needed_kinds));
	for (unsigned kind = KIND_NONE + 1; kind < KIND_END; kind++) {
		if (verdict->missing & KIND_BIT(kind))
			message->missing_kinds[message->n_missing_kinds++] = (Tally__V1__Kind)kind;
		if (verdict->needed & KIND_BIT(kind))
			message->needed_kinds[message->n_needed_kinds++] = (Tally__V1__Kind)kind;
	}
	return message;
}
