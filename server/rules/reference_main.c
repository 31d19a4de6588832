/*
 * Writes the reference of the rules, RULES.md, from the table of rules, so
 * that it cannot say anything else. What is said stands with each rule.
 */
#include <stdio.h>
#include <string.h>

#include "rules/rules.h"

static void print_head(void)
{
	printf("# Rules\n\n"
	       "<!-- Written by `cmake --build build/dev --target rules_reference`: change the rule, not this "
	       "page. -->\n\n"
	       "What Tally looks for. A rule runs when the kinds it needs are there; an open error blocks unless "
	       "a waiver, a policy or a grace period says otherwise. `tally explain RULE` shows the same, "
	       "`tally impact` tells which rules look at a field.\n");
}

static void print_kinds(kind_set kinds)
{
	const char *comma = "";
	for (unsigned kind = KIND_NONE + 1; kind < KIND_LIMIT; kind++) {
		if (!(kinds & KIND_BIT(kind)))
			continue;
		printf("%s%s", comma, model_kind_info((enum model_kind)kind)->title);
		comma = ", ";
	}
}

static void print_teams(uint32_t teams)
{
	const char *comma = "";
	for (unsigned team = 0; team < TEAM_COUNT; team++) {
		if (!(teams & TEAM_BIT(team)))
			continue;
		printf("%s%s", comma, model_team_id((enum model_team)team));
		comma = ", ";
	}
}

static void print_fields(const struct rules_info *info)
{
	struct arena *arena = arena_new();
	size_t count;
	const char *const *fields = rules_fields(arena, info, &count);
	for (size_t i = 0; i < count; i++)
		printf("%s`%s`", i > 0 ? ", " : "", fields[i]);
	arena_free(arena);
}

static void print_rule(const struct rules_info *info)
{
	printf("\n### %s\n\n", info->id);
	printf("%s. **%s**, since set %d; needs ", info->title, model_severity_id(info->severity),
		info->since ? info->since : 1);
	if (info->needs)
		print_kinds(info->needs);
	else
		printf("nothing");
	printf("; whose move: ");
	print_teams(info->teams);
	printf(". %s %s Reads ", info->rationale, info->remedy);
	print_fields(info);
	printf(".\n");
}

int main(void)
{
	const char *class = "";
	print_head();
	for (size_t i = 0; i < rules_count(); i++) {
		const struct rules_info *info = rules_at(i);
		if (strcmp(class, model_class_id(info->class)) != 0) {
			class = model_class_id(info->class);
			printf("\n## %s\n", class);
		}
		print_rule(info);
	}
	return ferror(stdout) || fflush(stdout) ? 1 : 0;
}
