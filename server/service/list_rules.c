/*
 * ListRules: what is detected.
 *
 *   read -> answer
 */
#include "rules/rules.h"
#include "service/methods.h"
#include "service/pages.h"
#include "service/unpack.h"
#include "tally/v1/mismatch_service.pb-c.h"

static const char path[] = "/tally.v1.MismatchService/ListRules";

/* What rules say is never written to; messages are not const. */
static char *literal(const char *text)
{
	return (char *)(uintptr_t)text;
}

static Tally__V1__Rule *message_of(struct arena *arena, const struct rules_info *rule)
{
	Tally__V1__Rule *message = arena_alloc(arena, sizeof(*message));
	tally__v1__rule__init(message);
	message->name = arena_print(arena, "rules/%s", rule->id);
	message->since = rule->since ? rule->since : 1;
	message->rule_class = literal(model_class_id(rule->class));
	message->default_severity = (Tally__V1__Severity)rule->severity;
	message->title = literal(rule->title);
	message->rationale = literal(rule->rationale);
	message->remedy = literal(rule->remedy);
	message->kinds = arena_array(arena, KIND_END, sizeof(*message->kinds));
	for (unsigned kind = KIND_NONE + 1; kind < KIND_END; kind++)
		if (rule->kinds & KIND_BIT(kind))
			message->kinds[message->n_kinds++] = (Tally__V1__Kind)kind;
	message->teams = arena_array(arena, TEAM_COUNT, sizeof(*message->teams));
	for (unsigned team = 0; team < TEAM_COUNT; team++)
		if (rule->teams & TEAM_BIT(team))
			message->teams[message->n_teams++] = literal(model_team_id((enum model_team)team));
	const char *const *fields = rules_fields(arena, rule, &message->n_fields);
	message->fields = arena_array(arena, message->n_fields, sizeof(*message->fields));
	for (size_t i = 0; i < message->n_fields; i++)
		message->fields[i] = literal(fields[i]);
	return message;
}

static enum rpc_next answer(struct rpc_call *call, struct page *page)
{
	struct arena *arena = rpc_arena(call);
	Tally__V1__ListRulesResponse made = TALLY__V1__LIST_RULES_RESPONSE__INIT;
	made.rules = arena_array(arena, page->size, sizeof(*made.rules));
	const char *last = page->after;
	for (size_t i = 0; i < rules_count(); i++) {
		const struct rules_info *rule = rules_at(i);
		if (strcmp(rule->id, page->after) <= 0)
			continue;
		Tally__V1__Rule *message = message_of(arena, rule);
		if (!page_take(page, message)) {
			made.next_page_token = page_token(arena, page, 0, last);
			break;
		}
		made.rules[made.n_rules++] = message;
		last = rule->id;
	}
	return service_reply(call, &made);
}

static enum rpc_next read(struct rpc_call *call)
{
	struct fault fault = {0};
	const Tally__V1__ListRulesRequest *request =
		service_unpack(call, &tally__v1__list_rules_request__descriptor, &fault);
	if (!request)
		return rpc_fail(call, &fault);
	Tally__V1__ListRulesRequest rest = TALLY__V1__LIST_RULES_REQUEST__INIT;
	struct page_request wanted = {path, &rest, request->page_size, request->page_token};
	struct page page;
	if (!page_open(rpc_arena(call), rpc_context(call), &wanted, &page, &fault))
		return rpc_fail(call, &fault);
	return answer(call, &page);
}

const struct rpc_method list_rules_methods[] = {
	{.path = path, .first = read},
	{0},
};
