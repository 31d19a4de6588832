/* Findings, verdicts and descriptors, as JSON for programs and as text for people. */
#ifndef COMMAND_SHOW_H
#define COMMAND_SHOW_H

#include <jansson.h>

#include "command/colour.h"
#include "command/session.h"
#include "tally/v1/descriptor.pb-c.h"
#include "tally/v1/finding.pb-c.h"

/** Makes the JSON object of a finding. @return owned: json_decref() */
json_t *show_finding_json(const Tally__V1__Finding *finding);

/** Makes the JSON object of what a waiver says of a finding: name, reason, until, by. @return owned */
json_t *show_waiver_json(const Tally__V1__FindingWaiver *waiver);

/** Makes the JSON array of findings, ordered as show_sort_findings(). @return owned */
json_t *show_findings_json(Tally__V1__Finding **findings, size_t count);

/** Makes the JSON object of a verdict. @return owned */
json_t *show_verdict_json(const Tally__V1__Verdict *verdict);

/** Makes the JSON object of a descriptor without its spec. @return owned */
json_t *show_descriptor_json(const Tally__V1__Descriptor *descriptor);

/** Orders by severity (errors first), rule, subject, id. */
void show_sort_findings(Tally__V1__Finding **findings, size_t count);

/** Writes findings as a table. */
void show_findings_table(struct session *session, Tally__V1__Finding *const *findings, size_t count);

/** Writes findings that are over as a table: what they were about, not what they said. */
void show_resolved_table(struct session *session, Tally__V1__Finding *const *findings, size_t count);

typedef void show_table_fn(struct session *session, Tally__V1__Finding *const *findings, size_t count);

/**
 * Writes findings of one push or evaluation under a title, nothing where there
 * are none. Notes are counted only: a first push opens dozens of them.
 *
 * @param findings  put in order
 */
void show_changes(struct session *session, const char *title, Tally__V1__Finding **findings, size_t count,
	show_table_fn *show);

/** Returns the colour of a decision. */
enum colour show_decision_colour(Tally__V1__Decision decision);

/** Writes one line: the decision, in its colour, and the counts. */
void show_verdict_line(struct session *session, const Tally__V1__Verdict *verdict);

/** Returns e.g. trained_model/scorer. @param name of the descriptor, "" for none @return arena */
const char *show_place(struct arena *arena, const char *kind, const char *name);

/** Tells a descriptor's kind from its resource name. */
enum model_kind show_kind_of(const Tally__V1__Descriptor *descriptor);

#endif
