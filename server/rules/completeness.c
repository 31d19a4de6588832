/*
 * Completeness: was everything shared that others need? Walks the table of
 * completeness_table.c; what is asked for stands there.
 */
#include "rules/completeness.h"

#include <assert.h>

#include "model/types.h"
#include "rules/fields.h"
#include "rules/rule.h"

/* ---- is one occurrence blank? ---- */

struct word {
	const char *start;
	size_t size;
};

/* Takes the next word off a text. @return false at the end */
static bool next_word(const char **text, const char *separators, struct word *word)
{
	*text += strspn(*text, separators);
	*word = (struct word){*text, strcspn(*text, separators)};
	*text += word->size;
	return word->size > 0;
}

static bool is_other(const char *text)
{
	return model_text_equal(text, "Other") || model_text_equal(text, "other");
}

/* A choice says nothing when it is blank, or Other and not said what. */
static bool choice_blank(
	const ProtobufCMessage *message, const ProtobufCFieldDescriptor *choice, struct word detail)
{
	if (fields_blank(message, choice, false))
		return true;
	const ProtobufCFieldDescriptor *other = fields_find(message->descriptor, detail.start, detail.size);
	return is_other(fields_text(message, choice, 0)) && fields_blank(message, other, false);
}

/* Does one member say nothing: "a", "a.b", "a!" or "a/b"? */
static bool member_blank(
	const ProtobufCMessage *message, const ProtobufCMessageDescriptor *type, struct word member)
{
	size_t size = 0;
	while (size < member.size && !strchr(".!/", member.start[size]))
		size++;
	const ProtobufCFieldDescriptor *field = fields_find(type, member.start, size);
	if (!message)
		return true;
	struct word rest = {member.start + size + 1, member.size - size - 1};
	if (size == member.size)
		return fields_blank(message, field, false);
	if (member.start[size] == '!')
		return fields_blank(message, field, true);
	if (member.start[size] == '/')
		return choice_blank(message, field, rest);
	return member_blank(fields_message(message, field, 0), fields_type(field), rest);
}

static bool members_blank(
	const ProtobufCMessage *message, const ProtobufCMessageDescriptor *type, const char *members)
{
	struct word member;
	while (next_word(&members, " ", &member)) {
		if (!member_blank(message, type, member))
			return false;
	}
	return true;
}

static bool list_blank(
	const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, const char *members)
{
	size_t count = message ? fields_count(message, field) : 0;
	for (size_t i = 0; i < count; i++) {
		if (!members_blank(fields_message(message, field, i), fields_type(field), members))
			return false;
	}
	return true;
}

/* Does the field at a path's end say nothing in this message? */
static bool field_blank(const struct completeness_entry *entry, const ProtobufCMessage *message,
	const ProtobufCFieldDescriptor *field)
{
	if (!message || !entry->members)
		return fields_blank(message, field, false);
	if (field->type != PROTOBUF_C_TYPE_MESSAGE)
		return members_blank(message, message->descriptor, entry->members);
	return list_blank(message, field, entry->members);
}

/* ---- walking to the occurrences ---- */

enum {
	LISTS_MAX = 3,  /* on one path */
	FIELDS_MAX = 8, /* of one path */
};

/* A walk over the occurrences of one entry in one descriptor. */
struct walk {
	const struct completeness_entry *entry;
	const ProtobufCFieldDescriptor *path[FIELDS_MAX];
	size_t length;           /* of the path */
	size_t index[LISTS_MAX]; /* where in each list of the path */
	size_t depth;
	size_t asked; /* occurrences to which the entry applies */
	size_t blank; /* of them */
	struct rule_run *run;
	const char *places[RULE_PLACES_MAX]; /* of the blank ones, the first of them */
};

/* The path with the indexes of where the walk stands. */
static const char *place_text(const struct walk *walk)
{
	size_t depth = 0;
	const char *text = "";
	const char *path = walk->entry->path;
	if (walk->depth == 0)
		return path;
	for (size_t at = 0; at < walk->length; at++) {
		const char *name = walk->path[at]->name;
		const char *dot = at > 0 ? "." : "";
		if (walk->path[at]->label == PROTOBUF_C_LABEL_REPEATED && depth < walk->depth)
			text = arena_print(
				walk->run->scratch, "%s%s%s[%zu]", text, dot, name, walk->index[depth++]);
		else
			text = arena_print(walk->run->scratch, "%s%s%s", text, dot, name);
	}
	return text;
}

static void count_blank(struct walk *walk)
{
	if (walk->blank < RULE_PLACES_MAX)
		walk->places[walk->blank] = place_text(walk);
	walk->blank++;
}

