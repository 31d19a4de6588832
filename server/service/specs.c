/* Checks of policies, waivers and deployments, which are acted on and so must be whole. */
#include "service/specs.h"

#include <math.h>
#include <string.h>

#include "base/clock.h"
#include "base/map.h"
#include "base/nearest.h"
#include "model/descriptor.h"
#include "model/finding.h"
#include "model/message.h"
#include "model/types.h"
#include "rules/policy.h"
#include "rules/rules.h"
#include "service/check.h"

enum {
	ENTRIES_MAX = 10000, /* of one list */
	REASON_MAX = 2000,
	SUBJECT_MAX = 400, /* findings have at most 300 bytes and an ellipsis */
	TEXT_MAX = 200,
	GRACE_DAYS_MAX = 3650,
};

/* One spec being checked. */
struct spec {
	struct arena *arena;
	const char *field; /* e.g. descriptors[2].policy */
	struct fault *fault;
};

static const char *path(const struct spec *spec, const char *list, size_t index, const char *member)
{
	return arena_print(spec->arena, "%s.%s[%zu]%s", spec->field, list, index, member);
}

static bool few_enough(const struct spec *spec, const char *list, size_t count)
{
	const char *field = arena_print(spec->arena, "%s.%s", spec->field, list);
	return count <= ENTRIES_MAX ||
	       check_refuse(spec->fault, "TOO_MANY_ENTRIES", field, "has %zu entries, at most %d are kept",
		       count, (int)ENTRIES_MAX);
}

/* Notes a key. @return false when it was there */
static bool only_once(const struct spec *spec, struct map *seen, const char *field, const char *key)
{
	if (!map_put(seen, key, seen))
		return true;
	return check_refuse(spec->fault, "FIELD_REPEATED", field, "\"%.100s\" stands there twice", key);
}

/* ---- rules and severities ---- */

static bool is_class(const char *rule)
{
	for (unsigned class = CLASS_NONE + 1; class < CLASS_END; class ++) {
		const char *id = model_class_id((enum model_class) class);
		size_t size = strlen(id);
		if (strncmp(rule, id, size) == 0 && strcmp(rule + size, ".*") == 0)
			return true;
	}
	return false;
}

static const char *nearest_rule(struct arena *arena, const char *word, bool classes)
{
	const char **ids = arena_array(arena, rules_count() + CLASS_END, sizeof(const char *));
	size_t count = 0;
	for (size_t i = 0; i < rules_count(); i++)
		ids[count++] = rules_at(i)->id;
	for (unsigned class = CLASS_NONE + 1; classes && class < CLASS_END; class ++)
		ids[count++] = arena_print(arena, "%s.*", model_class_id((enum model_class) class));
	return nearest_word(word, ids, count);
}

static bool check_rule(const struct spec *spec, const char *field, const char *rule, bool classes)
{
	if (rules_find(rule) || (classes && is_class(rule)))
		return true;
	const char *near = nearest_rule(spec->arena, rule, classes);
	return check_refuse(spec->fault, "RULE_UNKNOWN", field, "there is no rule \"%.100s\"%s%s%s", rule,
		near      ? "; did you mean \""
		: classes ? "; a whole class is written class.*"
			  : "",
		near ? near : "", near ? "\"?" : "");
}

