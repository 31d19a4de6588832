/* Pushing documents, whichever command made them. */
#ifndef COMMAND_PUSH_H
#define COMMAND_PUSH_H

#include "command/session.h"
#include "document/document.h"

/* Options that go with every push. */
#define PUSH_OPTIONS                                                                                         \
	{"note", 'm', OPTION_TEXT, "TEXT", "why: kept with the new versions", NULL, NULL},                   \
		{"dry-run", 0, OPTION_FLAG, NULL, "check and evaluate only; store nothing", NULL, NULL},     \
	{                                                                                                    \
		"request-id", 0, OPTION_TEXT, "UUID", "the same id, the same answer; else a new one", NULL,  \
			NULL                                                                                 \
	}

/**
 * Pushes documents: those of one system together, all or none, as one
 * revision. --system stands for the system of every document.
 */
enum command_exit push_documents(struct session *session, struct document *documents, size_t count);

#endif
