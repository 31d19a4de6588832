/* tally matrix: which versions have been judged together, and how. */
#include <string.h>

#include "command/colour.h"
#include "command/session.h"
#include "command/show.h"
#include "command/table.h"
#include "command/words.h"
#include "tally/v1/mismatch_service.pb-c.h"

enum {
	PAGE_SIZE = 200,
	LIMIT = 50,
};

static const struct table_column columns[] = {{"REVISION", 0, true}, {"TIME", 0, false},
	{"VERDICT", 0, false}, {"ERRORS", 0, true}, {"VERSIONS", 0, false}};

/* e.g. trained_model/scorer 3. The clock is only there to say what time it was. @return arena; NULL for it */
static const char *version_text(struct arena *arena, const Tally__V1__DeployedVersion *version)
{
	size_t length = strcspn(version->descriptor, "/");
	enum model_kind kind = model_kind_by_collection(version->descriptor, length);
	const char *name = version->descriptor + length + (version->descriptor[length] == '/');
	if (kind == KIND_CLOCK)
		return NULL;
	const char *word = kind ? model_kind_info(kind)->id : arena_copy(arena, version->descriptor, length);
	return arena_print(arena, "%s %d", show_place(arena, word, name), (int)version->version);
}

static const char *versions_text(struct arena *arena, const Tally__V1__RevisionVerdict *row)
{
	const char *text = "";
	for (size_t i = 0; i < row->n_versions; i++) {
		const char *one = version_text(arena, row->versions[i]);
		if (one)
			text = arena_print(arena, "%s%s%s", text, *text ? ", " : "", one);
	}
	return text;
}

static void add_row(struct session *session, struct table *table, const Tally__V1__RevisionVerdict *row)
{
	struct arena *arena = session->arena;
	const Tally__V1__Verdict *verdict = row->verdict;
	table_add(table, (struct table_cell[]){
				 {arena_print(arena, "%lld", (long long)verdict->revision), COLOUR_PLAIN},
				 {words_short_time(arena, row->time), COLOUR_PLAIN},
				 {words_decision(verdict->decision), show_decision_colour(verdict->decision)},
				 {arena_print(arena, "%d", (int)verdict->error_count), COLOUR_PLAIN},
				 {versions_text(arena, row), COLOUR_PLAIN}});
}

static json_t *row_json(struct arena *arena, const Tally__V1__RevisionVerdict *row)
{
	json_t *object = show_verdict_json(row->verdict);
	json_t *versions = json_object();
	for (size_t i = 0; i < row->n_versions; i++)
		json_object_set_new(
			versions, row->versions[i]->descriptor, json_integer(row->versions[i]->version));
	json_object_set_new(object, "time", json_string(words_time(arena, row->time)));
	json_object_set_new(object, "versions", versions);
	return object;
}

static void print(struct session *session, const char *system, const struct table *table, json_t *list)
{
	if (session->json)
		session_json(session, json_pack("{s:s, s:O}", "system", system, "verdicts", list));
	else
		table_print(table, session->width, session->colour, &session->out);
}

static enum command_exit run(struct session *session)
{
	const struct options *given = &session->options;
	const char *system = session_system_argument(session);
	int64_t limit = options_number(given, "limit", LIMIT);
	Tally__V1__ListVerdictsRequest request = TALLY__V1__LIST_VERDICTS_REQUEST__INIT;
	const Tally__V1__ListVerdictsResponse *page;
	if (!system)
		return COMMAND_FAILED;
	int64_t left = limit > 0 ? limit : INT64_MAX;
	struct table *table = table_new(session->arena, columns, sizeof(columns) / sizeof(columns[0]));
	json_t *list = json_array();
	request.parent = session_system_name(session, system);
	request.environment = arena_text(session->arena, options_text(given, "environment"));
	do {
		request.page_size = left < PAGE_SIZE ? (int32_t)left : PAGE_SIZE;
		page = session_call(session, "/tally.v1.MismatchService/ListVerdicts", &request.base,
			&tally__v1__list_verdicts_response__descriptor);
		for (size_t i = 0; page && i < page->n_verdicts; i++, left--) {
			if (session->json)
				json_array_append_new(list, row_json(session->arena, page->verdicts[i]));
			else
				add_row(session, table, page->verdicts[i]);
		}
		request.page_token = page ? page->next_page_token : request.page_token;
	} while (page && *request.page_token && left > 0);
	if (page)
		print(session, system, table, list);
	json_decref(list);
	return page ? COMMAND_WELL : COMMAND_FAILED;
}

static const struct option options[] = {
	{"system", 0, OPTION_TEXT, "SYSTEM", "else the argument or $TALLY_SYSTEM", NULL, NULL},
	{"environment", 'e', OPTION_TEXT, "NAME",
		"the name of a production environment: findings about other ones do not count", NULL, NULL},
	{"limit", 0, OPTION_NUMBER, "N", "the newest N revisions (50); 0: all of them", NULL, NULL},
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_matrix = {
	.name = "matrix",
	.summary = "List which versions have been judged together, and how",
	.arguments = "[SYSTEM]",
	.about = "One line a revision, the newest first.",
	.options = options,
	.words = WORDS_TEXT,
	.most = 1,
	.example = "  tally matrix fraud-scoring --environment eu-west --limit 10",
	.run = run,
};
