/* Severities, rules that are off, waivers and grace, on findings that the rules have made. */
#include "rules/settle.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "model/message.h"
#include "rules/policy.h"

/* ---- how the rules count ---- */

static size_t index_of(const char *rule)
{
	size_t low = 0;
	size_t high = rules_count();
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strcmp(rules_at(middle)->id, rule) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	assert(low < rules_count());
	return low;
}

static enum model_severity severity_of(const char *id)
{
	for (unsigned severity = SEVERITY_NOTE; severity < SEVERITY_END; severity++)
		if (strcmp(model_severity_id((enum model_severity)severity), id) == 0)
			return (enum model_severity)severity;
	return SEVERITY_NONE;
}

/* Is this class.*? Then it speaks for a class, but a rule's own entry goes before. */
static bool names_class(const Tally__V1__RulePolicy *policy, const struct rules_info *info)
{
	const char *class = model_class_id(info->class);
	size_t size = strlen(class);
	return strncmp(policy->rule, class, size) == 0 && strcmp(policy->rule + size, ".*") == 0;
}

static void take_policy(struct settle_rule *rules, const Tally__V1__Policy *policy)
{
	for (size_t i = 0; i < rules_count(); i++) {
		const struct rules_info *info = rules_at(i);
		const Tally__V1__RulePolicy *own = NULL;
		for (size_t j = 0; j < policy->n_rules; j++) {
			if (strcmp(policy->rules[j]->rule, info->id) == 0)
				own = policy->rules[j];
			else if (!own && names_class(policy->rules[j], info))
				own = policy->rules[j];
		}
		if (!own)
			continue;
		rules[i].severity = severity_of(own->severity);
		rules[i].off = own->off;
	}
}

static void take_grace(struct settle_rule *rules, const struct model_system *system, int64_t *due_us)
{
	const Tally__V1__Clock *clock = settle_clock(system);
	int64_t grace_us = settle_grace_us(system);
	int64_t end_us = settle_grace_end_us(system);
	bool running = end_us > rules_now_us(system);
	for (size_t i = 0; grace_us > 0 && i < rules_count(); i++) {
		int since = rules_at(i)->since;
		if (since > (clock ? clock->rule_set : 1))
			rules[i].blocks_from_us = MODEL_BLOCKS_LATER;
		else if (running && since > clock->earlier_rule_set)
			rules[i].blocks_from_us = end_us;
	}
	if (running && end_us < *due_us)
		*due_us = end_us;
}

const struct settle_rule *settle_rules(
	struct arena *arena, const struct model_system *system, int64_t *due_us)
{
	struct settle_rule *rules = arena_array(arena, rules_count(), sizeof(*rules));
	const Tally__V1__Policy *policy = policy_of_system(system);
	*due_us = INT64_MAX;
	if (policy)
		take_policy(rules, policy);
	take_grace(rules, system, due_us);
	return rules;
}

enum model_severity settle_severity(const struct settle_rule *rule, const struct rules_info *info)
{
	return rule->severity ? rule->severity : info->severity;
}

/* ---- waivers ---- */

/* Of the waivers that hold now, the one that ends last for each id, rule, and rule and subject. */
struct waivers {
	struct arena *arena;
	struct map by_key;
	size_t count;
};

static const char *rule_key(struct arena *arena, const char *rule, const char *subject)
{
	return arena_print(arena, "%s\n%s", rule, subject);
}

static void hold(struct waivers *waivers, const char *key, struct model_waived *waived)
{
	const struct model_waived *other = map_get(&waivers->by_key, key);
	if (!other || other->until_us < waived->until_us)
		map_put(&waivers->by_key, key, waived);
}

