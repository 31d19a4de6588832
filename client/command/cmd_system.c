/* tally system create, list, delete. */
#include <string.h>
#include <unistd.h>

#include "command/failure.h"
#include "command/request_id.h"
#include "command/session.h"
#include "command/show.h"
#include "command/table.h"
#include "command/text.h"
#include "command/words.h"
#include "tally/v1/system.pb-c.h"

enum {
	LABELS_MAX = 64,
};

static json_t *system_json(struct session *session, const Tally__V1__System *system)
{
	json_t *labels = json_object();
	for (size_t i = 0; i < system->n_labels; i++)
		json_object_set_new(labels, system->labels[i]->key, json_string(system->labels[i]->value));
	return json_pack("{s:s, s:s, s:s, s:s, s:I, s:s, s:s, s:s, s:o}", "system", words_last(system->name),
		"display_name", system->display_name, "description", system->description, "owner_team",
		system->owner_team, "revision", (json_int_t)system->revision, "etag", system->etag,
		"create_time", words_time(session->arena, system->create_time), "update_time",
		words_time(session->arena, system->update_time), "labels", labels);
}

static bool read_labels(struct session *session, Tally__V1__System *system)
{
	size_t count;
	const char **texts = options_all(&session->options, "label", &count);
	if (count > LABELS_MAX) {
		session_usage(session, "at most %d labels", LABELS_MAX);
		return false;
	}
	system->labels = arena_array(session->arena, count + 1, sizeof(*system->labels));
	for (size_t i = 0; i < count; i++) {
		size_t key = strcspn(texts[i], "=");
		Tally__V1__System__LabelsEntry *label = arena_alloc(session->arena, sizeof(*label));
		if (key == 0 || texts[i][key] != '=') {
			session_usage(session, "--label: \"%s\" is not KEY=VALUE", texts[i]);
			return false;
		}
		tally__v1__system__labels_entry__init(label);
		label->key = arena_copy(session->arena, texts[i], key);
		label->value = arena_text(session->arena, texts[i] + key + 1);
		system->labels[system->n_labels++] = label;
	}
	return true;
}

static char *text_option(struct session *session, const char *name)
{
	return arena_text(session->arena, options_text(&session->options, name));
}

static enum command_exit create_system(struct session *session)
{
	char id[REQUEST_ID_SIZE];
	const char *name = session_system_id(session, session->options.arguments[0]);
	const char *given = options_text(&session->options, "request-id");
	Tally__V1__System system = TALLY__V1__SYSTEM__INIT;
	Tally__V1__CreateSystemRequest request = TALLY__V1__CREATE_SYSTEM_REQUEST__INIT;
	if (!name || !read_labels(session, &system))
		return COMMAND_FAILED;
	system.display_name = text_option(session, "display-name");
	system.description = text_option(session, "description");
	system.owner_team = text_option(session, "owner-team");
	request.system_id = arena_text(session->arena, name);
	request.system = &system;
	request.request_id = arena_text(session->arena, given ? given : request_id_new(id));
	const Tally__V1__System *made = session_call(session, "/tally.v1.SystemService/CreateSystem",
		&request.base, &tally__v1__system__descriptor);
	if (!made)
		return COMMAND_FAILED;
	if (session->json)
		session_json(session, system_json(session, made));
	else
		buffer_print(&session->out, "created %s\n", words_last(made->name));
	return COMMAND_WELL;
}

static void list_text(struct session *session, json_t *list)
{
	static const struct table_column columns[] = {{"SYSTEM", 0, false}, {"REVISION", 0, true},
		{"CHANGED", 0, false}, {"OWNER", 8, false}, {"TITLE", 0, false}};
	struct table *table = table_new(session->arena, columns, sizeof(columns) / sizeof(columns[0]));
	size_t i;
	json_t *system;
	json_array_foreach(list, i, system)
	{
		const char *changed = json_string_value(json_object_get(system, "update_time"));
		long long revision = json_integer_value(json_object_get(system, "revision"));
		table_add(table,
			(struct table_cell[]){
				{json_string_value(json_object_get(system, "system")), COLOUR_BOLD},
				{arena_print(session->arena, "%lld", revision), COLOUR_PLAIN},
				{arena_print(session->arena, "%.10s %.8s", changed,
					 strlen(changed) > 11 ? changed + 11 : ""),
					COLOUR_PLAIN},
				{json_string_value(json_object_get(system, "owner_team")), COLOUR_PLAIN},
				{json_string_value(json_object_get(system, "display_name")), COLOUR_PLAIN}});
	}
	if (json_array_size(list) > 0)
		table_print(table, session->width, session->colour, &session->out);
	else
		fputs("no systems yet; create one with: tally system create SYSTEM\n", stderr);
	json_decref(list);
}

