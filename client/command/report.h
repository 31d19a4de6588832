/*
 * Findings in the formats that other programs read: what a gate prints when it
 * is asked for one of them. The same finding has the same id in all of them.
 */
#ifndef COMMAND_REPORT_H
#define COMMAND_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/map.h"
#include "tally/v1/finding.pb-c.h"

/* What is reported. Borrowed. */
struct report {
	const char *system;
	const char *environment;           /* "" for the whole system */
	int64_t revision;                  /* that all of it shows */
	const Tally__V1__Verdict *verdict; /* NULL where there is none, e.g. for the past */
	Tally__V1__Finding **findings;     /* as show_sort_findings() orders them */
	size_t count;
	Tally__V1__Rule **rules; /* all that there are */
	size_t rule_count;
	int64_t made_at_s;           /* wall clock, for formats that want the time */
	Tally__V1__Severity fail_on; /* what counts as a failure: this severity and graver ones */
	const char *scope; /* what was judged and what counts, in words; "" or NULL: all that is current */
	const struct map
		*known; /* by name: findings that were there before and so do not count; NULL: none */
};

/* text, json and the formats below; ends with NULL. The choices of --output where findings are printed. */
extern const char *const report_outputs[];

#define REPORT_OUTPUT_OPTION                                                                                 \
	{                                                                                                    \
		"output", 'o', OPTION_CHOICE, "FORMAT",                                                      \
			"text (default), json, sarif, junit, github, gitlab or markdown", report_outputs,    \
			NULL                                                                                 \
	}

/**
 * Writes a report.
 *
 * @param format  sarif, junit, github, gitlab or markdown
 * @param arena   borrowed; for what is made on the way
 */
void report_print(const char *format, struct arena *arena, const struct report *report, struct buffer *out);

/** Is the finding open, new where that is asked, not waived, due, and grave enough to fail? */
bool report_fails(const struct report *report, const Tally__V1__Finding *finding);

#endif
