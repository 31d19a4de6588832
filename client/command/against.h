/* Two descriptors of data side by side, before either is pushed: measures, and what the rules would find. */
#ifndef COMMAND_AGAINST_H
#define COMMAND_AGAINST_H

#include "command/session.h"
#include "tally/v1/descriptor.pb-c.h"

/* What is compared. All borrowed. */
struct against {
	const char *system;    /* an id for findings to name */
	const char *reference; /* what the reference is called, e.g. its file */
	const char *current;
	const Tally__V1__Descriptor *training;   /* the reference */
	const Tally__V1__Descriptor *production; /* the current data */
	const Tally__V1__Descriptor *policy;     /* the system's thresholds; NULL: the usual ones */
};

/**
 * Writes every column of the reference beside that of the current data, and
 * the findings about them: those that the server's own rules make of these
 * descriptors.
 */
enum command_exit against_show(struct session *session, const struct against *against);

#endif
