/* The parts of verifying; each ends the program with the first violation it finds. */
#ifndef CHECK_VERIFY_H
#define CHECK_VERIFY_H

#include "truth.h"

/** Positions, revisions, versions, findings and events belong together, nothing is half there. */
void verify_tables(const struct truth *truth);

/** Open findings and verdicts are those of a fresh evaluation, and those that the events tell. */
void verify_findings(const struct truth *truth, const struct options *options);

/** Returns the verdict that the events tell for a revision, or NULL when the one is not in the table. */
const Tally__V1__Verdict *verify_verdict_at(const struct truth_system *system, int64_t revision);

/** What was acknowledged is there, once. Sets when each event was asked for. */
void verify_writes(struct truth *truth, const struct options *options);

/** What readers saw was there, and fresh enough. */
void verify_looks(const struct truth *truth, const struct options *options);

/** Every subscriber's log is the table, filtered by its filter. */
void verify_logs(const struct truth *truth, const struct options *options);

#endif
