/*
 * SARIF 2.1.0. A finding is about places in descriptors, so its locations are
 * logical ones; a place that was imported from a file has that file as its
 * physical location too.
 */
#include <string.h>

#include "codec/codec.h"
#include "command/report_inside.h"
#include "command/show.h"
#include "command/words.h"

static json_t *text(const char *value)
{
	json_t *json = json_string(value ? value : "");
	return json ? json : json_string("");
}

static json_t *message(const char *value)
{
	json_t *object = json_object();
	json_object_set_new(object, "text", text(value));
	return object;
}

/* SARIF's levels are our severities. */
static json_t *level(Tally__V1__Severity severity)
{
	return text(words_severity(severity));
}

static json_t *rule_json(const Tally__V1__Rule *rule)
{
	json_t *object = json_object(), *configuration = json_object();
	json_object_set_new(configuration, "level", level(rule->default_severity));
	json_object_set_new(object, "id", text(words_last(rule->name)));
	json_object_set_new(object, "shortDescription", message(rule->title));
	json_object_set_new(object, "fullDescription", message(rule->rationale));
	json_object_set_new(object, "help", message(rule->remedy));
	json_object_set_new(object, "defaultConfiguration", configuration);
	return object;
}

static json_t *rules_json(const struct report *report)
{
	json_t *list = json_array();
	for (size_t i = 0; i < report->rule_count; i++)
		json_array_append_new(list, rule_json(report->rules[i]));
	return list;
}

static json_t *logical_location(
	struct arena *arena, const struct report *report, const Tally__V1__DescriptorRef *place)
{
	json_t *object = json_object();
	const char *where = report_place(arena, place);
	json_object_set_new(object, "name", text(*place->field ? place->field : words_kind(place->kind)));
	json_object_set_new(
		object, "fullyQualifiedName", text(arena_print(arena, "%s/%s", report->system, where)));
	json_object_set_new(object, "kind", text("member"));
	return object;
}

/* A file's name may hold what a URI may not. */
static const char *uri(struct arena *arena, const char *file)
{
	struct buffer out = {0};
	for (const char *at = file; *at; at++) {
		if (strchr("-._~/", *at) || (*at >= '0' && *at <= '9') || (*at >= 'A' && *at <= 'Z') ||
			(*at >= 'a' && *at <= 'z'))
			buffer_add(&out, at, 1);
		else
			buffer_print(&out, "%%%02X", (unsigned char)*at);
	}
	const char *made = arena_text(arena, buffer_string(&out));
	buffer_done(&out);
	return made;
}

static json_t *physical_location(struct arena *arena, const Tally__V1__Source *source)
{
	json_t *object = json_object(), *artifact = json_object();
	json_object_set_new(artifact, "uri", text(uri(arena, source->file)));
	json_object_set_new(object, "artifactLocation", artifact);
	return object;
}

static json_t *location(
	struct arena *arena, const struct report *report, const Tally__V1__DescriptorRef *place)
{
	json_t *object = json_object(), *logical = json_array();
	if (place->source && *place->source->file)
		json_object_set_new(object, "physicalLocation", physical_location(arena, place->source));
	json_array_append_new(logical, logical_location(arena, report, place));
	json_object_set_new(object, "logicalLocations", logical);
	if (*place->value)
		json_object_set_new(object, "message", message(place->value));
	return object;
}

static json_t *suppressions(struct arena *arena, const Tally__V1__Finding *finding)
{
	json_t *list = json_array(), *object = json_object();
	json_object_set_new(object, "kind", text("external"));
	json_object_set_new(object, "status", text("accepted"));
	json_object_set_new(object, "justification", text(report_waiver(arena, finding)));
	if (finding->waiver)
		json_object_set_new(object, "properties", show_waiver_json(finding->waiver));
	json_array_append_new(list, object);
	return list;
}