static void visit_entries(
	struct walk *walk, const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	size_t count = fields_count(message, field);
	walk->asked += count;
	for (size_t i = 0; i < count; i++) {
		if (!model_blank(fields_text(message, field, i)))
			continue;
		walk->index[walk->depth++] = i;
		count_blank(walk);
		walk->depth--;
	}
}

static bool applies(const struct completeness_entry *entry, const ProtobufCMessage *message)
{
	if (!entry->condition || !message)
		return true;
	bool wanted = entry->condition[0] != '!';
	const char *name = entry->condition + !wanted;
	return fields_true(message, fields_find(message->descriptor, name, strlen(name))) == wanted;
}

static void visit_end(
	struct walk *walk, const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	if (!applies(walk->entry, message))
		return;
	if (walk->entry->form == ENTRY) {
		visit_entries(walk, message, field);
		return;
	}
	walk->asked++;
	if (field_blank(walk->entry, message, field))
		count_blank(walk);
}

/* Looks the path up, once for all occurrences. */
static void set_path(struct walk *walk, const ProtobufCMessageDescriptor *type)
{
	struct word name;
	const char *path = walk->entry->path;
	for (walk->length = 0; next_word(&path, ".", &name); walk->length++) {
		assert(walk->length < FIELDS_MAX);
		const ProtobufCFieldDescriptor *field = fields_find(type, name.start, name.size);
		walk->path[walk->length] = field;
		if (*path)
			type = fields_type(field);
	}
}

/* Follows the rest of the path from a message that may be absent; a list on the way forks. */
static void visit(struct walk *walk, const ProtobufCMessage *message, size_t at)
{
	const ProtobufCFieldDescriptor *field = walk->path[at];
	if (at + 1 == walk->length) {
		visit_end(walk, message, field);
		return;
	}
	if (field->label != PROTOBUF_C_LABEL_REPEATED) {
		visit(walk, message ? fields_message(message, field, 0) : NULL, at + 1);
		return;
	}
	assert(walk->depth < LISTS_MAX);
	size_t count = message ? fields_count(message, field) : 0;
	for (size_t i = 0; i < count; i++) {
		walk->index[walk->depth++] = i;
		visit(walk, fields_message(message, field, i), at + 1);
		walk->depth--;
	}
}

/* ---- one descriptor against the table ---- */

/* What came of an entry; later ones inside it ask. */
enum outcome {
	GIVEN,
	MISSING,
	NOT_ASKED,
};

static enum outcome look(struct walk *walk, const struct model_descriptor *descriptor)
{
	const ProtobufCMessage *spec = model_descriptor_spec(descriptor);
	set_path(walk, spec->descriptor);
	visit(walk, spec, 0);
	if (walk->entry->condition && walk->asked == 0)
		return NOT_ASKED;
	if (walk->entry->form == ALL)
		return walk->blank == walk->asked ? MISSING : GIVEN;
	return walk->blank > 0 ? MISSING : GIVEN;
}

/* The teams of a set, for a sentence. */
static const char *team_names(struct rule_run *run, uint32_t teams)
{
	const char *text = "";
	for (unsigned team = 0; team < TEAM_COUNT; team++) {
		if (teams & TEAM_BIT(team))
			text = arena_print(run->scratch, "%s%s%s", text, *text ? ", " : "",
				model_team_id((enum model_team)team));
	}
	return text;
}

static void draft_field(const struct walk *walk, const struct model_descriptor *descriptor)
{
	struct rule_run *run = walk->run;
	const struct completeness_entry *entry = walk->entry;
	struct rule_draft *draft = rule_draft(run, entry->path);
	const char *places = walk->blank > 1 ? arena_print(run->scratch, " in %zu places", walk->blank) : "";
	rule_say(draft, "In %s, %s is not given%s: %s should fill it in for %s.",
		rule_descriptor(run, descriptor), entry->path, places, team_names(run, entry->owner),
		team_names(run, entry->consumers));
	rule_explain(draft, entry->rationale, entry->owner);
	for (size_t i = 0; i < walk->blank && i < RULE_PLACES_MAX; i++)
		rule_place(draft, descriptor, NULL, "%s", walk->places[i]);
	if (walk->blank == 0)
		rule_place(draft, descriptor, NULL, "%s", entry->path);
}

/* The entries of a kind, and what came of each. */
struct sheet {
	const struct completeness_entry *entries;
	enum outcome *outcomes;
	size_t count;
};

