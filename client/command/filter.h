/* Filters of findings and events: the same options, the same meaning. */
#ifndef COMMAND_FILTER_H
#define COMMAND_FILTER_H

#include "command/session.h"
#include "command/words.h"

/* Several values of one filter are ORed, several filters ANDed. */
#define FILTER_OPTIONS                                                                                       \
	{"kind", 0, OPTION_KIND, "KIND", "only findings that involve one of these kinds", words_kinds,       \
		NULL},                                                                                       \
		{"class", 0, OPTION_CHOICE, "CLASS", "only these classes", words_classes, NULL},             \
		{"severity", 0, OPTION_CHOICE, "SEVERITY", "only this one and graver ones",                  \
			words_severities, NULL},                                                             \
	{                                                                                                    \
		"team", 0, OPTION_CHOICE, "TEAM", "only where the next move is one of these teams'",         \
			words_teams, NULL                                                                    \
	}

/** Returns the kinds that were asked for. @param[out] count @return arena */
Tally__V1__Kind *filter_kinds(struct session *session, size_t *count);

/** Returns the values of a text option. @param[out] count @return arena */
char **filter_texts(struct session *session, const char *option, size_t *count);

/** Returns the least severity, 0 for all. */
Tally__V1__Severity filter_severity(struct session *session);

#endif
