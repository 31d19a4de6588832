/* tally list: the current descriptors of a system. */
#include <string.h>

#include "command/filter.h"
#include "command/session.h"
#include "command/show.h"
#include "command/table.h"
#include "command/words.h"
#include "tally/v1/descriptor_service.pb-c.h"

static const struct table_column columns[] = {{"KIND", 0, false}, {"NAME", 0, false}, {"VERSION", 0, true},
	{"REVISION", 0, true}, {"PUSHED", 0, false}, {"OWNER", 8, false}, {"NOTE", 0, false}};

static void add_row(struct session *session, struct table *table, const Tally__V1__Descriptor *descriptor)
{
	enum model_kind kind = show_kind_of(descriptor);
	table_add(table,
		(struct table_cell[]){
			{kind == KIND_NONE ? "unknown" : model_kind_info(kind)->id, COLOUR_PLAIN},
			{words_last(descriptor->name), COLOUR_PLAIN},
			{arena_print(session->arena, "%d", (int)descriptor->version), COLOUR_PLAIN},
			{arena_print(session->arena, "%lld", (long long)descriptor->revision), COLOUR_PLAIN},
			{words_short_time(session->arena, descriptor->create_time), COLOUR_PLAIN},
			{descriptor->owner_team, COLOUR_PLAIN}, {descriptor->change_note, COLOUR_PLAIN}});
}

static void print(
	struct session *session, const char *system, struct table *table, json_t *list, int64_t revision)
{
	if (session->json) {
		session_json(session, json_pack("{s:s, s:I, s:O}", "system", system, "revision",
					      (json_int_t)revision, "descriptors", list));
		return;
	}
	if (table_rows(table) == 0)
		fprintf(stderr, "%s has no descriptors yet; begin with: tally init KIND --system %s\n",
			system, system);
	else
		table_print(table, session->width, session->colour, &session->out);
}

static enum command_exit run(struct session *session)
{
	const char *system = session_system_argument(session);
	Tally__V1__ListDescriptorsRequest request = TALLY__V1__LIST_DESCRIPTORS_REQUEST__INIT;
	const Tally__V1__ListDescriptorsResponse *page = NULL;
	if (!system)
		return COMMAND_FAILED;
	struct table *table = table_new(session->arena, columns, sizeof(columns) / sizeof(columns[0]));
	json_t *list = json_array();
	request.parent = session_system_name(session, system);
	request.page_size = SESSION_PAGE_SIZE;
	request.kinds = filter_kinds(session, &request.n_kinds);
	do {
		page = session_call(session, "/tally.v1.DescriptorService/ListDescriptors", &request.base,
			&tally__v1__list_descriptors_response__descriptor);
		for (size_t i = 0; page && i < page->n_descriptors; i++) {
			json_array_append_new(list, show_descriptor_json(page->descriptors[i]));
			add_row(session, table, page->descriptors[i]);
		}
		request.page_token = page ? page->next_page_token : request.page_token;
	} while (page && *request.page_token);
	if (page)
		print(session, system, table, list, page->revision);
	json_decref(list);
	return page ? COMMAND_WELL : COMMAND_FAILED;
}

static const struct option options[] = {
	{"system", 0, OPTION_TEXT, "SYSTEM", "else the argument or $TALLY_SYSTEM", NULL, NULL},
	{"kind", 0, OPTION_KIND, "KIND", "only these kinds; several with commas", words_every_kind, NULL},
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_list = {
	.name = "list",
	.summary = "List the current descriptors of a system",
	.arguments = "[SYSTEM]",
	.options = options,
	.words = WORDS_TEXT,
	.most = 1,
	.example = "  tally list fraud-scoring --kind trained_model,production_environment",
	.run = run,
};
