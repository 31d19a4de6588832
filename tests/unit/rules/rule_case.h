/* One rule, a few descriptors, and what the rule must find in them: the row of every rule's table of cases.
 */
#ifndef RULES_RULE_CASE_H
#define RULES_RULE_CASE_H

#include "load.h"
#include "model/finding.h"

/* A descriptor as load_text() takes it. KIND_NONE ends the list. */
struct case_descriptor {
	enum model_kind kind;
	const char *text;
	const char *name; /* NULL: default */
};

struct rule_case {
	const char *name;
	const char *rule;
	/*
	 * The rule's findings in the order of these lines: subject, " @" and for each
	 * place " kind:field", or " kind/name:field" where the name is not default.
	 */
	const char *found;
	const char *says; /* stands in a finding's message; NULL: anything */
	struct case_descriptor descriptors[5];
	enum model_severity severity; /* of each; SEVERITY_NONE: the rule's own */
	const char *advises;          /* stands in a finding's remedy; NULL: anything */
};

/* The cmocka function of such a row. */
void rule_case_check(void **state);

#endif