static struct sheet sheet_of(struct rule_run *run, enum model_kind kind)
{
	size_t count;
	const struct completeness_entry *entries = completeness_entries(&count);
	const struct completeness_entry *end = entries + count;
	while (entries < end && entries->kind != kind)
		entries++;
	struct sheet sheet = {.entries = entries};
	while (entries + sheet.count < end && entries[sheet.count].kind == kind)
		sheet.count++;
	sheet.outcomes = arena_array(run->scratch, sheet.count, sizeof(*sheet.outcomes));
	return sheet;
}

/* Is the group that an entry belongs to there? */
static bool inside_given(const struct sheet *sheet, size_t at)
{
	const char *inside = sheet->entries[at].inside;
	if (!inside)
		return true;
	for (size_t i = 0; i < at; i++) {
		if (strcmp(sheet->entries[i].path, inside) == 0)
			return sheet->outcomes[i] == GIVEN;
	}
	assert(false && "an entry inside of none");
	return true;
}

static void check_descriptor(
	struct rule_run *run, const struct sheet *sheet, const struct model_descriptor *descriptor)
{
	struct walk *walk = arena_alloc(run->scratch, sizeof(*walk));
	for (size_t i = 0; i < sheet->count; i++) {
		walk->run = run;
		walk->entry = &sheet->entries[i];
		walk->asked = walk->blank = walk->depth = 0;
		sheet->outcomes[i] = inside_given(sheet, i) ? look(walk, descriptor) : NOT_ASKED;
		if (sheet->outcomes[i] == MISSING)
			draft_field(walk, descriptor);
	}
}

static void field_missing(struct rule_run *run)
{
	size_t count;
	struct model_descriptor *const *found = model_system_of_kind(run->system, run->kind, &count);
	struct sheet sheet = sheet_of(run, run->kind);
	for (size_t i = 0; i < count; i++)
		check_descriptor(run, &sheet, found[i]);
}

/* ---- kinds that were never pushed ---- */

/* The ids of the rules that cannot run without a kind, "" when there are none. */
static const char *waiting_rules(struct rule_run *run, enum model_kind kind)
{
	const char *text = "";
	for (size_t i = 0; i < rules_count(); i++) {
		const struct rules_info *info = rules_at(i);
		if (info->needs & KIND_BIT(kind))
			text = arena_print(run->scratch, "%s%s%s", text, *text ? ", " : "", info->id);
	}
	return text;
}

static void descriptor_missing(struct rule_run *run)
{
	size_t count;
	model_system_of_kind(run->system, run->kind, &count);
	if (count > 0)
		return;
	const struct model_kind_info *kind = model_kind_info(run->kind);
	struct rule_draft *draft = rule_draft(run, kind->id);
	const char *names = waiting_rules(run, run->kind);
	const char *team = model_team_id(kind->team);
	if (*names)
		rule_say(draft, "No %s has been pushed (owner: %s); rules that wait for it: %s.", kind->title,
			team, names);
	else
		rule_say(draft, "No %s has been pushed (owner: %s); only its completeness waits for it.",
			kind->title, team);
	rule_explain(draft, run->rule->info.rationale, TEAM_BIT(kind->team));
	rule_place_missing(draft, run->kind);
}

/* ---- the rules ---- */

const struct rule rule_field_missing = {
	.info =
		{
			.id = "completeness.field-missing",
			.class = CLASS_COMPLETENESS,
			.severity = SEVERITY_NOTE,
			.kinds = KIND_ALL,
			.needs = 0,
			.teams = TEAM_ALL,
			.title = "A descriptor does not say something that another team needs",
			.rationale =
				"What one team does not write down, another one assumes; most mismatches "
				"begin there. Each field that is asked for has a reason of its own, which "
				"its finding gives.",
			.remedy = "Fill in the field at every place that is named and push the descriptor "
				  "again; where there is nothing to say, write so.",
		},
	.run = field_missing,
	.per_kind = true,
};

const struct rule rule_descriptor_missing = {
	.info =
		{
			.id = "completeness.descriptor-missing",
			.class = CLASS_COMPLETENESS,
			.severity = SEVERITY_WARNING,
			.kinds = KIND_ALL,
			.needs = 0,
			.fields = RULE_FIELDS("system_context:", "raw_data:", "data_pipeline:",
				"training_data:", "trained_model:", "development_environment:",
				"production_environment:", "production_data:"),
			.teams = TEAM_ALL,
			.title = "A part of the system is described by nobody",
			.rationale = "A part that nobody describes cannot be compared with the others: the "
				     "rules that read it are silent, and their silence says nothing.",
			.remedy = "Ask the team that owns the part for its descriptor and push it; a first "
				  "one with a few fields is better than none.",
		},
	.run = descriptor_missing,
	.per_kind = true,
};
