/* What the formats of reports share. */
#ifndef COMMAND_REPORT_INSIDE_H
#define COMMAND_REPORT_INSIDE_H

#include <jansson.h>

#include "command/report.h"

typedef void report_fn(struct arena *arena, const struct report *report, struct buffer *out);

report_fn report_sarif;    /* SARIF 2.1.0, of OASIS */
report_fn report_junit;    /* JUnit's XML, as Jenkins and GitLab read it */
report_fn report_github;   /* workflow commands of GitHub Actions */
report_fn report_gitlab;   /* Code Quality of GitLab */
report_fn report_markdown; /* a comment on a pull request */

/** Returns where a place is, e.g. trained_model/scorer@3: output_spec[0].item_type. @return arena */
const char *report_place(struct arena *arena, const Tally__V1__DescriptorRef *place);

/** Returns the file of the first place that was imported from one, or NULL. */
const char *report_file(const Tally__V1__Finding *finding);

/** Returns message, places, remedy and whose move it is, as lines. @return arena */
const char *report_details(struct arena *arena, const Tally__V1__Finding *finding);

/** Returns e.g. "fraud-scoring is BLOCKED at revision 7: 2 errors, 1 warning, 0 notes". @return arena */
const char *report_headline(struct arena *arena, const struct report *report);

/** Was the finding there before, and does only what is new count? */
bool report_known(const struct report *report, const Tally__V1__Finding *finding);

/** Returns the newest versions that passed, e.g. "trained_model@2, raw_data/eu@1"; "" where none are known.
 * @return arena */
const char *report_last_passed(struct arena *arena, const Tally__V1__Finding *finding);

/** Returns whose move it is, e.g. "operations, data-owners". @return arena */
const char *report_teams(struct arena *arena, const Tally__V1__Finding *finding);

/** Returns what the waiver says, e.g. "waived by ana until 2026-12-01: known". @return arena */
const char *report_waiver(struct arena *arena, const Tally__V1__Finding *finding);

#endif