static json_t *properties(struct arena *arena, const Tally__V1__Finding *finding)
{
	json_t *object = json_object(), *teams = json_array();
	for (size_t i = 0; i < finding->n_teams; i++)
		json_array_append_new(teams, text(finding->teams[i]));
	json_object_set_new(object, "subject", text(finding->subject));
	json_object_set_new(object, "teams", teams);
	json_object_set_new(object, "remedy", text(finding->remedy));
	json_object_set_new(object, "openedRevision", json_integer(finding->opened_revision));
	if (finding->blocks_from)
		json_object_set_new(object, "blocksFrom", text(words_time(arena, finding->blocks_from)));
	if (finding->n_last_passed > 0)
		json_object_set_new(object, "lastPassed", text(report_last_passed(arena, finding)));
	return object;
}

static int rule_index(const struct report *report, const char *rule)
{
	for (size_t i = 0; i < report->rule_count; i++) {
		if (strcmp(words_last(report->rules[i]->name), rule) == 0)
			return (int)i;
	}
	return -1;
}

static json_t *result_json(
	struct arena *arena, const struct report *report, const Tally__V1__Finding *finding)
{
	json_t *object = json_object(), *prints = json_object();
	json_t *locations = json_array(), *related = json_array();
	json_object_set_new(prints, "tallyFinding/v1", text(words_last(finding->name)));
	for (size_t i = 0; i < finding->n_descriptors; i++)
		json_array_append_new(
			i ? related : locations, location(arena, report, finding->descriptors[i]));
	json_object_set_new(object, "ruleId", text(finding->rule));
	if (rule_index(report, finding->rule) >= 0)
		json_object_set_new(object, "ruleIndex", json_integer(rule_index(report, finding->rule)));
	json_object_set_new(object, "level", level(finding->severity));
	json_object_set_new(object, "message", message(finding->message));
	json_object_set_new(object, "locations", locations);
	json_object_set_new(object, "relatedLocations", related);
	json_object_set_new(object, "partialFingerprints", prints);
	if (finding->waived)
		json_object_set_new(object, "suppressions", suppressions(arena, finding));
	if (report->known)
		json_object_set_new(
			object, "baselineState", text(report_known(report, finding) ? "unchanged" : "new"));
	json_object_set_new(object, "properties", properties(arena, finding));
	return object;
}

static json_t *run_json(struct arena *arena, const struct report *report)
{
	json_t *run = json_object(), *tool = json_object(), *driver = json_object(), *results = json_array();
	json_t *about = json_object();
	json_object_set_new(driver, "name", text("tally"));
	json_object_set_new(driver, "semanticVersion", text(TALLY_VERSION));
	json_object_set_new(driver, "rules", rules_json(report));
	json_object_set_new(tool, "driver", driver);
	for (size_t i = 0; i < report->count; i++) {
		if (report->findings[i]->state != TALLY__V1__STATE__STATE_RESOLVED)
			json_array_append_new(results, result_json(arena, report, report->findings[i]));
	}
	json_object_set_new(about, "system", text(report->system));
	json_object_set_new(about, "environment", text(report->environment));
	json_object_set_new(about, "revision", json_integer(report->revision));
	if (report->verdict)
		json_object_set_new(about, "verdict", text(words_decision(report->verdict->decision)));
	json_object_set_new(run, "tool", tool);
	json_object_set_new(run, "columnKind", text("unicodeCodePoints"));
	json_object_set_new(run, "results", results);
	json_object_set_new(run, "properties", about);
	return run;
}

void report_sarif(struct arena *arena, const struct report *report, struct buffer *out)
{
	json_t *log = json_object(), *runs = json_array();
	json_array_append_new(runs, run_json(arena, report));
	json_object_set_new(log, "$schema", text("https://json.schemastore.org/sarif-2.1.0.json"));
	json_object_set_new(log, "version", text("2.1.0"));
	json_object_set_new(log, "runs", runs);
	codec_print_json(log, out);
	json_decref(log);
}
