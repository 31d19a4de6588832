/*
 * Values that rules read by a list of words or within bounds, and that say
 * nothing to them: an operator, a unit of time, a negative amount. Texts that
 * rules only compare with each other (units of items, types) mean what their
 * authors agree on and are no matter of this file.
 */
#include "model/message.h"
#include "model/operators.h"
#include "model/types.h"
#include "rules/fields.h"
#include "rules/rule.h"

/* ---- is one value understood? ---- */

/* A value that is not. Texts are the run's. */
struct misfit {
	const char *written;
	const char *shown;  /* in the message */
	const char *wanted; /* what would be understood, behind "should be"; kept for the next one */
};

/* @param message  where the field has a value @return false when it is understood, or blank */
typedef bool misfit_fn(struct rule_run *run, const ProtobufCMessage *message,
	const ProtobufCFieldDescriptor *field, struct misfit *misfit);

typedef const char *word_fn(size_t at);

static const char *word_list(struct rule_run *run, word_fn *word)
{
	const char *list = "";
	for (size_t at = 0; word(at); at++)
		list = arena_print(run->scratch, "%s%s%s", list, at > 0 ? ", " : "one of: ", word(at));
	return list;
}

static bool misfit_word(struct rule_run *run, const char *text, word_fn *word, struct misfit *misfit)
{
	if (!misfit->wanted)
		misfit->wanted = word_list(run, word);
	misfit->written = text;
	misfit->shown = rule_name(run, text);
	return true;
}

static bool operator_word(struct rule_run *run, const ProtobufCMessage *message,
	const ProtobufCFieldDescriptor *field, struct misfit *misfit)
{
	const char *text = fields_text(message, field, 0);
	if (model_blank(text) || model_operator_of(text) != OPERATOR_NONE)
		return false;
	return misfit_word(run, text, model_operator_spelling, misfit);
}

static bool time_unit(struct rule_run *run, const ProtobufCMessage *message,
	const ProtobufCFieldDescriptor *field, struct misfit *misfit)
{
	double ms;
	const char *text = fields_text(message, field, 0);
	if (model_blank(text) || model_time_ms(1, text, &ms))
		return false;
	return misfit_word(run, text, model_time_unit, misfit);
}

static bool misfit_number(struct rule_run *run, double number, const char *wanted, struct misfit *misfit)
{
	const char *text = rule_number(run, number);
	*misfit = (struct misfit){text, text, wanted};
	return true;
}

/* What is no number at all is not understood either. */
static bool amount(struct rule_run *run, const ProtobufCMessage *message,
	const ProtobufCFieldDescriptor *field, struct misfit *misfit)
{
	double number = fields_number(message, field);
	return !(number >= 0) && misfit_number(run, number, "0 or more", misfit);
}

static bool percentage(struct rule_run *run, const ProtobufCMessage *message,
	const ProtobufCFieldDescriptor *field, struct misfit *misfit)
{
	double number = fields_number(message, field);
	return !(number >= 0 && number <= 100) && misfit_number(run, number, "from 0 to 100", misfit);
}

static bool length_of_time(struct rule_run *run, const ProtobufCMessage *message,
	const ProtobufCFieldDescriptor *field, struct misfit *misfit)
{
	const Google__Protobuf__Duration *length = (const void *)fields_message(message, field, 0);
	if (!length || (length->seconds >= 0 && length->nanos >= 0))
		return false;
	double seconds = (double)length->seconds + length->nanos / 1e9;
	const char *text = arena_print(run->scratch, "%s s", rule_number(run, seconds));
	*misfit = (struct misfit){text, text, "0 s or more"};
	return true;
}

/* ---- what is looked at ---- */

/* Each row: kind, its id, path, checker. One list makes what is walked and what the rule declares. */
/* clang-format off */
#define RESOURCES(row, kind, id, group) \
	row(kind, id, group ".gpu", amount) \
	row(kind, id, group ".cpu", amount) \
	row(kind, id, group ".memory", amount) \
	row(kind, id, group ".storage", amount)