static enum command_exit list_systems(struct session *session)
{
	json_t *all = json_array();
	Tally__V1__ListSystemsRequest request = TALLY__V1__LIST_SYSTEMS_REQUEST__INIT;
	request.page_size = SESSION_PAGE_SIZE;
	do {
		const Tally__V1__ListSystemsResponse *page =
			session_call(session, "/tally.v1.SystemService/ListSystems", &request.base,
				&tally__v1__list_systems_response__descriptor);
		if (!page) {
			json_decref(all);
			return COMMAND_FAILED;
		}
		for (size_t i = 0; i < page->n_systems; i++)
			json_array_append_new(all, system_json(session, page->systems[i]));
		request.page_token = page->next_page_token;
	} while (*request.page_token);
	if (session->json)
		session_json(session, json_pack("{s:o}", "systems", all));
	else
		list_text(session, all);
	return COMMAND_WELL;
}

/* A person at a terminal is asked; a script has said what it wants. */
static bool confirmed(struct session *session, const char *system)
{
	char answer[8] = "";
	if (options_given(&session->options, "yes") || !isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return true;
	fprintf(stderr, "Delete system %s with all its descriptors and findings? [y/N] ", system);
	if (fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y'))
		return true;
	failure_say("nothing deleted");
	return false;
}

static enum command_exit delete_system(struct session *session)
{
	char id[REQUEST_ID_SIZE];
	const char *system = session_system_id(session, session->options.arguments[0]);
	Tally__V1__DeleteSystemRequest request = TALLY__V1__DELETE_SYSTEM_REQUEST__INIT;
	if (!system || !confirmed(session, system))
		return COMMAND_FAILED;
	request.name = session_system_name(session, system);
	request.request_id = request_id_new(id);
	request.etag = text_option(session, "etag");
	const Tally__V1__DeleteSystemResponse *answer =
		session_call(session, "/tally.v1.SystemService/DeleteSystem", &request.base,
			&tally__v1__delete_system_response__descriptor);
	if (!answer)
		return COMMAND_FAILED;
	if (session->json)
		session_json(session,
			json_pack("{s:s, s:I}", "system", system, "revision", (json_int_t)answer->revision));
	else
		buffer_print(&session->out, "deleted %s\n", system);
	return COMMAND_WELL;
}

static const struct option create_options[] = {
	{"display-name", 0, OPTION_TEXT, "TEXT", "its title", NULL, NULL},
	{"description", 0, OPTION_TEXT, "TEXT", "what it is for", NULL, NULL},
	{"owner-team", 0, OPTION_TEXT, "TEAM", "who owns it", NULL, NULL},
	{"label", 0, OPTION_TEXT, "KEY=VALUE", "may be given several times", NULL, NULL},
	{"request-id", 0, OPTION_TEXT, "UUID", "the same id, the same answer; else a new one", NULL, NULL},
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

static const struct option delete_options[] = {
	{"yes", 'y', OPTION_FLAG, NULL, "do not ask", NULL, NULL},
	{"etag", 0, OPTION_TEXT, "ETAG", "only if it did not change since", NULL, NULL},
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_system_create = {
	.name = "system create",
	.summary = "Create a system: what descriptors belong to",
	.arguments = "SYSTEM",
	.about = "SYSTEM is 1 to 63 lower-case letters, digits and hyphens, a letter first.",
	.options = create_options,
	.words = WORDS_TEXT,
	.least = 1,
	.most = 1,
	.example = "  tally system create fraud-scoring --owner-team payments --label stage=prod",
	.run = create_system,
};

const struct command command_system_list = {
	.name = "system list",
	.summary = "List the systems",
	.arguments = "",
	.example = "  tally system list",
	.run = list_systems,
};

const struct command command_system_delete = {
	.name = "system delete",
	.summary = "Delete a system with all that belongs to it",
	.arguments = "SYSTEM",
	.options = delete_options,
	.words = WORDS_TEXT,
	.least = 1,
	.most = 1,
	.example = "  tally system delete fraud-scoring --yes",
	.run = delete_system,
};
