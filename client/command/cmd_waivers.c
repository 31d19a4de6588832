/* tally waivers: what is waived, by whom, until when, and what it holds. */
#include <string.h>

#include "command/session.h"
#include "command/show.h"
#include "command/table.h"
#include "command/words.h"
#include "tally/v1/mismatch_service.pb-c.h"

static const struct table_column columns[] = {{"NAME", 12, false}, {"STATE", 0, false}, {"UNTIL", 0, false},
	{"BY", 0, false}, {"FINDINGS", 0, true}, {"WAIVES", 16, false}, {"REASON", 0, false}};

static const char *state_word(Tally__V1__WaiverState state)
{
	static const char *const states[] = {"unknown", "active", "unused", "lapsed"};
	return (size_t)state < sizeof(states) / sizeof(states[0]) ? states[(size_t)state] : states[0];
}

static const char *what(struct arena *arena, const Tally__V1__Waiver *waiver)
{
	if (*waiver->finding)
		return waiver->finding;
	return *waiver->subject ? arena_print(arena, "%s %s", waiver->rule, waiver->subject) : waiver->rule;
}

static void add_row(struct session *session, struct table *table, const Tally__V1__WaiverStatus *status)
{
	const Tally__V1__Waiver *waiver = status->waiver->waiver;
	table_add(
		table, (struct table_cell[]){{words_last(status->waiver->name), COLOUR_PLAIN},
			       {state_word(status->state), COLOUR_PLAIN},
			       {words_short_time(session->arena, waiver->expire_time), COLOUR_PLAIN},
			       {waiver->waived_by, COLOUR_PLAIN},
			       {arena_print(session->arena, "%d", (int)status->finding_count), COLOUR_PLAIN},
			       {what(session->arena, waiver), COLOUR_PLAIN}, {waiver->reason, COLOUR_PLAIN}});
}

static json_t *status_json(struct arena *arena, const Tally__V1__WaiverStatus *status)
{
	const Tally__V1__Waiver *waiver = status->waiver->waiver;
	json_t *findings = json_array();
	for (size_t i = 0; i < status->n_findings; i++)
		json_array_append_new(findings, json_string(words_last(status->findings[i])));
	return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:o}", "name",
		words_last(status->waiver->name), "state", state_word(status->state), "finding",
		waiver->finding, "rule", waiver->rule, "subject", waiver->subject, "reason", waiver->reason,
		"until", words_time(arena, waiver->expire_time), "by", waiver->waived_by, "finding_count",
		(int)status->finding_count, "findings", findings);
}

static void print(
	struct session *session, const char *system, struct table *table, json_t *list, int64_t revision)
{
	if (session->json)
		session_json(session, json_pack("{s:s, s:I, s:O}", "system", system, "revision",
					      (json_int_t)revision, "waivers", list));
	else if (table_rows(table) == 0)
		fprintf(stderr, "%s has no waivers\n", system);
	else
		table_print(table, session->width, session->colour, &session->out);
}

static enum command_exit run(struct session *session)
{
	const char *system = session_system_argument(session);
	Tally__V1__ListWaiversRequest request = TALLY__V1__LIST_WAIVERS_REQUEST__INIT;
	const Tally__V1__ListWaiversResponse *page = NULL;
	if (!system)
		return COMMAND_FAILED;
	struct table *table = table_new(session->arena, columns, sizeof(columns) / sizeof(columns[0]));
	json_t *list = json_array();
	request.parent = session_system_name(session, system);
	request.page_size = SESSION_PAGE_SIZE;
	do {
		page = session_call(session, "/tally.v1.MismatchService/ListWaivers", &request.base,
			&tally__v1__list_waivers_response__descriptor);
		for (size_t i = 0; page && i < page->n_waivers; i++) {
			if (!page->waivers[i]->waiver || !page->waivers[i]->waiver->waiver)
				continue;
			json_array_append_new(list, status_json(session->arena, page->waivers[i]));
			add_row(session, table, page->waivers[i]);
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
	{NULL, 0, OPTION_FLAG, NULL, NULL, NULL, NULL},
};

const struct command command_waivers = {
	.name = "waivers",
	.summary = "List the waivers of a system and what they hold",
	.arguments = "[SYSTEM]",
	.about = "An unused waiver is about no open finding; a lapsed one is past its time.",
	.options = options,
	.words = WORDS_TEXT,
	.most = 1,
	.example = "  tally waivers fraud-scoring",
	.run = run,
};
