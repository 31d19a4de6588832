/* tally rules and tally explain: what is checked, and why. */
#include <string.h>

#include "base/nearest.h"
#include "command/colour.h"
#include "command/failure.h"
#include "command/rule_list.h"
#include "command/session.h"
#include "command/table.h"
#include "command/text.h"
#include "command/words.h"
#include "tally/v1/mismatch_service.pb-c.h"

static json_t *rule_json(const Tally__V1__Rule *rule)
{
	json_t *kinds = json_array(), *teams = json_array(), *fields = json_array();
	for (size_t i = 0; i < rule->n_fields; i++)
		json_array_append_new(fields, json_string(rule->fields[i]));
	for (size_t i = 0; i < rule->n_kinds; i++)
		json_array_append_new(kinds, json_string(words_kind(rule->kinds[i])));
	for (size_t i = 0; i < rule->n_teams; i++)
		json_array_append_new(teams, json_string(rule->teams[i]));
	return json_pack("{s:s, s:s, s:s, s:o, s:s, s:s, s:s, s:o, s:o}", "rule", words_last(rule->name),
		"class", rule->rule_class, "severity", words_severity(rule->default_severity), "kinds", kinds,
		"title", rule->title, "rationale", rule->rationale, "remedy", rule->remedy, "teams", teams,
		"fields", fields);
}

static const char *kinds_text(struct arena *arena, const Tally__V1__Rule *rule)
{
	const char *text = "";
	if (rule->n_kinds == KIND_END - 1)
		return "all kinds";
	for (size_t i = 0; i < rule->n_kinds; i++)
		text = arena_print(arena, "%s%s%s", text, i > 0 ? ", " : "", words_kind(rule->kinds[i]));
	return text;
}

static bool wanted(struct session *session, const Tally__V1__Rule *rule)
{
	size_t count;
	const char **classes = options_all(&session->options, "class", &count);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(classes[i], rule->rule_class) == 0)
			return true;
	}
	return count == 0;
}

static void print_table(struct session *session, const struct rule_list *list)
{
	static const struct table_column columns[] = {
		{"RULE", 0, false}, {"SEVERITY", 0, false}, {"READS", 12, false}, {"TITLE", 0, false}};
	struct table *table = table_new(session->arena, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < list->count; i++) {
		const Tally__V1__Rule *rule = list->rules[i];
		if (wanted(session, rule))
			table_add(table, (struct table_cell[]){{words_last(rule->name), COLOUR_BOLD},
						 {words_severity(rule->default_severity), COLOUR_PLAIN},
						 {kinds_text(session->arena, rule), COLOUR_FAINT},
						 {rule->title, COLOUR_PLAIN}});
	}
	table_print(table, session->width, session->colour, &session->out);
}

static enum command_exit run_rules(struct session *session)
{
	struct rule_list list;
	if (!rule_list_read(session, &list))
		return COMMAND_FAILED;
	if (!session->json) {
		print_table(session, &list);
		return COMMAND_WELL;
	}
	json_t *all = json_array();
	for (size_t i = 0; i < list.count; i++) {
		if (wanted(session, list.rules[i]))
			json_array_append_new(all, rule_json(list.rules[i]));
	}
	session_json(session, json_pack("{s:o}", "rules", all));
	return COMMAND_WELL;
}

static const Tally__V1__Rule *find(struct session *session, const struct rule_list *list, const char *word)
{
	const char *name = words_last(word);
	const char **names = arena_array(session->arena, list->count + 1, sizeof(*names));
	for (size_t i = 0; i < list->count; i++) {
		names[i] = words_last(list->rules[i]->name);
		if (strcmp(names[i], name) == 0)
			return list->rules[i];
	}
	const char *near = nearest_word(name, names, list->count);
	failure_say("there is no rule \"%s\"%s%s%s", name, near ? "; did you mean " : "", near ? near : "",
		near ? "?" : "");
	failure_hint("tally rules lists them");
	return NULL;
}

