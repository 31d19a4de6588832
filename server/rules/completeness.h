/* What is asked of each kind; private to this room. */
#ifndef RULES_COMPLETENESS_H
#define RULES_COMPLETENESS_H

#include <stddef.h>
#include <stdint.h>

#include "model/kind.h"

enum completeness_form {
	EACH,  /* missing when any occurrence of the field is blank */
	ALL,   /* missing when every occurrence is, or there is none */
	ENTRY, /* missing when any entry of a list of texts is blank */
};

/*
 * One field that a descriptor should say something about. A path leads through
 * lists; a list, message or text at its end is one occurrence for each entry
 * of the lists before it.
 */
struct completeness_entry {
	enum model_kind kind;
	uint32_t owner; /* TEAM_BIT() of those who fill it in */
	const char *path;
	enum completeness_form form;
	/*
	 * What decides whether an occurrence is blank, separated by spaces: all of
	 * it must be. NULL: the field itself. Looked up in the message at the
	 * path's end, or, when there is a text or number, in the one it stands in.
	 *   a.b  a field         a!  0 says nothing either
	 *   a/b  a choice: blank, or Other with b blank
	 */
	const char *members;
	/* A boolean beside the field, "ensemble" or "!label_field": what it must be for the entry to apply.
	 */
	const char *condition;
	const char *inside; /* path of an earlier entry; when that one is missing this one is not asked for */
	uint32_t consumers; /* TEAM_BIT()s of those who need it */
	const char *rationale;
};

/** Returns all entries, ordered by kind. @param[out] count */
const struct completeness_entry *completeness_entries(size_t *count);

#endif
