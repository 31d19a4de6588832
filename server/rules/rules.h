/*
 * What is detected. Pure and deterministic: no clock, no I/O; the same system
 * gives the same findings in the same order, byte for byte. Any thread may
 * call anything here; evaluations are immutable and counted.
 */
#ifndef RULES_RULES_H
#define RULES_RULES_H

#include <stddef.h>
#include <stdint.h>

#include "model/descriptor.h"
#include "model/finding.h"
#include "model/kind.h"

/* What is known of a rule before it runs. Texts are literals. */
struct rules_info {
	const char *id; /* class.name */
	enum model_class class;
	enum model_severity severity;
	kind_set kinds;    /* that it reads */
	kind_set needs;    /* that must all be there for it to run; a subset of kinds, 0 for completeness.* */
	uint32_t teams;    /* TEAM_BIT()s: whose move it usually is */
	const char *title; /* what it finds, a sentence without its full stop */
	const char *rationale; /* why that matters */
	const char *remedy;    /* what to do */
};

/** Returns the number of rules. */
size_t rules_count(void);

/** Returns a rule; they are ordered by id. @param index below rules_count() */
const struct rules_info *rules_at(size_t index);

/** @return the rule, or NULL */
const struct rules_info *rules_find(const char *id);

/* The findings of one system at one revision. */
struct rules_evaluation;

/**
 * Evaluates a system. Rules that read none of the changed kinds are not run
 * again: their findings are shared with the earlier evaluation.
 *
 * @param system    borrowed; the result keeps nothing of it
 * @param earlier   borrowed; an evaluation of the same system before the change, or NULL: everything runs
 * @param changed   the kinds in which any descriptor came, changed or went; ignored without `earlier`
 * @return owned (one reference)
 */
struct rules_evaluation *rules_evaluate(
	const struct model_system *system, const struct rules_evaluation *earlier, kind_set changed);

struct rules_evaluation *rules_evaluation_ref(struct rules_evaluation *evaluation);
void rules_evaluation_unref(struct rules_evaluation *evaluation);

/**
 * Returns all findings, ordered by model_finding_compare().
 *
 * @param[out] count
 * @return borrowed from the evaluation
 */
const struct model_finding *const *rules_evaluation_findings(
	const struct rules_evaluation *evaluation, size_t *count);

/** Returns the bytes that it keeps in memory, shared parts counted whole, for budgets. */
size_t rules_evaluation_memory(const struct rules_evaluation *evaluation);

/**
 * Judges a system by its findings: BLOCKED when an error is open; else UNKNOWN
 * when a kind that an error rule needs is missing; else ALLOWED.
 *
 * @param findings     borrowed
 * @param environment  name of a production environment: findings about another one do not count;
 *                     NULL or "" for the whole system; one that does not exist counts as a missing
 *                     KIND_PRODUCTION_ENVIRONMENT, so that the answer is never ALLOWED
 * @param[out] verdict
 */
void rules_judge(const struct model_system *system, const struct model_finding *const *findings, size_t count,
	const char *environment, struct model_verdict *verdict);

#endif
