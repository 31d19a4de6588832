/* From findings to a verdict. */
#include "rules/settle.h"

#include <stdio.h>
#include <string.h>

/* The kinds that some rule cannot do without whose findings block. */
static kind_set needed_by_errors(const struct model_system *system)
{
	struct arena *scratch = arena_new();
	int64_t due_us;
	const struct settle_rule *rules = settle_rules(scratch, system, &due_us);
	kind_set needed = 0;
	for (size_t i = 0; i < rules_count(); i++) {
		if (settle_severity(&rules[i], rules_at(i)) == SEVERITY_ERROR && !rules[i].off &&
			!rules[i].blocks_from_us)
			needed |= rules_at(i)->needs;
	}
	arena_free(scratch);
	return needed;
}

/* An environment that does not exist is as good as none: the answer must not be yes. */
static kind_set missing_kinds(const struct model_system *system, const char *environment)
{
	kind_set missing = 0;
	for (unsigned kind = KIND_NONE + 1; kind < KIND_END; kind++) {
		size_t count;
		model_system_of_kind(system, (enum model_kind)kind, &count);
		if (count == 0)
			missing |= KIND_BIT(kind);
	}
	if (environment && !model_system_find(system, KIND_PRODUCTION_ENVIRONMENT, environment))
		missing |= KIND_BIT(KIND_PRODUCTION_ENVIRONMENT);
	return missing;
}

/* Is a finding about production environments, but not about this one? */
static bool about_another(const struct model_finding *finding, const char *environment)
{
	bool another = false;
	if (!environment || !*environment || !(finding->kinds & KIND_BIT(KIND_PRODUCTION_ENVIRONMENT)))
		return false;
	for (size_t i = 0; i < finding->place_count; i++) {
		const struct model_place *place = &finding->places[i];
		if (place->kind != KIND_PRODUCTION_ENVIRONMENT || !*place->name)
			continue;
		if (strcmp(place->name, environment) == 0)
			return false;
		another = true;
	}
	return another;
}

static void count_finding(struct model_verdict *verdict, const struct model_finding *finding)
{
	if (finding->waived) {
		verdict->waived++;
		return;
	}
	if (finding->blocks_from_us) {
		verdict->grace++;
		return;
	}
	verdict->counts[finding->severity]++;
	if (finding->severity == SEVERITY_ERROR && verdict->blocking_count < MODEL_BLOCKING_MAX)
		snprintf(verdict->blocking[verdict->blocking_count++], MODEL_FINDING_ID_SIZE, "%s",
			finding->id);
}

bool rules_is_about(const struct model_finding *finding, const char *environment)
{
	return !about_another(finding, environment);
}

void rules_judge(const struct model_system *system, const struct model_finding *const *findings, size_t count,
	const char *environment, struct model_verdict *verdict)
{
	if (environment && !*environment)
		environment = NULL;
	*verdict = (struct model_verdict){.missing = missing_kinds(system, environment)};
	for (size_t i = 0; i < count; i++) {
		if (!about_another(findings[i], environment))
			count_finding(verdict, findings[i]);
	}
	if (verdict->missing)
		verdict->needed = verdict->missing & needed_by_errors(system);
	if (verdict->counts[SEVERITY_ERROR] > 0)
		verdict->decision = DECISION_BLOCKED;
	else if (verdict->needed)
		verdict->decision = DECISION_UNKNOWN;
	else
		verdict->decision = DECISION_ALLOWED;
}
