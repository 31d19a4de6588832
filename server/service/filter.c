/* Conditions on findings; all must pass. */
#include "service/filter.h"

#include "base/nearest.h"
#include "rules/rules.h"
#include "service/check.h"

/* @return the index of the rule in rules_at(), which orders them by id; rules_count() when there is none */
static size_t rule_index(const char *id)
{
	size_t low = 0;
	size_t high = rules_count();
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = strcmp(rules_at(middle)->id, id);
		if (order == 0)
			return middle;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return rules_count();
}

static bool unknown(struct fault *fault, const char *reason, const char *field, size_t index,
	const char *word, const char *nearest)
{
	char path[64];
	snprintf(path, sizeof(path), "%s[%zu]", field, index);
	return check_refuse(fault, reason, path, "\"%s\" is not known%s%s%s", word,
		nearest ? "; did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
}

static bool read_classes(
	const Tally__V1__ListFindingsRequest *request, uint32_t *classes, struct fault *fault)
{
	const char *ids[CLASS_END] = {NULL};
	uint32_t made = 0;
	for (unsigned i = CLASS_NONE + 1; i < CLASS_END; i++)
		ids[i] = model_class_id((enum model_class)i);
	for (size_t i = 0; i < request->n_rule_classes; i++) {
		const char *id = request->rule_classes[i];
		enum model_class class = model_class_by_id(id);
		if (class == CLASS_NONE)
			return unknown(fault, "RULE_CLASS_UNKNOWN", "rule_classes", i, id,
				nearest_word(id, ids, CLASS_END));
		made |= UINT32_C(1) << class;
	}
	*classes = request->n_rule_classes == 0 ? UINT32_MAX : made;
	return true;
}

static bool read_rules(struct arena *arena, const Tally__V1__ListFindingsRequest *request, const bool **rules,
	struct fault *fault)
{
	if (request->n_rules == 0)
		return true;
	bool *made = arena_array(arena, rules_count(), sizeof(*made));
	for (size_t i = 0; i < request->n_rules; i++) {
		size_t index = rule_index(request->rules[i]);
		if (index < rules_count()) {
			made[index] = true;
			continue;
		}
		const char **ids = arena_array(arena, rules_count(), sizeof(const char *));
		for (size_t rule = 0; rule < rules_count(); rule++)
			ids[rule] = rules_at(rule)->id;
		return unknown(fault, "RULE_UNKNOWN", "rules", i, request->rules[i],
			nearest_word(request->rules[i], ids, rules_count()));
	}
	*rules = made;
	return true;
}

static bool read_teams(const Tally__V1__ListFindingsRequest *request, uint32_t *teams, struct fault *fault)
{
	const char *ids[TEAM_COUNT];
	uint32_t made = 0;
	for (unsigned i = 0; i < TEAM_COUNT; i++)
		ids[i] = model_team_id((enum model_team)i);
	for (size_t i = 0; i < request->n_teams; i++) {
		enum model_team team = model_team_by_id(request->teams[i]);
		if (team == TEAM_COUNT)
			return unknown(fault, "TEAM_UNKNOWN", "teams", i, request->teams[i],
				nearest_word(request->teams[i], ids, TEAM_COUNT));
		made |= TEAM_BIT(team);
	}
	*teams = request->n_teams == 0 ? UINT32_MAX : made;
	return true;
}

bool filter_read(struct arena *arena, const Tally__V1__ListFindingsRequest *request, struct filter *filter,
	struct fault *fault)
{
	struct filter made = {.min_severity = (enum model_severity)request->min_severity};
	bool good = check_kinds(fault, "kinds", (const int *)request->kinds, request->n_kinds, &made.kinds);
	good = read_classes(request, &made.classes, fault) && good;
	good = read_rules(arena, request, &made.rules, fault) && good;
	good = read_teams(request, &made.teams, fault) && good;
	if (good)
		*filter = made;
	return good;
}

bool filter_passes(const struct filter *filter, const struct model_finding *finding)
{
	if (finding->severity < filter->min_severity || !(filter->classes & (UINT32_C(1) << finding->class)))
		return false;
	if (filter->kinds != KIND_EVERY && !(finding->kinds & filter->kinds))
		return false;
	if (filter->teams != UINT32_MAX && !(finding->teams & filter->teams))
		return false;
	if (!filter->rules)
		return true;
	size_t index = rule_index(finding->rule);
	return index < rules_count() && filter->rules[index];
}