#define TIME(row, kind, id, time) \
	row(kind, id, time ".time", amount) \
	row(kind, id, time ".unit", time_unit)

#define ITEMS(row, kind, id, list) \
	row(kind, id, list "[].item_specification.resolution_x", amount) \
	row(kind, id, list "[].item_specification.resolution_y", amount) \
	row(kind, id, list "[].item_specification.channels", amount) \
	row(kind, id, list "[].item_specification.min_length", amount) \
	row(kind, id, list "[].item_specification.max_length", amount)

#define VALUES(row) \
	row(KIND_SYSTEM_CONTEXT, "system_context", "goals[].target.operator", operator_word) \
	row(KIND_RAW_DATA, "raw_data", "number_of_instances", amount) \
	row(KIND_RAW_DATA, "raw_data", "labels_distribution[].percentage", percentage) \
	ITEMS(row, KIND_DATA_PIPELINE, "data_pipeline", "input_spec") \
	ITEMS(row, KIND_DATA_PIPELINE, "data_pipeline", "output_spec") \
	row(KIND_TRAINING_DATA, "training_data", "number_of_instances", amount) \
	row(KIND_TRAINING_DATA, "training_data", "distribution[].percentage", percentage) \
	ITEMS(row, KIND_TRAINED_MODEL, "trained_model", "output_spec") \
	ITEMS(row, KIND_TRAINED_MODEL, "trained_model", "final_output_spec") \
	ITEMS(row, KIND_TRAINED_MODEL, "trained_model", "input_signature") \
	row(KIND_TRAINED_MODEL, "trained_model", "evaluation_dataset.holdout_percentage", percentage) \
	row(KIND_TRAINED_MODEL, "trained_model", "algorithm_metrics[].operator", operator_word) \
	row(KIND_TRAINED_MODEL, "trained_model", "business_metrics[].operator", operator_word) \
	RESOURCES(row, KIND_TRAINED_MODEL, "trained_model", "computing_resource_reqs") \
	TIME(row, KIND_TRAINED_MODEL, "trained_model", "inference_time") \
	ITEMS(row, KIND_DEVELOPMENT_ENVIRONMENT, "development_environment", "upstream_components[].output_spec") \
	ITEMS(row, KIND_DEVELOPMENT_ENVIRONMENT, "development_environment", "downstream_components[].input_spec") \
	RESOURCES(row, KIND_DEVELOPMENT_ENVIRONMENT, "development_environment", "computing_resources") \
	TIME(row, KIND_PRODUCTION_ENVIRONMENT, "production_environment", "required_inference_time") \
	RESOURCES(row, KIND_PRODUCTION_ENVIRONMENT, "production_environment", "computing_resources") \
	row(KIND_PRODUCTION_ENVIRONMENT, "production_environment", "replicas", amount) \
	row(KIND_PRODUCTION_ENVIRONMENT, "production_environment", "max_replicas", amount) \
	row(KIND_PRODUCTION_ENVIRONMENT, "production_environment", "concurrency", amount) \
	row(KIND_PRODUCTION_DATA, "production_data", "number_of_instances", amount) \
	row(KIND_PRODUCTION_DATA, "production_data", "distribution[].percentage", percentage) \
	row(KIND_PRODUCTION_DATA, "production_data", "requests_per_second", amount) \
	row(KIND_PRODUCTION_DATA, "production_data", "refresh_interval", length_of_time)
/* clang-format on */

struct entry {
	enum model_kind kind;
	const char *path;
	misfit_fn *misfit;
};

#define ENTRY(kind, id, path, check) {kind, path, check},
#define FIELD(kind, id, path, check) id ":" path,

static const struct entry entries[] = {VALUES(ENTRY)};
static const char *const fields[] = {VALUES(FIELD) NULL};

/* ---- walking to the values ---- */

