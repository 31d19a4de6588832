/* tally impact: which rules and which teams depend on a field. */
#include <string.h>

#include "command/failure.h"
#include "command/field_path.h"
#include "command/rule_list.h"
#include "command/session.h"
#include "command/show.h"
#include "command/table.h"
#include "command/words.h"
#include "rules/rules.h"
#include "tally/v1/descriptor_service.pb-c.h"

/* Names of teams, each once, in the order in which they came. */
struct teams {
	const char **names;
	size_t count, capacity;
};

/* What is asked, and what the answer is made of. */
struct impact {
	struct session *session;
	const char *system;
	enum model_kind kind;
	const char *field;               /* "" for the descriptor as a whole */
	struct teams owners[KIND_LIMIT]; /* of each kind's descriptors in this system */
	struct rule_list rules;
};

static void add_team(struct arena *arena, struct teams *teams, const char *name)
{
	for (size_t i = 0; i < teams->count; i++)
		if (strcmp(teams->names[i], name) == 0)
			return;
	if (teams->count == teams->capacity) {
		teams->capacity = teams->capacity ? 2 * teams->capacity : 8;
		const char **names = arena_array(arena, teams->capacity, sizeof(*names));
		for (size_t i = 0; i < teams->count; i++)
			names[i] = teams->names[i];
		teams->names = names;
	}
	teams->names[teams->count++] = name;
}

static const char *teams_text(struct arena *arena, const struct teams *teams)
{
	const char *text = "";
	for (size_t i = 0; i < teams->count; i++)
		text = arena_print(arena, "%s%s%s", text, i > 0 ? ", " : "", teams->names[i]);
	return text;
}

static json_t *teams_json(const struct teams *teams)
{
	json_t *list = json_array();
	for (size_t i = 0; i < teams->count; i++)
		json_array_append_new(list, json_string(teams->names[i]));
	return list;
}

/* ---- whose descriptors they are ---- */

static void add_owner(struct impact *impact, const Tally__V1__Descriptor *descriptor)
{
	enum model_kind kind = show_kind_of(descriptor);
	if (kind != KIND_NONE)
		add_team(impact->session->arena, &impact->owners[kind],
			*descriptor->owner_team ? descriptor->owner_team
						: model_team_id(model_kind_info(kind)->team));
}

static bool read_owners(struct impact *impact)
{
	struct session *session = impact->session;
	Tally__V1__ListDescriptorsRequest request = TALLY__V1__LIST_DESCRIPTORS_REQUEST__INIT;
	const Tally__V1__ListDescriptorsResponse *page;
	request.parent = session_system_name(session, impact->system);
	request.page_size = SESSION_PAGE_SIZE;
	do {
		page = session_call(session, "/tally.v1.DescriptorService/ListDescriptors", &request.base,
			&tally__v1__list_descriptors_response__descriptor);
		for (size_t i = 0; page && i < page->n_descriptors; i++)
			add_owner(impact, page->descriptors[i]);
		request.page_token = page ? page->next_page_token : request.page_token;
	} while (page && *request.page_token);
	return page != NULL;
}

/* ---- what depends on it ---- */

static bool is_touched(const struct impact *impact, const char *field)
{
	return rules_field_touches(field, impact->kind, impact->field) != RULES_TOUCH_NONE;
}

static bool depends(const struct impact *impact, const Tally__V1__Rule *rule)
{
	for (size_t i = 0; i < rule->n_fields; i++)
		if (is_touched(impact, rule->fields[i]))
			return true;
	return false;
}

/* The kind of a declared field, of those that some team makes. */
static enum model_kind maker_of(struct arena *arena, const char *field)
{
	enum model_kind kind = model_kind_by_id(arena_copy(arena, field, strcspn(field, ":")));
	return kind < KIND_END ? kind : KIND_NONE;
}

/* Those who own what a rule looks at; a kind that nobody has pushed yet is for the team that makes it. */
static void add_teams_of(const struct impact *impact, const Tally__V1__Rule *rule, struct teams *teams)
{
	struct arena *arena = impact->session->arena;
	for (size_t i = 0; i < rule->n_fields; i++) {
		enum model_kind kind = maker_of(arena, rule->fields[i]);
		if (kind == KIND_NONE)
			continue;
		const struct teams *owners = &impact->owners[kind];
		for (size_t j = 0; j < owners->count; j++)
			add_team(arena, teams, owners->names[j]);
		if (owners->count == 0)
			add_team(arena, teams, model_team_id(model_kind_info(kind)->team));
	}
}