static struct waivers waivers_of(struct arena *arena, const struct model_system *system, int64_t *due_us)
{
	struct waivers waivers = {.arena = arena};
	size_t count;
	struct model_descriptor *const *all = model_system_of_kind(system, KIND_WAIVER, &count);
	int64_t now_us = rules_now_us(system);
	for (size_t i = 0; i < count; i++) {
		const Tally__V1__Waiver *spec = model_descriptor_spec(all[i]);
		int64_t until_us = model_time_us(spec->expire_time);
		if (until_us <= now_us)
			continue;
		struct model_waived *waived = arena_alloc(arena, sizeof(*waived));
		*waived = (struct model_waived){
			.waiver = arena_text(arena, model_descriptor_version(all[i])->name),
			.reason = arena_text(arena, spec->reason),
			.by = arena_text(arena, spec->waived_by),
			.until_us = until_us,
		};
		waivers.count++;
		*due_us = until_us < *due_us ? until_us : *due_us;
		hold(&waivers,
			*spec->finding ? arena_text(arena, spec->finding)
				       : rule_key(arena, spec->rule, spec->subject),
			waived);
	}
	return waivers;
}

static const struct model_waived *later(const struct model_waived *a, const struct model_waived *b)
{
	if (!a || !b)
		return a ? a : b;
	return b->until_us > a->until_us ? b : a;
}

/* @param scratch for keys */
static const struct model_waived *waiver_of(
	struct arena *scratch, const struct waivers *waivers, const struct model_finding *finding)
{
	const struct map *map = &waivers->by_key;
	const struct model_waived *best = map_get(map, finding->id);
	best = later(best, map_get(map, rule_key(scratch, finding->rule, finding->subject)));
	return later(best, map_get(map, rule_key(scratch, finding->rule, "")));
}

bool rules_waiver_is_about(const Tally__V1__Waiver *waiver, const struct model_finding *finding)
{
	if (*waiver->finding)
		return strcmp(waiver->finding, finding->id) == 0;
	return strcmp(waiver->rule, finding->rule) == 0 &&
	       (!*waiver->subject || strcmp(waiver->subject, finding->subject) == 0);
}

/* ---- rules that are off for a column ---- */

static struct map columns_off(struct arena *scratch, const struct model_system *system)
{
	struct map off = {0};
	const Tally__V1__Policy *policy = policy_of_system(system);
	for (size_t i = 0; policy && i < policy->n_fields; i++) {
		Tally__V1__FieldPolicy *field = policy->fields[i];
		for (size_t j = 0; j < field->n_rules_off; j++) {
			const char *key = rule_key(scratch, field->rules_off[j], field->field);
			map_put(&off, key, field);
		}
	}
	return off;
}

/* The name of the column in which a place stands, NULL when it stands in none. */
static const char *column_at(const struct model_system *system, const struct model_place *place)
{
	char *end = NULL;
	if (strncmp(place->field, "schema[", 7) != 0)
		return NULL;
	size_t at = strtoul(place->field + 7, &end, 10);
	const struct model_descriptor *descriptor = model_system_find(system, place->kind, place->name);
	if (!descriptor || *end != ']')
		return NULL;
	if (place->kind == KIND_TRAINING_DATA) {
		const Tally__V1__TrainingData *training = model_descriptor_spec(descriptor);
		return at < training->n_schema ? training->schema[at]->field_name : NULL;
	}
	const Tally__V1__ProductionData *production = model_descriptor_spec(descriptor);
	return at < production->n_schema ? production->schema[at]->field_name : NULL;
}

/* Do the places in one kind of data stand in columns, for all of which the rule is off? */
static bool all_off(struct arena *scratch, const struct map *off, const struct model_system *system,
	const struct model_finding *finding, enum model_kind kind)
{
	size_t count = 0;
	for (size_t i = 0; i < finding->place_count; i++) {
		if (finding->places[i].kind != kind)
			continue;
		const char *column = column_at(system, &finding->places[i]);
		if (!column || !map_get(off, rule_key(scratch, finding->rule, column)))
			return false;
		count++;
	}
	return count > 0;
}

