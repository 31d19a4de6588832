/* Runs the rules on two descriptors that no server has. Measures nothing itself; how a column looks is
 * against_column.c. */
#include "command/against.h"

#include <string.h>

#include "command/against_column.h"
#include "command/colour.h"
#include "command/show.h"
#include "command/text.h"
#include "command/words.h"
#include "model/finding.h"
#include "rules/rules.h"

enum {
	PARTS = 3,
};

/* A system of nothing but what is compared, and what was found in it. */
struct judged {
	struct model_descriptor *descriptors[PARTS];
	struct model_system system;
	struct rules_evaluation *evaluation;
	const struct model_finding **findings;
	size_t count;
};

static void add(struct session *session, struct judged *judged, const Tally__V1__Descriptor *message)
{
	struct model_version version = {.kind = model_message_kind(message),
		.name = "default",
		.version = 1,
		.revision = 1,
		.owner_team = "",
		.author = "",
		.author_team = "",
		.change_note = ""};
	size_t size;
	model_descriptor_pack(session->arena, message, &size, &version.digest);
	judged->descriptors[judged->system.count++] = model_descriptor_of(&version, message);
}

/* Is it about both sides' data? What else a system lacks is not asked here. */
static bool is_about_both(const struct model_finding *finding)
{
	const kind_set both = KIND_BIT(KIND_TRAINING_DATA) | KIND_BIT(KIND_PRODUCTION_DATA);
	const struct rules_info *rule = rules_find(finding->rule);
	return finding->class == CLASS_DATA && rule && (rule->needs & both) == both;
}

static void judge(struct session *session, const struct against *against, struct judged *judged)
{
	*judged = (struct judged){.system = {.id = against->system}};
	add(session, judged, against->training);
	add(session, judged, against->production);
	if (against->policy)
		add(session, judged, against->policy);
	judged->system.descriptors = judged->descriptors;
	judged->evaluation = rules_evaluate(&judged->system, NULL);
	size_t count;
	const struct model_finding *const *all = rules_evaluation_findings(judged->evaluation, &count);
	judged->findings = arena_array(session->arena, count, sizeof(*judged->findings));
	for (size_t i = 0; i < count; i++) {
		if (is_about_both(all[i]))
			judged->findings[judged->count++] = all[i];
	}
}

static void judged_done(struct judged *judged)
{
	rules_evaluation_unref(judged->evaluation);
	for (size_t i = 0; i < judged->system.count; i++)
		model_descriptor_unref(judged->descriptors[i]);
}

/* Is the finding about this training field, or about a figure of it? */
static bool is_about(const struct model_finding *finding, const char *field)
{
	const size_t length = strlen(field);
	return strncmp(finding->subject, field, length) == 0 &&
	       (finding->subject[length] == '\0' || finding->subject[length] == ':');
}

static enum colour colour_of(enum model_severity severity)
{
	return severity == SEVERITY_ERROR     ? COLOUR_RED
	       : severity == SEVERITY_WARNING ? COLOUR_YELLOW
					      : COLOUR_FAINT;
}

static void print_finding(struct session *session, const struct model_finding *finding)
{
	const enum colour colour = colour_of(finding->severity);
	const char *severity = model_severity_id(finding->severity);
	const struct text_block block = {
		.lead = arena_print(session->arena, "  %s%s %s%s  ", colour_start(colour, session->colour),
			severity, finding->rule, colour_end(colour, session->colour)),
		.lead_width = strlen(severity) + strlen(finding->rule) + 5,
		.indent = 4,
		.columns = against_width(session),
	};
	text_block(&session->out, &block, text_clean(session->arena, finding->message));
}

static const Tally__V1__ProductionDataField *partner(
	const Tally__V1__ProductionData *production, const Tally__V1__TrainingDataField *field)
{
	const char *name =
		*field->mapping_production_data ? field->mapping_production_data : field->field_name;
	for (size_t i = 0; i < production->n_schema; i++) {
		if (strcmp(production->schema[i]->field_name, name) == 0)
			return production->schema[i];
	}
	return NULL;
}

static void print_columns(struct session *session, const struct against *against, const struct judged *judged)
{
	const Tally__V1__TrainingData *training = against->training->training_data;
	for (size_t i = 0; i < training->n_schema; i++) {
		const Tally__V1__TrainingDataField *field = training->schema[i];
		const Tally__V1__ProductionDataField *other =
			partner(against->production->production_data, field);
		if (!field->profile)
			continue;
		against_column_print(
			session, field->field_name, field->profile, other ? other->profile : NULL);
		for (size_t j = 0; j < judged->count; j++) {
			if (is_about(judged->findings[j], field->field_name))
				print_finding(session, judged->findings[j]);
		}
		buffer_text(&session->out, "\n");
	}
}

/* Findings about what is in no column of the training data. */
static void print_rest(struct session *session, const struct against *against, const struct judged *judged)
{
	const Tally__V1__TrainingData *training = against->training->training_data;
	for (size_t i = 0; i < judged->count; i++) {
		bool shown = false;
		for (size_t j = 0; j < training->n_schema && !shown; j++)
			shown = training->schema[j]->profile &&
				is_about(judged->findings[i], training->schema[j]->field_name);
		if (!shown)
			print_finding(session, judged->findings[i]);
	}
}

static void print_text(struct session *session, const struct against *against, const struct judged *judged)
{
	size_t graver = 0;
	for (size_t i = 0; i < judged->count; i++)
		graver += judged->findings[i]->severity > SEVERITY_NOTE;
	buffer_print(&session->out, "reference: %s\ncurrent:   %s\n\n",
		text_clean(session->arena, against->reference), text_clean(session->arena, against->current));
	print_columns(session, against, judged);
	print_rest(session, against, judged);
	buffer_print(&session->out, "%s%s would be found%s",
		colour_start(graver > 0 ? COLOUR_YELLOW : COLOUR_GREEN, session->colour),
		words_count(session->arena, (int64_t)graver, "mismatch"),
		colour_end(COLOUR_YELLOW, session->colour));
	if (judged->count > graver)
		buffer_print(&session->out, ", and %s",
			words_count(session->arena, (int64_t)(judged->count - graver), "note"));
	buffer_text(&session->out, "; nothing was pushed\n");
}

static void print_json(struct session *session, const struct against *against, const struct judged *judged)
{
	const Tally__V1__TrainingData *training = against->training->training_data;
	const struct model_finding_life life = {0};
	const struct model_versions versions = model_system_versions(session->arena, &judged->system);
	Tally__V1__Finding **findings = arena_array(session->arena, judged->count, sizeof(*findings));
	json_t *columns = json_array(), *object = json_object();
	for (size_t i = 0; i < training->n_schema; i++) {
		const Tally__V1__TrainingDataField *field = training->schema[i];
		const Tally__V1__ProductionDataField *other =
			partner(against->production->production_data, field);
		if (field->profile)
			json_array_append_new(columns, against_column_json(field->field_name, field->profile,
							       other ? other->profile : NULL));
	}
	for (size_t i = 0; i < judged->count; i++)
		findings[i] = model_finding_message(
			session->arena, judged->system.id, judged->findings[i], &life, &versions);
	json_object_set_new(object, "columns", columns);
	json_object_set_new(object, "findings", show_findings_json(findings, judged->count));
	session_json(session, object);
}

enum command_exit against_show(struct session *session, const struct against *against)
{
	struct judged judged;
	judge(session, against, &judged);
	if (session->json)
		print_json(session, against, &judged);
	else
		print_text(session, against, &judged);
	judged_done(&judged);
	return COMMAND_WELL;
}
