/* Deleting a descriptor, whichever command does it. */
#ifndef COMMAND_DELETE_H
#define COMMAND_DELETE_H

#include "command/session.h"

/* Options that go with every deletion. */
#define DELETE_OPTIONS                                                                                       \
	{"note", 'm', OPTION_TEXT, "TEXT", "why: kept with the deletion", NULL, NULL},                       \
		{"dry-run", 0, OPTION_FLAG, NULL, "check and evaluate only; store nothing", NULL, NULL},     \
		{"etag", 0, OPTION_TEXT, "ETAG", "only if it did not change since", NULL, NULL},             \
	{                                                                                                    \
		"request-id", 0, OPTION_TEXT, "UUID", "the same id, the same answer; else a new one", NULL,  \
			NULL                                                                                 \
	}

/** Deletes a descriptor and tells what came of it. @param target without a version */
enum command_exit delete_descriptor(struct session *session, const struct target *target);

#endif