/* The subject of a finding about a column is its name, or name:property. */
static bool subject_off(struct arena *scratch, const struct map *off, const struct model_finding *finding)
{
	if (map_get(off, rule_key(scratch, finding->rule, finding->subject)))
		return true;
	const char *colon = strrchr(finding->subject, ':');
	return colon && map_get(off, arena_print(scratch, "%s\n%.*s", finding->rule,
					     (int)(colon - finding->subject), finding->subject));
}

static bool column_off(struct arena *scratch, const struct map *off, const struct model_system *system,
	const struct model_finding *finding)
{
	return off->count > 0 && (subject_off(scratch, off, finding) ||
					 all_off(scratch, off, system, finding, KIND_TRAINING_DATA) ||
					 all_off(scratch, off, system, finding, KIND_PRODUCTION_DATA));
}

/* ---- all of it ---- */

/* What settles one finding after the other. `scratch` dies with it. */
struct settling {
	struct arena *arena;
	struct arena *scratch;
	const struct model_system *system;
	const struct settle_rule *rules;
	struct waivers waivers;
	struct map off;
};

/* @return the finding or a copy; NULL when it is left out */
static const struct model_finding *settle_one(
	const struct settling *settling, const struct model_finding *finding)
{
	const struct settle_rule *rule = &settling->rules[index_of(finding->rule)];
	if (rule->off || column_off(settling->scratch, &settling->off, settling->system, finding))
		return NULL;
	enum model_severity severity = rule->severity ? rule->severity : finding->severity;
	int64_t from_us = severity == SEVERITY_ERROR ? rule->blocks_from_us : 0;
	const struct model_waived *waived =
		settling->waivers.count ? waiver_of(settling->scratch, &settling->waivers, finding) : NULL;
	if (severity == finding->severity && from_us == 0 && !waived)
		return finding;
	struct model_finding *copy = arena_copy(settling->arena, finding, sizeof(*finding));
	copy->severity = severity;
	copy->blocks_from_us = from_us;
	copy->waived = waived;
	model_finding_redigest(copy);
	return copy;
}

/* Most systems have nothing that settles anything. */
static bool nothing_to_settle(const struct settling *settling)
{
	if (settling->waivers.count > 0 || settling->off.count > 0)
		return false;
	for (size_t i = 0; i < rules_count(); i++) {
		const struct settle_rule *rule = &settling->rules[i];
		if (rule->off || rule->severity || rule->blocks_from_us)
			return false;
	}
	return true;
}

/* They come last of a system's descriptors. */
static size_t parts_of(const struct model_system *system)
{
	size_t count = system->count;
	while (count > 0 && model_descriptor_version(system->descriptors[count - 1])->kind > KIND_END)
		count--;
	return count;
}

bool settle_alike(const struct model_system *a, const struct model_system *b)
{
	size_t left = parts_of(a), right = parts_of(b), count = a->count - left;
	return count == b->count - right &&
	       (count == 0 || memcmp(a->descriptors + left, b->descriptors + right,
				      count * sizeof(struct model_descriptor *)) == 0);
}

static const struct model_finding **settle_each(
	const struct settling *settling, const struct model_finding *const *findings, size_t *count)
{
	const struct model_finding **settled =
		arena_array(settling->arena, *count, sizeof(const struct model_finding *));
	size_t kept = 0;
	for (size_t i = 0; i < *count; i++) {
		settled[kept] = settle_one(settling, findings[i]);
		kept += settled[kept] != NULL;
	}
	*count = kept;
	return settled;
}

const struct model_finding **settle(struct arena *arena, const struct model_system *system,
	const struct model_finding *const *findings, size_t *count, int64_t *due_us)
{
	struct settling settling = {.arena = arena, .scratch = arena_new(), .system = system};
	settling.rules = settle_rules(settling.scratch, system, due_us);
	settling.waivers = waivers_of(arena, system, due_us);
	settling.off = columns_off(settling.scratch, system);
	const struct model_finding **settled = NULL;
	if (!nothing_to_settle(&settling))
		settled = settle_each(&settling, findings, count);
	map_done(&settling.waivers.by_key);
	map_done(&settling.off);
	arena_free(settling.scratch);
	return settled;
}
