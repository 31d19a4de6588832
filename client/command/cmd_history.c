/* tally history: all versions of one descriptor. */
#include <string.h>

#include "command/session.h"
#include "command/show.h"
#include "command/table.h"
#include "command/words.h"
#include "tally/v1/descriptor_service.pb-c.h"

static const struct table_column columns[] = {{"VERSION", 0, true}, {"REVISION", 0, true},
	{"PUSHED", 0, false}, {"BY", 8, false}, {"DIGEST", 0, false}, {"NOTE", 0, false}};

static void add_row(struct session *session, struct table *table, const Tally__V1__Descriptor *descriptor)
{
	struct arena *arena = session->arena;
	const char *digest = strchr(descriptor->digest, ':');
	const char *note = descriptor->deleted
				   ? arena_print(arena, "deleted%s%s", *descriptor->change_note ? ": " : "",
					     descriptor->change_note)
				   : descriptor->change_note;
	table_add(table,
		(struct table_cell[]){{arena_print(arena, "%d", (int)descriptor->version), COLOUR_PLAIN},
			{arena_print(arena, "%lld", (long long)descriptor->revision), COLOUR_PLAIN},
			{words_short_time(arena, descriptor->create_time), COLOUR_PLAIN},
			{descriptor->author, COLOUR_PLAIN},
			{arena_print(arena, "%.12s", digest ? digest + 1 : ""), COLOUR_FAINT},
			{note, COLOUR_PLAIN}});
}

static enum command_exit run(struct session *session)
{
	struct target target;
	char name[MODEL_NAME_SIZE];
	Tally__V1__ListDescriptorVersionsRequest request = TALLY__V1__LIST_DESCRIPTOR_VERSIONS_REQUEST__INIT;
	const Tally__V1__ListDescriptorVersionsResponse *page;
	if (!session_target(session, session->options.arguments[0], &target))
		return COMMAND_FAILED;
	target.version = 0;
	struct table *table = table_new(session->arena, columns, sizeof(columns) / sizeof(columns[0]));
	json_t *list = json_array();
	request.parent = target_resource(&target, target.system, name);
	request.page_size = SESSION_PAGE_SIZE;
	do {
		page = session_call(session, "/tally.v1.DescriptorService/ListDescriptorVersions",
			&request.base, &tally__v1__list_descriptor_versions_response__descriptor);
		for (size_t i = 0; page && i < page->n_descriptors; i++) {
			json_array_append_new(list, show_descriptor_json(page->descriptors[i]));
			add_row(session, table, page->descriptors[i]);
		}
		request.page_token = page ? page->next_page_token : request.page_token;
	} while (page && *request.page_token);
	if (page && session->json)
		session_json(session,
			json_pack("{s:s, s:s, s:s, s:O}", "system", target.system, "kind",
				model_kind_info(target.kind)->id, "name", target.name, "versions", list));
	else if (page)
		table_print(table, session->width, session->colour, &session->out);
	json_decref(list);
	return page ? COMMAND_WELL : COMMAND_FAILED;
}

static const struct option options[] = {
	{"system", 0, OPTION_TEXT, "SYSTEM", "else $TALLY_SYSTEM", NULL, NULL},
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_history = {
	.name = "history",
	.summary = "List all versions of a descriptor, newest first",
	.arguments = "KIND[/NAME]",
	.options = options,
	.words = WORDS_KINDS,
	.least = 1,
	.most = 1,
	.example = "  tally history trained_model --system fraud-scoring",
	.run = run,
};