/* A walk over the values of one entry. */
struct walk {
	struct rule_run *run;
	const struct entry *entry;
	const struct model_descriptor *descriptor;
	struct misfit misfit;
};

/* Where a walk stands: a field, and in what. */
struct step {
	const struct step *behind; /* NULL: in the descriptor itself */
	const ProtobufCFieldDescriptor *field;
	size_t at;
};

static const char *place_text(struct rule_run *run, const struct step *step)
{
	const char *behind = step->behind ? place_text(run, step->behind) : "";
	const char *dot = step->behind ? "." : "";
	if (step->field->label != PROTOBUF_C_LABEL_REPEATED)
		return arena_print(run->scratch, "%s%s%s", behind, dot, step->field->name);
	return arena_print(run->scratch, "%s%s%s[%zu]", behind, dot, step->field->name, step->at);
}

/* The same without saying which entry of a list. */
static const char *field_text(struct rule_run *run, const struct step *step)
{
	if (!step->behind)
		return step->field->name;
	return arena_print(run->scratch, "%s.%s", field_text(run, step->behind), step->field->name);
}

/* The same value at several places is one finding, as it is one mistake. */
static void draft_misfit(const struct walk *walk, const struct step *step)
{
	struct rule_run *run = walk->run;
	const struct misfit *misfit = &walk->misfit;
	const char *place = place_text(run, step);
	struct rule_draft *draft = rule_draft(run,
		arena_print(run->scratch, "%s: %s", field_text(run, step), rule_trim(run, misfit->written)));
	rule_say(draft, "In %s, %s is %s, which is not understood: it should be %s.",
		rule_descriptor(run, walk->descriptor), place, misfit->shown, misfit->wanted);
	rule_explain(draft, run->rule->info.rationale, TEAM_BIT(model_kind_info(walk->entry->kind)->team));
	rule_place(draft, walk->descriptor, misfit->written, "%s", place);
}

/* Follows the rest of the path from a message. */
static void visit(
	struct walk *walk, const ProtobufCMessage *message, const char *path, const struct step *behind)
{
	size_t size = strcspn(path, ".[");
	const char *rest = path + size + strspn(path + size, "[].");
	struct step step = {behind, fields_find(message->descriptor, path, size), 0};
	for (size_t count = fields_count(message, step.field); step.at < count; step.at++) {
		if (!*rest && walk->entry->misfit(walk->run, message, step.field, &walk->misfit))
			draft_misfit(walk, &step);
		else if (*rest && fields_message(message, step.field, step.at))
			visit(walk, fields_message(message, step.field, step.at), rest, &step);
	}
}

static void run_understood(struct rule_run *run)
{
	size_t count;
	struct model_descriptor *const *found = model_system_of_kind(run->system, run->kind, &count);
	for (size_t at = 0; at < sizeof(entries) / sizeof(entries[0]); at++) {
		struct walk walk = {.run = run, .entry = &entries[at]};
		for (size_t i = 0; i < count && entries[at].kind == run->kind; i++) {
			walk.descriptor = found[i];
			visit(&walk, model_descriptor_spec(found[i]), entries[at].path, NULL);
		}
	}
}

const struct rule rule_value_not_understood = {
	.info =
		{
			.id = "completeness.value-not-understood",
			.since = 2,
			.class = CLASS_COMPLETENESS,
			.severity = SEVERITY_WARNING,
			.kinds = KIND_ALL,
			.needs = 0,
			.fields = fields,
			.teams = TEAM_ALL,
			.title = "A value is written so that no rule understands it",
			.rationale = "A rule cannot compare with what it does not understand and passes over "
				     "it, or compares with an amount that cannot be: a metric or a limit "
				     "that seems to be watched is not.",
			.remedy = "Write the value in one of the words, or within the bounds, that the "
				  "finding names, and push the descriptor again.",
		},
	.run = run_understood,
	.per_kind = true,
};
