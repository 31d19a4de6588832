/* The JSON that programs get: words instead of enums, ids instead of resource names. */
#include <math.h>
#include <string.h>

#include "command/show.h"
#include "command/words.h"

/* Text that is not UTF-8 cannot come out of a message, but a JSON value must never be missing. */
static json_t *text(const char *value)
{
	json_t *json = json_string(value ? value : "");
	return json ? json : json_string("");
}

static json_t *names(char *const *values, size_t count, bool last_part)
{
	json_t *list = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, text(last_part ? words_last(values[i]) : values[i]));
	return list;
}

static json_t *source(const Tally__V1__Source *from)
{
	json_t *object = json_object();
	json_object_set_new(object, "file", text(from->file));
	json_object_set_new(object, "path", text(from->path));
	return object;
}

static json_t *places(const Tally__V1__Finding *finding)
{
	json_t *list = json_array();
	for (size_t i = 0; i < finding->n_descriptors; i++) {
		const Tally__V1__DescriptorRef *place = finding->descriptors[i];
		json_t *object = json_object();
		json_object_set_new(object, "kind", text(words_kind(place->kind)));
		json_object_set_new(object, "name", text(place->name));
		json_object_set_new(object, "version", json_integer(place->version));
		json_object_set_new(object, "field", text(place->field));
		if (*place->value)
			json_object_set_new(object, "value", text(place->value));
		if (place->source)
			json_object_set_new(object, "source", source(place->source));
		json_array_append_new(list, object);
	}
	return list;
}

static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

static json_t *figure(const Tally__V1__Evidence *evidence)
{
	json_t *object = json_object();
	if (evidence->_value_case)
		json_object_set_new(object, "value", number(evidence->value));
	if (evidence->_threshold_case)
		json_object_set_new(object, "threshold", number(evidence->threshold));
	if (*evidence->unit)
		json_object_set_new(object, "unit", text(evidence->unit));
	if (*evidence->method)
		json_object_set_new(object, "method", text(evidence->method));
	if (evidence->bins)
		json_object_set_new(object, "bins", json_integer(evidence->bins));
	if (evidence->reference_count)
		json_object_set_new(object, "reference_count", json_integer(evidence->reference_count));
	if (evidence->current_count)
		json_object_set_new(object, "current_count", json_integer(evidence->current_count));
	return object;
}

static json_t *figures(const Tally__V1__Finding *finding)
{
	json_t *object = json_object();
	for (size_t i = 0; i < finding->n_evidence; i++)
		json_object_set_new(object, finding->evidence[i]->measure, figure(finding->evidence[i]));
	return object;
}

static void set_time(json_t *object, const char *key, const Google__Protobuf__Timestamp *time)
{
	struct arena *arena = arena_new();
	json_object_set_new(object, key, time ? text(words_time(arena, time)) : json_null());
	arena_free(arena);
}

json_t *show_waiver_json(const Tally__V1__FindingWaiver *waiver)
{
	json_t *object = json_object();
	json_object_set_new(object, "name", text(words_last(waiver->name)));
	json_object_set_new(object, "reason", text(waiver->reason));
	set_time(object, "until", waiver->expire_time);
	json_object_set_new(object, "by", text(waiver->waived_by));
	return object;
}

static json_t *passed(const Tally__V1__Finding *finding)
{
	json_t *list = json_array();
	for (size_t i = 0; i < finding->n_last_passed; i++) {
		const Tally__V1__DescriptorRef *place = finding->last_passed[i];
		json_t *object = json_object();
		json_object_set_new(object, "kind", text(words_kind(place->kind)));
		json_object_set_new(object, "name", text(place->name));
		json_object_set_new(object, "version", json_integer(place->version));
		json_array_append_new(list, object);
	}
	return list;
}

/* What most findings have nothing to say about. */
static void set_more(json_t *object, const Tally__V1__Finding *finding)
{
	if (finding->waiver)
		json_object_set_new(object, "waiver", show_waiver_json(finding->waiver));
	if (finding->blocks_from)
		set_time(object, "blocks_from", finding->blocks_from);
	if (finding->n_last_passed > 0)
		json_object_set_new(object, "last_passed", passed(finding));
	if (finding->state == TALLY__V1__STATE__STATE_RESOLVED) {
		json_object_set_new(object, "resolved_revision", json_integer(finding->resolved_revision));
		set_time(object, "resolved_at", finding->resolved_at);
	}
}