static void check_severity(const struct spec *spec, const char *field, const char *severity)
{
	static const char *const known[] = {"note", "warning", "error"};
	for (size_t i = 0; i < 3; i++)
		if (strcmp(known[i], severity) == 0)
			return;
	const char *near = nearest_word(severity, known, 3);
	if (*severity)
		check_refuse(spec->fault, "SEVERITY_UNKNOWN", field,
			"\"%.100s\" is not note, warning or error%s%s%s", severity,
			near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

/* ---- policies ---- */

static void check_thresholds(
	const struct spec *spec, const char *field, const Tally__V1__DataThresholds *data)
{
	for (unsigned i = 0; i < POLICY_THRESHOLDS; i++) {
		const struct policy_range *range = policy_range((enum policy_threshold)i);
		double value = 0;
		if (!policy_given(data, (enum policy_threshold)i, &value) ||
			(isfinite(value) && value >= range->least && value <= range->most))
			continue;
		const char *member = arena_print(spec->arena, "%s.%s", field, range->id);
		if (range->most < 1e300)
			check_refuse(spec->fault, "THRESHOLD_OUT_OF_RANGE", member,
				"is %g, but must be %g to %g", value, range->least, range->most);
		else
			check_refuse(spec->fault, "THRESHOLD_OUT_OF_RANGE", member,
				"is %g, but must be %g or more", value, range->least);
	}
}

static void check_rule_policies(const struct spec *spec, const Tally__V1__Policy *policy)
{
	struct map seen = {0};
	for (size_t i = 0; few_enough(spec, "rules", policy->n_rules) && i < policy->n_rules; i++) {
		const Tally__V1__RulePolicy *rule = policy->rules[i];
		const char *field = path(spec, "rules", i, ".rule");
		if (check_rule(spec, field, rule->rule, true))
			only_once(spec, &seen, field, rule->rule);
		check_severity(spec, path(spec, "rules", i, ".severity"), rule->severity);
	}
	map_done(&seen);
}

static void check_fields(const struct spec *spec, const Tally__V1__Policy *policy)
{
	struct map seen = {0};
	for (size_t i = 0; few_enough(spec, "fields", policy->n_fields) && i < policy->n_fields; i++) {
		const Tally__V1__FieldPolicy *one = policy->fields[i];
		const char *field = path(spec, "fields", i, ".field");
		if (model_blank(one->field))
			check_refuse(
				spec->fault, "FIELD_MISSING", field, "is required: the name of a column");
		else
			only_once(spec, &seen, field, one->field);
		check_thresholds(spec, path(spec, "fields", i, ".data"), one->data);
		for (size_t j = 0; j < one->n_rules_off && j < ENTRIES_MAX; j++)
			check_rule(spec,
				arena_print(spec->arena, "%s.fields[%zu].rules_off[%zu]", spec->field, i, j),
				one->rules_off[j], false);
	}
	map_done(&seen);
}

static void check_policy(const struct spec *spec, const Tally__V1__Policy *policy)
{
	check_rule_policies(spec, policy);
	check_thresholds(spec, arena_print(spec->arena, "%s.data", spec->field), policy->data);
	check_fields(spec, policy);
	const Google__Protobuf__Duration *grace = policy->new_rule_grace;
	if (grace &&
		(grace->seconds < 0 || grace->nanos < 0 || grace->seconds > GRACE_DAYS_MAX * INT64_C(86400)))
		check_refuse(spec->fault, "THRESHOLD_OUT_OF_RANGE",
			arena_print(spec->arena, "%s.new_rule_grace", spec->field), "must be 0 to %d days",
			(int)GRACE_DAYS_MAX);
}

/* ---- waivers ---- */

static bool is_finding(const char *id)
{
	return strlen(id) == MODEL_FINDING_ID_SIZE - 1 && id[0] == 'f' &&
	       strspn(id + 1, "0123456789abcdef") == MODEL_FINDING_ID_SIZE - 2;
}

static const char *member(const struct spec *spec, const char *name)
{
	return arena_print(spec->arena, "%s.%s", spec->field, name);
}

/* What it holds: a finding, or a rule and perhaps a subject. */
static void check_held(const struct spec *spec, const Tally__V1__Waiver *waiver)
{
	if (!*waiver->finding && !*waiver->rule)
		check_refuse(spec->fault, "FIELD_MISSING", member(spec, "finding"),
			"the id of a finding, or a rule, is required");
	else if (*waiver->finding && *waiver->rule)
		check_refuse(spec->fault, "FIELD_REPEATED", member(spec, "rule"),
			"cannot be given beside finding: waive one or the other");
	else if (*waiver->finding && !is_finding(waiver->finding))
		check_refuse(spec->fault, "NAME_INVALID", member(spec, "finding"),
			"\"%.100s\" is not the id of a finding: f and 31 hexadecimal digits",
			waiver->finding);
	else if (*waiver->rule)
		check_rule(spec, member(spec, "rule"), waiver->rule, false);
	if (*waiver->subject && !*waiver->rule)
		check_refuse(
			spec->fault, "FIELD_MISSING", member(spec, "rule"), "is required with a subject");
	check_size(spec->fault, member(spec, "subject"), waiver->subject, SUBJECT_MAX);
}

static void check_waiver(const struct spec *spec, const Tally__V1__Waiver *waiver, int64_t now_us)
{
	check_held(spec, waiver);
	if (model_blank(waiver->reason))
		check_refuse(spec->fault, "FIELD_MISSING", member(spec, "reason"), "is required");
	if (model_blank(waiver->waived_by))
		check_refuse(spec->fault, "FIELD_MISSING", member(spec, "waived_by"),
			"is required: who answers for it");
	check_size(spec->fault, member(spec, "reason"), waiver->reason, REASON_MAX);
	check_size(spec->fault, member(spec, "waived_by"), waiver->waived_by, TEXT_MAX);
	char text[CLOCK_TEXT_SIZE];
	int64_t until_us = model_time_us(waiver->expire_time);
	if (!waiver->expire_time)
		check_refuse(spec->fault, "FIELD_MISSING", member(spec, "expire_time"), "is required");
	else if (until_us <= now_us || until_us == MODEL_TIME_LAST_US)
		check_refuse(spec->fault, "TIME_PASSED", member(spec, "expire_time"),
			"must be later than now, %s, and before the year 10000", clock_text(now_us, text));
}

/* ---- deployments ---- */

static void check_deployed(const struct spec *spec, size_t index, const Tally__V1__DeployedVersion *version)
{
	size_t length = strcspn(version->descriptor, "/");
	enum model_kind kind = model_kind_by_collection(version->descriptor, length);
	const char *name = version->descriptor[length] ? version->descriptor + length + 1 : "";
	if (kind == KIND_NONE || kind > KIND_END || !model_id_valid(name))
		check_refuse(spec->fault, "NAME_INVALID", path(spec, "versions", index, ".descriptor"),
			"\"%.100s\" is not {collection}/{name} of a descriptor, for example trainedModels/default",
			version->descriptor);
	if (version->version < 1)
		check_refuse(spec->fault, "FIELD_MISSING", path(spec, "versions", index, ".version"),
			"is required: 1, 2, 3 ...");
}

static void check_deployment(const struct spec *spec, const Tally__V1__Deployment *deployment)
{
	struct map seen = {0};
	size_t count = few_enough(spec, "versions", deployment->n_versions) ? deployment->n_versions : 0;
	for (size_t i = 0; i < count; i++) {
		check_deployed(spec, i, deployment->versions[i]);
		only_once(spec, &seen, path(spec, "versions", i, ".descriptor"),
			deployment->versions[i]->descriptor);
	}
	map_done(&seen);
	check_size(spec->fault, member(spec, "note"), deployment->note, REASON_MAX);
}

bool specs_check(struct arena *arena, const char *field, const Tally__V1__Descriptor *descriptor,
	const char *name, int64_t now_us, struct fault *fault)
{
	size_t before = fault->violation_count;
	enum model_kind kind = model_message_kind(descriptor);
	const struct spec spec = {
		arena, arena_print(arena, "%s.%s", field, model_kind_info(kind)->id), fault};
	if (kind == KIND_POLICY && strcmp(name, "default") != 0)
		check_refuse(fault, "NAME_INVALID", arena_print(arena, "%s.name", field),
			"a system has one policy, which is named default, not %s", name);
	if (kind == KIND_POLICY)
		check_policy(&spec, descriptor->policy);
	else if (kind == KIND_WAIVER)
		check_waiver(&spec, descriptor->waiver, now_us);
	else if (kind == KIND_DEPLOYMENT)
		check_deployment(&spec, descriptor->deployment);
	else if (kind == KIND_CLOCK)
		check_refuse(fault, "CLOCK_NOT_TAKEN", spec.field, "only the server moves a system's clock");
	return fault->violation_count == before;
}

bool specs_check_policy(
	struct arena *arena, const char *field, const Tally__V1__Policy *policy, struct fault *fault)
{
	size_t before = fault->violation_count;
	const struct spec spec = {arena, field, fault};
	check_policy(&spec, policy);
	return fault->violation_count == before;
}
