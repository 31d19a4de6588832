/* All findings of a system, of one revision, with the verdict of that revision. */
#ifndef COMMAND_LISTING_H
#define COMMAND_LISTING_H

#include "command/session.h"
#include "tally/v1/mismatch_service.pb-c.h"

struct listing {
	const char *system;                /* its id; the caller sets it, all else is read */
	int64_t revision;                  /* that all of it shows */
	const Tally__V1__Verdict *verdict; /* NULL for the past */
	Tally__V1__Finding **findings;     /* as show_sort_findings() orders them */
	size_t count, capacity;
};

/** Begins a request for all findings of a system. */
void listing_request(struct session *session, const char *system, Tally__V1__ListFindingsRequest *request);

/** Reads all pages. @param request its pages are walked through @return false after complaining */
bool listing_read(struct session *session, Tally__V1__ListFindingsRequest *request, struct listing *listing);

/** Writes them in one of the formats of report.h, which needs the rules too. @return false after complaining
 */
bool listing_report(struct session *session, const struct listing *listing, const char *format);

#endif