json_t *show_finding_json(const Tally__V1__Finding *finding)
{
	json_t *object = json_object();
	json_object_set_new(object, "id", text(words_last(finding->name)));
	json_object_set_new(object, "rule", text(finding->rule));
	json_object_set_new(object, "class", text(finding->rule_class));
	json_object_set_new(object, "severity", text(words_severity(finding->severity)));
	json_object_set_new(object, "subject", text(finding->subject));
	json_object_set_new(object, "message", text(finding->message));
	json_object_set_new(object, "rationale", text(finding->rationale));
	json_object_set_new(object, "remedy", text(finding->remedy));
	json_object_set_new(object, "descriptors", places(finding));
	json_object_set_new(object, "teams", names(finding->teams, finding->n_teams, false));
	json_object_set_new(object, "evidence", figures(finding));
	json_object_set_new(object, "waived", json_boolean(finding->waived));
	json_object_set_new(object, "opened_revision", json_integer(finding->opened_revision));
	set_time(object, "opened_at", finding->opened_at);
	set_more(object, finding);
	return object;
}

static int compare(const void *a, const void *b)
{
	const Tally__V1__Finding *one = *(Tally__V1__Finding *const *)a;
	const Tally__V1__Finding *other = *(Tally__V1__Finding *const *)b;
	if (one->severity != other->severity)
		return one->severity > other->severity ? -1 : 1;
	int order = strcmp(one->rule, other->rule);
	order = order ? order : strcmp(one->subject, other->subject);
	return order ? order : strcmp(one->name, other->name);
}

void show_sort_findings(Tally__V1__Finding **findings, size_t count)
{
	if (count > 0)
		qsort(findings, count, sizeof(Tally__V1__Finding *), compare);
}

json_t *show_findings_json(Tally__V1__Finding **findings, size_t count)
{
	json_t *list = json_array();
	show_sort_findings(findings, count);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, show_finding_json(findings[i]));
	return list;
}

static json_t *kinds(const Tally__V1__Kind *values, size_t count)
{
	json_t *list = json_array();
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, text(words_kind(values[i])));
	return list;
}

json_t *show_verdict_json(const Tally__V1__Verdict *verdict)
{
	json_t *object = json_object();
	json_object_set_new(object, "system", text(words_last(verdict->system)));
	json_object_set_new(object, "revision", json_integer(verdict->revision));
	json_object_set_new(object, "verdict", text(words_decision(verdict->decision)));
	json_object_set_new(object, "environment", text(verdict->environment));
	json_object_set_new(object, "errors", json_integer(verdict->error_count));
	json_object_set_new(object, "warnings", json_integer(verdict->warning_count));
	json_object_set_new(object, "notes", json_integer(verdict->note_count));
	json_object_set_new(object, "waived", json_integer(verdict->waived_count));
	json_object_set_new(
		object, "blocking", names(verdict->blocking_findings, verdict->n_blocking_findings, true));
	json_object_set_new(object, "grace", json_integer(verdict->grace_count));
	json_object_set_new(object, "missing_kinds", kinds(verdict->missing_kinds, verdict->n_missing_kinds));
	json_object_set_new(object, "needed_kinds", kinds(verdict->needed_kinds, verdict->n_needed_kinds));
	return object;
}

enum model_kind show_kind_of(const Tally__V1__Descriptor *descriptor)
{
	struct model_name name;
	const char *why;
	return model_name_parse(descriptor->name, &name, &why) ? name.kind : KIND_NONE;
}

/* The name without /versions/n. */
static void set_name(json_t *object, const Tally__V1__Descriptor *descriptor)
{
	struct model_name name;
	const char *why;
	bool known = model_name_parse(descriptor->name, &name, &why);
	json_object_set_new(object, "kind", text(known ? model_kind_info(name.kind)->id : ""));
	json_object_set_new(object, "name", text(known ? name.descriptor : descriptor->name));
}

json_t *show_descriptor_json(const Tally__V1__Descriptor *descriptor)
{
	json_t *object = json_object();
	set_name(object, descriptor);
	json_object_set_new(object, "version", json_integer(descriptor->version));
	json_object_set_new(object, "revision", json_integer(descriptor->revision));
	json_object_set_new(object, "digest", text(descriptor->digest));
	json_object_set_new(object, "etag", text(descriptor->etag));
	json_object_set_new(object, "owner_team", text(descriptor->owner_team));
	json_object_set_new(object, "author", text(descriptor->author));
	json_object_set_new(object, "author_team", text(descriptor->author_team));
	json_object_set_new(object, "change_note", text(descriptor->change_note));
	set_time(object, "create_time", descriptor->create_time);
	json_object_set_new(object, "deleted", json_boolean(descriptor->deleted));
	return object;
}