/* ---- showing it ---- */

static const char *others_text(const struct impact *impact, const Tally__V1__Rule *rule)
{
	const char *text = "";
	for (size_t i = 0; i < rule->n_fields; i++)
		if (!is_touched(impact, rule->fields[i]))
			text = arena_print(
				impact->session->arena, "%s%s%s", text, *text ? ", " : "", rule->fields[i]);
	return text;
}

static void print_table(const struct impact *impact)
{
	static const struct table_column columns[] = {
		{"RULE", 0, false}, {"SEVERITY", 0, false}, {"TEAMS", 18, false}, {"WITH", 0, false}};
	struct session *session = impact->session;
	struct table *table = table_new(session->arena, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < impact->rules.count; i++) {
		const Tally__V1__Rule *rule = impact->rules.rules[i];
		struct teams teams = {0};
		if (!depends(impact, rule))
			continue;
		add_teams_of(impact, rule, &teams);
		table_add(table, (struct table_cell[]){{words_last(rule->name), COLOUR_BOLD},
					 {words_severity(rule->default_severity), COLOUR_PLAIN},
					 {teams_text(session->arena, &teams), COLOUR_PLAIN},
					 {others_text(impact, rule), COLOUR_FAINT}});
	}
	if (table_rows(table) == 0)
		fprintf(stderr, "no rule depends on %s%s%s\n", model_kind_info(impact->kind)->id,
			*impact->field ? ":" : "", impact->field);
	else
		table_print(table, session->width, session->colour, &session->out);
}

static json_t *rule_json(const struct impact *impact, const Tally__V1__Rule *rule)
{
	json_t *reads = json_array(), *with = json_array();
	struct teams teams = {0};
	add_teams_of(impact, rule, &teams);
	for (size_t i = 0; i < rule->n_fields; i++)
		json_array_append_new(
			is_touched(impact, rule->fields[i]) ? reads : with, json_string(rule->fields[i]));
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "rule", words_last(rule->name), "severity",
		words_severity(rule->default_severity), "title", rule->title, "reads", reads, "with", with,
		"teams", teams_json(&teams));
}

static void print_json(const struct impact *impact)
{
	json_t *list = json_array();
	struct teams all = {0};
	for (size_t i = 0; i < impact->rules.count; i++) {
		const Tally__V1__Rule *rule = impact->rules.rules[i];
		if (!depends(impact, rule))
			continue;
		json_array_append_new(list, rule_json(impact, rule));
		add_teams_of(impact, rule, &all);
	}
	session_json(impact->session, json_pack("{s:s, s:s, s:s, s:o, s:o}", "system", impact->system, "kind",
					      model_kind_info(impact->kind)->id, "field", impact->field,
					      "rules", list, "teams", teams_json(&all)));
}

static enum command_exit run(struct session *session)
{
	struct impact impact = {.session = session, .system = session_system(session)};
	const char *kind = options_text(&session->options, "kind");
	const char *field = options_text(&session->options, "field");
	struct fault fault;
	if (!impact.system)
		return COMMAND_FAILED;
	if (!kind || strchr(kind, ','))
		return session_usage(session, "of which one kind is the field? Name it with --kind");
	impact.kind = model_kind_by_id(kind);
	impact.field = field_path_read(session->arena, impact.kind, field ? field : "", &fault);
	if (!impact.field)
		return session_fault(&fault);
	if (!read_owners(&impact) || !rule_list_read(session, &impact.rules))
		return COMMAND_FAILED;
	if (session->json)
		print_json(&impact);
	else
		print_table(&impact);
	return COMMAND_WELL;
}

static const struct option options[] = {
	{"system", 0, OPTION_TEXT, "SYSTEM", "else $TALLY_SYSTEM", NULL, NULL},
	{"kind", 0, OPTION_KIND, "KIND", "of the descriptor that has the field", words_every_kind, NULL},
	{"field", 0, OPTION_TEXT, "PATH", "e.g. output_spec.item_type; else the descriptor as a whole", NULL,
		NULL},
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_impact = {
	.name = "impact",
	.summary = "List the rules and teams that depend on a field",
	.arguments = "",
	.about = "TEAMS own what the rule looks at in this system: the descriptors' owners, else the teams\n"
		 "that make such descriptors. WITH lists the other fields that it looks at.",
	.options = options,
	.example = "  tally impact --system fraud-scoring --kind trained_model --field output_spec.item_type",
	.run = run,
};