static void print_lines(struct session *session, const char *text)
{
	size_t width = session->width > 0 && session->width < 100 ? session->width : 100;
	const char *line = text_clean(session->arena, text);
	while (*line) {
		const char *next;
		size_t size = text_line(line, width > 12 ? width - 2 : 10, &next);
		buffer_print(&session->out, "  %.*s\n", (int)size, line);
		line = next;
	}
}

static void print_paragraph(struct session *session, const char *title, const char *text)
{
	buffer_print(&session->out, "\n%s%s%s\n", colour_start(COLOUR_BOLD, session->colour), title,
		colour_end(COLOUR_BOLD, session->colour));
	print_lines(session, text);
}

/* What a rule reads in one kind: "kind: a, b"; NULL: nothing. */
static const char *kind_fields(struct session *session, const Tally__V1__Rule *rule, const char *kind)
{
	const char *text = NULL;
	size_t size = strlen(kind);
	for (size_t i = 0; i < rule->n_fields; i++) {
		const char *field = rule->fields[i];
		if (strncmp(field, kind, size) != 0 || field[size] != ':')
			continue;
		field += size + 1;
		text = arena_print(session->arena, "%s%s%s", text ? text : kind, text ? ", " : ": ",
			*field ? field : "whether there is one");
	}
	return text;
}

static void print_fields(struct session *session, const Tally__V1__Rule *rule)
{
	if (rule->n_fields > 0)
		buffer_print(&session->out, "\n%sWhat it reads%s\n",
			colour_start(COLOUR_BOLD, session->colour), colour_end(COLOUR_BOLD, session->colour));
	for (unsigned kind = KIND_NONE + 1; kind < KIND_LIMIT; kind++) {
		const char *text = model_kind_known((int)kind)
					   ? kind_fields(session, rule, model_kind_info(kind)->id)
					   : NULL;
		if (text)
			print_lines(session, text);
	}
}

static void print_rule(struct session *session, const Tally__V1__Rule *rule)
{
	const char *teams = "";
	for (size_t i = 0; i < rule->n_teams; i++)
		teams = arena_print(session->arena, "%s%s%s", teams, i > 0 ? ", " : "", rule->teams[i]);
	buffer_print(&session->out, "%s%s%s: %s\n", colour_start(COLOUR_BOLD, session->colour),
		text_clean(session->arena, words_last(rule->name)), colour_end(COLOUR_BOLD, session->colour),
		text_clean(session->arena, rule->title));
	buffer_print(&session->out, "\n  class     %s\n  severity  %s%s\n  reads     %s\n  move of   %s\n",
		text_clean(session->arena, rule->rule_class), words_severity(rule->default_severity),
		rule->default_severity == TALLY__V1__SEVERITY__SEVERITY_ERROR ? " (blocks)" : "",
		rule->n_kinds > 0 ? kinds_text(session->arena, rule) : "which kinds were pushed",
		*teams ? text_clean(session->arena, teams) : "whoever owns the descriptor");
	print_paragraph(session, "Why it matters", rule->rationale);
	print_paragraph(session, "What to do", rule->remedy);
	print_fields(session, rule);
}

static enum command_exit run_explain(struct session *session)
{
	struct rule_list list;
	if (!rule_list_read(session, &list))
		return COMMAND_FAILED;
	const Tally__V1__Rule *rule = find(session, &list, session->options.arguments[0]);
	if (!rule)
		return COMMAND_FAILED;
	if (session->json)
		session_json(session, rule_json(rule));
	else
		print_rule(session, rule);
	return COMMAND_WELL;
}

static const struct option rules_options[] = {
	{"class", 0, OPTION_CHOICE, "CLASS", "only these classes", words_classes, NULL},
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_rules = {
	.name = "rules",
	.summary = "List what is checked",
	.arguments = "",
	.options = rules_options,
	.example = "  tally rules --class api",
	.run = run_rules,
};

const struct command command_explain = {
	.name = "explain",
	.summary = "Explain a rule: why it matters and what to do",
	.arguments = "RULE",
	.words = WORDS_TEXT,
	.least = 1,
	.most = 1,
	.example = "  tally explain api.output-type",
	.run = run_explain,
};
