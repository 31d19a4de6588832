/* One column of two profiles, side by side. */
#ifndef COMMAND_AGAINST_COLUMN_H
#define COMMAND_AGAINST_COLUMN_H

#include "command/session.h"
#include "tally/v1/profile.pb-c.h"

/** Returns how many columns of a terminal a line may take. */
size_t against_width(const struct session *session);

/** Writes both sides with a small histogram, and the measures. @param current  NULL: it is not there */
void against_column_print(struct session *session, const char *name,
	const Tally__V1__ColumnProfile *reference, const Tally__V1__ColumnProfile *current);

/** Makes the same as JSON: name and measures. @return owned: json_decref() */
json_t *against_column_json(
	const char *name, const Tally__V1__ColumnProfile *reference, const Tally__V1__ColumnProfile *current);

#endif
