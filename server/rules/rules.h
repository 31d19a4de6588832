/*
 * What is detected, and how the system's policy and waivers settle it. Pure
 * and deterministic: no I/O, and no clock but the descriptor of that kind; the
 * same system gives the same findings in the same order, byte for byte. Any
 * thread may call anything here; evaluations are immutable and counted.
 */
#ifndef RULES_RULES_H
#define RULES_RULES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/descriptor.h"
#include "model/finding.h"
#include "model/kind.h"

enum {
	RULES_SET = 2 /* the number of this release's set of rules; the first one has the SEI's */
};

/* What is known of a rule before it runs. Texts are literals. */
struct rules_info {
	const char *id; /* class.name */
	enum model_class class;
	enum model_severity severity;
	kind_set kinds; /* that it reads */
	kind_set needs; /* that must all be there for it to run; a subset of kinds, 0 for completeness.* */
	/* What of them it looks at, by kind and ended by NULL: kind:path with [] behind a list that it goes
	 * into, kind: alone where only the descriptor counts. NULL: rules_fields() derives it from a table.
	 */
	const char *const *fields;
	uint32_t teams;        /* TEAM_BIT()s: whose move it usually is */
	const char *title;     /* what it finds, a sentence without its full stop */
	const char *rationale; /* why that matters */
	const char *remedy;    /* what to do */
	int since;             /* the set of rules that brought it; 0 is the first */
};

/** Returns the number of rules. */
size_t rules_count(void);

/** Returns a rule; they are ordered by id. @param index below rules_count() */
const struct rules_info *rules_at(size_t index);

/** @return the rule, or NULL */
const struct rules_info *rules_find(const char *id);

/**
 * Lists what a rule reads, as `fields` of its info does, of every rule.
 *
 * @param[out] count
 * @return arena or literals
 */
const char *const *rules_fields(struct arena *arena, const struct rules_info *info, size_t *count);

/* How a declared field and a path relate. */
enum rules_touch {
	RULES_TOUCH_NONE,
	RULES_TOUCH_INSIDE, /* the path is the field, or lies in it */
	RULES_TOUCH_AROUND, /* the field lies in what the path names: a message, a list, or the whole */
};

/**
 * Tells how a declared field and a path relate.
 *
 * @param field  as rules_fields() lists it
 * @param path   of a field, its indexes given, empty or left out: a[0].b, a[].b or a.b; "" for the whole
 */
enum rules_touch rules_field_touches(const char *field, enum model_kind kind, const char *path);

/* The findings of one system at one revision. */
struct rules_evaluation;

/**
 * Evaluates a system: any set of descriptors with its policy, waivers and clock. A rule is run only when
 * something that it reads (see `fields`) differs from what the earlier evaluation was made of; else its
 * findings of then are shared.
 *
 * @param system   borrowed; the result keeps references to its descriptors
 * @param earlier  borrowed; an evaluation, best of the same system before a change, or NULL: everything runs
 * @return owned (one reference)
 */
struct rules_evaluation *rules_evaluate(
	const struct model_system *system, const struct rules_evaluation *earlier);

/** The same, with a second evaluation to share with. @param beside borrowed; of a system much like it, or
 * NULL
 */
struct rules_evaluation *rules_evaluate_beside(const struct model_system *system,
	const struct rules_evaluation *earlier, const struct rules_evaluation *beside);

struct rules_evaluation *rules_evaluation_ref(struct rules_evaluation *evaluation);
void rules_evaluation_unref(struct rules_evaluation *evaluation);

/**
 * Returns all findings, ordered by model_finding_compare(). When the evaluation could share all that an
 * earlier one found, so that no part came or went either, they are the very same array.
 *
 * @param[out] count
 * @return borrowed from the evaluation
 */
const struct model_finding *const *rules_evaluation_findings(
	const struct rules_evaluation *evaluation, size_t *count);

/**
 * Returns the next moment of the system's clock at which the same descriptors
 * may be judged differently: a waiver or a grace ends, or a promise is broken.
 *
 * @return wall clock, later than the system's clock; INT64_MAX: never
 */
int64_t rules_evaluation_due_us(const struct rules_evaluation *evaluation);

/** Returns the bytes that it keeps in memory, without the descriptors, shared parts counted whole, for
 * budgets.
 */
size_t rules_evaluation_memory(const struct rules_evaluation *evaluation);

/**
 * Judges a system by its findings: BLOCKED when an error is open that neither a
 * waiver nor a grace holds; else UNKNOWN when a kind is missing that a rule
 * needs whose findings are such errors; else ALLOWED.
 *
 * @param findings     borrowed
 * @param environment  name of a production environment: findings about another one do not count;
 *                     NULL or "" for the whole system; one that does not exist counts as a missing
 *                     KIND_PRODUCTION_ENVIRONMENT, so that the answer is never ALLOWED
 * @param[out] verdict
 */
void rules_judge(const struct model_system *system, const struct model_finding *const *findings, size_t count,
	const char *environment, struct model_verdict *verdict);

/** Does a finding count for an environment: is it not about other ones only? @param environment NULL or "":
 * any finding does */
bool rules_is_about(const struct model_finding *finding, const char *environment);

/** Is a waiver, whatever its end, about a finding? */
bool rules_waiver_is_about(const Tally__V1__Waiver *waiver, const struct model_finding *finding);

/* ---- the system's clock ---- */

/** Returns what time it is for the rules: that of the clock; 0 without one. */
int64_t rules_now_us(const struct model_system *system);

/** Has no set of rules as new as this one judged the system? Then the next change has to move its clock. */
bool rules_clock_behind(const struct model_system *system);

/**
 * Makes the next state of the clock. A set of rules that is new to the system
 * is noted with its time, from which the grace of its findings counts.
 *
 * @param first   the system begins now: there is no grace for what it begins with
 * @param now_us  wall clock; not before the clock's
 * @return arena
 */
Tally__V1__Clock *rules_clock_next(
	struct arena *arena, const struct model_system *system, bool first, int64_t now_us);

#endif
