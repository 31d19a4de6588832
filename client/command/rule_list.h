/* All rules of the server. */
#ifndef COMMAND_RULE_LIST_H
#define COMMAND_RULE_LIST_H

#include "command/session.h"
#include "tally/v1/finding.pb-c.h"

struct rule_list {
	Tally__V1__Rule **rules;
	size_t count;
};

/** Reads all pages. @param[out] list the session's @return false after complaining */
bool rule_list_read(struct session *session, struct rule_list *list);

#endif
