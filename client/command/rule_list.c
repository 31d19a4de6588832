/* Reading the rules, page by page. */
#include "command/rule_list.h"

#include "tally/v1/mismatch_service.pb-c.h"

bool rule_list_read(struct session *session, struct rule_list *list)
{
	Tally__V1__ListRulesRequest request = TALLY__V1__LIST_RULES_REQUEST__INIT;
	request.page_size = SESSION_PAGE_SIZE;
	*list = (struct rule_list){0};
	do {
		const Tally__V1__ListRulesResponse *page =
			session_call(session, "/tally.v1.MismatchService/ListRules", &request.base,
				&tally__v1__list_rules_response__descriptor);
		if (!page)
			return false;
		Tally__V1__Rule **joined =
			arena_array(session->arena, list->count + page->n_rules, sizeof(*joined));
		for (size_t i = 0; i < list->count; i++)
			joined[i] = list->rules[i];
		for (size_t i = 0; i < page->n_rules; i++)
			joined[list->count + i] = page->rules[i];
		list->rules = joined;
		list->count += page->n_rules;
		request.page_token = page->next_page_token;
	} while (*request.page_token);
	return true;
}
